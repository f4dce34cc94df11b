"""Letting somebody in: the invitation, its link, and how it ends."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import transaction
from django.utils import timezone

from dashboard import changes
from dashboard.models import PersonEvent, QueuedMessage, User
from tests.dashboard.people_pages import person, role, theme, where

pytestmark = pytest.mark.django_db
INVITED = {
    "first_name": "Robin", "last_name": "Invited", "email": "Robin@council.example",
    "username": "", "roles": ["officer", "theme-lead"],
}  # fmt: skip
CHOSEN = "Plum-barge-7-lantern"


def link_to(address: str) -> str:
    message = QueuedMessage.objects.filter(address=address).first()
    return re.findall(r"http://testserver(/account/invitation/\S+)", message.text)[0]


def test_an_invited_person_chooses_a_password_and_is_let_in(administrator, nobody):
    done = administrator.post("/people/invite/", INVITED, follow=True)
    assert "Robin Invited is invited" in done.content.decode()
    made = person("robin")
    assert (made.email, made.has_usable_password()) == ("robin@council.example", False)
    assert "Invited as Officer and Theme lead, at robin@council.example" in done.content.decode()
    message = QueuedMessage.objects.get()
    assert (message.kind, message.is_secret, message.to) == ("invitation", True, made)
    link = link_to("robin@council.example")
    assert "Welcome, Robin Invited" in nobody.get(link).content.decode()
    unlike = nobody.post(link, {"password1": CHOSEN, "password2": "x"}).content.decode()
    assert "There is a problem" in unlike
    chosen = nobody.post(link, {"password1": CHOSEN, "password2": CHOSEN}, follow=True)
    assert "Your password is set. Sign in with it." in chosen.content.decode()
    nobody.post("/sign-in/", {"login": "robin@council.example", "password": CHOSEN})
    assert nobody.get("/").status_code == 200
    assert nobody.get(link).status_code == 410
    history = list(PersonEvent.objects.filter(whom="robin").values_list("done", "by__username"))
    assert history == [("joined", "robin"), ("invited", "administrator")]


@pytest.mark.parametrize(
    "after",
    ["deactivated", "invited again", "changed", "old", "nonsense", "gone", "last day over"],
)
def test_an_invitation_ends(administrator, nobody, monkeypatch, after):
    administrator.post("/people/invite/", INVITED)
    link = link_to("robin@council.example")
    made = person("robin")
    by = person("administrator")
    if after == "deactivated":
        changes.deactivate_person(person=made, reason="Left.", by=by)
        changes.reactivate_person(person=made, by=by)
    elif after == "invited again":
        administrator.post(where("invite-again/", "robin"))
    elif after == "changed":
        User.objects.filter(pk=made.pk).update(email="another@council.example")
    elif after == "old":
        monkeypatch.setattr("dashboard.signing_in.links.INVITATION_LASTS", -1)
    elif after == "nonsense":
        link = link[:-2] + "x/"
    elif after == "last day over":
        User.objects.filter(pk=made.pk).update(last_day="2016-10-04")
    else:
        User.objects.filter(pk=made.pk).update(is_active=False)
    response = nobody.post(link, {"password1": CHOSEN, "password2": CHOSEN})
    assert response.status_code == 410
    assert "This invitation is over" in response.content.decode()
    assert not person("robin").has_usable_password()


def test_a_second_invitation_lets_in(administrator, nobody):
    administrator.post("/people/invite/", INVITED)
    administrator.post(where("invite-again/", "robin"))
    link = link_to("robin@council.example")
    assert nobody.post(link, {"password1": CHOSEN, "password2": CHOSEN}).status_code == 302
    refused = administrator.post(where("invite-again/", "robin"), follow=True)
    assert "chosen a password already" in refused.content.decode()


def test_an_invitation_is_good_on_the_last_day_itself(administrator, nobody):
    administrator.post("/people/invite/", {**INVITED, "last_day": "2016-10-05"})
    assert nobody.get(link_to("robin@council.example")).status_code == 200


def test_nobody_is_invited_again_whose_last_day_is_over(administrator):
    administrator.post("/people/invite/", INVITED)
    User.objects.filter(username="robin").update(last_day="2016-10-04")
    refused = administrator.post(where("invite-again/", "robin"), follow=True)
    assert "Their last day is over: give them a new one first" in refused.content.decode()
    assert QueuedMessage.objects.count() == 1
    assert not PersonEvent.objects.filter(done="invited_again").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"email": "OFFICER@panel.example"}, "Somebody has that e-mail address already."),
        ({"username": "Officer"}, "Somebody has that user name already."),
        ({"roles": []}, "Tick at least one role."),
        ({"roles": ["boss"]}, "boss is not one of the available choices"),
        ({"email": "nobody"}, "Enter a valid email address"),
        ({"first_name": ""}, "Fill this in."),
        ({"username": "two words"}, "Letters, numbers, dots and hyphens, no spaces."),
        ({"roles": ["substitute"]}, "A substitute sits in for one meeting: give its day."),
        ({"last_day": "2016-10-04"}, "This day is over: they could never sign in."),
        ({"email": "officer@panel.example", "last_day": "2016-10-04"}, "This day is over"),
        ({"themes": ["0"]}, "0 is not one of the available choices"),
    ],
)
def test_a_wrong_invitation_says_so_and_invites_nobody(administrator, given, said):
    before = User.objects.count()
    response = administrator.post("/people/invite/", {**INVITED, **given})
    assert said in response.content.decode()
    assert User.objects.count() == before
    assert not QueuedMessage.objects.exists()


def test_a_user_name_is_made_from_the_address(administrator):
    administrator.post("/people/invite/", {**INVITED, "email": "officer@another.example"})
    assert person("officer2").email == "officer@another.example"


def test_an_invitation_gives_themes_and_a_last_day(administrator):
    given = {"themes": [str(theme().pk)], "last_day": "2016-11-30"}
    done = administrator.post("/people/invite/", INVITED | given, follow=True).content.decode()
    made = person("robin")
    assert made in theme().leads.all()
    assert made.last_day == date(2016, 11, 30)
    assert "Last day: 30 November 2016" in done
    assert f"Leads “{theme().title}”" in unescape(done)
    text = QueuedMessage.objects.get().text
    assert "administrator of " in text
    assert "as Officer and Theme lead." in text
    assert f"You lead: {theme().title}." in text
    assert "You can sign in until 30 November 2016." in text


def test_an_invitation_gives_no_theme_to_who_may_not_lead_one(administrator):
    given = {"themes": [str(theme().pk)], "roles": ["officer"]}
    said = administrator.post("/people/invite/", INVITED | given).content.decode()
    assert "Only a theme lead or the Director leads one: tick that role." in said
    assert not User.objects.filter(username="robin").exists()


def test_nothing_is_left_behind_when_a_change_fails_half_way(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    before = User.objects.count()
    monkeypatch.setattr("dashboard.changes.queue_invitation", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        changes.invite_person(
            username="robin", email="robin@council.example", first_name="Robin",
            last_name="Invited", roles=[role("officer")], site="http://x",
            by=person("administrator"), now=timezone.now(),
        )  # fmt: skip
    assert (User.objects.count(), PersonEvent.objects.count()) == (before, 0)
