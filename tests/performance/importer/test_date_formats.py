"""A date is read as its cell shows it: as a day, as the month or the year, or it is asked about."""

from datetime import date, datetime

import pytest

from performance.importer.date_formats import shown_of
from performance.importer.officers_cells import Question, read_day, read_number
from performance.importer.raw_tables import PartOfDate
from tests.performance.importer.own_files import (
    CHILDREN,
    HEAD,
    SHARE,
    as_csv,
    as_workbook,
    read,
    without_indicator,
)

AUGUST = datetime.fromisoformat("2016-08-01")
YEARLY = "assessments-45-days.council"


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        ("mmm-yy", "Aug-16"), ("mmmm yyyy", "August 2016"), ("[$-809]mmmm yyyy;@", "August 2016"),
        ("MMM\\ YYYY", "Aug 2016"), ("yyyy", "2016"), ("yyyy/mm", "2016/08"), ("mm/yy", "08/16"),
        ("yyyy-m", "2016-8"), ("d-mmm", "1-Aug"), ("dddd", "Monday"), ("ddd mmm yyyy",
        "Mon Aug 2016"), ("mmmmm-yy", "A-16"), ("h:mm", "0:00"), ("mm:ss", "00:00"),
        ('yyyy"/17"', "2016/17"), ('"2"d mmm yyyy', "21 Aug 2016"), ('"FY "yyyy', "FY 2016"),
        ("dd/mm/yyyy", ""), ("d mmm yy", ""), ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", ""),
        ("mm-dd-yy", ""), ('d" of "mmmm yyyy;@', ""), ("dd/mm/yyyy hh:mm:ss.000", ""),
        ("General", ""), ("0.0", ""), ("", ""),
    ],
)  # fmt: skip
def test_what_a_cell_shows_of_its_date(number_format, shown):
    assert shown_of(AUGUST, number_format) == shown_of(AUGUST.date(), number_format) == shown


def periods(series, on, number_format):
    """What is read, as in a workbook and as in a CSV with the text that the cell shows."""
    found = []
    text = shown_of(on, number_format)
    for content in (
        as_workbook([series, on, 1], formats={"B2": number_format}),
        as_csv([series, text, 1]),
    ):
        reading, figures = read(content)
        found.append((
            without_indicator(map(str, reading.problems)), [one.period.label for one in figures],
        ))  # fmt: skip
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("series", "number_format", "said"),
    [
        (SHARE, "mmmm yyyy", "August 2016"),
        (SHARE, "mmm yyyy", "August 2016"),
        (SHARE, "yyyy-mm", "August 2016"),
        (SHARE, "mmm-yy", "found “Aug-16”; is August 2016 meant?"),
        (SHARE, "yyyy/mm", "found “2016/08”; this is no period that is known here"),
        (SHARE, "d-mmm", "found “1-Aug”; this is no period that is known here"),
        (CHILDREN, "mmm-yy", "which day of the month is meant?"),
        (CHILDREN, "mmmm yyyy", "the series allows a day, and this is a month"),
        (YEARLY, "yyyy", "is the financial year 2015/16 or the financial year 2016/17 meant?"),
    ],
)
def test_a_period_is_what_the_cell_shows(series, number_format, said):
    workbook, csv = periods(series, AUGUST, number_format)
    assert workbook == csv
    assert said in str(workbook)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number_format", "shown"), [("yyyy/mm", "2011/12"), ("yyyy-mm", "2011-12")]
)
@pytest.mark.parametrize("series", [YEARLY, SHARE])
def test_a_month_that_looks_like_a_year_is_asked_about(series, number_format, shown):
    row = [series, date(2011, 12, 1), 1]
    reading, found = read(as_workbook(row, formats={"B2": number_format}))
    assert found == []
    assert without_indicator(map(str, reading.problems)) == [
        f"q.csv, row 2, column B (period): found “{shown}”; the cell shows “{shown}” and holds a "
        "day of December 2011: is the month or the year meant? Write it as a text"
    ]


@pytest.mark.django_db
def test_the_first_and_last_day_must_be_shown_whole():
    head = [*HEAD, "period_start", "period_end"]
    row = [SHARE, "", 1, date(2016, 8, 1), date(2016, 8, 31)]
    formats = {"D2": "mmm-yy", "E2": "dd/mm/yyyy"}
    reading, _ = read(as_workbook(row, head=head, formats=formats))
    assert [(one.column, one.found) for one in reading.problems] == [("D (period_start)", "Aug-16")]


def test_a_part_of_a_date_is_neither_a_number_nor_a_day():
    part = PartOfDate("2016", date(2016, 1, 1))
    assert "the cell holds a date" in read_number(part).expected
    assert read_day(part) == Question(
        "which day is meant? The cell does not show all of it: write 5/10/2016"
    )
