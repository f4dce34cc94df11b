from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.figures import KindOfFigure, Polarity
from performance.calculations.rating import UNCOLOURED, RatingState, rate, write_rule
from performance.calculations.targets import Bounds
from tests.performance.calculations.figure_factories import make_figure, make_measure, on_day

YEAR_END = date(2017, 3, 31)
PANEL = date(2016, 10, 5)
LOOKED_AFTER = make_measure(Polarity.RANGE, KindOfFigure.ON_A_DAY, "children", counts_children=True)
ADOPTERS = make_measure(Polarity.HIGHER, KindOfFigure.YEAR_TO_DATE, "adopters")


def make_bounds(low=None, high=None):
    return Bounds(
        None if low is None else Decimal(low), None if high is None else Decimal(high), YEAR_END
    )


def rate_percentage(value, tolerance=None, polarity=Polarity.HIGHER, **bounds):
    measure = make_measure(polarity, tolerance=None if tolerance is None else Decimal(tolerance))
    return rate(measure, on_day("2016-08-31", value), make_bounds(**bounds), PANEL)


@pytest.mark.parametrize(
    ("value", "bounds", "state", "words"),
    [
        # 3.06 and 10.01 of the panel's paper of 5 October 2016.
        (71, {"low": 70}, RatingState.MET, "1 percentage point above its target of 70%"),
        (58, {"low": 55}, RatingState.MET, "3 percentage points above its target of 55%"),
        (70, {"low": 70}, RatingState.MET, "exactly at its target of 70%"),
        ("69.5", {"low": 70}, RatingState.NOT_MET, "0.5 percentage points below its target of 70%"),
        (5, {"high": 5}, RatingState.MET, "exactly at its target of at most 5%"),
        (4, {"high": 5}, RatingState.MET, "1 percentage point below its target of at most 5%"),
        (8, {"high": 5}, RatingState.NOT_MET, "3 percentage points above its target of at most 5%"),
        (
            None,
            {"low": 70},
            RatingState.NO_FIGURE,
            "without a figure to hold against its target of 70%",
        ),
    ],
)
def test_rating_of_a_percentage_against_one_bound(value, bounds, state, words):
    rating = rate_percentage(value, **bounds)
    assert (rating.state, rating.words) == (state, words)


@pytest.mark.parametrize(
    ("value", "bounds", "state"),
    [
        (70, {"low": 70}, RatingState.MET),
        (69, {"low": 70}, RatingState.CLOSE),
        (68, {"low": 70}, RatingState.CLOSE),
        ("67.9", {"low": 70}, RatingState.NOT_MET),
        (7, {"high": 5}, RatingState.CLOSE),
        ("7.1", {"high": 5}, RatingState.NOT_MET),
        (82, {"low": 70, "high": 80}, RatingState.CLOSE),
        (83, {"low": 70, "high": 80}, RatingState.ABOVE_RANGE),
        (67, {"low": 70, "high": 80}, RatingState.BELOW_RANGE),
    ],
)
def test_close_to_it_is_missed_by_no_more_than_the_tolerance(value, bounds, state):
    assert rate_percentage(value, tolerance=2, **bounds).state is state


def test_without_a_tolerance_nothing_is_close():
    assert rate_percentage("69.9", low=70).state is RatingState.NOT_MET
    assert rate_percentage("69.9", tolerance=0, low=70).state is RatingState.NOT_MET


@pytest.mark.parametrize(
    ("value", "state", "words", "difference"),
    [
        # 5.03 and 5.04 of the paper: 638 on 8 August 2016.
        (638, RatingState.ABOVE_RANGE, "58 above the top of its range of 550 to 580", 58),
        (540, RatingState.BELOW_RANGE, "10 below the bottom of its range of 550 to 580", -10),
        (580, RatingState.WITHIN_RANGE, "within its range of 550 to 580", None),
    ],
)
def test_rating_of_a_range_says_which_side_and_has_no_colour(value, state, words, difference):
    figure = on_day("2016-08-08", value)
    rating = rate(LOOKED_AFTER, figure, make_bounds(550, 580), PANEL)
    assert (rating.state, rating.words, rating.difference) == (state, words, difference)
    assert not rating.is_coloured


def test_rating_keeps_its_words_when_numbers_come_with_the_columns_six_places():
    bounds = make_bounds("550.000000", "580.000000")
    rating = rate(LOOKED_AFTER, on_day("2016-08-08", "638.000000"), bounds, PANEL)
    assert rating.words == "58 above the top of its range of 550 to 580"


@pytest.mark.parametrize(
    ("bounds", "on", "state", "words"),
    [
        # 6.02 of the paper: 12 adopters of 30 by August 2016.
        (
            make_bounds(low=30),
            PANEL,
            RatingState.PART_WAY,
            "12 so far, against its target of 30, with the year still running",
        ),
        (
            make_bounds(low=30),
            date(2017, 4, 1),
            RatingState.NO_YEAR_END,
            "12 at the last count, with no figure for the year’s end to hold against its target "
            "of 30",
        ),
        (make_bounds(low=10), PANEL, RatingState.MET, "2 above its target of 10"),
        (make_bounds(high=11), PANEL, RatingState.NOT_MET, "1 above its target of at most 11"),
        (
            make_bounds(high=20),
            PANEL,
            RatingState.PART_WAY,
            "12 so far, against its target of at most 20, with the year still running",
        ),
    ],
)
def test_rating_of_a_year_to_date_count(bounds, on, state, words):
    figure = make_figure("2016-04-01", "2016-08-31", 12)
    rating = rate(ADOPTERS, figure, bounds, on)
    assert (rating.state, rating.words) == (state, words)
    assert rating.is_coloured == (state not in UNCOLOURED)


def test_rating_without_a_target():
    rating = rate(ADOPTERS, make_figure("2016-04-01", "2016-08-31", 12), None, PANEL)
    assert (rating.state, rating.rule, rating.difference) == (RatingState.NO_TARGET, "", None)
    assert not rating.is_coloured


def test_rating_without_any_figure():
    rating = rate(ADOPTERS, None, make_bounds(low=30), PANEL)
    assert rating.state is RatingState.NO_FIGURE
    assert not rating.is_coloured


@pytest.mark.parametrize(
    ("polarity", "is_context", "is_coloured"),
    [
        (Polarity.HIGHER, False, True),
        (Polarity.LOWER, False, True),
        (Polarity.NEITHER, False, False),
        (Polarity.RANGE, False, False),
        (Polarity.HIGHER, True, False),
    ],
)
def test_colour_needs_a_good_direction_and_no_context(polarity, is_context, is_coloured):
    measure = make_measure(polarity, is_context=is_context)
    rating = rate(measure, on_day("2016-08-31", 71), make_bounds(low=70), PANEL)
    assert rating.state is RatingState.MET
    assert rating.is_coloured is is_coloured


@pytest.mark.parametrize(
    ("measure", "bounds", "rule"),
    [
        (
            make_measure(tolerance=Decimal(2)),
            make_bounds(low=70),
            "Met at 70% or more; close to it within 2 percentage points",
        ),
        (make_measure(), make_bounds(low=70), "Met at 70% or more"),
        (make_measure(), make_bounds(high=5), "Met at 5% or less"),
        (LOOKED_AFTER, make_bounds(550, 580), "Within its range at 550 to 580"),
        (ADOPTERS, make_bounds(low=30), "Met at 30 or more; part-way while the year runs"),
        (
            make_measure(unit="£ million", decimals=1),
            make_bounds(high="47"),
            "Met at £47.0 million or less",
        ),
    ],
)
def test_rule_is_written_out(measure, bounds, rule):
    assert write_rule(measure, bounds) == rule
    assert rate(measure, None, bounds, PANEL).rule == rule


def test_target_without_a_bound_is_refused():
    with pytest.raises(ValueError, match="low or a high"):
        rate(ADOPTERS, None, make_bounds(), PANEL)
    with pytest.raises(ValueError, match="low or a high"):
        write_rule(ADOPTERS, make_bounds())


@given(
    value=st.integers(-50, 150),
    target=st.integers(0, 100),
    tolerance=st.none() | st.integers(0, 20),
    shift=st.integers(-100, 100),
)
def test_floor_and_ceiling_are_mirror_images_and_move_with_a_shift(value, target, tolerance, shift):
    floor = rate_percentage(value, tolerance, low=target)
    ceiling = rate_percentage(-value, tolerance, Polarity.LOWER, high=-target)
    moved = rate_percentage(value + shift, tolerance, low=target + shift)
    assert floor.state is ceiling.state is moved.state
    assert floor.difference == -ceiling.difference == moved.difference
