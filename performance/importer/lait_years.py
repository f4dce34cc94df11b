"""The days that a year of the Interactive Tool means, by its spelling and its measure's years."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from performance.importer.published_periods import KINDS, PublishedPeriod

CALENDAR_YEAR, FINANCIAL_YEAR, ACADEMIC_YEAR = "calendar year", "financial year", "academic year"
ON_31_MARCH, ON_30_SEPTEMBER, JANUARY = "31 March", "30 September", "January"
YEAR_TO_SEPTEMBER = "year to 30 September"


def _calendar_year(year: int) -> PublishedPeriod:
    return PublishedPeriod(date(year, 1, 1), date(year, 12, 31), str(year))


def _january(year: int) -> PublishedPeriod:
    """The dictionary names no day of the month."""
    return PublishedPeriod(date(year, 1, 1), date(year, 1, 31), f"January {year}")


YEARS: dict[str, Callable[[int], PublishedPeriod]] = {
    **KINDS,
    CALENDAR_YEAR: _calendar_year,
    JANUARY: _january,
}
SPLIT_YEARS = (FINANCIAL_YEAR, ACADEMIC_YEAR)


@dataclass(frozen=True)
class Mark:
    """What stands in brackets behind a year. Of two spellings of a period the higher one stands."""

    flags: str
    standing: int
    words: str = ""


# “OT” is the outturn of a council's accounts, what was spent and not what was meant to be.
MARKS = {
    "": Mark("", 1),
    "prov": Mark("p", 0),
    "rev": Mark("r", 2),
    "final": Mark("", 3),
    "ot": Mark("", 2, " outturn"),
}

SPELLING = re.compile(r"(?P<years>[^()]*?)\s*(\((?P<mark>[A-Za-z]+)\))?")
ONE_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
TWO_YEARS = re.compile(r"((?:19|20)[0-9]{2})[-/]([0-9]{2})")
SPLIT_SPAN = re.compile(r"((?:19|20)[0-9]{2})/([0-9]{2})-([0-9]{2})/([0-9]{2})")


@dataclass(frozen=True)
class DatedYear:
    period: PublishedPeriod
    mark: Mark


def date_year(spelling: str, kind: str) -> DatedYear | None:
    """The period, for a measure whose years are of that kind, one of YEARS; None where it has none.

    A year that stands alone is the one in which the period ends: “2016” is 2015/16 of a measure by
    financial years, as its figures are in the Department's own releases.
    """
    found = SPELLING.fullmatch(spelling.strip())
    mark = MARKS.get((found["mark"] or "").lower()) if found else None
    period = _read_years(found["years"], kind) if found else None
    if mark is None or period is None:
        return None
    return DatedYear(replace(period, label=period.label + mark.words), mark)


def _read_years(years: str, kind: str) -> PublishedPeriod | None:
    if ONE_YEAR.fullmatch(years):
        return YEARS[kind](int(years))
    if found := TWO_YEARS.fullmatch(years):
        first, last = int(found[1]), _in_full(found[1], found[2])
        if kind in SPLIT_YEARS and last == first + 1:
            return YEARS[kind](last)
        # Two calendar years could also be one that is split: only three are plain.
        if kind == CALENDAR_YEAR and last == first + 2:
            return _span(kind, first, last)
    if (found := SPLIT_SPAN.fullmatch(years)) and kind in SPLIT_YEARS:
        begins = int(found[1]), _in_full(found[1], found[3])
        ends = _in_full(found[1], found[2]), _in_full(found[1], found[4])
        if all(end == begin + 1 for begin, end in zip(begins, ends, strict=True)):
            return _span(kind, *ends) if ends[0] < ends[1] else None
    return None


def _span(kind: str, first: int, last: int) -> PublishedPeriod:
    """From the beginning of the one year to the end of the other."""
    begins, ends = YEARS[kind](first), YEARS[kind](last)
    return PublishedPeriod(begins.start, ends.end, f"{begins.label} to {ends.label}")


def _in_full(first: str, last: str) -> int:
    """1999 and 01 is 2001."""
    return (int(first[:2]) + (last < first[2:])) * 100 + int(last)
