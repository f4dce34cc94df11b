"""What manage.py backup writes, and what is refused as a backup."""

import io
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection

from dashboard import postgres_programs
from dashboard.backups import file as backup_file
from dashboard.backups import programs, writing
from dashboard.backups.file import BackupError, read_contents
from dashboard.backups.restoring import check_file
from dashboard.backups.writing import write_backup

pytestmark = pytest.mark.django_db

OWNER = connection.settings_dict["USER"]


def test_backup_drop_restore_gives_every_row_back(filled, tmp_path, command):
    before = filled.everything()
    [(rows, _)] = before["public.performance_measurement"]
    assert rows > 1000
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


def test_backup_by_the_sites_role_holds_everything(filled, tmp_path):
    before = filled.everything()
    filled.connect_as(filled.site_role)
    write_backup(filled.connection, tmp_path / "panel.backup", replace=False)

    filled.connect_as(OWNER)
    filled.make()
    filled.restore(tmp_path / "panel.backup")
    assert filled.everything() == before


def test_backup_that_may_not_read_a_table_is_one_sentence(filled, tmp_path):
    filled.ask("revoke select on auth_group from " + filled.site_role)
    filled.connect_as(filled.site_role)
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


def test_backup_sees_one_moment(filled, tmp_path, programs_with):
    """What is committed after the tables were counted is in the next backup."""
    groups = len(filled.ask("select id from auth_group"))
    insert = "insert into auth_group (name) values ('made meanwhile')"
    programs_with("pg_dump", f'for word; do :; done; "$bin/psql" -q "$word" -c "{insert}"')
    contents = write_backup(filled.connection, tmp_path / "panel.backup", replace=False)
    assert contents.rows["public.auth_group"] == groups
    assert len(filled.ask("select id from auth_group")) == groups + 1


@pytest.mark.parametrize(
    ("instead", "sentence"),
    [
        ("echo 'pg_dump: error: disk full.' >&2; exit 1", r"not copy the database \(disk full\),"),
        ('"$real" "$@"; truncate -s -9000 "${4#--file=}"; exit 0', "could not be read back"),
        (
            '"$real" "$@" --exclude-table-data=auth_group; exit 0',
            "does not hold every row of every",
        ),
    ],
    ids=["failed", "cut short", "a table left out"],
)
def test_backup_that_is_not_whole_never_gets_its_name(
    filled, tmp_path, programs_with, instead, sentence
):
    file = tmp_path / "panel.backup"
    file.write_text("kept")
    programs_with("pg_dump", instead)
    with pytest.raises(BackupError, match=sentence):
        write_backup(filled.connection, file, replace=True)
    assert (file.read_text(), [found for found in tmp_path.iterdir() if found.is_file()]) == (
        "kept",
        [file],
    )


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


def test_plain_pg_restore_reads_a_backup_too(backup):
    folder = programs.find(read_contents(backup).programs)
    listed = subprocess.run(
        [shutil.which("pg_restore", path=folder), "--list", backup], capture_output=True, text=True
    )
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "TABLE DATA public performance_measurement" in listed.stdout


def test_commands_end_with_a_sentence_and_a_code(filled, tmp_path, manage):
    done = manage(filled, "backup", tmp_path / "panel.backup")
    assert (done.returncode, done.stderr) == (0, "")
    asked = manage(filled, "restore", tmp_path / "panel.backup", "--over-data")
    assert asked.returncode == 1
    assert asked.stderr.strip().endswith("and nothing was changed.")
    assert "Traceback" not in asked.stderr
