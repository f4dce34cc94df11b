"""Which update counts on a day, and which plan: what came later changes nothing of before."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.presenters.plan import make_action_page
from dashboard.reading import get_plan, is_plan_known
from improvement.models import Action, ActionJudgement, Paper, Plan, ProgressUpdate, UpdateReview
from improvement.presenters import make_action_line, make_action_lines
from tests.conftest import position_on

pytestmark = pytest.mark.django_db

OCTOBER = position_on(2016, 10, 5)


def say(action, status, effective_on, *reviews):
    """An update with its reviews: (outcome, the day it became known)."""
    update = ProgressUpdate.objects.create(
        action=action, status=status, narrative="Said.", effective_on=effective_on,
        paper=action.theme.plan.paper, reason="Why.",
    )  # fmt: skip
    for outcome, known_from in reviews:
        UpdateReview.objects.create(
            update=update, outcome=outcome, reason="Why.",
            known_from=datetime.fromisoformat(known_from).replace(tzinfo=UTC),
        )  # fmt: skip
    return update


@pytest.fixture
def action():
    return Action.objects.filter(updates__isnull=True).first()


def counting(action, position):
    return list(ProgressUpdate.objects.at(position).filter(action=action))


def test_a_later_approval_does_not_reorder_an_earlier_day(action):
    first = say(
        action, "under_way", "2016-09-01", ("approved", "2016-09-02"), ("approved", "2018-01-05")
    )
    second = say(action, "on_track", "2016-09-01", ("approved", "2016-09-20"))
    assert counting(action, OCTOBER) == [second, first]
    assert counting(action, position_on(2018, 2, 1)) == [first, second]


def test_an_approved_update_that_was_returned_counts_no_more(action):
    update = say(
        action, "under_way", "2016-09-01", ("approved", "2016-09-02"), ("returned", "2016-09-20")
    )
    assert counting(action, position_on(2016, 9, 10)) == [update]
    assert counting(action, OCTOBER) == []


def test_an_update_that_was_returned_later_still_counts_before(action):
    update = say(
        action, "under_way", "2016-09-01", ("approved", "2016-09-02"), ("returned", "2017-01-05")
    )
    assert counting(action, OCTOBER) == [update]


def test_a_list_reads_only_the_latest_update_of_each_action(action):
    for day in range(1, 9):
        say(action, "under_way", f"2016-09-0{day}", ("approved", "2016-09-20"))
    listed = Action.objects.with_progress(OCTOBER).get(pk=action.pk)
    assert [str(update.effective_on) for update in listed.known_updates] == ["2016-09-08"]
    page = make_action_page(get_plan(OCTOBER), action.reference, OCTOBER, "336")
    assert len(page.updates) == 8
    with CaptureQueriesContext(connection) as captured:
        make_action_lines(get_plan(OCTOBER), OCTOBER)
    assert not [query for query in captured if "password" in query["sql"]]


def test_a_page_outlives_an_action_without_a_main_judgement(action):
    ActionJudgement.objects.filter(action=action).delete()
    line = make_action_line(Action.objects.with_progress(OCTOBER).get(pk=action.pk), OCTOBER.on)
    assert (line.judgement, line.judgement_slug, line.other_judgements) == ("", "", ())


def test_a_later_plan_leaves_the_earlier_days_to_the_earlier_plan():
    first = get_plan(OCTOBER)
    paper = Paper.objects.get(slug="ofsted-2017-03-31")
    second = Plan.objects.create(
        slug="second", title="Second", framework=first.framework, paper=paper,
        starts_on="2017-04-01",
    )  # fmt: skip
    assert get_plan(OCTOBER) == first
    assert get_plan(position_on(2017, 4, 1)) == second
    before = position_on(2010, 1, 1)
    assert not is_plan_known(get_plan(before), before)
