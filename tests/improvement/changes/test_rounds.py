"""Opening a round and changing its dates."""

from datetime import date

import pytest

from improvement.changes import (
    NewerRound,
    RoundOver,
    RoundUnderWay,
    approve_updates,
    change_round,
    open_round,
    release_round,
    round_facts,
    round_state,
)
from improvement.models import PlanEvent, UpdateRound
from tests.improvement.conftest import NOW, ON, follow, say

pytestmark = pytest.mark.django_db

DATES = {
    "opens_on": date(2016, 11, 1),
    "updates_due_on": date(2016, 11, 15),
    "figures_due_on": date(2016, 11, 15),
    "release_on": date(2016, 11, 25),
}


@pytest.fixture
def under_way(owned):
    return owned.theme.plan.rounds.get()


def test_open_round_keeps_one_under_way(under_way, director):
    with pytest.raises(RoundUnderWay) as refused:
        open_round(plan=under_way.plan, title="Next", **DATES, by=director, now=NOW)
    assert refused.value.round == under_way


def test_open_round_after_a_release_writes_its_event(under_way, director):
    release_round(round=under_way, by=director, on=ON, now=NOW)
    made = open_round(plan=under_way.plan, title="Next", **DATES, by=director, now=NOW)
    event = PlanEvent.objects.about("round", made.key).get()
    assert (event.by, event.done, event.after) == (director, "opened", round_facts(made))
    assert not UpdateRound.objects.current(made.plan_id, date(2016, 10, 31))
    assert UpdateRound.objects.current(made.plan_id, date(2016, 11, 1)).get() == made


def test_change_round_keeps_what_it_was(under_way, director):
    before = round_facts(under_way)
    event = change_round(
        round=under_way, title=under_way.title, **DATES, reason="The panel moved.", by=director,
        on=ON, now=NOW,
    )  # fmt: skip
    assert event.before == {name: before[name] for name in DATES}
    assert event.after == {name: str(day) for name, day in DATES.items()}


def test_change_round_to_what_it_is_changes_nothing(under_way, director):
    facts = {name: getattr(under_way, name) for name in DATES}
    assert change_round(
        round=under_way, title=under_way.title, **facts, reason="None.", by=director, on=ON, now=NOW
    ) is None  # fmt: skip


def test_change_round_is_not_saved_over_a_newer_one(under_way, director):
    opened_at = round_state(under_way)
    change = {"round": under_way, "by": director, "on": ON, "now": NOW, "reason": "It moved."}
    change_round(title="First", **DATES, **change, opened_at=opened_at)
    with pytest.raises(NewerRound) as newer:
        change_round(title="Second", **DATES, **change, opened_at=opened_at)
    assert newer.value.round.title == "First"
    under_way.refresh_from_db()
    assert under_way.title == "First"


def test_change_round_leaves_a_released_one(under_way, director):
    release_round(round=under_way, by=director, on=ON, now=NOW)
    change = {"title": "Other", "reason": "x", "by": director, "on": ON, "now": NOW}
    with pytest.raises(RoundOver):
        change_round(round=under_way, **DATES, **change)


def test_a_round_whose_plan_was_followed_neither_changes_nor_is_released(
    under_way, owned, officer, lead, director
):
    approve_updates(updates=[say(owned, officer)], by=lead, now=NOW)
    follow(under_way.plan, director)
    last, first = date(2017, 3, 31), date(2017, 4, 1)
    done = {"round": under_way, "by": director, "now": NOW}
    change = {"title": "Other", **DATES, "reason": "x"}
    events = PlanEvent.objects.count()
    with pytest.raises(RoundOver):
        change_round(**done, **change, on=first)
    with pytest.raises(RoundOver):
        release_round(**done, on=first)
    assert PlanEvent.objects.count() == events
    under_way.refresh_from_db()
    assert (under_way.title == "Other", under_way.released_at) == (False, None)
    assert change_round(**done, **change, on=last)
    assert len(release_round(**done, on=last)) == 1
