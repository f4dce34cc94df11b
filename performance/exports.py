"""Lists as files that a spreadsheet opens as what they are."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django_tables2 import RequestConfig, Table
from django_tables2.export.export import TableExport
from tablib import Dataset

from performance.plain_text import as_plain

NEGATIVE_NUMBER = re.compile(r"-\d[\d,]*(\.\d+)?%?")


class SafeExport(TableExport):
    """A table as a file that a spreadsheet opens as text: no cell can become a formula."""

    def table_to_dataset(self, table: Any, exclude_columns: Any, dataset_kwargs: Any = None) -> Any:
        made = super().table_to_dataset(table, exclude_columns, dataset_kwargs)
        rows = [[harmless(cell) for cell in row] for row in made]
        return Dataset(*rows, headers=made.headers, title="Export")

    def export(self) -> str | bytes:
        # Without the mark, Excel reads a CSV file in the machine's own old encoding.
        made = super().export()
        return f"\ufeff{made}" if self.format == self.CSV else made


def harmless(cell: Any) -> Any:
    """The cell, with an apostrophe before what a spreadsheet would read as a formula, and without
    what a workbook cannot hold (OWASP, CSV injection). A negative number is no formula."""
    if not isinstance(cell, str):
        return cell
    text = as_plain(cell).replace("\r", "")
    if NEGATIVE_NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\n")) else text


def export_asked(request: HttpRequest, table: Table, name: str) -> HttpResponse | None:
    """The table as the file that `?_export=csv` or `xlsx` asks for, in the order asked for; None
    where no file was asked for."""
    asked = request.GET.get("_export", "")
    if asked not in ("csv", "xlsx"):
        return None
    RequestConfig(request, paginate=False).configure(table)
    return SafeExport(asked, table).response(filename=f"{name}.{asked}")
