"""How long the server takes, by a clock that other work on the machine disturbs least.

Each page is asked of a real Gunicorn of one worker over a socket, so that middleware, packing and
the kept connection to the database count as a reader has them; one worker, since two warm up apart.
The page, the same page with the Interactive Tool's figures, and Django's admin list take turns,
request by request: a slow second of the machine falls on all of them alike, and the ratio of
medians stays where absolute times would not.
"""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import web
from bootstrap import PROJECT, StopHere

from measuring.pages import fetch

WARM_UP = 10


@contextlib.contextmanager
def serve(database: str) -> Iterator[int]:
    """The port of a Gunicorn that serves that database, until the end of the block."""
    port = web.free_port(None)
    log_file = Path(os.environ["STATE_FOLDER"]) / f"{database}.log"
    command = [
        *(sys.executable, "-m", "gunicorn", "dashboard.wsgi", "--workers", "1"),
        *("--bind", f"127.0.0.1:{port}", "--no-control-socket"),
    ]
    given = {**os.environ, "MEASURED_DATABASE": database}
    with log_file.open("wb") as log:
        server = subprocess.Popen(command, cwd=PROJECT, env=given, stdout=log, stderr=log)
    try:
        if not web.wait_until_it_answers(port, web.SECONDS_TO_ANSWER, server):
            raise StopHere(f"The web server did not start: mend what {log_file} says.")
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextlib.contextmanager
def serve_all(databases: list[str]) -> Iterator[list[int]]:
    with contextlib.ExitStack() as servers:
        yield [servers.enter_context(serve(database)) for database in databases]


def time_in_turns(asked: list[tuple[int, str, str]], rounds: int) -> list[list[float]]:
    """Seconds of each request (port, address, cookie), in the order given, a round at a time."""
    for each in asked * WARM_UP:
        fetch(*each)
    times: list[list[float]] = [[] for _ in asked]
    for _ in range(rounds):
        for place, each in enumerate(asked):
            began = time.perf_counter()
            fetch(*each)
            times[place].append(time.perf_counter() - began)
    return times
