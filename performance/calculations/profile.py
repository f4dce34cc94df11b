"""A year-to-date figure against the profile that was set for the year, where one was set.

Without a profile nothing is said to be on course: adopters are not approved, nor carers
recruited, in equal monthly numbers, so a straight line would be an invention.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import pairwise

from performance.calculations.better_or_worse import Sense, format_difference, judge_difference
from performance.calculations.figures import Figure, Measure
from performance.calculations.partial_date import PartialDate
from performance.calculations.targets import Bounds
from performance.calculations.wording import format_value

Profile = tuple[tuple[date, Decimal], ...]


@dataclass(frozen=True)
class ProfileReading:
    """`expected` by `expected_on`, the profile's last day that the figure has reached.

    `difference` is the figure above (or, if negative, below) what was expected, and `sense` what
    that means. All four are None without a profile or before its first day. Shares are of 1 and
    None where they cannot be had.
    """

    expected: Decimal | None
    expected_on: date | None
    difference: Decimal | None
    sense: Sense | None
    share_of_target: Decimal | None
    share_of_year: Decimal
    words: str


def parse_profile(text: Mapping[str, object] | None) -> Profile:
    """The profile as a target keeps it, `{"2016-06-30": 7, …}`: what is expected by the end of
    each day since the start of the year.

    Comes back in order of its days; empty for None. Raises ValueError, with the day, for one that
    is no date, an amount that is no number, and an amount lower than the one before.
    """
    profile = sorted((_parse_day(day), _parse_amount(day, it)) for day, it in (text or {}).items())
    for (_, before), (day, amount) in pairwise(profile):
        if amount < before:
            raise ValueError(f"The profile falls at {day}: what is expected by a day adds up.")
    return tuple(profile)


def read_profile(
    measure: Measure, figure: Figure, bounds: Bounds, profile: Profile = ()
) -> ProfileReading | None:
    """How a year-to-date figure stands part of the way through its target's year.

    Between two days of a profile the earlier one counts: nothing is assumed of how it fills up.
    None for a figure without a value or a date. Raises ValueError where the figure is not of the
    target's year.
    """
    if figure.value is None or figure.is_undated:
        return None
    if not figure.start <= figure.end <= bounds.period_end:
        raise ValueError("The figure ends after the year of its target.")
    reached = [step for step in profile if step[0] <= figure.end]
    expected_on, expected = reached[-1] if reached else (None, None)
    difference = None if expected is None else figure.value - expected
    target = bounds.low if bounds.low is not None else bounds.high
    days = (bounds.period_end - figure.start).days + 1
    gone = Decimal((figure.end - figure.start).days + 1) / days
    share = figure.value / target if target else None
    return ProfileReading(
        expected=expected,
        expected_on=expected_on,
        difference=difference,
        sense=None if difference is None else judge_difference(difference, measure),
        share_of_target=share,
        share_of_year=gone,
        words=_words_on_shares(share, gone)
        if difference is None or expected is None or expected_on is None
        else _words_on_profile(measure, difference, expected, expected_on),
    )


def _words_on_profile(
    measure: Measure, difference: Decimal, expected: Decimal, expected_on: date
) -> str:
    """“5 more than the 7 expected by 30 June 2016”."""
    amount = format_value(expected, measure.unit, measure.decimals)
    day = PartialDate(expected_on, "day")
    if difference == 0:
        return f"the {amount} expected by {day}"
    side = "more" if difference > 0 else "less"
    return f"{format_difference(difference, measure)} {side} than the {amount} expected by {day}"


def _words_on_shares(share: Decimal | None, gone: Decimal) -> str:
    """“40% of the target, with 42% of the year gone”."""
    year = f"with {_percent(gone)} of the year gone"
    return year if share is None else f"{_percent(share)} of the target, {year}"


def _percent(share: Decimal) -> str:
    return f"{(share * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)}%"


def _parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"“{text}” in the profile is not a day like 2016-06-30.") from error


def _parse_amount(day: str, amount: object) -> Decimal:
    try:
        if isinstance(amount, bool) or not isinstance(amount, int | float | str | Decimal):
            raise InvalidOperation
        # Through text, so that 0.1 from JSON is a tenth.
        number = Decimal(str(amount))
        if not number.is_finite():
            raise InvalidOperation
    except InvalidOperation as error:
        raise ValueError(f"The profile's amount for {day} is not a number.") from error
    return number
