"""A figure as it is said, or why there is none."""

import re
from dataclasses import replace
from decimal import Decimal

from performance.calculations.better_or_worse import format_difference
from performance.calculations.figures import Figure, Measure, Symbol
from performance.calculations.period_words import attach_when, name_period, say_when
from performance.calculations.reading import Reading
from performance.calculations.wording import format_value

SINGULAR = {
    "children": "child",
    "people": "person",
    "young people": "young person",
    "enquiries": "enquiry",
}


def say_latest(title: str, reading: Reading) -> str:
    """“638 on 8 August 2016”, “no figure yet”, “not available for 2019/20; the last …”."""
    facts, latest = reading.facts, reading.latest
    if latest is None:
        is_over = facts.target is not None and facts.target.bounds.period_end < facts.on
        return "no figure" if is_over else "no figure yet"
    if latest.value is None:
        return _say_symbol(latest, facts.measure) + _say_last_value(title, reading)
    said = attach_when(say_value(latest, facts.measure, places_of(reading), title), latest)
    return said + _say_restated(reading)


def say_value(figure: Figure, measure: Measure, places: int, title: str | None = None) -> str:
    """“638”, “24 orders”, “none”, “an estimated 43%”: with its unit where a title is to name it."""
    value = figure.value
    if value is None:
        raise ValueError("A figure without a value has no number to say.")
    is_soft = figure.is_provisional or figure.is_estimated
    if value == 0 and not is_soft and is_count(measure):
        return "none"
    text = say_number(value, measure, places)
    if title is not None:
        text += _say_unit(value, measure.unit, title)
    if is_soft:
        return f"{'a provisional' if figure.is_provisional else 'an estimated'} {text}"
    return text


def say_number(value: Decimal, measure: Measure, places: int) -> str:
    """“4,451”, “20.8%”, “minus 35%”: a hyphen would be lost when it is read aloud."""
    text = format_value(abs(value), measure.unit, places)
    return f"minus {text}" if value < 0 else text


def say_difference(difference: Decimal, measure: Measure) -> str:
    """“58”, “5 percentage points”: nobody says “5.0”."""
    return format_difference(difference, replace(measure, decimals=0))


def places_of(reading: Reading) -> int:
    """The decimals of every value in the sentence: those of the one printed most finely."""
    values = [reading.latest, reading.directions.short.earlier, reading.directions.long.earlier]
    return max(
        reading.facts.measure.decimals,
        *(digits_of(figure.value) for figure in values if figure and figure.value is not None),
        0,
    )


def digits_of(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def is_count(measure: Measure) -> bool:
    """Whether it counts things, so that it grows with the size of the council.

    A percentage, a rate or a score does not, nor an average, which has decimals.
    """
    is_ratio = measure.unit in ("%", "points", "months", "weeks", "days")
    return not (is_ratio or measure.unit.startswith(("per ", "£")) or measure.decimals > 0)


def _say_unit(value: Decimal, unit: str, title: str) -> str:
    """The unit of a bare number, unless the title has named it: “Adopters approved: 18”."""
    named = re.split(r"[\s,]+", title.lower())
    if unit == "%" or unit.startswith("£") or not unit or all(w in named for w in unit.split()):
        return ""
    if value == 1:
        return f" {SINGULAR.get(unit, unit.removesuffix('s'))}"
    return f" {unit}"


def _say_restated(reading: Reading) -> str:
    latest, before = reading.latest, reading.facts.revised_from
    if latest is None or (before is None and not latest.is_revised) or before == latest.value:
        return ""
    if before is None:
        return " (restated since)"
    places = max(places_of(reading), digits_of(before))
    return f" (restated since: {say_number(before, reading.facts.measure, places)} before)"


def _say_symbol(figure: Figure, measure: Measure) -> str:
    period = "" if figure.label.startswith("not dated") else f" for {name_period(figure)}"
    match figure.symbol:
        case Symbol.SUPPRESSED:
            return f"not shown{period}, because a small number could name a child"
        case Symbol.NOT_AVAILABLE:
            return f"not available{period}"
        case Symbol.NOT_APPLICABLE:
            return f"no figure{period}, because it does not apply"
        case Symbol.ROUNDS_TO_ZERO:
            nought = "0%" if measure.unit == "%" else "0"
            return f"close to {nought} {say_when(figure)}, though not quite none"
        case Symbol.LOW_RELIABILITY:
            return f"not shown{period}, because its source does not find it reliable enough"
        case _:
            return f"no figure{period}, and its source does not say why"


def _say_last_value(title: str, reading: Reading) -> str:
    last = reading.last_value
    if last is None or last.is_undated:
        return ""
    said = say_value(last, reading.facts.measure, reading.facts.measure.decimals, title)
    return f"; the last figure was {attach_when(said, last)}"
