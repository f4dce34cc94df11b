"""The cast of the plan, and helpers that do as a person would: say how an action stands, add a plan
that follows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, transaction

from improvement.changes import (
    ActionWords,
    ThemeWords,
    UpdateWords,
    add_plan,
    ask_removal,
    assign_action,
    change_theme,
    move_due_date,
    return_update,
    reword_action,
    save_draft,
    state_of,
    submit_update,
)
from improvement.changes.recording import record_of_action
from improvement.models import Action, Plan, PlanEvent, ProgressUpdate, Removal
from performance.calculations.partial_date import PartialDate
from performance.models import Annotation, Area, PeriodLock
from tests.conftest import position_on

NOW = position_on(2016, 10, 5).known_at
ON = position_on(2016, 10, 5).on
THEME = "looked-after-children"
# Of a child that does not exist.
NAME = "Zebedee Quill"


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


@pytest.fixture
def clerk(people):
    return people("scrutiny-officer")


@pytest.fixture
def named(owned, officer) -> ProgressUpdate:
    """An update that names a child."""
    return say(owned, officer, words(narrative=f"We saw {NAME} on Monday."))


@pytest.fixture
def asked(named, officer) -> Removal:
    """Of whom somebody asks that the name be taken out."""
    return ask_removal(words=NAME, reason="It names a child.", by=officer, on=ON, now=NOW)


@pytest.fixture
def named_everywhere(owned, officer, lead, director, clerk):
    """The name in every text of the plan that people type, and in some beside it."""
    name = NAME
    sent = say(
        owned, officer,
        words("at_risk", f"We saw {name}.", evidence_of_impact=f"{name} is safe.",
              evidence_links=f"https://example.org/{name.replace(' ', '-')}",
              reason=f"{name}’s worker left.", remedy=f"Ask {name}.",
              new_due=PartialDate(position_on(2016, 12, 31).on, "month"),
              new_due_reason=f"Waits for {name}."),
    )  # fmt: skip
    return_update(update=sent, reason=f"Do not name {name}.", by=lead, now=NOW)
    draft = {"narrative": "zebedee\n  QUILL again", "status": "on_track", "more": [{"a": name}]}
    save_draft(action=owned, by=officer, words=draft, opened_at=state_of(owned), revision=0)
    move_due_date(
        action=owned, to=PartialDate(position_on(2017, 1, 31).on, "month"),
        reason=f"For {name}.", by=lead, now=NOW,
    )  # fmt: skip
    assign_action(action=owned, owner=lead, by=director, now=NOW, reason=f"{name} moved.")
    record_of_action(
        owned, PlanEvent.Done.REWORDED, by=lead, now=NOW,
        before={"title": f"Help {name}"}, after={"title": f"Help {name} more"},
    )  # fmt: skip
    Action.objects.filter(pk=owned.pk).update(title=f"Help {name}", description=f"For {name}")
    owned.theme.title = "Help &lt;b&gt;Zebedee&nbsp;Quill&lt;/b&gt;"
    owned.theme.save()
    round = owned.theme.plan.rounds.get()
    round.title = f"Round of {name}"
    round.save()
    PeriodLock.objects.create(
        period_start="2016-01-01", period_end="2016-01-31", reason=name, locked_by=director
    )
    Annotation.objects.create(
        kind="period", area=Area.objects.get(code="336"), words=f"{name} left.", made_by=officer,
        period_start="2016-01-01", period_end="2016-01-31", period_label="January",
        known_from=NOW,
    )  # fmt: skip
    return sent


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
