from datetime import date
from decimal import Decimal

import pytest

from performance.calculations.profile import parse_profile


def test_a_profile_comes_back_in_order_of_its_days():
    profile = parse_profile({"2016-09-30": 15, "2016-06-30": "7", "2017-03-31": 30})
    assert profile == (
        (date(2016, 6, 30), 7), (date(2016, 9, 30), 15), (date(2017, 3, 31), 30),
    )  # fmt: skip
    assert parse_profile({"2016-06-30": 0.1})[0][1] == Decimal("0.1")


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
