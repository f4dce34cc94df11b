"""The looked-after figures are DfE's, under the Open Government Licence v3.0."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.suspicion import is_a_tenth, is_outside, is_ten_times

LOOKED_AFTER = [Decimal(n) for n in "654 638 649 625 588 540 512 498 517".split()]
values = st.integers(-5000, 5000).map(lambda tenths: Decimal(tenths) / 10)


def number(text):
    return None if text == "" else Decimal(text)


@pytest.mark.parametrize(
    ("last", "new", "expected"),
    [
        ("46", "460.1", True),
        ("46", "460", False),
        ("46", "47", False),
        ("0", "12", False),
        ("0.5", "46", True),
        ("-3", "-31", True),
        ("", "46", False),
        ("46", "", False),
        ("", "", False),
    ],
)
def test_over_ten_times_the_last(last, new, expected):
    assert is_ten_times(number(last), number(new)) is expected


@pytest.mark.parametrize(
    ("last", "new", "expected"),
    [
        ("46", "0.46", True),
        ("46", "4.6", False),
        ("46", "4.59", True),
        ("46", "0", True),
        ("0", "0", False),
        ("0", "3", False),
        ("-40", "-3", True),
        ("", "3", False),
        ("46", "", False),
    ],
)
def test_under_a_tenth_of_the_last(last, new, expected):
    assert is_a_tenth(number(last), number(new)) is expected


@given(values, values)
def test_no_figure_is_both_ten_times_and_a_tenth_of_the_last(last, new):
    assert not (is_ten_times(last, new) and is_a_tenth(last, new))


@given(values, values)
def test_ten_times_one_way_is_a_tenth_the_other(last, new):
    if last and new:
        assert is_ten_times(last, new) == is_a_tenth(new, last)


# Worked by hand: the mean is 580.1 and the moving range 24.625, so that the limits are 514.6 and
# 645.6; 501, the figure that came, lies below.
@pytest.mark.parametrize(
    ("new", "expected"), [("515", False), ("501", True), ("5010", True), ("50", True)]
)
def test_looked_after_children_in_2025_against_the_years_before(new, expected):
    assert is_outside(LOOKED_AFTER, Decimal(new)) is expected


def test_a_value_on_a_limit_is_not_outside():
    history = [Decimal(value) for value in (1, 2, 1, 2, 1, 2)]
    # The mean is 1.5 and every step is 1: 1.5 ± 2.66.
    assert not is_outside(history, Decimal("4.16"))
    assert is_outside(history, Decimal("4.17"))
    assert not is_outside(history, Decimal("-1.16"))


def test_fewer_than_six_values_say_nothing():
    assert not is_outside(LOOKED_AFTER[:5], Decimal(5010))
    assert not is_outside([], Decimal(5))


def test_missing_values_do_not_count_and_part_their_neighbours():
    apart = [value for one in LOOKED_AFTER for value in (one, None)]
    assert not is_outside(apart, Decimal(5010))
    assert is_outside([None, *LOOKED_AFTER, None], Decimal(5010))
    assert not is_outside(LOOKED_AFTER, None)
