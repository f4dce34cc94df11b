"""What officers say of their actions: typed as a draft, sent once, and never changed after."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from improvement.changes.recording import record_of_action
from improvement.models import (
    Action,
    DateChange,
    PlanEvent,
    ProgressUpdate,
    UpdateCitation,
    UpdateDraft,
    UpdateReview,
    UpdateRound,
)
from improvement.moves import allowed_moves
from improvement.permissions import Person, may_keep
from improvement.removal.sentences import stands_hidden
from improvement.standing import Standing
from performance.calculations.partial_date import PartialDate
from performance.models import Indicator

NO_DATE = PartialDate(None, "")
SENT_OTHERWISE = (
    "This form was sent already, with other words, and those were kept. To say these too, copy "
    "them and open the form again."
)
NO_APPROVAL_ASKED = "This theme asks for no approval."


class NewerUpdate(Exception):
    """Something was said of the action, or its date was moved, after the form was opened.

    `update` and `move` are what stands now; `opened_at` is what a form opened now would carry.
    """

    def __init__(self, action: Action, on: date | None = None) -> None:
        super().__init__("Something newer was said of this action after you opened it.")
        self.update = action.updates.in_force(on).first()
        self.move = action.date_changes.order_by("-id").first()
        self.opened_at = state_of(action)


class NewerDraft(Exception):
    """The same person saved other words in another window; `draft` holds them."""

    def __init__(self, draft: UpdateDraft) -> None:
        super().__init__("You saved other words of this action in another window.")
        self.draft = draft


class MoveRefused(Exception):
    """The status cannot follow what stands, or what it asks was not given."""


class SentOtherwise(MoveRefused):
    """The same form was sent before with other words, and those are kept."""


@dataclass(frozen=True)
class UpdateWords:
    """What an update says."""

    status: str
    narrative: str
    evidence_of_impact: str = ""
    evidence_links: str = ""
    indicators: Sequence[Indicator] = field(default_factory=tuple)
    reason: str = ""
    remedy: str = ""
    completed: PartialDate = NO_DATE
    new_due: PartialDate = NO_DATE
    new_due_reason: str = ""


def state_of(action: Action) -> str:
    """What a form carries to tell, when it is sent, whether anything was said since: the numbers
    of the last update, whatever became of it, and of the last move of the date, and how many
    updates members can read: one that was released since is corrected, and not replaced."""
    update = action.updates.order_by("-id").values_list("id", flat=True).first()
    move = action.date_changes.order_by("-id").values_list("id", flat=True).first()
    released = action.updates.filter(reviews__outcome=UpdateReview.Outcome.RELEASED).count()
    return f"{update or 0}-{move or 0}-{released}"


@transaction.atomic
def save_draft(
    *, action: Action, by: Person, words: dict[str, Any], opened_at: str, revision: int
) -> UpdateDraft:
    """The draft with these words. `revision` is that of the draft that the window holds, 0 where
    it holds none. Raises NewerDraft where another window saved since."""
    drafts = UpdateDraft.objects.select_for_update(no_key=True)
    # Two windows that save the first draft at once: the second finds the first's row.
    draft, is_new = drafts.get_or_create(
        action=action, person=by, defaults={"words": words, "opened_at": opened_at}
    )
    if is_new or draft.words == words:
        return draft
    if draft.revision != revision:
        raise NewerDraft(draft)
    draft.words, draft.opened_at = words, opened_at
    draft.revision += 1
    draft.saved_at = Now()
    draft.save()
    draft.refresh_from_db(fields=["saved_at"])
    return draft


@transaction.atomic
def discard_draft(*, action: Action, by: Person, revision: int) -> bool:
    """Whether there was one. `revision` is that of the draft that the window holds. Raises
    NewerDraft where another window saved since; then it stays."""
    drafts = UpdateDraft.objects.select_for_update(no_key=True)
    draft = drafts.filter(action=action, person=by).first()
    if draft is None:
        return False
    if draft.revision != revision:
        raise NewerDraft(draft)
    draft.delete()
    return True


def _hold(action: Action) -> Action:
    """The action as it stands, held until the end. Not by its key: a foreign key that is checked
    at the end of another's transaction would wait for that, and two could wait for each other."""
    held = Action.objects.select_for_update(of=("self",), no_key=True)
    return held.select_related("theme").get(pk=action.pk)


@transaction.atomic
def submit_update(
    *,
    action: Action,
    words: UpdateWords,
    by: Person,
    opened_at: str,
    submission: UUID,
    on: date,
    now: datetime,
    corrects: ProgressUpdate | None = None,
    draft: int = 0,
) -> ProgressUpdate:
    """The update as it was sent, with its citations and its event. The person's draft of which it
    was made is gone: `draft` is the revision that was looked at, 0 where it was made of none. One
    that was saved since stays.

    The same submission sent again gives the update that it made the first time. An update that
    members have not read yet is always corrected by the next one; `corrects` names one that they
    have. Raises NewerUpdate, MoveRefused and SentOtherwise; then nothing is saved, and the draft
    stays.
    """
    action = _hold(action)
    if again := _sent_before(submission, action, words, by):
        return again
    if state_of(action) != opened_at:
        raise NewerUpdate(action, on)
    _refuse_move(action, words, on, keeps=may_keep(by, action.theme))
    update = ProgressUpdate.objects.create(
        action=action,
        made_by=by,
        submission=submission,
        effective_on=on,
        round=UpdateRound.objects.current(action.theme.plan_id, on).first(),
        corrects=_unread(action) or _of_this(action, corrects),
        **_columns(words),
    )
    _record_sent(update, words.indicators, by=by, now=now)
    UpdateDraft.objects.filter(action=action, person=by, revision__lte=draft).delete()
    return update


def _record_sent(
    update: ProgressUpdate, cited: Sequence[Indicator], *, by: Person, now: datetime
) -> None:
    """What goes with a new update: its citations, its event and, where its theme asks for no
    approval, the review that says so."""
    action = update.action
    UpdateCitation.objects.bulk_create(
        UpdateCitation(update=update, indicator=indicator) for indicator in cited
    )
    done = PlanEvent.Done.SUBMITTED
    after = {"update": update.pk, "status": update.get_status_display()}
    record_of_action(action, done, by=by, now=now, after=after)
    if not action.theme.needs_approval:
        UpdateReview.objects.create(
            update=update,
            outcome=UpdateReview.Outcome.APPROVED,
            reason=NO_APPROVAL_ASKED,
            by=by,
            known_from=now,
        )


def _sent_before(
    submission: UUID, action: Action, words: UpdateWords, by: Person
) -> ProgressUpdate | None:
    """The update that the same form made before. Raises MoveRefused where it is another's, and
    SentOtherwise where it says something else."""
    again = ProgressUpdate.objects.filter(submission=submission).first()
    if again is None:
        return None
    if again.made_by_id != by.pk or again.action_id != action.pk:
        raise MoveRefused("This form was sent already, by somebody else. Open it again.")
    if any(getattr(again, name) != value for name, value in _columns(words).items()):
        raise SentOtherwise(SENT_OTHERWISE)
    return again


def status_read(action: Action, on: date | None = None) -> str | None:
    """The status that the next update follows: of the newest that members can read. What they
    cannot read yet the next update takes the place of, a slip of the pen too."""
    read = Q(paper__isnull=False) | Q(last_outcome=UpdateReview.Outcome.RELEASED)
    return action.updates.in_force(on).filter(read).values_list("status", flat=True).first()


def _refuse_move(action: Action, words: UpdateWords, on: date, *, keeps: bool) -> None:
    before = status_read(action, on)
    move = allowed_moves(before, keeps=keeps).get(Standing(words.status))
    if move is None:
        said = Standing(before).label if before else "nothing said"
        raise MoveRefused(f"“{Standing(words.status).label}” cannot follow “{said}”.")
    given = _columns(words)
    if missing := sorted(name for name in move.asks if not given[name]):
        raise MoveRefused(f"This status also asks for: {', '.join(missing)}.")


def _unread(action: Action) -> ProgressUpdate | None:
    """The update that members have not read and that the next one takes the place of."""
    return ProgressUpdate.objects.filter(action=action).unread().first()


def _of_this(action: Action, corrects: ProgressUpdate | None) -> ProgressUpdate | None:
    if corrects is not None and corrects.action_id != action.pk:
        raise MoveRefused("A correction is of an update of the same action.")
    return corrects


def _columns(words: UpdateWords) -> dict[str, Any]:
    return {
        "status": words.status,
        "narrative": words.narrative,
        "evidence_of_impact": words.evidence_of_impact,
        "evidence_links": words.evidence_links,
        "reason": words.reason,
        "remedy": words.remedy,
        "completed_on": words.completed.on,
        "completed_precision": words.completed.precision,
        "new_due_on": words.new_due.on,
        "new_due_precision": words.new_due.precision,
        "new_due_reason": words.new_due_reason,
    }


def due_now(action: Action) -> PartialDate:
    """The date that stands: the last move's, else the first."""
    last = action.date_changes.order_by("-id").first()
    return last.moved_to if last else action.first_due


@transaction.atomic
def move_due_date(
    *,
    action: Action,
    to: PartialDate,
    reason: str,
    by: Person | None,
    now: datetime,
    update: ProgressUpdate | None = None,
    opened_at: str | None = None,
) -> DateChange | None:
    """The move of the due date with its event; None where it is the date that stands, or is
    on its last day, as 30 September 2016 is September 2016's.

    Raises NewerUpdate where something was said or moved since the form was opened.
    """
    action = _hold(action)
    if opened_at is not None and state_of(action) != opened_at:
        raise NewerUpdate(action, timezone.localtime(now).date())
    due = due_now(action)
    if due.on == to.on and (due.on is not None or str(due) == str(to)):
        return None
    if stands_hidden(due.words):
        # They are put back or taken out where they stand, and no copy of the sentence is kept.
        due = PartialDate(None, due.precision)
    move = DateChange.objects.create(
        action=action,
        from_on=due.on,
        from_precision=due.precision,
        from_words=due.words,
        to_on=to.on,
        to_precision=to.precision,
        to_words=to.words,
        reason=reason,
        by=by,
        update=update,
        known_from=now,
    )
    record_of_action(
        action,
        PlanEvent.Done.DATE_MOVED,
        by=by,
        now=now,
        before={"due": str(due) or "no date"},
        after={"due": str(to)},
        reason=reason,
    )
    return move
