from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.better_or_worse import Sense
from performance.calculations.direction import find_directions
from performance.calculations.figures import KindOfFigure, Polarity
from tests.performance.calculations.figure_factories import (
    make_figure,
    make_measure,
    make_quarters,
    on_31_march,
    on_day,
)

IN_PERIOD = make_measure()
ON_A_DAY = make_measure(Polarity.RANGE, KindOfFigure.ON_A_DAY, "children")
YEAR_TO_DATE = make_measure(Polarity.HIGHER, KindOfFigure.YEAR_TO_DATE, "adopters")
ROLLING = make_measure(Polarity.LOWER, KindOfFigure.ROLLING)

FLIPPED = {Sense.BETTER: Sense.WORSE, Sense.WORSE: Sense.BETTER}


def rolling_year(end_year, month_end, value):
    start = {"03-31": "04-01", "06-30": "07-01", "12-31": "01-01"}[month_end]
    start_year = end_year if start == "01-01" else end_year - 1
    end = f"{end_year}-{month_end}"
    return make_figure(f"{start_year}-{start}", end, value, f"year to {end}")


def test_quarter_has_both_directions():
    both = find_directions(make_quarters(2015, [60, 61, 62, 64, 67]), IN_PERIOD)
    assert both.short.words == "better: up 3 percentage points from Q4 2015/16"
    assert (both.short.change, both.short.sense) == (3, Sense.BETTER)
    assert both.long.words == "better: up 7 percentage points from Q1 2015/16"
    assert both.short.earlier != both.long.earlier


@pytest.mark.parametrize(
    ("polarity", "is_context", "values", "sense", "words"),
    [
        (Polarity.LOWER, False, [60, 61], Sense.WORSE, "worse: up 1 percentage point from Q1"),
        (Polarity.LOWER, False, [61, 60], Sense.BETTER, "better: down 1 percentage point from Q1"),
        (Polarity.HIGHER, False, [61, 60], Sense.WORSE, "worse: down 1 percentage point from Q1"),
        (Polarity.HIGHER, True, [60, 61], Sense.UP, "up 1 percentage point from Q1"),
        (Polarity.NEITHER, False, [61, 60], Sense.DOWN, "down 1 percentage point from Q1"),
        (Polarity.RANGE, False, [60, 61], Sense.UP, "up 1 percentage point from Q1"),
        (Polarity.HIGHER, False, [60, 60], Sense.SAME, "the same as Q1"),
    ],
)
def test_sense_follows_polarity_and_context(polarity, is_context, values, sense, words):
    measure = make_measure(polarity, is_context=is_context)
    short = find_directions(make_quarters(2015, values), measure).short
    assert (short.sense, short.words) == (sense, f"{words} 2015/16")


def test_yearly_series_has_one_direction_twice():
    years = [make_figure(f"{y}-04-01", f"{y + 1}-03-31", y) for y in (2013, 2014, 2015)]
    both = find_directions(years, IN_PERIOD)
    assert both.short.earlier == both.long.earlier
    assert both.short.earlier.end.isoformat() == "2015-03-31"


def test_year_is_not_compared_with_a_quarter():
    figures = [
        make_figure("2015-01-01", "2015-03-31", 60),
        make_figure("2015-04-01", "2016-03-31", 70, "2015/16"),
    ]
    both = find_directions(figures, IN_PERIOD)
    assert both.short.sense is None
    assert both.short.why_not == (
        "There is no figure for the period of the same length before 2015/16."
    )
    assert both.long.why_not == "There is no figure for the same time a year earlier."


def test_quarter_left_out_is_not_stepped_over():
    figures = make_quarters(2015, [60, 61, 62])
    short = find_directions([figures[0], figures[2]], IN_PERIOD).short
    assert short.sense is None
    assert "before Q3 2015/16" in short.why_not


def test_academic_terms_with_holidays_between_follow_each_other():
    terms = [
        make_figure("2015-09-07", "2015-12-18", 90, "autumn"),
        make_figure("2016-01-04", "2016-04-15", 91, "spring"),
    ]
    assert find_directions(terms, IN_PERIOD).short.change == 1


def test_year_to_date_has_only_the_long_direction():
    # Same part of a leap year: to the end of February.
    figures = [
        make_figure("2014-04-01", "2015-02-28", 20, "2014/15 to February"),
        make_figure("2015-04-01", "2016-01-31", 24, "2015/16 to January"),
        make_figure("2015-04-01", "2016-02-29", 27, "2015/16 to February"),
    ]
    both = find_directions(figures, YEAR_TO_DATE)
    assert both.short.sense is None
    assert both.short.why_not == (
        "A figure for the year so far is not compared with one for less of the year."
    )
    assert both.long.words == "better: up 7 from 2014/15 to February"


def test_rolling_years_are_compared_only_when_they_do_not_overlap():
    figures = [rolling_year(2015, "06-30", 22), rolling_year(2016, "03-31", 24)]
    latest = rolling_year(2016, "06-30", 21)
    both = find_directions([*figures, latest], ROLLING)
    assert both.short.sense is Sense.BETTER
    assert both.short.earlier.end.isoformat() == "2015-06-30"
    without_year = find_directions([figures[1], latest], ROLLING)
    assert without_year.short.why_not == (
        "year to 2016-03-31 and year to 2016-06-30 count some of the same months."
    )
    assert without_year.long.sense is None


def test_on_a_day_is_compared_with_the_nearest_earlier_value():
    # The panel's paper of 5 October 2016, 5.03: 778 (2014/15), 655 (2015/16), 638 on 8 August.
    figures = [
        on_day("2015-03-31", 778, "2014/15"),
        on_day("2016-03-31", 655, "2015/16"),
        on_day("2016-06-30", None, "June"),
        on_day("2016-08-08", 638, "8 August 2016"),
    ]
    both = find_directions(figures, ON_A_DAY)
    assert both.short.words == "down 17 from 2015/16"
    assert both.long.why_not == "There is no figure for the same time a year earlier."


@pytest.mark.parametrize(
    ("earlier", "latest", "is_legal"),
    [
        ("2015-08-08", "2016-08-08", True),
        ("2015-08-31", "2016-08-01", True),
        ("2015-02-28", "2016-02-29", True),
        ("2015-10-01", "2016-09-30", True),
        ("2015-09-25", "2016-10-02", True),
        ("2015-09-24", "2016-10-02", False),
        ("2014-08-08", "2016-08-08", False),
        ("2015-06-30", "2016-08-08", False),
    ],
)
def test_on_a_day_long_direction_is_from_about_a_year_earlier(earlier, latest, is_legal):
    both = find_directions([on_day(earlier, 650), on_day(latest, 638)], ON_A_DAY)
    assert (both.long.sense is Sense.DOWN) is is_legal
    assert both.short.change == -12


def test_on_a_day_long_direction_takes_the_day_nearest_to_a_year():
    days = [on_day("2015-08-01", 1), on_day("2015-08-10", 2), on_day("2016-08-08", 5)]
    assert find_directions(days, ON_A_DAY).long.change == 3


def test_nothing_is_compared_across_a_series_break():
    # DfE, persistent absence 2014/15: 3.7 under the old definition, 7.7 under the new.
    # Contains public sector information licensed under the Open Government Licence v3.0.
    figures = [
        make_figure("2013-08-01", "2014-07-31", "3.7", "2013/14"),
        make_figure("2014-08-01", "2015-07-31", "7.7", "2014/15", is_series_break=True),
        make_figure("2015-08-01", "2016-07-31", "7.8", "2015/16"),
    ]
    at_the_break = find_directions(figures[:2], IN_PERIOD)
    assert at_the_break.short.sense is None
    assert at_the_break.short.why_not == (
        "The way it is counted changed between 2013/14 and 2014/15."
    )
    assert at_the_break.long.why_not == at_the_break.short.why_not
    assert find_directions(figures, IN_PERIOD).short.change == Decimal("0.1")


def test_break_between_two_figures_that_are_compared_is_seen():
    figures = make_quarters(2015, [60, 61])
    figures += [
        make_figure("2015-10-01", "2015-12-31", 62, is_series_break=True),
        *make_quarters(2015, [0, 0, 0, 64, 67])[3:],
    ]
    both = find_directions(figures, IN_PERIOD)
    assert both.short.change == 3
    assert both.long.sense is None


def test_symbols_are_never_an_end_of_a_direction():
    quarters = make_quarters(2015, [60, None, 62])
    assert find_directions(quarters, IN_PERIOD).short.why_not == (
        "There is no value for Q2 2015/16."
    )
    both = find_directions(quarters[:2], IN_PERIOD)
    assert both.short.why_not == both.long.why_not == "There is no value for Q2 2015/16."


def test_undated_figures_are_never_compared():
    undated = on_day("2016-10-05", 89, is_undated=True)
    assert find_directions([undated], ON_A_DAY).short.why_not == (
        "The source does not date its figures."
    )
    dated = [on_day("2015-03-31", 640), on_day("2016-03-31", 654)]
    assert find_directions([*dated, undated], ON_A_DAY) == find_directions(dated, ON_A_DAY)


def test_no_figure_and_one_figure_have_no_direction():
    assert find_directions([], IN_PERIOD).short.why_not == "There is no figure."
    assert find_directions([on_day("2016-03-31", 1)], ON_A_DAY).short.why_not == (
        "There is no earlier figure."
    )


def test_provisional_and_estimated_figures_are_compared_and_said_to_be():
    figures = [
        make_figure("2015-04-01", "2015-06-30", 60, "Q1", is_estimated=True),
        make_figure("2015-07-01", "2015-09-30", 61, "Q2", is_provisional=True),
    ]
    short = find_directions(figures, IN_PERIOD).short
    assert short.sense is Sense.BETTER
    assert short.note == "Q1 is estimated and Q2 is provisional."


@given(st.lists(st.integers(0, 50) | st.none(), max_size=9), st.integers(0, 10**6))
def test_directions_do_not_depend_on_the_order_of_rows(values, seed):
    figures = make_quarters(2013, values)
    shuffled = figures[:]
    Random(seed).shuffle(shuffled)
    assert find_directions(shuffled, IN_PERIOD) == find_directions(figures, IN_PERIOD)


@given(st.lists(st.integers(0, 50), min_size=2, max_size=9), st.integers(-99, 99))
def test_flipping_the_polarity_swaps_better_and_worse_and_a_shift_changes_nothing(values, shift):
    higher = find_directions(on_31_march(2010, values), make_measure(kind=KindOfFigure.ON_A_DAY))
    lower_is_better = make_measure(Polarity.LOWER, KindOfFigure.ON_A_DAY)
    lower = find_directions(on_31_march(2010, [v + shift for v in values]), lower_is_better)
    for one, other in ((higher.short, lower.short), (higher.long, lower.long)):
        assert other.sense is FLIPPED.get(one.sense, one.sense)
        assert other.change == one.change


@given(st.integers(-50, 50), st.sampled_from([Decimal(100), Decimal("0.01")]))
def test_change_scales_with_the_unit(change, factor):
    days = ("2015-03-31", "2016-03-31")
    plain = find_directions([on_day(days[0], 50), on_day(days[1], 50 + change)], ON_A_DAY)
    scaled = find_directions(
        [on_day(days[0], 50 * factor), on_day(days[1], (50 + change) * factor)], ON_A_DAY
    )
    assert scaled.short.change == plain.short.change * factor
    assert scaled.short.sense is plain.short.sense
