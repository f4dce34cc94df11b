"""A worker is killed, or PostgreSQL, in the middle of an update: all of it or none, and sent again
it is there once."""

import os
import random
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from dashboard import embedded_postgres
from tests.script.plan_site import Browser, Site, make_plan_cluster, running_site

pytestmark = pytest.mark.slow

ROUNDS = 10
TEXT = "What was typed in round {}."
PARTS = """
SELECT
    (SELECT count(*) FROM improvement_progressupdate WHERE narrative = '{0}'),
    (SELECT count(*) FROM improvement_planevent e JOIN improvement_progressupdate u
        ON (e.after ->> 'update')::bigint = u.id WHERE u.narrative = '{0}'),
    (SELECT count(*) FROM improvement_updatedraft WHERE words ->> 'narrative' = '{0}')
"""
# The update is in, its event is not yet: whoever holds this stops a save in its middle.
HOLD_EVENTS = "LOCK TABLE improvement_planevent IN EXCLUSIVE MODE"
HELD_UP = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Browser]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("STATE_FOLDER", raising=False)
        folder = tmp_path_factory.mktemp("killed-updates") / "project"
        try:
            cluster, sessions = make_plan_cluster(folder, people=1, actions=2 * ROUNDS + 4)
            with running_site(cluster, workers=1) as running:
                yield running, Browser(running, sessions["person-0"])
        finally:
            embedded_postgres.stop(folder)
            for made in (embedded_postgres.state_folder, embedded_postgres.socket_folder):
                shutil.rmtree(made(folder), ignore_errors=True)


class Typed:
    """One update: typed, kept as a draft, and ready to be sent."""

    def __init__(self, browser: Browser, place: int) -> None:
        self.browser, self.text = browser, TEXT.format(place)
        self.address = f"/plan/actions/1.{place:02}/update/"
        form = browser.open_form(self.address)
        self.fields = {**form, "status": "on_track", "narrative": self.text}
        draft = f"{self.address[:-7]}draft/"
        answer = browser.post(draft, self.fields, **{"X-Requested-With": "fetch"})
        assert answer.status == 200, answer.body

    def begin(self) -> threading.Thread:
        def send() -> None:
            try:
                self.browser.post(self.address, self.fields)
            except OSError:
                return  # the worker, killed, gave no answer

        sending = threading.Thread(target=send)
        sending.start()
        return sending

    def parts(self) -> tuple[int, int, int]:
        """How many updates, events and drafts hold the words."""
        return self.browser.site.cluster.ask(PARTS.format(self.text))[0]

    def check_and_send_again(self) -> str:
        """“all” or “none”: anything between fails. The words are never in neither place."""
        self.browser.site.wait()
        self.browser.site.cluster.wait_until(HELD_UP, 0)
        outcome = {(1, 1, 0): "all", (0, 0, 1): "none"}[self.parts()]
        answer = self.browser.post(self.address, self.fields)
        assert answer.status == 302, answer.body
        assert self.parts() == (1, 1, 0)
        return outcome


@contextmanager
def events_held(site: Site) -> Iterator[None]:
    with site.cluster.connected() as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(HOLD_EVENTS)
        yield
        connection.rollback()


def restart_postgres(site: Site) -> None:
    site.cluster.kill()
    site.cluster.server.start()


def drawn(first: int, kill: Callable[[Site], None], site: Site, browser: Browser) -> list[str]:
    seed = int(os.environ.get("KILL_SEED") or secrets.randbelow(1_000_000))
    print(f"KILL_SEED={seed}")
    moments, outcomes = random.Random(seed), []
    for place in range(first, first + ROUNDS):
        typed = Typed(browser, place)
        sending = typed.begin()
        time.sleep(moments.uniform(0, 0.08))
        kill(site)
        sending.join(timeout=60)
        outcomes.append(typed.check_and_send_again())
    print(outcomes)
    return outcomes


def test_killed_worker_leaves_all_or_nothing(site):
    running, browser = site
    assert len(drawn(1, Site.kill_workers, running, browser)) == ROUNDS


def test_killed_postgres_leaves_all_or_nothing(site):
    running, browser = site
    assert len(drawn(ROUNDS + 1, restart_postgres, running, browser)) == ROUNDS


def test_worker_killed_between_the_update_and_its_event_leaves_the_draft(site):
    running, browser = site
    typed = Typed(browser, 2 * ROUNDS + 1)
    with events_held(running):
        sending = typed.begin()
        running.cluster.wait_until(HELD_UP, 1)
        running.kill_workers()
        sending.join(timeout=60)
    assert typed.check_and_send_again() == "none"


def test_postgres_killed_between_the_update_and_its_event_leaves_the_draft(site):
    running, browser = site
    typed = Typed(browser, 2 * ROUNDS + 2)
    with running.cluster.connected() as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(HOLD_EVENTS)
        sending = typed.begin()
        running.cluster.wait_until(HELD_UP, 1)
        restart_postgres(running)
        sending.join(timeout=60)
    assert typed.check_and_send_again() == "none"
