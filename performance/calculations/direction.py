"""Which way a figure is going, and from which earlier figure that may be said.

Short direction is from the figure before, long direction from the same period a year earlier, as
two separate values (Havering, 2013-15). Which of them means anything depends on the kind of
figure: a count since the start of the year always grows, and two rolling years that share nine
months differ only by what is new in one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from performance.calculations.better_or_worse import Sense, format_difference, judge_difference
from performance.calculations.figures import Figure, KindOfFigure, Measure
from performance.calculations.periods import (
    days_from_year_earlier,
    in_order,
    is_about_year_earlier,
    is_period_before,
    is_year_earlier,
    overlap,
)


@dataclass(frozen=True)
class Direction:
    """From `earlier` to `latest`: `change` in the measure's unit, and what it means.

    Where no direction may be given, `sense`, `change` and `earlier` are None and `why_not` is a
    sentence that says so. `note` warns of a provisional or estimated figure, which may be
    compared like any other.
    """

    sense: Sense | None
    change: Decimal | None
    earlier: Figure | None
    words: str
    why_not: str
    note: str


@dataclass(frozen=True)
class Directions:
    short: Direction
    long: Direction


def find_directions(figures: Sequence[Figure], measure: Measure) -> Directions:
    """Both directions of the latest figure of one series of one area, in whatever order it comes.

    An undated figure is never compared, and is the latest only where there is no other.
    """
    ordered = in_order(figures)
    latest = next((f for f in reversed(ordered) if not f.is_undated), None)
    why_not = _why_none_at_all(ordered, latest)
    if why_not or latest is None:
        return Directions(_no_direction(why_not), _no_direction(why_not))
    before = [f for f in ordered[: ordered.index(latest)] if not f.is_undated]
    return Directions(
        short=_short(before, latest, ordered, measure),
        long=_long(before, latest, ordered, measure),
    )


def _why_none_at_all(ordered: list[Figure], latest: Figure | None) -> str:
    if not ordered:
        return "There is no figure."
    if latest is None:
        return "The source does not date its figures."
    return "" if latest.value is not None else f"There is no value for {latest.label}."


def _short(
    before: list[Figure], latest: Figure, ordered: list[Figure], measure: Measure
) -> Direction:
    kind = measure.kind_of_figure
    if kind is KindOfFigure.YEAR_TO_DATE:
        return _no_direction(
            "A figure for the year so far is not compared with one for less of the year."
        )
    if not before:
        return _no_direction("There is no earlier figure.")
    if kind is KindOfFigure.ON_A_DAY:
        days = [f for f in before if f.end < latest.end and f.value is not None]
        if not days:
            return _no_direction("There is no earlier value.")
        return _compare(days[-1], latest, ordered, measure)
    earlier = [f for f in before if is_period_before(f, latest)]
    if earlier:
        return _compare(earlier[-1], latest, ordered, measure)
    if kind is KindOfFigure.ROLLING and overlap(before[-1], latest):
        return _no_direction(
            f"{before[-1].label} and {latest.label} count some of the same months."
        )
    return _no_direction(
        f"There is no figure for the period of the same length before {latest.label}."
    )


def _long(
    before: list[Figure], latest: Figure, ordered: list[Figure], measure: Measure
) -> Direction:
    is_a_year_back = (
        is_about_year_earlier
        if measure.kind_of_figure is KindOfFigure.ON_A_DAY
        else is_year_earlier
    )
    earlier = [f for f in before if is_a_year_back(f, latest)]
    if not earlier:
        return _no_direction("There is no figure for the same time a year earlier.")
    nearest = min(earlier, key=lambda figure: days_from_year_earlier(figure, latest))
    if measure.kind_of_figure is not KindOfFigure.ON_A_DAY and overlap(nearest, latest):
        return _no_direction(f"{nearest.label} and {latest.label} count some of the same months.")
    return _compare(nearest, latest, ordered, measure)


def _compare(earlier: Figure, latest: Figure, ordered: list[Figure], measure: Measure) -> Direction:
    if earlier.value is None or latest.value is None:
        return _no_direction(f"There is no value for {earlier.label}.")
    if any(f.is_series_break and earlier.end < f.end <= latest.end for f in ordered):
        return _no_direction(
            f"The way it is counted changed between {earlier.label} and {latest.label}."
        )
    change = latest.value - earlier.value
    sense = judge_difference(change, measure)
    return Direction(
        sense, change, earlier, _words(sense, change, earlier, measure), "", _note(earlier, latest)
    )


def _words(sense: Sense, change: Decimal, earlier: Figure, measure: Measure) -> str:
    """“better: up 3 percentage points from 2014/15”, “down 16 from 31 March 2015”."""
    if sense is Sense.SAME:
        return f"the same as {earlier.label}"
    moved = f"{'up' if change > 0 else 'down'} {format_difference(change, measure)}"
    moved = f"{moved} from {earlier.label}"
    return moved if sense in (Sense.UP, Sense.DOWN) else f"{sense.value}: {moved}"


def _note(earlier: Figure, latest: Figure) -> str:
    soft = [f for f in (earlier, latest) if f.is_provisional or f.is_estimated]
    parts = [f"{f.label} is {'provisional' if f.is_provisional else 'estimated'}" for f in soft]
    return f"{' and '.join(parts)}." if parts else ""


def _no_direction(why_not: str) -> Direction:
    return Direction(None, None, None, "", why_not, "")
