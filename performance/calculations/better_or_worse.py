"""Whether a difference is for the better, and when nobody may say so."""

from decimal import Decimal
from enum import StrEnum

from performance.calculations.figures import Measure, Polarity
from performance.calculations.wording import format_value


class Sense(StrEnum):
    """What a difference is; UP and DOWN where neither way is better."""

    BETTER = "better"
    WORSE = "worse"
    UP = "up"
    DOWN = "down"
    SAME = "the same"


def polarity_of(measure: Measure) -> Polarity:
    """The measure's polarity, and NEITHER for a measure of context, whatever else it carries.

    Councils keep performance apart from context, which is compared but never rated (Bracknell
    Forest's scorecards); DfE's Local Authority Interactive Tool gives 96 measures no polarity.
    """
    return Polarity.NEITHER if measure.is_context else measure.polarity


def has_good_direction(measure: Measure) -> bool:
    """Whether more, or less, is better. A range has a good place but no good direction."""
    return polarity_of(measure) in (Polarity.HIGHER, Polarity.LOWER)


def judge_difference(difference: Decimal, measure: Measure) -> Sense:
    """What it means that a figure is `difference` above (or, if negative, below) another."""
    if difference == 0:
        return Sense.SAME
    is_up = difference > 0
    if not has_good_direction(measure):
        return Sense.UP if is_up else Sense.DOWN
    is_better = is_up == (polarity_of(measure) is Polarity.HIGHER)
    return Sense.BETTER if is_better else Sense.WORSE


def format_difference(difference: Decimal, measure: Measure) -> str:
    """“58”, “1 percentage point”, “£1.2 million”: how far apart two figures are, unsigned.

    Two percentages differ by percentage points: “1% above 70%” could be read as 70.7%.
    """
    size = abs(difference)
    if measure.unit != "%":
        return format_value(size, measure.unit, measure.decimals)
    number = format_value(size, "", measure.decimals)
    return f"{number} percentage point{'' if size == 1 else 's'}"
