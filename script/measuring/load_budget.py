"""A load of a made CSV, beside PostgreSQL's own COPY of the same rows, which are keyed already.

COPY goes once into an empty copy of the table of figures, with its indexes and keys, and once into
a bare temporary table. The three take turns, since a slow minute of the machine then falls on all
of them alike. Memory is that of a process of its own, beyond what its imports take.
"""

import csv
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bootstrap import say, step
from django.db import connection, transaction

from measuring import budgets, data
from measuring.budgets import Column, Figure
from performance.models import Area, Indicator, Load, Measurement, Series

TABLE = Measurement._meta.db_table
COPY_OF_TABLE, BARE = "load_budget_copy", "load_budget_bare"
ROWS, FEW, MANY, ROUNDS = 200_000, 100_000, 1_000_000, 3
YEARS = range(1996, 2016)
NOTE = "Made up for measuring."
KNOWN_FROM = datetime(2020, 1, 1, tzinfo=UTC)
KEYED = (
    "series_id, area_id, period_start, period_end, period_label, value, symbol, "
    "symbol_as_published, note, known_from, known_from_basis, load_id, "
    "is_undated, is_provisional, is_revised, is_estimated, is_series_break"
)
TRIGGERS = """
SELECT pg_get_triggerdef(oid) FROM pg_trigger
WHERE tgrelid = %s::regclass AND NOT tgisinternal ORDER BY tgname
"""

# Series, area, year and value of one figure.
Made = tuple[Series, Area, int, str]


def load_file(path: Path, dictionary: Path | None = None) -> object:
    """As the command does, with every check."""
    from performance.importer import loading, reading_files
    from performance.importer.incoming import Source

    source, options = Source(path.name, path=path), loading.Options(dictionary=dictionary)
    return loading.load_file(
        source,
        options,
        prepare=lambda: reading_files.make_lait_series(source, options),
        progress=lambda count: None,
    )


def make_series(rows: int) -> list[Series]:
    """Series outside the panel's set, enough for that many rows of every area and year."""
    missing = -(-rows // (Area.objects.count() * len(YEARS))) - len(_held())
    first = len(_held())
    indicators = Indicator.objects.bulk_create(
        Indicator(
            code=f"load-budget-{place}", title=NOTE, short_title=NOTE, definition=NOTE, unit="%",
            decimals=3, polarity=Indicator.Polarity.NEITHER, kind=Indicator.Kind.CONTEXT,
        )
        for place in range(first, first + missing)
    )  # fmt: skip
    Series.objects.bulk_create(
        Series(
            code=indicator.code, indicator=indicator, source=NOTE, source_short=NOTE,
            kind_of_figure=Series.KindOfFigure.IN_PERIOD, periods="financial year",
            suppression=Series.Suppression.AS_PUBLISHED,
        )
        for indicator in indicators
    )  # fmt: skip
    return _held()


def _held() -> list[Series]:
    return list(Series.objects.filter(code__startswith="load-budget-").order_by("pk"))


def make_rows(rows: int) -> Iterator[Made]:
    """That many figures, each of its own series, area and year."""
    areas = list(Area.objects.order_by("pk"))
    places = (
        (series, area, year) for series in make_series(rows) for year in YEARS for area in areas
    )
    for place, (series, area, year) in zip(range(rows), places, strict=False):
        # No two neighbours alike, so that neither text nor numbers pack unusually well.
        yield series, area, year, f"{place * 7_919 % 99_991 / 1000:.3f}"


def write_csv(path: Path, rows: int) -> None:
    """In our own layout of figures."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["series", "area", "period", "value"])
        writer.writerows(
            (series.code, area.code, _label(year), value)
            for series, area, year, value in make_rows(rows)
        )


def write_keyed(path: Path, load: Load) -> int:
    """The figures that are held, in PostgreSQL's text format, as of that load; how many."""
    of_load = KEYED.replace("load_id", f"{load.pk} AS load_id")
    with path.open("w") as file, connection.cursor() as cursor:
        cursor.cursor.copy_expert(f"COPY (SELECT {of_load} FROM {TABLE}) TO STDOUT", file)
        return cursor.rowcount


def _label(year: int) -> str:
    return f"{year - 1}/{year % 100:02}"


def make_copy_of_table() -> None:
    """An empty table beside that of the figures, with its indexes, checks, and the triggers that
    keep what it refers to."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {COPY_OF_TABLE} (LIKE {TABLE} INCLUDING ALL)")
        cursor.execute(TRIGGERS, [TABLE])
        for (words,) in cursor.fetchall():
            cursor.execute(words.replace(f"ON public.{TABLE} ", f"ON {COPY_OF_TABLE} "))


def copy_keyed(path: Path) -> float:
    """Seconds of COPY into the copy of the table, its keys checked."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {COPY_OF_TABLE}")
    return _seconds(lambda: _copy(COPY_OF_TABLE, path))


def copy_bare(path: Path) -> float:
    """Seconds of COPY into a temporary table without keys."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {BARE}")
        cursor.execute(f"CREATE TEMPORARY TABLE {BARE} AS SELECT {KEYED} FROM {TABLE} WITH NO DATA")
    return _seconds(lambda: _copy(BARE, path))


def _copy(table: str, path: Path) -> None:
    with transaction.atomic(), connection.cursor() as cursor, path.open() as file:
        cursor.cursor.copy_expert(f"COPY {table} ({KEYED}) FROM STDIN", file)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def empty_the_record(keep: Load) -> None:
    """No figure and no load but that one."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLE} CASCADE")
    Load.objects.exclude(pk=keep.pk).delete()


def measure_time(folder: Path, name: str, loading: Callable[[], object]) -> list[Column]:
    """Rows a second, and how many times as long as either COPY a load takes.

    The load is tried once beforehand: what it puts in is what is copied.
    """
    keep = Load.objects.create(
        file_name=NOTE, sha256="0" * 64, format=Load.Format.OWN, state=Load.State.LOADED,
        loaded_at=KNOWN_FROM, released_at=KNOWN_FROM,
    )  # fmt: skip
    empty_the_record(keep)
    loading()
    keyed = folder / "keyed.txt"
    rows = write_keyed(keyed, keep)
    make_copy_of_table()
    times: list[list[float]] = [[], [], []]
    for _ in range(ROUNDS):
        empty_the_record(keep)
        times[0].append(copy_keyed(keyed))
        times[1].append(copy_bare(keyed))
        times[2].append(_seconds(loading))
        if (held := Measurement.objects.count()) != rows:
            raise ValueError(f"the load holds {held:,} figures of {rows:,}: it cannot be timed")
    empty_the_record(keep)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {COPY_OF_TABLE}")
    keep.delete()
    return time_columns(rows, name, *times)


def time_columns(
    rows: int, name: str, keyed: list[float], bare: list[float], load: list[float]
) -> list[Column]:
    name = f"{name}, {rows:,} figures"

    def rate(times: list[float]) -> dict[str, Figure]:
        return {name: Figure(rows / sorted(times)[len(times) // 2])}

    with_keys = Figure(budgets.ratio(load, keyed), budgets.TIMES_COPY_WITH_KEYS, decimals=2)
    without = Figure(budgets.ratio(load, bare), budgets.TIMES_BARE_COPY, decimals=2)
    return [
        Column("COPY rows/s", rate(keyed)),
        Column("bare COPY rows/s", rate(bare)),
        Column("load rows/s", rate(load)),
        Column(f"× COPY ≤ {budgets.TIMES_COPY_WITH_KEYS}", {name: with_keys}),
        Column(f"× bare ≤ {budgets.TIMES_BARE_COPY}", {name: without}),
    ]


def measure_memory(folder: Path, few: int, many: int) -> list[Column]:
    """Megabytes that a process holds that loads, and the one by the other."""
    taken = []
    for rows in (few, many):
        path = folder / f"memory-{rows}.csv"
        write_csv(path, rows)
        name = str(connection.settings_dict["NAME"])
        command = [sys.executable, "-m", "measuring", "--memory", name, str(path)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        taken.append(int(said.split()[-1]) / 1000)
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {TABLE} CASCADE")
    return memory_columns(few, many, taken[0], taken[1])


def memory_columns(few: int, many: int, with_few: float, with_many: float) -> list[Column]:
    first, second = f"{few:,} rows", f"{many:,} rows"
    more = Figure(with_many / with_few, budgets.TIMES_MEMORY, decimals=2)
    return [
        Column("MB", {first: Figure(with_few, decimals=1), second: Figure(with_many, decimals=1)}),
        Column(f"× memory ≤ {budgets.TIMES_MEMORY}", {second: more}),
    ]


def peak_kilobytes() -> int:
    """The most memory that this process has held.

    Not `getrusage`: there a process starts with the peak of the one that started it.
    """
    found = re.search(r"VmHWM:\s+([0-9]+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1])


def report_memory(database: str, path: str) -> int:
    """Loads the file, and prints the kilobytes that the process held at most."""
    data.connect(database)
    load_file(Path(path))
    print(peak_kilobytes(), file=sys.stdout)
    return 0


def main(lait: str) -> int:
    """Prints the tables; `lait` is the Interactive Tool's Parquet file, beside its dictionary."""
    with data.scratch_database(), TemporaryDirectory() as folder:
        made = Path(folder) / "made.csv"
        write_csv(made, ROWS)
        with step(f"Loading {ROWS:,} rows {ROUNDS + 1} times, and copying them"):
            tables = [measure_time(Path(folder), "CSV", lambda: load_file(made))]
        if lait:
            dictionary = Path(lait).with_name("lait_data_dictionary.csv")
            with step(f"Loading the Interactive Tool {ROUNDS + 1} times, and copying it"):
                tables.append(
                    measure_time(Path(folder), "LAIT", lambda: load_file(Path(lait), dictionary))
                )
        with step(f"Loading {FEW:,} and {MANY:,} rows in processes of their own"):
            tables.append(measure_memory(Path(folder), FEW, MANY))
    for columns in tables:
        say("\n" + "\n".join(budgets.print_table(columns)))
    over = [line for columns in tables for line in budgets.list_over(columns)]
    say("\nEvery figure is within its budget." if not over else "\nOver budget:")
    for line in over:
        say(line)
    return 1 if over else 0
