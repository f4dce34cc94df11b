"""Writing a backup: dump, count, read back, seal, and only then put it in place."""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from dashboard.backups import programs
from dashboard.backups.file import BackupError, Contents, seal
from dashboard.postgres_programs import client_version

# What an extension brought with it is the extension's.
TABLES = """
select format('%I.%I', nspname, relname), relname
from pg_class join pg_namespace on pg_namespace.oid = relnamespace
where nspname = 'public' and relkind = 'r' and not exists (
  select from pg_depend
  where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')
order by 1
"""
RIGHTS = """
select format('%%I.%%I', nspname, relname), array_agg(wish order by wish)
from pg_class join pg_namespace on pg_namespace.oid = relnamespace,
  unnest(case relkind when 'S' then array['usage', 'select']
    else array['select', 'insert', 'update', 'delete'] end) as wish
where nspname = 'public' and relkind in ('r', 'S') and relowner <> %(role)s::regrole
  and case relkind
  when 'S' then has_sequence_privilege(%(role)s, pg_class.oid, wish)
  else has_table_privilege(%(role)s, pg_class.oid, wish) end
group by 1
"""


def write_backup(connection: BaseDatabaseWrapper, target: Path, *, replace: bool) -> Contents:
    """What was written to `target`, which is whole and was read back when this returns. Raises
    BackupError, and then `target` is as it was."""
    _check_target(target, replace=replace)
    with _beside(target) as making, _one_moment(connection) as cursor:
        server = cursor.connection.server_version // 10000
        folder = programs.find(server)
        contents = _look(cursor, server, folder)
        _check_tables(connection, cursor)
        cursor.execute("select pg_export_snapshot()")
        _dump(connection, folder, making, cursor.fetchone()[0])
        if programs.read_back(folder, making) != contents.rows:
            raise BackupError(
                "What was written does not hold every row of every table, and was not kept: run "
                "this again."
            )
        seal(making, contents)
        _put_in_place(making, target, replace=replace)
    return contents


def _check_target(target: Path, *, replace: bool) -> None:
    if not target.parent.is_dir():
        raise BackupError(f"{target.parent} is not a folder: make it first.")
    if target.is_dir():
        raise BackupError(f"{target} is a folder: name a file in it.")
    if os.path.lexists(target) and not replace:
        raise _is_there(target)


def _is_there(target: Path) -> BackupError:
    return BackupError(f"{target} is there already: name another file, or add --replace.")


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """An empty file in the target's folder that this user alone can read; gone afterwards."""
    try:
        opened, name = tempfile.mkstemp(".part", f".{target.name}.", target.parent)
        os.close(opened)
    except OSError as error:
        raise BackupError(f"{target.parent} cannot be written to ({error.strerror}).") from error
    try:
        yield Path(name)
    except OSError as error:
        raise BackupError(f"{target} could not be written ({error.strerror}).") from error
    finally:
        Path(name).unlink(missing_ok=True)


@contextlib.contextmanager
def _one_moment(connection: BaseDatabaseWrapper) -> Iterator[Any]:
    """A cursor that sees the database as it is now until it closes, whatever others commit."""
    try:
        opened = psycopg2.connect(**connection.get_connection_params())
    except psycopg2.OperationalError as error:
        raise BackupError(
            f"The database cannot be reached ({programs.reason(str(error))})."
        ) from error
    try:
        opened.set_session("REPEATABLE READ", readonly=True)
        with opened.cursor() as cursor:
            yield cursor
    except psycopg2.Error as error:
        raise BackupError(
            f"The database could not be read ({programs.reason(str(error))}), and nothing was kept."
        ) from error
    finally:
        opened.close()


def _check_tables(connection: BaseDatabaseWrapper, cursor: Any) -> None:
    cursor.execute(TABLES)
    there = {name for _, name in cursor.fetchall()}
    ours = {"django_migrations", *connection.introspection.django_table_names()}
    if missing := sorted(ours - there):
        raise BackupError(
            f"The database has no table {missing[0]}: run manage.py migrate first, or mend "
            "DATABASE_URL."
        )


def _look(cursor: Any, server: int, folder: Path) -> Contents:
    cursor.execute(TABLES)
    rows = {}
    for table in [table for table, _ in cursor.fetchall()]:
        cursor.execute(f"select count(*) from {table}")
        rows[table] = cursor.fetchone()[0]
    cursor.execute("select rolname from pg_roles where rolname = %s", [settings.DATABASE_SITE_ROLE])
    rights: dict[str, list[str]] = {}
    if role := cursor.fetchone():
        cursor.execute(RIGHTS, {"role": role[0]})
        rights = dict(cursor.fetchall())
    return Contents(
        database=cursor.connection.info.dbname,
        made_at=timezone.localtime().isoformat(timespec="seconds"),
        server=server,
        programs=client_version(folder),
        rows=rows,
        rights=rights,
    )


def _dump(connection: BaseDatabaseWrapper, folder: Path, file: Path, snapshot: str) -> None:
    done = subprocess.run(
        [
            *(folder / "pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-password"),
            *(f"--file={file}", f"--dbname={programs.address(connection)}"),
        ],
        env=programs.environment(connection),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BackupError(
            f"pg_dump could not copy the database ({programs.reason(done.stderr)}), and nothing "
            "was kept."
        )


def _put_in_place(making: Path, target: Path, *, replace: bool) -> None:
    """A link, unlike a move, never takes the place of a file that came in the meantime; folders
    of another machine may know no links."""
    try:
        if not replace:
            os.link(making, target)
    except FileExistsError as error:
        raise _is_there(target) from error
    except OSError as error:
        if os.path.lexists(target):
            raise _is_there(target) from error
    if not os.path.lexists(target) or replace:
        making.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
