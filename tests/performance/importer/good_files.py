"""Good files of each layout and of each way that programs write them, for the mutator to break.

The figures of our own layout are made up, and are those of no council.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import openpyxl

from tests.performance.importer import naive_published
from tests.performance.importer.naive_own import (
    Figures,
    Rows,
    read_own,
    read_published,
    rows_of,
)
from tests.performance.importer.shared_strings import with_shared_strings

HEAD = "series area period value symbol numerator denominator note".split()
ROWS = """
looked-after-number.council;;31 March 2011;781;;;;Café – “late” return
looked-after-number.council;336;31 March 2012;779;;;;
looked-after-number.council;E08000031;31 March 2013;0;;;;£5 a week
looked-after-number.council;Wolverhampton;30 June 2013;;suppressed;;;
looked-after-number.council;330;31 March 2013;1812;;;;
sgo-made.council;;2010/11;41;;;;Naïve
sgo-made.council;;2011/12;38;;;;
sgo-made.council;;2012/13;;not available;;;'=not a formula
assessments-45-days.council;;2010/11;81.5;;163;200;
assessments-45-days.council;;2011/12;82;;;;½ of them
assessments-45-days.council;;2012/13;83.25;;;;
care-proceedings-26-weeks.council;;April 2013;46.5;;93;200;
care-proceedings-26-weeks.council;;May 2013;100;;;;
care-proceedings-26-weeks.council;;June 2013;;c;;;
manager-workshops.council;;May 2013;12;;;;
manager-workshops.council;;June 2013;9;;;;“quoted”
children-budget.council;;2010/11;1234567.25;;;;
children-budget.council;;2011/12;12345;;;;
children-budget.council;;2012/13;-4321.5;;;;below nought
""".strip().splitlines()
PERCENTAGES = ("assessments-45-days", "care-proceedings")
LATER = date(2026, 6, 1)
# A cell of a workbook holds 32,767 letters at most.
LONGEST_TEXT = 32_000
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
DFE = {
    "c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv": (
        "referral_count", "rereferral_count", "rereferral_percent",
    ),
    "cla_number_and_rate_per_10k_children_2025.csv": (
        "children_count", "rate_per_10000", "population_estimate",
    ),
    "csww_indicators_2017_to_2025.csv": (
        "turnover_rate_fte", "vacancy_rate_fte", "agency_rate_fte", "caseload_fte", "cases",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Good:
    """A file that loads: its rows as text, how they are written, and what its figures are.

    `kind` is “own csv”, “own workbook” or “published”; `options` are those of the load.
    """

    name: str
    kind: str
    rows: Rows
    write: Callable[[Rows], bytes]
    read: Callable[[Rows], Figures]
    values: tuple[str, ...] = ("value",)
    area: str = "area"
    period: str = "period"
    delimiter: str = ","
    encoding: str = "utf-8"
    options: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def content(self) -> bytes:
        return self.write(self.rows)

    @property
    def figures(self) -> Figures:
        return self.read(self.rows)

    @property
    def is_text(self) -> bool:
        return self.kind != "own workbook"

    def column(self, name: str) -> int:
        return [header.strip() for header in self.rows[0]].index(name)


def own_rows() -> Rows:
    return [HEAD, *(line.split(";") for line in ROWS)]


def with_values(change: Callable[[str, str], str]) -> Rows:
    """The rows with each value written another way: `change` is told the series and the value."""
    rows = own_rows()
    for row in rows[1:]:
        row[3] = change(row[0], row[3]) if row[3] else ""
    return rows


def thousands(_series: str, value: str) -> str:
    return f"{Decimal(value):,}"


def percent(series: str, value: str) -> str:
    return f"{value}%" if series.startswith(PERCENTAGES) else value


def dated() -> Rows:
    """Days as a spreadsheet writes them."""
    days = {
        "31 March 2011": "31/03/2011",
        "31 March 2012": "2012-03-31",
        "30 June 2013": "30.6.2013",
    }
    return [[days.get(cell, cell) for cell in row] for row in own_rows()]


def as_text(encoding="utf-8", delimiter=",", end="\n", quoting=csv.QUOTE_MINIMAL):
    def write(rows: Rows) -> bytes:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
        return out.getvalue().encode(
            encoding, errors="replace" if encoding == "cp1252" else "strict"
        )

    return write


def own_csv(name: str, rows: Rows, *, encoding="utf-8", delimiter=",", **style) -> Good:
    def read(given: Rows) -> Figures:
        return read_own(given, comma=delimiter != ";")

    write = as_text(encoding, delimiter, **style)
    return Good(
        f"own, {name}", "own csv", rows, write, read, delimiter=delimiter, encoding=encoding
    )


def own_csvs() -> list[Good]:
    return [
        own_csv("UTF-8", own_rows()),
        own_csv("UTF-8 with its mark", own_rows(), encoding="utf-8-sig", end="\r\n"),
        own_csv("Windows-1252", own_rows(), encoding="cp1252", end="\r\n"),
        own_csv("UTF-16", own_rows(), encoding="utf-16", delimiter="\t"),
        own_csv("semicolons", own_rows(), delimiter=";", end="\r\n"),
        own_csv("tabs", own_rows(), delimiter="\t"),
        own_csv("all quoted", own_rows(), quoting=csv.QUOTE_ALL),
        own_csv("thousands", with_values(thousands)),
        own_csv("percentages", with_values(percent), encoding="utf-8-sig"),
        own_csv("days", dated(), end="\r"),
    ]


def as_workbook(rows: Rows, *, other: str = "", title: str = "") -> bytes:
    """Numbers as numbers, percentages in that format, days as days, all else as text."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Figures"
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            _fill(sheet.cell(number, place), text)
    if title:
        sheet.insert_rows(1)
        sheet["A1"] = title
        sheet.merge_cells("A1:C1")
    if other:
        more = book.create_sheet(other)
        more.append(["a", "b"])
        more.append([1, 2])
        more.sheet_state = "hidden" if other == "Hidden" else "visible"
    out = io.BytesIO()
    book.save(out)
    return with_shared_strings(out.getvalue())


def _fill(cell: Any, text: str) -> None:
    if (
        text.endswith("%")
        and text[:-1].replace(".", "").isascii()
        and text[:-1].replace(".", "", 1).isdigit()
    ):
        cell.value, cell.number_format = float(Decimal(text[:-1]) / 100), "0.0##%"
    elif is_plain(text):
        cell.value = float(text) if "." in text else int(text)
    elif len(text) == 10 and text[4:8:3] == "--" and text.startswith("20"):
        try:
            cell.value = date.fromisoformat(text)
        except ValueError:
            cell.value = text
    else:
        # A text that starts with “=” would be a formula; it stays what was typed.
        cell.value = CONTROL.sub(_escaped, text[:LONGEST_TEXT]) or None
        if text.startswith("="):
            cell.data_type = "s"


def _escaped(sign: re.Match[str]) -> str:
    """A sign that XML cannot hold, as Excel writes it."""
    return f"_x{ord(sign[0]):04X}_"


def is_plain(text: str) -> bool:
    bare = text.removeprefix("-")
    return (
        len(bare) < 12 and bare.isascii() and bare.replace(".", "", 1).isdigit() and bare[0] != "."
    )


def as_held(rows: Rows) -> Rows:
    """The rows as a workbook holds them: a number has no way of being written, a text is cut, and
    a row that ends early has blank cells."""
    width = max(map(len, rows))
    return [[*map(_held, row), *[""] * (width - len(row))] for row in rows]


def _held(text: str) -> str:
    return f"{Decimal(text).normalize():f}" if is_plain(text) else text[:LONGEST_TEXT]


def own_workbooks() -> list[Good]:
    def read(rows: Rows) -> Figures:
        return read_own(as_held(rows))

    def good(name: str, rows: Rows, **given) -> Good:
        def write(changed: Rows) -> bytes:
            return as_workbook(changed, **given)

        return Good(f"workbook, {name}", "own workbook", rows, write, read)

    return [
        good("plain", own_rows()),
        good("percentages", with_values(percent)),
        good("days", dated()),
        good("hidden sheet", own_rows(), other="Hidden"),
        replace(good("two sheets", own_rows(), other="Notes"), options={"sheet": "Figures"}),
        good("title", own_rows(), title="Figures of the quarter"),
    ]


def published() -> list[Good]:
    """A few hundred rows of DfE's files: each as a correction released on a later day."""
    return [_published(file, values) for file, values in DFE.items()]


def _published(file: str, values: tuple[str, ...]) -> Good:
    rows = rows_of(naive_published.content(file), ",")
    head = [header.strip() for header in rows[0]]
    years, codes = head.index("time_period"), head.index("old_la_code")
    kept = {"", "330", "336", "201", "908", "301"}
    chosen = [row for row in rows[1:] if row[years] >= "2021" and row[codes] in kept]

    def read(given: Rows) -> Figures:
        return read_published(given, file)

    return Good(
        f"published, {file}", "published", [rows[0], *chosen], as_text(), read, values,
        area="old_la_code", period="time_period",
        options={"release": file, "released_on": LATER},
    )  # fmt: skip


def export(rows: Rows) -> list[Good]:
    """What our own export writes, as CSV and as a workbook."""
    kept = [list(row) for row in rows]
    csv_file = own_csv("export", kept, encoding="utf-8-sig", end="\r\n")
    return [csv_file]
