"""What becomes of an update once it was sent."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from improvement.changes import (
    AlreadyReviewed,
    NewerUpdate,
    NothingToRelease,
    ReleaseChanged,
    approve_updates,
    release_approved,
    release_round,
    return_update,
    state_of,
)
from improvement.models import Action, PlanEvent, ProgressUpdate, UpdateReview
from performance.calculations.partial_date import PartialDate
from tests.conftest import position_on
from tests.improvement.conftest import NOW, ON, say, words

pytestmark = pytest.mark.django_db

OCTOBER = position_on(2016, 10, 5)


@pytest.fixture
def round(owned):
    return owned.theme.plan.rounds.get()


def approve(update, by):
    return approve_updates(updates=[update], by=by, now=NOW)


def send_back(update, by, reason="Say what good it did."):
    return return_update(update=update, reason=reason, by=by, now=NOW)


def test_approve_updates_approves_each_with_its_event(owned, officer, lead):
    other = Action.objects.get(reference="5.18")
    sent = [say(owned, officer), say(other, officer)]
    assert approve_updates(updates=sent, by=lead, now=NOW).done == sent
    assert list(ProgressUpdate.objects.awaiting_release()) == sent[::-1]
    assert PlanEvent.objects.filter(done="approved", by=lead).count() == 2


def test_approve_updates_leaves_what_was_reviewed_or_corrected_meanwhile(owned, officer, lead):
    first = say(owned, officer)
    second = say(owned, officer, words(narrative="Better said."))
    assert approve_updates(updates=[first, second], by=lead, now=NOW).left == [first]
    assert approve(second, lead).left == [second]
    assert second.reviews.count() == 1


def test_nobody_approves_their_own_words_nor_another_theme(owned, officer, lead, other_lead):
    own = say(owned, lead)
    assert approve(own, lead).left == [own]
    assert approve(own, other_lead).left == [own]
    assert approve(own, officer).left == [own]
    assert not UpdateReview.objects.filter(update=own).exists()


def test_return_update_says_why_and_the_answer_corrects_it(owned, officer, lead, director):
    first = say(owned, officer)
    send_back(first, lead)
    assert list(ProgressUpdate.objects.returned()) == [first]
    second = say(owned, officer, words(narrative="Forty carers were asked."))
    assert (second.corrects, list(ProgressUpdate.objects.returned())) == (first, [])
    assert approve(second, director).done == [second]
    event = PlanEvent.objects.get(done="returned")
    assert (event.by, event.reason) == (lead, "Say what good it did.")


def test_return_update_refuses_what_was_reviewed_before(owned, officer, lead, director):
    sent = say(owned, officer)
    approve(sent, director)
    with pytest.raises(AlreadyReviewed):
        send_back(sent, lead)


def test_what_was_released_meanwhile_is_told_to_whoever_corrects_it(owned, officer, lead, director):
    sent = say(owned, officer)
    approve(sent, lead)
    opened_at = state_of(owned)
    release_approved(plan=owned.theme.plan, by=director, now=NOW)
    with pytest.raises(NewerUpdate):
        say(owned, officer, words(narrative="That was wrong."), opened_at=opened_at)


def test_who_releases_holds_back_what_was_approved(owned, officer, lead, director):
    sent = say(owned, officer)
    approve(sent, lead)
    with pytest.raises(AlreadyReviewed):
        send_back(sent, lead)
    send_back(sent, director, "It names a school.")
    assert list(ProgressUpdate.objects.awaiting_release()) == []
    assert list(ProgressUpdate.objects.returned()) == [sent]


def test_what_was_released_is_not_held_back(owned, officer, lead, director):
    sent = say(owned, officer)
    approve(sent, lead)
    release_approved(plan=owned.theme.plan, by=director, now=NOW)
    with pytest.raises(AlreadyReviewed):
        send_back(sent, director)


def test_release_round_shows_members_what_was_approved_and_nothing_else(
    owned, officer, lead, director, round
):
    approved, waiting = say(owned, officer), say(Action.objects.get(reference="5.18"), officer)
    approve(approved, lead)
    assert release_round(round=round, by=director, on=ON, now=NOW) == [approved]
    assert approved in ProgressUpdate.objects.at(OCTOBER)
    assert waiting not in ProgressUpdate.objects.at(OCTOBER)
    round.refresh_from_db()
    assert (round.released_at, round.released_by) == (NOW, director)
    assert PlanEvent.objects.get(kind="round", done="released").after == {"updates": 1}
    with pytest.raises(NothingToRelease):
        release_round(round=round, by=director, on=ON, now=NOW)


def test_what_was_approved_late_is_read_when_it_is_released_earlier_on_the_same_day(
    owned, officer, lead, director, round
):
    sent = say(owned, officer)
    approve(sent, lead)
    release_round(round=round, by=director, on=ON, now=NOW - timedelta(hours=12))
    assert sent in ProgressUpdate.objects.at(OCTOBER)


def test_release_round_releases_what_was_read_or_nothing(owned, officer, lead, director, round):
    first, second = say(owned, officer), say(Action.objects.get(reference="5.18"), officer)
    approve(first, lead)
    read = [first.pk]
    approve(second, lead)
    with pytest.raises(ReleaseChanged):
        release_round(round=round, by=director, on=ON, now=NOW, expected=read)
    with pytest.raises(ReleaseChanged):
        release_approved(plan=owned.theme.plan, by=director, now=NOW, expected=[])
    assert not UpdateReview.objects.filter(outcome="released", update__in=[first, second]).exists()
    round.refresh_from_db()
    assert round.released_at is None
    expected = [second.pk, first.pk]
    released = release_round(round=round, by=director, on=ON, now=NOW, expected=expected)
    assert set(released) == {first, second}


def test_release_approved_of_what_is_gone_is_told(owned, officer, lead, director):
    first = say(owned, officer)
    approve(first, lead)
    say(owned, officer, words(narrative="That was wrong."))
    with pytest.raises(ReleaseChanged):
        release_approved(plan=owned.theme.plan, by=director, now=NOW, expected=[first.pk])


def test_release_moves_the_date_that_the_update_asked_for(owned, officer, lead, director, round):
    due = PartialDate(position_on(2016, 12, 31).on, "month")
    sent = say(owned, officer, words(new_due=due, new_due_reason="The board meets in December."))
    approve(sent, lead)
    assert not owned.date_changes.exists()
    release_round(round=round, by=director, on=ON, now=NOW)
    move = owned.date_changes.get()
    assert (move.moved_to, move.by, move.update) == (due, officer, sent)


def test_release_does_not_release_what_was_corrected_since(owned, officer, lead, director):
    first = say(owned, officer)
    approve(first, lead)
    say(owned, officer, words(narrative="That was wrong."))
    with pytest.raises(NothingToRelease):
        release_approved(plan=owned.theme.plan, by=director, now=NOW)


def test_a_correction_of_what_members_read_stands_beside_it(owned, officer, lead, director, round):
    first = say(owned, officer)
    approve(first, lead)
    release_round(round=round, by=director, on=ON, now=NOW)
    second = say(owned, officer, words(narrative="That was wrong."), corrects=first)
    assert second.corrects == first
    approve(second, lead)
    release_approved(plan=owned.theme.plan, by=director, now=NOW)
    read = ProgressUpdate.objects.at(OCTOBER).filter(action=owned, made_by__isnull=False)
    assert list(read) == [second, first]


def test_the_database_takes_no_review_after_the_release(owned, officer, director):
    facts = {"update": say(owned, officer), "by": director, "known_from": NOW}
    UpdateReview.objects.create(outcome="released", **facts)
    for outcome in ("returned", "approved"):
        with pytest.raises(IntegrityError, match="stays read"), transaction.atomic():
            UpdateReview.objects.create(outcome=outcome, reason="x", **facts)


def test_the_database_releases_an_update_once(owned, officer, director):
    sent = say(owned, officer)
    facts = {"update": sent, "outcome": "released", "by": director, "known_from": NOW}
    UpdateReview.objects.create(**facts)
    with pytest.raises(IntegrityError, match="released_once"), transaction.atomic():
        UpdateReview.objects.create(**facts)
