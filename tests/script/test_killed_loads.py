"""Loads by the real command, killed at random moments with `kill -9`, and loads at one time.

The moments are drawn anew in each run; KILL_SEED=NUMBER, which every run prints, draws the same.
"""

import os
import random
import re
import secrets
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboard import embedded_postgres
from tests.script.own_cluster import (
    HALF_CLOSED,
    LOCK_IS_FREE,
    OF_NO_LOAD,
    WAITING,
    Cluster,
    Figures,
    Version,
    after_load,
    loading,
    make_cluster,
    on_record,
    revised,
    write_figures,
)

pytestmark = pytest.mark.slow

# Of twenty: while the command starts, during the load, and when it has said that it is done.
STARTING, LOADING, SAID = 2, 15, 3
IS_DONE = re.compile(r"It is load (\d+): loaded\.")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("STATE_FOLDER", raising=False)
        folder = tmp_path_factory.mktemp("killed") / "project"
        try:
            yield make_cluster(folder)
        finally:
            embedded_postgres.stop(folder)
            for made in (embedded_postgres.state_folder, embedded_postgres.socket_folder):
                shutil.rmtree(made(folder), ignore_errors=True)


@pytest.fixture
def afresh(cluster: Cluster) -> Cluster:
    cluster.reset()
    return cluster


@dataclass(frozen=True)
class Course:
    """Seconds that an undisturbed command takes to write its row, and from there to its end."""

    to_row: float
    from_row: float


@dataclass(frozen=True)
class Moment:
    """When a load is killed: so many seconds after it started, or after its row was there, or at
    its last word."""

    after: str
    seconds: float = 0

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s after its {self.after}"


@dataclass
class Rounds:
    """Twenty loads of one file onto one record, each killed."""

    cluster: Cluster
    path: Path
    figures: Figures
    before: list[Version]
    # How many loads are on record before the first round.
    known: int
    # Loads of the file that are on record as screened, not loaded.
    cut_short: int = 0

    def load_until(self, moment: Moment, kill: Callable[[subprocess.Popen], None]) -> bool:
        """Kills a load at that moment; whether it had said that it is done."""
        command, said = self.cluster.begin_load(self.path), ""
        assert command.stdout is not None
        if moment.after == "last word":
            while not IS_DONE.search(said):
                line = command.stdout.readline()
                assert line, command.communicate()[1]
                said += line
        elif moment.after == "row":
            wait_for_row(self.cluster, command, self.known + self.cut_short)
        time.sleep(moment.seconds)
        kill(command)
        rest, wrong = command.communicate(timeout=60)
        assert "Traceback" not in wrong, wrong
        return IS_DONE.search(said + rest) is not None

    def outcome(self, has_said: bool) -> str:
        """“all” or “none”, and for none how far it came; that it is one of them is checked."""
        loads = [load for load in self.cluster.loads() if load.file == self.path.name]
        made = loads[self.cut_short :]
        assert len(made) <= 1
        assert all(load.state == "screened" for load in loads[: self.cut_short])
        is_loaded = [load.state for load in made] == ["loaded"]
        assert is_loaded or not has_said, "it said that it was loaded, and it is not"
        expected = after_load(self.before, self.figures, made[0]) if is_loaded else self.before
        assert self.cluster.figures() == expected
        assert self.cluster.count(OF_NO_LOAD) == 0
        assert self.cluster.count(HALF_CLOSED) == 0
        assert self.cluster.count(LOCK_IS_FREE) == 1
        if is_loaded:
            assert made[0].rows_read == len(self.figures)
            return "all"
        assert [load.state for load in made] in ([], ["screened"])
        self.cut_short += len(made)
        return "none, screened" if made else "none, no row"

    def go_on(self, outcome: str) -> None:
        """What is loaded is refused when it is given again, and taken out for the next round; else
        that is the same file given again."""
        if outcome != "all":
            return
        command = self.cluster.begin_load(self.path)
        wrong = command.communicate(timeout=120)[1]
        assert command.returncode == 1
        assert "this file was loaded on" in wrong
        assert "Traceback" not in wrong
        self.cluster.reset()
        self.cut_short = 0


def wait_for_row(cluster: Cluster, command: subprocess.Popen[str], known: int) -> None:
    """Until the load's own row is there, which is written before the file is read."""
    with cluster.connected() as connection, connection.cursor() as cursor:
        count = known
        while count == known and command.poll() is None:
            time.sleep(0.005)
            cursor.execute("SELECT count(*) FROM performance_load")
            (count,) = cursor.fetchone()
    assert count == known + 1, command.communicate()[1]


def undisturbed(cluster: Cluster, path: Path) -> Course:
    known, began = len(cluster.loads()), time.monotonic()
    command = cluster.begin_load(path)
    wait_for_row(cluster, command, known)
    row = time.monotonic()
    finish(command)
    return Course(row - began, time.monotonic() - row)


def draw_moments(course: Course) -> list[Moment]:
    """Twenty; those of the load's own course each from a fifteenth of it."""
    seed = int(os.environ.get("KILL_SEED") or secrets.randbelow(1_000_000))
    print(f"KILL_SEED={seed}: {course}")
    drawn = random.Random(seed)
    part = course.from_row / LOADING
    moments = [Moment("start", drawn.uniform(0, course.to_row / 4)) for _ in range(STARTING)]
    moments += [Moment("row", part * (place + drawn.random())) for place in range(LOADING)]
    moments += [Moment("last word")] * SAID
    drawn.shuffle(moments)
    return moments


def kill_twenty(
    cluster: Cluster, kill: Callable[[subprocess.Popen], None], revive: Callable[[], None]
) -> None:
    figures = revised()
    path = write_figures(cluster.folder / "after.csv", figures)
    before, known = cluster.figures(), len(cluster.loads())
    course = undisturbed(cluster, path)
    cluster.reset()
    rounds, outcomes = Rounds(cluster, path, figures, before, known), []
    for moment in draw_moments(course):
        has_said = rounds.load_until(moment, kill)
        revive()
        cluster.wait_for_backends()
        outcomes.append(rounds.outcome(has_said))
        print(f"{moment}: {outcomes[-1]}")
        rounds.go_on(outcomes[-1])
    finish(cluster.begin_load(path))
    assert rounds.outcome(has_said=True) == "all"
    seen = Counter(outcomes)
    print(seen)
    assert seen.total() == STARTING + LOADING + SAID
    assert seen["all"] >= SAID
    assert seen["none, no row"] + seen["none, screened"] >= STARTING


def test_loader_killed_twenty_times_leaves_all_or_nothing(afresh):
    kill_twenty(afresh, kill=subprocess.Popen.kill, revive=lambda: None)


def test_postgres_killed_twenty_times_leaves_all_or_nothing(afresh):
    kill_twenty(afresh, kill=lambda command: afresh.kill(), revive=afresh.server.start)


def begin_and_wait(cluster: Cluster, waiting: int, *words: str) -> subprocess.Popen[str]:
    """A command that has come as far as the lock, as so many then have."""
    command = cluster.begin(*words)
    cluster.wait_until(WAITING, waiting)
    return command


def finish(command: subprocess.Popen[str]) -> str:
    said, wrong = command.communicate(timeout=120)
    assert command.returncode == 0, wrong
    return said


def load_in_turn(before: list[Version], cluster: Cluster, *all_figures: Figures) -> list[Version]:
    """The record once the newest loads have come one after the other."""
    for figures, load in zip(all_figures, cluster.loads()[-len(all_figures) :], strict=True):
        before = after_load(before, figures, load)
    return before


def test_two_loads_at_once_queue_and_the_second_sees_the_first(afresh, tmp_path):
    before = afresh.figures()
    one, other = revised(by=1), revised(by=2, of=lambda place: place % 2 == 0)
    paths = [write_figures(tmp_path / "one.csv", one), write_figures(tmp_path / "other.csv", other)]
    with afresh.lock_held():
        commands = [
            begin_and_wait(afresh, place, *loading(path))
            for place, path in enumerate(paths, start=1)
        ]
    said = [finish(command) for command in commands]

    assert [load.state for load in afresh.loads()[-2:]] == ["loaded", "loaded"]
    assert afresh.figures() == load_in_turn(before, afresh, one, other)
    against = on_record()
    for figures, words in zip((one, other), said, strict=True):
        changed = sum(against[key] != value for key, value in figures.items() if key in against)
        assert f"{changed:,} revised" in words
        against |= figures


SCREEN = """
from pathlib import Path
from performance.importer.incoming import Source
from performance.importer.loading import screen
print(screen(Source("web.csv", Path({path!r}).read_bytes()), by=None).state)
"""
CONFIRM = """
from performance.importer.loading import ScreenedAnew, confirm
from performance.models import Load
try:
    print(confirm(Load.objects.get(file_name="web.csv"), by=None).state)
except ScreenedAnew as anew:
    print("anew", anew.report.revised)
"""


def test_confirmation_that_waits_for_a_command_is_screened_anew(afresh, tmp_path):
    before, one, web = afresh.figures(), revised(by=1), revised(by=2)
    path = write_figures(tmp_path / "one.csv", one)
    screened = SCREEN.format(path=str(write_figures(tmp_path / "web.csv", web)))
    assert "screened" in afresh.run("shell", "-c", screened)
    with afresh.lock_held():
        command = begin_and_wait(afresh, 1, *loading(path))
        confirmation = begin_and_wait(afresh, 2, "shell", "-c", CONFIRM)
    finish(command)
    differ = sum(one[key] != value for key, value in web.items())

    assert f"anew {differ}" in finish(confirmation)
    web_row, one_row = afresh.loads()[-2:]
    assert (web_row.state, one_row.state) == ("screened", "loaded")
    assert afresh.figures() == after_load(before, one, one_row)


def test_command_that_waits_for_a_confirmation_sees_what_it_loaded(afresh, tmp_path):
    before, one, web = afresh.figures(), revised(by=1), revised(by=2)
    path = write_figures(tmp_path / "one.csv", one)
    screened = SCREEN.format(path=str(write_figures(tmp_path / "web.csv", web)))
    assert "screened" in afresh.run("shell", "-c", screened)
    with afresh.lock_held():
        confirmation = begin_and_wait(afresh, 1, "shell", "-c", CONFIRM)
        command = begin_and_wait(afresh, 2, *loading(path))
    assert "loaded" in finish(confirmation)
    finish(command)

    assert [load.state for load in afresh.loads()[-2:]] == ["loaded", "loaded"]
    assert afresh.figures() == load_in_turn(before, afresh, web, one)
