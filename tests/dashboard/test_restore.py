"""What manage.py restore puts back, and what it leaves alone."""

import hashlib
import json
import signal

import psycopg2
import pytest
from django.core.management import CommandError

from dashboard import postgres_programs
from dashboard.backups import restoring
from dashboard.backups.file import LAST_LINE, SUM, BackupError
from dashboard.backups.restoring import check_file, look_at_database
from dashboard.backups.writing import write_backup

pytestmark = pytest.mark.django_db


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


def test_last_line_that_says_what_backup_never_writes_is_refused(filled, backup, command, tmp_path):
    """Whoever alters a backup can also count its sum anew: no word of it may become a command."""
    before = filled.everything()
    archive, _, last_line = backup.read_bytes().rpartition(LAST_LINE)
    told = json.loads(last_line.partition(SUM)[0])
    altered, events = tmp_path / "altered.backup", "public.improvement_planevent"
    alterations = [
        {"rights": {events: ["select on public.auth_group to postgres;\n\\! false\ngrant select"]}},
        {"rights": {events: ["truncate"]}},
        {"rights": {f"{events} to public; grant select on {events}": ["select"]}},
        {"rights": {events: [["select"]]}},
        {"rights": [events]},
        {"rows": {f"{events}'; drop table auth_group; --": 0}},
        {"rows": {events: "0 end if; drop table auth_group"}},
        {"more": 1},
    ]
    for alteration in alterations:
        written = LAST_LINE + json.dumps({**told, **alteration}).encode() + SUM
        digest = hashlib.sha256(archive + written).hexdigest().encode()
        altered.write_bytes(archive + written + digest + b"\n")
        with pytest.raises(CommandError, match="is not whole"):
            command(filled, "restore", altered, over_data=True, yes_over=filled.name)
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
    filled.connect_as(filled.site_role)
    with pytest.raises(BackupError, match="set DATABASE_AS_OWNER=true"):
        look_at_database(filled.connection)


def test_restore_keeps_the_rights_that_a_table_of_its_own_has(filled, tmp_path):
    filled.ask("revoke delete on auth_group from " + filled.site_role)
    before = filled.everything()
    write_backup(filled.connection, tmp_path / "panel.backup", replace=False)
    filled.make()
    filled.restore(tmp_path / "panel.backup")
    assert filled.everything() == before
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        filled.as_site("delete from auth_group")


def test_newer_programs_than_the_server_restore_into_it(filled, tmp_path, monkeypatch):
    """Since 17 pg_restore writes a setting that an older server does not know."""
    monkeypatch.delenv("PG_BIN", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    newest = max(postgres_programs.folders(), key=postgres_programs.client_version)
    monkeypatch.setenv("PG_BIN", str(newest))
    before = filled.everything()
    write_backup(filled.connection, tmp_path / "panel.backup", replace=False)
    filled.make()
    filled.restore(tmp_path / "panel.backup")
    assert filled.everything() == before


def test_restore_that_is_killed_half_way_changes_nothing(filled, backup, programs_with, manage):
    before = filled.everything()
    programs_with(
        "pg_restore",
        'case "$*" in *data-only*) ;; *) "$real" "$@" | head -c 300000; kill -9 $PPID; exit;; esac',
    )
    done = manage(filled, "restore", backup, "--over-data", "--yes-over", filled.name)
    assert done.returncode == -signal.SIGKILL
    assert filled.everything() == before
