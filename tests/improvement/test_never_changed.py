"""What is kept for ever is kept by the database, whoever writes to it."""

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction

from improvement.changes import release_round
from improvement.models import Action, DateChange, ProgressUpdate, UpdateCitation, UpdateReview
from performance.models import Indicator
from tests.conftest import position_on
from tests.improvement.conftest import NOW, ON, say, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def action():
    action = Action.objects.get(reference="1.01b")
    DateChange.objects.create(
        action=action, from_on=action.first_due_on, from_precision="month", to_on="2016-12-31",
        to_precision="month", reason="Staff.", known_from=position_on(2016, 10, 1).known_at,
    )  # fmt: skip
    director = get_user_model().objects.get(username="director")
    said = words(indicators=[Indicator.objects.first()])
    sent = say(action, director, said)
    release_round(round=sent.round, by=director, on=ON, now=NOW)
    return action


@pytest.mark.parametrize(
    ("change", "trigger"),
    [
        ("UPDATE improvement_action SET first_due_on = '2017-01-31'", "first_due_for_ever"),
        ("UPDATE improvement_action SET first_due_precision = 'year'", "first_due_for_ever"),
        ("UPDATE improvement_action SET first_due_words = 'soon'", "first_due_for_ever"),
        ("UPDATE improvement_action SET first_due_basis = 'by_report'", "first_due_for_ever"),
        ("UPDATE improvement_action SET reference = reference || 'z'", "reference_never_changes"),
        ("DELETE FROM improvement_action", "reference_never_reused"),
        ("UPDATE improvement_progressupdate SET note = 'x'", "progressupdate_immutable"),
        ("DELETE FROM improvement_progressupdate", "progressupdate_immutable"),
        ("UPDATE improvement_updatereview SET reason = 'x'", "updatereview_append_only"),
        ("DELETE FROM improvement_updatereview", "updatereview_append_only"),
        ("UPDATE improvement_datechange SET reason = 'x'", "datechange_append_only"),
        ("DELETE FROM improvement_datechange", "datechange_append_only"),
        ("UPDATE improvement_planevent SET reason = 'x'", "planevent_append_only"),
        ("DELETE FROM improvement_planevent", "planevent_append_only"),
        ("UPDATE improvement_updatecitation SET indicator_id = 1", "updatecitation_append_only"),
        ("DELETE FROM improvement_updatecitation", "updatecitation_append_only"),
        ("DELETE FROM improvement_updateround", "updateround_never_deleted"),
        (
            "UPDATE improvement_updateround SET title = 'x' WHERE released_at IS NOT NULL",
            "updateround_released_never_changes",
        ),
    ],
)
def test_the_tables_owner_cannot_change_it_either(action, change, trigger):
    with (
        pytest.raises(IntegrityError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert refused.value.__cause__.diag.constraint_name.endswith(trigger)


def test_what_may_change_of_an_action_still_does(action):
    action.title = "Other words"
    action.save()
    assert Action.objects.get(title="Other words") == action


def test_new_words_are_a_new_update_and_a_new_review():
    known = ProgressUpdate.objects.first()
    again = ProgressUpdate.objects.create(
        action=known.action, status="under_way", narrative="Again.", effective_on="2016-09-30",
        paper=known.paper, corrects=known,
    )  # fmt: skip
    UpdateReview.objects.create(
        update=again, outcome="returned", reason="Say more.",
        known_from=position_on(2016, 10, 1).known_at,
    )  # fmt: skip
    assert again.reviews.get().reason == "Say more."


def test_an_update_that_is_reviewed_cites_nothing_more(action):
    earlier = ProgressUpdate.objects.sent().filter(action=action).get()
    UpdateReview.objects.create(update=earlier, outcome="approved", known_from=NOW)
    with pytest.raises(IntegrityError, match="is sent with it"), transaction.atomic():
        UpdateCitation.objects.create(update=earlier, indicator=Indicator.objects.last())
