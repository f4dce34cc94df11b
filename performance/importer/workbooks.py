"""From the bytes of a workbook to rows of raw cells: openpyxl, and what it passes over in silence.

openpyxl reads a formula without a saved result as an empty cell, and leaves out rows that stand
out of order; so the sheet's own XML is looked through first.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, iterparse

from performance.importer.file_kinds import REFUSALS, Limits, refusal, too_many_rows
from performance.importer.marked_texts import (
    Mark,
    ask_about,
    find_marked,
    mark_of_font,
    mark_of_text,
)
from performance.importer.number_formats import read_cell
from performance.importer.problems import LoadRefused, Problem
from performance.importer.raw_tables import ENOUGH, RawRow, is_blank, letter_of
from performance.importer.workbook_parts import Parts, check_parts, read_book

PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
# What a cell's type may be, and how a number is written; Python's own reading takes more.
TYPES = {"n", "s", "str", "inlineStr", "e", "b", "d"}
NUMBER = re.compile(r"\s*-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*")
# The last that a spreadsheet can have; openpyxl makes every empty row up to the last one.
LAST_ROW = 1_048_576
# Far more than a row within the limits can hold.
MOST_ELEMENTS = 100_000
# As XML says that something is so.
TRUE = ("1", "true")


@dataclass(frozen=True)
class Sheet:
    """One sheet with content: its rows, and the row spans of its merged cells.

    `hidden_rows` and `hidden_columns` are the numbers and letters of what the sheet does not show.
    """

    title: str
    is_hidden: bool
    rows: list[RawRow]
    merged: list[tuple[str, int, int]]
    problems: list[Problem]
    hidden_rows: set[int]
    hidden_columns: set[str]


@dataclass
class _Looked:
    """What a sheet's own XML says; `marks` of texts by row and place, as find_marked has them."""

    marked_texts: dict[int, Mark]
    last_row: int = 0
    without_value: list[tuple[int, str]] = field(default_factory=list)
    merged: list[tuple[str, int, int]] = field(default_factory=list)
    marks: dict[tuple[int, int], Mark] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[str] = field(default_factory=set)


class _Damaged(Exception):
    """The sheet cannot be read as it is written."""


def read_sheet(file: str, content: bytes, limits: Limits, wanted: str = "") -> tuple[Sheet, str]:
    """The one sheet with content, or the one called `wanted`, and a note on hidden ones.

    Raises LoadRefused: with a question where it is not clear which sheet is meant, for a damaged
    workbook, past the limits, or with every error and formula without a value.
    """
    try:
        sheets = _read_sheets(file, content, limits, wanted)
    except LoadRefused:
        raise
    # A broken part makes openpyxl raise whatever its code stumbles over first.
    except Exception as error:
        raise refusal(file, REFUSALS["unreadable zip"]) from error
    chosen, note = _choose(file, sheets, wanted)
    if chosen.problems:
        raise LoadRefused(chosen.problems)
    return chosen, note


def _read_sheets(file: str, content: bytes, limits: Limits, wanted: str) -> list[Sheet]:
    with warnings.catch_warnings(), Parts(file, io.BytesIO(content)) as packed:
        # openpyxl warns of drawings and of rules for typing that it leaves out; none is a value.
        warnings.simplefilter("ignore")
        check_parts(file, packed)
        book = read_book(packed)
        # The others may be past the limits without harm where the one meant is named.
        marked = find_marked(packed)
        named = [sheet for sheet in book.worksheets if sheet.title == wanted]
        # No spreadsheet program writes two sheets that are one: each would be read again.
        if len({sheet._worksheet_path for sheet in book.worksheets}) < len(book.worksheets):
            raise refusal(file, REFUSALS["unreadable zip"])
        read = [
            _read_sheet(file, sheet, packed, marked, limits) for sheet in named or book.worksheets
        ]
    return [sheet for sheet in read if sheet.rows or sheet.problems]


def _read_sheet(
    file: str, sheet: Any, packed: zipfile.ZipFile, marked: dict[int, Mark], limits: Limits
) -> Sheet:
    with packed.open(sheet._worksheet_path) as source:
        looked = _look_through(file, source, _Looked(marked), limits)
    # What a workbook says of its own size is often wrong.
    sheet.reset_dimensions()
    problems = [
        Problem(
            file, row, letter, "", "the formula here has no saved result: open the file in Excel, "
            "save it again, or paste the values"
        )
        for row, letter in looked.without_value
    ]  # fmt: skip
    rows = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = tuple(_read_cells(file, number, cells, looked.marks, problems))
        if not all(map(is_blank, values)):
            rows.append(RawRow(number, values))
    if len(problems) > ENOUGH:
        more = f"and {len(problems) - ENOUGH:,} more cells without a value"
        problems = [*problems[:ENOUGH], Problem(file, None, "", "", more)]
    return Sheet(
        sheet.title,
        sheet.sheet_state != "visible",
        rows,
        looked.merged,
        problems,
        looked.hidden_rows,
        looked.hidden_columns,
    )


def _read_cells(
    file: str, row: int, cells: Any, marks: dict[tuple[int, int], Mark], problems: list[Problem]
) -> Iterator[Any]:
    for place, cell in enumerate(cells):
        if cell.value is None:
            yield ""
            continue
        try:
            if cell.data_type == "e":
                raise ValueError(cell.value)
            value = read_cell(cell.value, cell.number_format)
            mark = marks.get((row, place)) or mark_of_font(cell.font)
            yield ask_about(value, mark) if mark and not is_blank(value) else value
        except ValueError:
            expected = "a value was expected and this is an error of the spreadsheet: mend the cell"
            problems.append(Problem(file, row, letter_of(place), str(cell.value), expected))
            yield ""


def _look_through(file: str, source: Any, looked: _Looked, limits: Limits) -> _Looked:
    filled = elements = 0
    for _, element in iterparse(source):
        tag = element.tag.rpartition("}")[2]
        elements += 1
        if elements > MOST_ELEMENTS:
            raise _Damaged("too much in one row, or beside the rows")
        if tag == "row":
            elements = 0
            filled += _look_at_row(element, looked, limits)
            if filled > limits.rows + 2:
                raise refusal(file, too_many_rows(limits))
            element.clear()
        elif tag == "mergeCell":
            looked.merged.append(_span(element.get("ref", "")))
        elif tag == "col" and element.get("hidden") in TRUE:
            first, last = int(element.get("min", 0)), int(element.get("max", 0))
            places = range(max(first, 1), min(last, limits.columns) + 1)
            looked.hidden_columns.update(letter_of(place - 1) for place in places)
    return looked


def _look_at_row(row: Element, looked: _Looked, limits: Limits) -> bool:
    """Whether the row has a cell with something in it; raises _Damaged where it is out of order."""
    number = int(row.get("r", looked.last_row + 1))
    if not looked.last_row < number <= LAST_ROW:
        raise _Damaged("rows out of order, or beyond the last there can be")
    looked.last_row = number
    if row.get("hidden") in TRUE:
        looked.hidden_rows.add(number)
    is_filled, last_column = False, 0
    for cell in row:
        tag = cell.tag.rpartition("}")[2]
        if tag != "c":
            continue
        column = _column_of(cell.get("r", f"{letter_of(last_column)}{number}"), number)
        if not last_column < column <= limits.columns:
            raise _Damaged("cells out of order, or too many")
        last_column = column
        parts = {part.tag.rpartition("}")[2]: part for part in cell}
        if not _is_well_written(cell.get("t", "n"), parts.get("v")):
            raise _Damaged("a cell as no spreadsheet writes it")
        is_filled = is_filled or bool(parts.keys() & {"v", "is", "f"})
        if "f" in parts and not _has_result(cell, parts):
            looked.without_value.append((number, letter_of(column - 1)))
        if mark := _mark_of(cell.get("t"), parts, looked.marked_texts):
            looked.marks[number, column - 1] = mark
    return is_filled


def _mark_of(
    kind: str | None, parts: dict[str, Element], marked_texts: dict[int, Mark]
) -> Mark | None:
    """The mark of a cell's text, which stands in the cell or in the workbook's list."""
    if kind == "inlineStr" and "is" in parts:
        return mark_of_text(parts["is"])
    if kind == "s" and marked_texts and "v" in parts:
        return marked_texts.get(int(parts["v"].text or 0))
    return None


def _is_well_written(kind: str, value: Element | None) -> bool:
    """Whether the cell is of a known type, and its number one: 1_000 and ４６ are none."""
    if kind != "n" or value is None or not value.text:
        return kind in TYPES
    return NUMBER.fullmatch(value.text) is not None


def _has_result(cell: Element, parts: dict[str, Element]) -> bool:
    """An empty text is a result; an empty number is what is written before Excel reckons it."""
    return "v" in parts and bool(parts["v"].text or cell.get("t") == "str")


def _column_of(place: str, row: int) -> int:
    found = PLACE.fullmatch(place)
    if not found or int(found[2]) != row:
        raise _Damaged("a cell says that it stands in another row")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _span(reference: str) -> tuple[str, int, int]:
    """“A1:C1” with the first and last row that it covers."""
    found = [PLACE.fullmatch(place) for place in reference.split(":")]
    rows = [int(place[2]) for place in found if place]
    if len(rows) != len(found):
        raise _Damaged("merged cells without a place")
    return reference, min(rows), max(rows)


def _choose(file: str, sheets: list[Sheet], wanted: str) -> tuple[Sheet, str]:
    if wanted:
        named = [sheet for sheet in sheets if sheet.title == wanted]
        if named:
            return named[0], ""
        there = ", ".join(f"“{sheet.title}”" for sheet in sheets)
        these = f" These have content: {there}" if there else ""
        raise refusal(file, f"no sheet of that name has content.{these}", found=wanted)
    if not sheets:
        raise refusal(file, "there is nothing in any sheet: was the right file dropped?")
    visible = [sheet for sheet in sheets if not sheet.is_hidden]
    hidden = ", ".join(f"“{sheet.title}”" for sheet in sheets if sheet.is_hidden)
    if not visible:
        raise refusal(
            file, f"only hidden sheets have content ({hidden}): show the one that is meant"
        )
    if len(visible) > 1:
        titles = ", ".join(f"“{sheet.title}”" for sheet in visible)
        raise refusal(file, f"which sheet is meant? These have content: {titles}")
    return visible[0], f"What is in hidden sheets was not read: {hidden}." if hidden else ""
