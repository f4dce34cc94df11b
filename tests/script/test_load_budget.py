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
    columns = load_budget.time_columns(1_000, "CSV", [1, 1, 9], [0.5, 0.5, 0.1], [4.5, 3, 90])
    said = {column.heading: str(column.figures["CSV, 1,000 figures"]) for column in columns}
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


def test_the_csv_that_is_loaded_is_what_is_copied(keep, tmp_path):
    made, keyed = tmp_path / "made.csv", tmp_path / "keyed.txt"
    load_budget.write_csv(made, ROWS)
    load_budget.empty_the_record(keep)
    load_budget.load_file(made)
    assert load_budget.write_keyed(keyed, keep) == ROWS
    with made.open(newline="") as file:
        rows = {
            (row["series"], row["area"], row["period"], float(row["value"]))
            for row in csv.DictReader(file)
        }
    held = Measurement.objects.values_list("series__code", "area__code", "period_label", "value")
    assert rows == {(one, area, label, float(value)) for one, area, label, value in held}
    assert len(rows) == ROWS
    load_budget.make_copy_of_table()
    load_budget._copy(COPY_OF_TABLE, keyed)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {COPY_OF_TABLE} WHERE load_id = %s", [keep.pk])
        assert cursor.fetchone()[0] == ROWS


def test_the_copy_of_the_table_has_its_indexes_checks_and_keys(keep, tmp_path):
    load_budget.make_copy_of_table()
    counts = (
        "SELECT (SELECT count(*) FROM pg_index WHERE indrelid = %s::regclass),"
        " (SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal),"
        " (SELECT count(*) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c')"
    )
    with connection.cursor() as cursor:
        found = []
        for table in (TABLE, COPY_OF_TABLE):
            cursor.execute(counts, [table] * 3)
            found.append(cursor.fetchone())
    assert found[0] == found[1]
    assert min(found[0]) >= 2


def test_both_copies_hold_every_row(keep, tmp_path):
    load_budget.write_csv(tmp_path / "made.csv", 500)
    load_budget.empty_the_record(keep)
    load_budget.load_file(tmp_path / "made.csv")
    load_budget.make_copy_of_table()
    load_budget.write_keyed(tmp_path / "keyed.txt", keep)
    assert load_budget.copy_keyed(tmp_path / "keyed.txt") > 0
    assert load_budget.copy_bare(tmp_path / "keyed.txt") > 0
    with connection.cursor() as cursor:
        for table in (COPY_OF_TABLE, load_budget.BARE):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (500,)
