"""Keeping the plan: what is promised, who answers for it, and what it serves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from improvement.changes.facts import (
    ActionLinks,
    ActionWords,
    first_due_columns,
    link_facts,
    links_of,
    new_action_facts,
    owner_fact,
    refuse_wrong_links,
    set_links,
    word_columns,
    word_facts,
    words_of,
)
from improvement.changes.opened import refuse_if_changed
from improvement.changes.recording import WordsHidden, record_of_action
from improvement.changes.updates import NewerUpdate, UpdateWords, state_of, submit_update
from improvement.models import Action, DateChange, Plan, PlanEvent, ProgressUpdate, Theme
from improvement.permissions import Person
from improvement.removal.sentences import stands_hidden
from performance.calculations.partial_date import PartialDate
from performance.calculations.wording import say_times

KIND = PlanEvent.Kind.ACTION


class ReferenceUsed(Exception):
    """A reference is used once, in whatever plan; `plan` is the one that did."""

    def __init__(self, action: Action) -> None:
        super().__init__(f"An action of “{action.theme.plan}” has the reference already.")
        self.reference, self.plan = action.reference, action.theme.plan


class AlreadySplit(Exception):
    """The same form was sent before; `parts` is what it made."""

    def __init__(self, parts: Sequence[Action]) -> None:
        super().__init__("This form was sent already.")
        self.parts = parts


@dataclass(frozen=True)
class Part:
    """One of the actions that another is split into."""

    reference: str
    title: str
    promised: str


@transaction.atomic
def add_action(
    *,
    theme: Theme,
    reference: str,
    words: ActionWords,
    links: ActionLinks,
    first_due: PartialDate,
    owner: Person | None,
    by: Person | None,
    now: datetime,
    reason: str = "",
) -> Action:
    """The new action with its event. Its first due date is set here and never again.

    Raises ReferenceUsed and WrongLinks.
    """
    columns = {**word_columns(words), **first_due_columns(first_due), "owner": owner}
    made = put_action(theme, reference, columns, links, now=now)
    _record_new(made, PlanEvent.Done.ADDED, by=by, now=now, reason=reason)
    return made


def put_action(
    theme: Theme, reference: str, columns: dict, links: ActionLinks, *, now: datetime
) -> Action:
    """The action's row, last of its plan, and its links; its event is the caller's.

    Raises ReferenceUsed and WrongLinks. Call it inside a transaction.
    """
    lock_plans()
    plan = theme.plan
    refuse_wrong_links(plan, links)
    used = Action.objects.filter(reference__iexact=reference).select_related("theme__plan").first()
    if used:
        raise ReferenceUsed(used)
    last = Action.objects.of(plan).aggregate(last=Max("order"))["last"] or 0
    made = Action.objects.create(
        theme=theme, reference=reference, order=last + 1, known_from=now, **columns
    )
    set_links(made, links)
    return made


def lock_plans() -> None:
    """Two people who add at once, to whatever plans: the second waits, and meets the reference that
    the first gave, since one is used once in all of them. Called before any action is locked."""
    list(Plan.objects.order_by("pk").select_for_update(of=("self",), no_key=True))


def lock_actions(plan: Plan) -> None:
    """Whoever adds to the plan, or changes a theme or an action of it, waits, in the order in which
    all lock."""
    lock_plans()
    list(plan.themes.order_by("pk").select_for_update(of=("self",), no_key=True))
    list(Action.objects.of(plan).order_by("pk").select_for_update(of=("self",), no_key=True))


def _record_new(
    action: Action, done: str, *, by: Person | None, now: datetime, reason: str
) -> PlanEvent | None:
    after = new_action_facts(action)
    return record_of_action(action, done, by=by, now=now, after=after, reason=reason)


def hold_action(action: Action) -> Action:
    """The action as it stands now, locked until the transaction ends."""
    held = Action.objects.select_for_update(of=("self",), no_key=True).select_related(
        "theme__plan", "owner"
    )
    return held.get(pk=action.pk)


@transaction.atomic
def reword_action(
    *,
    action: Action,
    words: ActionWords,
    reason: str,
    by: Person | None,
    now: datetime,
    opened_at: str | None = None,
) -> PlanEvent | None:
    """The event of the other words; None where they are the same. Raises ChangedSince."""
    held = hold_action(action)
    before, after = word_facts(words_of(held)), word_facts(words)
    refuse_if_changed(KIND, held.reference, before, opened_at)
    columns = word_columns(words)
    for name, value in columns.items():
        setattr(held, name, value)
    held.save(update_fields=list(columns))
    done = PlanEvent.Done.REWORDED
    return record_of_action(held, done, by=by, now=now, before=before, after=after, reason=reason)


@transaction.atomic
def assign_action(
    *,
    action: Action,
    owner: Person | None,
    by: Person | None,
    now: datetime,
    reason: str = "",
    opened_at: str | None = None,
) -> PlanEvent | None:
    """The event of the action's new owner, or of none; None where it is the one it has.

    Raises ChangedSince.
    """
    held = hold_action(action)
    before = owner_fact(held)
    refuse_if_changed(KIND, held.reference, before, opened_at)
    held.owner = owner
    held.save(update_fields=["owner"])
    after, done = owner_fact(held), PlanEvent.Done.ASSIGNED
    return record_of_action(held, done, by=by, now=now, before=before, after=after, reason=reason)


@transaction.atomic
def link_action(
    *,
    action: Action,
    links: ActionLinks,
    by: Person | None,
    now: datetime,
    reason: str = "",
    opened_at: str | None = None,
) -> PlanEvent | None:
    """The event of what the action serves and should move; None where it is as it was.

    Raises ChangedSince and WrongLinks.
    """
    held = hold_action(action)
    before = link_facts(links_of(held))
    refuse_if_changed(KIND, held.reference, before, opened_at)
    set_links(held, links)
    after, done = link_facts(links), PlanEvent.Done.LINKED
    return record_of_action(held, done, by=by, now=now, before=before, after=after, reason=reason)


@transaction.atomic
def stop_action(
    *,
    action: Action,
    narrative: str,
    reason: str,
    by: Person,
    opened_at: str,
    submission: UUID,
    on: date,
    now: datetime,
) -> ProgressUpdate:
    """The update that says so: like every word it is reviewed and released before members read it.

    Raises NewerUpdate and MoveRefused, as submit_update.
    """
    return submit_update(
        action=action,
        words=UpdateWords(ProgressUpdate.Status.STOPPED, narrative, reason=reason),
        by=by,
        opened_at=opened_at,
        submission=submission,
        on=on,
        now=now,
    )


@transaction.atomic
def split_action(
    *,
    action: Action,
    parts: Sequence[Part],
    is_stopped: bool,
    reason: str,
    by: Person,
    opened_at: str,
    submission: UUID,
    on: date,
    now: datetime,
) -> list[Action]:
    """The new actions. Each takes over who owns it, what it serves and its dates as they stand.

    `is_stopped`: the old one is stopped by an update that names them; else it goes on beside them.
    Raises AlreadySplit, ReferenceUsed, WordsHidden, NewerUpdate and MoveRefused; then nothing is
    saved.
    """
    lock_plans()
    held = hold_action(action)
    done = PlanEvent.Done.SPLIT
    sent = {"submission": str(submission)}
    if event := PlanEvent.objects.about(KIND, held.reference).filter(after__contains=sent).first():
        raise AlreadySplit(list(Action.objects.filter(reference__in=event.after["into"])))
    if state_of(held) != opened_at:
        raise NewerUpdate(held, on)
    made = [_put_part(held, part, by=by, now=now) for part in parts]
    into = [part.reference for part in parts]
    if is_stopped:
        stop_action(
            action=held,
            narrative=f"Split into {' and '.join(into)}, which take its place.",
            reason=reason,
            by=by,
            opened_at=opened_at,
            submission=submission,
            on=on,
            now=now,
        )
    after = {"into": into, "goes_on": not is_stopped, **sent}
    record_of_action(held, done, by=by, now=now, after=after, reason=reason)
    return made


def _put_part(action: Action, part: Part, *, by: Person, now: datetime) -> Action:
    said = {**vars(words_of(action)), "title": part.title, "promised": part.promised}
    return carry_on(
        action,
        theme=action.theme,
        reference=part.reference,
        words=ActionWords(**said),
        links=links_of(action),
        by=by,
        now=now,
        # The split’s event has it; members read it with the update that stops the old one.
        reason="",
    )


def copies_hidden(old: Action, words: ActionWords) -> bool:
    """Whether an action of these words that comes from the old one would say “Hidden on …”."""
    columns = {**word_columns(words), **first_due_columns(old.first_due, old.first_due_basis)}
    due = old.date_changes.order_by("id").values_list("to_words", flat=True).last()
    return any(map(stands_hidden, [*columns.values(), due]))


def carry_on(
    old: Action,
    *,
    theme: Theme,
    reference: str,
    words: ActionWords,
    links: ActionLinks,
    by: Person | None,
    now: datetime,
    reason: str,
) -> Action:
    """An action that comes from another, with its event. Lateness comes with it: its first due
    date is the old one's, and where that was moved, the move to the date that stands is its own.

    Raises WordsHidden, and as `put_action`."""
    if copies_hidden(old, words):
        raise WordsHidden([f"action {old.reference}"])
    columns = {
        **word_columns(words),
        **first_due_columns(old.first_due, old.first_due_basis),
        "owner": old.owner,
        "comes_from": old,
    }
    made = put_action(theme, reference, columns, links, now=now)
    moves = list(old.date_changes.order_by("id"))
    if moves:
        last, times = moves[-1].moved_to, sum(move.is_move for move in moves)
        # The first date that it had, on record or given later.
        begun = old.first_due or moves[0].moved_to
        # Moved there and back again: it stands where it first did.
        is_moved = bool(times) and (begun.on != last.on or begun.on is None)
        if is_moved or not old.first_due:
            how = f"Moved {say_times(times)}" if is_moved else "Set"
            before = begun if is_moved else old.first_due
            DateChange.objects.create(
                action=made,
                from_on=before.on, from_precision=before.precision, from_words=before.words,
                to_on=last.on, to_precision=last.precision, to_words=last.words,
                reason=f"{how} as {old.reference}, from which it comes.",
                by=by, known_from=now,
            )  # fmt: skip
    _record_new(made, PlanEvent.Done.ADDED, by=by, now=now, reason=reason)
    return made
