"""What a series allows a figure of it to be."""

from decimal import Decimal

import pytest

from performance.importer.allowed import not_allowed
from performance.importer.own_periods import SeriesRule


@pytest.mark.parametrize(
    ("number", "meant"), [("1.5", "1 or 2"), ("0.5", "0 or 1"), ("-0.5", "-1 or 0"),
                          ("-1.5", "-2 or -1")],
)  # fmt: skip
def test_the_whole_numbers_on_both_sides_of_a_part_of_a_child_are_suggested(number, meant):
    rule = SeriesRule(1, (), "in_period", None, None, None, counts_children=True)
    assert not_allowed(rule, Decimal(number)).expected.endswith(f": is {meant} meant?")
