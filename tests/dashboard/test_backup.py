"""On scratch databases of the tests' own server, filled with the demonstration by a restore."""

import io
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections

from dashboard import postgres_programs
from dashboard.backups import file as backup_file
from dashboard.backups import programs, restoring, writing
from dashboard.backups.file import BackupError, read_contents
from dashboard.backups.restoring import check_file, look_at_database
from dashboard.backups.writing import write_backup

pytestmark = pytest.mark.django_db

OWNER = connection.settings_dict["USER"]
PROJECT = Path(__file__).resolve().parent.parent.parent


class Scratch:
    """A database that a test may lose, with the site's connection to it as the tables' owner."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.connection = connection.copy("scratch")
        self.connection.settings_dict = {**connection.settings_dict, "NAME": name}
        connections["scratch"] = self.connection

    def make(self, template: str = "template1") -> None:
        self.drop()
        self._on_server(f"create database {self.name} template {template}")

    def drop(self) -> None:
        self.connection.close()
        self._on_server(f"drop database if exists {self.name}")

    def connect_as(self, role: str) -> None:
        self.connection.close()
        self.connection.settings_dict["USER"] = role

    def _on_server(self, statement: str) -> None:
        opened = self.open(dbname="postgres", user=OWNER)
        opened.autocommit = True
        try:
            opened.cursor().execute(statement)
        finally:
            opened.close()

    def open(self, **other: str) -> Any:
        return psycopg2.connect(**{**self.connection.get_connection_params(), **other})

    def ask(self, statement: str, **other: str) -> list[tuple]:
        opened = self.open(**other)
        try:
            with opened, opened.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            opened.close()

    def as_site(self, statement: str) -> list[tuple]:
        return self.ask(statement, user=settings.DATABASE_SITE_ROLE)

    def restore(self, file: Path) -> None:
        restoring.restore(self.connection, file, *check_file(self.connection, file))

    def everything(self) -> dict[str, list]:
        """Every row of every table as text, every sequence, trigger, constraint and index, and
        what the site's role may do."""
        tables = [name for name, _ in self.ask(writing.TABLES)]
        found: dict[str, list] = {
            table: self.ask(f"select t::text from {table} t order by 1") for table in tables
        }
        for name, statement in {
            "sequences": "select sequencename, last_value from pg_sequences order by 1",
            "triggers": "select tgrelid::regclass::text, pg_get_triggerdef(oid) from pg_trigger "
            "where not tgisinternal order by 1, 2",
            "constraints": "select conrelid::regclass::text, pg_get_constraintdef(oid) "
            "from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2",
            "indexes": "select indexdef from pg_indexes where schemaname = 'public' order by 1",
            "rights": writing.RIGHTS.replace("%(role)s", f"'{settings.DATABASE_SITE_ROLE}'")
            .replace("%%", "%")
            .replace("group by 1", "group by 1 order by 1"),
        }.items():
            found[name] = self.ask(statement)
        return found


@pytest.fixture(scope="module")
def backup(django_db_setup, django_db_blocker, tmp_path_factory) -> Path:
    """A backup of the tests' database, which holds the demonstration."""
    made = tmp_path_factory.mktemp("kept") / "panel.backup"
    with django_db_blocker.unblock():
        write_backup(connection, made, replace=False)
    return made


@pytest.fixture(scope="module")
def original(backup, django_db_blocker) -> Iterator[str]:
    """The name of a database that holds what the backup does."""
    scratch = Scratch(f"{connection.settings_dict['NAME']}_original")
    with django_db_blocker.unblock():
        scratch.make()
        scratch.restore(backup)
        scratch.connection.close()
    yield scratch.name
    scratch.drop()


@pytest.fixture
def empty(db) -> Iterator[Scratch]:
    scratch = Scratch(f"{connection.settings_dict['NAME']}_backup")
    scratch.make()
    yield scratch
    scratch.drop()


@pytest.fixture
def filled(empty: Scratch, original: str) -> Scratch:
    empty.make(template=original)
    return empty


@pytest.fixture
def command(monkeypatch) -> Callable[..., str]:
    """The command's words, with the scratch database as the site's."""

    def run(scratch: Scratch, name: str, *words: object, **options: object) -> str:
        said = io.StringIO()
        for place in ("backup", "restore"):
            monkeypatch.setattr(
                f"dashboard.management.commands.{place}.connection", scratch.connection
            )
        call_command(name, *map(str, words), stdout=said, **options)
        return said.getvalue()

    return run


def test_backup_drop_restore_gives_every_row_back(filled, tmp_path, command):
    before = filled.everything()
    assert len(before["public.performance_measurement"]) > 1000
    assert len(before["triggers"]) > 5
    file = tmp_path / "panel.backup"
    said = command(filled, "backup", file)
    assert f"{file} holds the database “{filled.name}”" in said

    filled.make()
    said = command(filled, "restore", file)
    assert filled.everything() == before
    rows = sum(read_contents(file).rows.values())
    assert f"The database “{filled.name}” is as “{filled.name}” was at" in said
    assert f"{rows:,} rows" in said
    assert "release" not in said


def test_restored_rights_triggers_and_sequences_work(filled):
    filled.as_site("insert into auth_group (name) values ('made by the site')")
    filled.as_site("delete from auth_group where name = 'made by the site'")
    for statement in (
        "truncate auth_group",
        "drop table auth_group",
        "delete from django_migrations",
        "create table mine (n int)",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            filled.as_site(statement)
    with pytest.raises(psycopg2.IntegrityError, match="an update never changes"):
        filled.as_site("update improvement_progressupdate set narrative = 'another'")
    filled.ask("create table of_a_later_migration (id int generated always as identity, n int)")
    filled.as_site("insert into of_a_later_migration (n) values (1)")


def test_restore_over_data_takes_the_place_of_all_of_it(filled, backup, command):
    before = filled.everything()
    filled.ask("create table of_a_later_release (area bigint references performance_area)")
    filled.ask("create view seen as select * from auth_group")
    filled.ask("insert into of_a_later_release select id from performance_area limit 1")
    filled.ask("insert into auth_group (name) values ('made since')")

    command(filled, "restore", backup, over_data=True, yes_over=filled.name)
    assert filled.everything() == before


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        ({}, None, "to lose all of it, add --over-data"),
        ({"yes_over": "its own"}, None, "to lose all of it, add --over-data"),
        ({"over_data": True, "yes_over": "another"}, None, "“another” is not “"),
        ({"over_data": True}, "another", "“another” is not “"),
        ({"over_data": True}, "", "“” is not “"),
    ],
)
def test_restore_over_data_asks_twice(filled, backup, command, monkeypatch, words, typed, sentence):
    if words.get("yes_over") == "its own":
        words = {"yes_over": filled.name}
    filled.ask("insert into auth_group (name) values ('made since')")
    before = filled.everything()
    monkeypatch.setattr("builtins.input", lambda prompt: typed)
    with pytest.raises(CommandError, match=sentence):
        command(filled, "restore", backup, **words)
    assert filled.everything() == before


def test_restore_over_data_takes_the_name_that_is_typed(filled, backup, command, monkeypatch):
    before = filled.everything()
    filled.ask("insert into auth_group (name) values ('made since')")
    monkeypatch.setattr("builtins.input", lambda prompt: filled.name)
    command(filled, "restore", backup, over_data=True)
    assert filled.everything() == before


# Parts of the whole length; a negative number is so many bytes before the end.
@pytest.mark.parametrize("length", [0, 3, 5, 200, 0.1, 0.5, 0.9, -5000, -200, -66, -65, -2, -1])
def test_backup_that_was_cut_short_is_refused(backup, tmp_path, length):
    whole = backup.read_bytes()
    kept = int(length * len(whole)) if isinstance(length, float) else length
    cut = tmp_path / "cut.backup"
    cut.write_bytes(whole[:kept])
    with pytest.raises(BackupError, match=r"is not whole|is not a backup") as refused:
        check_file(connection, cut)
    assert "\n" not in str(refused.value)


def test_archive_without_our_last_line_is_refused(backup, tmp_path):
    whole = backup.read_bytes()
    cut = tmp_path / "cut.backup"
    cut.write_bytes(whole[: whole.rindex(backup_file.LAST_LINE)])
    with pytest.raises(BackupError, match="is not whole"):
        read_contents(cut)


@pytest.mark.parametrize("place", [10, 0.3, 0.7, -3000, -100, -30])
def test_altered_byte_is_refused(backup, tmp_path, place):
    altered = bytearray(backup.read_bytes())
    altered[int(place * len(altered)) if isinstance(place, float) else place] ^= 1
    file = tmp_path / "altered.backup"
    file.write_bytes(altered)
    with pytest.raises(BackupError, match="is not whole"):
        read_contents(file)


def test_bytes_after_the_end_are_refused(backup, tmp_path):
    file = tmp_path / "longer.backup"
    file.write_bytes(backup.read_bytes() + b"more\n")
    with pytest.raises(BackupError, match="is not whole"):
        read_contents(file)


def test_foreign_file_is_refused_before_anything_is_touched(filled, tmp_path, command):
    before = filled.everything()
    for name, words in {"a.sql": b"drop table auth_group;\n", "empty": b"", "short": b"PG"}.items():
        (tmp_path / name).write_bytes(words)
        with pytest.raises(CommandError, match="is not a backup"):
            command(filled, "restore", tmp_path / name, over_data=True, yes_over=filled.name)
    for name in ("nowhere", "."):
        with pytest.raises(CommandError, match="cannot be read"):
            command(filled, "restore", tmp_path / name, over_data=True, yes_over=filled.name)
    assert filled.everything() == before


def test_restore_that_fails_at_its_end_changes_nothing(filled, backup):
    before = filled.everything()
    contents, folder = check_file(filled.connection, backup)
    contents.rows["public.auth_group"] += 1
    with pytest.raises(BackupError, match=r"public\.auth_group does not hold \d+ rows"):
        restoring.restore(filled.connection, backup, contents, folder)
    assert filled.everything() == before


def test_restore_of_an_archive_that_ends_early_changes_nothing(filled, backup, tmp_path):
    """As if the disk failed between the check and the restore."""
    before = filled.everything()
    contents, folder = check_file(filled.connection, backup)
    cut = tmp_path / "cut.backup"
    cut.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    with pytest.raises(BackupError, match=r"could not be read to its end|refused the backup"):
        restoring.restore(filled.connection, cut, contents, folder)
    assert filled.everything() == before


def test_restore_waits_no_longer_than_it_should_for_a_table_in_use(filled, backup, monkeypatch):
    before = filled.everything()
    monkeypatch.setattr(
        restoring, "CLEAR", restoring.CLEAR.replace("lock_timeout = '30s'", "lock_timeout = '1'")
    )
    user = filled.open()
    user.cursor().execute("select count(*) from auth_group")
    with pytest.raises(BackupError, match="lock timeout"):
        filled.restore(backup)
    user.close()
    assert filled.everything() == before


def test_restore_as_the_sites_role_is_refused(filled, backup):
    filled.connect_as(settings.DATABASE_SITE_ROLE)
    with pytest.raises(BackupError, match="set DATABASE_AS_OWNER=true"):
        look_at_database(filled.connection)


def test_backup_by_the_sites_role_holds_everything(filled, tmp_path):
    before = filled.everything()
    filled.connect_as(settings.DATABASE_SITE_ROLE)
    write_backup(filled.connection, tmp_path / "panel.backup", replace=False)

    filled.connect_as(OWNER)
    filled.make()
    filled.restore(tmp_path / "panel.backup")
    assert filled.everything() == before


def test_restore_keeps_the_rights_that_a_table_of_its_own_has(filled, tmp_path):
    filled.ask("revoke delete on auth_group from " + settings.DATABASE_SITE_ROLE)
    before = filled.everything()
    write_backup(filled.connection, tmp_path / "panel.backup", replace=False)
    filled.make()
    filled.restore(tmp_path / "panel.backup")
    assert filled.everything() == before
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        filled.as_site("delete from auth_group")


def test_backup_that_may_not_read_a_table_is_one_sentence(filled, tmp_path):
    filled.ask("revoke select on auth_group from " + settings.DATABASE_SITE_ROLE)
    filled.connect_as(settings.DATABASE_SITE_ROLE)
    with pytest.raises(BackupError, match="permission denied for table auth_group"):
        write_backup(filled.connection, tmp_path / "panel.backup", replace=False)
    assert list(tmp_path.iterdir()) == []


def test_backup_is_its_users_alone_and_leaves_nothing_beside_it(backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert list(backup.parent.iterdir()) == [backup]


def test_backup_never_takes_a_files_place_unasked(filled, tmp_path, command):
    file = tmp_path / "panel.backup"
    file.write_text("kept")
    file.chmod(0o644)
    with pytest.raises(CommandError, match="is there already: name another file, or add --repl"):
        command(filled, "backup", file)
    assert file.read_text() == "kept"

    command(filled, "backup", file, replace=True)
    assert read_contents(file).database == filled.name
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_backup_never_takes_the_place_of_a_file_that_came_meanwhile(tmp_path):
    making, target = tmp_path / "making", tmp_path / "panel.backup"
    making.write_text("new")
    target.write_text("kept")
    with pytest.raises(BackupError, match="is there already"):
        writing._put_in_place(making, target, replace=False)
    assert target.read_text() == "kept"


def test_backup_is_put_in_place_where_there_are_no_links(tmp_path, monkeypatch):
    def no_links(*names: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", no_links)
    (tmp_path / "making").write_text("new")
    writing._put_in_place(tmp_path / "making", tmp_path / "panel.backup", replace=False)
    assert (tmp_path / "panel.backup").read_text() == "new"


def test_backup_that_fails_keeps_the_old_file_and_nothing_else(empty, tmp_path, command):
    file = tmp_path / "panel.backup"
    file.write_text("kept")
    with pytest.raises(CommandError, match=r"has no table \w+: run manage.py migrate first"):
        command(empty, "backup", file, replace=True)
    assert (file.read_text(), list(tmp_path.iterdir())) == ("kept", [file])


def test_backup_names_a_folder_that_is_not_there(empty, tmp_path, command):
    with pytest.raises(CommandError, match="is not a folder: make it first"):
        command(empty, "backup", tmp_path / "nowhere" / "panel.backup")
    with pytest.raises(CommandError, match="is a folder: name a file in it"):
        command(empty, "backup", tmp_path)


def test_backup_sees_one_moment(filled, tmp_path, monkeypatch):
    """What is committed while the tables are counted is in the next backup."""
    counted = writing._look

    def and_then_somebody_saves(*given: Any) -> backup_file.Contents:
        found = counted(*given)
        filled.as_site("insert into auth_group (name) values ('made meanwhile')")
        return found

    groups = len(filled.ask("select id from auth_group"))
    monkeypatch.setattr(writing, "_look", and_then_somebody_saves)
    contents = write_backup(filled.connection, tmp_path / "panel.backup", replace=False)
    assert contents.rows["public.auth_group"] == groups


def test_password_is_on_no_command_line(empty, monkeypatch):
    empty.connection.settings_dict["PASSWORD"] = "kept from others"
    assert "kept" not in programs.address(empty.connection)
    assert programs.environment(empty.connection)["PGPASSWORD"] == "kept from others"


def test_count_rows_reads_what_pg_restore_writes():
    lines = io.BytesIO(
        b"COPY public.a (id, n) FROM stdin;\n1\tx\n2\tCOPY public.b (\n\\.\n\n"
        b"COPY public.b (id) FROM stdin;\n\\.\n"
    )
    assert programs.count_rows(lines) == {"public.a": 2, "public.b": 0}


def _older_and_newer() -> list[tuple[int, Path]]:
    found = {
        postgres_programs.client_version(place): place for place in postgres_programs.folders()
    }
    return sorted((version, place) for version, place in found.items() if version)


def test_clients_are_the_oldest_that_are_as_new_as_the_server(monkeypatch):
    monkeypatch.delenv("PG_BIN", raising=False)
    oldest, newest = _older_and_newer()[0], _older_and_newer()[-1]
    assert postgres_programs.find_clients(1) == oldest[1]
    assert postgres_programs.client_version(postgres_programs.find_clients(newest[0])) == newest[0]


def test_no_clients_as_new_as_the_server_is_one_sentence():
    with pytest.raises(BackupError, match="of PostgreSQL 99 or newer were found: install") as said:
        programs.find(99)
    assert "\n" not in str(said.value)


def test_newer_programs_than_the_server_restore_into_it(filled, tmp_path, monkeypatch):
    """Since 17 pg_restore writes a setting that an older server does not know."""
    monkeypatch.delenv("PG_BIN", raising=False)
    newest = _older_and_newer()[-1][1]
    before = filled.everything()
    monkeypatch.setattr(programs, "find_clients", lambda at_least: newest)
    write_backup(filled.connection, tmp_path / "panel.backup", replace=False)
    filled.make()
    filled.restore(tmp_path / "panel.backup")
    assert filled.everything() == before


def test_plain_pg_restore_reads_a_backup_too(backup):
    folder = programs.find(read_contents(backup).programs)
    listed = subprocess.run(
        [shutil.which("pg_restore", path=folder), "--list", backup], capture_output=True, text=True
    )
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "TABLE DATA public performance_measurement" in listed.stdout


def test_commands_end_with_a_sentence_and_a_code(filled, tmp_path):
    """As from a shell: the password of the environment, the exit code, and no traceback."""
    given = filled.connection.get_connection_params()
    url = f"postgres://{given['user']}@{given['host'].replace('/', '%2F')}/{filled.name}"
    if given.get("password") or given.get("port"):
        pytest.skip("the embedded server is reached by its socket alone")
    kept = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, words)],
            cwd=PROJECT,
            env=kept,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    done = run("backup", tmp_path / "panel.backup")
    assert (done.returncode, done.stderr) == (0, "")
    asked = run("restore", tmp_path / "panel.backup", "--over-data")
    assert asked.returncode != 0
    assert asked.stderr.strip().endswith("and nothing was changed.")
    assert "Traceback" not in asked.stderr
