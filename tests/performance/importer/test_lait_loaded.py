"""The Interactive Tool's long table through the command: every figure exact, and only once."""

import csv
import io
import os
from pathlib import Path

import pyarrow.parquet
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from performance.importer.check import start_of_day
from performance.importer.incoming import Source
from performance.importer.lait_dictionary import read_dictionary
from performance.importer.loading import Options, load_file
from performance.importer.problems import LoadRefused
from performance.importer.reading_files import make_lait_series
from performance.models import Load, Measurement, Series
from tests.performance.importer.lait_files import CSV, DICTIONARY, PARQUET, RELEASED
from tests.performance.importer.test_lait import naive_end, naive_value

pytestmark = pytest.mark.django_db

LEFT_OUT = ("CINPermExclusion", "0")  # names no period
PRINT = """
SELECT count(*), max(m.id), sum(hashtext(m::text)::bigint) FROM performance_measurement m
JOIN performance_series s ON s.id = m.series_id WHERE s.code LIKE 'lait-%'
"""


@pytest.fixture
def files(tmp_path):
    table, dictionary = tmp_path / "download.csv", tmp_path / "dictionary.csv"
    table.write_bytes(CSV.content)
    dictionary.write_bytes(DICTIONARY.content)
    return table, dictionary


def run(table, dictionary, *words):
    given = ["--dictionary", str(dictionary), "--released-on", RELEASED.isoformat()]
    call_command("load_performance", str(table), *given, *words)


def state():
    """How many of the tool's figures there are, and a print of every version."""
    with connection.cursor() as cursor:
        cursor.execute(PRINT)
        return cursor.fetchone()


def naive(rows, dictionary):
    """Measure, area, and the year and month in which the period ends, with the value or None."""
    found = {}
    for row in rows:
        measure, spelling = row["Short Desc"], row["Years"]
        if (measure, spelling) == LEFT_OUT:
            continue
        one = dictionary[measure]
        code = str(int(float(row["LA Number"])))
        key = (measure, code, *naive_end(one.year_type, spelling), spelling)
        assert key not in found
        found[key] = naive_value(row["Values"], one.dps)
    return found


def on_record():
    """The same of the record: its series end on the measure's short name. Without the spelling."""
    rows = Measurement.objects.current().filter(series__code__startswith="lait-")
    for source, area, end, value, symbol in rows.values_list(
        "series__source", "area__code", "period_end", "value", "symbol"
    ).iterator():
        assert (value is None) == (symbol == "not_available")
        yield (source.rpartition(", measure ")[2], area, end.year, end.month), value


def by_key(pairs):
    """The values of each key: two periods of a measure may end in the same month."""
    found = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: sorted(values, key=str) for key, values in found.items()}


def normal(values):
    return [None if value is None else value.normalize() for value in values]


def assert_equal(rows, dictionary):
    expected = by_key((key[:4], value) for key, value in naive(rows, dictionary).items())
    held = by_key(on_record())
    assert held.keys() == expected.keys()
    wrong = [key for key in expected if normal(held[key]) != normal(expected[key])]
    assert wrong == []
    return sum(map(len, held.values()))


def test_a_dry_run_keeps_nothing_and_makes_no_series(files, capsys):
    before = Series.objects.count(), Load.objects.count(), state()
    run(*files)
    out = capsys.readouterr().out
    assert "1,561 rows read: 1,554 figures new, 0 unchanged, 0 revised; 7 cells" in out
    assert "Nothing was kept" in out
    assert (Series.objects.count(), Load.objects.count(), state()) == before


def test_the_excerpt_is_loaded_exact_and_the_same_file_again_changes_nothing(files, capsys):
    run(*files, "--commit")
    rows = list(csv.DictReader(io.StringIO(CSV.content.decode("utf-8-sig"))))
    rows = [{key.strip(): value for key, value in row.items()} for row in rows]
    assert assert_equal(rows, read_dictionary(DICTIONARY)) == 1554
    assert set(Measurement.objects.filter(load=Load.objects.latest("id")).values_list(
        "known_from", "known_until"
    )) == {(start_of_day(RELEASED), None)}  # fmt: skip
    before = Series.objects.count(), state()
    with pytest.raises(CommandError, match="nothing was loaded"):
        run(*files, "--commit")
    assert "this file was loaded on" in capsys.readouterr().err
    assert (Series.objects.count(), state()) == before


def test_the_same_figures_in_another_file_are_unchanged(files, capsys):
    run(*files, "--commit")
    run(PARQUET.path, files[1])
    assert "0 figures new, 1,554 unchanged, 0 revised" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.skipif("DFE_DATA" not in os.environ, reason="DFE_DATA names no folder of DfE's files")
def test_all_of_the_tool_is_loaded_exact_and_the_same_file_again_changes_nothing():
    folder = Path(os.environ["DFE_DATA"]) / "lait"
    path = folder / "lait_data_dictionary.csv"
    source = Source("bds_long_0.parquet", path=folder / "bds_long_0.parquet")
    options = Options(dictionary=path, released_on=RELEASED)
    told = []

    def load():
        return load_file(source, options, lambda: make_lait_series(source, options), told.append)

    done = load()
    assert (done.rows_read, done.rows_new, done.rows_revised) == (641_070, 640_900, 0)
    assert len(told) == 640_900 // 50_000
    rows = pyarrow.parquet.read_table(source.path).to_pylist()
    dictionary = read_dictionary(Source("d", path=path))
    assert assert_equal(rows, dictionary) == 640_900
    before = state()
    with pytest.raises(LoadRefused) as refused:
        load()
    assert "this file was loaded on" in str(refused.value.problems[0])
    assert state() == before
