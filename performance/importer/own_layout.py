"""Our own tidy layout of figures, one a row, in CSV or a workbook, of any length.

A plain row is told by what was read before and takes a few microseconds; the first of its kind, and
any row that is not plain, is read cell by cell. Both ways make the same of it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from performance.importer.csv_stream import is_csv, open_csv
from performance.importer.file_kinds import WEB_DOOR, Limits
from performance.importer.incoming import IncomingFigure, Reading, Source
from performance.importer.officers_cells import plain_header
from performance.importer.own_rows import ABSENT, REQUIRED, RowReader
from performance.importer.problems import ProblemList
from performance.importer.raw_tables import Table
from performance.importer.tables_read import read_table
from performance.models import Load

FAST = ("series", "period", "value", "symbol", "area", "numerator", "denominator", "note", "flags",
        "period_start", "period_end")  # fmt: skip
# A note that begins so is read with care.
ODD = " '"
# A number that needs no second look: digits that can be held, and no more.
PLAIN = re.compile(r"-?[0-9]{1,14}(?:\.[0-9]{1,6})?")
# Three digits after a point may be thousands there.
PLAIN_BESIDE_SEMICOLONS = re.compile(r"-?[0-9]{1,14}(?:\.(?:[0-9]{1,2}|[0-9]{4,6}))?")


def is_own_layout(headers: Sequence[str]) -> bool:
    """Whether at least two of the three columns that every file of the layout has are there."""
    named = {plain_header(header) for header in headers}
    return sum(name in named for name in REQUIRED) >= 2


def read_own_layout(
    source: Source,
    *,
    sheet: str = "",
    limits: Limits = WEB_DOOR,
    released_at: datetime | None = None,
) -> Reading:
    """The file in the course of being read; see Reading.

    Raises LoadRefused where it is no table, or has a column too few, too many or twice. What is
    wrong with a row is told in the reading's problems, and the row is left out.
    """
    problems = ProblemList()
    reading = Reading(
        file=source.name,
        format=Load.Format.OWN,
        title="our own layout",
        figures=iter(()),
        released_at=released_at,
        problems=problems,
    )
    if is_csv(source, limits):
        stream = open_csv(source, limits, problems, is_own_layout)
        rows = RowReader(reading, stream.table, stream.places)
        reading.figures = _read_texts(rows, stream.rows)
    else:
        table = read_table(source.name, source.read(), sheet=sheet, limits=limits)
        rows = RowReader(reading, table, range(len(table.headers)))
        reading.figures = _read_raw(rows, table)
        reading.notes.extend(table.notes)
    return reading


def _read_raw(rows: RowReader, table: Table) -> Iterator[IncomingFigure]:
    for row in table.rows:
        rows.reading.rows_read += 1
        if (figure := rows.read(row.number, row.values)) is not None:
            yield figure
    rows.tell_unfilled()


def _read_texts(
    rows: RowReader, texts: Iterable[tuple[int, list[str]]]
) -> Iterator[IncomingFigure]:
    """The figures of rows of text: plain rows at once, any other cell by cell."""
    series_at, period_at, value_at, symbol_at, area_at, numerator_at, denominator_at, note_at, \
        flags_at, start_at, end_at = (rows.place(name) for name in FAST)  # fmt: skip
    reading, rules, areas, column = rows.reading, rows.rules, rows.areas, rows.column("value")
    is_plain = (PLAIN if rows.has_plain_points else PLAIN_BESIDE_SEMICOLONS).fullmatch
    no_flags = None if flags_at == ABSENT else ""
    for number, row in texts:
        reading.rows_read += 1
        # What an absent column would hold stands at the end, where ABSENT points to.
        row.append("")
        text, note, rule, area = row[value_at], row[note_at], None, areas.get(row[area_at])
        if not (row[symbol_at] or row[numerator_at] or row[denominator_at] or row[flags_at]):
            rule = rules.get(row[series_at])
        if rule is not None and area is not None and is_plain(text):
            period = rule.periods.get((row[period_at], row[start_at], row[end_at]))
            value = Decimal(text)
            if (
                period is not None
                and (rule.lowest is None or value >= rule.lowest)
                and (rule.highest is None or value <= rule.highest)
                and not (rule.counts_children and "." in text)
                and (not note or (note.isprintable() and note[0] not in ODD and note[-1] != " "))
            ):
                yield IncomingFigure(
                    number, column, text, rule.pk, area, period, value, "", "", None, None,
                    None if note_at == ABSENT else note, no_flags,
                )  # fmt: skip
                continue
        if (figure := rows.read(number, row)) is not None:
            yield figure
    rows.tell_unfilled()
