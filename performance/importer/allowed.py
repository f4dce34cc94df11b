"""What a series allows a figure of it to be, in whatever layout the figure comes."""

from decimal import Decimal
from math import floor

from performance.calculations.wording import format_bounds, format_value
from performance.importer.officers_cells import Question
from performance.importer.own_periods import SeriesRule


def not_allowed(rule: SeriesRule, number: Decimal) -> Question | None:
    """The question about a number that no figure of the series can be; None where it can."""
    return outside(rule, number) or part_of_a_child(rule, number)


def outside(rule: SeriesRule, number: Decimal) -> Question | None:
    below = rule.lowest is not None and number < rule.lowest
    above = rule.highest is not None and number > rule.highest
    if not (below or above):
        return None
    return Question(f"a figure {_allowed(rule)} was expected")


def part_of_a_child(rule: SeriesRule, number: Decimal) -> Question | None:
    whole = floor(number)
    if not rule.counts_children or number == whole:
        return None
    return Question(
        f"part of a child? A whole number was expected: is {whole} or {whole + 1} meant?"
    )


def _allowed(rule: SeriesRule) -> str:
    """“from 0 to 100”, “not below 0”."""
    unit = "%" if rule.is_percentage else ""
    if rule.lowest is not None and rule.highest is not None:
        return f"from {format_bounds(rule.lowest, rule.highest, unit, 0)}"
    if rule.lowest is not None:
        return f"not below {format_value(rule.lowest, unit, 0)}"
    assert rule.highest is not None
    return f"not above {format_value(rule.highest, unit, 0)}"
