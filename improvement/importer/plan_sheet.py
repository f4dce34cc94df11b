"""The plan as one table, an action a row: reads what each row says, and guesses nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import TypeVar

from improvement.changes.facts import NO_DATE, ActionWords
from improvement.importer.due_cells import read_due
from improvement.models import Action, Judgement, Theme
from improvement.permissions import Person
from performance.calculations.partial_date import PartialDate
from performance.importer.check import LONGEST_COMPARED
from performance.importer.file_kinds import Limits
from performance.importer.formula_guard import unguard
from performance.importer.officers_cells import Question, match_headers, read_text
from performance.importer.problems import LoadRefused, ProblemList, shown
from performance.importer.raw_tables import Cell, PartOfDate, RawRow, Table
from performance.importer.tables_read import read_table
from performance.models import Indicator

Known = TypeVar("Known")

COLUMNS = ("reference", "theme", "title", "promised", "kind", "judgements")
# A column that is not there leaves what is on record as it is.
OPTIONAL = (
    "owner_service", "owner_role", "owner", "impact_sought", "first_due", "first_due_last_day",
    "cabinet_on", "indicators", "note",
)  # fmt: skip
ALL_COLUMNS = (*COLUMNS, *OPTIONAL)
WEB = Limits(rows=10_000)
COMMAND = Limits(size=200 * 1024 * 1024)
REFERENCE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,11}")
MOST = {"title": 120, "owner_service": 120, "owner_role": 120}
TEXTS = ("title", "promised", "owner_service", "owner_role", "impact_sought", "note")
NUMBER_IN_TEXT = (
    "a reference was expected and the cell holds a number, in which 5.10 and 5.1 are the same: "
    "give the column the format “Text” and write it again"
)


@dataclass(frozen=True)
class Record:
    """What a row may name, by the name that it uses."""

    themes: Mapping[str, Theme]
    judgements: Mapping[str, Judgement]
    indicators: Mapping[str, Indicator]
    people: Mapping[str, Person]


@dataclass(frozen=True)
class SheetRow:
    """What a row says. `said` holds the columns that the file has, whatever stands in them."""

    number: int
    reference: str
    theme: Theme
    said: frozenset[str]
    words: ActionWords
    judgements: tuple[Judgement, ...]
    indicators: tuple[Indicator, ...] = ()
    owner: Person | None = None
    first_due: PartialDate = NO_DATE


@dataclass
class Sheet:
    """A file that was read: its rows, what is wrong with it, and where each cell stood."""

    file: str
    table: Table
    places: Mapping[str, int]
    rows: list[SheetRow] = field(default_factory=list)
    problems: ProblemList = field(default_factory=ProblemList)
    raw: dict[int, RawRow] = field(default_factory=dict)

    def cell(self, number: int, column: str) -> Cell:
        return self.table.cell(self.raw[number], self.places[column])


def read_sheet(
    file: str, content: bytes, record: Record, *, sheet: str = "", limits: Limits = WEB
) -> Sheet:
    """The rows of the file, and every problem of every cell; a row with a problem is left out.

    Raises LoadRefused where it is no table, or has a column too few, too many or twice.
    """
    table = read_table(file, content, sheet=sheet, limits=limits)
    headers = match_headers(table, COLUMNS, OPTIONAL)
    if headers.problems:
        raise LoadRefused(list(headers.problems))
    made = Sheet(file, table, headers.places, raw={row.number: row for row in table.rows})
    seen: dict[str, int] = {}
    for raw in table.rows:
        reader = _RowReader(made, raw, record)
        row = reader.read()
        if row and (first := seen.setdefault(row.reference.lower(), row.number)) != row.number:
            reader.wrong("reference", f"row {first} has the same reference: keep one")
        if row and not reader.is_wrong:
            made.rows.append(row)
    return made


class _RowReader:
    """Reads one row; what is wrong with a cell is told in the sheet's problems."""

    def __init__(self, sheet: Sheet, raw: RawRow, record: Record) -> None:
        self.sheet, self.raw, self.record = sheet, raw, record
        self.is_wrong = False

    def wrong(self, column: str, expected: str) -> None:
        self.is_wrong = True
        self.sheet.problems.append(self.sheet.cell(self.raw.number, column).problem(expected))

    def read(self) -> SheetRow | None:
        """None where a cell is wrong; every other cell was read all the same."""
        reference, theme = self._reference(), self._theme()
        texts = {column: self._text(column) for column in TEXTS}
        judgements = self._many("judgements", self.record.judgements, "a judgement of the plan")
        indicators = self._many("indicators", self.record.indicators, "the code of an indicator")
        kind, owner, first_due = self._kind(), self._owner(), self._first_due()
        cabinet = self._date("cabinet_on", takes_words=False)
        if self.is_wrong or theme is None:
            return None
        return SheetRow(
            number=self.raw.number,
            reference=reference,
            theme=theme,
            said=frozenset(self.sheet.places),
            words=ActionWords(kind=kind, cabinet=cabinet, **texts),
            judgements=judgements,
            indicators=indicators,
            owner=owner,
            first_due=first_due,
        )

    def _cell(self, column: str) -> Cell | None:
        return self.sheet.cell(self.raw.number, column) if column in self.sheet.places else None

    def _text(self, column: str) -> str:
        """The words; “” where the cell is empty or the file has no such column."""
        cell = self._cell(column)
        if cell is None:
            return ""
        read = read_text(cell.value, is_prose=column in TEXTS)
        if isinstance(read, Question):
            self.wrong(column, read.expected)
            return ""
        text = unguard(read.replace("\r\n", "\n").replace("\r", "\n"))
        if column in COLUMNS and not text:
            self.wrong(column, "something must be written here")
        elif len(text) > MOST.get(column, len(text)):
            self.wrong(column, f"at most {MOST[column]} characters were expected: {len(text)} are")
        return text

    def _reference(self) -> str:
        cell = self._cell("reference")
        if cell is not None and isinstance(cell.value, Decimal):
            self.wrong("reference", NUMBER_IN_TEXT)
            return ""
        text = self._text("reference")
        is_date = cell is not None and isinstance(cell.value, PartOfDate)
        if text and (is_date or not REFERENCE.fullmatch(text)):
            self.wrong(
                "reference",
                "letters, digits, “.” and “-” alone were expected, at most 12 of them, such as "
                "4.01b",
            )
        return text

    def _theme(self) -> Theme | None:
        cell = self._cell("theme")
        text = self._text("theme").removesuffix(".0") if cell else ""
        found = self.record.themes.get(text)
        if text and found is None:
            known = ", ".join(self.record.themes)
            self.wrong(
                "theme",
                f"the number of a theme of the plan was expected: {known or 'it has none yet'}",
            )
        return found

    def _kind(self) -> str:
        text = self._text("kind").lower().replace("_", " ")
        kinds = {str(label): value for value, label in Action.Kind.choices}
        if text and text not in kinds:
            self.wrong("kind", f"one of these was expected: {', '.join(kinds)}")
        return kinds.get(text, Action.Kind.ACTION)

    def _many(self, column: str, known: Mapping[str, Known], what: str) -> tuple[Known, ...]:
        """What the cell names, parted by semicolons, in its order."""
        names = [part.strip() for part in self._text(column).split(";") if part.strip()]
        if column in COLUMNS and not names and not self.is_wrong:
            self.wrong(column, f"{what} was expected, the main one first")
        for name in names:
            if name not in known:
                self.wrong(column, f"“{shown(name)}” is not {what}{_hint(name, known)}")
            elif names.count(name) > 1:
                self.wrong(column, f"“{shown(name)}” stands there twice: keep one")
                break
        return tuple(known[name] for name in names if name in known)

    def _owner(self) -> Person | None:
        name = self._text("owner")
        if name and name not in self.record.people:
            hint = _hint(name, self.record.people)
            self.wrong(
                "owner", f"the user name of somebody who may send updates was expected{hint}"
            )
        return self.record.people.get(name)

    def _date(self, column: str, *, takes_words: bool) -> PartialDate:
        cell = self._cell(column)
        if cell is None:
            return NO_DATE
        read = read_due(
            unguard(cell.value) if isinstance(cell.value, str) else cell.value,
            takes_words=takes_words,
        )
        if isinstance(read, Question):
            self.wrong(column, read.expected)
            return NO_DATE
        return read

    def _first_due(self) -> PartialDate:
        """The date, with the last day that words can mean where the file gives one."""
        due = self._date("first_due", takes_words=True)
        last = self._date("first_due_last_day", takes_words=False)
        if last.on is None:
            return due
        if due.precision != "words":
            self.wrong(
                "first_due_last_day",
                "a last day stands only beside words: empty this cell, or say when in words",
            )
        elif last.precision != "day":
            self.wrong("first_due_last_day", "a day such as 2016-09-30 was expected")
        return PartialDate(last.on, due.precision, due.words)


def _hint(name: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(name[:LONGEST_COMPARED], list(known), n=1)
    return f": did you mean “{near[0]}”?" if near else ""


def plain_reference(reference: str) -> str:
    """The reference without what a spreadsheet takes away: “5.10” is “5.1” to it."""
    return re.sub(r"(\.[0-9]*?)0+$", r"\1", reference.lower()).removesuffix(".")


def join_names(names: Sequence[str]) -> str:
    return "; ".join(names)
