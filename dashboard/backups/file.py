"""A backup's file: pg_dump's archive, and a last line that says what must be in it.

pg_restore reads such a file too, since it follows the archive's own table of contents and never
comes to the last line. A file that was cut short anywhere has lost that line, or part of it.
"""

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

ARCHIVE = b"PGDMP"
LAST_LINE = b"\nscrutiny-dashboard backup 1 "
SUM = b" sha256 "
LONGEST_LAST_LINE = 1_000_000
PIECE = 1 << 20
# What a last line may name and wish for: a restore writes both into statements of its own.
TABLE_OR_SEQUENCE = re.compile(r'public\.("?)[\w$ -]+\1', re.ASCII)
WISHES = {"select", "insert", "update", "delete", "usage"}


class BackupError(Exception):
    """Nothing was done; the message is a sentence or two that say what to do."""


@dataclass(frozen=True)
class Contents:
    """What a backup holds: from which database and when, by PostgreSQL of which major versions,
    how many rows in each table, and what the site's role may do with each table and sequence."""

    database: str
    made_at: str
    server: int
    programs: int
    rows: dict[str, int]
    rights: dict[str, list[str]]


def seal(file: Path, contents: Contents) -> None:
    """Adds the last line to an archive, and has all of it on the disk before this returns."""
    digest = hashlib.sha256()
    with file.open("r+b") as opened:
        while piece := opened.read(PIECE):
            digest.update(piece)
        written = LAST_LINE + json.dumps(asdict(contents)).encode("ascii") + SUM
        digest.update(written)
        opened.write(written + digest.hexdigest().encode("ascii") + b"\n")
        opened.flush()
        os.fsync(opened.fileno())


def read_contents(file: Path) -> Contents:
    """What a whole backup says of itself. Raises BackupError for one that was cut short or
    altered, and for any other file."""
    try:
        with file.open("rb") as opened:
            if not file.is_file() or opened.read(len(ARCHIVE)) != ARCHIVE:
                raise BackupError(
                    f"{file} is not a backup: name a file that manage.py backup made."
                )
            last_line = _last_line(file)
            contents = _told(last_line) if last_line else None
            if not last_line or not contents or _digest_without_sum(file) != last_line[-65:-1]:
                raise BackupError(
                    f"{file} is not whole: it was cut short or altered, or manage.py backup did "
                    "not make it. Take another copy of it, or an earlier backup."
                )
    except OSError as error:
        raise BackupError(f"{file} cannot be read ({error.strerror}).") from error
    return contents


def _last_line(file: Path) -> bytes | None:
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - LONGEST_LAST_LINE))
        end = opened.read()
    last_line = end[at:] if (at := end.rfind(LAST_LINE)) >= 0 else b""
    complete = last_line.endswith(b"\n") and last_line[-65 - len(SUM) : -65] == SUM
    return last_line if complete else None


def _told(last_line: bytes) -> Contents | None:
    """What a last line says, where `seal` could have written it."""
    try:
        contents = Contents(**json.loads(last_line[len(LAST_LINE) : -65 - len(SUM)]))
        named = [*contents.rows, *contents.rights]
        known = all(TABLE_OR_SEQUENCE.fullmatch(name) for name in named)
        counted = all(isinstance(rows, int) for rows in contents.rows.values())
        wished = {wish for wishes in contents.rights.values() for wish in wishes}
    except (TypeError, ValueError, AttributeError):
        return None
    return contents if known and counted and wished <= WISHES else None


def _digest_without_sum(file: Path) -> bytes:
    """The sum of all that comes before the sum itself: 64 figures and the line's end."""
    digest, left = hashlib.sha256(), file.stat().st_size - 65
    with file.open("rb") as opened:
        while left and (piece := opened.read(min(PIECE, left))):
            digest.update(piece)
            left -= len(piece)
    return digest.hexdigest().encode("ascii")
