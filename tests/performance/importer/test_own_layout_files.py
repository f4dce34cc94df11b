"""Our own tidy layout as a file: headers, encodings, delimiters, workbooks, length."""

import tracemalloc
from datetime import date
from decimal import Decimal

import pytest

from performance.importer.file_kinds import Limits
from performance.importer.incoming import Source
from performance.importer.own_layout import read_own_layout
from performance.importer.problems import LoadRefused
from performance.models import Area
from tests.performance.importer.own_files import (
    CHILDREN,
    HEAD,
    LARGE,
    SHARE,
    as_csv,
    as_workbook,
    figures,
    read,
    refused,
    said,
    without_indicator,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (["series", "value"], ["q.csv, row 1, column period: the column is missing"]),
        (["series", "perod", "value"],
         ["q.csv, row 1, column B: found “perod”; no such column is known here: did you mean "
          "“period”?", "q.csv, row 1, column period: the column is missing"]),
        ([*HEAD, "Value"], ["q.csv, row 1, column D: found “Value”; the column stands there "
                            "twice, in C too: keep one"]),
        ([*HEAD, "colour"], ["q.csv, row 1, column D: found “colour”; no such column is known "
                             "here: remove it or mend its name"]),
    ],
)  # fmt: skip
def test_wrong_headers_refuse_the_file(head, expected):
    assert refused(as_csv(["a"] * len(head), head=head)) == expected


def test_rows_that_do_not_fit_are_told_beside_the_others():
    text = as_csv([SHARE, "July 2016", "1"]) + f"{SHARE},August 2016\n{SHARE},May 2016,1,2\n,,\n\n"
    reading, found = read(text + f"{SHARE},Mai 2016,1\n")
    assert [figure.file_row for figure in found] == [2]
    assert [str(problem) for problem in reading.problems][:2] == [
        "q.csv, row 3, column B: found “August 2016”; the row ends here, after 2 of 3 cells: is "
        "one missing, or a quotation mark or line break wrong?",
        "q.csv, row 4, column D: found “2”; there are only 3 headers and this is cell 4: is a "
        "comma not in quotation marks, or a header missing?",
    ]
    assert reading.problems[2].row == 7


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (as_csv(), "q.csv, row 1: there is no row under the headers: was the right file dropped?"),
        (as_csv([SHARE, "July 2016", "1", ""], [SHARE, "May 2016", "1", "x"], head=[*HEAD, ""])
         .replace("value,", "value,,note").replace('1,', '1,,'),
         "q.csv, row 1, column D: the column has figures or words but no header: name it or "
         "empty it"),
        (as_csv([SHARE, "July 2016", '1']) + 'a,"b\n',
         "q.csv, row 3: a quotation mark is not closed here, or stands within a cell without "
         "being doubled: mend the row or save the file again"),
    ],
)  # fmt: skip
def test_a_table_that_is_not_whole_is_told(text, expected):
    if "note" in text:
        text = f"series,period,value,,note\n{SHARE},July 2016,1,,x\n{SHARE},May 2016,1,y,x\n"
    assert expected in list(map(str, read(text)[0].problems))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"series,period,value\na,b,caf\xc3\xa9\nc,d,caf\xe9\n",
         "q.csv, row 3: found “byte E9”; the text is UTF-8 in some places and not here"),
        (b"series,period,value\na,b,\x00\n", "q.csv, row 2: found “a,b,\ufffd”; a NUL byte stands"),
        (b"%PDF-1.4 x", "q.csv: this is a PDF"),
        (b"", "q.csv: the file is empty: was the right one dropped?"),
        (b"series\nx\n", "q.csv: only one column was found"),
    ],
)  # fmt: skip
def test_what_is_no_text_or_table_is_refused(content, expected):
    [problem] = refused(content)
    assert problem.startswith(expected)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_each_encoding_and_delimiter_is_read_from_bytes_and_from_a_path(
    encoding, delimiter, tmp_path
):
    head = [*HEAD, "note"]
    text = as_csv([SHARE, "July 2016", "46", "Children’s café"], head=head, delimiter=delimiter)
    path = tmp_path / "q.csv"
    path.write_bytes(text.encode(encoding))
    for source in (Source("q.csv", path.read_bytes()), Source("q.csv", path=path)):
        [figure] = read_own_layout(source).figures
        assert (figure.value, figure.note) == (46, "Children’s café")


def test_a_comma_in_a_file_of_semicolons_is_a_question():
    assert said([CHILDREN, "5/10/2016", "1,234"], delimiter=";") == [
        "row 2, column C (value): found “1,234”; is it 1234 or 1.2340? Write it as one of these two"
    ]


@pytest.mark.parametrize("value", ["46.500", "-12.345", "46.500%"])
def test_a_point_before_three_digits_is_a_question_in_a_file_of_semicolons_alone(value):
    """Also in the second row, where what the first names is known and plain rows are read fast."""
    rows = [[SHARE, "June 2016", "1.5"], [SHARE, "June 2016", "1.5"], [SHARE, "July 2016", value]]
    reading, found = read(as_csv(*rows, delimiter=";"))
    bare = value.strip("-%").replace(".", "")
    assert len(found) == 2
    [problem] = without_indicator(map(str, reading.problems))
    assert problem == (
        f"q.csv, row 4, column C (value): found “{value}”; is it {bare} or {bare[:2]}.{bare[2:]}0? "
        "Write it as one of these two"
    )
    [figure] = read(as_csv([SHARE, "July 2016", "46.500"]))[1]
    assert figure.value == Decimal("46.5")


def test_a_part_with_three_digits_after_its_point_is_a_question_too():
    head = [*HEAD, "numerator", "denominator"]
    rows = [[SHARE, "July 2016", "46.5", "93.500", "200"]]
    reading, _ = read(as_csv(*rows, head=head, delimiter=";"))
    assert "is it 93500 or 93.5000?" in str(reading.problems[0])


def test_too_many_rows_and_bytes_are_told():
    rows = [[SHARE, "July 2016", "1"]] * 5
    reading, _ = read(as_csv(*rows), limits=Limits(rows=3))
    assert "there are more than 3 rows, the most that are taken here" in str(reading.problems[0])
    assert "at most 0.0 MB are taken here" in refused(as_csv(*rows), limits=Limits(size=10))[0]


def test_a_workbook_is_read_as_its_cells_show():
    rows = [[SHARE, "July 2016", 0.46], [CHILDREN, date(2016, 10, 5), 1234],
            [CHILDREN, "6 October 2016", "1,235"]]  # fmt: skip
    reading, found = read(as_workbook(*rows, formats={"C2": "0%", "B3": "dd/mm/yyyy"}))
    assert list(map(str, reading.problems)) == []
    assert [(figure.value, figure.period.label) for figure in found] == [
        (46, "July 2016"), (1234, "5 October 2016"), (1235, "6 October 2016")
    ]  # fmt: skip
    assert reading.rows_read == 3


def test_a_workbooks_problems_have_their_places():
    reading, _ = read(as_workbook([SHARE, date(2016, 7, 1), 1], [SHARE, "May 2016", True]))
    assert without_indicator(map(str, reading.problems)) == [
        "q.csv, row 2, column B (period): found “2016-07-01 00:00:00”; the series allows a month, "
        "and this is a day: is July 2016 meant?",
        "q.csv, row 3, column C (value): found “TRUE”; a number was expected and not TRUE or FALSE",
    ]


def test_plain_rows_and_others_are_read_alike():
    """A row that is read at once is what it is cell by cell, in a workbook."""
    head = ["series", "area", "period", "value", "symbol", "note", "flags"]
    rows = [
        [series, area, period, value, "", note, ""]
        for series, period in ((SHARE, "July 2016"), ("children-budget.council", "2015/16"))
        for area in ("336", "E08000031")
        for value in ("1", "46.5", " 46 ", "0.10")
        for note in ("", "A note.", "'=1+1", "'quoted", "two  spaces")
    ]
    assert [f._replace(text="") for f in figures(*rows, head=head)] == [
        f._replace(text="") for f in read(as_workbook(*rows, head=head))[1]
    ]


def test_what_a_spreadsheet_would_compute_is_read_without_its_guard():
    notes = ["'=1+1", "'+44", "'-5", "'@x", "''=1", "'quoted", "plain"]
    rows = [[SHARE, f"{month} 2016", "1", note]
            for month, note in zip("May June July August March April January".split(), notes,
                                   strict=True)]  # fmt: skip
    assert [figure.note for figure in figures(*rows, head=[*HEAD, "note"])] == [
        "=1+1", "+44", "-5", "@x", "'=1", "'quoted", "plain"
    ]  # fmt: skip


def long_file(path, rows):
    areas = [area.ons_code or area.code for area in Area.objects.all()]
    with path.open("w") as file:
        file.write("series,area,period,value,note\n")
        for number in range(rows):
            file.write(
                f"{CHILDREN},{areas[number % len(areas)]},{number % 28 + 1} June "
                f"{1950 + number % 97},{number},A note of row {number}\n"
            )


def most_memory(path, rows):
    long_file(path, rows)
    tracemalloc.start()
    try:
        reading = read_own_layout(Source("q.csv", path=path), limits=LARGE)
        assert sum(1 for _ in reading.figures) == reading.rows_read == rows
        assert reading.problems == []
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path):
    most_memory(tmp_path / "first.csv", 100)
    short = most_memory(tmp_path / "short.csv", 20_000)
    assert most_memory(tmp_path / "long.csv", 200_000) <= 1.2 * short


def test_a_file_too_large_to_be_read_whole_must_be_in_utf_8(tmp_path, monkeypatch):
    monkeypatch.setattr("performance.importer.csv_stream.READ_WHOLE", 10)
    path = tmp_path / "q.csv"
    path.write_bytes(b"series,period,value\r\na,b,1\r\nc,d,caf\xe9\r\n")
    with pytest.raises(LoadRefused) as error:
        read_own_layout(Source("q.csv", path=path))
    assert [str(problem) for problem in error.value.problems] == [
        "q.csv, row 3: a file of this size is read in UTF-8 only: in which encoding was it saved? "
        "Save it as “CSV UTF-8” and drop that file"
    ]
