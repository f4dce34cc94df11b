"""What the rules make of one series: everything that is said of an indicator starts here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from performance.calculations.better_or_worse import polarity_of
from performance.calculations.comparison import Comparison
from performance.calculations.direction import Directions, find_directions
from performance.calculations.figures import Figure, Measure, Symbol
from performance.calculations.periods import in_order
from performance.calculations.process_reading import ProcessReading, read_process
from performance.calculations.rating import Rating, rate
from performance.calculations.targets import Bounds


@dataclass(frozen=True)
class BesideArea:
    """A region's or England's value: of a comparable series, for the latest figure's period."""

    name: str
    value: Decimal


@dataclass(frozen=True)
class TargetHeld:
    """A target, the first day of its period (`bounds` has the last), and the period in words.

    `when` is “for 2016/17”, “by March 2017”, or nothing where the source gives no date.
    """

    bounds: Bounds
    start: date
    when: str


@dataclass(frozen=True)
class Facts:
    """What is known of one series of one area on a day.

    `figures` come in any order, with small numbers already hidden. `beside` and `neighbours` are
    of the latest figure's period. `revised_from` is what the latest figure was before it was
    restated.
    """

    measure: Measure
    figures: tuple[Figure, ...]
    on: date
    target: TargetHeld | None = None
    beside: tuple[BesideArea, ...] = ()
    neighbours: Comparison | None = None
    neighbours_statistic: Literal["mean", "median"] = "median"
    revised_from: Decimal | None = None
    good_looks_like: str = ""


@dataclass(frozen=True)
class Reading:
    """The facts, and what each rule says of them.

    `latest` is the newest dated figure, with a value or without; an undated one only where there
    is no dated one. `last_value` is the newest that has a value, so it may be older.
    `target_figure` is the one that `rating` holds against the target.
    """

    facts: Facts
    latest: Figure | None
    last_value: Figure | None
    target_figure: Figure | None
    rating: Rating
    directions: Directions
    process: ProcessReading


def read(facts: Facts) -> Reading:
    bounds = facts.target.bounds if facts.target else None
    newest_first = _newest_first(facts.figures)
    latest = next(iter(newest_first), None)
    target_figure = _target_figure(facts, latest, newest_first)
    return Reading(
        facts=facts,
        latest=latest,
        last_value=next((f for f in newest_first if f.value is not None), None),
        target_figure=target_figure,
        rating=rate(facts.measure, target_figure, bounds, facts.on),
        directions=find_directions(facts.figures, facts.measure),
        process=read_process(facts.figures, polarity_of(facts.measure), bounds),
    )


def _newest_first(figures: tuple[Figure, ...]) -> list[Figure]:
    """The dated figures from the newest, then those that their source does not date."""
    newest = in_order(figures)[::-1]
    return [f for f in newest if not f.is_undated] + [f for f in newest if f.is_undated]


def _target_figure(
    facts: Facts, latest: Figure | None, newest_first: list[Figure]
) -> Figure | None:
    """The newest value in the target's period and not after the day.

    A figure without a date may be of any year: no dated target is held against it. None where the
    latest of them is hidden, too: an older one's rating would pass for its own.
    """
    target = facts.target
    if target is None:
        return None
    inside = [
        figure
        for figure in newest_first
        if target.start <= figure.end <= min(target.bounds.period_end, facts.on)
        and not (figure.is_undated and target.when)
    ]
    if latest in inside and latest is not None and latest.symbol is Symbol.SUPPRESSED:
        return None
    return next((figure for figure in inside if figure.value is not None), None)
