"""An action's history in sentences, as members could read it on the page's day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from improvement.models import Action, DateChange, PlanEvent, ProgressUpdate
from improvement.presenters.sentences import say_change, say_move, say_update
from performance.calculations.partial_date import PartialDate
from performance.calculations.position import Position

Done = PlanEvent.Done
# What became of updates and dates is told by the updates and the moves, once they are released.
TOLD_OTHERWISE = [
    Done.SUBMITTED, Done.APPROVED, Done.RETURNED, Done.RELEASED, Done.DATE_MOVED,
]  # fmt: skip
BY_SERVICE = ("owner_service", "owner_role")


@dataclass(frozen=True)
class HistoryLine:
    """“14 September 2016”, and what happened."""

    day: date
    said: str


def make_history(action: Action, position: Position) -> list[HistoryLine]:
    """Newest first; of an action that was fetched `with_history`. One query, of the events.

    Lines name services and never a person; nothing is here that was not released and known.
    """
    known: Any = action
    lines = [
        *_updates(known.known_updates),
        *_moves(known.known_date_changes),
        *_changes(action, position),
    ]
    lines.sort(key=lambda line: line[0], reverse=True)
    return [HistoryLine(timezone.localtime(at).date(), said) for at, said in lines]


def _updates(updates: Sequence[ProgressUpdate]) -> Iterator[tuple[datetime, str]]:
    known = {update.pk: update for update in updates}
    for update in updates:
        at: datetime = update.known_from  # type: ignore[attr-defined]
        said = say_update(update, known.get(update.corrects_id or 0))
        if timezone.localtime(at).date() != update.effective_on and update.paper_id is None:
            said = f"{said} (said on {PartialDate(update.effective_on, 'day')})"
        yield at, said


def _moves(moves: Sequence[DateChange]) -> Iterator[tuple[datetime, str]]:
    """They come newest first."""
    number = 0
    for move in reversed(moves):
        number += move.is_move
        yield move.known_from, say_move(move, number)


def _changes(action: Action, position: Position) -> Iterator[tuple[datetime, str]]:
    events = PlanEvent.objects.about(PlanEvent.Kind.ACTION, action.reference).at(position)
    for event in events.exclude(done__in=TOLD_OTHERWISE):
        # Who owns it is for the officers' pages; that another service does is for all.
        is_of_a_person = event.done == Done.ASSIGNED and not any(
            name in event.after for name in BY_SERVICE
        )
        if not is_of_a_person:
            yield event.known_from, say_change(event)
