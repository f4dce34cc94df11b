"""Reads a published file as it was released: compressed or not, with its own encoding."""

import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from performance.importer.check import Checker
from performance.importer.file_kinds import WEB_DOOR, Limits, refusal, tell_kind
from performance.importer.incoming import Source
from performance.importer.problems import LoadRefused, Problem
from performance.importer.tables_read import read_table

# A folder of the project's own holds what was put there on purpose.
NO_LIMITS = Limits(size=2**31, rows=5_000_000)
NOT_A_WORKBOOK = (
    "this is a workbook: no map covers one, and a spreadsheet changes codes and figures when it "
    "saves a CSV anew. Drop the CSV as it was downloaded"
)


@dataclass(frozen=True)
class PublishedTable:
    """Every cell as text without the spaces around it; the index is the row in the file."""

    headers: tuple[str, ...]
    frame: pd.DataFrame


def read_published_table(source: Source, limits: Limits = WEB_DOOR) -> PublishedTable:
    """The table of a CSV file. Raises LoadRefused, and nothing else, whatever the bytes are."""
    content = source.read()
    if tell_kind(content) == "xlsx":
        raise refusal(source.name, NOT_A_WORKBOOK)
    table = read_table(source.name, content, limits=limits)
    headers = tuple(header.strip() for header in table.headers)
    # Some files write a number as ` 7` or close a label with a space.
    cells = [[str(value).strip() for value in row.values] for row in table.rows]
    frame = pd.DataFrame(cells, [row.number for row in table.rows], headers, dtype=object)
    return PublishedTable(headers, frame)


def read_published(
    source: Source | None, name: str, columns: Sequence[str], check: Checker
) -> PublishedTable | None:
    """The table of a file that has these columns; None, and the problems noted, where it has not.

    `source` is None where there is no file `name`.
    """
    if source is None:
        expected = "the file is missing: put it, or its .xz, in the folder"
        check.problems.append(Problem(name, None, "", "", expected))
        return None
    try:
        table = read_published_table(source, NO_LIMITS)
    except LoadRefused as refused:
        check.problems += refused.problems
        return None
    wrong = False
    for column in dict.fromkeys(columns):
        # A file with the same header twice cannot say which of the two is meant.
        if (times := table.headers.count(column)) != 1:
            said = "the column stands there twice" if times else "the column is missing"
            check.problems.append(Problem(name, 1, column, "", said))
            wrong = True
    return None if wrong else table


def find_published(folder: Path, name: str) -> Source | None:
    """The file `name` of the folder, or what `name.xz` unpacks to; None where neither is there."""
    if (path := folder / name).exists():
        return Source(name, path=path)
    if (path := folder / f"{name}.xz").exists():
        return Source(name, content=lzma.decompress(path.read_bytes()))
    return None
