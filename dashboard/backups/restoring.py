"""Restoring a backup: everything is looked at first, and then it is one transaction.

pg_restore writes the archive as SQL, and psql runs it between statements of ours that clear what
is there, give the site's role its rights, and count every row. Only when pg_restore has ended well
is COMMIT sent: whatever ends early leaves the database as it was.
"""

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2 import sql

from dashboard.backups import programs
from dashboard.backups.file import PIECE, BackupError, Contents, read_contents
from dashboard.backups.writing import TABLES

# What `migrate` itself puts into an empty database.
FILLED_BY_MIGRATE = ("django_migrations", "django_content_type", "auth_permission")
SECONDS_TO_WAIT = 30
# Since 17 written for every server; an older one does not know it.
TRANSACTION_TIMEOUT = b"SET transaction_timeout = 0;\n"
LINES_OF_SETTINGS = 40
MAY_RESTORE = """
select has_schema_privilege('public', 'create') and not exists (
  select from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'S', 'v', 'm')
    and not pg_has_role(relowner, 'usage') and not exists (
      select from pg_depend
      where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e'))
"""
CLEAR = f"""
begin;
set local lock_timeout = '{SECONDS_TO_WAIT}s';
set local client_min_messages = 'warning';
do $$
declare
  thing text;
begin
  for thing in
    select format('drop %s if exists %I.%I cascade', kind, nspname, name) from (
      select oid, 'pg_class'::regclass as class, relnamespace as space, relname as name,
        case relkind when 'v' then 'view' when 'm' then 'materialized view'
          when 'S' then 'sequence' else 'table' end as kind
      from pg_class where relkind in ('r', 'p', 'v', 'm', 'S')
      union all
      select oid, 'pg_type'::regclass, typnamespace, typname, 'type'
      from pg_type where typtype in ('e', 'd')
    ) as things
    join pg_namespace on pg_namespace.oid = space
    where nspname = 'public' and not exists (
      select from pg_depend
      where classid = class and objid = things.oid and deptype = 'e')
    order by array_position(array['view', 'materialized view', 'table', 'sequence'], kind)
  loop
    execute thing;
  end loop;
  for thing in
    select oid::regprocedure from pg_proc
    where pronamespace = 'public'::regnamespace and not exists (
      select from pg_depend
      where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e')
  loop
    execute 'drop routine if exists ' || thing || ' cascade';
  end loop;
end $$;
"""


@dataclass(frozen=True)
class Standing:
    """What a restore would come over: the database's name and how many rows are in it, beside
    those that `migrate` makes."""

    database: str
    rows: int


def check_file(connection: BaseDatabaseWrapper, file: Path) -> tuple[Contents, Path]:
    """What a whole backup holds, and the programs that can restore it here. Raises BackupError."""
    contents = read_contents(file)
    server = _ask(connection, "show server_version_num")
    folder = programs.find(max(int(str(server)) // 10000, contents.programs))
    if programs.read_back(folder, file) != contents.rows:
        raise BackupError(f"{file} does not hold every row that it should: take an earlier backup.")
    return contents, folder


def look_at_database(connection: BaseDatabaseWrapper) -> Standing:
    """What is there now. Raises BackupError where this role may not replace it."""
    if not _ask(connection, MAY_RESTORE):
        raise BackupError(
            "Only the owner of the tables may restore: set DATABASE_AS_OWNER=true, and "
            "DATABASE_OWNER_URL where the database is a server of your own."
        )
    rows = 0
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for table, name in cursor.fetchall():
            if name not in FILLED_BY_MIGRATE:
                cursor.execute(f"select count(*) from {table}")
                rows += cursor.fetchone()[0]
    return Standing(database=str(_ask(connection, "select current_database()")), rows=rows)


def restore(connection: BaseDatabaseWrapper, file: Path, contents: Contents, folder: Path) -> None:
    """The database holds exactly what the backup does when this returns. Raises BackupError, and
    then it is as it was."""
    after = _finish(connection, contents)
    older = int(str(_ask(connection, "show server_version_num"))) < 170000
    connection.close()
    with _psql(connection, folder) as script:
        script.write(CLEAR.encode())
        # Roles of another server have other names, and comments on what PostgreSQL brings with
        # it are not the owner's to make.
        left_out = ("--no-owner", "--no-privileges", "--no-comments", "--no-publications")
        with programs.read_archive(folder, file, *left_out, "--no-subscriptions") as reading:
            lines = programs.pipe(reading.stdout)
            for _, line in zip(range(LINES_OF_SETTINGS), lines, strict=False):
                script.write(b"" if older and line == TRANSACTION_TIMEOUT else line)
            shutil.copyfileobj(lines, script, PIECE)
        if reading.returncode:
            raise BackupError(f"{file} could not be read to its end, and nothing was changed.")
        script.write(after.encode())


@contextlib.contextmanager
def _psql(connection: BaseDatabaseWrapper, folder: Path) -> Iterator[IO[bytes]]:
    """A script for psql to run as it is written. It says what psql did not do."""
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(
            [
                *(folder / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"),
                *("--no-password", f"--dbname={programs.address(connection)}"),
            ],
            env=programs.environment(connection),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            with contextlib.suppress(BrokenPipeError):  # psql stopped at an error, which it told
                yield programs.pipe(running.stdin)
        finally:
            with contextlib.suppress(BrokenPipeError):
                running.communicate()
        if running.returncode:
            said.seek(0)
            told = programs.reason(said.read().decode(errors="replace"))
            raise BackupError(f"PostgreSQL refused the backup ({told}), and nothing was changed.")


def _finish(connection: BaseDatabaseWrapper, contents: Contents) -> str:
    """The statements after the archive's own, up to and with the commit."""
    with connection.cursor() as cursor:
        role = _site_role(connection)
        statements = [
            sql.SQL(
                "do $$ begin if (select count(*) from {table}) <> {rows} then raise exception "
                "'{table} does not hold {rows} rows'; end if; end $$; analyze {table};"
            ).format(table=sql.SQL(table), rows=sql.Literal(rows))
            for table, rows in contents.rows.items()
        ]
        return "\n".join(
            statement.as_string(cursor.cursor)
            for statement in [*_rights(role, contents), *statements, sql.SQL("commit;\n")]
        )


def _site_role(connection: BaseDatabaseWrapper) -> str:
    """The site's role, where this server has one that is not the owner itself; else nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolname from pg_roles where rolname = %s and rolname <> current_user",
            [settings.DATABASE_SITE_ROLE],
        )
        found = cursor.fetchone()
    return found[0] if found else ""


def _rights(role: str, contents: Contents) -> list[sql.Composable]:
    """What the site's role might do when the backup was made it may do again, and no more. Where
    the site was the owner itself: what docs/deployment.md gives to a role of its own."""
    if not role:
        return []
    words = [
        "revoke all on all tables in schema public from {role};",
        "revoke all on all sequences in schema public from {role};",
        "alter default privileges grant select, insert, update, delete on tables to {role};",
        "alter default privileges grant usage, select on sequences to {role};",
    ]
    if contents.rights:
        words += [
            f"grant {', '.join(rights)} on {thing} to {{role}};"
            for thing, rights in contents.rights.items()
        ]
    else:
        words += [
            "grant select, insert, update, delete on all tables in schema public to {role};",
            "grant usage, select on all sequences in schema public to {role};",
            "revoke insert, update, delete on public.django_migrations from {role};",
        ]
    return [sql.SQL(word).format(role=sql.Identifier(role)) for word in words]


def _ask(connection: BaseDatabaseWrapper, question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]
