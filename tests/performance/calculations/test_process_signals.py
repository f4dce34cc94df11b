from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.figures import Polarity
from performance.calculations.process import Limits, make_limits
from performance.calculations.process_signals import Orientation, Rule, Signal, find_signals

values_near_the_mean = st.lists(
    st.integers(-13, 13).map(Decimal) | st.none(), min_size=0, max_size=40
)
walks = st.lists(st.integers(-1, 2), max_size=30).map(
    lambda steps: [Decimal(sum(steps[: index + 1])) for index in range(len(steps))]
)

FLIPPED = {
    Orientation.IMPROVEMENT: Orientation.CONCERN,
    Orientation.CONCERN: Orientation.IMPROVEMENT,
}


def limits_at(near, limit, mean=0):
    return Limits(
        mean=Decimal(mean),
        moving_range=Decimal(limit) / Decimal("2.66"),
        lower=Decimal(mean - limit),
        upper=Decimal(mean + limit),
        near_lower=Decimal(mean - near),
        near_upper=Decimal(mean + near),
        n=20,
        is_screened=True,
    )


TWELVE = limits_at(near=8, limit=12)
WIDE = limits_at(near=800, limit=1200)


def find(text, limits=TWELVE, polarity=Polarity.HIGHER):
    values = [None if word == "-" else Decimal(word) for word in text.split()]
    return find_signals(values, limits, polarity)


def rules(text, limits=TWELVE):
    """A letter a point: o outside, t trend, n near a limit, s one side, a dot for none."""
    letters = {Rule.OUTSIDE: "o", Rule.TREND: "t", Rule.TWO_OF_THREE: "n", Rule.ONE_SIDE: "s"}
    return "".join("." if signal is None else letters[signal.rule] for signal in find(text, limits))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # On a limit is not outside it.
        ("0 13 12 -12 -13 1", ".o..o."),
        # Six moves, seven points; six points are not enough, and two equal ones end it.
        ("-3 -2 -1 0 1 2 3 -1", "ttttttt."),
        ("-2 -1 0 1 2 3 -1", "......."),
        ("-3 -2 -1 0 0 1 2 3 -1", "........."),
        ("3 2 1 0 -1 -2 -3 1", "ttttttt."),
        ("-3 -2 -1 - 0 1 2 3 -1", "........."),
        # Only the outer two of the three, all three on one side; on the near limit is not near.
        ("0 9 1 9 0", ".n.n."),
        ("0 9 -1 9 0", "....."),
        ("0 9 9 -1", "...."),
        ("1 9 9 -1", ".nn."),
        ("0 8 1 9 0", "....."),
        ("0 -9 -1 -12 0", ".n.n."),
        ("0 9 - 9 0", "....."),
        # One outside and one near are not two near.
        ("0 13 1 9 0", ".o..."),
        # Seven on one side; a point on the mean or a missing one breaks it.
        ("-1 1 2 1 2 1 2 1 -1", ".sssssss."),
        ("-1 1 2 1 2 1 2 -1", "........"),
        ("1 2 1 0 1 2 1 2", "........"),
        ("1 2 1 - 2 1 2 1", "........"),
        # Precedence: outside, trend, two of three, one side.
        ("7 8 9 10 11 12 13", "tttttto"),
        ("1 9 1 9 1 2 1", "snsnsss"),
        ("", ""),
    ],
)
def test_signals_of_each_rule_and_their_order(values, expected):
    assert rules(values) == expected


@pytest.mark.parametrize(
    ("value", "polarity", "orientation"),
    [
        ("13", Polarity.HIGHER, Orientation.IMPROVEMENT),
        ("-13", Polarity.HIGHER, Orientation.CONCERN),
        ("13", Polarity.LOWER, Orientation.CONCERN),
        ("-13", Polarity.LOWER, Orientation.IMPROVEMENT),
        ("13", Polarity.NEITHER, Orientation.NEUTRAL_HIGH),
        ("-13", Polarity.RANGE, Orientation.NEUTRAL_LOW),
    ],
)
def test_orientation_follows_the_polarity(value, polarity, orientation):
    assert find(value, polarity=polarity) == [Signal(Rule.OUTSIDE, orientation)]


def test_trend_is_for_better_or_worse_by_its_way_not_by_its_side_of_the_mean():
    # NHSRplotthedots issue 171: seven falling points, all above the mean, are no improvement.
    found = find("20 19 18 17 16 15 14", limits=WIDE)
    assert found == [Signal(Rule.TREND, Orientation.CONCERN)] * 7


def test_point_where_two_trends_meet_belongs_to_the_earlier():
    found = find("0 1 2 3 4 5 6 5 4 3 2 1 0", limits=WIDE)
    assert [signal.orientation for signal in found] == [Orientation.IMPROVEMENT] * 7 + [
        Orientation.CONCERN
    ] * 6


def test_signals_of_looked_after_children_2016_to_2025():
    # DfE, Children looked after in England, on 31 March; limits 509.247 and 635.153.
    # Contains public sector information licensed under the Open Government Licence v3.0.
    values = "654 638 649 625 588 540 512 498 517 501"
    limits = make_limits([Decimal(word) for word in values.split()])
    # 512 and 517 lie between the lower limit and its near limit, 530.231, two of three.
    assert rules(values, limits) == "ooo...nono"


def naive_rule_and_way(values, limits, index):
    """Is there any window holding this point that is one of the patterns? Slow and obvious."""
    value, mean = values[index], limits.mean
    if value is None:
        return None
    if value > limits.upper or value < limits.lower:
        return Rule.OUTSIDE, value > mean

    def windows(length):
        for start in range(index - length + 1, index + 1):
            if start >= 0 and start + length <= len(values):
                window = values[start : start + length]
                if None not in window:
                    yield window

    for window in windows(7):
        if window == sorted(set(window)):
            return Rule.TREND, True
        if window[::-1] == sorted(set(window)):
            return Rule.TREND, False

    def is_outer(number):
        above = number > limits.near_upper and number <= limits.upper
        return above or (number < limits.near_lower and number >= limits.lower)

    for window in windows(3):
        same_side = all(v > mean for v in window) or all(v < mean for v in window)
        if is_outer(value) and same_side and sum(map(is_outer, window)) >= 2:
            return Rule.TWO_OF_THREE, value > mean
    for window in windows(7):
        if all(v > mean for v in window) or all(v < mean for v in window):
            return Rule.ONE_SIDE, value > mean
    return None


def check_against_naive(values, limits):
    found = find_signals(values, limits, Polarity.NEITHER)
    for index, signal in enumerate(found):
        naive = naive_rule_and_way(values, limits, index)
        if naive is None:
            assert signal is None
        else:
            rule, is_high = naive
            way = Orientation.NEUTRAL_HIGH if is_high else Orientation.NEUTRAL_LOW
            assert signal == Signal(rule, way)


@given(values_near_the_mean)
def test_signals_agree_with_the_naive_ones(values):
    check_against_naive(values, TWELVE)


@given(walks)
def test_signals_of_a_drifting_series_agree_with_the_naive_ones(values):
    check_against_naive(values, limits_at(near=4, limit=6, mean=5))


@given(values_near_the_mean)
def test_flipping_the_polarity_swaps_improvement_and_concern(values):
    higher = find_signals(values, TWELVE, Polarity.HIGHER)
    lower = find_signals(values, TWELVE, Polarity.LOWER)
    assert lower == [
        None if signal is None else Signal(signal.rule, FLIPPED[signal.orientation])
        for signal in higher
    ]


@given(walks.filter(lambda values: len(values) >= 2), st.integers(-500, 500))
def test_signals_do_not_change_with_a_shift_or_the_unit(values, shift):
    def signals_of(numbers):
        return find_signals(numbers, make_limits(numbers), Polarity.HIGHER)

    before = signals_of(values)
    assert signals_of([value + shift for value in values]) == before
    assert signals_of([value / 100 for value in values]) == before


def test_limits_and_points_on_them_meet_exactly():
    # Seven moving ranges that add up to 1: 2.66 / 7 is 0.38, which no float holds.
    values = [Decimal(word) for word in "0 0.5 0 0 0 0 0 0".split()]
    limits = make_limits(values, screened=False)
    assert Fraction(limits.upper) == Fraction(1, 16) + Fraction(38, 100)
    assert find_signals([limits.upper], limits, Polarity.HIGHER) == [None]
