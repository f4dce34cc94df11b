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

    A year-to-date count below its floor is part-way while the year runs: it can still be
    reached. A value on a day is inside a range or outside it, whether or not the year is over.
    Raises ValueError when the target has no bound.
    """
    if bounds.low is None and bounds.high is None:
        raise ValueError("A target needs a low or a high bound.")
    if value is None:
        return TargetState.NO_FIGURE
    inside = (bounds.low is None or value >= bounds.low) and (
        bounds.high is None or value <= bounds.high
    )
    if bounds.low is not None and bounds.high is not None:
        return TargetState.WITHIN_RANGE if inside else TargetState.OUTSIDE_RANGE
    if inside:
        return TargetState.MET
    is_running = kind_of_figure == "year_to_date" and on <= bounds.period_end
    return TargetState.PART_WAY if is_running else TargetState.NOT_MET
