"""A box for a day or a month, as a person here would write it."""

import re
from datetime import date
from typing import Any

from django import forms

from performance.calculations.partial_date import MONTHS, PartialDate, read_partial_date

LIKE = "a day such as 22 August 2016, or a month such as August 2016"
FIRST_YEAR, LAST_YEAR = 2000, 2099
NOTHING = PartialDate(None, "")

_DAY_MONTH_YEAR = re.compile(r"(?:([0-9]{1,2})(?:st|nd|rd|th)?[ ./-]+)?([a-z]+|[0-9]{1,2})[ ./-]+"
                             r"([0-9]{4})", re.I)  # fmt: skip
_AS_STORED = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")


def _month_number(word: str) -> int:
    """1 for “1”, “Jan” and “january”. Raises ValueError."""
    if word.isdecimal():
        return int(word)
    found = [place for place, month in enumerate(MONTHS, 1)
             if len(word) >= 3 and month.lower().startswith(word.lower())]  # fmt: skip
    if word.lower() == "sept":
        found = [9]
    if len(found) != 1:
        raise ValueError(word)
    return found[0]


def read_day_or_month(text: str) -> PartialDate:
    """The day or the month that was written. Raises ValueError where it is neither."""
    text = " ".join(text.replace(",", " ").replace(" of ", " ").split())
    if not _AS_STORED.fullmatch(text):
        match = _DAY_MONTH_YEAR.fullmatch(text)
        if not match:
            raise ValueError(text)
        day, month, year = match.groups()
        text = f"{year}-{_month_number(month):02}" + (f"-{int(day):02}" if day else "")
    found = read_partial_date(text)
    if found.on is None or not FIRST_YEAR <= found.on.year <= LAST_YEAR:
        raise ValueError(text)
    return found


def first_day(of: PartialDate) -> date | None:
    """The first day that it can mean."""
    return of.on.replace(day=1) if of.on and of.precision == "month" else of.on


class DayOrMonthField(forms.CharField):
    """Comes back as a PartialDate, false where the box is empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> PartialDate:
        text = super().clean(value)
        if not text:
            return NOTHING
        try:
            return read_day_or_month(text)
        except ValueError as error:
            raise forms.ValidationError(f"“{text}” was not understood. Write {LIKE}.") from error
