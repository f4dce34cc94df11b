"""Spreadsheets of the plan, as somebody would give them."""

import csv
import io
from typing import Any

from improvement.importer.sheet_export import write_plan
from improvement.importer.sheet_loading import Given, Outcome, read_file
from improvement.models import Action, Plan
from performance.importer.own_export import as_csv, as_workbook

Sheet = list[list[str]]


def the_plan() -> Plan:
    return Action.objects.get(reference="5.13").theme.plan


def exported() -> Sheet:
    return write_plan(Action.objects.of(the_plan()).in_order())


def edited(reference: str, column: str, value: str, sheet: Sheet | None = None) -> Sheet:
    """The plan's export with one cell changed."""
    rows = [list(row) for row in sheet or exported()]
    at = next(row for row in rows if row[0] == reference)
    at[rows[0].index(column)] = value
    return rows


def new_row(**cells: str) -> Sheet:
    """Headers, and one action that is not on record."""
    given = {
        "reference": "5.90", "theme": "5", "title": "Ask every child", "kind": "action",
        "promised": "Every child is asked.", "judgements": "leadership", **cells,
    }  # fmt: skip
    return [list(given), list(given.values())]


def row_of(reference: str) -> int:
    """The row that a spreadsheet numbers so."""
    return [row[0] for row in exported()].index(reference) + 1


def given(sheet: Sheet, kind: str = "csv") -> Given:
    content = as_csv(sheet) if kind == "csv" else as_workbook(sheet, "Plan")
    return Given(f"plan.{kind}", content)


def read(sheet: Sheet, kind: str = "csv") -> Outcome:
    return read_file(given(sheet, kind), the_plan())


def problems(sheet: Sheet, kind: str = "csv") -> list[tuple[Any, ...]]:
    return [(one.row, one.column, one.found, one.expected) for one in read(sheet, kind).problems]


def rows_in(content: bytes) -> Sheet:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
