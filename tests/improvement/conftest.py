"""The cast of the plan, and a helper that says how an action stands as a person would."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, transaction

from improvement.changes import UpdateWords, state_of, submit_update
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


@pytest.fixture
def held_elsewhere(db) -> Callable[[Plan], Any]:
    """Somebody else changes the plan just now, over a connection of their own; who has to wait for
    them meets the end of their patience."""

    @contextmanager
    def hold(plan: Plan) -> Iterator[None]:
        other = psycopg2.connect(**connection.get_connection_params())
        try:
            with other.cursor() as theirs, connection.cursor() as ours:
                theirs.execute(
                    "SELECT 1 FROM improvement_plan WHERE id = %s FOR NO KEY UPDATE", [plan.pk]
                )
                ours.execute("SET LOCAL lock_timeout = '200ms'")
                with transaction.atomic():
                    yield
        finally:
            other.close()

    return hold


def words(status: str = "on_track", narrative: str = "A draft strategy went to the board.", **more):
    return UpdateWords(status=status, narrative=narrative, **more)


def say(action: Action, by: Any, said: UpdateWords | None = None, **more: Any) -> ProgressUpdate:
    """An update of the action, sent from a form that was opened just now."""
    sent = {
        "opened_at": state_of(action), "submission": uuid4(), "on": ON, "now": NOW,
        "words": said or words(), **more,
    }  # fmt: skip
    return submit_update(action=action, by=by, **sent)
