"""A target's profile: what is expected by which day of its year, where somebody set it.

Nothing is filled in between its days: adopters are not approved, nor carers recruited, in equal
monthly numbers, so a straight line would be an invention.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise

Profile = tuple[tuple[date, Decimal], ...]


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
