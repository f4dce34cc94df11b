"""The web server's process: started, found again after a crash, and stopped.

Gunicorn leads a session of its own, and its number is written down. Its workers outlive a killed
master for some seconds and hold the port, but not the session's number, which no other process
can have while one of them lives. So what is found by that number is ours.
"""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from bootstrap import PROJECT, PYTHON, StopHere, state_file

FIRST_PORT, PORTS = 8000, 50
# A workbook of 100,000 rows takes the better part of this to be screened on a slow machine.
SECONDS_FOR_A_PAGE = 120
SECONDS_TO_ANSWER = 60


def _record() -> dict[str, int]:
    """The session and port of the web server that was last started, if any was."""
    try:
        kept = json.loads(state_file("web.json").read_text())
        return {"session": int(kept["session"]), "port": int(kept["port"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def processes() -> list[int]:
    """The living processes of the web server that was last started."""
    session = _record().get("session")
    if session is None:
        return []
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # After the name, in brackets: state, parent, group, session (proc(5)).
            state, _, _, its_session = stat.read_text().rpartition(")")[2].split()[:4]
            command = stat.with_name("cmdline").read_bytes()
            if int(its_session) == session and state != "Z" and b"dashboard.wsgi" in command:
                found.append(int(stat.parent.name))
    return found


def running_at() -> int | None:
    """The port of our web server, when its master lives."""
    record = _record()
    return record["port"] if record and record["session"] in processes() else None


def stop() -> bool:
    """Whether there was something to stop; all of it is gone when this returns."""
    ours = processes()
    for wish, seconds in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
        for process in processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, wish)
        deadline = time.monotonic() + seconds
        while processes() and time.monotonic() < deadline:
            time.sleep(0.05)
    if left := processes():
        raise StopHere(f"The web server does not stop: end process {left[0]} by hand.")
    state_file("web.json").unlink(missing_ok=True)
    return bool(ours)


def answers(port: int) -> bool:
    """Whether the site can reach its database, and its first page comes back."""
    for page in ("/readyz/", "/"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", page)
            if connection.getresponse().status >= 500:
                return False
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
    return True


def wait_until_it_answers(
    port: int, seconds: float, server: subprocess.Popen[bytes] | None
) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server and server.poll() is not None:
            return False
        if answers(port):
            return True
        time.sleep(0.1)
    return False


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(asked: int | None) -> int:
    """The port that was asked for, or else the first free one from 8000 on."""
    if asked is not None:
        if not _is_free(asked):
            raise StopHere(f"Port {asked} is taken: choose another with --port, or leave it out.")
        return asked
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        if _is_free(port):
            return port
    raise StopHere(
        f"Ports {FIRST_PORT} to {FIRST_PORT + PORTS - 1} are all taken: choose one with --port."
    )


def start(port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Gunicorn, answering, in a session of its own."""
    log_file = state_file("web.log")
    # Others may pass through root's state folder, and the log may hold what only we may read.
    log_file.unlink(missing_ok=True)
    with open(os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as log:
        server = subprocess.Popen(
            [
                *(str(PYTHON), "-m", "gunicorn", "dashboard.wsgi", "--workers", "2"),
                *(
                    "--bind",
                    f"127.0.0.1:{port}",
                    "--worker-tmp-dir",
                    _memory(),
                    "--timeout",
                    str(SECONDS_FOR_A_PAGE),
                    "--no-control-socket",
                ),
            ],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    state_file("web.json").write_text(json.dumps({"session": server.pid, "port": port}))
    if not wait_until_it_answers(port, SECONDS_TO_ANSWER, server):
        stop()
        raise StopHere(f"The web server did not start: mend what {log_file} says and try again.")
    return server


def _memory() -> str:
    """Where workers show that they live: never a slow disk (Gunicorn's own advice)."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"
