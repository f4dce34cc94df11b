"""What can be told of the load's budget without a clock."""

import csv

import pytest
from django.db import connection
from django.utils import timezone
from measuring import load_budget
from measuring.load_budget import COPY_OF_TABLE, TABLE

from performance.models import Load, Measurement

ROWS = 4_000


@pytest.fixture
def keep(db):
    now = timezone.now()
    return Load.objects.create(
        file_name="x", sha256="0" * 64, format="own", state="loaded", loaded_at=now, released_at=now
    )


def test_a_load_stands_beside_both_copies_by_their_medians():
    columns = load_budget.time_columns(1_000, [1, 1, 9], [0.5, 0.5, 0.1], [4.5, 3, 90])
    said = {column.heading: str(column.figures["1,000 rows"]) for column in columns}
    assert said == {
        "COPY rows/s": "1000",
        "bare COPY rows/s": "2000",
        "load rows/s": "222",
        "× COPY ≤ 4": "4.50 OVER",
        "× bare ≤ 12": "9.00 ok",
    }


def test_memory_of_many_rows_stands_beside_that_of_few():
    megabytes, more = load_budget.memory_columns(10, 100, 20.0, 25.0)
    assert {rows: str(figure) for rows, figure in megabytes.figures.items()} == {
        "10 rows": "20.0",
        "100 rows": "25.0",
    }
    assert str(more.figures["100 rows"]) == "1.25 OVER"


def test_a_process_knows_the_most_memory_that_it_held():
    before = load_budget.peak_kilobytes()
    held = bytearray(64 * 1024 * 1024)
    held[::4096] = bytes([1]) * len(held[::4096])
    assert load_budget.peak_kilobytes() >= before
    assert load_budget.peak_kilobytes() > 64 * 1024


def test_the_csv_and_the_keyed_rows_say_the_same(keep, tmp_path):
    load_budget.write_csv(tmp_path / "made.csv", ROWS)
    load_budget.write_keyed(tmp_path / "keyed.txt", ROWS, keep)
    load_budget._copy(TABLE, tmp_path / "keyed.txt")
    with (tmp_path / "made.csv").open(newline="") as file:
        rows = {
            (row["series"], row["area"], row["period_end"], f"{float(row['value']):.3f}")
            for row in csv.DictReader(file)
        }
    held = Measurement.objects.filter(load=keep).values_list(
        "series__code", "area__code", "period_end", "value"
    )
    assert rows == {(one, area, f"{end}", f"{value:.3f}") for one, area, end, value in held}
    assert len(rows) == ROWS


def test_the_copy_of_the_table_has_its_indexes_checks_and_keys(keep, tmp_path):
    load_budget.make_copy_of_table()
    counts = (
        "SELECT (SELECT count(*) FROM pg_index WHERE indrelid = %s::regclass),"
        " (SELECT count(*) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'),"
        " (SELECT count(*) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c')"
    )
    with connection.cursor() as cursor:
        found = []
        for table in (TABLE, COPY_OF_TABLE):
            cursor.execute(counts, [table] * 3)
            found.append(cursor.fetchone())
    assert found[0] == found[1]
    assert min(found[0]) >= 3


def test_both_copies_hold_every_row(keep, tmp_path):
    load_budget.make_copy_of_table()
    load_budget.write_keyed(tmp_path / "keyed.txt", 500, keep)
    assert load_budget.copy_keyed(tmp_path / "keyed.txt") > 0
    assert load_budget.copy_bare(tmp_path / "keyed.txt") > 0
    with connection.cursor() as cursor:
        for table in (COPY_OF_TABLE, load_budget.BARE):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (500,)
