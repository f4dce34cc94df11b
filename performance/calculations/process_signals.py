"""The four signals of an XmR chart, point by point.

Source: NHSRplotthedots (`ptd_calculate_point_type`), and its pull request 180, which gives the
order of the rules and takes a trend's good or bad from the way it runs, not from the side of
the mean on which a point lies.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from performance.calculations.figures import Polarity
from performance.calculations.process import Limits

RUN = 7


class Rule(StrEnum):
    """Why a point stands out, in the order of precedence."""

    OUTSIDE = "outside the limits"
    TREND = "seven in a row rising or falling"
    TWO_OF_THREE = "two of three close to a limit"
    ONE_SIDE = "seven in a row on one side of the mean"


class Orientation(StrEnum):
    """What it means that a point stands out; neutral where no direction is better."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL_HIGH = "higher than usual"
    NEUTRAL_LOW = "lower than usual"


@dataclass(frozen=True)
class Signal:
    rule: Rule
    orientation: Orientation


def orient(is_high: bool, polarity: Polarity) -> Orientation:
    """A range has no better direction: to be above the mean may be to be within it."""
    if polarity not in (Polarity.HIGHER, Polarity.LOWER):
        return Orientation.NEUTRAL_HIGH if is_high else Orientation.NEUTRAL_LOW
    is_good = is_high == (polarity is Polarity.HIGHER)
    return Orientation.IMPROVEMENT if is_good else Orientation.CONCERN


def find_signals(
    values: Sequence[Decimal | None], limits: Limits, polarity: Polarity
) -> list[Signal | None]:
    """For each value of one segment, the first rule that it breaks, or None.

    All seven points of a trend or of a run are marked, and of two of three only the outer
    points. A missing value breaks every pattern, and so does a point on the mean a run on one
    side. Where a point ends one trend and begins another, the earlier has it. How many points
    there must be before a signal is claimed is the caller's to ask (`stage_of`).
    """
    signals: list[Signal | None] = [None] * len(values)
    # Each rule yields (index, is_high); those that come first keep their points.
    for rule, found in (
        (Rule.OUTSIDE, _outside(values, limits)),
        (Rule.TREND, _trends(values)),
        (Rule.TWO_OF_THREE, _two_of_three(values, limits)),
        (Rule.ONE_SIDE, _one_side(values, limits)),
    ):
        for index, is_high in found:
            if signals[index] is None:
                signals[index] = Signal(rule, orient(is_high, polarity))
    return signals


def _outside(values: Sequence[Decimal | None], limits: Limits) -> Iterator[tuple[int, bool]]:
    for index, value in enumerate(values):
        if value is not None and not limits.lower <= value <= limits.upper:
            yield index, value > limits.upper


def _trends(values: Sequence[Decimal | None]) -> Iterator[tuple[int, bool]]:
    """Seven strictly rising or falling; two equal values end a trend."""
    steps = [
        0 if one is None or other is None else _sign(other - one) for one, other in pairwise(values)
    ]
    for start in range(len(steps) - RUN + 2):
        window = set(steps[start : start + RUN - 1])
        if window in ({1}, {-1}):
            for index in range(start, start + RUN):
                yield index, window == {1}


def _two_of_three(values: Sequence[Decimal | None], limits: Limits) -> Iterator[tuple[int, bool]]:
    sides = _sides(values, limits)
    is_outer = [
        value is not None
        and (limits.lower <= value < limits.near_lower or limits.near_upper < value <= limits.upper)
        for value in values
    ]
    for start in range(len(values) - 2):
        window = range(start, start + 3)
        outer = [index for index in window if is_outer[index]]
        if len(outer) >= 2 and {sides[index] for index in window} in ({1}, {-1}):
            for index in outer:
                yield index, sides[index] == 1


def _one_side(values: Sequence[Decimal | None], limits: Limits) -> Iterator[tuple[int, bool]]:
    sides = _sides(values, limits)
    for start in range(len(values) - RUN + 1):
        window = set(sides[start : start + RUN])
        if window in ({1}, {-1}):
            for index in range(start, start + RUN):
                yield index, window == {1}


def _sides(values: Sequence[Decimal | None], limits: Limits) -> list[int]:
    """1 above the mean, -1 below it, 0 on it or without a value."""
    return [0 if value is None else _sign(value - limits.mean) for value in values]


def _sign(number: Decimal) -> int:
    return (number > 0) - (number < 0)
