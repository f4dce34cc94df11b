"""A plan that has not started is told to whoever works on it, and to nobody else."""

import csv
import io
import re

import pytest

from improvement.models import Action, Theme
from tests.improvement.conftest import THEME

pytestmark = pytest.mark.django_db

EXPORT = "/plan/export.csv"
SAID = ("The plan of homes", "Close Brambles House", "The last child moves", "The lease ends",
        "Homes that close", "Closing homes")  # fmt: skip


@pytest.fixture
def open_as(client):
    """Signs somebody in who is no role of the demonstration."""

    def sign_in_as(person):
        client.force_login(person)
        return client

    return sign_in_as


@pytest.fixture
def carried(unstarted, owned):
    return Action.objects.get(theme__plan=unstarted, comes_from=owned)


def said_in(answer) -> list[str]:
    return [words for words in SAID if words in answer.content.decode()]


def exported(client, plan) -> set[str]:
    file = client.get(EXPORT, {"plan": plan.slug}).content.decode("utf-8-sig")
    return {row["reference"] for row in csv.DictReader(io.StringIO(file))}


def plain(answer, *names: str) -> str:
    """What a page says, whatever it is about is called."""
    said = re.sub(r"csrf.*?>|nonce=\S+", "", answer.content.decode())
    return re.sub("|".join(map(re.escape, names)), "it", said)


def references(actions) -> set[str]:
    return {action.reference for action in actions}


def test_export_of_an_unstarted_plan_is_of_the_themes_that_one_keeps(unstarted, lead, open_as):
    mine = references(Action.objects.filter(theme__plan=unstarted, theme__slug=THEME))
    assert mine
    assert exported(open_as(lead), unstarted) == mine
    # Who leads two reads each row once.
    other = Theme.objects.filter(plan=unstarted).exclude(slug=THEME).first()
    other.leads.add(lead)
    theirs = references(other.actions.all())
    assert theirs
    assert exported(open_as(lead), unstarted) == mine | theirs


def test_export_of_an_unstarted_plan_is_whole_for_whoever_keeps_it(unstarted, director, open_as):
    assert exported(open_as(director), unstarted) == references(Action.objects.of(unstarted))


def test_export_of_an_unstarted_plan_is_as_of_none_for_whoever_keeps_none(
    unstarted, other_lead, open_as
):
    client = open_as(other_lead)
    hidden = client.get(EXPORT, {"plan": unstarted.slug})
    none = client.get(EXPORT, {"plan": "plan-2099"})
    assert hidden.status_code == none.status_code == 404
    assert plain(hidden, unstarted.slug) == plain(none, "plan-2099")


def test_export_is_whole_for_every_lead_once_the_plan_starts(
    unstarted, other_lead, open_as, settings
):
    settings.POSITION_DATE = unstarted.starts_on
    assert exported(open_as(other_lead), unstarted) == references(Action.objects.of(unstarted))
