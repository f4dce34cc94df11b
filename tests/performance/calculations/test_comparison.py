"""Children looked after on 31 March 2025, per 10,000 aged under 18.

DfE, Children looked after in England including adoptions, reporting year 2025,
`cla_number_and_rate_per_10k_children.csv`. Contains public sector information licensed under the
Open Government Licence v3.0.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.better_or_worse import Sense
from performance.calculations.comparison import (
    AreaFigure,
    comparable_values,
    compare,
    stand_against,
)
from performance.calculations.figures import KindOfFigure, Polarity
from tests.performance.calculations.figure_factories import make_measure, on_day

OWN, REGION, ENGLAND = 73, 86, 67  # Wolverhampton, West Midlands, England
RATES = {
    "330": 79,  # Birmingham
    "331": 82,  # Coventry
    "333": 92,  # Sandwell
    "335": 81,  # Walsall
    "354": 102,  # Rochdale
    "371": 74,  # Doncaster
    "373": 54,  # Sheffield
    "806": 138,  # Middlesbrough
    "810": 119,  # Kingston upon Hull
    "812": 131,  # North East Lincolnshire
    "831": 88,  # Derby
    "852": 90,  # Southampton
    "861": 170,  # Stoke-on-Trent
    "874": 72,  # Peterborough
    "892": 93,  # Nottingham
}
LIST_2025 = "333 861 335 810 354 331 371 831 806 812".split()
LIST_2021 = "333 892 335 331 330 831 852 373 874 861".split()
RATE = make_measure(Polarity.NEITHER, KindOfFigure.ON_A_DAY, "per 10,000 children")


def rates_of(codes):
    return {code: Decimal(RATES[code]) for code in codes}


@pytest.mark.parametrize(
    ("codes", "title", "mean", "median", "lowest"),
    [
        (LIST_2025, "Statistical neighbours, May 2025", "107.7", "97.0", 74),
        (LIST_2021, "Statistical neighbours, April 2021", "90.1", "85.0", 54),
    ],
)
def test_neighbours_of_both_lists(codes, title, mean, median, lowest):
    found = compare(rates_of(codes), list_title=title, period="2025")
    assert (found.mean, found.median) == (Decimal(mean), Decimal(median))
    assert (found.lowest, found.highest) == (lowest, 170)
    assert (found.n, found.of) == (10, 10)
    assert found.basis == f"{title}, 10 of 10 with a value, 2025"


def test_region_and_country_are_groups_of_one():
    region = compare({"West Midlands": Decimal(REGION)}, list_title="West Midlands", period="2025")
    assert (region.mean, region.median, region.n, region.of) == (86, 86, 1, 1)


def test_areas_without_a_value_are_left_out_and_counted():
    values = {**rates_of(LIST_2025), "861": None, "806": None}
    found = compare(values, list_title="Neighbours", period="2025")
    assert (found.n, found.of) == (8, 10)
    assert found.mean == Decimal("96.125")
    assert found.basis == "Neighbours, 8 of 10 with a value, 2025"


@pytest.mark.parametrize("values", [{}, {"333": None, "861": None}])
def test_nothing_where_nobody_has_a_value(values):
    # As persistent absence in 2020, when schools were closed.
    assert compare(values, list_title="Neighbours", period="2020") is None


def test_zero_is_a_value():
    assert compare({"333": Decimal(0)}, list_title="Neighbours", period="2025").mean == 0


def test_only_the_same_period_and_a_declared_series_are_compared():
    def rate_on(day, series="dfe", **flags):
        return AreaFigure(series, on_day(day, 90, **flags))

    others = {
        "same": rate_on("2025-03-31"),
        "declared": rate_on("2025-03-31", "region"),
        "undeclared": rate_on("2025-03-31", "council"),
        "year before": rate_on("2024-03-31"),
        "undated": rate_on("2025-03-31", is_undated=True),
        "suppressed": AreaFigure("dfe", on_day("2025-03-31", None)),
        "no row": None,
    }
    values = comparable_values(rate_on("2025-03-31"), others, {"region"})
    assert [area for area, value in values.items() if value is not None] == ["same", "declared"]
    assert len(values) == len(others)


def test_undated_figure_of_our_own_is_compared_with_nobody():
    own = AreaFigure("dfe", on_day("2025-03-31", OWN, is_undated=True))
    other = AreaFigure("dfe", on_day("2025-03-31", 90))
    assert comparable_values(own, {"333": other}, ()) == {"333": None}


@pytest.mark.parametrize(
    ("polarity", "against_region", "against_england"),
    [
        (Polarity.NEITHER, Sense.DOWN, Sense.UP),
        (Polarity.RANGE, Sense.DOWN, Sense.UP),
        (Polarity.LOWER, Sense.BETTER, Sense.WORSE),
        (Polarity.HIGHER, Sense.WORSE, Sense.BETTER),
    ],
)
def test_standing_against_region_and_england(polarity, against_region, against_england):
    measure = make_measure(polarity)
    assert stand_against(Decimal(OWN), Decimal(REGION), measure) is against_region
    assert stand_against(Decimal(OWN), Decimal(ENGLAND), measure) is against_england
    assert stand_against(Decimal(OWN), Decimal(OWN), measure) is Sense.SAME


@given(
    st.lists(st.integers(0, 400).map(Decimal), min_size=1, max_size=12),
    st.integers(-100, 100),
    st.sampled_from([10, 100]),
)
def test_averages_keep_to_order_shift_and_unit(values, shift, factor):
    def compare_list(numbers):
        return compare(
            {str(i): number for i, number in enumerate(numbers)}, list_title="", period=""
        )

    plain = compare_list(values)
    assert compare_list(values[::-1]) == plain
    moved = compare_list([value * factor + shift for value in values])
    assert moved.median == plain.median * factor + shift
    assert abs(moved.mean - (plain.mean * factor + shift)) < Decimal("1e-20")
    assert plain.lowest <= plain.median <= plain.highest
