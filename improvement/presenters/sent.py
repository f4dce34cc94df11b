"""An update as a reader reads it: what was said, with its evidence, and what date it asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from improvement.models import Action, ProgressUpdate
from improvement.standing import Standing
from performance.calculations.partial_date import PartialDate
from performance.calculations.ranking import format_ordinal


@dataclass(frozen=True)
class Sent:
    """What an update says, as members read it once it is released."""

    standing: Standing
    narrative: str
    completed: str
    reason: str
    remedy: str
    evidence: str
    links: tuple[str, ...]
    indicators: tuple[str, ...]
    on: date
    by: str


@dataclass(frozen=True)
class AskedDate:
    """The due date that an update asks for; `nth` is “2nd” where it was moved once before, and
    empty for the first move."""

    before: str
    after: str
    reason: str
    nth: str


def make_sent(update: ProgressUpdate) -> Sent:
    """Its `indicators` should have been fetched before."""
    completed = update.completed
    return Sent(
        standing=Standing(update.status),
        narrative=update.narrative,
        completed=str(completed) if completed else "",
        reason=update.reason,
        remedy=update.remedy,
        evidence=update.evidence_of_impact,
        links=tuple(update.evidence_links.split()),
        indicators=tuple(sorted(one.title for one in update.indicators.all())),
        on=update.effective_on,
        by=say_who(update),
    )


def say_who(update: ProgressUpdate) -> str:
    """Who sent it; where nobody did, the paper that says it."""
    return str(update.made_by or update.paper)


def make_asked_date(update: ProgressUpdate) -> AskedDate | None:
    """None where the date would stay as it is. The action's `date_changes` should have been
    fetched before."""
    moves = sorted(update.action.date_changes.all(), key=lambda move: move.pk)
    due = stands_due(update.action, [move.moved_to for move in moves])
    asked = update.new_due
    if not asked or (due.on, due.precision) == (asked.on, asked.precision):
        return None
    return AskedDate(
        before=str(due) or "no date",
        after=str(asked),
        reason=update.new_due_reason,
        nth=format_ordinal(len(moves) + 1) if moves else "",
    )


def stands_due(action: Action, moved_to: Sequence[PartialDate]) -> PartialDate:
    """The due date after these moves, in their order."""
    return moved_to[-1] if moved_to else action.first_due
