"""A row of our own layout, read cell by cell; everything that is wrong with it is told at once."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings

from performance.importer.formula_guard import unguard
from performance.importer.incoming import IncomingFigure, Reading
from performance.importer.officers_cells import Question, match_headers, read_text
from performance.importer.own_cells import (
    Given,
    WrongCell,
    read_denominator,
    read_flags,
    read_given,
    read_part,
    unlike_its_parts,
)
from performance.importer.own_names import AreaNames, SeriesNames
from performance.importer.own_periods import SeriesRule, WrongPeriod, read_period
from performance.importer.problems import MOST_KEPT, LoadRefused, Problem
from performance.importer.published_periods import PublishedPeriod
from performance.importer.raw_tables import Raw, Table, is_blank, text_of

REQUIRED = ("series", "period", "value")
READ = ("symbol", "area", "numerator", "denominator", "note", "flags", "period_start", "period_end")
# For whoever fills the template in; nothing is read from them.
FOR_READERS = ("indicator", "unit", "last_period", "last_value")
# A row that has something in one of them says something of its figure.
FILLED = ("value", "symbol", "numerator", "denominator", "note", "flags")
MOST_NAMED = 8
ABSENT = -1
# So many texts and what they mean are kept; a long file must not fill the memory with them.
MOST_REMEMBERED = 4_096


class RowReader:
    """`rules`, `areas` and each rule's periods are what was made of the texts read so far."""

    def __init__(self, reading: Reading, table: Table, places: Sequence[int]) -> None:
        """Raises LoadRefused where a column is missing, unknown or there twice."""
        headers = match_headers(table, REQUIRED, (*READ, *FOR_READERS))
        if headers.problems:
            raise LoadRefused(list(headers.problems))
        self.reading = reading
        self._places = {name: places[at] for name, at in headers.places.items()}
        self._columns = {
            name: f"{table.letters[at]} ({table.headers[at].strip()})"
            for name, at in headers.places.items()
        }
        reading.period_column = self.column("period")
        # In a file that is parted by semicolons a comma may be a decimal point, and a point part
        # thousands.
        self.has_plain_points = table.delimiter != ";"
        self._comma = {"comma_parts_thousands": self.has_plain_points}
        self._series, self._areas = SeriesNames(), AreaNames()
        self.rules: dict[str, SeriesRule] = {}
        self.areas: dict[str, int] = {}
        # What the row is of that is being read; empty until its series is known.
        self._indicator = ""
        self._unfilled = 0
        self._first_unfilled: list[int] = []

    def place(self, name: str) -> int:
        return self._places.get(name, ABSENT)

    def column(self, name: str) -> str:
        """The column as a problem names it: “C (value)”."""
        return self._columns.get(name, name)

    def read(self, number: int, values: Sequence[Raw]) -> IncomingFigure | None:
        """The row's figure; None where something is wrong, the figure is hidden here, or the row
        of a template was left as it was."""
        if all(is_blank(self._cell(name, values)) for name in FILLED):
            self._unfilled += 1
            if len(self._first_unfilled) < MOST_NAMED:
                self._first_unfilled.append(number)
            return None
        before = self.reading.problems.total
        self._indicator = ""
        rule = self._read_rule(number, values)
        self._indicator = rule.indicator if rule else ""
        area = self._read_area(number, values)
        period = self._read_period(rule, number, values) if rule else None
        given = rule and self._read_given(rule, period, number, values)
        parts = self._read_parts(number, values)
        note, flags = self._read_note(number, values), self._read_flags(number, values)
        if given and given.is_hidden_here:
            self.reading.kept_hidden += 1
            return None
        # Outside councils a publisher rounds the one and not the other.
        if rule and given and area in self._areas.councils:
            unlike = unlike_its_parts(rule, given.value, *parts)
            if unlike:
                self._wrong(number, values, "value", unlike)
        if self.reading.problems.total > before or not (rule and area and period and given):
            return None
        cell = self._cell("value", values)
        return IncomingFigure(
            file_row=number,
            column=self.column("symbol" if is_blank(cell) else "value"),
            text=text_of(self._cell("symbol", values) if is_blank(cell) else cell),
            series=rule.pk,
            area=area,
            period=period,
            value=given.value,
            symbol=given.symbol,
            symbol_as_published=given.as_published,
            numerator=parts[0],
            denominator=parts[1],
            note=note,
            flags=flags,
        )

    def tell_unfilled(self) -> None:
        """Notes, once every row is read, the rows that nobody filled in."""
        if self._unfilled == 1:
            said = f"1 row has no figure and was left out: row {self._first_unfilled[0]}."
        elif self._unfilled:
            named = ", ".join(map(str, self._first_unfilled))
            more = self._unfilled - len(self._first_unfilled)
            said = f"{self._unfilled:,} rows have no figure and were left out: rows {named}"
            said += f" and {more:,} more." if more else "."
        else:
            return
        self.reading.notes.append(said)

    def _cell(self, name: str, values: Sequence[Raw]) -> Raw:
        place = self._places.get(name)
        return "" if place is None else values[place]

    def _wrong(self, number: int, values: Sequence[Raw], name: str, question: Question) -> None:
        found = text_of(self._cell(name, values))
        expected = question.expected
        if self._indicator:
            expected = f"{self._indicator}: {expected}"
        problem = Problem(self.reading.file, number, self.column(name), found, expected)
        self.reading.problems.append(problem)

    def _read_name(self, number: int, values: Sequence[Raw], name: str) -> str | None:
        text = read_text(self._cell(name, values))
        if isinstance(text, Question):
            self._wrong(number, values, name, text)
            return None
        return " ".join(unguard(text).split())

    @property
    def _suggest(self) -> bool:
        return self.reading.problems.total < MOST_KEPT

    def _read_rule(self, number: int, values: Sequence[Raw]) -> SeriesRule | None:
        text = self._read_name(number, values, "series")
        if text is None:
            return None
        found = self._series.find(text, suggest=self._suggest)
        if isinstance(found, Question):
            self._wrong(number, values, "series", found)
            return None
        remember(self.rules, self._cell("series", values), found)
        return found

    def _read_area(self, number: int, values: Sequence[Raw]) -> int | None:
        """The area's id; the council's own where the cell is empty."""
        text = self._read_name(number, values, "area")
        if text is None:
            return None
        found = self._areas.find(text or settings.COUNCIL_CODE, suggest=self._suggest)
        if isinstance(found, Question):
            self._wrong(number, values, "area", found)
            return None
        remember(self.areas, self._cell("area", values), found)
        return found

    def _read_period(
        self, rule: SeriesRule, number: int, values: Sequence[Raw]
    ) -> PublishedPeriod | None:
        words, start, end = (
            self._cell(name, values) for name in ("period", "period_start", "period_end")
        )
        found = read_period(rule, words, start, end)
        if isinstance(found, WrongPeriod):
            self._wrong(number, values, found.column, found.question)
            return None
        if isinstance(words, str) and isinstance(start, str) and isinstance(end, str):
            remember(rule.periods, (words, start, end), found)
        return found

    def _read_given(
        self, rule: SeriesRule, period: PublishedPeriod | None, number: int, values: Sequence[Raw]
    ) -> Given | None:
        value, symbol = self._cell("value", values), self._cell("symbol", values)
        found = read_given(rule, period.end if period else None, value, symbol, **self._comma)
        if isinstance(found, WrongCell):
            self._wrong(number, values, found.column, found.question)
            return None
        return found

    def _read_parts(
        self, number: int, values: Sequence[Raw]
    ) -> tuple[Decimal | None, Decimal | None]:
        """Numerator and denominator, None where they are not given."""
        parts: list[Decimal | None] = []
        for name, read in (("numerator", read_part), ("denominator", read_denominator)):
            found = read(self._cell(name, values), **self._comma)
            if isinstance(found, Question):
                self._wrong(number, values, name, found)
            parts.append(found if isinstance(found, Decimal) else None)
        return parts[0], parts[1]

    def _read_note(self, number: int, values: Sequence[Raw]) -> str | None:
        if "note" not in self._places:
            return None
        text = read_text(self._cell("note", values), is_prose=True)
        if isinstance(text, Question):
            self._wrong(number, values, "note", text)
            return None
        return unguard(text)

    def _read_flags(self, number: int, values: Sequence[Raw]) -> str | None:
        if "flags" not in self._places:
            return None
        flags = read_flags(self._cell("flags", values))
        if isinstance(flags, Question):
            self._wrong(number, values, "flags", flags)
            return None
        return flags


def remember(known: dict[Any, Any], cell: Raw | tuple[str, str, str], found: object) -> None:
    """Keeps what a text was read as; numbers of a workbook are equal to too much else."""
    if isinstance(cell, str | tuple):
        if len(known) >= MOST_REMEMBERED:
            known.clear()
        known[cell] = found
