"""First day, last day and label of the period that a published file names by a year."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property


@dataclass(frozen=True)
class PublishedPeriod:
    start: date
    end: date
    label: str

    @cached_property
    def as_copied(self) -> str:
        """Its three columns in PostgreSQL's text format."""
        label = self.label.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ")
        return f"{self.start}\t{self.end}\t{label}"


def _day(month: int, day: int, words: str) -> Callable[[int], PublishedPeriod]:
    def period(year: int) -> PublishedPeriod:
        on = date(year, month, day)
        return PublishedPeriod(on, on, f"{words} {year}")

    return period


def _financial_year(year: int) -> PublishedPeriod:
    label = f"{year - 1}/{year % 100:02}"
    return PublishedPeriod(date(year - 1, 4, 1), date(year, 3, 31), label)


def _academic_year(year: int) -> PublishedPeriod:
    label = f"{year - 1}/{year % 100:02}"
    return PublishedPeriod(date(year - 1, 9, 1), date(year, 8, 31), label)


def _year_to_september(year: int) -> PublishedPeriod:
    label = f"year to 30 September {year}"
    return PublishedPeriod(date(year - 1, 10, 1), date(year, 9, 30), label)


# Each takes the year in which the period ends. Pupils' absence is counted over six half terms,
# and is held on the school year that they make up.
KINDS: dict[str, Callable[[int], PublishedPeriod]] = {
    "31 March": _day(3, 31, "31 March"),
    "30 September": _day(9, 30, "30 September"),
    "financial year": _financial_year,
    "academic year": _academic_year,
    "year to 30 September": _year_to_september,
}

YEAR_FORMS = ("2025", "202425")


def year_of(text: str, form: str) -> int | None:
    """The year in which the period ends: 2025 for “2025”, and for “202425” in that form.

    None where the text is not a year in the form, one of YEAR_FORMS.
    """
    if not (text.isascii() and text.isdecimal() and len(text) == len(form)):
        return None
    if form == "2025":
        return int(text)
    first, second = int(text[:4]), int(text[4:])
    return first + 1 if (first + 1) % 100 == second else None
