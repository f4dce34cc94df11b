"""What becomes of an update once it was sent: approved or returned, and released to members."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from improvement.changes.recording import record, record_of_action
from improvement.changes.rounds import refuse_followed
from improvement.changes.updates import due_now, move_due_date
from improvement.models import Action, Plan, PlanEvent, ProgressUpdate, UpdateReview, UpdateRound
from improvement.permissions import Person, may_release, may_review
from performance.calculations.partial_date import PartialDate


@dataclass
class Reviewed:
    """What was approved, and what could not be since it was reviewed or corrected meanwhile, or
    is hidden."""

    done: list[ProgressUpdate] = field(default_factory=list)
    left: list[ProgressUpdate] = field(default_factory=list)


class AlreadyReviewed(Exception):
    """Somebody else approved or returned the update first, or a newer one took its place."""


class NothingToRelease(Exception):
    """Nothing that was approved waits."""


class ReleaseChanged(Exception):
    """What waits to be released is not what was read; nothing was released."""


@transaction.atomic
def approve_updates(*, updates: Sequence[ProgressUpdate], by: Person, now: datetime) -> Reviewed:
    """Each of these that still waits and that the person may review is approved, with its event.
    Not one that is hidden: nobody can read what they would approve."""
    reviewed = Reviewed()
    waiting = _lock_waiting(updates)
    for update in updates:
        held = waiting.get(update.pk)
        if held is None or held.is_hidden or not may_review(by, held):
            reviewed.left.append(update)
            continue
        _review(held, UpdateReview.Outcome.APPROVED, by=by, now=now)
        reviewed.done.append(update)
    return reviewed


@transaction.atomic
def return_update(
    *, update: ProgressUpdate, reason: str, by: Person, now: datetime
) -> UpdateReview:
    """The review that sends it back with its reason. Who releases may send back what was approved
    too, until it is released. Raises AlreadyReviewed."""
    waiting = _lock_waiting([update], also_approved=may_release(by))
    if update.pk not in waiting or not may_review(by, waiting[update.pk]):
        raise AlreadyReviewed("This update was reviewed or corrected since you opened it.")
    return _review(waiting[update.pk], UpdateReview.Outcome.RETURNED, by=by, now=now, reason=reason)


@transaction.atomic
def release_round(
    *,
    round: UpdateRound,
    by: Person,
    on: date,
    now: datetime,
    expected: Collection[int] | None = None,
) -> list[ProgressUpdate]:
    """What members read from now on: all that was approved; and the round is over.

    `expected` are the keys of the updates that the person has read. Raises NothingToRelease where
    the round was released already, RoundOver where another plan has taken the place of its own,
    ReleaseChanged where others wait than were read.
    """
    held = UpdateRound.objects.select_for_update(of=("self",), no_key=True).get(pk=round.pk)
    if held.released_at is not None:
        raise NothingToRelease(f"“{held.title}” was released already.")
    refuse_followed(held, on)
    released = _release(held.plan, by=by, now=now, expected=expected)
    held.released_at, held.released_by = now, by
    held.save(update_fields=["released_at", "released_by"])
    record(
        PlanEvent.Kind.ROUND,
        held.key,
        PlanEvent.Done.RELEASED,
        by=by,
        now=now,
        after={"updates": len(released)},
    )
    return released


@transaction.atomic
def release_approved(
    *, plan: Plan, by: Person, now: datetime, expected: Collection[int] | None = None
) -> list[ProgressUpdate]:
    """The same outside a round, of corrections say. Raises NothingToRelease and ReleaseChanged."""
    released = _release(plan, by=by, now=now, expected=expected)
    if not released:
        raise NothingToRelease("Nothing that was approved waits to be released.")
    return released


def _release(
    plan: Plan, *, by: Person, now: datetime, expected: Collection[int] | None
) -> list[ProgressUpdate]:
    """Each approved update is released, and the date that it asked for is moved. One that is
    hidden waits until that is decided."""
    waiting = ProgressUpdate.objects.to_release_with(plan).awaiting_release()
    _lock_actions(_carried_on(waiting.values_list("action_id", flat=True)))
    # Once more, now that nobody can correct one of them.
    ordered = waiting.select_related("action__theme").order_by("action__order", "id")
    released = [update for update in ordered if not update.is_hidden]
    if expected is not None and {one.pk for one in released} != set(expected):
        raise ReleaseChanged("What waits to be released has changed since you read it.")
    for update in released:
        _review(update, UpdateReview.Outcome.RELEASED, by=by, now=now)
        if update.new_due:
            due = due_now(update.action)
            _move_date(update, update.action, now, of=update)
            _move_on(update, update.action, due, now)
    return released


def _carried_on(actions: Iterable[int]) -> set[int]:
    """These actions, and what they became since, in however many plans, by their keys."""
    every = latest = set(actions)
    while latest:
        became = Action.objects.filter(comes_from__in=latest).values_list("pk", flat=True)
        latest = set(became) - every
        every = every | latest
    return every


def _move_on(update: ProgressUpdate, action: Action, due: PartialDate, now: datetime) -> None:
    """The date of what took the action over into a plan that follows, and of what took that over
    since, where it is still the one that was taken over: it is that one which members now read."""
    followers = Action.objects.filter(comes_from=action).exclude(theme__plan=action.theme.plan_id)
    for follower in followers.select_related("theme").order_by("pk"):
        if due_now(follower).on == due.on:
            _move_date(update, follower, now)
            _move_on(update, follower, due, now)


def _move_date(
    update: ProgressUpdate, action: Action, now: datetime, *, of: ProgressUpdate | None = None
) -> None:
    to, reason, by = update.new_due, update.new_due_reason, update.made_by
    move_due_date(action=action, to=to, reason=reason, by=by, now=now, update=of)


def _lock_actions(ids: Iterable[int]) -> None:
    """In one order, so that two people never wait for each other."""
    list(
        Action.objects.filter(pk__in=list(ids))
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )


def _lock_waiting(
    updates: Sequence[ProgressUpdate], *, also_approved: bool = False
) -> dict[int, ProgressUpdate]:
    """Those of the updates that still wait for a review (or, approved, for the release), by key,
    held until the end."""
    _lock_actions([update.action_id for update in updates])
    waiting = ProgressUpdate.objects.to_send_back(also_approved=also_approved).filter(
        pk__in=[update.pk for update in updates]
    )
    return {
        update.pk: update
        for update in waiting.select_related("action__theme").prefetch_related(
            "action__theme__leads"
        )
    }


def _review(
    update: ProgressUpdate, outcome: str, *, by: Person, now: datetime, reason: str = ""
) -> UpdateReview:
    review = UpdateReview.objects.create(
        update=update, outcome=outcome, reason=reason, by=by, known_from=now
    )
    after = {"update": update.pk, "status": update.get_status_display()}
    record_of_action(update.action, outcome, by=by, now=now, after=after, reason=reason)
    return review
