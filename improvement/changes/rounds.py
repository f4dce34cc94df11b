"""Opening a round of updates, and changing its dates while it is under way."""

from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from improvement.changes.recording import Facts, record
from improvement.models import Plan, PlanEvent, UpdateRound
from improvement.permissions import Person


class RoundUnderWay(Exception):
    """The plan has a round that is not released yet; `round` is that one."""

    def __init__(self, round: UpdateRound) -> None:
        super().__init__(f"“{round.title}” is not released yet.")
        self.round = round


class RoundOver(Exception):
    """The round was released, or another plan has taken the place of its own: it stays as it is."""


class NewerRound(Exception):
    """Somebody changed the round after the form was opened; `round` is how it stands now."""

    def __init__(self, round: UpdateRound) -> None:
        super().__init__("Somebody changed this round after you opened it.")
        self.round = round


def refuse_followed(round: UpdateRound, on: date) -> None:
    """Raises RoundOver where another plan has taken the place of the round's by the day."""
    if successor := round.plan.taken_over_by(on):
        raise RoundOver(f"“{successor}” has taken the place of the plan of “{round.title}”.")


def round_facts(round: UpdateRound) -> Facts:
    names = ("title", "opens_on", "updates_due_on", "figures_due_on", "release_on")
    return {name: str(getattr(round, name)) for name in names}


def round_state(round: UpdateRound) -> str:
    """What a form carries to tell, when it is sent, whether the round was changed since."""
    facts = "\n".join(round_facts(round).values())
    return sha256(facts.encode()).hexdigest()[:16]


@transaction.atomic
def open_round(
    *,
    plan: Plan,
    title: str,
    opens_on: date,
    updates_due_on: date,
    figures_due_on: date,
    release_on: date,
    by: Person,
    now: datetime,
) -> UpdateRound:
    """The new round with its event. Raises RoundUnderWay where another is not released yet."""
    Plan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
    if under_way := plan.rounds.filter(released_at__isnull=True).first():
        raise RoundUnderWay(under_way)
    made = UpdateRound.objects.create(
        plan=plan,
        title=title,
        opens_on=opens_on,
        updates_due_on=updates_due_on,
        figures_due_on=figures_due_on,
        release_on=release_on,
        opened_by=by,
    )
    kind, done = PlanEvent.Kind.ROUND, PlanEvent.Done.OPENED
    record(kind, made.key, done, by=by, now=now, after=round_facts(made))
    return made


@transaction.atomic
def change_round(
    *,
    round: UpdateRound,
    title: str,
    opens_on: date,
    updates_due_on: date,
    figures_due_on: date,
    release_on: date,
    reason: str,
    by: Person,
    on: date,
    now: datetime,
    opened_at: str | None = None,
) -> PlanEvent | None:
    """The event; None where nothing was different. Raises RoundOver, and NewerRound where the
    round is not what it was when the form was opened (`round_state`)."""
    held = UpdateRound.objects.select_for_update(of=("self",), no_key=True).get(pk=round.pk)
    if held.released_at is not None:
        raise RoundOver(f"“{held.title}” was released: open another round.")
    refuse_followed(held, on)
    if opened_at is not None and round_state(held) != opened_at:
        raise NewerRound(held)
    before = round_facts(held)
    held.title, held.opens_on, held.updates_due_on = title, opens_on, updates_due_on
    held.figures_due_on, held.release_on = figures_due_on, release_on
    after = round_facts(held)
    if before != after:
        held.save()
    kind, done = PlanEvent.Kind.ROUND, PlanEvent.Done.CHANGED
    return record(kind, held.key, done, by=by, now=now, before=before, after=after, reason=reason)
