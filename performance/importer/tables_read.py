"""From the bytes of a file to one table of raw cells, or a refusal that says what to mend.

Cells keep the row's number and the column's letter that a spreadsheet shows beside them.
"""

from collections.abc import Iterator
from dataclasses import replace

from performance.importer import csv_text, workbooks
from performance.importer.file_kinds import WEB_DOOR, Limits, check_file, refusal, too_many_rows
from performance.importer.problems import LoadRefused, Problem
from performance.importer.raw_tables import Table, find_header, make_table

MOST_NAMED = 8


def read_table(file: str, content: bytes, *, sheet: str = "", limits: Limits = WEB_DOOR) -> Table:
    """The table in a CSV file or a workbook; `sheet` answers which of a workbook's is meant.

    Raises LoadRefused, and nothing else, whatever the bytes are.
    """
    if check_file(file, content, limits) == "csv":
        table = _read_csv(file, content, limits)
    else:
        table = _read_workbook(file, content, sheet, limits)
    if len(table.rows) > limits.rows:
        raise refusal(file, too_many_rows(limits))
    return table


def _read_csv(file: str, content: bytes, limits: Limits) -> Table:
    text, encoding = csv_text.decode(file, content)
    rows, delimiter = csv_text.read_rows(file, text, limits)
    table = make_table(file, rows, find_header(file, rows), ragged_is_wrong=True)
    return replace(table, encoding=encoding, delimiter=delimiter)


def _read_workbook(file: str, content: bytes, wanted: str, limits: Limits) -> Table:
    sheet, note = workbooks.read_sheet(file, content, limits, wanted)
    at = find_header(file, sheet.rows)
    header_row = sheet.rows[at].number
    merged = [
        Problem(file, first, "", reference, "merged cells: which of them is meant? Part them")
        for reference, first, last in sheet.merged
        if last >= header_row
    ]
    if merged:
        raise LoadRefused(merged)
    table = make_table(file, sheet.rows, at, ragged_is_wrong=False)
    notes = (note, *_notes_of_hidden(sheet, table))
    return replace(table, sheet=sheet.title, notes=tuple(filter(None, notes)))


def _notes_of_hidden(sheet: workbooks.Sheet, table: Table) -> Iterator[str]:
    """The rows and columns that the sheet does not show, and that were read like the others."""
    rows = [str(row.number) for row in table.rows if row.number in sheet.hidden_rows]
    columns = [
        f"{letter} ({header.strip()})"
        for letter, header in zip(table.letters, table.headers, strict=True)
        if letter in sheet.hidden_columns
    ]
    for said, hidden in (("rows", rows), ("columns", columns)):
        if hidden:
            more = len(hidden) - MOST_NAMED
            named = ", ".join(hidden[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
            yield f"What is in hidden {said} was read like the rest: {named}."
