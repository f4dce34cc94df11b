from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.targets import Bounds, TargetState, target_state

YEAR_END = date(2017, 3, 31)
PANEL = date(2016, 10, 5)


def bounds(low=None, high=None, end=YEAR_END):
    return Bounds(
        None if low is None else Decimal(low), None if high is None else Decimal(high), end
    )


@pytest.mark.parametrize(
    ("target", "value", "kind", "on", "state"),
    [
        # The seven targets of the panel's paper of 5 October 2016.
        (bounds(low=70), 71, "in_period", PANEL, TargetState.MET),
        (bounds(low=55, end=date(2016, 3, 31)), 58, "in_period", PANEL, TargetState.MET),
        (bounds(low=30), 12, "year_to_date", PANEL, TargetState.PART_WAY),
        (bounds(low=550, high=580), 638, "on_a_day", PANEL, TargetState.OUTSIDE_RANGE),
        (bounds(low=30), None, "year_to_date", PANEL, TargetState.NO_FIGURE),
        # The edges.
        (bounds(low=550, high=580), 540, "on_a_day", PANEL, TargetState.OUTSIDE_RANGE),
        (bounds(low=550, high=580), 550, "on_a_day", PANEL, TargetState.WITHIN_RANGE),
        (bounds(low=30), 12, "year_to_date", date(2017, 3, 31), TargetState.PART_WAY),
        (bounds(low=30), 12, "year_to_date", date(2017, 4, 1), TargetState.NOT_MET),
        (bounds(low=30), 30, "year_to_date", PANEL, TargetState.MET),
        (bounds(high=5), 6, "in_period", PANEL, TargetState.NOT_MET),
        # A count that is past its ceiling cannot come back; one that is under it may still pass it.
        (bounds(high=5), 6, "year_to_date", PANEL, TargetState.NOT_MET),
        (bounds(high=5), 4, "year_to_date", PANEL, TargetState.PART_WAY),
        (bounds(high=5), 4, "year_to_date", date(2017, 4, 1), TargetState.MET),
        (bounds(low=10, high=20), 12, "year_to_date", PANEL, TargetState.PART_WAY),
        (bounds(low=10, high=20), 21, "year_to_date", PANEL, TargetState.OUTSIDE_RANGE),
        (bounds(low=10, high=20), 12, "year_to_date", date(2017, 4, 1), TargetState.WITHIN_RANGE),
        (bounds(high=5), 0, "in_period", PANEL, TargetState.MET),
        # At most 30, 12 so far: the year can still pass it, and once passed it stays passed.
        (bounds(high=30), 12, "year_to_date", PANEL, TargetState.PART_WAY),
        (bounds(high=30), 31, "year_to_date", PANEL, TargetState.NOT_MET),
        (bounds(high=30), 12, "year_to_date", date(2017, 4, 1), TargetState.MET),
    ],
)
def test_a_figure_against_its_target(target, value, kind, on, state):
    figure = None if value is None else Decimal(value)
    assert target_state(target, figure, kind, on) is state


def test_a_part_years_count_does_not_say_how_the_year_ended():
    # 12 adopters of April to August 2016, read on 1 April 2017 against 30 for the year.
    after, august = date(2017, 4, 1), date(2016, 8, 31)
    target, count = bounds(low=30), Decimal(12)
    state = target_state(target, count, "year_to_date", after, about=august)
    assert state is TargetState.NO_YEAR_END
    state = target_state(target, count, "year_to_date", after, about=YEAR_END)
    assert state is TargetState.NOT_MET
    state = target_state(target, Decimal(30), "year_to_date", after, about=august)
    assert state is TargetState.MET


def test_a_target_without_a_bound_is_refused():
    with pytest.raises(ValueError, match="low or a high"):
        target_state(bounds(), Decimal(1), "in_period", PANEL)


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(0, 500))
def test_a_range_holds_exactly_what_lies_between_its_ends(value, low, width):
    state = target_state(bounds(low=low, high=low + width), Decimal(value), "on_a_day", PANEL)
    assert (state is TargetState.WITHIN_RANGE) == (low <= value <= low + width)
