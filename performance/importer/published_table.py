"""Reads a published file as it was released: compressed or not, with its own encoding."""

import csv
import hashlib
import io
import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from performance.importer.check import Checker
from performance.importer.problems import Problem


@dataclass(frozen=True)
class PublishedTable:
    """The columns asked for, as text; row 0 of the frame is row 2 of the file."""

    frame: pd.DataFrame
    sha256: str


def read_published(
    folder: Path, name: str, columns: Sequence[str], check: Checker
) -> PublishedTable | None:
    """The file `name` of the folder, or `name.xz`; None, and the problems noted, where it is wrong.

    The digest is that of the bytes as published, not of the compressed ones.
    """
    published = _read_bytes(folder / name)
    if published is None:
        _note(check, name, None, "", "the file is missing: put it, or its .xz, in the folder")
        return None
    text = _decode(published)
    header = [cell.strip() for cell in next(csv.reader(io.StringIO(text)), [])]
    wanted = list(dict.fromkeys(columns))
    for column in wanted:
        # A file with the same header twice cannot say which of the two is meant.
        if (times := header.count(column)) != 1:
            said = "the column is missing" if not times else "the column stands there twice"
            _note(check, name, 1, column, said)
    if any(header.count(column) != 1 for column in wanted):
        return None
    places = sorted(header.index(column) for column in wanted)
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            dtype=str,
            keep_default_na=False,
            header=None,
            skiprows=1,
            usecols=places,
            skip_blank_lines=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        _note(check, name, None, "", f"this is not a table in CSV ({str(error).strip()})")
        return None
    frame.columns = pd.Index([header[place] for place in places])
    # Some files write a number as ` 7` or close a label with a space.
    frame = frame.apply(lambda column: column.str.strip())
    return PublishedTable(frame, hashlib.sha256(published).hexdigest())


def _read_bytes(path: Path) -> bytes | None:
    if path.exists():
        return path.read_bytes()
    compressed = path.with_name(path.name + ".xz")
    if compressed.exists():
        return lzma.decompress(compressed.read_bytes())
    return None


def _decode(published: bytes) -> str:
    """UTF-8, with or without a mark at its start, or the Windows encoding of older files."""
    try:
        return published.decode("utf-8-sig")
    except UnicodeDecodeError:
        return published.decode("cp1252")


def _note(check: Checker, name: str, row: int | None, column: str, expected: str) -> None:
    check.problems.append(Problem(name, row, column, "", expected))
