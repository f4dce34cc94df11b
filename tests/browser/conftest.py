"""A real Chromium, which may speak to this machine and to nothing else."""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.conftest import PASSWORD

# Playwright's own event loop runs in the thread of the test; the database calls are not in it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """After the database: within Playwright's event loop Django would open other connections."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.fail("No Chromium: script/test finds or fetches one and names it in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """The site on a free port, over the demonstration that the test database holds.

    pytest-django's own server would empty the database after each test; these tests only read.
    """
    with django_db_blocker.unblock():
        server = LiveServer("localhost")
        yield server.url
        server.stop()
        # A request that the browser broke off may have left its thread's session behind, and a
        # database in use cannot be dropped.
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
        connection.close()


def outside(work):
    """What `work` comes back with, done and committed over a connection of its own: the site's
    sees nothing of the transaction that a test is in."""

    def do():
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(do).result()


def begin_session(name: str) -> str:
    """The key of a session that begins as a person's does, by the form and their password."""
    client = Client()
    client.post("/sign-in/", {"login": name, "password": PASSWORD})
    return client.cookies["sessionid"].value


class Witness:
    """What a page said on its console, and what it asked of other machines."""

    def __init__(self, page: Page) -> None:
        self.messages: list[str] = []
        self.foreign: list[str] = []
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("request", self._note)

    def _note(self, request) -> None:
        if not request.url.startswith(("http://localhost", "http://127.0.0.1", "data:", "blob:")):
            self.foreign.append(request.url)


@pytest.fixture
def open_page(chromium: Browser, site: str):
    """A blank page in a window of that width, whose browser that person has signed in with."""
    contexts = []

    def make(
        width: int = 1280,
        *,
        javascript: bool = True,
        sign_in: bool = True,
        name: str = "councillor",
    ) -> Page:
        context = chromium.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
        )
        contexts.append(context)
        if sign_in:
            session = outside(lambda: begin_session(name))
            context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page = context.new_page()
        page.witness = Witness(page)  # type: ignore[attr-defined]
        return page

    yield make
    for context in contexts:
        context.close()
