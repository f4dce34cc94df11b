"""Our own tidy layout: each row's figure, or everything that is wrong with the rows at once."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from performance.importer.own_layout import is_own_layout
from performance.importer.published_periods import PublishedPeriod
from performance.models import Area, AreaCode, Series
from tests.performance.importer.own_files import (
    CHILDREN,
    HEAD,
    SHARE,
    as_csv,
    as_workbook,
    figures,
    read,
    said,
    without_indicator,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("headers", "is_own"),
    [
        (["Series ", "PERIOD", "Value"], True),
        (["series", "value", "perod"], True),
        (["period", "value"], True),
        (["time_period", "geographic_level", "value"], False),
        (["series", "area", "period_start", "period_end", "period_label", "symbol"], False),
    ],
)
def test_the_layout_is_known_by_its_headers(headers, is_own):
    assert is_own_layout(headers) is is_own


def test_a_row_is_read():
    head = ["Series", " AREA", "period", "value", "symbol", "Numerator", "denominator", "NOTE",
            "flags"]  # fmt: skip
    row = [SHARE, "336", "July 2016", "46%", "", "23", "50", "A note, of some words", "revised"]
    [figure] = figures(row, head=head)
    series, area = Series.objects.get(code=SHARE), Area.objects.get(code="336")
    assert (figure.file_row, figure.column, figure.text) == (2, "D (value)", "46%")
    assert (figure.series, figure.area) == (series.pk, area.pk)
    assert figure.period == PublishedPeriod(date(2016, 7, 1), date(2016, 7, 31), "July 2016")
    assert (figure.value, figure.symbol) == (Decimal(46), "")
    assert (figure.numerator, figure.denominator) == (Decimal(23), Decimal(50))
    assert (figure.note, figure.flags) == ("A note, of some words", "r")
    assert figure.known_from is None


def test_a_column_that_is_not_there_says_nothing():
    [figure] = figures([CHILDREN, "5 October 2016", "640"])
    assert (figure.note, figure.flags, figure.numerator) == (None, None, None)
    assert figure.area == Area.objects.get(code=settings.COUNCIL_CODE).pk


def test_what_is_for_readers_only_is_not_read():
    head = ["indicator", "unit", "last_period", "last_value", *HEAD]
    [figure] = figures(["x", "y", "Q9", "#REF", CHILDREN, "5/10/2016", "640"], head=head)
    assert figure.value == 640


@pytest.mark.parametrize("area", ["336", "E08000031", "Wolverhampton", " wolverhampton ", ""])
def test_an_area_is_known_by_code_and_name(area):
    [figure] = figures(["looked-after-number.council", area, "5/10/2016", "6"],
                       head=["series", "area", "period", "value"])  # fmt: skip
    assert figure.area == Area.objects.get(code="336").pk


def test_an_area_is_known_by_a_code_of_old():
    wolverhampton = Area.objects.get(code="336")
    AreaCode.objects.create(area=wolverhampton, ons_code="00CW")
    head = ["series", "area", "period", "value"]
    assert figures([CHILDREN, "00CW", "5/10/2016", "6"], head=head)[0].area == wolverhampton.pk
    AreaCode.objects.create(area=Area.objects.get(code="330"), ons_code="00CW")
    assert said([CHILDREN, "00CW", "5/10/2016", "6"], head=head) == [
        "row 2, column B (area): found “00CW”; “00CW” is Birmingham (330) or Wolverhampton (336): "
        "which is meant? Write its code"
    ]


@pytest.mark.parametrize(
    ("value", "held"),
    [("1,234", "1234"), ("'638", "638"), ("638.5", "638.5"), (" 638 ", "638"), ("0", "0"),
     ("0.000001", "0.000001"), ("1.0000000", "1")],
)  # fmt: skip
def test_a_value_is_read_exactly(value, held):
    [figure] = figures(["children-budget.council", "2015/16", value])
    assert figure.value == Decimal(held)


@pytest.mark.parametrize(
    ("symbol", "meaning", "as_published"),
    [
        ("suppressed", "suppressed", ""),
        ("Not available", "not_available", ""),
        ("not_applicable", "not_applicable", ""),
        ("rounds to zero, but is not zero", "rounds_to_zero", ""),
        ("c", "suppressed", "c"), ("z", "not_applicable", "z"), ("x", "suppressed", "x"),
        ("k", "rounds_to_zero", "k"), ("u", "low_reliability", "u"),
        ("low", "rounds_to_zero", "low"), ("missing", "missing", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", ["value", "symbol"])
def test_a_symbol_is_read_in_either_cell(symbol, meaning, as_published, column):
    row = [CHILDREN, "5 October 2016", *((symbol, "") if column == "value" else ("", symbol))]
    [figure] = figures(row, head=[*HEAD, "symbol"])
    assert (figure.value, figure.symbol, figure.symbol_as_published) == (
        None, meaning, as_published
    )  # fmt: skip
    assert figure.text == symbol


@pytest.mark.parametrize(
    ("period", "meaning"),
    [("2015/16", "suppressed"), ("2016/17", "suppressed"), ("2017/18", "not_available"),
     ("2018/19", "not_available")],
)  # fmt: skip
@pytest.mark.parametrize("column", ["value", "symbol"])
def test_x_is_suppressed_up_to_2017_and_not_available_since(period, meaning, column):
    row = ["assessments-45-days.council", period, *(("X", "") if column == "value" else ("", "X"))]
    [figure] = figures(row, head=[*HEAD, "symbol"])
    assert (figure.symbol, figure.symbol_as_published) == (meaning, "X")


def test_x_says_the_same_of_2016_and_of_2019_in_a_workbook():
    series = "assessments-45-days.council"
    _, found = read(as_workbook([series, "2015/16", "x"], [series, "2018/19", "x"]))
    assert [figure.symbol for figure in found] == ["suppressed", "not_available"]


def test_hidden_here_says_nothing_of_the_figure():
    rows = [
        [CHILDREN, "5 October 2016", "hidden here", ""],
        [CHILDREN, "6 October 2016", "", "Hidden here"],
        [CHILDREN, "7 October 2016", "1", ""],
    ]
    reading, found = read(as_csv(*rows, head=[*HEAD, "symbol"]))
    assert (reading.kept_hidden, reading.rows_read, len(found)) == (2, 3, 1)
    assert reading.problems == []


@pytest.mark.parametrize(
    ("series", "words", "start", "end", "label"),
    [
        (SHARE, "Jul 2016", "2016-07-01", "2016-07-31", "July 2016"),
        ("assessments-45-days.council", "2016-17", "2016-04-01", "2017-03-31", "2016/17"),
        ("assessments-45-days.council", "Quarter 1 2016/17", "2016-04-01", "2016-06-30",
         "Q1 2016/17"),
        ("persistent-absence.council", "2015/16", "2015-09-01", "2016-08-31", "2015/16"),
        ("year-13-a-level.council", "2016", "2016-01-01", "2016-12-31", "2016"),
        ("adopters-approved.council", "April to September 2016", "2016-04-01", "2016-09-30",
         "April to September 2016"),
        ("adopters-approved.council", "April 2016", "2016-04-01", "2016-04-30", "April 2016"),
        (CHILDREN, "Wed, 5 Oct 2016", "2016-10-05", "2016-10-05", "5 October 2016"),
    ],
)  # fmt: skip
def test_a_period_is_known_by_its_words(series, words, start, end, label):
    [figure] = figures([series, words, "1"])
    period = figure.period
    assert (period.start.isoformat(), period.end.isoformat(), period.label) == (start, end, label)


def test_any_twelve_months_fit_a_rolling_series():
    Series.objects.filter(code=SHARE).update(kind_of_figure="rolling")
    [figure] = figures([SHARE, "year to 30 September 2016", "46"])
    assert figure.period.start == date(2015, 10, 1)


def test_days_define_a_period_in_free_words():
    head = [*HEAD, "period_start", "period_end"]
    rows = [[CHILDREN, "not dated in the paper", "1", "30/06/2016", "2016-06-30"],
            [CHILDREN, "2014/15", "2", "2015-03-31", "2015-03-31"],
            [SHARE, "", "3", "2016-07-01", "2016-07-31"]]  # fmt: skip
    assert [(f.period.end.isoformat(), f.period.label) for f in figures(*rows, head=head)] == [
        ("2016-06-30", "not dated in the paper"), ("2015-03-31", "2014/15"),
        ("2016-07-31", "July 2016"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("series", "words", "expected"),
    [
        (CHILDREN, "", "a period was expected, such as 5 October 2016"),
        ("assessments-45-days.council", "",
         "a period was expected, such as 2016/17, Q1 2016/17 or April 2016"),
        (SHARE, "Aug 16", "is August 2016 meant?"),
        (SHARE, "Aug-16", "is August 2016 meant?"),
        (CHILDREN, "Aug 16", "which day of the month is meant? Write it as 5 October 2016"),
        (CHILDREN, "2016/17", "the series allows a day, and this is a financial year"),
        (SHARE, "1 July 2016",
         "the series allows a month, and this is a day: is July 2016 meant?"),
        ("assessments-45-days.council", "2016",
         "is the financial year 2015/16 or the financial year 2016/17 meant?"),
        ("assessments-45-days.council", "Q1 2016",
         "is the quarter Q1 2016/17 or the quarter Q4 2015/16 meant?"),
        ("assessments-45-days.council", "5 October 2016",
         "the series allows a month, a quarter or a financial year, and this is a day"),
        ("adopters-approved.council", "May 2016",
         "the series allows a financial year or another length of time, and this is a month"),
        (CHILDREN, "sometime", "this is no period that is known here: write 5 October 2016, or "
         "give its first and last day in period_start and period_end"),
        (CHILDREN, "5/10/16",
         "5 October 2016 or 10 May 2016? Write the day first and the year in full"),
        (CHILDREN, "10/25/2016", "is the month written first? Write the day first: 25/10/2016"),
        (SHARE, "Jly 2016", "this is no period that is known here: did you mean July 2016?"),
        (SHARE, "Agust, 2016", "this is no period that is known here: did you mean August 2016?"),
        (CHILDREN, "end of Jne 2016",
         "this is no period that is known here: did you mean end of June 2016?"),
        ("assessments-45-days.council", "financal year 2016/17",
         "this is no period that is known here: did you mean 2016/17?"),
        ("assessments-45-days.council", "first quater of 2016/17",
         "this is no period that is known here: did you mean Q1 2016/17?"),
        # What the series does not take is not suggested.
        (SHARE, "sumer 2016", "this is no period that is known here: write April 2016, or give its "
         "first and last day in period_start and period_end"),
        ("adopters-approved.council", "Jly 2016", "this is no period that is known here: write "
         "2016/17, or give its first and last day in period_start and period_end"),
        (CHILDREN, "31 June 2016", "there is no such day in the calendar"),
        (CHILDREN, "x" * 81, "at most 80 letters were expected"),
    ],
)  # fmt: skip
def test_a_period_that_is_not_clear_is_a_question(series, words, expected):
    [problem] = said([series, words, "1"])
    assert problem.startswith("row 2, column B (period): ")
    assert problem.endswith(expected)


@pytest.mark.parametrize(
    ("words", "start", "end", "expected"),
    [
        ("July 2016", "2016-08-01", "2016-08-31",
         "column B (period): found “July 2016”; the words are the month July 2016 and the days "
         "beside them are 1 August 2016 to 31 August 2016: which is meant?"),
        ("July 2016", "2016-07-01", "",
         "column E (period_end): both the first and the last day were expected, or none"),
        ("July 2016", "", "2016-07-31",
         "column D (period_start): both the first and the last day were expected, or none"),
        ("July 2016", "2016-07-31", "2016-07-01",
         "column E (period_end): found “2016-07-01”; the period ends before it starts"),
        ("in the summer", "2016-06-01", "2016-08-31",
         "column B (period): found “in the summer”; the series allows a month, and this is "
         "another length of time"),
        ("July 2016", "soon", "2016-07-31", "column D (period_start): found “soon”; a day such as "
         "5/10/2016, 5 October 2016 or 2016-10-05 was expected"),
    ],
)  # fmt: skip
def test_days_that_do_not_agree_are_a_question(words, start, end, expected):
    head = [*HEAD, "period_start", "period_end"]
    assert said([SHARE, words, "1", start, end], head=head) == [f"row 2, {expected}"]


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        ("", "the code of a series was expected"),
        ("looked-after-number.councl", "found “looked-after-number.councl”; "
         "“looked-after-number.councl” is not a series: did you mean "
         "“looked-after-number.council”?"),
        ("zzzzzzzz", "found “zzzzzzzz”; “zzzzzzzz” is not a series"),
        ("adopters-approved", "found “adopters-approved”; “adopters-approved” is an indicator, "
         "and a series was expected: did you mean “adopters-approved.council”?"),
        ("Adopters approved", "found “Adopters approved”; “Adopters approved” is an indicator, "
         "and a series was expected: did you mean “adopters-approved.council”?"),
        ("sgo-made", "found “sgo-made”; “sgo-made” is an indicator, and a series was expected: "
         "which of “sgo-made.council” and “sgo-made.dfe” is meant?"),
    ],
)  # fmt: skip
def test_an_unknown_series_is_told(series, expected):
    assert said([series, "July 2016", "1"]) == [f"row 2, column A (series): {expected}"]


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("E0800031", "“E0800031” is not an area: did you mean “E08000031” Wolverhampton?"),
        ("Wolverhamton", "“Wolverhamton” is not an area: did you mean “Wolverhampton”?"),
        ("§§§§§§", "“§§§§§§” is not an area"),
    ],
)
def test_an_unknown_area_is_told(area, expected):
    [problem] = said([SHARE, area, "July 2016", "1"], head=["series", "area", "period", "value"])
    assert problem == f"row 2, column B (area): found “{area}”; {expected}"


@pytest.mark.parametrize(
    ("value", "symbol", "expected"),
    [
        ("5", "suppressed",
         "C (value): found “5”; either a value or a symbol was expected, not both"),
        ("101", "", "C (value): found “101”; a figure from 0 to 100% was expected"),
        ("-1", "", "C (value): found “-1”; a figure from 0 to 100% was expected"),
        ("120%", "", "C (value): found “120%”; a figure from 0 to 100% was expected"),
        ("1.1234567", "", "C (value): found “1.1234567”; at most 14 digits before the point and "
         "6 after it were expected: a number is never rounded here"),
        ("123456789012345", "", "C (value): found “123456789012345”; at most 14 digits before "
         "the point and 6 after it were expected: a number is never rounded here"),
        ("#VALUE!", "", "C (value): found “#VALUE!”; a number was expected and this is an error "
         "of the spreadsheet: mend the cell"),
        ("1.2.3", "", "C (value): found “1.2.3”; a number with one decimal point was expected: is "
         "this a date, or a version?"),
        ("Infinity", "", "C (value): found “Infinity”; a number or one of the symbols "
         "“suppressed”, “not applicable”, “not available”, “rounds to zero”, “low reliability”, "
         "“missing”, “c”, “z”, “x”, “u”, “k”, “low” was expected"),
        ("", "supressed", "D (symbol): found “supressed”; one of the symbols “suppressed”, “not "
         "applicable”, “not available”, “rounds to zero”, “low reliability”, “missing”, “c”, “z”, "
         "“x”, “u”, “k”, “low” was expected: did you mean “suppressed”?"),
    ],
)  # fmt: skip
def test_a_value_that_is_none_is_told(value, symbol, expected):
    problems = said([SHARE, "July 2016", value, symbol], head=[*HEAD, "symbol"])
    assert problems == [f"row 2, column {expected}"]


def test_a_problem_names_its_indicator():
    reading, _ = read(as_csv([SHARE, "July 2016", "101"], ["x", "July 2016", "1"]))
    assert [problem.expected for problem in reading.problems] == [
        f"{Series.objects.get(code=SHARE).indicator.short_title}: "
        "a figure from 0 to 100% was expected",
        "“x” is not a series",
    ]


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_part_of_a_child_is_a_question(write):
    rows = [CHILDREN, "5 October 2016", "640"], [CHILDREN, "6 October 2016", "640.5"]
    reading, found = read(write(*rows, [CHILDREN, "7 October 2016", "641.0"]))
    assert [figure.value for figure in found] == [640, 641]
    assert without_indicator(map(str, reading.problems)) == [
        "q.csv, row 3, column C (value): found “640.5”; part of a child? A whole number was "
        "expected: is 640 or 641 meant?"
    ]


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_rows_that_nobody_filled_are_left_out_and_noted(write):
    head = [*HEAD, "symbol", "note"]
    empty = [[SHARE, "", " ", "", ""] for _ in range(20)]
    reading, found = read(write([SHARE, "July 2016", "1", "", ""], *empty, head=head))
    assert [figure.value for figure in found] == [1]
    assert (reading.problems, reading.rows_read) == ([], 21)
    assert reading.notes == [
        "20 rows have no figure and were left out: rows 3, 4, 5, 6, 7, 8, 9, 10 and 12 more."
    ]
    reading, found = read(write(["any", "time", "", "", ""], [SHARE, "", "2", "", ""], head=head))
    assert reading.notes == ["1 row has no figure and was left out: row 2."]
    assert [problem.row for problem in reading.problems] == [3]


def test_a_row_with_a_note_alone_lacks_its_figure():
    assert said([SHARE, "July 2016", "", "Still to come."], head=[*HEAD, "note"]) == [
        "row 2, column C (value): either a value or a symbol was expected"
    ]


def test_a_count_is_not_below_nought_and_is_no_percentage():
    assert said([CHILDREN, "5/10/2016", "-1"], [CHILDREN, "6/10/2016", "46%"]) == [
        "row 2, column C (value): found “-1”; a figure not below 0 was expected",
        "row 3, column C (value): found “46%”; is a percentage meant? This field is not one: "
        "write the number without “%”",
    ]


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("numerator", "some", "found “some”; a number such as 43.6 was expected"),
        ("denominator", "-5", "found “-5”; a number not below nought was expected"),
        ("flags", "revise", "found “revise”; “revise” is not a flag; known are “provisional”, "
         "“revised”, “estimated”, “undated in the source”, “series break”: did you mean "
         "“revised”?"),
        ("note", "a\x01b",
         "found “a\ufffdb”; a control character (U+0001) stands here: write it again"),
    ],
)  # fmt: skip
def test_the_other_cells_are_told(column, cell, expected):
    problems = said([SHARE, "July 2016", "1", cell], head=[*HEAD, column])
    assert problems == [f"row 2, column D ({column}): {expected}"]


def test_flags_are_read_whatever_their_order():
    row = [SHARE, "July 2016", "1", "series break; Provisional;undated in the source"]
    assert figures(row, head=[*HEAD, "flags"])[0].flags == "pub"


def test_all_problems_of_all_rows_are_told_at_once():
    head = ["series", "area", "period", "value", "flags"]
    problems = said(
        ["nothing", "nowhere", "July 2016", "1", "maybe"], [SHARE, "", "2016", "x1", ""],
        [SHARE, "336", "July 2016", "200", ""], head=head,
    )  # fmt: skip
    assert [problem.partition(":")[0] for problem in problems] == [
        "row 2, column A (series)", "row 2, column B (area)", "row 2, column E (flags)",
        "row 3, column C (period)", "row 3, column D (value)", "row 4, column D (value)",
    ]  # fmt: skip
