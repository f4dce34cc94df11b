from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.figures import Polarity
from performance.calculations.ranking import find_rank, format_ordinal
from tests.performance.calculations.figure_factories import make_measure

HIGHER, LOWER = make_measure(Polarity.HIGHER), make_measure(Polarity.LOWER)


def make_values(*numbers):
    return {
        chr(ord("a") + i): None if number is None else Decimal(number)
        for i, number in enumerate(numbers)
    }


@pytest.mark.parametrize(
    ("area", "measure", "words", "quartile"),
    [
        ("a", HIGHER, "1st of 5", 1),
        ("b", HIGHER, "joint 2nd of 5", 1),
        ("c", HIGHER, "joint 2nd of 5", 1),
        ("d", HIGHER, "4th of 5", 3),
        ("f", HIGHER, "5th of 5", 4),
        ("f", LOWER, "1st of 5", 1),
        ("b", LOWER, "joint 3rd of 5", 2),
        ("a", LOWER, "5th of 5", 4),
    ],
)
def test_rank_with_a_tie_and_a_council_without_a_value(area, measure, words, quartile):
    rank = find_rank(make_values(90, 80, 80, 70, None, 60), area, measure)
    assert (rank.words, rank.quartile) == (words, quartile)


def test_quartiles_of_eight_are_pairs():
    values = make_values(8, 7, 6, 5, 4, 3, 2, 1)
    ranks = [find_rank(values, area, HIGHER) for area in values]
    assert [rank.quartile for rank in ranks] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert ranks[0].quartile_words == "in the best quarter"
    assert ranks[7].quartile_words == "in the last quarter"


def test_three_councils_have_places_but_no_quarters():
    rank = find_rank(make_values(1, 2, 3), "c", HIGHER)
    assert (rank.words, rank.quartile, rank.quartile_words) == ("1st of 3", None, "")


@pytest.mark.parametrize(
    "measure",
    [
        make_measure(Polarity.NEITHER),
        make_measure(Polarity.RANGE),
        make_measure(Polarity.HIGHER, is_context=True),
    ],
)
def test_no_rank_without_a_good_direction(measure):
    assert find_rank(make_values(1, 2, 3, 4), "a", measure) is None


@pytest.mark.parametrize("area", ["b", "unknown"])
def test_no_rank_without_a_value(area):
    assert find_rank(make_values(1, None, 3), area, HIGHER) is None


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (102, "102nd"),
        (111, "111th"),
        (150, "150th"),
    ],
)
def test_ordinals(number, text):
    assert format_ordinal(number) == text


@given(
    st.dictionaries(st.integers(0, 200).map(str), st.integers(0, 30).map(Decimal), min_size=1),
    st.integers(1, 9),
    st.integers(-50, 50),
)
def test_rank_keeps_to_order_shift_unit_and_turns_round_with_the_polarity(values, factor, shift):
    ordered = sorted(values.values(), reverse=True)
    moved = {area: value * factor + shift for area, value in reversed(values.items())}
    for area, value in values.items():
        rank = find_rank(values, area, HIGHER)
        assert rank.place == ordered.index(value) + 1
        assert find_rank(moved, area, HIGHER) == rank
        ties = ordered.count(value)
        assert find_rank(values, area, LOWER).place == len(values) - rank.place - ties + 2
