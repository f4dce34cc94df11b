"""What officers say: drafts, what is sent, and who was first."""

from uuid import uuid4

import pytest

from improvement.changes import (
    MoveRefused,
    NewerDraft,
    NewerUpdate,
    approve_updates,
    discard_draft,
    move_due_date,
    release_approved,
    save_draft,
    state_of,
)
from improvement.changes.updates import SentOtherwise
from improvement.models import Action, DateChange, PlanEvent, ProgressUpdate, UpdateDraft
from improvement.standing import Standing
from performance.calculations.partial_date import PartialDate
from performance.models import Indicator
from tests.conftest import position_on
from tests.improvement.conftest import NOW, ON, say, words

pytestmark = pytest.mark.django_db

OCTOBER = position_on(2016, 10, 5)


def draft(action, by, text, revision=0):
    return save_draft(
        action=action, by=by, words={"narrative": text}, opened_at=state_of(action),
        revision=revision,
    )  # fmt: skip


def test_a_draft_changes_and_stays_one_row(owned, officer):
    first = draft(owned, officer, "A dra")
    again = draft(owned, officer, "A draft", first.revision)
    assert (again.pk, again.revision, again.words) == (first.pk, 2, {"narrative": "A draft"})


def test_a_draft_of_another_window_is_not_saved_over(owned, officer):
    first = draft(owned, officer, "Mine")
    draft(owned, officer, "From the other window", first.revision)
    with pytest.raises(NewerDraft) as newer:
        draft(owned, officer, "Mine, a word more", first.revision)
    assert newer.value.draft.words == {"narrative": "From the other window"}
    assert UpdateDraft.objects.get().words == {"narrative": "From the other window"}


def test_a_draft_that_is_sent_again_is_saved_once(owned, officer):
    first = draft(owned, officer, "Mine")
    assert draft(owned, officer, "Mine").revision == first.revision


def test_a_draft_that_another_window_saved_meanwhile_is_not_thrown_away(owned, officer):
    form = {"opened_at": state_of(owned), "submission": uuid4()}
    seen = draft(owned, officer, "Mine")
    draft(owned, officer, "Mine, and more from the other window", seen.revision)
    say(owned, officer, draft=seen.revision, **form)
    assert UpdateDraft.objects.get().words == {"narrative": "Mine, and more from the other window"}


def test_a_draft_that_was_saved_since_is_not_discarded(owned, officer):
    seen = draft(owned, officer, "Mine")
    newer = draft(owned, officer, "Mine, and more", seen.revision)
    with pytest.raises(NewerDraft) as refused:
        discard_draft(action=owned, by=officer, revision=seen.revision)
    assert refused.value.draft == newer
    assert discard_draft(action=owned, by=officer, revision=newer.revision)
    assert not discard_draft(action=owned, by=officer, revision=newer.revision)


def test_two_people_have_a_draft_each(owned, officer, lead):
    draft(owned, officer, "Mine")
    draft(owned, lead, "Yours")
    assert UpdateDraft.objects.count() == 2


def test_submit_update_keeps_what_was_said_with_its_event_and_takes_the_draft(owned, officer):
    seen = draft(owned, officer, "A draft")
    cited = Indicator.objects.first()
    said = words(indicators=[cited], evidence_links="https://example.org/a")
    sent = say(owned, officer, said, draft=seen.revision)
    assert (sent.status, sent.made_by, sent.effective_on) == ("on_track", officer, ON)
    assert sent.round == owned.theme.plan.rounds.get()
    assert [row.indicator for row in sent.citations.all()] == [cited]
    assert not UpdateDraft.objects.exists()
    event = PlanEvent.objects.about("action", owned.reference).first()
    assert (event.by, event.done, event.after["status"]) == (officer, "submitted", "on track")
    assert event.theme == owned.theme.slug


def test_submit_update_sent_twice_is_one_update(owned, officer):
    form = {"opened_at": state_of(owned), "submission": uuid4()}
    first = say(owned, officer, **form)
    assert say(owned, officer, **form) == first
    with pytest.raises(SentOtherwise):
        say(owned, officer, words(narrative="Other words"), **form)
    assert ProgressUpdate.objects.sent().filter(action=owned).count() == 1


def test_submit_update_refuses_the_form_of_somebody_else(owned, officer, lead):
    form = {"opened_at": state_of(owned), "submission": uuid4()}
    say(owned, officer, **form)
    with pytest.raises(MoveRefused, match="by somebody else"):
        say(owned, lead, **form)


def test_submit_update_is_not_saved_over_a_newer_one(owned, officer, lead):
    opened_at = state_of(owned)
    newer = say(owned, lead, words(narrative="Said first."))
    draft(owned, officer, "Mine")
    with pytest.raises(NewerUpdate) as refused:
        say(owned, officer, opened_at=opened_at)
    assert refused.value.update == newer
    assert refused.value.opened_at == state_of(owned)
    assert UpdateDraft.objects.get().words == {"narrative": "Mine"}
    assert ProgressUpdate.objects.sent().count() == 1


def test_submit_update_is_not_saved_over_a_moved_date(owned, officer, lead):
    opened_at = state_of(owned)
    move = move_due_date(action=owned, to=PartialDate(ON, "day"), reason="Staff.", by=lead, now=NOW)
    with pytest.raises(NewerUpdate) as refused:
        say(owned, officer, opened_at=opened_at)
    assert refused.value.move == move


def test_the_next_update_corrects_what_members_have_not_read(owned, officer):
    first = say(owned, officer)
    second = say(owned, officer, words(narrative="Better said."))
    assert second.corrects == first
    assert list(ProgressUpdate.objects.awaiting_review()) == [second]


def test_a_theme_without_approval_approves_what_is_sent(owned, officer):
    owned.theme.needs_approval = False
    owned.theme.save()
    sent = say(owned, officer)
    assert list(ProgressUpdate.objects.awaiting_release()) == [sent]
    assert sent.reviews.get().reason == "This theme asks for no approval."


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"status": "at_risk"}, "also asks for: reason, remedy"),
        ({"status": "off_track", "reason": "Staff left."}, "also asks for: remedy"),
        ({"status": "complete"}, "also asks for: completed_on"),
        ({"status": "complete_and_evidenced", "completed": PartialDate(ON, "day")},
         "also asks for: evidence_of_impact"),
        ({"status": "not_started"}, "“not started” cannot follow “under way, not rated”"),
        ({"status": "under_way"}, "“under way, not rated” cannot follow"),
        ({"status": "stopped", "reason": "No money."}, "“stopped” cannot follow"),
    ],
)  # fmt: skip
def test_submit_update_refuses_a_move_that_is_not_in_the_table(owned, officer, said, refused):
    with pytest.raises(MoveRefused, match=refused):
        say(owned, officer, words(**said))
    assert not ProgressUpdate.objects.sent().exists()
    assert not PlanEvent.objects.about("action", owned.reference).filter(done="submitted")


def test_a_lead_may_stop_an_action_with_a_reason(owned, lead):
    assert say(owned, lead, words("stopped", reason="The grant ended.")).status == "stopped"


def test_a_slip_that_nobody_has_read_is_put_right_as_if_it_was_never_sent(owned, officer):
    say(owned, officer, words("complete", completed=PartialDate(ON, "day")))
    assert say(owned, officer, words("on_track")).status == "on_track"


def test_going_back_from_complete_asks_why(owned, officer, lead, director):
    sent = say(owned, officer, words("complete", completed=PartialDate(ON, "day")))
    approve_updates(updates=[sent], by=lead, now=NOW)
    release_approved(plan=owned.theme.plan, by=director, now=NOW)
    with pytest.raises(MoveRefused, match="also asks for: reason"):
        say(owned, officer, words("on_track"))
    again = say(owned, officer, words("on_track", reason="The policy was withdrawn."))
    assert again.status == Standing.ON_TRACK


def test_move_due_date_keeps_the_first_and_writes_its_event(owned, lead):
    first = owned.first_due
    to = PartialDate(position_on(2016, 12, 31).on, "month")
    move = move_due_date(action=owned, to=to, reason="Recruitment.", by=lead, now=NOW)
    owned.refresh_from_db()
    assert (owned.first_due, move.moved_to, move.reason) == (first, to, "Recruitment.")
    event = PlanEvent.objects.about("action", owned.reference).first()
    assert (event.done, event.after, event.reason) == (
        "date_moved", {"due": "December 2016"}, "Recruitment.",
    )  # fmt: skip


def test_move_due_date_to_where_it_is_moves_nothing(owned, lead):
    to = PartialDate(ON, "day")
    move_due_date(action=owned, to=to, reason="Staff.", by=lead, now=NOW)
    assert move_due_date(action=owned, to=to, reason="Again.", by=lead, now=NOW) is None
    assert DateChange.objects.filter(action=owned).count() == 1


def test_what_was_sent_is_read_by_no_member_until_it_is_released(owned, officer, lead):
    sent = say(owned, officer)
    approve_updates(updates=[sent], by=lead, now=NOW)
    assert sent not in ProgressUpdate.objects.at(OCTOBER)


def test_a_paper_of_a_later_day_has_said_nothing_yet(officer):
    exempt = Action.objects.get(reference="5.22")
    assert exempt.updates.in_force().first().status == "complete"
    assert exempt.updates.in_force(ON).first().status == "under_way"
    assert say(exempt, officer).status == "on_track"
