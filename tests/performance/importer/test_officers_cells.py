"""A cell is read exactly as it was written, or a question is asked; nothing is guessed."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.partial_date import MONTHS
from performance.importer.officers_cells import (
    Figure,
    Question,
    match_headers,
    read_day,
    read_figure,
    read_number,
    read_symbol,
    read_text,
)
from performance.importer.raw_tables import Percentage, RawRow, Table, Unclear

EES = {
    "c": "suppressed", "x": "not available", "z": "not applicable", "u": "low reliability",
    "k": "rounds to zero", "low": "rounds to zero", "-": "missing", "..": "not available",
    "N/A": "not applicable",
}  # fmt: skip
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-10**12,
                      max_value=10**12)  # fmt: skip


@given(NUMBERS, st.sampled_from(["", ",", " ", "\u00a0", "\u202f", "\u2009"]),
       st.sampled_from(["", "%", " %"]), st.sampled_from(["-", "\u2212"]),
       st.sampled_from(["", "'", " ", "\u00a0"]))  # fmt: skip
def test_a_number_in_any_accepted_spelling_reads_back_exactly(number, between, after, minus, first):
    written = f"{abs(number):,f}".replace(",", between)
    text = f"{first}{minus if number < 0 else ''}{written}{after} "
    assert read_number(text, is_percentage=bool(after)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("46", "46"), ("1,234", "1234"), ("12 345.60", "12345.60"), (".5", "0.5"), ("+3", "3"),
        ("-0.25", "-0.25"), ("'46", "46"), ("0", "0"), ("1,234,567.8", "1234567.8"),
    ],
)  # fmt: skip
def test_a_number_is_read(text, number):
    read = read_number(text)
    assert isinstance(read, Decimal)
    assert str(read) == number


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("(5)", "is a number below nought meant by the brackets?"),
        ("1.2.3", "one decimal point"),
        ("inf", "this is none"), ("-Infinity", "this is none"), ("NaN", "this is none"),
        ("1e5", "did the spreadsheet shorten the number?"),
        ("1.23E+05", "did the spreadsheet shorten the number?"),
        ("#VALUE!", "an error of the spreadsheet"), ("#REF!", "an error of the spreadsheet"),
        ("1,5", "is the comma a decimal point"), ("12,34", "is the comma a decimal point"),
        ("1.234,5", "is the comma a decimal point"), ("0,123", "is the comma a decimal point"),
        ("1,234 567", "a number such as"), ("1,23,456", "is the comma a decimal point"),
        ("–5", "Write the minus as “-”"), ("5-", "Write the minus as “-”"),
        ("<5", "the number itself"), ("46*", "the number itself"),
        ("46%", "is a percentage meant?"),
        ("£5", "a number such as"), ("٢٠", "a number such as"), ("2_0", "a number such as"),
        ("½", "a number such as"), ("5 10", "a number such as"), ("5/10", "a number such as"),
        ("5.", "a number such as"), ("--5", "a number such as"), ("9" * 500, "a number such as"),
        (Percentage(Decimal(46)), "is a percentage meant?"), (True, "not TRUE or FALSE"),
        (date(2016, 3, 4), "did the spreadsheet make one of it?"),
        (Unclear("12", "in thousands?"), "in thousands?"),
    ],
)  # fmt: skip
def test_what_could_mean_another_number_is_asked(text, asked):
    read = read_number(text)
    assert isinstance(read, Question)
    assert asked in read.expected


@pytest.mark.parametrize("text", ["1,234", "1.234", "-1.234", "'1.234", "1.234%"])
def test_a_comma_or_a_point_is_asked_about_in_a_file_parted_by_semicolons(text):
    asked = Question("is it 1234 or 1.2340? Write it as one of these two")
    assert read_number(text, is_percentage=True, comma_parts_thousands=False) == asked


def test_commas_that_can_only_part_thousands_are_asked_about_beside_semicolons():
    asked = read_number("1,234,567", comma_parts_thousands=False)
    assert asked == Question("is it 1234567? Write it without a comma")


@pytest.mark.parametrize(
    ("text", "number"),
    [("1 234", "1234"), ("1234", "1234"), ("1.2340", "1.2340"), ("1234.500", "1234.500"),
     ("0.123", "0.123"), (".123", "0.123"), ("1.23", "1.23"), ("1 234.500", "1234.500")],
)  # fmt: skip
def test_what_is_plain_is_read_in_a_file_parted_by_semicolons(text, number):
    assert read_number(text, comma_parts_thousands=False) == Decimal(number)


def test_an_empty_cell_is_nothing_and_no_nought():
    assert read_number(" \u00a0") is read_day("") is read_figure(" ", EES) is None


def test_a_percentage_of_a_workbook_is_read_as_it_is_shown():
    assert read_number(Percentage(Decimal("46.0")), is_percentage=True) == 46


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(["d", "m", "iso", "words",
       "long", "midnight"]), st.sampled_from("/-."))  # fmt: skip
def test_a_day_in_any_accepted_spelling_reads_back(day, form, between):
    month = MONTHS[day.month - 1]
    written = {
        "d": between.join([str(day.day), str(day.month), str(day.year)]),
        "m": f"{day.day:02}{between}{day.month:02}{between}{day.year}",
        "iso": day.isoformat(),
        "words": f" {day.day} {month[:3].upper()} {day.year}",
        "long": f"{day:%A} {day.day}th {month} {day.year}",
        "midnight": f"{day.day}/{day.month}/{day.year} 00:00:00",
    }[form]
    assert read_day(written) == day


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("5/10/16", "5 October 2016 or 10 May 2016? Write the day first and the year in full"),
        ("5.5.16", "write the year in full: 5/5/2016"),
        ("31/12/16", "write the year in full: 31/12/2016"),
        ("12/31/16", "is the month written first? Write the day first and the year in full: "
         "31/12/2016"),
        ("31/2/16", "no such day"), ("0/10/16", "no such day"), ("40/40/16", "no such day"),
        ("5 Oct 16", "write the year in full: 5 October 2016"), ("5 Foo 16", "“Foo” is no month"),
        ("31 June 16", "no such day"),
        ("10/26/2016", "is the month written first? Write the day first: 26/10/2016"),
        ("31/2/2016", "no such day"),
        ("2016-13-01", "no such day"), ("42648", "is this number a date?"),
        ("20161005", "is this number a date?"), ("Oct 2016", "which day of the month"),
        ("Oct-16", "which day of the month"), ("Octember 2016", "a day such as"),
        ("5 Octber 2016", "did you mean October?"),
        ("5 Foo 2016", "“Foo” is no month"), ("Monday 5 October 2016", "that day is a Wednesday"),
        ("5/10-2016", "a day such as"), ("soon", "a day such as"),
        ("5/10/1016", "a year from 1900"),
        ("5/10/2016 14:30", "a day such as"), (Decimal(42648), "is this number a date?"),
        (datetime.combine(date(2016, 10, 5), time(14, 30)), "a time of day too"),
        (True, "a day such as"),
        (date(1899, 12, 31), "a year from 1900"), (Unclear("1:30", "what is meant?"), "meant?"),
    ],
)  # fmt: skip
def test_what_could_be_another_day_is_asked(text, asked):
    read = read_day(text)
    assert isinstance(read, Question)
    assert asked in read.expected


def test_a_date_of_a_workbook_is_its_day():
    day = date(2016, 10, 5)
    assert read_day(datetime.combine(day, time())) == read_day(day) == day


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("c", "suppressed"), (" C ", "suppressed"), ("x", "not available"), ("z", "not applicable"),
        ("u", "low reliability"), ("k", "rounds to zero"), ("Low", "rounds to zero"),
        ("-", "missing"), ("'-", "missing"), ("..", "not available"), ("n/a", "not applicable"),
    ],
)  # fmt: skip
def test_a_symbol_is_read_by_the_map_and_kept_as_written(text, symbol):
    assert read_figure(text, EES) == Figure(None, symbol, text.strip().removeprefix("'"))


def test_the_same_symbol_means_what_its_own_map_says():
    assert read_symbol("x", {"x": "suppressed"}) == Figure(None, "suppressed", "x")


@pytest.mark.parametrize(
    ("text", "asked"),
    [("–", "did you mean “-”?"), ("n.a.", "did you mean “N/A”?"), ("NA", "did you mean “N/A”?"),
     ("q", "a number or one of the symbols “c”, “x”"), ("1e5", "shorten"), ("#N/A", "an error")],
)  # fmt: skip
def test_what_is_nearly_a_symbol_is_asked(text, asked):
    read = read_figure(text, EES)
    assert isinstance(read, Question)
    assert asked in read.expected


def test_a_capital_letter_is_asked_about_where_it_matters():
    read = read_symbol("LOW", {"low": "rounds to zero", "Low": "low reliability"})
    assert isinstance(read, Question)


@given(st.text() | st.decimals() | st.booleans() | st.dates())
def test_no_cell_stops_the_reading(value):
    if isinstance(value, Decimal) and not value.is_finite():
        value = "x"
    assert isinstance(read_text(value), str | Question)
    assert read_number(value) is None or isinstance(read_number(value), Decimal | Question)
    assert read_day(value) is None or isinstance(read_day(value), date | Question)
    assert read_figure(value, EES) is None or isinstance(read_figure(value, EES), Figure | Question)


def test_words_lose_the_spaces_around_them_and_hold_no_control_character():
    assert read_text(" Children in care\u00a0") == "Children in care"
    assert isinstance(read_text("a\x07bell"), Question)
    assert read_text(Decimal(336)) == "336"


def table(*headers):
    letters = tuple("ABCDEFG"[: len(headers)])
    return Table("q.csv", 3, headers, letters, (RawRow(4, ("",) * len(headers)),))


def test_headers_are_known_whatever_their_case_spaces_and_underscores():
    found = match_headers(table(" Period  Start", "AREA", "\ufeffvalue "),
                          ["area", "period_start", "value"], ["note"])  # fmt: skip
    assert found.problems == ()
    assert found.places == {"period_start": 0, "area": 1, "value": 2}


def test_wrong_headers_are_all_told_with_what_was_meant():
    found = match_headers(table("area", "Area ", "valeu", "weather"), ["area", "value", "series"])
    assert [str(problem) for problem in found.problems] == [
        "q.csv, row 3, column B: found “Area ”; the column stands there twice, in A too: keep one",
        "q.csv, row 3, column C: found “valeu”; no such column is known here: did you mean "
        "“value”?",
        "q.csv, row 3, column D: found “weather”; no such column is known here: remove it or mend "
        "its name",
        "q.csv, row 3, column value: the column is missing",
        "q.csv, row 3, column series: the column is missing",
    ]
