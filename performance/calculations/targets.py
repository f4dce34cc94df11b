"""What a figure means against its target."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class TargetState(StrEnum):
    MET = "met"
    PART_WAY = "part-way"
    OUTSIDE_RANGE = "outside its range"
    WITHIN_RANGE = "within its range"
    NOT_MET = "not met"
    NO_FIGURE = "without a figure yet"


@dataclass(frozen=True)
class Bounds:
    """A floor, a ceiling, or both for a range, for a period that ends on a day."""

    low: Decimal | None
    high: Decimal | None
    period_end: date


def target_state(
    bounds: Bounds, value: Decimal | None, kind_of_figure: str, on: date
) -> TargetState:
    """How `value`, the latest in the target's period, stands against it on day `on`.

    A year-to-date count that has not passed its ceiling, or not reached its floor, can still do
    so while the year runs: it is part-way, except that a floor once reached is met. A ceiling or
    a range that it has passed is passed for good. Any other value is inside a range or outside
    it, whether or not the year is over. Raises ValueError when the target has no bound.
    """
    if bounds.low is None and bounds.high is None:
        raise ValueError("A target needs a low or a high bound.")
    if value is None:
        return TargetState.NO_FIGURE
    is_running = kind_of_figure == "year_to_date" and on <= bounds.period_end
    is_over = bounds.high is not None and value > bounds.high
    is_under = bounds.low is not None and value < bounds.low
    if is_running and not is_over and (bounds.high is not None or is_under):
        return TargetState.PART_WAY
    if bounds.low is not None and bounds.high is not None:
        is_within = not is_over and not is_under
        return TargetState.WITHIN_RANGE if is_within else TargetState.OUTSIDE_RANGE
    return TargetState.NOT_MET if is_over or is_under else TargetState.MET
