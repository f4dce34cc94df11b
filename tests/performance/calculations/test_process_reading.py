from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.figures import Polarity
from performance.calculations.process import Assurance, Stage
from performance.calculations.process_reading import Change, read_process, split_segments
from performance.calculations.process_signals import Orientation, Rule
from performance.calculations.targets import Bounds
from tests.performance.calculations.figure_factories import (
    make_figure,
    make_quarters,
    on_31_march,
    on_day,
)

LOOKED_AFTER = [654, 638, 649, 625, 588, 540, 512, 498, 517, 501]
STEADY = [20, 22, 21, 23, 20, 22, 21, 23, 20, 22, 21, 23]


def signals_of(reading):
    return [point.signal and point.signal.rule for point in reading.points]


def test_ten_years_have_trial_limits_and_no_signal():
    # DfE, Children looked after in England, on 31 March 2016 to 2025.
    # Contains public sector information licensed under the Open Government Licence v3.0.
    reading = read_process(
        on_31_march(2016, LOOKED_AFTER),
        Polarity.RANGE,
        Bounds(Decimal(550), Decimal(580), on_day("2025-03-31", 1).end),
    )
    assert reading.stage is Stage.TRIAL
    assert round(reading.limits.upper, 3) == Decimal("635.153")
    assert signals_of(reading) == [None] * 10
    assert [point.is_outside for point in reading.points] == [True] * 3 + [False] * 4 + [
        True,
        False,
        True,
    ]
    assert reading.assurance is None
    assert reading.change is Change.TOO_SOON
    assert reading.words == "too soon to say"


def test_five_figures_are_a_run_chart():
    reading = read_process(on_31_march(2021, LOOKED_AFTER[:5]), Polarity.NEITHER)
    assert (reading.stage, reading.limits, reading.n) == (Stage.RUN_CHART, None, 5)
    assert reading.why_no_limits == "There are fewer than six figures."
    assert len(reading.points) == 5
    assert reading.change is Change.TOO_SOON


def test_no_figures_are_a_run_chart_without_points():
    reading = read_process([], Polarity.HIGHER)
    assert (reading.stage, reading.points, reading.latest) == (Stage.RUN_CHART, (), None)
    assert reading.words == "too soon to say"


@pytest.mark.parametrize(
    ("polarity", "orientation", "words"),
    [
        (Polarity.HIGHER, Orientation.IMPROVEMENT, "a real change, for the better"),
        (Polarity.LOWER, Orientation.CONCERN, "a real change, for the worse"),
        (Polarity.RANGE, Orientation.NEUTRAL_HIGH, "a real change, upwards"),
    ],
)
def test_thirteenth_figure_may_be_a_real_change(polarity, orientation, words):
    reading = read_process(make_quarters(2013, [*STEADY, 40]), polarity)
    assert reading.stage is Stage.SIGNALS
    assert reading.latest.signal.rule is Rule.OUTSIDE
    assert reading.latest.signal.orientation is orientation
    assert reading.words == words


def test_thirteenth_figure_like_the_others_is_no_real_change():
    bounds = Bounds(Decimal(22), None, on_day("2016-06-30", 1).end)
    reading = read_process(make_quarters(2013, [*STEADY, 22]), Polarity.HIGHER, bounds)
    assert reading.change is Change.NONE
    assert reading.words == "no real change"
    assert reading.assurance is Assurance.HIT_AND_MISS


def test_symbol_is_a_point_without_a_value_and_does_not_count():
    reading = read_process(make_quarters(2013, [*STEADY, None]), Polarity.HIGHER)
    assert (reading.n, reading.stage) == (12, Stage.TRIAL)
    assert reading.points[-1].figure.value is None
    assert reading.latest.figure.value == 23


def test_symbol_breaks_a_run():
    values = [10, 30, 10, 30, 10, 30, 10, 30, 22, 23, 22, 23, 22, 23, 22]
    with_run = read_process(make_quarters(2013, values), Polarity.HIGHER)
    broken = read_process(make_quarters(2013, [*values[:11], None, *values[11:]]), Polarity.HIGHER)
    assert signals_of(with_run)[-7:] == [Rule.ONE_SIDE] * 7
    assert signals_of(broken)[-4:] == [None] * 4


def test_quarter_without_a_row_breaks_a_run_like_a_symbol():
    values = [10, 30, 10, 30, 10, 30, 10, 30, 22, 23, 22, None, 23, 22, 23, 22]
    figures = make_quarters(2013, values)
    with_symbol = read_process(figures, Polarity.HIGHER)
    without_row = read_process([f for f in figures if f.value is not None], Polarity.HIGHER)
    assert without_row.limits == with_symbol.limits
    assert signals_of(without_row)[-4:] == [None] * 4


def test_series_break_starts_a_new_segment():
    old = on_31_march(2006, [3] * 8)
    new = [on_day("2014-03-31", 7, is_series_break=True), *on_31_march(2015, [7, 8, 7, 8, 7, 8])]
    assert [len(segment) for segment in split_segments([*new, *old])] == [8, 7]
    reading = read_process([*old, *new], Polarity.LOWER)
    assert (reading.n, reading.stage) == (7, Stage.TRIAL)
    assert reading.limits.lower > 3


def test_undated_figure_has_no_place_on_the_chart():
    figures = [*on_31_march(2016, LOOKED_AFTER), on_day("2024-10-05", 9, is_undated=True)]
    assert read_process(figures, Polarity.NEITHER) == read_process(
        on_31_march(2016, LOOKED_AFTER), Polarity.NEITHER
    )


def test_running_totals_have_no_limits():
    totals = [
        make_figure("2015-04-01", end, value)
        for end, value in [
            ("2015-06-30", 3),
            ("2015-09-30", 8),
            ("2015-12-31", 15),
            ("2016-01-31", 16),
            ("2016-02-29", 18),
            ("2016-03-31", 20),
        ]
    ]
    reading = read_process(totals, Polarity.HIGHER)
    assert reading.stage is Stage.RUN_CHART
    assert reading.why_no_limits == "Each figure counts some of the same days as the one before it."


def test_months_and_years_are_not_mixed():
    figures = [
        *make_quarters(2014, [1, 2, 1, 2, 1]),
        make_figure("2015-07-01", "2016-06-30", 6),
    ]
    assert read_process(figures, Polarity.HIGHER).why_no_limits == (
        "The figures are for periods of different lengths."
    )


def test_figures_of_which_no_two_are_neighbours_have_no_limits():
    values = [1, None, 2, None, 1, None, 2, None, 1, None, 2]
    reading = read_process(make_quarters(2013, values), Polarity.HIGHER)
    assert reading.why_no_limits == "No two figures follow each other without a gap."


@given(
    st.lists(st.integers(0, 60) | st.none(), max_size=20),
    st.integers(0, 10**6),
    st.sampled_from(Polarity),
)
def test_reading_does_not_depend_on_the_order_of_rows(values, seed, polarity):
    figures = make_quarters(2010, values)
    shuffled = figures[:]
    Random(seed).shuffle(shuffled)
    assert read_process(shuffled, polarity) == read_process(figures, polarity)
