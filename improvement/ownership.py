"""How well the plan is owned, by theme and never by person: worked out from what is on record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import median_low


@dataclass(frozen=True)
class OwnedAction:
    """What is looked at of one action, on the page's day.

    `said_on` is the day of its newest update that was not sent back, `known_on` the day from
    which the action itself is known. `is_asked` and `sent_on` are of the last round: whether it
    asked about the action, and when the first answer was sent.
    """

    reference: str
    theme_number: int
    theme: str
    has_owner: bool
    is_over: bool
    lacks_evidence: bool
    known_on: date
    said_on: date | None
    moves: int
    is_asked: bool
    sent_on: date | None


@dataclass(frozen=True)
class Moved:
    reference: str
    times: int


@dataclass(frozen=True)
class ThemeOwnership:
    """One theme. `longest_days` is None where no action is under way, `median_days` where none of
    these ever had an update: their silence is counted, and is nobody's typical one.

    Days are counted from the last update of an action that is not over; where nothing was ever
    said of it, the longest from the day on which it became known. The median of an even number of
    actions is the lower of the two in the middle, so that it is always the days of a real action.
    """

    number: int
    theme: str
    actions: int
    without_owner: int
    never_said: int
    median_days: int | None
    longest_days: int | None
    longest: str
    asked: int
    on_time: int
    moves: int
    most_moved: tuple[Moved, ...]
    without_evidence: int

    @property
    def ever_said(self) -> int:
        """Of how many of the actions under way something was said."""
        return self.actions - self.never_said


MOST = 3


def weigh_themes(
    actions: Iterable[OwnedAction], on: date, due_on: date | None
) -> list[ThemeOwnership]:
    """One entry for each theme that has an action, in the plan's order.

    `due_on` is the day by which the last round asked for updates; None where there was no round.
    """
    in_order = sorted(actions, key=lambda one: (one.theme_number, one.theme))
    return [
        _weigh(number, theme, list(group), on, due_on)
        for (number, theme), group in groupby(
            in_order, key=lambda one: (one.theme_number, one.theme)
        )
    ]


def _weigh(
    number: int, theme: str, actions: Sequence[OwnedAction], on: date, due_on: date | None
) -> ThemeOwnership:
    under_way = [one for one in actions if not one.is_over]
    days = {one.reference: days_unsaid(one, on) for one in under_way}
    since = [days[one.reference] for one in under_way if one.said_on is not None]
    asked = [one for one in actions if one.is_asked]
    return ThemeOwnership(
        number=number,
        theme=theme,
        actions=len(under_way),
        without_owner=sum(not one.has_owner for one in under_way),
        never_said=len(under_way) - len(since),
        median_days=median_low(since) if since else None,
        longest_days=max(days.values(), default=None),
        longest=max(days, key=lambda reference: days[reference], default=""),
        asked=len(asked),
        on_time=sum(_is_on_time(one, due_on) for one in asked),
        moves=sum(one.moves for one in actions),
        most_moved=_most_moved(actions),
        without_evidence=sum(one.lacks_evidence for one in actions),
    )


def days_unsaid(action: OwnedAction, on: date) -> int:
    """Days since something was said of the action, or since it became known."""
    return max(0, (on - (action.said_on or action.known_on)).days)


def _is_on_time(action: OwnedAction, due_on: date | None) -> bool:
    return due_on is not None and action.sent_on is not None and action.sent_on <= due_on


def _most_moved(actions: Sequence[OwnedAction]) -> tuple[Moved, ...]:
    """The actions whose dates moved most, at most three, the most often first."""
    moved = sorted((one for one in actions if one.moves), key=lambda one: -one.moves)
    return tuple(Moved(one.reference, one.moves) for one in moved[:MOST])
