"""Turns the text of cells into values, gathering everything that is wrong."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import DecimalField, Field, IntegerField, TextChoices
from django.utils import timezone

from performance.calculations.partial_date import PartialDate, read_partial_date
from performance.clock import wall_clock
from performance.importer.problems import LoadRefused, Problem, ProblemList, shown
from performance.importer.read import Row

Found = TypeVar("Found")

# Python reads the digits of every script, and underscores between them; a file holds neither.
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,9})?")
# Longer than any column holds; Python itself refuses to read some thousands of digits.
WHOLE = re.compile(r"[0-9]{1,9}")
# A line break and a tab may stand in a cell; nothing else that does not print.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# A longer name is like none that is known, and comparing it takes long.
LONGEST_COMPARED = 200


def start_of_day(day: date) -> datetime:
    """The first instant of the day, Europe/London: from when what it brought was known."""
    return datetime.combine(day, time(), timezone.get_default_timezone())


class Checker:
    """Reads cells; a wrong one is noted and yields None, so that one run finds every problem."""

    def __init__(self) -> None:
        self.problems = ProblemList()

    def wrong(self, row: Row, column: str, expected: str) -> None:
        self.problems.append(
            Problem(row.file, row.number, column, row.cells.get(column, ""), expected)
        )

    def refuse_if_wrong(self) -> None:
        if self.problems:
            raise LoadRefused(self.problems)

    def text(self, row: Row, column: str) -> str:
        if not row[column]:
            self.wrong(row, column, "something must be written here")
        return row[column]

    def storable(self, row: Row, column: str, field: Field | None) -> None:
        """Whether the cell can be stored at all, and in `field` where it goes in as it stands."""
        cell = row[column]
        if sign := CONTROL.search(cell):
            self.wrong(
                row, column, f"a control character (U+{ord(sign[0]):04X}) stands here: write the "
                "cell again without it"
            )  # fmt: skip
        elif field and cell and _is_of_kind(cell, field):
            try:
                field.run_validators(field.to_python(cell))
            except ValidationError as error:
                self.wrong(row, column, " ".join(error.messages))

    def ordered(self, row: Row, column: str, first: date | None, last: date | None) -> None:
        """The last day, in `column`, is not before the first."""
        if first and last and last < first:
            self.wrong(row, column, f"a day not before {first.isoformat()} was expected")

    def number(self, row: Row, column: str) -> Decimal | None:
        """The number, or None where the cell is empty."""
        if not row[column]:
            return None
        if NUMBER.fullmatch(row[column]):
            return Decimal(row[column])
        self.wrong(row, column, "a number such as 43.6 was expected")
        return None

    def whole(self, row: Row, column: str) -> int | None:
        if WHOLE.fullmatch(row[column]):
            return int(row[column])
        self.wrong(row, column, "a whole number was expected, of nine digits at most")
        return None

    def yes(self, row: Row, column: str) -> bool:
        if row[column] not in ("yes", "no"):
            self.wrong(row, column, "yes or no was expected")
        return row[column] == "yes"

    def day(self, row: Row, column: str, *, required: bool = False) -> date | None:
        if not row[column] and not required:
            return None
        try:
            return date.fromisoformat(row[column])
        except ValueError:
            self.wrong(row, column, "a day such as 2016-10-05 was expected")
            return None

    def instant(self, row: Row, column: str) -> datetime | None:
        """From when it was known: the start of a day that must be given."""
        day = self.day(row, column, required=True)
        return start_of_day(day) if day else None

    def past_instant(self, row: Row, column: str) -> datetime | None:
        """As `instant`, of what has come: nothing is known from a day after the real one."""
        at = self.instant(row, column)
        if at and at > wall_clock():
            self.wrong(
                row, column, "this day has not come yet: write the day on which it could first be "
                "read"
            )  # fmt: skip
            return None
        return at

    def partial(self, row: Row, column: str, words: str = "") -> PartialDate:
        try:
            return read_partial_date(row[column], row[words] if words else "")
        except ValueError as error:
            self.wrong(row, column, f"{error} was expected")
            return PartialDate(None, "")

    def choice(
        self, row: Row, column: str, choices: type[TextChoices], *, blank: bool = False
    ) -> str:
        """The choice's value, from its value, its label or its words in the file."""
        if blank and not row[column]:
            return ""
        found = row[column].lower()
        for value, label in choices.choices:
            if found in (value, str(label).lower(), value.replace("_", " ")):
                return value
        known = ", ".join(value.replace("_", " ") for value in choices.values)
        self.wrong(row, column, f"one of these was expected: {known}")
        return ""

    def many(self, row: Row, column: str) -> list[str]:
        return [part.strip() for part in row[column].split(";") if part.strip()]

    def lookup(
        self, row: Row, column: str, known: Mapping[str, Found], what: str, key: str | None = None
    ) -> Found | None:
        """What `key` (default: the cell) names among `known`, with a suggestion where it is not."""
        wanted = row[column] if key is None else key
        if wanted in known:
            return known[wanted]
        near = get_close_matches(wanted[:LONGEST_COMPARED], list(known), n=1)
        hint = f"; did you mean “{near[0]}”?" if near else ""
        self.wrong(row, column, f"“{shown(wanted)}” is not {what} known here{hint}")
        return None

    def lookup_many(
        self, row: Row, column: str, known: Mapping[str, Found], what: str
    ) -> list[Found]:
        found = [self.lookup(row, column, known, what, key) for key in self.many(row, column)]
        return [thing for thing in found if thing is not None]

    def once(self, rows: list[Row], key: Callable[[Row], object], column: str) -> None:
        """The same key in two rows is a problem of the second."""
        seen: dict[object, int] = {}
        for row in rows:
            if (first := seen.setdefault(key(row), row.number)) != row.number:
                self.wrong(row, column, f"the same is already given in row {first}: keep one")


def _is_of_kind(cell: str, field: Field) -> bool:
    """Whether the field's own rules apply; where not, whoever reads the number says so."""
    if isinstance(field, IntegerField):
        return bool(WHOLE.fullmatch(cell))
    return not isinstance(field, DecimalField) or bool(NUMBER.fullmatch(cell))
