"""Whether a series has really changed: the XmR chart of individual values and moving ranges.

The rules are those of NHS England's Making Data Count team, as its package NHSRplotthedots
computes them; the numbers in the tests are that package's own and were computed again.
Signals are in `process_signals`; what a reader is told is in `process_reading`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from performance.calculations.targets import Bounds

# 3 / d2 and D4 for moving ranges of two points (d2 = 1.128), as the package rounds them.
LIMIT = Fraction(266, 100)
SCREEN = Fraction(3267, 1000)
NEAR = Fraction(2, 3)

# A chart below 6 points is a run chart, which is this dashboard's own judgement (Wheeler: five
# or six values can be useful); the package warns of trial limits below 13.
FEWEST_FOR_LIMITS = 6
FEWEST_FOR_SIGNALS = 13

# Limits are kept to so many places that a point exactly on one is seen to be on it.
PLACES = 12


class Stage(StrEnum):
    """How much a number of points allows a chart to claim."""

    RUN_CHART = "run chart"
    TRIAL = "trial limits"
    SIGNALS = "signals"


class Assurance(StrEnum):
    """What the limits say of a target: whether it will go on being met if nothing changes."""

    PASSES = "consistently passes"
    FAILS = "consistently fails"
    HIT_AND_MISS = "hit and miss"


@dataclass(frozen=True)
class Limits:
    """Mean, mean moving range and process limits of `n` values, all in the values' own unit.

    All are kept to twelve places: round them to print them. They are never clamped: a
    percentage's upper limit may be above 100, and a chart must not draw it there. `is_screened`
    says that large moving ranges were left out if there were any.
    """

    mean: Decimal
    moving_range: Decimal
    lower: Decimal
    upper: Decimal
    near_lower: Decimal
    near_upper: Decimal
    n: int
    is_screened: bool


def stage_of(n: int) -> Stage:
    """RUN_CHART below 6 points, TRIAL from 6 to 12, SIGNALS from 13."""
    if n < FEWEST_FOR_LIMITS:
        return Stage.RUN_CHART
    return Stage.TRIAL if n < FEWEST_FOR_SIGNALS else Stage.SIGNALS


def make_limits(values: Sequence[Decimal | None], *, screened: bool = True) -> Limits:
    """The limits of one segment: its values in order of time, None where one is missing.

    The mean is of all values. A moving range lies between two neighbours, so a missing value
    takes the one on each side of it away. With `screened`, moving ranges of 3.267 times their
    mean or more are left out once and their mean is taken again; the values' mean stays.
    Raises ValueError where no two values are neighbours, since there is then no moving range.
    """
    present = [Fraction(value) for value in values if value is not None]
    ranges = _moving_ranges(values)
    if not ranges:
        raise ValueError("Limits need two values next to each other.")
    mean = _mean(present)
    moving_range = _mean(ranges)
    # Where nothing moves there is nothing to leave out, and 0 >= 0 would leave out everything.
    if screened and moving_range > 0:
        moving_range = _mean([size for size in ranges if size < SCREEN * moving_range])
    reach = LIMIT * moving_range
    return Limits(
        mean=_to_decimal(mean),
        moving_range=_to_decimal(moving_range),
        lower=_to_decimal(mean - reach),
        upper=_to_decimal(mean + reach),
        near_lower=_to_decimal(mean - NEAR * reach),
        near_upper=_to_decimal(mean + NEAR * reach),
        n=len(present),
        is_screened=screened,
    )


def assess_target(limits: Limits, bounds: Bounds) -> Assurance:
    """Whether the process, left as it is, will keep to the target.

    A target beyond the limits is consistently passed or failed, one on or between them is hit
    and miss. A range is passed when both limits lie within it, failed when both lie above it or
    both below. Raises ValueError when the target has no bound.
    """
    low, high = bounds.low, bounds.high
    if low is None and high is None:
        raise ValueError("A target needs a low or a high bound.")
    if (low is not None and limits.upper < low) or (high is not None and limits.lower > high):
        return Assurance.FAILS
    if (low is None or limits.lower > low) and (high is None or limits.upper < high):
        return Assurance.PASSES
    return Assurance.HIT_AND_MISS


def _moving_ranges(values: Sequence[Decimal | None]) -> list[Fraction]:
    return [
        abs(Fraction(later) - Fraction(earlier))
        for earlier, later in pairwise(values)
        if earlier is not None and later is not None
    ]


def _mean(numbers: Sequence[Fraction]) -> Fraction:
    return sum(numbers, Fraction()) / len(numbers)


def _to_decimal(number: Fraction) -> Decimal:
    return Decimal(round(number * 10**PLACES)).scaleb(-PLACES)
