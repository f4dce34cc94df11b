"""A date that says no more than it says, as a person writes it: a day, a month, a year or words."""

import re
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from performance.calculations.partial_date import MONTHS, PartialDate, read_partial_date
from performance.importer.officers_cells import (
    A_DAY,
    CENTURY,
    YEARS,
    Question,
    month_of,
    read_day,
)
from performance.importer.raw_tables import PartOfDate, Raw

ISO_PARTIAL = re.compile(r"[0-9]{4}(-[0-9]{2})?")
MONTH = re.compile(r"([A-Za-z]+)\.?[ -]([0-9]{4}|[0-9]{2})")
LONGEST_WORDS = 80
A_DATE = "a day such as 30 September 2016, a month such as September 2016 or a year was expected"
OR_WORDS = (
    "a day such as 2016-09-30, a month such as 2016-09, a year or words such as “autumn 2016” were "
    "expected"
)


def read_due(value: Raw, *, takes_words: bool) -> PartialDate | Question:
    """The date; no date where the cell is empty. `takes_words`: what is plainly no date is kept as
    it is written; what could be a date with a slip in it never is."""
    expected = OR_WORDS if takes_words else A_DATE
    if isinstance(value, PartOfDate):
        value = value.shown
    if isinstance(value, Decimal) and value in YEARS:
        value = f"{value:f}"
    text = " ".join(value.strip().removeprefix("'").split()) if isinstance(value, str) else None
    if text == "":
        return PartialDate(None, "")
    if text is not None and (short := _read_short(text, expected)):
        return short
    day = read_day(value)
    if isinstance(day, date):
        return PartialDate(day, "day")
    question = day.expected if day else A_DAY
    if question == A_DAY and text is not None and takes_words:
        return _read_words(text)
    return Question(expected if question == A_DAY else question)


def _read_short(text: str, expected: str) -> PartialDate | Question | None:
    """A month or a year; None for anything else."""
    if ISO_PARTIAL.fullmatch(text):
        return _in_years(text, expected)
    found = MONTH.fullmatch(text)
    month = month_of(found[1]) if found else None
    if not found or month is None:
        return None
    if len(found[2]) == 2:
        return Question(f"write the year in full: {MONTHS[month - 1]} {CENTURY + int(found[2])}")
    return _in_years(f"{found[2]}-{month:02}", expected)


def _in_years(text: str, expected: str) -> PartialDate | Question:
    try:
        read = read_partial_date(text)
    except ValueError:
        return Question(expected)
    if read.on is None or read.on.year not in YEARS:
        return Question(f"a year from {YEARS.start} to {YEARS.stop - 1} was expected")
    return read


def _read_words(text: str) -> PartialDate | Question:
    if not re.search(r"[A-Za-z]{2}", text):
        return Question(OR_WORDS)
    first = text.split()[0]
    if MONTH.fullmatch(text) and (near := get_close_matches(first.title(), MONTHS, 1, 0.75)):
        return Question(f"“{first}” is no month: did you mean {near[0]}?")
    if len(text) > LONGEST_WORDS:
        return Question(f"at most {LONGEST_WORDS} characters were expected: say when in fewer")
    return PartialDate(None, "words", text)
