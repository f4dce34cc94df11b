"""Worked numbers: NHSRplotthedots' vignette, and DfE's looked-after and re-referral releases.

Contains public sector information licensed under the Open Government Licence v3.0.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.process import (
    Assurance,
    Stage,
    assess_target,
    make_limits,
    stage_of,
)
from performance.calculations.targets import Bounds

VIGNETTE = "1 2 1 2 10 1 2 1 2 1 2 1 2 1 2 1 2 1"
LOOKED_AFTER_2016_TO_2025 = "654 638 649 625 588 540 512 498 517 501"
REREFERRALS = "20.7 24.3 24.8 23.8 20.9 7.3 19.5 21.2 21.3 20.8"

values_in_tenths = st.integers(-2000, 2000).map(lambda tenths: Decimal(tenths) / 10)
segments = st.lists(values_in_tenths | st.none(), min_size=2, max_size=30).filter(
    lambda values: any(None not in pair for pair in pairwise(values))
)


def read(text):
    return [Decimal(word) for word in text.split()]


def rounded(number):
    return str(number.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP))


def naive_limits(values, screened):
    """The same from the definition, in one loop and without sharing anything."""
    total, count, ranges = Fraction(0), 0, []
    for index, value in enumerate(values):
        if value is None:
            continue
        total, count = total + Fraction(value), count + 1
        if index and values[index - 1] is not None:
            ranges.append(max(value, values[index - 1]) - min(value, values[index - 1]))
    mean = total / count
    moving_range = Fraction(sum(ranges)) / len(ranges)
    if screened:
        cut = Fraction("3.267") * moving_range
        kept = [size for size in ranges if size < cut] or ranges
        moving_range = Fraction(sum(kept)) / len(kept)
    return (
        mean,
        moving_range,
        mean - Fraction("2.66") * moving_range,
        mean + Fraction("2.66") * moving_range,
        mean - Fraction("2.66") * moving_range * 2 / 3,
        mean + Fraction("2.66") * moving_range * 2 / 3,
    )


def numbers_of(limits):
    return (
        limits.mean,
        limits.moving_range,
        limits.lower,
        limits.upper,
        limits.near_lower,
        limits.near_upper,
    )


def is_close(one, other, within=Fraction(1, 10**11)):
    return all(abs(Fraction(a) - Fraction(b)) <= within for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    ("values", "screened", "mean", "moving_range", "lower", "upper"),
    [
        (VIGNETTE, True, "1.944", "1.000", "-0.716", "4.604"),
        (VIGNETTE, False, "1.944", "1.882", "-3.063", "6.952"),
        (LOOKED_AFTER_2016_TO_2025, True, "572.200", "23.667", "509.247", "635.153"),
        (LOOKED_AFTER_2016_TO_2025, False, "572.200", "23.667", "509.247", "635.153"),
        (REREFERRALS, True, "20.460", "2.813", "12.979", "27.941"),
        (REREFERRALS, False, "20.460", "4.011", "9.790", "31.130"),
    ],
)
def test_limits_to_the_last_digit_published(values, screened, mean, moving_range, lower, upper):
    limits = make_limits(read(values), screened=screened)
    assert [rounded(limits.mean), rounded(limits.lower), rounded(limits.upper)] == [
        mean,
        lower,
        upper,
    ]
    assert rounded(limits.moving_range) == moving_range


def test_near_limits_lie_at_two_thirds():
    limits = make_limits(read(VIGNETTE), screened=False)
    # 1.7733 x 1.88235 = 3.3380
    assert rounded(limits.near_lower) == "-1.394"
    assert rounded(limits.near_upper) == "5.282"


def test_limits_with_a_missing_value_lose_both_moving_ranges_beside_it():
    limits = make_limits([Decimal(1), Decimal(3), None, Decimal(100), Decimal(104)])
    assert limits.mean == 52
    assert limits.moving_range == 3
    assert limits.n == 4


def test_limits_where_nothing_moves_close_on_the_mean():
    limits = make_limits([Decimal(5)] * 8)
    assert numbers_of(limits) == (5, 0, 5, 5, 5, 5)


@pytest.mark.parametrize("values", [[], [Decimal(1)], [Decimal(1), None, Decimal(2)]])
def test_limits_need_two_neighbours(values):
    with pytest.raises(ValueError, match="next to each other"):
        make_limits(values)


@pytest.mark.parametrize(
    ("n", "stage"),
    [
        (0, Stage.RUN_CHART),
        (5, Stage.RUN_CHART),
        (6, Stage.TRIAL),
        (12, Stage.TRIAL),
        (13, Stage.SIGNALS),
    ],
)
def test_stage_grows_with_the_number_of_points(n, stage):
    assert stage_of(n) is stage


@pytest.mark.parametrize(
    ("low", "high", "assurance"),
    [
        # The looked-after limits are 509.2 to 635.2.
        (509, None, Assurance.PASSES),
        (510, None, Assurance.HIT_AND_MISS),
        (635, None, Assurance.HIT_AND_MISS),
        (636, None, Assurance.FAILS),
        (None, 636, Assurance.PASSES),
        (None, 635, Assurance.HIT_AND_MISS),
        (None, 509, Assurance.FAILS),
        (550, 580, Assurance.HIT_AND_MISS),
        (500, 640, Assurance.PASSES),
        (640, 700, Assurance.FAILS),
        (400, 500, Assurance.FAILS),
        (500, 580, Assurance.HIT_AND_MISS),
    ],
)
def test_assurance_against_a_floor_a_ceiling_and_a_range(low, high, assurance):
    bounds = Bounds(
        None if low is None else Decimal(low),
        None if high is None else Decimal(high),
        date(2025, 3, 31),
    )
    assert assess_target(make_limits(read(LOOKED_AFTER_2016_TO_2025)), bounds) is assurance


def test_assurance_of_a_target_exactly_on_a_limit_is_hit_and_miss():
    limits = make_limits([Decimal(5)] * 8)
    assert assess_target(limits, Bounds(Decimal(5), None, date(2025, 3, 31))) is (
        Assurance.HIT_AND_MISS
    )


def test_assurance_without_a_bound_is_refused():
    with pytest.raises(ValueError, match="low or a high"):
        assess_target(make_limits(read(VIGNETTE)), Bounds(None, None, date(2025, 3, 31)))


@given(segments, st.booleans())
def test_limits_agree_with_the_naive_ones(values, screened):
    limits = make_limits(values, screened=screened)
    assert is_close(numbers_of(limits), naive_limits(values, screened))


@given(segments, values_in_tenths)
def test_limits_move_with_a_shift(values, shift):
    before = make_limits(values)
    after = make_limits([None if value is None else value + shift for value in values])
    assert after.moving_range == before.moving_range
    for name in ("mean", "lower", "upper", "near_lower", "near_upper"):
        assert getattr(after, name) == getattr(before, name) + shift


@given(segments, st.sampled_from([Decimal("0.01"), Decimal("0.5"), Decimal(1000)]))
def test_limits_scale_with_the_unit(values, factor):
    before = make_limits(values)
    after = make_limits([None if value is None else value * factor for value in values])
    scaled = [number * factor for number in numbers_of(before)]
    assert is_close(numbers_of(after), scaled, within=Fraction(1, 10**8))
