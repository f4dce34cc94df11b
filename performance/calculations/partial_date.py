"""Dates that say no more than their source does."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

Precision = Literal["day", "month", "year", "words", ""]

MONTHS = (
    "January February March April May June July August September October November December".split()
)


@dataclass(frozen=True)
class PartialDate:
    """A day, a month, a year or words; `on` is the last day that it can mean, for ordering."""

    on: date | None
    precision: Precision
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.precision)

    def __str__(self) -> str:
        """“22 August 2016”, “August 2016”, “2016”, the words, or nothing."""
        if self.precision == "words" or self.on is None:
            return self.words
        if self.precision == "year":
            return str(self.on.year)
        month_and_year = f"{MONTHS[self.on.month - 1]} {self.on.year}"
        return month_and_year if self.precision == "month" else f"{self.on.day} {month_and_year}"

    def in_a_sentence(self) -> str:
        """“on 9 February 2017”, “in June 2016”, “in 2016”, or the words alone."""
        if self.precision == "words" or self.on is None:
            return self.words
        return f"{'on' if self.precision == 'day' else 'in'} {self}"

    def has_passed(self, today: date) -> bool:
        """Whether its last possible day is over: on that day itself it has not passed."""
        return self.on is not None and self.on < today


def months_between(earlier: PartialDate, later: PartialDate) -> int:
    """Whole months from one day to another; negative where `later` comes first; 0 without a day."""
    if earlier.on is None or later.on is None:
        return 0
    if later.on < earlier.on:
        return -months_between(later, earlier)
    months = (later.on.year - earlier.on.year) * 12 + later.on.month - earlier.on.month
    # The last day of a month counts as its end, however long the later month is.
    return months if later.on.day >= min(earlier.on.day, 28) or months == 0 else months - 1


def write_partial_date(due: PartialDate) -> str:
    """`2016-08-22`, `2016-08`, `2016`, the words or nothing: what `read_partial_date` was given,
    but for the day that stands beside words."""
    if due.precision == "words" or due.on is None:
        return due.words
    return due.on.isoformat()[: {"day": 10, "month": 7}.get(due.precision, 4)]


def read_partial_date(text: str, words: str = "") -> PartialDate:
    """`2016-08-22`, `2016-08` or `2016`, with optional words that are printed instead.

    Raises ValueError, saying what is expected, when the text is none of these.
    """
    text, words = text.strip(), words.strip()
    if not text:
        return PartialDate(None, "words" if words else "", words)
    on, precision = _last_day(text)
    return PartialDate(on, "words" if words else precision, words)


def _last_day(text: str) -> tuple[date, Precision]:
    parts = text.split("-")
    try:
        numbers = [int(part) for part in parts]
        if [len(part) for part in parts] not in ([4], [4, 2], [4, 2, 2]):
            raise ValueError
        if len(parts) == 1:
            return date(numbers[0], 12, 31), "year"
        if len(parts) == 2:
            return date(numbers[0], numbers[1], monthrange(numbers[0], numbers[1])[1]), "month"
        return date(*numbers), "day"
    except (ValueError, IndexError) as error:
        raise ValueError("a day (2016-08-22), a month (2016-08) or a year (2016)") from error
