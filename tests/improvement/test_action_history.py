"""An action's history in sentences, as members read it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from improvement.changes import (
    approve_updates,
    assign_action,
    move_due_date,
    release_approved,
    return_update,
)
from improvement.changes.recording import record_of_action
from improvement.models import DateChange, PlanEvent, ProgressUpdate
from improvement.presenters.sentences import nth, say_move
from performance.calculations.partial_date import PartialDate
from tests.conftest import position_on
from tests.improvement.conftest import NOW, say, words

pytestmark = pytest.mark.django_db

SEPTEMBER = position_on(2016, 9, 14).known_at
END_OF_SEPTEMBER = PartialDate(position_on(2016, 9, 30).on, "month")
END_OF_OCTOBER = PartialDate(position_on(2016, 10, 31).on, "month")
END_OF_NOVEMBER = PartialDate(position_on(2016, 11, 30).on, "month")


@pytest.fixture
def history(councillor):
    """The sentences of 5.13's page, newest first."""

    def read(**asked):
        response = councillor.get("/plan/actions/5.13/", asked)
        assert response.status_code == 200
        return [f"{line.day:%-d %B}: {line.said}" for line in response.context["page"].history]

    return read


def release(update, lead, director, now=NOW):
    approve_updates(updates=[update], by=lead, now=now)
    release_approved(plan=update.action.theme.plan, by=director, now=now)


def test_a_date_that_moved_twice_says_so(owned, lead, history):
    """What gave it its first date is no move."""
    for to, reason, now in (
        (END_OF_SEPTEMBER, "as agreed", SEPTEMBER),
        (END_OF_OCTOBER, "staff", SEPTEMBER),
        (END_OF_NOVEMBER, "recruitment", NOW),
    ):
        move_due_date(action=owned, to=to, reason=reason, by=lead, now=now)
    assert history()[0] == (
        "5 October: due date moved from end of October 2016 to end of November 2016, for the "
        "second time: recruitment"
    )
    assert "14 September: due date set to end of September 2016: as agreed" in history()
    assert any(line.startswith("14 September") and ": staff" in line for line in history())
    earlier = history(as_at="2016-10-04")
    assert any(": staff" in line for line in earlier)
    assert not any("second time" in line for line in earlier)


def test_what_was_released_is_told_and_a_correction_names_the_day(
    owned, officer, lead, director, history
):
    first = say(owned, officer, words("at_risk", reason="Two posts.", remedy="Agency."))
    before = history()
    assert before
    assert not any("at risk" in line for line in before)
    release(first, lead, director)
    assert "5 October: reported at risk: Two posts." in history()
    later = NOW + timedelta(seconds=-1)
    second = say(owned, officer, words("on_track"), corrects=first)
    release(second, lead, director, now=later)
    assert "5 October: corrected what was said of 5 October 2016: on track" in history()


def test_what_was_returned_or_waits_is_not_told(owned, officer, lead, history):
    before = history()
    sent = say(owned, officer, words("off_track", "Zebedee.", reason="Zebedee.", remedy="Zebedee."))
    return_update(update=sent, reason="Zebedee?", by=lead, now=NOW)
    say(owned, officer, words("off_track", "Zebedee.", reason="Zebedee.", remedy="Zebedee."))
    assert history() == before


def test_a_correction_of_what_was_never_released_is_an_update(
    owned, officer, lead, director, history
):
    first = say(owned, officer, words("at_risk", reason="Posts.", remedy="Agency."))
    return_update(update=first, reason="Which?", by=lead, now=NOW)
    release(say(owned, officer, words("on_track")), lead, director)
    assert "5 October: reported on track" in history()


def test_changes_are_told_by_service_and_not_by_person(owned, lead, director, history):
    before = history()
    assign_action(action=owned, owner=lead, by=director, now=NOW, reason="Jo left.")
    assert history() == before
    for done, after in (
        ("assigned", {"owner": "lead", "owner_service": "Early Help"}),
        ("reworded", {"title": "Other words"}),
        ("split", {"into": ["5.13a", "5.13b"]}),
    ):
        record_of_action(owned, done, by=director, now=NOW, after=after, reason="Plainer.")
    assert set(history()) - set(before) == {
        "5 October: given to Early Help",
        "5 October: title reworded: Plainer.",
        "5 October: split into 5.13a and 5.13b",
    }
    assert not any("lead" in line or "director" in line for line in history())


def test_the_page_prints_it_within_its_budget(councillor, owned, officer, lead, director):
    release(say(owned, officer), lead, director)
    move_due_date(action=owned, to=END_OF_OCTOBER, reason="staff", by=lead, now=NOW)
    record_of_action(owned, PlanEvent.Done.REWORDED, by=lead, now=NOW, after={"title": "x"})
    councillor.get("/plan/actions/5.13/")
    with CaptureQueriesContext(connection) as captured:
        body = councillor.get("/plan/actions/5.13/").content.decode()
    # Session, user and the two of permissions come beside the twelve.
    assert len(captured) <= 4 + 12
    assert "Its history" in body
    assert "for the second time" not in body


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "first"), (2, "second"), (12, "twelfth"), (13, "13th"), (21, "21st"), (112, "112th")],
)
def test_nth(number, said):
    assert nth(number) == said


def test_a_move_from_no_date_says_so():
    move = DateChange(to_on=END_OF_OCTOBER.on, to_precision="day", reason="agreed")
    assert say_move(move, 1) == "due date set to 31 October 2016: agreed"


def test_the_link_to_ask_is_for_those_who_may(sign_in):
    for role, offered in (("officer", True), ("scrutiny-officer", True), ("councillor", False)):
        body = sign_in(role).get("/plan/actions/5.13/").content.decode()
        assert ("This names or describes a person" in body) is offered


def test_a_paper_is_read_not_reported(history):
    assert ProgressUpdate.objects.filter(action__reference="5.13", paper__isnull=False).exists()
    assert any("the paper is read as under way" in line for line in history())
