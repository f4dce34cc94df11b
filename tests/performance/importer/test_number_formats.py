"""A number is read where its cell shows it, and asked about where the cell shows something else."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles.numbers import BUILTIN_FORMATS

from performance.importer.number_formats import read_cell, read_number
from performance.importer.raw_tables import Percentage, Unclear

ACCOUNTING = '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-'
POUNDS = '_-[$£-809]* #,##0.00_-;\\-[$£-809]* #,##0.00_-;_-[$£-809]* "-"??_-;_-@_-'


@pytest.mark.parametrize(
    ("number_format", "number", "asked"),
    [
        (";;;", 3, "shows nothing: is the number meant to be there?"),
        ("0;-0;;@", 0, "shows nothing"),
        ("0;", -5, "shows nothing"),
        ("#,###", 0, "shows nothing"),
        ('[=0]"";General', 0, "shows nothing"),
        ("[>100]0", 5, "shows nothing"),
        ('[<6]"c";General', 3, "shows “c” in place of the number: which is meant? Write that, or"),
        ('[>9]General;[<6]"c";General', 3, "shows “c” in place"),
        ('"c"', 12, "shows “c” in place"),
        ("\\c", 12, "shows “c” in place"),
        (ACCOUNTING, 0, "shows “-” in place"),
        (POUNDS, 0, "shows “£ -” in place"),
        (BUILTIN_FORMATS[44], 0, "shows “$ -” in place"),
        ('0"5"', 12.4, "shows “5” among the number’s own digits"),
        ("0\\5", 12.4, "shows “5” among"),
        ('0.0" of 200"', 46.5, "shows “of 200” among"),
        ("0\\.0", 465, "shows “.” among"),
        ("0.0;0.0", -12.5, "hides the number’s minus"),
        ("0.0;[Red]0.0", -12.5, "hides the number’s minus"),
        ("General;General", -12.5, "hides the number’s minus"),
        ('"Year-end "0;"Year-end "0', -5, "hides the number’s minus"),
        ("-0.0", 12.5, "a minus or brackets that the number has not"),
        ("(0.0)", 12.5, "a minus or brackets that the number has not"),
        ('"<"0', 5, "puts “<” to the number"),
        ('0"k"', 12, "puts “k” to the number"),
        ("General;0%", 0.5, "some numbers as percentages"),
    ],
)  # fmt: skip
def test_a_format_that_shows_something_else_is_asked_about(number_format, number, asked):
    read = read_number(number, number_format)
    assert isinstance(read, Unclear)
    assert asked in read.question
    assert read.question.endswith("ive it the format “General”")


@pytest.mark.parametrize(
    ("number_format", "number", "meant"),
    [
        ("#,##0", 1234, "1234"), ("#,##0", -1234, "-1234"), ("0", 0, "0"), ("@", -5, "-5"),
        (ACCOUNTING, 5, "5"), (ACCOUNTING, -5, "-5"), (POUNDS, -5, "-5"), (POUNDS, 5.5, "5.5"),
        ("[Red]-0.0", -12.5, "-12.5"), ("0.0;[Red]-0.0", -12.5, "-12.5"),
        ("0.0_);(0.0)", -12.5, "-12.5"), ("#,##0;(#,##0)", -12, "-12"),
        ("+0.0;\\-0.0;0.0", -12.5, "-12.5"), ("+0.0;\\-0.0;0.0", 0, "0"),
        ('[<6]"c";General', 7, "7"), ("[Red][<50]0.0;[Green]0.0", 46.5, "46.5"),
        ("[Red][<50]0.0;[Green]0.0", -46.5, "-46.5"), ('[=0]"";General', 5, "5"),
        ("0;-0;;@", 5, "5"), ("# ##0", 12345, "12345"), ('0" children"', 5, "5"),
        ("£#,##0.00", 5.5, "5.5"), ("0.00E+00", 46, "46"), ("# ?/?", 0.5, "0.5"), ("", 46, "46"),
        ("#", 46, "46"), ('"Year-end "0', 5, "5"),
        ("#,##0;-#,##0;0", 0, "0"), ("[$-809]0.0", 46.5, "46.5"),
    ],
)  # fmt: skip
def test_a_format_that_shows_the_number_is_read(number_format, number, meant):
    assert read_number(number, number_format) == Decimal(meant)


@pytest.mark.parametrize(
    ("number_format", "asked"),
    [
        (";;;", "shows nothing: is the text meant to be there?"),
        ('0;-0;0;"c"', "shows “c” in place of the text"),
        ('@"1"', "shows “1” beside the text"),
        ("0;0;0;\\*@", "shows “*” beside the text"),
    ],
)
def test_a_format_that_shows_another_text_is_asked_about(number_format, asked):
    assert asked in read_cell("46", number_format).question


@pytest.mark.parametrize(
    "number_format", ["@", "General", "0.0", ACCOUNTING, "[Red]@", "0;0;0;General", "0;-0", '"c"']
)
def test_a_format_that_shows_the_text_is_read(number_format):
    assert read_cell("46", number_format) == "46"


def test_a_percentage_with_a_format_for_each_sign_is_one():
    assert read_number(-0.5, "0.0%;[Red]-0.0%") == Percentage(Decimal(-50))
    assert read_number(0.005, "#%") == Unclear(
        "0.005",
        "the cell’s format shows nothing: is the number meant to be there? Give it the format "
        "“General”",
    )


@pytest.mark.parametrize("number", [12.5, -12.5])
def test_excels_own_formats_of_numbers_show_them(number):
    for place, number_format in BUILTIN_FORMATS.items():
        if place < 14 or 37 <= place <= 44 or place >= 48:
            assert not isinstance(read_number(number, number_format), Unclear), number_format


@given(st.text('0#?.,%;"\\_*[]<>=-()@$/ 15cEGeneral+', max_size=20), st.integers(-20, 20))
def test_no_format_stops_the_reading(number_format, number):
    read_number(number, number_format)
