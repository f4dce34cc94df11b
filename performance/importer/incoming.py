"""What every reader of files hands over, whatever the file's layout: figures, and their places."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, NamedTuple

from performance.importer.problems import ProblemList
from performance.importer.published_periods import PublishedPeriod

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Source:
    """A file that was given: its name, and its bytes or where they lie."""

    name: str
    content: bytes | None = None
    path: Path | None = None

    def open(self) -> BinaryIO:
        if self.content is not None:
            return io.BytesIO(self.content)
        assert self.path is not None
        return self.path.open("rb")

    def read(self) -> bytes:
        with self.open() as opened:
            return opened.read()

    @cached_property
    def size(self) -> int:
        if self.content is not None:
            return len(self.content)
        assert self.path is not None
        return self.path.stat().st_size

    @cached_property
    def sha256(self) -> str:
        digest = hashlib.sha256()
        with self.open() as opened:
            while chunk := opened.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


class IncomingFigure(NamedTuple):
    """One figure as a file has it: its place there, what it is of, and its value or symbol.

    `series` and `area` are ids. `note` and `flags` are None where the file has no place for them:
    what is on record then stands. `flags` holds the first letters of provisional, revised,
    estimated, undated and break. `known_from` is for a figure that is new: None means from the
    release, or the load, itself.
    """

    file_row: int
    column: str
    text: str
    series: int
    area: int
    period: PublishedPeriod
    value: Decimal | None
    symbol: str = ""
    symbol_as_published: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    note: str | None = None
    flags: str | None = None
    known_from: datetime | None = None
    known_from_basis: str = "stated"


@dataclass
class Reading:
    """A file in the course of being read. `figures` may be gone through once.

    `rows_read`, `not_covered` (cells that no map is for), `kept_hidden` (cells that say the figure
    is hidden here, and so say nothing of it), `problems` and `notes` are complete once `figures`
    is. `released_at` is None for what is known from the moment it is loaded. `period_column`: what
    the file calls the column in which a wrong period is mended.
    """

    file: str
    format: str
    title: str
    figures: Iterator[IncomingFigure]
    released_at: datetime | None = None
    released_basis: str = "stated"
    period_column: str = ""
    rows_read: int = 0
    not_covered: int = 0
    kept_hidden: int = 0
    problems: ProblemList = field(default_factory=ProblemList)
    notes: list[str] = field(default_factory=list)
