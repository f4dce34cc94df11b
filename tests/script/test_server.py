"""script/server itself, in a copy of the project under a path with a space."""

import fcntl
import http.cookiejar
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import embedded_postgres

PROJECT = Path(__file__).resolve().parent.parent.parent
NOT_COPIED = (".*", "static-collected", "pictures", "docs", "tests", "__pycache__")

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')

pytestmark = pytest.mark.slow


class Clone:
    """A copy that shares this one's virtual environment, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))
        (folder / ".venv").symlink_to(PROJECT / ".venv")

    def command(self, *words: str) -> list[str]:
        return [sys.executable, str(self.folder / "script" / "server"), *words]

    def environment(self, **more: str) -> dict[str, str]:
        """A shell's, without the settings of this test run."""
        kept = ("PATH", "HOME", "LANG")
        return {name: os.environ[name] for name in kept if name in os.environ} | more

    def server(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        # Files, not pipes: what it leaves running would hold a pipe open.
        out, err = self.folder / "out", self.folder / "err"
        with out.open("w") as stdout, err.open("w") as stderr:
            done = subprocess.run(
                self.command(*words),
                env=self.environment(**environment),
                stdout=stdout,
                stderr=stderr,
                timeout=300,
            )
        return subprocess.CompletedProcess(
            done.args, done.returncode, out.read_text(), err.read_text()
        )

    def web_master(self) -> int:
        kept = (embedded_postgres.state_folder(self.folder) / "web.json").read_text()
        return int(re.findall(r'"session": (\d+)', kept)[0])

    def postmaster(self) -> int:
        pid = embedded_postgres.postmaster(self.folder)
        assert pid is not None
        return pid


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clone]:
    monkeypatch.delenv("STATE_FOLDER", raising=False)
    monkeypatch.delenv("PG_BIN", raising=False)
    made = Clone(tmp_path / "a clone")
    yield made
    stopped = made.server("--stop")
    shutil.rmtree(embedded_postgres.state_folder(made.folder), ignore_errors=True)
    assert stopped.returncode == 0, stopped.stderr


class Visitor:
    """A browser without script, from the standard library."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), urllib.request.ProxyHandler({})
        )

    def get(self, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        """The status, and the page without the token that is new in each answer."""
        sent = urllib.parse.urlencode(data).encode() if data else None
        try:
            with self.opener.open(self.address + path, sent, timeout=30) as answer:
                return answer.status, TOKEN.sub("", answer.read().decode())
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def sign_in(self, name: str, password: str) -> tuple[int, str]:
        self.get("/sign-in/")
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        given = {"login": name, "password": password, "csrfmiddlewaretoken": str(token)}
        return self.get("/sign-in/?next=/", given)


def read_address(printed: str) -> str:
    return re.findall(r"The dashboard is at (http://127\.0\.0\.1:\d+/)", printed)[0]


def test_server_survives_every_kill_with_everything_committed(clone):
    first = clone.server("--background")
    assert first.returncode == 0, first.stderr
    visitor = Visitor(read_address(first.stdout))
    password = re.findall(r"with the password (\S+) as one of: councillor, chair", first.stdout)[0]
    status, page = visitor.sign_in("councillor", password)
    assert status == 200
    assert "Demonstration from a 2016 public report" in page
    assert 'name="password"' not in page

    again = clone.server()
    assert again.returncode == 0
    assert "already running" in again.stdout
    assert read_address(again.stdout) == read_address(first.stdout)

    os.kill(clone.web_master(), signal.SIGKILL)
    assert clone.server("--background").returncode == 0
    assert visitor.get("/") == (200, page)

    os.kill(clone.postmaster(), signal.SIGKILL)
    status, away = visitor.get("/")
    assert status == 503
    assert "cannot reach its database" in away
    assert clone.server("--background").returncode == 0
    assert visitor.get("/") == (200, page)

    os.kill(clone.postmaster(), signal.SIGKILL)
    os.kill(clone.web_master(), signal.SIGKILL)
    assert clone.server("--background").returncode == 0
    assert visitor.get("/") == (200, page)

    assert clone.server("--stop").stdout == "Stopped.\n"
    assert embedded_postgres.postmaster(clone.folder) is None
    with pytest.raises(urllib.error.URLError):
        visitor.get("/healthz/")
    assert clone.server("--stop").stdout == "Nothing was running.\n"


def test_server_in_front_takes_a_free_port_and_stops_on_ctrl_c(clone):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = clone.server("--port", str(port))
        assert refused.returncode == 1
        assert refused.stderr == (
            f"Port {port} is taken: choose another with --port, or leave it out.\n"
        )
    front = subprocess.Popen(
        clone.command("--port", str(port)),
        env=clone.environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert front.stdout is not None
    with front.stdout:
        printed = "".join(iter(front.stdout.readline, "Ctrl-C stops it.\n"))
        assert read_address(printed) == f"http://127.0.0.1:{port}/"
        front.send_signal(signal.SIGINT)
        assert front.wait(timeout=60) == 0
        assert front.stdout.read().endswith("Stopped.\n")
    assert embedded_postgres.postmaster(clone.folder) is None


def test_interrupted_second_start_leaves_the_running_site_up(clone):
    first = clone.server("--background")
    assert first.returncode == 0, first.stderr
    with (embedded_postgres.state_folder(clone.folder) / "script.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = subprocess.Popen(
            clone.command("--background"),
            env=clone.environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert second.stdout is not None
        with second.stdout:
            assert second.stdout.readline().startswith("Another script of this project is at work")
            second.terminate()
            assert second.wait(timeout=60) == 0
            assert second.stdout.read().endswith(
                "Nothing was started; what was running still runs.\n"
            )
    assert Visitor(read_address(first.stdout)).get("/readyz/")[0] == 200


def test_server_killed_in_front_leaves_nothing_that_cannot_be_stopped(clone):
    front = subprocess.Popen(
        clone.command(), env=clone.environment(), stdout=subprocess.PIPE, text=True
    )
    assert front.stdout is not None
    with front.stdout:
        printed = "".join(iter(front.stdout.readline, "Ctrl-C stops it.\n"))
        front.kill()
        front.wait()
    port = int(re.findall(r":(\d+)/", read_address(printed))[0])
    assert clone.server("--stop").stdout == "Stopped.\n"
    assert embedded_postgres.postmaster(clone.folder) is None
    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect(("127.0.0.1", port))


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"COUNCIL_CODE": "Wolverhampton"}, "COUNCIL_CODE is wrong: set it to"),
        ({"POSITION_DATE": "yesterday"}, "POSITION_DATE is wrong: set it to"),
        ({"SECRET_KEY": "short"}, "COUNCIL_CODE is not set: set it to|SECRET_KEY is too short"),
        ({"DATABASE_URL": "postgres://a@127.0.0.1:1/b"}, "The database cannot be used .*: start"),
        ({"DATABASE_URL": "mysql://a@b/c"}, "DATABASE_URL must name a PostgreSQL database, 15"),
        ({"PG_BIN": "/nowhere"}, "No programs of PostgreSQL 15 or newer were found: set PG_BIN"),
        ({"STATE_FOLDER": "/proc/nowhere"}, "/proc/nowhere.* cannot be used .*: free some disk"),
    ],
)
def test_server_says_in_one_sentence_what_is_wrong(clone, environment, sentence):
    done = clone.server("--background", **environment)
    assert done.returncode == 1
    assert re.match(sentence, done.stderr)
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stdout + done.stderr
