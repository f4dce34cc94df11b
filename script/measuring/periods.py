"""The days that a year means, as the Interactive Tool spells it."""

import re
from datetime import date, timedelta

FIRST_MADE_UP_DAY = date(1900, 1, 1)


def read_period(spelling: str) -> tuple[date, date] | None:
    """First and last day, or None where the spelling names no year.

    The tool does not say here whether 2016-17 is a financial or an academic year: both are dated
    from April, since for measuring only the number and order of periods matter.
    """
    years = re.sub(r"\s*\([A-Za-z]+\)$", "", spelling.strip())
    if re.fullmatch(r"[12][0-9]{3}", years):
        return date(int(years), 1, 1), date(int(years), 12, 31)
    if match := re.fullmatch(r"([12][0-9]{3})/[0-9]{2}-[0-9]{2}/([0-9]{2})", years):
        first, last = int(match[1]), _in_full(match[1], match[2])
        return (date(first, 4, 1), date(last, 3, 31)) if first < last else None
    if match := re.fullmatch(r"([12][0-9]{3})[-/]([0-9]{2})", years):
        first, last = int(match[1]), _in_full(match[1], match[2])
        if last == first + 1:
            return date(first, 4, 1), date(last, 3, 31)
        return (date(first, 1, 1), date(last, 12, 31)) if first < last else None
    return None


def _in_full(first: str, last: str) -> int:
    """1999 and 01 is 2001."""
    century = int(first[:2]) + (last < first[2:])
    return century * 100 + int(last)


def date_spellings(spellings: list[str]) -> dict[str, tuple[date, date]]:
    """Each spelling's period; one that cannot be dated, or means the days of one before it, gets a
    made-up day of its own, so that no two figures of a series fall on the same days."""
    dated: dict[str, tuple[date, date]] = {}
    taken: set[tuple[date, date]] = set()
    for spelling in spellings:
        period = read_period(spelling)
        if period is None or period in taken:
            day = FIRST_MADE_UP_DAY + timedelta(days=len(dated))
            period = (day, day)
        dated[spelling] = period
        taken.add(period)
    return dated
