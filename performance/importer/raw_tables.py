"""A table as it was read, before anything is made of its cells, and where its headers stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from performance.importer.file_kinds import refusal
from performance.importer.problems import LoadRefused, Problem

# This many rows of one fault are enough to see what is wrong.
ENOUGH = 100
NO_HEADER = "the column has figures or words but no header: name it or empty it"
NO_ROW = "there is no row under the headers: was the right file dropped?"
STARTS_LIKE_A_NUMBER = re.compile(r"[-+(£]?\s*[0-9][0-9.,/%\s:)-]*")


@dataclass(frozen=True, slots=True)
class Percentage:
    """A number that its cell's format shows as a percentage: `shown` is 46 where 0.46 is held."""

    shown: Decimal


@dataclass(frozen=True, slots=True)
class Unclear:
    """A cell that could mean two things: how it looks, and the question."""

    found: str
    question: str


@dataclass(frozen=True, slots=True)
class Marked(Unclear):
    """A text of which something is struck through, or else raised or lowered.

    Words in which nothing hangs on a raised sign, such as a note, may be read all the same.
    """

    is_struck: bool


@dataclass(frozen=True, slots=True)
class PartOfDate:
    """A date of which its cell does not show the whole day: `shown` is “Aug-16”."""

    shown: str
    held: date


# A `date` may be a datetime, where the cell holds a time of day too. An empty cell is “”.
Raw = str | Decimal | Percentage | bool | date | PartOfDate | Unclear


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with its place: the row's number, the column's letter and its header."""

    file: str
    row: int
    letter: str
    header: str
    value: Raw

    @property
    def text(self) -> str:
        return text_of(self.value)

    def problem(self, expected: str) -> Problem:
        column = f"{self.letter} ({self.header})" if self.header else self.letter
        return Problem(self.file, self.row, column, self.text, expected)


@dataclass(frozen=True, slots=True)
class RawRow:
    """The values of one row, from column A on, and the number that a spreadsheet shows."""

    number: int
    values: tuple[Raw, ...]


@dataclass(frozen=True)
class Table:
    """Headers and rows. Every row has as many values as there are headers.

    `sheet` is empty for a CSV file, `encoding` and `delimiter` for a workbook. `notes` are
    sentences that the reader of the report should see.
    """

    file: str
    header_row: int
    headers: tuple[str, ...]
    letters: tuple[str, ...]
    rows: tuple[RawRow, ...]
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    notes: tuple[str, ...] = field(default=())

    def cell(self, row: RawRow, place: int) -> Cell:
        header = self.headers[place]
        return Cell(self.file, row.number, self.letters[place], header, row.values[place])

    def header_cell(self, place: int) -> Cell:
        name = self.headers[place]
        return Cell(self.file, self.header_row, self.letters[place], "", name)

    def cells(self, row: RawRow) -> Iterator[Cell]:
        return (self.cell(row, place) for place in range(len(self.headers)))


def text_of(value: Raw) -> str:
    """The value as a message quotes it."""
    if isinstance(value, Percentage):
        return f"{value.shown:f}%"
    if isinstance(value, Unclear):
        return value.found
    if isinstance(value, PartOfDate):
        return value.shown
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def letter_of(place: int) -> str:
    """The letter above the column at `place`, counted from 0: A, Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def is_blank(value: Raw) -> bool:
    return isinstance(value, str) and not value.strip()


def find_header(file: str, rows: Sequence[RawRow]) -> int:
    """The place among `rows` of the row of headers: the first, or the one under a title.

    Blank lines may stand above it, and one line with a single cell. Raises LoadRefused with a
    question where another row could be meant.
    """
    filled = [
        (place, sum(not is_blank(value) for value in row.values)) for place, row in enumerate(rows)
    ]
    filled = [(place, count) for place, count in filled if count]
    if not filled:
        raise refusal(file, "there is nothing in it: was the right file dropped?")
    has_title = filled[0][1] == 1
    if len(filled) > has_title and filled[has_title][1] >= 2:
        place = filled[has_title][0]
        _refuse_numbers(file, rows[place])
        return place
    number = rows[filled[0][0]].number
    if all(count == 1 for _, count in filled):
        expected = "only one column was found: is this a table? Headers in one row were expected"
    else:
        expected = "which row holds the headers? Take away what stands above them"
    raise refusal(file, expected, number)


def _refuse_numbers(file: str, row: RawRow) -> None:
    for place, value in enumerate(row.values):
        if isinstance(value, Marked):
            if value.is_struck:
                raise refusal(file, value.question, row.number, letter_of(place), value.found)
            value = value.found
        if is_blank(value) or (
            isinstance(value, str) and not STARTS_LIKE_A_NUMBER.fullmatch(value.strip())
        ):
            continue
        expected = (
            "a header was expected in the first row, in words: is the row of headers missing?"
        )
        raise refusal(file, expected, row.number, letter_of(place), text_of(value))


def make_table(file: str, rows: Sequence[RawRow], at: int, *, ragged_is_wrong: bool) -> Table:
    """The table under the headers at `at`; blank rows, and columns with nothing in them, left out.

    `ragged_is_wrong`: a row with fewer cells than there are headers is told, as in CSV, where a
    cell may have been lost. Raises LoadRefused with every row that does not fit.
    """
    header = rows[at]
    width = len(header.values)
    while width and is_blank(header.values[width - 1]):
        width -= 1
    below = [row for row in rows[at + 1 :] if not all(map(is_blank, row.values))]
    problems = _misfits(file, below, width, ragged_is_wrong)
    places = []
    for place in range(width):
        if not is_blank(header.values[place]):
            places.append(place)
        elif any(place < len(row.values) and not is_blank(row.values[place]) for row in below):
            problems.append(Problem(file, header.number, letter_of(place), "", NO_HEADER))
    if not below:
        problems.append(Problem(file, header.number, "", "", NO_ROW))
    if problems:
        raise LoadRefused(problems)
    return Table(
        file=file,
        header_row=header.number,
        headers=tuple(text_of(header.values[place]) for place in places),
        letters=tuple(map(letter_of, places)),
        rows=tuple(_chosen(row, places) for row in below),
    )


def _chosen(row: RawRow, places: Sequence[int]) -> RawRow:
    there = len(row.values)
    return RawRow(row.number, tuple(row.values[at] if at < there else "" for at in places))


def _misfits(file: str, rows: Sequence[RawRow], width: int, ragged_is_wrong: bool) -> list[Problem]:
    problems: list[Problem] = []
    more = 0
    for row in rows:
        problem = misfit(file, row.number, row.values, width, ragged_is_wrong=ragged_is_wrong)
        if problem is not None and len(problems) == ENOUGH:
            more += 1
        elif problem is not None:
            problems.append(problem)
    if more:
        problems.append(Problem(file, None, "", "", f"and {more:,} more rows that do not fit"))
    return problems


def misfit(
    file: str, number: int, values: Sequence[Raw], width: int, *, ragged_is_wrong: bool = True
) -> Problem | None:
    """What is wrong with a row that has another number of cells than there are headers."""
    beyond = next((at for at in range(width, len(values)) if not is_blank(values[at])), None)
    if beyond is not None:
        expected = (
            f"there are only {width} headers and this is cell {beyond + 1}: is a comma not in "
            "quotation marks, or a header missing?"
        )
        return Problem(file, number, letter_of(beyond), text_of(values[beyond]), expected)
    if not ragged_is_wrong or len(values) >= width:
        return None
    expected = (
        f"the row ends here, after {len(values)} of {width} cells: is one missing, or a quotation "
        "mark or line break wrong?"
    )
    return Problem(file, number, letter_of(len(values) - 1), text_of(values[-1]), expected)
