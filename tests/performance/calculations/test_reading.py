from datetime import date
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.figures import Polarity, Symbol
from performance.calculations.process_reading import Change
from performance.calculations.rating import RatingState
from performance.calculations.reading import read
from tests.performance.calculations.figure_factories import make_figure, on_day
from tests.performance.calculations.sentence_cases import (
    ADOPTERS,
    CASES,
    CHILDREN,
    LOOKED_AFTER,
    PANEL,
    RE_REFERRALS,
    SHARE_LOWER_1,
    facts,
    school_years,
    snapshot,
    target,
    years,
)

UNDATED = on_day("2017-06-30", "252", "not dated in the paper", is_undated=True)


def test_no_figures_are_read_as_nothing():
    reading = read(facts(CHILDREN, (), PANEL))
    assert (reading.latest, reading.last_value, reading.target_figure) == (None, None, None)
    assert reading.rating.state is RatingState.NO_TARGET
    assert reading.directions.short.sense is None
    assert reading.process.n == 0


def test_latest_is_dated_where_any_is():
    april = make_figure("2016-04-01", "2016-04-30", "264", "April 2016")
    assert read(facts(CHILDREN, (UNDATED, april), PANEL)).latest == april
    assert read(facts(CHILDREN, (UNDATED,), PANEL)).latest == UNDATED


def test_latest_may_have_no_value_and_the_last_value_be_older():
    figures = school_years(2017, "10.7 6.6 9.7 not_available")
    reading = read(facts(SHARE_LOWER_1, figures, PANEL))
    assert (reading.latest.symbol, reading.last_value.value) == (
        Symbol.NOT_AVAILABLE,
        Decimal("9.7"),
    )


def test_target_takes_the_newest_value_in_its_period():
    reading = read(facts(CHILDREN, LOOKED_AFTER, PANEL, target=target("550", "580")))
    assert reading.target_figure == LOOKED_AFTER[-1]
    assert reading.rating.state is RatingState.ABOVE_RANGE
    assert not reading.rating.is_coloured
    earlier = read(facts(CHILDREN, LOOKED_AFTER[:1], PANEL, target=target("550", "580")))
    assert (earlier.target_figure, earlier.rating.state) == (None, RatingState.NO_FIGURE)


def test_target_never_takes_a_figure_of_a_day_to_come():
    figures = (on_day("2016-06-30", "10"), on_day("2016-12-31", "25"))
    reading = read(facts(ADOPTERS, figures, PANEL, target=target("30")))
    assert reading.target_figure == figures[0]


def test_no_dated_target_is_held_against_an_undated_figure():
    undated = on_day("2016-06-30", "67", "not dated in the paper", is_undated=True)
    dated = read(facts(SHARE_LOWER_1, (undated,), PANEL, target=target("70")))
    assert (dated.target_figure, dated.rating.state) == (None, RatingState.NO_FIGURE)


def test_measure_of_context_is_read_without_a_good_direction():
    figures = years(2013, RE_REFERRALS.replace("20.8", "60"))
    measure = snapshot("%", Polarity.LOWER, 1, is_context=True)
    reading = read(facts(measure, figures))
    assert reading.process.change is Change.REAL
    assert reading.process.words == "a real change, upwards"


def test_target_gives_the_assurance_its_bounds():
    reading = read(
        facts(SHARE_LOWER_1, years(2013, RE_REFERRALS), target=target(high="60", end_year=2025))
    )
    assert reading.process.assurance == "consistently passes"
    assert reading.rating.state is RatingState.MET


@given(st.randoms(use_true_random=False), st.sampled_from(sorted(CASES)))
def test_order_of_figures_does_not_matter(random: Random, case: str):
    given_facts = CASES[case][1]
    mixed = list(given_facts.figures)
    random.shuffle(mixed)
    one = read(given_facts)
    other = read(facts(given_facts.measure, mixed, given_facts.on, target=given_facts.target))
    assert (one.latest, one.last_value, one.target_figure) == (
        other.latest,
        other.last_value,
        other.target_figure,
    )
    assert (one.rating, one.directions, one.process) == (
        other.rating,
        other.directions,
        other.process,
    )


def test_day_of_the_position_decides_whether_a_count_is_part_way():
    figures = (make_figure("2016-04-01", "2016-08-31", "12"),)
    held = target("30")
    assert read(facts(ADOPTERS, figures, PANEL, target=held)).rating.state is RatingState.PART_WAY
    over = read(facts(ADOPTERS, figures, date(2017, 4, 1), target=held))
    assert over.rating.state is RatingState.NO_YEAR_END
