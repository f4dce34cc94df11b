"""What the operator's probes hear, and what readers see while the database is away."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboard import embedded_postgres

PROJECT = Path(__file__).resolve().parent.parent.parent


def test_healthz_asks_the_database_nothing(nobody, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        response = nobody.get("/healthz/")

    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_says_that_the_database_answers(nobody) -> None:
    response = nobody.get("/readyz/")

    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.parametrize("page", ["/healthz/", "/readyz/"])
def test_probes_are_not_sent_to_https(nobody, settings, page: str) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert nobody.get(page).status_code == 200


@dataclass
class Site:
    """The site as it is served, over a PostgreSQL that a test may stop."""

    port: int

    def get(self, page: str) -> tuple[int, str]:
        """Status and text. The cookie makes each page look for its session in the database."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", page, headers={"Cookie": "sessionid=" + "a" * 32})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def is_listening(self) -> bool:
        try:
            return self.get("/healthz/")[0] == 200
        except OSError:
            return False


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    place = Path(tempfile.mkdtemp(prefix="scrutiny-test-"))
    place.chmod(0o755)
    monkeypatch.setenv("STATE_FOLDER", str(place / "state"))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    embedded_postgres.server_for(PROJECT).start()
    migrate = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(migrate, cwd=PROJECT, check=True)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        # Handed over as it is, so that nobody else can take the port in between.
        handle = listening.fileno()
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "dashboard.wsgi", "--no-control-socket"),
                *("--bind", f"fd://{handle}", "--log-level", "critical"),
            ],
            cwd=PROJECT,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
            pass_fds=[handle],
            stderr=subprocess.DEVNULL,
        )
        served = Site(listening.getsockname()[1])
    try:
        deadline = time.monotonic() + 30
        while not served.is_listening() and time.monotonic() < deadline:
            time.sleep(0.1)
        yield served
    finally:
        server.terminate()
        server.wait(timeout=30)
        embedded_postgres.stop(PROJECT)
        shutil.rmtree(place)


def test_pages_say_that_the_database_is_away_and_recover(site: Site) -> None:
    assert site.get("/")[0] == 302

    embedded_postgres.stop(PROJECT)

    status, page = site.get("/")
    assert status == 503
    assert "<h1" in page
    assert "database" in page.lower()
    assert site.get("/readyz/") == (503, "the database is away")
    assert site.get("/healthz/") == (200, "ok")

    embedded_postgres.server_for(PROJECT).start()

    assert site.get("/")[0] == 302
    assert site.get("/readyz/") == (200, "ok")
