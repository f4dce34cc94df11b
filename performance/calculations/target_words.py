"""How a figure stands against its target, as it is said."""

from performance.calculations.figure_words import (
    digits_of,
    say_difference,
    say_number,
    say_value,
)
from performance.calculations.figures import Figure, Measure, Polarity, Symbol
from performance.calculations.period_words import attach_when
from performance.calculations.rating import RatingState
from performance.calculations.reading import Reading, TargetHeld
from performance.calculations.wording import format_bounds

MISSED = (
    RatingState.NOT_MET,
    RatingState.CLOSE,
    RatingState.ABOVE_RANGE,
    RatingState.BELOW_RANGE,
)
REACHED = (RatingState.MET, RatingState.WITHIN_RANGE)


def say_target(reading: Reading) -> str:
    """“58 above the range of 550 to 580 that the council set for 2016/17”; empty without one.

    It follows the figure, except where it is about an older figure, which it then names. Nothing
    is said of a figure that is hidden: how far it is from its target would give it away.
    """
    facts, latest = reading.facts, reading.latest
    target, figure = facts.target, reading.target_figure
    if target is None or (latest is not None and latest.symbol is Symbol.SUPPRESSED):
        return ""
    named = _name_target(target, facts.measure, figure)
    if latest is None:
        tense = "is" if facts.on <= target.bounds.period_end else "was"
        return named.replace("its target of", f"the target {tense}", 1)
    if figure is None or figure.value is None:
        yet = " yet" if facts.on <= target.bounds.period_end else ""
        return f"there is no figure{yet} to set against {named}"
    said = _say_standing(reading, named)
    if figure == latest:
        return said
    places = max(facts.measure.decimals, digits_of(figure.value))
    return f"{attach_when(say_value(figure, facts.measure, places), figure)} was {said}"


def _say_standing(reading: Reading, named: str) -> str:
    rating, measure = reading.rating, reading.facts.measure
    target = reading.facts.target
    if rating.state is RatingState.PART_WAY:
        is_floor = target is not None and target.bounds.high is None
        return (
            f"{'part-way to' if is_floor else 'so far within'} {named}, with the year still running"
        )
    if rating.state is RatingState.NO_YEAR_END:
        return f"with no figure for the end of the year to set against {named}"
    if rating.difference is None:
        return f"within {named}"
    if rating.difference == 0:
        return f"exactly at {named}"
    if rating.state is RatingState.MET and rating.difference < 0:
        return f"within {named}"
    side = "above" if rating.difference > 0 else "below"
    said = f"{say_difference(rating.difference, measure)} {side} {named}"
    return (
        f"{said}, which the council counts as close" if rating.state is RatingState.CLOSE else said
    )


def _name_target(target: TargetHeld, measure: Measure, figure: Figure | None) -> str:
    """“its target of 70% for 2016/17”, without the period where the figure has just named it."""
    bounds = target.bounds
    when = "" if figure and target.when == f"for {figure.label}" else target.when
    if bounds.low is not None and bounds.high is not None:
        text = format_bounds(bounds.low, bounds.high, measure.unit, 0)
        return f"the range of {text} that the council set {when}".strip()
    if bounds.high is not None:
        most = f"no more than {say_number(bounds.high, measure, 0)}"
        return f"its target of {most} {when}".strip()
    if bounds.low is None:
        raise ValueError("A target needs a low or a high bound.")
    least = say_number(bounds.low, measure, 0)
    if measure.polarity is not Polarity.HIGHER:
        least = f"at least {least}"
    return f"its target of {least} {when}".strip()
