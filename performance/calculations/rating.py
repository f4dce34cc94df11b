"""How a figure stands against its target, in a state, in words, and with the rule beside it.

Amber means two things in councils' papers, “missed but only just” and “met but only just”
(bi-dashboard-design.blogspot.com), and Havering (2013-15) and Reigate each drew it by a tolerance
of their own. Here *close to it* is a target missed by no more than the tolerance that the council
has agreed for the measure; where it has agreed none, nothing is close.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from performance.calculations.better_or_worse import format_difference, has_good_direction
from performance.calculations.figures import Figure, KindOfFigure, Measure
from performance.calculations.targets import Bounds, TargetState, target_state
from performance.calculations.wording import format_bounds, format_value


class RatingState(StrEnum):
    MET = "met"
    CLOSE = "close to it"
    NOT_MET = "not met"
    WITHIN_RANGE = "within its range"
    ABOVE_RANGE = "above its range"
    BELOW_RANGE = "below its range"
    PART_WAY = "part-way"
    NO_YEAR_END = "no figure for the year’s end"
    NO_TARGET = "no target"
    NO_FIGURE = "no figure"


UNCOLOURED = (
    RatingState.PART_WAY,
    RatingState.NO_YEAR_END,
    RatingState.NO_TARGET,
    RatingState.NO_FIGURE,
)


@dataclass(frozen=True)
class Rating:
    """`words` complete “It is …”; `rule` is a sentence without its full stop, empty without target.

    `difference` is how far the figure lies above (or, if negative, below) the bound that it is
    held against, in the measure's unit; None within a range and where nothing can be held against
    anything. `is_coloured`: whether a page may colour the state.
    """

    state: RatingState
    words: str
    rule: str
    difference: Decimal | None
    is_coloured: bool


def rate(measure: Measure, figure: Figure | None, bounds: Bounds | None, on: date) -> Rating:
    """The rating on day `on` of the figure that falls in the target's period.

    Nothing is coloured for a measure of context, for one where neither way is better, or for one
    whose range is the council's own choice, nor while a year-to-date figure is part-way.
    """
    value = None if figure is None else figure.value
    if bounds is None:
        return Rating(RatingState.NO_TARGET, "without a target", "", None, False)
    difference = None if value is None else _difference(value, bounds)
    state = _state(measure, figure, bounds, on)
    return Rating(
        state=state,
        words=_words(state, measure, value, bounds, difference),
        rule=write_rule(measure, bounds),
        difference=difference,
        is_coloured=has_good_direction(measure) and state not in UNCOLOURED,
    )


def write_rule(measure: Measure, bounds: Bounds) -> str:
    """“Met at 70% or more; close to it within 2 percentage points”: for the page and for print."""
    if bounds.low is not None and bounds.high is not None:
        ends = format_bounds(bounds.low, bounds.high, measure.unit, measure.decimals)
        parts = [f"Within its range at {ends}"]
    elif bounds.low is not None:
        parts = [f"Met at {format_value(bounds.low, measure.unit, measure.decimals)} or more"]
    elif bounds.high is not None:
        parts = [f"Met at {format_value(bounds.high, measure.unit, measure.decimals)} or less"]
    else:
        raise ValueError("A target needs a low or a high bound.")
    if measure.tolerance:
        parts.append(f"close to it within {format_difference(measure.tolerance, measure)}")
    if measure.kind_of_figure is KindOfFigure.YEAR_TO_DATE:
        parts.append("part-way while the year runs")
    return "; ".join(parts)


def _state(measure: Measure, figure: Figure | None, bounds: Bounds, on: date) -> RatingState:
    value = None if figure is None else figure.value
    about = None if figure is None else figure.end
    state = target_state(bounds, value, measure.kind_of_figure, on, about)
    if value is None or state is TargetState.NO_FIGURE:
        return RatingState.NO_FIGURE
    if state in (TargetState.NOT_MET, TargetState.OUTSIDE_RANGE):
        distance = abs(_difference(value, bounds) or Decimal())
        if measure.tolerance is not None and distance <= measure.tolerance:
            return RatingState.CLOSE
        if state is TargetState.NOT_MET:
            return RatingState.NOT_MET
        is_above = bounds.high is not None and value > bounds.high
        return RatingState.ABOVE_RANGE if is_above else RatingState.BELOW_RANGE
    return {
        TargetState.MET: RatingState.MET,
        TargetState.WITHIN_RANGE: RatingState.WITHIN_RANGE,
        TargetState.PART_WAY: RatingState.PART_WAY,
        TargetState.NO_YEAR_END: RatingState.NO_YEAR_END,
    }[state]


def _difference(value: Decimal, bounds: Bounds) -> Decimal | None:
    """From the bound that it has passed or, with one bound only, from that one."""
    if bounds.high is not None and (bounds.low is None or value > bounds.high):
        return value - bounds.high
    if bounds.low is not None and (bounds.high is None or value < bounds.low):
        return value - bounds.low
    return None


def _words(
    state: RatingState,
    measure: Measure,
    value: Decimal | None,
    bounds: Bounds,
    difference: Decimal | None,
) -> str:
    target = _target_words(measure, bounds)
    if value is None:
        return f"without a figure to hold against {target}"
    if state is RatingState.PART_WAY:
        so_far = format_value(value, measure.unit, measure.decimals)
        return f"{so_far} so far, against {target}, with the year still running"
    if state is RatingState.NO_YEAR_END:
        held = format_value(value, measure.unit, measure.decimals)
        return (
            f"{held} at the last count, with no figure for the year’s end to hold against {target}"
        )
    if difference is None:
        return f"within {target}"
    if difference == 0:
        return f"exactly at {target}"
    size = format_difference(difference, measure)
    side = "above" if difference > 0 else "below"
    if bounds.low is not None and bounds.high is not None:
        end = "top" if difference > 0 else "bottom"
        return f"{size} {side} the {end} of {target}"
    return f"{size} {side} {target}"


def _target_words(measure: Measure, bounds: Bounds) -> str:
    """“its range of 550 to 580”, “its target of 70%”, “its target of at most 5%”."""
    text = format_bounds(bounds.low, bounds.high, measure.unit, measure.decimals)
    if bounds.low is not None and bounds.high is not None:
        return f"its range of {text}"
    return f"its target of {text.removeprefix('at least ')}"
