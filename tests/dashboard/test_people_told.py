"""What the administrator is told of a person: what is left behind, is missing, or is wrong."""

from datetime import date
from html import unescape

import pytest

from dashboard import changes
from improvement.asked import CLOSED
from improvement.models import Action, Plan, Theme
from tests.dashboard.people_pages import person, role, theme, where

pytestmark = pytest.mark.django_db
INVITED = {"first_name": "Robin", "last_name": "Invited", "email": "robin@council.example"}
DEACTIVATE = "deactivate/"


def give_actions(count, *, are_over=False):
    """The officer owns these, and nobody else owns any."""
    Action.objects.update(owner=None)
    under_way = Action.objects.of(Plan.objects.get()).not_in(CLOSED, date(2016, 10, 5))
    chosen = Action.objects.exclude(pk__in=under_way) if are_over else under_way
    given = list(chosen.order_by("order")[:count])
    assert len(given) == count
    Action.objects.filter(pk__in=[action.pk for action in given]).update(owner=person())
    return given


def words(response):
    return unescape(response.content.decode())


def test_deactivating_says_what_is_left_behind(administrator):
    give_actions(0)
    assert "asked for updates" not in words(administrator.get(where(DEACTIVATE)))
    give_actions(1)
    body = words(administrator.get(where(DEACTIVATE)))
    assert "1 action will have nobody asked for updates" in body
    assert "the theme’s lead or the Director gives it to somebody else on Keep the plan" in body
    assert "/plan/keep/" not in body


def test_who_keeps_the_plan_is_led_to_where_actions_are_given_to_somebody_else(administrator):
    give_actions(3)
    both = [role("administrator"), role("director")]
    changes.set_roles(person=person("administrator"), roles=both, by=person("administrator"))
    body = words(administrator.get(where(DEACTIVATE)))
    assert "3 actions will have nobody asked for updates" in body
    assert '<a class="govuk-link" href="/plan/keep/">give them to somebody else</a>' in body


def test_what_is_over_is_not_left_behind(administrator):
    give_actions(1, are_over=True)
    assert "asked for updates" not in words(administrator.get(where(DEACTIVATE)))


def test_nothing_is_told_of_a_plan_that_has_not_started(administrator):
    [action] = give_actions(1)
    plan = Plan.objects.get()
    coming = Plan.objects.create(
        slug="coming", title="Coming", framework=plan.framework, follows=plan,
        starts_on="2017-04-01",
    )  # fmt: skip
    Theme.objects.filter(pk=action.theme_id).update(plan=coming)
    assert "asked for updates" not in words(administrator.get(where(DEACTIVATE)))


def test_a_theme_lead_who_leads_no_theme_is_said_to_need_one(administrator):
    given = {**INVITED, "roles": ["theme-lead"]}
    body = words(administrator.post("/people/invite/", given, follow=True))
    assert "Robin Invited leads no theme yet: tick one under “Leads” below." in body
    link = where("themes/", "robin")
    assert f'no theme yet: <a class="govuk-link no-print" href="{link}">tick one</a>' in body


@pytest.mark.parametrize("roles", [["officer"], ["director"], ["theme-lead"]])
def test_nobody_else_is_said_to_need_a_theme(administrator, roles):
    led = [str(theme().pk)] if roles == ["theme-lead"] else []
    given = {**INVITED, "roles": roles, "themes": led}
    assert "no theme yet" not in words(administrator.post("/people/invite/", given, follow=True))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"first_name": ""}, "First name: Fill this in."),
        ({"email": ""}, "E-mail address: Fill this in."),
        ({"username": "robin invited"},
         "User name: Letters, numbers, dots and hyphens, no spaces."),
    ],
)  # fmt: skip
def test_the_invitation_says_what_is_wrong_as_other_forms_do(administrator, given, said):
    body = words(administrator.post("/people/invite/", {**INVITED, "roles": ["officer"], **given}))
    assert said in body
    assert "This field is required" not in body


def test_a_role_that_is_missing_is_asked_for_as_before(administrator):
    assert "Tick at least one role." in words(administrator.post("/people/invite/", INVITED))
