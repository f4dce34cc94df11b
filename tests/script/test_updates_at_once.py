"""Twenty people say how forty actions stand, at once, two of them always on the same action."""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from dashboard import embedded_postgres
from tests.script.plan_site import Browser, Site, carried, make_plan_cluster, running_site

pytestmark = pytest.mark.slow

PEOPLE, ACTIONS = 20, 40
EACH = ACTIONS * 2 // PEOPLE
SAID = """
SELECT u.narrative, a.reference, p.username FROM improvement_progressupdate u
JOIN improvement_action a ON a.id = u.action_id JOIN dashboard_user p ON p.id = u.made_by_id
"""
EVENTS = "SELECT count(*) FROM improvement_planevent WHERE done = 'submitted'"
DRAFTS = "SELECT count(*) FROM improvement_updatedraft"
# Every update but an action's first takes the place of the one before it: one chain each.
CHAINED = """
SELECT count(*), count(DISTINCT corrects_id) FROM improvement_progressupdate
WHERE corrects_id IS NOT NULL
"""

OF_RELEASE = "FROM improvement_updatereview WHERE outcome = 'released'"
RELEASED = f"SELECT count(*) {OF_RELEASE}"
RELEASED_TWICE = f"SELECT count(*) - count(DISTINCT update_id) {OF_RELEASE}"
# Sent, no newer one in its place, and not released.
LEFT = f"""
SELECT count(*) FROM improvement_progressupdate u
WHERE NOT EXISTS (SELECT FROM improvement_progressupdate c WHERE c.corrects_id = u.id)
AND u.id NOT IN (SELECT update_id {OF_RELEASE})
"""
# Released with a new date, and that date moved never or more than once.
MOVED_OTHERWISE = f"""
SELECT count(*) FROM improvement_progressupdate u
WHERE u.new_due_on IS NOT NULL AND u.id IN (SELECT update_id {OF_RELEASE})
AND (SELECT count(*) FROM improvement_datechange d WHERE d.update_id = u.id) <> 1
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, dict[str, str]]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("STATE_FOLDER", raising=False)
        folder = tmp_path_factory.mktemp("at-once") / "project"
        try:
            cluster, sessions = make_plan_cluster(folder, PEOPLE, ACTIONS)
            with running_site(cluster, workers=4, threads=5) as running:
                yield running, sessions
        finally:
            embedded_postgres.stop(folder)
            for made in (embedded_postgres.state_folder, embedded_postgres.socket_folder):
                shutil.rmtree(made(folder), ignore_errors=True)


def say_how_it_stands(browser: Browser, reference: str, text: str, **more: str) -> list[int]:
    """Until it is accepted, as a person would: where somebody was first, the form comes back with
    the newer words, and is sent again. Each is sent twice at once, as by a double click."""
    address = f"/plan/actions/{reference}/update/"
    form, statuses = browser.open_form(address), []
    for typed in (text[:9], text[:20], text):
        draft = {**form, "status": "on_track", "narrative": typed}
        answer = browser.post(f"{address[:-7]}draft/", draft, **{"X-Requested-With": "fetch"})
        statuses.append(answer.status)
    while True:
        sent = {**form, "status": "on_track", "narrative": text, **more}
        with ThreadPoolExecutor(2) as double:
            answers = list(double.map(browser.post, [address] * 2, [sent] * 2))
        statuses += [answer.status for answer in answers]
        if any(answer.status == 302 for answer in answers):
            return statuses
        form = carried(answers[0].body)


def test_twenty_people_at_once_lose_nothing_and_say_nothing_twice(site):
    running, sessions = site

    def work(person: int) -> list[int]:
        browser = Browser(running, sessions[f"person-{person}"])
        statuses = []
        for place in range(EACH):
            reference = f"1.{person // 2 * EACH + place + 1:02}"
            text = f"Person {person} says how {reference} stands."
            statuses += say_how_it_stands(browser, reference, text)
        return statuses

    with ThreadPoolExecutor(PEOPLE) as everybody:
        statuses = [status for each in everybody.map(work, range(PEOPLE)) for status in each]

    wanted = {
        (f"Person {person} says how {reference} stands.", reference, f"person-{person}")
        for person in range(PEOPLE)
        for reference in (f"1.{person // 2 * EACH + place + 1:02}" for place in range(EACH))
    }
    said = running.cluster.ask(SAID)
    assert sorted(said) == sorted(wanted)
    assert len(said) == PEOPLE * EACH == 80
    assert running.cluster.count(EVENTS) == 80
    assert running.cluster.count(DRAFTS) == 0
    assert running.cluster.ask(CHAINED) == [(40, 40)]
    assert not [status for status in statuses if status >= 500]
    logs = running.log.read_text() + (running.cluster.server.data / "server.log").read_text()
    assert "deadlock" not in logs
    assert "Traceback" not in running.log.read_text()
    newer = sum(status == 200 for status in statuses) - 3 * 80
    print(f"{len(statuses)} requests; {newer} forms came back with newer words")
    assert newer > 0, "nobody was ever second: the test has shown nothing"


def approve_and_release(browser: Browser) -> tuple[bool, list[int]]:
    """Whether anything waited, and what the site answered: what waits is approved, and what was
    approved is released, each twice at once."""
    reviews, statuses = browser.get("/plan/reviews/"), []
    ticks = re.findall(r'name="update" value="(\d+)"', reviews.body)
    if ticks:
        with ThreadPoolExecutor(2) as double:
            sent = [{"update": ticks}] * 2
            answers = list(double.map(browser.post, ["/plan/reviews/"] * 2, sent))
        statuses += [answer.status for answer in answers]
    release = browser.get("/plan/release/")
    shown = re.search(r'name="shown" value="([^"]*)"', release.body)
    if shown:
        with ThreadPoolExecutor(2) as double:
            sent = [{"shown": shown[1], "round": "", "is_checked": "on"}] * 2
            answers = list(double.map(browser.post, ["/plan/release/"] * 2, sent))
        statuses += [answer.status for answer in answers]
    return bool(ticks or shown), [reviews.status, release.status, *statuses]


def test_a_director_who_releases_meanwhile_waits_for_nobody_for_ever(site):
    """Approving and releasing hold many actions at once, and a release moves their dates: all in
    one order, or somebody who corrects would wait for them and they for him."""
    running, sessions = site
    director, done = Browser(running, sessions["director"]), Event()

    def direct() -> tuple[int, list[int]]:
        rounds, statuses, waited = 0, [], True
        while waited or not done.is_set():
            last = done.is_set()
            waited, answered = approve_and_release(director)
            statuses += answered
            rounds += not last
        return rounds, statuses

    def work(person: int) -> list[int]:
        browser, statuses = Browser(running, sessions[f"person-{person}"]), []
        for place in range(EACH):
            reference = f"1.{(person // 2 + place) % ACTIONS + 1:02}"
            text = f"Person {person} moves {reference} while it is released."
            due = {"new_due": f"{person % 28 + 1} January 2031", "new_due_reason": text}
            statuses += say_how_it_stands(browser, reference, text, **due)
        return statuses

    with ThreadPoolExecutor(PEOPLE + 1) as everybody:
        directing = everybody.submit(direct)
        try:
            statuses = [status for each in everybody.map(work, range(PEOPLE)) for status in each]
        finally:
            done.set()
        rounds, answered = directing.result()

    texts = [text for text, _, _ in running.cluster.ask(SAID) if text.endswith("is released.")]
    assert len(texts) == len(set(texts)) == PEOPLE * EACH
    assert running.cluster.count(RELEASED_TWICE) == 0
    assert running.cluster.count(LEFT) == 0
    assert running.cluster.count(MOVED_OTHERWISE) == 0
    assert not [status for status in [*statuses, *answered] if status >= 500]
    logs = running.log.read_text() + (running.cluster.server.data / "server.log").read_text()
    assert "deadlock" not in logs
    assert "Traceback" not in running.log.read_text()
    released = running.cluster.count(RELEASED)
    print(f"{len(statuses)} requests; {released} released in {rounds} rounds meanwhile")
    asked = {reference for _, reference, _ in running.cluster.ask(SAID)}
    assert released >= len(asked)
    assert rounds > 2, "nothing was released while they worked: the test has shown nothing"
