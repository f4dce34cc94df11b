"""The Interactive Tool's long table: values exact, nothing lost unsaid."""

import os
import sys
from collections import Counter
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from django.utils.timezone import localtime

from performance.importer.check import start_of_day
from performance.importer.incoming import Source
from performance.importer.lait import (
    MOST_KEPT,
    Values,
    is_lait,
    read_figure,
    read_lait,
    read_measures,
)
from performance.importer.lait_dictionary import load_series, make_series, read_dictionary
from performance.importer.own_periods import SeriesRule
from performance.importer.problems import LoadRefused
from performance.models import Area, Series
from tests.performance.importer.lait_files import CSV, PARQUET, RELEASED, made


def read(source, dictionary):
    reading = read_lait(source, dictionary=dictionary, released_on=RELEASED)
    return reading, list(reading.figures)


# Values


@pytest.mark.parametrize(
    ("text", "decimals", "number"),
    [
        ("9.3699999999999992", None, "9.37"),
        ("4.7980000000000002E-2", None, "0.04798"),
        ("4.7980000000000002E-2", 2, "0.05"),
        ("1.3549999999999998", 2, "1.36"),
        ("1.3549996", 2, "1.35"),
        ("-0.125", 2, "-0.13"),
        ("0", 2, "0"),
        ("16012355892", 0, "16012355892"),
        ("1E+3", None, "1000"),
    ],
)
def test_a_number_is_read_without_noise_and_rounded_as_the_dictionary_says(text, decimals, number):
    assert read_figure(text, decimals) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", " ", "c", "1.2.3", "#VALUE!", "NaN", "Infinity", "1,234", "1_0", "1E99", "1e999999999"],
)
def test_what_is_no_number_is_not_read_as_one(text):
    assert read_figure(text, 2) is None


def test_texts_that_were_read_are_forgotten_before_they_fill_the_memory():
    values = Values(0, SeriesRule(1, (), "in_period", None, None, None))
    for number in range(MOST_KEPT + 10):
        assert values[str(number)] == (Decimal(number), "", "")
    assert len(values) < 100
    assert values["-"] == (None, "not_available", "-")


# The table


def test_the_table_is_told_by_its_headers():
    assert is_lait(["Short Desc", "Data item", "Years ", "LA and Regions", "Values", "LA Number"])
    assert not is_lait(["series", "area", "value"])


def test_both_files_say_the_same(on_record):
    of_parquet, figures = read(PARQUET, on_record)
    of_csv, same = read(CSV, on_record)
    assert figures == same
    assert of_parquet.rows_read == of_csv.rows_read == 1561
    assert of_parquet.problems == of_csv.problems == []
    assert read_measures(PARQUET) == read_measures(CSV)


def test_every_row_is_a_figure_or_left_out_and_said(on_record):
    reading, figures = read(PARQUET, on_record)
    assert len(figures) == 1554
    assert reading.not_covered == 7
    assert reading.notes[0] == (
        "CINPermExclusion, “0”: names no period; 7 rows are left out, none holds a number."
    )
    assert localtime(reading.released_at) == start_of_day(RELEASED)
    assert {figure.known_from for figure in figures} == {None}


def test_the_database_is_asked_nothing_while_it_takes_the_figures(
    on_record, django_assert_num_queries
):
    reading = read_lait(PARQUET, dictionary=on_record, released_on=RELEASED)
    with django_assert_num_queries(0):
        assert len(list(reading.figures)) == 1554


def test_a_row_keeps_its_place_text_and_symbol(on_record):
    _, figures = read(
        made(["LACnum", "2016", "336", "-"], ["KS1P_all", "2025 (prov)", "970.0", "80"]), on_record
    )
    nothing, provisional = figures
    assert (nothing.value, nothing.symbol, nothing.symbol_as_published) == (
        None,
        "not_available",
        "-",
    )
    assert (nothing.file_row, nothing.column, nothing.text) == (2, "Values", "-")
    assert (provisional.file_row, provisional.flags) == (3, "p")
    assert provisional.area == Area.objects.get(code="970").pk


def test_wrong_cells_are_told_with_their_row_and_the_rest_is_read(on_record):
    reading, figures = read(
        made(
            ["LACnum", "2016", "336", "654"],
            ["LACnum", "2017", "3336", "1"],
            ["LACnum", "2018", "336", "#VALUE!"],
        ),
        on_record,
    )
    assert len(figures) == 1
    first, second = reading.problems
    assert (first.row, first.column, first.found) == (3, "LA Number", "3336")
    assert "did you mean “336” Wolverhampton?" in first.expected
    assert (second.row, second.column, second.found) == (4, "Values", "#VALUE!")


def test_a_number_that_its_series_does_not_allow_is_refused_before_it_is_rounded(on_record):
    Series.objects.filter(code="lait-a3a").update(highest=100)
    reading, figures = read(
        made(
            ["LACnum", "2016", "336", "-40"],
            ["LACnum", "2017", "336", "12.5"],
            ["A3A", "2025 (prov)", "336", "500"],
            ["A3A", "2025 (prov)", "970", "99.5"],
        ),
        on_record,
    )
    assert [figure.value for figure in figures] == [Decimal("99.5")]
    assert [(one.row, one.column, one.found) for one in reading.problems] == [
        (2, "Values", "-40"), (3, "Values", "12.5"), (4, "Values", "500"),
    ]  # fmt: skip
    below, part, above = (one.expected for one in reading.problems)
    assert below.endswith(": a figure not below 0 was expected")
    assert part.endswith(": part of a child? A whole number was expected: is 12 or 13 meant?")
    assert above.endswith(": a figure not above 100% was expected")


def test_a_count_that_the_dictionary_does_not_round_may_have_decimals(on_record):
    """Half a pupil is among those eligible for the pupil premium, as published."""
    count = replace(on_record["LACnum"], dps=None)
    _, figures = read(made(["LACnum", "2021", "336", "12745.5"]), {**on_record, "LACnum": count})
    assert [figure.value for figure in figures] == [Decimal("12745.5")]


def test_of_two_spellings_of_a_period_the_revised_stands_and_the_other_is_noted(on_record):
    reading, figures = read(
        made(
            ["A3A", "2025 (prov)", "336", "10"],
            ["A3A", "2025 (Rev)", "336", "11"],
            ["A3A", "2025 (prov)", "970", "-"],
        ),
        on_record,
    )
    assert [(figure.value, figure.flags) for figure in figures] == [(Decimal(11), "r")]
    assert reading.not_covered == 2
    assert reading.notes == [
        "A3A, “2025 (prov)”: “2025 (Rev)” of the same period stands instead; 2 rows are left out, "
        "1 with a number."
    ]


def test_two_spellings_that_mean_the_same_are_refused_with_a_question(on_record):
    rows = made(["TotPermEx", "2015/16", "336", "1"], ["TotPermEx", "2015-16", "336", "2"])
    with pytest.raises(LoadRefused) as refused:
        read(rows, on_record)
    assert "which of the two is meant?" in refused.value.problems[0].expected


def test_a_measure_that_the_dictionary_does_not_have_is_left_out_and_noted(on_record):
    reading, figures = read(made(["New", "2016", "336", "1"]), on_record)
    assert (figures, reading.not_covered) == ([], 1)
    assert "the dictionary does not have this measure" in reading.notes[0]


@pytest.mark.django_db
def test_without_its_series_on_record_the_table_is_refused(dictionary):
    with pytest.raises(LoadRefused) as refused:
        read(PARQUET, dictionary)
    assert "is not on record" in refused.value.problems[0].expected
    assert len(refused.value.problems) == 24


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (Source("x.csv", b""), "column Short Desc, Years"),
        (Source("x.csv", b"Short Desc,Years\n"), "column LA Number, Values"),
        (Source("x.csv", b"Short Desc,Years,LA Number,Values,Years\n"), "stands there twice"),
        (Source("x.csv", CSV.content[:-20] + b'"'), "cut short"),
        (Source("x.csv", CSV.content.replace(b"England", b"Engl\xe4nd")), "not UTF-8"),
        (Source("x.parquet", PARQUET.read()[:-40]), "damaged or cut short"),
        (Source("x.parquet", b"PAR1" + bytes(64)), "damaged or cut short"),
    ],
)
def test_what_is_not_the_table_is_refused_with_its_sentence(on_record, source, said):
    with pytest.raises(LoadRefused) as refused:
        read(source, on_record)
    assert said in refused.value.problems[0].expected


def test_a_parquet_file_whose_values_are_numbers_is_refused(on_record, tmp_path):
    columns = {"Short Desc": ["LAC"], "Years": ["2016"], "LA Number": [336.0], "Values": [1.5]}
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "x.parquet")
    with pytest.raises(LoadRefused) as refused:
        read(Source("x.parquet", path=tmp_path / "x.parquet"), on_record)
    assert refused.value.problems[0].found == "double"


def test_without_pyarrow_one_sentence_says_what_to_do(on_record, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(LoadRefused) as refused:
        read(PARQUET, on_record)
    assert "pip install pyarrow" in refused.value.problems[0].expected
    assert len(read(CSV, on_record)[1]) == 1554


# All of it


def naive_value(text, dps):
    """A slow, other way: the shortest decimal that is the same binary number, then rounded."""
    if text == "-":
        return None
    number = Decimal(repr(float(text)))
    places = Decimal(1).scaleb(-int(6 if dps is None else dps))
    return number.quantize(places, rounding=ROUND_HALF_UP)


def naive_end(year_type, spelling):
    """The year and month in which the period ends."""
    years = spelling.split(" ")[0]
    month = {"C": 12, "F": 3, "A": 8}[year_type[0]]
    if year_type.startswith("Annual"):
        month = {"Annual": 3, "Annual - January": 1}.get(year_type, 9)
    return 2000 + int(years[-2:]), month


@pytest.mark.skipif(
    "DFE_DATA" not in os.environ, reason="set DFE_DATA to the folder of the published files"
)
@pytest.mark.django_db
def test_all_of_the_tool_agrees_with_a_naive_reading():
    folder = Path(os.environ["DFE_DATA"]) / "lait"
    source = Source("lait", path=folder / "bds_long_0.parquet")
    dictionary = read_dictionary(Source("d", path=folder / "lait_data_dictionary.csv"))
    load_series(make_series(dictionary, read_measures(source)))
    series = dict(Series.objects.filter(code__startswith="lait-").values_list("pk", "source"))
    areas = dict(Area.objects.values_list("pk", "code"))
    table = pyarrow.parquet.read_table(source.path).to_pylist()
    reading = read_lait(source, dictionary=dictionary, released_on=RELEASED)
    fates = Counter()
    left = set(range(len(table)))
    keys = set()
    for figure in reading.figures:
        left.remove(figure.file_row - 2)
        row = table[figure.file_row - 2]
        measure = dictionary[row["Short Desc"]]
        assert series[figure.series].endswith(f", measure {row['Short Desc']}")
        assert int(areas[figure.area]) == row["LA Number"]
        assert figure.value == naive_value(row["Values"], measure.dps), row
        end = figure.period.end
        assert (end.year, end.month) == naive_end(measure.year_type, row["Years"]), row
        assert end < RELEASED
        keys.add((figure.series, figure.area, figure.period.start, figure.period.end))
        fates["symbol" if figure.value is None else "number"] += 1
    assert len(keys) == fates.total() == 640_900
    assert fates == {"number": 547_187, "symbol": 93_713}
    assert {(table[row]["Short Desc"], table[row]["Years"]) for row in left} == {
        ("CINPermExclusion", "0")
    }
    assert (reading.rows_read, reading.not_covered, reading.problems) == (641_070, 170, [])
