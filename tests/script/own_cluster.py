"""A PostgreSQL of a test's own, that it may kill, with a made record; and commands run on it."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import dj_database_url
import psycopg2
from psycopg2.extensions import connection as Connection

from dashboard import embedded_postgres

PROJECT = Path(__file__).resolve().parent.parent.parent
DATABASE, BEFORE = embedded_postgres.DATABASE, "before"
AREAS, SERIES, YEARS = 170, 6, range(1996, 2016)
LOCK = 0x10AD
# The figure's key as the file writes it, and its value.
Key = tuple[str, str, str]
Figures = dict[Key, str]
ALL_FIGURES = """
SELECT s.code, a.code, m.period_label, m.value::text, m.symbol, m.known_from, m.known_until,
    m.load_id, m.repeated_by
FROM performance_measurement m
JOIN performance_series s ON s.id = m.series_id JOIN performance_area a ON a.id = m.area_id
ORDER BY 1, 2, 3, 6
"""
ALL_LOADS = "SELECT id, file_name, state, rows_read, released_at FROM performance_load ORDER BY id"
OF_NO_LOAD = """
SELECT count(*) FROM performance_measurement m WHERE NOT EXISTS (
    SELECT FROM performance_load l WHERE l.id = m.load_id AND l.state = 'loaded'
) OR EXISTS (
    SELECT FROM unnest(m.repeated_by) r LEFT JOIN performance_load l ON l.id = r
    WHERE l.state IS DISTINCT FROM 'loaded'
)
"""
# Nothing is taken out in these tests: what is closed was replaced at that instant.
HALF_CLOSED = """
SELECT count(*) FROM performance_measurement m
WHERE m.known_until IS NOT NULL AND NOT EXISTS (
    SELECT FROM performance_measurement n WHERE n.series_id = m.series_id
    AND n.area_id = m.area_id AND n.period_start = m.period_start
    AND n.period_end = m.period_end AND n.known_from = m.known_until
)
"""
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
# Free for the asking; given back at once, since each question has a connection of its own.
LOCK_IS_FREE = f"SELECT pg_try_advisory_lock({LOCK})::integer"
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


class Version(NamedTuple):
    """A row of the record, by the codes that a file names."""

    series: str
    area: str
    period: str
    value: str
    symbol: str
    known_from: Any
    known_until: Any
    load: int
    repeated_by: list[int]

    @property
    def key(self) -> Key:
        return self.series, self.area, self.period


class LoadRow(NamedTuple):
    number: int
    file: str
    state: str
    rows_read: int
    released_at: Any


class Cluster:
    """It is called by the folder that stands for a project, whose state folder is its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = embedded_postgres.server_for(folder)

    def environment(self, *, owner: bool = False) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "dashboard.settings",
            "DATABASE_URL": embedded_postgres.url(self.folder),
            "DATABASE_OWNER_URL": embedded_postgres.url(self.folder, owner=True),
            "DATABASE_AS_OWNER": "true" if owner else "false",
            "POSITION_DATE": "",
            "PYTHONUNBUFFERED": "1",
        }

    def begin(self, *words: str, owner: bool = False) -> subprocess.Popen[str]:
        """A command of manage.py, on its way."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *words], cwd=PROJECT,
            env=self.environment(owner=owner),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *words: str, owner: bool = False) -> str:
        done = self.begin(*words, owner=owner)
        said, wrong = done.communicate(timeout=300)
        assert done.returncode == 0, wrong
        return said

    def begin_load(self, path: Path) -> subprocess.Popen[str]:
        return self.begin(*loading(path))

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        parsed = dj_database_url.parse(embedded_postgres.url(self.folder))
        with closing(
            psycopg2.connect(host=parsed["HOST"], user=parsed["USER"], dbname=parsed["NAME"])
        ) as connection:
            connection.autocommit = True
            yield connection

    def ask(self, statement: str) -> list[tuple]:
        with self.connected() as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    def figures(self) -> list[Version]:
        return [Version(*row) for row in self.ask(ALL_FIGURES)]

    def loads(self) -> list[LoadRow]:
        return [LoadRow(*row) for row in self.ask(ALL_LOADS)]

    def count(self, statement: str) -> int:
        return self.ask(statement)[0][0]

    def wait_until(self, statement: str, count: int) -> None:
        deadline = time.monotonic() + 60
        while self.count(statement) != count:
            assert time.monotonic() < deadline, f"{self.count(statement)} where {count} is awaited"
            time.sleep(0.02)

    def wait_for_backends(self) -> None:
        """Until what a killed command had asked for is done, or was given up."""
        self.wait_until(OTHERS, 0)

    @contextmanager
    def lock_held(self) -> Iterator[None]:
        """As another load would hold it."""
        with self.connected() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            yield

    def keep(self) -> None:
        """What is there now is what `reset` goes back to."""
        self._copy(DATABASE, BEFORE)

    def reset(self) -> None:
        self.wait_for_backends()
        self._superuser(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        self._copy(BEFORE, DATABASE)

    def _copy(self, one: str, other: str) -> None:
        # The other strategy copies a sequence with numbers logged ahead in the first's name, and
        # a crash before the next checkpoint would hand them out twice.
        self._superuser(
            f"CREATE DATABASE {other} TEMPLATE {one} OWNER {embedded_postgres.OWNER} "
            "STRATEGY file_copy"
        )

    def _superuser(self, statement: str) -> None:
        done = self.server.sql(statement)
        assert done.returncode == 0, done.stderr

    def kill(self) -> None:
        """Every process of the server at once, as a power cut would."""
        postmaster = embedded_postgres.postmaster(self.folder)
        assert postmaster is not None
        # Stopped, it starts no other while those that there are get named.
        os.kill(postmaster, signal.SIGSTOP)
        for pid in [*children_of(postmaster), postmaster]:
            os.kill(pid, signal.SIGKILL)


def children_of(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in brackets, may itself hold spaces.
            state, its_parent = stat.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(its_parent) == parent and state != "Z":
            found.append(int(stat.parent.name))
    return found


def make_cluster(folder: Path) -> Cluster:
    """With areas, series and figures on record, of which a copy is kept."""
    folder.mkdir()
    cluster = Cluster(folder)
    cluster.server.start()
    cluster.run("migrate", "--verbosity", "0", owner=True)
    write_reference(folder / "reference")
    cluster.run("load_performance", str(folder / "reference"), "--commit")
    write_figures(folder / "before.csv", on_record())
    cluster.run("load_performance", str(folder / "before.csv"), "--commit")
    cluster.keep()
    return cluster


def write_reference(folder: Path) -> None:
    folder.mkdir()
    areas = (PROJECT / "fixtures" / "national" / "areas.csv").read_text()
    (folder / "areas.csv").write_text(areas)
    with (folder / "indicators.csv").open("w", newline="") as file:
        _write(file, INDICATOR, ({**INDICATOR, "code": f"made-up-{n}"} for n in range(SERIES)))
    with (folder / "series.csv").open("w", newline="") as file:
        made = ({**ONE_SERIES, "code": f"made-up-{n}.own", "indicator": f"made-up-{n}"}
                for n in range(SERIES))  # fmt: skip
        _write(file, ONE_SERIES, made)


def _write(file: Any, columns: Iterable[str], rows: Iterable[dict[str, str]]) -> None:
    writer = csv.DictWriter(file, list(columns))
    writer.writeheader()
    writer.writerows(rows)


NOTE = "Made up for a test."
INDICATOR = {
    "code": "", "title": NOTE, "short_title": NOTE, "definition": NOTE, "why_it_matters": "",
    "good_looks_like": "", "unit": "%", "decimals": "3", "polarity": "neither",
    "polarity_basis": "", "tolerance": "", "kind": "context", "owner": "", "next_due_on": "",
    "in_panel_set": "no", "key": "no", "counts_children": "no", "part_of": "",
}  # fmt: skip
ONE_SERIES = {
    "code": "", "indicator": "", "source": NOTE, "source_short": NOTE, "definition": "",
    "kind_of_figure": "in the period", "periods": "financial year", "rounding": "",
    "suppression": "as published", "threshold": "", "lowest": "", "highest": "", "order": "20",
    "next_published_on": "", "comparable_with": "",
}  # fmt: skip


def _keys() -> Iterator[tuple[int, Key]]:
    """Some 20,000, each with its place."""
    with (PROJECT / "fixtures" / "national" / "areas.csv").open() as file:
        areas = [row["code"] for row in csv.DictReader(file)][:AREAS]
    keys = (
        (f"made-up-{number}.own", area, f"{year}/{(year + 1) % 100:02d}")
        for number in range(SERIES) for year in YEARS for area in areas
    )  # fmt: skip
    return enumerate(keys)


def _value(place: int) -> str:
    return f"{place * 7_919 % 99_991 / 1000:.3f}"


def on_record() -> Figures:
    """Four fifths of the keys."""
    return {key: _value(place) for place, key in _keys() if place % 5}


def revised(by: int = 1, of: Callable[[int], bool] = lambda place: place % 3 == 0) -> Figures:
    """Every key, as on record or new, and revised where `of` says so of its place."""
    return {key: _value(place + by if of(place) else place) for place, key in _keys()}


def loading(path: Path) -> list[str]:
    """The command that loads that file, with the reason that is asked for what it revises."""
    return ["load_performance", str(path), "--commit", "--reason", "Late returns."]


def write_figures(path: Path, figures: Figures) -> Path:
    """In our own layout."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["series", "area", "period", "value"])
        writer.writerows((*key, value) for key, value in figures.items())
    return path


def after_load(before: list[Version], figures: Figures, load: LoadRow) -> list[Version]:
    """The record as it must be once a file of these figures is loaded on top of it."""
    made, found, at = [], set(), load.released_at
    for version in before:
        said = figures.get(version.key)
        if version.known_until is not None or said is None:
            made.append(version)
            continue
        found.add(version.key)
        if float(version.value) == float(said):
            again = [*version.repeated_by, load.number]
            made.append(version._replace(repeated_by=again))
        else:
            made.append(version._replace(known_until=at))
            made.append(_first(version.key, said, at, load.number))
    made += [
        _first(key, said, at, load.number) for key, said in figures.items() if key not in found
    ]
    return sorted(made, key=lambda version: (version.key, version.known_from))


def _first(key: Key, value: str, at: Any, load: int) -> Version:
    return Version(*key, f"{float(value):.6f}", "", at, None, load, [])
