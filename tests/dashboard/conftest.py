"""Scratch databases of the tests' own server, filled with the demonstration by a restore."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from dashboard.backups import programs, restoring, writing
from dashboard.backups.restoring import check_file
from dashboard.backups.writing import write_backup
from tests.prints import OF_A_TABLE

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

    @property
    def site_role(self) -> str:
        if connection.settings_dict["USER"] == settings.DATABASE_SITE_ROLE:
            pytest.skip("DATABASE_URL names the owner: there is no role of the site's own")
        return settings.DATABASE_SITE_ROLE

    def connect_as(self, role: str) -> None:
        self.connection.close()
        self.connection.settings_dict["USER"] = role

    def _on_server(self, statement: str) -> None:
        opened = self.open(dbname="postgres", user=connection.settings_dict["USER"])
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
        return self.ask(statement, user=self.site_role)

    def restore(self, file: Path) -> None:
        restoring.restore(self.connection, file, *check_file(self.connection, file))

    def everything(self) -> dict[str, list]:
        """A print of every row of every table, every sequence, trigger, constraint and index, and
        what the site's role may do."""
        tables = [name for name, _ in self.ask(writing.TABLES)]
        found: dict[str, list] = {table: self.ask(OF_A_TABLE.format(table)) for table in tables}
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


@pytest.fixture(scope="session")
def backup(django_db_setup, django_db_blocker, tmp_path_factory) -> Path:
    """A backup of the tests' database, which holds the demonstration."""
    made = tmp_path_factory.mktemp("kept") / "panel.backup"
    with django_db_blocker.unblock():
        write_backup(connection, made, replace=False)
    return made


@pytest.fixture(scope="session")
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
def scratch(db) -> Iterator[Scratch]:
    made = Scratch(f"{connection.settings_dict['NAME']}_backup")
    yield made
    made.drop()


@pytest.fixture
def empty(scratch: Scratch) -> Scratch:
    scratch.make()
    return scratch


@pytest.fixture
def filled(scratch: Scratch, original: str) -> Scratch:
    scratch.make(template=original)
    return scratch


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


@pytest.fixture
def programs_with(tmp_path: Path, monkeypatch) -> Callable[[str, str], None]:
    """PostgreSQL's programs, one of which does something of the test's before it does its own."""

    def make(name: str, first: str) -> None:
        server = connection.cursor().connection.server_version // 10000
        real, folder = programs.find(server), tmp_path / "bin"
        folder.mkdir()
        for each in ("pg_dump", "pg_restore", "psql"):
            words = f"#!/bin/sh\nbin='{real}'; real=\"$bin/{each}\"\n"
            if each == name:
                words += f'if [ "$1" != --version ]; then\n{first}\nfi\n'
            (folder / each).write_text(f'{words}exec "$real" "$@"\n')
            (folder / each).chmod(0o755)
        monkeypatch.setenv("PG_BIN", str(folder))

    return make


@pytest.fixture
def manage() -> Callable[..., subprocess.CompletedProcess[str]]:
    """manage.py with these words, as from a shell, with the scratch database as the site's."""

    def run(scratch: Scratch, *words: object) -> subprocess.CompletedProcess[str]:
        given = scratch.connection.get_connection_params()
        host = quote(given.get("host", ""), safe="")
        port = f":{given['port']}" if given.get("port") else ""
        url = f"postgres://{given['user']}@{host}{port}/{scratch.name}"
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        if password := given.get("password"):
            environment["PGPASSWORD"] = password
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, words)],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    return run


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")
