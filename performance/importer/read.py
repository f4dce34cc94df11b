"""Reads tables in our own layout: UTF-8 CSV, one header row, one fact a row."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from performance.importer.problems import LoadRefused, Problem


@dataclass(frozen=True)
class Row:
    """One row of a file, with the number that a spreadsheet shows beside it."""

    file: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True)
class Layout:
    """A file's name and the columns that it must have, in no particular order."""

    file: str
    columns: Sequence[str]


def read_tables(folder: Path, layouts: Sequence[Layout]) -> dict[str, list[Row]]:
    """The rows of each file, by the file's name without `.csv`.

    Raises LoadRefused with every missing file and every wrong header, not only the first.
    """
    problems: list[Problem] = []
    tables = {
        layout.file.removesuffix(".csv"): _read_table(folder / layout.file, layout, problems)
        for layout in layouts
    }
    if problems:
        raise LoadRefused(problems)
    return tables


def read_tables_there(
    folder: Path, layouts: Sequence[Layout]
) -> tuple[dict[str, list[Row]], list[str]]:
    """As read_tables, but a file may be absent: its table is empty, and its name is in the list.

    What an absent file would name is what is on record. Raises LoadRefused also where none of the
    files is there, or where a file's name is nearly that of one that is absent.
    """
    # By the folder's own list: a broken link is there, and is told as what cannot be read.
    names = {path.name for path in folder.iterdir()}
    there = [layout for layout in layouts if layout.file in names]
    absent = [layout.file for layout in layouts if layout not in there]
    if not there:
        expected = f"none of the files is in this folder: {', '.join(absent)}"
        raise LoadRefused([Problem(str(folder), None, "", "", expected)])
    if misnamed := _misnamed(sorted(names), absent):
        raise LoadRefused(misnamed)
    empty: dict[str, list[Row]] = {file.removesuffix(".csv"): [] for file in absent}
    return empty | read_tables(folder, there), absent


def _misnamed(names: Sequence[str], absent: Sequence[str]) -> list[Problem]:
    """A file “target.csv” would otherwise pass unread, and nobody would be told."""
    problems = []
    for name in names:
        near = get_close_matches(name.lower(), absent, n=1, cutoff=0.88)
        if near:
            expected = f"no file of that name is read: did you mean {near[0]}?"
            problems.append(Problem(name, None, "", "", expected))
    return problems


def digest(folder: Path, layouts: Sequence[Layout]) -> str:
    """SHA-256 of the bytes of the files that are there, in the layouts' order."""
    total = hashlib.sha256()
    for layout in layouts:
        if (folder / layout.file).exists():
            total.update((folder / layout.file).read_bytes())
    return total.hexdigest()


def _read_table(path: Path, layout: Layout, problems: list[Problem]) -> list[Row]:
    try:
        # header=None: pandas would rename a header that stands there twice.
        frame = pd.read_csv(
            path, dtype=str, keep_default_na=False, encoding="utf-8-sig", header=None
        )
    except FileNotFoundError:
        expected = "the file is missing: put it beside the others"
        problems.append(Problem(layout.file, None, "", "", expected))
        return []
    except OSError as error:
        expected = f"it cannot be read as a file ({error.strerror}): put the file here again"
        problems.append(Problem(layout.file, None, "", "", expected))
        return []
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        expected = f"this is not a table in UTF-8 CSV ({str(error).strip()}): save it again as one"
        problems.append(Problem(layout.file, None, "", "", expected))
        return []
    header = [str(name).strip() for name in frame.iloc[0]]
    problems += _header_problems(header, layout)
    return [
        Row(layout.file, number, dict(zip(header, map(str.strip, cells), strict=True)))
        for number, cells in enumerate(frame.iloc[1:].itertuples(index=False), start=2)
        if any(cells)
    ]


def _header_problems(header: list[str], layout: Layout) -> list[Problem]:
    wrong = [(name, "the column is missing") for name in layout.columns if name not in header]
    wrong += [
        (name, "no such column is known here: remove it or mend its name")
        for name in header
        if name not in layout.columns
    ]
    twice = sorted({name for name in header if header.count(name) > 1})
    wrong += [(name, "the column stands there twice: keep one") for name in twice]
    return [Problem(layout.file, 1, name, "", expected) for name, expected in wrong]
