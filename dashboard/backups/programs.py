"""PostgreSQL's pg_dump, pg_restore and psql, as a backup and a restore call them."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import make_dsn

from dashboard.backups.file import BackupError
from dashboard.postgres_programs import EmbeddedPostgresError, find_clients

COPY = b"COPY "


def find(at_least: int) -> Path:
    """The folder of the programs to use. Raises BackupError where there are none."""
    try:
        return find_clients(at_least)
    except EmbeddedPostgresError as error:
        raise BackupError(str(error)) from error


def address(connection: BaseDatabaseWrapper) -> str:
    """The database as the programs are told it on their command line, which everybody on the
    machine can read: without a password."""
    given = connection.get_connection_params().items()
    told = {name: value for name, value in given if isinstance(value, str | int)}
    return make_dsn(**{name: value for name, value in told.items() if "password" not in name})


def environment(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """This process's own environment, with the password. PGPASSFILE and the rest go with it."""
    password = connection.get_connection_params().get("password")
    given = {**os.environ, "PG_COLOR": "never", "LC_ALL": "C", "PGCLIENTENCODING": "UTF8"}
    return {**given, "PGPASSWORD": str(password)} if password else given


def reason(said: str) -> str:
    """What a program complained of, in one line."""
    found = re.search(r"(?:ERROR|FATAL|error):\s+(.*)", said) or re.search(r"(.+)", said)
    return found[1].strip().rstrip(".") if found else "no reason given"


def read_archive(programs: Path, file: Path, *options: str) -> subprocess.Popen[bytes]:
    """pg_restore, writing SQL to its output."""
    return subprocess.Popen(
        [programs / "pg_restore", *options, "--file=-", file],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def read_back(programs: Path, file: Path) -> dict[str, int]:
    """How many rows of each table an archive holds: all of it is unpacked and read. Raises
    BackupError where pg_restore cannot."""
    with read_archive(programs, file, "--data-only") as reading:
        rows = count_rows(pipe(reading.stdout))
    if reading.returncode:
        raise BackupError(f"{file} could not be read back by pg_restore: it is not whole.")
    return rows


def pipe(end: IO[bytes] | None) -> IO[bytes]:
    """A pipe that was asked for, which the types say may be none."""
    assert end is not None
    return end


def count_rows(lines: Iterable[bytes]) -> dict[str, int]:
    """The rows under each COPY of a script of pg_restore: a row is a line, and \\. ends them."""
    rows: Counter[str] = Counter()
    table = ""
    for line in lines:
        if table and line == b"\\.\n":
            table = ""
        elif table:
            rows[table] += 1
        elif line.startswith(COPY):
            table = line[len(COPY) :].partition(b" (")[0].decode()
            rows[table] = 0
    return dict(rows)
