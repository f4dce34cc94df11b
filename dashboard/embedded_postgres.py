"""A PostgreSQL of our own, for trying, testing and one small office.

Standard library only. It takes PostgreSQL's programs where it finds them (PG_BIN, the wheel's,
Debian's), keeps one data folder for each copy of the project, and listens on a Unix socket and
nowhere else. A real connection decides whether the server is up: pid files outlive power cuts.

    python -m dashboard.embedded_postgres start | stop
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from dashboard.postgres_programs import (
    OWN_SERVER,
    EmbeddedPostgresError,
    copy_programs,
    find_programs,
    version,
)

NAME = "scrutiny-dashboard"
ROOT_HOME = Path("/var/lib") / NAME
DATABASE, OWNER, APP, SUPERUSER = "scrutiny", "scrutiny_owner", "scrutiny_app", "postgres"
# A Unix socket's address holds 107 bytes and an ending zero (unix(7)).
LONGEST_SOCKET_PATH = 107
SECONDS_TO_START = 30
MAKING = "postgres-in-the-making"


def is_root() -> bool:
    return os.geteuid() == 0


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:12]


def state_folder(project: Path) -> Path:
    """Where the data lives: in the project, or for root in a folder that its own user can reach."""
    if chosen := os.environ.get("STATE_FOLDER"):
        return Path(chosen).absolute()
    if is_root():
        return ROOT_HOME / _digest(os.fsencode(project))
    return project / ".state"


def make_state_folder(project: Path) -> Path:
    """The state folder, there and safe to write in. The folders above it are never changed.

    Root's stays root's: the system user passes through it to its own folder, `postgres`, and could
    not put a link in the way of what root writes. One that an earlier version gave to that user
    is taken back.
    """
    folder, made = state_folder(project), False
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Another start may be making it at the same moment.
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        made = True
    if not is_root():
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise EmbeddedPostgresError(_not_closed(folder, "this user"))
        return folder
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        ours = made or folder.is_relative_to(ROOT_HOME) or not os.listdir(opened)
        _let_system_user_pass(folder, opened, ours=ours)
    finally:
        os.close(opened)
    return folder


def _let_system_user_pass(folder: Path, opened: int, *, ours: bool) -> None:
    with contextlib.suppress(KeyError):  # before the first start there is no such user
        if os.fstat(opened).st_uid == pwd.getpwnam(NAME).pw_uid:
            os.fchown(opened, 0, 0)
            ours = True
    found = os.fstat(opened)
    if ours and found.st_uid == 0:
        os.fchmod(opened, 0o711)
        found = os.fstat(opened)
    # Passable by all, writable by root alone.
    if found.st_uid != 0 or found.st_mode & 0o023 != 0o001:
        raise EmbeddedPostgresError(
            f"{folder} holds files already and is not root's with mode 711 or 755: set "
            "STATE_FOLDER to an empty folder or a new one."
        )
    for name in os.listdir(opened):
        entry = os.stat(name, dir_fd=opened, follow_symlinks=False)
        theirs = entry.st_uid != 0 and name not in ("postgres", MAKING)
        if theirs or stat.S_ISLNK(entry.st_mode):
            raise EmbeddedPostgresError(
                f"{folder / name} is a link or another user's, and root would write there: remove "
                "it, or set STATE_FOLDER to another folder."
            )


def _not_closed(folder: Path, user: str) -> str:
    return (
        f"{folder} is not a closed folder of {user} alone: remove it, or set STATE_FOLDER to "
        "another."
    )


def data_folder(project: Path) -> Path:
    return state_folder(project) / "postgres"


def socket_folder(project: Path) -> Path:
    """The data folder, or a short folder of this user's alone where that path is too long, or
    holds a comma, at which a client splits the name of a host."""
    data = data_folder(project)
    socket = os.fsencode(data / ".s.PGSQL.5432")
    if len(socket) <= LONGEST_SOCKET_PATH and b"," not in socket:
        return data
    return Path("/tmp") / f"{NAME}-{os.geteuid()}-{_digest(os.fsencode(data))}"


def url(project: Path, *, owner: bool = False) -> str:
    """The address of the database, for the application's role or for the tables' owner."""
    role = OWNER if owner else APP
    return f"postgres://{role}@{quote(str(socket_folder(project)), safe='')}/{DATABASE}"


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
    return pid if b"postgres -D " + os.fsencode(data) + b" " in command + b" " else None


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


@contextlib.contextmanager
def locked(file: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """One holder at a time; the kernel lets go when one dies. Whoever can open a file can hold
    its lock, so it is this user's alone. `waiting` is called when another holds it."""
    lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        os.fchmod(lock, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


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
        given = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
        return subprocess.run(
            [str(self.programs / command[0]), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            text=True,
            cwd="/",
            env=given,
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
        self._check_paths()
        try:
            with self._only_one():
                if not (self.data / "PG_VERSION").exists():
                    self._make_cluster()
                self._bring_up()
                self._make_roles()
        except OSError as error:
            raise EmbeddedPostgresError(
                f"{error.filename or state_folder(self.project)} cannot be used "
                f"({error.strerror}): free some disk space, mend its owner, or {OWN_SERVER}."
            ) from error

    def _check_paths(self) -> None:
        """initdb and pg_ctl hand paths to a shell, between double quotes and otherwise as they
        are."""
        for path in (str(self.data), str(self.programs)):
            if found := re.search(r'["$`\\\n]', path):
                raise EmbeddedPostgresError(
                    f"PostgreSQL's programs cannot take {found[0]!r} in the path {path!r}: move "
                    f"the project, set STATE_FOLDER or PG_BIN to another path, or {OWN_SERVER}."
                )

    @contextlib.contextmanager
    def _only_one(self) -> Iterator[None]:
        """One starter at a time, in folders that belong to whoever will use them."""
        state = make_state_folder(self.project)
        if socket_folder(self.project) != self.data:
            self._make_socket_folder(socket_folder(self.project))
        with locked(state / "postgres.lock"):
            yield

    def _make_socket_folder(self, folder: Path) -> None:
        """A closed folder in /tmp, where others might have put it, or might look in."""
        if not os.path.lexists(folder):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
        closed = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700
        if self.user and closed and found.st_uid == 0 and not os.listdir(folder):
            shutil.chown(folder, self.user, self.user)
        owner = pwd.getpwnam(self.user).pw_uid if self.user else os.geteuid()
        if not closed or folder.lstat().st_uid != owner:
            raise EmbeddedPostgresError(_not_closed(folder, self.user or "this user"))

    def _make_cluster(self) -> None:
        # initdb writes PG_VERSION first: one that was interrupted looks whole where it stands.
        making = self.data.with_name(MAKING)
        if making.exists():
            shutil.rmtree(making)
        making.mkdir(mode=0o700)
        if self.user:
            shutil.chown(making, self.user, self.user)
        locale = ["--locale=C.UTF-8"]
        if version(self.programs) >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        done = self.run(
            *("initdb", "-D", str(making), "-U", SUPERUSER, "-E", "UTF8", *locale),
            *("--auth-local=trust", "--auth-host=reject"),
        )
        if done.returncode:
            reasons = re.findall(r"(?:FATAL|PANIC|error): +(.*)", done.stderr)
            raise EmbeddedPostgresError(
                f"PostgreSQL could not make its data folder {self.data} "
                f"({(reasons or ['no reason given'])[0]}): free some disk space, or {OWN_SERVER}."
            )
        making.rename(self.data)

    def _bring_up(self) -> None:
        log = self.data / "server.log"
        # pg_ctl hands its options to a shell, and PostgreSQL splits this one at commas.
        folder = shlex.quote(f'"{socket_folder(self.project)}"')
        options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
        deadline = time.monotonic() + SECONDS_TO_START
        while (answer := self.sql("select 1")).returncode:
            # After a crash it says so while it recovers, for as long as that takes.
            if "the database system is" in answer.stderr:
                deadline = time.monotonic() + SECONDS_TO_START
            if time.monotonic() > deadline:
                stop(self.project)  # one that lives but cannot be reached, its socket swept away
                said = log.read_text(errors="replace") if log.exists() else ""
                fatal = re.findall(r"(?:FATAL|PANIC): +(.*)", said) or ["no reason given"]
                raise EmbeddedPostgresError(
                    f"PostgreSQL did not start ({fatal[-1]}): mend what {log} says and start again."
                )
            if postmaster(self.project) is None:
                (self.data / "postmaster.pid").unlink(missing_ok=True)
            self.run(
                *("pg_ctl", "-D", str(self.data), "-w", "-t", "20", "-l", str(log)),
                *("-o", options, "start"),
            )
            time.sleep(0.1)

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
        if NAME not in {person.pw_name for person in pwd.getpwall()}:
            home = ["--home-dir", str(ROOT_HOME), "--shell", "/usr/sbin/nologin"]
            subprocess.run(["useradd", "--system", "--user-group", *home, NAME], check=True)
        ROOT_HOME.mkdir(exist_ok=True)
        ROOT_HOME.chmod(0o755)
        return Server(project, copy_programs(programs, ROOT_HOME), user=NAME)
    except (OSError, subprocess.CalledProcessError) as error:
        raise EmbeddedPostgresError(
            f"Root cannot set PostgreSQL up ({error}): use an ordinary user, or {OWN_SERVER}."
        ) from error


def main(words: list[str]) -> None:
    project = Path(__file__).resolve().parent.parent
    try:
        if words == ["start"]:
            return server_for(project).start()
        if words == ["stop"]:
            return stop(project)
    except EmbeddedPostgresError as error:
        sys.exit(str(error))
    sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
