"""The cast of the plan, and helpers that do as a person would: say how an action stands, add a plan
that follows."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from improvement.changes import (
    ActionWords,
    ThemeWords,
    UpdateWords,
    add_plan,
    change_theme,
    reword_action,
    state_of,
    submit_update,
)
from improvement.models import Action, Plan, ProgressUpdate
from tests.conftest import position_on

NOW = position_on(2016, 10, 5).known_at
ON = position_on(2016, 10, 5).on
THEME = "looked-after-children"


def person_with(username: str, role: str) -> Any:
    """Somebody else with a role that the demonstration has one person for."""
    made = get_user_model().objects.create(username=username)
    made.groups.add(Group.objects.get(name=role))
    return made


@pytest.fixture
def people(db) -> Callable[[str], Any]:
    return lambda username: get_user_model().objects.get(username=username)


@pytest.fixture
def officer(people):
    return people("officer")


@pytest.fixture
def lead(people):
    return people("theme-lead")


@pytest.fixture
def director(people):
    return people("director")


@pytest.fixture
def other_officer(db):
    """An officer who owns nothing here."""
    return person_with("other-officer", "Officer")


@pytest.fixture
def other_lead(db):
    """Who leads no theme."""
    return person_with("other-lead", "Theme lead")


@pytest.fixture
def owned(db) -> Action:
    """One of the six actions that the demonstration's officer owns, under way in the paper."""
    return Action.objects.get(reference="5.13")


def words(status: str = "on_track", narrative: str = "A draft strategy went to the board.", **more):
    return UpdateWords(status=status, narrative=narrative, **more)


def say(action: Action, by: Any, said: UpdateWords | None = None, **more: Any) -> ProgressUpdate:
    """An update of the action, sent from a form that was opened just now."""
    sent = {
        "opened_at": state_of(action), "submission": uuid4(), "on": ON, "now": NOW,
        "words": said or words(), **more,
    }  # fmt: skip
    return submit_update(action=action, by=by, **sent)


def follow(plan: Plan, director: Any, **more: Any) -> Plan:
    """A plan that takes over themes and actions on 1 April 2017."""
    given = {
        "slug": "plan-2017", "title": "The plan of 2017", "framework": plan.framework,
        "starts_on": date(2017, 4, 1), "ends_on": None, "follows": plan, "paper": None,
        "carries_themes": True, "carries_actions": True, "reason": "A new year.", "by": director,
        "on": ON, "now": NOW, **more,
    }  # fmt: skip
    return add_plan(**given)


@pytest.fixture
def unstarted(owned, director) -> Plan:
    """A plan that follows and has not started, in other words than the one that it follows."""
    plan = follow(owned.theme.plan, director, title="The plan of homes")
    action = Action.objects.get(theme__plan=plan, comes_from=owned)
    new = ActionWords(title="Close Brambles House", promised="The last child moves in May.")
    reword_action(action=action, words=new, reason="The lease ends.", by=director, now=NOW)
    called = ThemeWords(action.theme.number, "Homes that close", "Closing homes")
    change_theme(theme=action.theme, words=called, reason="As it is.", by=director, now=NOW)
    return plan
