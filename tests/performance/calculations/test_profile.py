from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.better_or_worse import Sense
from performance.calculations.figures import KindOfFigure, Polarity
from performance.calculations.profile import parse_profile, read_profile
from performance.calculations.targets import Bounds
from tests.performance.calculations.figure_factories import make_figure, make_measure

ADOPTERS = make_measure(Polarity.HIGHER, KindOfFigure.YEAR_TO_DATE, "adopters")
THIRTY = Bounds(Decimal(30), None, date(2017, 3, 31))
# Made up for the test: the paper gives its targets no profile.
PROFILE = parse_profile({"2016-09-30": 15, "2016-06-30": "7", "2017-03-31": 30})


def adopters_by(day, value):
    return make_figure("2016-04-01", day, value)


def test_without_a_profile_only_the_shares_are_said():
    # 6.02 of the panel's paper of 5 October 2016: 12 adopters by August, against 30.
    reading = read_profile(ADOPTERS, adopters_by("2016-08-31", 12), THIRTY)
    assert reading.words == "40% of the target, with 42% of the year gone"
    assert reading.share_of_target == Decimal("0.4")
    assert reading.share_of_year == Decimal(153) / 365
    assert (reading.expected, reading.difference, reading.sense) == (None, None, None)


@pytest.mark.parametrize(
    ("day", "value", "sense", "words"),
    [
        ("2016-08-31", 12, Sense.BETTER, "5 more than the 7 expected by 30 June 2016"),
        ("2016-06-30", 7, Sense.SAME, "the 7 expected by 30 June 2016"),
        ("2016-09-29", 6, Sense.WORSE, "1 less than the 7 expected by 30 June 2016"),
        ("2016-09-30", 12, Sense.WORSE, "3 less than the 15 expected by 30 September 2016"),
        ("2017-03-31", 31, Sense.BETTER, "1 more than the 30 expected by 31 March 2017"),
    ],
)
def test_figure_against_the_last_day_of_its_profile(day, value, sense, words):
    reading = read_profile(ADOPTERS, adopters_by(day, value), THIRTY, PROFILE)
    assert (reading.sense, reading.words) == (sense, words)


def test_before_the_first_day_of_the_profile_only_the_shares_are_said():
    reading = read_profile(ADOPTERS, adopters_by("2016-04-30", 3), THIRTY, PROFILE)
    assert reading.expected is None
    assert reading.words == "10% of the target, with 8% of the year gone"


def test_more_than_expected_is_worse_where_lower_is_better():
    exclusions = make_measure(Polarity.LOWER, KindOfFigure.YEAR_TO_DATE, "exclusions")
    ceiling = Bounds(None, Decimal(30), date(2017, 3, 31))
    reading = read_profile(exclusions, adopters_by("2016-08-31", 12), ceiling, PROFILE)
    assert reading.sense is Sense.WORSE
    assert reading.share_of_target == Decimal("0.4")


def test_target_of_nothing_has_no_share():
    none_at_all = Bounds(None, Decimal(0), date(2017, 3, 31))
    reading = read_profile(ADOPTERS, adopters_by("2016-08-31", 2), none_at_all)
    assert reading.share_of_target is None
    assert reading.words == "with 42% of the year gone"


def test_no_reading_without_a_value_or_a_date():
    assert read_profile(ADOPTERS, adopters_by("2016-08-31", None), THIRTY) is None
    undated = make_figure("2016-04-01", "2016-08-31", 12, is_undated=True)
    assert read_profile(ADOPTERS, undated, THIRTY) is None


def test_figure_of_a_later_year_is_refused():
    with pytest.raises(ValueError, match="ends after the year"):
        read_profile(ADOPTERS, adopters_by("2017-04-30", 12), THIRTY)


def test_no_profile_is_an_empty_one():
    assert parse_profile(None) == ()


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        ({"June": 7}, "“June” in the profile is not a day like 2016-06-30."),
        ({"2016-06-30": "seven"}, "The profile's amount for 2016-06-30 is not a number."),
        ({"2016-06-30": True}, "The profile's amount for 2016-06-30 is not a number."),
        ({"2016-06-30": None}, "The profile's amount for 2016-06-30 is not a number."),
        ({"2016-06-30": "NaN"}, "The profile's amount for 2016-06-30 is not a number."),
        (
            {"2016-06-30": 7, "2016-09-30": 6},
            "The profile falls at 2016-09-30: what is expected by a day adds up.",
        ),
    ],
)
def test_bad_profile_is_refused_in_words(profile, message):
    with pytest.raises(ValueError, match=r".") as refusal:
        parse_profile(profile)
    assert str(refusal.value) == message


@given(st.integers(0, 40), st.sampled_from([10, 100]))
def test_polarity_turns_the_sense_round_and_the_unit_scales_the_difference(value, factor):
    figure = adopters_by("2016-12-31", value)
    higher = read_profile(ADOPTERS, figure, THIRTY, PROFILE)
    lower_is_better = make_measure(Polarity.LOWER, KindOfFigure.YEAR_TO_DATE, "adopters")
    lower = read_profile(lower_is_better, figure, THIRTY, PROFILE)
    swapped = {Sense.BETTER: Sense.WORSE, Sense.WORSE: Sense.BETTER, Sense.SAME: Sense.SAME}
    assert lower.sense is swapped[higher.sense]
    scaled = read_profile(
        ADOPTERS,
        adopters_by("2016-12-31", value * factor),
        Bounds(Decimal(30 * factor), None, THIRTY.period_end),
        tuple((day, amount * factor) for day, amount in PROFILE),
    )
    assert scaled.difference == higher.difference * factor
    assert scaled.share_of_target == higher.share_of_target
