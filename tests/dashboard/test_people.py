"""The administrator's pages: who is let in, as what, and what stays on record."""

from datetime import date
from html import unescape

import psycopg2
import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard import changes
from dashboard.models import PersonEvent, User
from dashboard.roles import KEEP_PEOPLE, ROLES
from improvement.models import PlanEvent, Theme
from tests.conftest import PASSWORD
from tests.dashboard.codes import give_recovery_codes, give_second_factor
from tests.dashboard.people_pages import person, role, theme, where

pytestmark = pytest.mark.django_db


GET = ["", "roles/", "themes/", "last-day/", "deactivate/", "second-factor/"]
POST_ONLY = ["reactivate/", "invite-again/"]


def every_page() -> list[str]:
    return ["/people/", "/people/invite/", *(where(page) for page in GET)]


def test_every_page_opens_to_the_administrator(administrator):
    for address in every_page():
        assert administrator.get(address).status_code == 200, address


@pytest.mark.parametrize("slug", [role.slug for role in ROLES if role.slug != "administrator"])
def test_no_page_opens_to_another_role(sign_in, slug):
    browser = sign_in(slug)
    for address in every_page():
        assert browser.get(address).status_code == 403, address
    for page in (*GET[1:], *POST_ONLY):
        assert browser.post(where(page), {"reason": "Because."}).status_code == 403, page
    assert "/people/" not in browser.get("/glossary/").content.decode()


def test_the_signed_out_go_to_sign_in(nobody):
    for address in every_page():
        assert nobody.get(address).url == f"/sign-in/?next={address}"


def test_only_what_a_page_takes_is_taken(administrator):
    assert administrator.post("/people/").status_code == 405
    assert administrator.post(where()).status_code == 405
    for page in POST_ONLY:
        assert administrator.get(where(page)).status_code == 405


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999"])
def test_somebody_who_is_not_there_is_not_found(administrator, number):
    for page in GET:
        assert administrator.get(f"/people/{number}/{page}").status_code == 404


def test_the_list_costs_the_same_for_many(administrator):
    administrator.get("/people/")
    with CaptureQueriesContext(connection) as few:
        administrator.get("/people/")
    for number in range(40):
        made = User.objects.create_user(f"one-of-many-{number}")
        made.groups.set(person().groups.all())
    with CaptureQueriesContext(connection) as many:
        body = administrator.get("/people/").content.decode()
    assert "one-of-many-39" in body
    assert len(many) == len(few) <= 8


def test_roles_are_given_and_taken(administrator, sign_in):
    officer = sign_in("officer")
    administrator.post(where("roles/"), {"roles": ["data-admin"], "opened_as": "officer"})
    assert changes.role_titles(person()) == ["Data admin"]
    assert officer.get("/performance/loads/new/").status_code == 200
    event = PersonEvent.objects.get(whom="officer")
    assert (event.done, event.before, event.after) == (
        "roles", {"roles": ["Officer"]}, {"roles": ["Data admin"]},
    )  # fmt: skip
    held = {"opened_as": "data-admin"}
    again = administrator.post(where("roles/"), {"roles": ["data-admin"], **held}, follow=True)
    assert "Nothing was changed." in again.content.decode()
    unticked = administrator.post(where("roles/"), held).content.decode()
    assert "Tick a role, or that they have none at all." in unticked
    administrator.post(where("roles/"), {"no_role": "on", **held})
    body = administrator.get(where()).content.decode()
    assert "Roles: no role; before: Data admin" in body


def ticked(*themes: Theme, held=()) -> dict[str, object]:
    opened_as = ",".join(str(each.pk) for each in held)
    return {"themes": [str(each.pk) for each in themes], "opened_as": opened_as}


def test_themes_are_given_and_taken(administrator, sign_in):
    one, other = theme(), theme("looked-after-children")
    one.leads.set([person("director")])
    other.leads.set([])
    given = administrator.post(where("themes/", "theme-lead"), ticked(one, other), follow=True)
    body = given.content.decode()
    assert f"Leads “{one.title}” and “{other.title}”; before: no theme" in unescape(body)
    assert {lead.username for lead in one.leads.all()} == {"director", "theme-lead"}
    event = PlanEvent.objects.get(kind="theme", key=one.key)
    assert (event.by, event.done) == (person("administrator"), "assigned")
    assert event.after == {"leads": ["director", "theme-lead"]}
    assert sign_in("theme-lead").get(f"/plan/keep/{of(one)}/reword/").status_code == 200
    again = ticked(one, other, held=[one, other])
    assert "Nothing was changed." in administrator.post(
        where("themes/", "theme-lead"), again, follow=True
    ).content.decode()  # fmt: skip
    administrator.post(where("themes/", "theme-lead"), ticked(other, held=[one, other]))
    assert [lead.username for lead in one.leads.all()] == ["director"]
    assert [lead.username for lead in other.leads.all()] == ["theme-lead"]
    assert sign_in("theme-lead").get(f"/plan/keep/{of(one)}/reword/").status_code == 403


def of(theme: Theme) -> str:
    return theme.actions.first().reference


def test_themes_are_not_saved_over_newer_ones_nor_given_to_who_cannot_lead(administrator):
    theme().leads.set([person("theme-lead")])
    stale = administrator.post(where("themes/", "theme-lead"), ticked()).content.decode()
    assert "Their themes were changed after you opened the page" in stale
    assert theme().leads.exists()
    assert "They cannot lead a theme yet" in administrator.get(where("themes/")).content.decode()
    refused = administrator.post(where("themes/"), ticked(theme())).content.decode()
    assert "officer cannot lead a theme" in refused
    assert [lead.username for lead in theme().leads.all()] == ["theme-lead"]


def test_a_last_day_is_set_and_taken_off(administrator):
    administrator.post(where("last-day/", "substitute"), {"last_day": "2016-10-06"})
    body = administrator.get(where("", "substitute")).content.decode()
    assert "Until 6 October 2016" in body
    assert "Last day: 6 October 2016" in body
    assert (
        'value="2016-10-06"' in administrator.get(where("last-day/", "substitute")).content.decode()
    )
    administrator.post(where("last-day/", "substitute"), {"last_day": ""})
    assert person("substitute").last_day is None
    wrong = administrator.post(where("last-day/", "substitute"), {"last_day": "soon"})
    assert "Enter a valid date" in wrong.content.decode()


def test_a_deactivated_person_is_out_at_once_and_old_sessions_stay_out(administrator, sign_in):
    officer = sign_in("officer")
    administrator.post(where("deactivate/"), {"reason": "Left the council."})
    assert officer.get("/").status_code == 302
    assert "Deactivated" in administrator.get("/people/").content.decode()
    administrator.post(where("reactivate/"))
    again = sign_in("officer")
    assert officer.get("/").status_code == 302
    assert again.get("/").status_code == 200
    done = list(PersonEvent.objects.filter(whom="officer").values_list("done", "reason"))
    assert done == [("reactivated", ""), ("deactivated", "Left the council.")]


def test_who_is_let_in_again_after_their_last_day_needs_a_new_one(administrator, sign_in):
    changes.deactivate_person(
        person=person("substitute"), reason="Sat in once.", by=person("administrator")
    )
    User.objects.filter(username="substitute").update(last_day="2016-10-04")
    page = administrator.post(where("reactivate/", "substitute"), follow=True)
    said = page.content.decode()
    assert "can sign in again" not in said
    assert "substitute’s last day was 4 October 2016: they cannot sign in" in said
    assert page.redirect_chain[-1][0] == where("last-day/", "substitute")
    assert sign_in("substitute").get("/").status_code == 302
    administrator.post(where("last-day/", "substitute"), {"last_day": "2016-10-05"})
    assert sign_in("substitute").get("/").status_code == 200


def test_a_lost_second_factor_is_taken_off_with_a_reason(administrator, sign_in):
    officer = sign_in("officer")
    give_second_factor(person())
    give_recovery_codes(person())
    assert (
        "Say why: it is kept in this person’s history."
        in administrator.post(where("second-factor/"), {"reason": ""}).content.decode()
    )
    administrator.post(where("second-factor/"), {"reason": "The phone was stolen."})
    assert not Authenticator.objects.filter(user=person()).exists()
    assert officer.get("/").status_code == 302
    assert PersonEvent.objects.get(whom="officer").reason == "The phone was stolen."


def test_words_about_a_child_are_asked_about(administrator):
    response = administrator.post(where("deactivate/"), {"reason": "Her son, aged 7, is ill."})
    assert "could describe a child" in response.content.decode()
    assert person().is_active


@pytest.mark.parametrize(
    ("page", "given"),
    [
        ("roles/", {"roles": ["officer"], "opened_as": "administrator"}),
        ("deactivate/", {"reason": "Enough."}),
        ("last-day/", {"last_day": "2016-12-01"}),
    ],
)
def test_an_administrator_does_not_lock_themselves_out(administrator, page, given):
    second = User.objects.create_user("second", password=PASSWORD)
    changes.set_roles(person=second, roles=[role("administrator")], by=person("administrator"))
    events = PersonEvent.objects.count()
    response = administrator.post(where(page, "administrator"), given)
    assert "yourself" in response.content.decode()
    assert person("administrator").has_perm(KEEP_PEOPLE)
    assert person("administrator").last_day is None
    assert PersonEvent.objects.count() == events
    assert second.is_active


def test_somebody_always_keeps_the_people():
    only, superuser = person("administrator"), User.objects.create_superuser("chief")
    changes.deactivate_person(person=only, reason="Left.", by=superuser)
    with pytest.raises(changes.Refused):
        changes.set_last_day(person=superuser, last_day=date(2030, 1, 1), by=superuser)


def test_an_event_is_never_changed_or_deleted():
    changes.deactivate_person(person=person(), reason="Left.", by=person("administrator"))
    event = PersonEvent.objects.get()
    for change in (lambda: PersonEvent.objects.update(reason="x"), event.delete):
        with (
            transaction.atomic(),
            pytest.raises(IntegrityError, match="by whom is kept"),
            transaction.atomic(),
        ):
            change()


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("update dashboard_personevent set reason = 'x'", psycopg2.IntegrityError),
        ("delete from dashboard_personevent", psycopg2.IntegrityError),
        ("truncate dashboard_personevent", psycopg2.errors.InsufficientPrivilege),
        ("drop table dashboard_personevent", psycopg2.errors.InsufficientPrivilege),
    ],
)
def test_nor_by_plain_sql_in_the_sites_role(filled, statement, refused):
    filled.as_site(
        "insert into dashboard_personevent (whom, done, before, after, reason) "
        "values ('officer', 'roles', '{}', '{}', '')"
    )
    with pytest.raises(refused):
        filled.as_site(statement)


def test_the_sites_role_counts_what_was_tried(filled):
    """In a table of its owner's, which it may write and not empty."""
    filled.as_site("insert into dashboard_cache values ('tries', '5', now())")
    filled.as_site("delete from dashboard_cache where cache_key = 'tries'")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        filled.as_site("truncate dashboard_cache")


def test_two_people_never_share_an_address():
    with pytest.raises(IntegrityError, match="dashboard_user_email_is_one_persons"):
        User.objects.create_user("another", "officer@panel.example")


def test_an_address_is_kept_in_small_letters():
    with pytest.raises(IntegrityError, match="dashboard_user_email_is_lower_case"):
        User.objects.create(username="another", email="Another@panel.example")


def test_a_form_from_elsewhere_is_not_taken():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person("administrator"))
    assert strict.post(where("deactivate/"), {"reason": "x"}).status_code == 403
    assert person().is_active


@pytest.mark.parametrize("sent", [{}, {"roles": ["data-admin"], "opened_as": "chair"}])
def test_roles_that_came_cut_off_or_are_old_change_nothing(administrator, sent):
    said = administrator.post(where("roles/"), sent).content.decode()
    assert "Look at what is ticked and save again." in said
    assert changes.role_titles(person()) == ["Officer"]
