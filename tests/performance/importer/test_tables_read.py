"""A file's cells come back with their places and exactly as they stand, or the file is refused."""

import csv
import io
import random
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.importer.file_kinds import Limits
from performance.importer.officers_cells import read_day, read_figure, read_number
from performance.importer.problems import LoadRefused
from performance.importer.raw_tables import Percentage, letter_of
from performance.importer.tables_read import read_table
from tests.conftest import FIXTURES

REAL = (FIXTURES / "figures.csv").read_bytes()
MUTATIONS = 500
SEED = 20161005


def workbook(*rows, formats=None, hidden=(), **sheets):
    """A workbook with these rows; `formats` by cell; more sheets by title."""
    book = openpyxl.Workbook()
    book.active.title = "Figures"
    for title, content in {"Figures": rows, **sheets}.items():
        sheet = book.active if title == "Figures" else book.create_sheet(title)
        for row in content:
            sheet.append(row)
        if title in hidden:
            sheet.sheet_state = "hidden"
    for place, number_format in (formats or {}).items():
        book["Figures"][place].number_format = number_format
    return book


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def edited(content, name, *changes):
    """The workbook with one part's text changed, as another program might have written it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            for found, instead in changes if part == name else ():
                assert found in text
                text = text.replace(found, instead)
            new.writestr(part, text)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
HEAD = ["area", "value"]


def values(table):
    return [(row.number, *row.values) for row in table.rows]


def said(content, file="q.csv", **given):
    with pytest.raises(LoadRefused) as refused:
        read_table(file, content, **given)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_csv_is_read_in_each_encoding_with_each_delimiter(encoding, delimiter, line_end):
    lines = ["area|note", "336|Children’s café", '201|"two', 'lines"', "", "202|£5"]
    text = line_end.join(lines).replace("|", delimiter)
    table = read_table("q.csv", text.encode(encoding))
    assert table.headers == ("area", "note")
    assert values(table) == [
        (2, "336", "Children’s café"), (3, "201", f"two{line_end}lines"), (5, "202", "£5")
    ]  # fmt: skip
    assert table.delimiter == delimiter


def test_a_cell_knows_its_place():
    table = read_table("q.csv", b"\nFigures of the quarter\n\narea,,value,\n336,,1,\n")
    assert table.header_row == 4
    [row] = table.rows
    assert str(table.cell(row, 1).problem("why?")) == (
        "q.csv, row 5, column C (value): found “1”; why?"
    )
    assert [letter_of(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_real_file_comes_back_cell_for_cell():
    head, *rows = csv.reader(io.StringIO(REAL.decode()))
    table = read_table("figures.csv", REAL)
    assert table.headers == tuple(head)
    assert [row.values for row in table.rows] == [tuple(row) for row in rows]
    assert [row.number for row in table.rows] == list(range(2, len(rows) + 2))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a,b\n1,2\xff\xfe\xc3\n", "Windows-1252 this sign makes no sense"),
        (b"a,b\n1,caf\xc3\xa9\n2,caf\xe9\n", "q.csv, row 3: found “byte E9”; the text is UTF-8 in"),
        (b"a,b\n1,2\n3,caf\x8e\n", "row 3: found “Ž”; read as Windows-1252 this sign makes no"),
        (b"a,b\n1,caf\x81\n", "row 2: found “byte 81”; this is neither UTF-8 nor Windows-1252"),
        ("a,b\n1,caf\ufffd\n".encode(), "row 2: found “1,caf\ufffd”; a letter was lost here"),
        (b"a,b\n1,\x002\n", "a NUL byte stands here"),
        ("a,b\n1,2\n".encode("utf-16")[:-1], "the text starts as UTF-16 and goes on otherwise"),
        (b"a,b;c\n1,2;3\n", "are the columns parted by commas or semicolons?"),
        (b"a,b,c\n1;2,3\n4;5,6\n", "are the columns parted by commas or semicolons?"),
        (b"a,b\n1,2;3\n4\n", "row 3, column A: found “4”; the row ends here, after 1 of 2"),
        (b"area\n336\n201\n", "only one column was found"),
        (b"a,b\n1,2\n3\n", "row 3, column A: found “3”; the row ends here, after 1 of 2 cells"),
        (b"a,b\n1,2\n3,1,234\n", "row 3, column C: found “234”; there are only 2 headers"),
        (b'a,b\n1,"2\n3,4\n', "row 2: a quotation mark is not closed here"),
        (b'a,b\n1,"2"3\n', "row 2: a quotation mark is not closed here"),
        (b"a,b\n", "row 1: there is no row under the headers"),
        (b"a,,b\n1,2,3\n", "row 1, column B: the column has figures or words but no header"),
        (b"336,46\n201,47\n", "row 1, column A: found “336”; a header was expected"),
        (b"Title\nSecond title\na,b\n1,2\n", "row 1: which row holds the headers?"),
        (b"area,2016\n336,47\n", "row 1, column B: found “2016”; a header was expected"),
    ],
)
def test_a_csv_that_could_be_read_otherwise_is_asked_about(content, expected):
    assert any(expected in one for one in said(content))


def test_every_ragged_row_is_told_and_a_thousand_are_counted():
    problems = said(b"a,b,c\n" + b"1,2,3\n" + b"1,2\n" * 1000)
    assert len(problems) == 101
    assert problems[0].startswith("q.csv, row 3, column B: ")
    assert problems[-1] == "q.csv: and 900 more rows that do not fit"


def test_more_rows_than_are_taken_are_refused():
    content = b"a,b\n" + b"1,2\n" * 11
    assert "more than 10 rows" in said(content, limits=Limits(rows=10))[0]
    assert len(read_table("q.csv", content, limits=Limits(rows=11)).rows) == 11
    book = saved(workbook(HEAD, *([["336", 1]] * 14)))
    assert "more than 10 rows" in said(book, limits=Limits(rows=10))[0]


def test_a_workbook_is_read_by_its_formats():
    content = saved(
        workbook(
            ["area", "share", "whole", "number", "on", "flag"],
            ["336", 0.46, 46, 1234.5, datetime.fromisoformat("2016-10-05"), True],
            ["201", 0.07, 46, 0.1 + 0.2, None, None],
            formats={
                "B2": "0%", "B3": "0.0%;[Red]-0.0%", "C2": '0"%"', "C3": "0", "D2": "#,##0.00",
                "E2": "d mmm yyyy",
            },
        )
    )  # fmt: skip
    table = read_table("q.xlsx", content)
    first, second = (row.values for row in table.rows)
    assert first[:4] == ("336", Percentage(Decimal(46)), Percentage(Decimal(46)), Decimal("1234.5"))
    assert read_day(first[4]) == date(2016, 10, 5)
    assert first[5] is True
    assert second == ("201", Percentage(Decimal(7)), Decimal(46), Decimal("0.3"), "", "")
    assert table.sheet == "Figures"


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=6))
def test_a_number_of_a_workbook_reads_back_exactly(number):
    content = saved(workbook(HEAD, [float(number), float(number)], formats={"B2": "0.00%"}))
    [row] = read_table("q.xlsx", content).rows
    assert read_number(row.values[0]) == number
    assert read_number(row.values[1], is_percentage=True) == number * 100


@pytest.mark.parametrize(
    ("number_format", "asked"),
    [
        ("0,", "thousands or millions"),
        ("#,##0.0,,", "thousands or millions"),
        (";;;", "shows nothing"),
        ("0;-0%", "some numbers as percentages"),
        ("h:mm", "shows a time"),
    ],
)
def test_a_format_that_hides_what_is_held_is_asked_about(number_format, asked):
    content = saved(workbook(HEAD, ["336", 0.5], formats={"B2": number_format}))
    [row] = read_table("q.xlsx", content).rows
    assert asked in read_figure(row.values[1], {}).expected


def test_errors_and_formulas_without_a_result_are_told_with_their_cells():
    content = saved(workbook(HEAD, ["336", "#VALUE!"], ["201", "=1+1"], ["202", "#N/A"]))
    assert said(content, "q.xlsx") == [
        "q.xlsx, row 3, column B: the formula here has no saved result: open the file in Excel, "
        "save it again, or paste the values",
        "q.xlsx, row 2, column B: found “#VALUE!”; a value was expected and this is an error of "
        "the spreadsheet: mend the cell",
        "q.xlsx, row 4, column B: found “#N/A”; a value was expected and this is an error of the "
        "spreadsheet: mend the cell",
    ]


def test_a_formula_with_its_result_is_its_result():
    content = edited(saved(workbook(HEAD, ["336", "=1+1"])), SHEET, (b"<v />", b"<v>2</v>"))
    assert values(read_table("q.xlsx", content)) == [(2, "336", Decimal(2))]


def test_a_number_that_is_not_finite_is_told():
    content = edited(saved(workbook(HEAD, ["336", 5.5])), SHEET, (b"<v>5.5</v>", b"<v>1.0E999</v>"))
    assert "column B: found “inf”; a value was expected" in said(content, "q.xlsx")[0]


@pytest.mark.parametrize(
    "change",
    [
        (b'r="A3"', b'r="A2"'),
        (b'<row r="3"', b'<row r="2"'),
        (b'r="B3"', b'r="ZZZ3"'),
        (b"</sheetData>", b""),
        (b"<v>2</v>", b"<v>two</v>"),
        (b"<v>2</v>", b"<v>1_000</v>"),
        (b"<v>2</v>", "<v>４６</v>".encode()),
        (b't="n"><v>2</v>', b't="x"><v>2</v>'),
        # openpyxl makes every empty row up to the last.
        (b"</sheetData>", b'<row r="1000000000000"/></sheetData>'),
        (b"</row></sheetData>", b"</row><row>" + b"<x/>" * 100_001 + b"</row></sheetData>"),
    ],
)
def test_a_sheet_that_contradicts_itself_is_refused(change):
    content = edited(saved(workbook(HEAD, ["a", 1], ["b", 2])), SHEET, change)
    assert "damaged or cut short" in said(content, "q.xlsx")[0]


def test_a_workbook_that_declares_entities_is_refused():
    declared = (b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "1">]><worksheet')
    content = edited(saved(workbook(HEAD, ["336", 1])), SHEET, declared)
    assert "declares XML entities" in said(content, "q.xlsx")[0]


def test_a_declaration_is_found_behind_a_comment_and_in_another_encoding():
    content = saved(workbook(HEAD, ["336", 1]))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = packed.read(SHEET).removeprefix(b'<?xml version="1.0"?>')
    assert sheet.startswith(b"<worksheet")
    declared = b'<!DOCTYPE x [<!ENTITY a "1">]>' + sheet
    comment = b"<!--" + b"x" * 100_000 + b"-->"
    in_utf_16 = ('<?xml version="1.0" encoding="UTF-16"?>' + declared.decode()).encode("utf-16")
    for written in (comment + declared, in_utf_16):
        changed = edited(content, SHEET, (sheet, written))
        assert "declares XML entities" in said(changed, "q.xlsx")[0]


def test_millions_of_elements_are_counted_before_they_are_gone_through():
    content = edited(
        saved(workbook(HEAD, ["336", 1])), SHEET, (b"</sheetData>", b"<a/>" * 6_000_000)
    )
    large = Limits(size=100 * 1024 * 1024)
    assert "millions of elements" in said(content, "q.xlsx", limits=large)[0]


def test_merged_headers_are_refused_and_a_merged_title_is_not():
    book = workbook(["Title", None], HEAD, ["336", 1])
    book.active.merge_cells("A1:B1")
    assert values(read_table("q.xlsx", saved(book))) == [(3, "336", Decimal(1))]
    book.active.merge_cells("A2:A3")
    assert said(saved(book), "q.xlsx") == [
        "q.xlsx, row 2: found “A2:A3”; merged cells: which of them is meant? Part them"
    ]


def test_which_of_two_sheets_is_meant_is_asked():
    content = saved(workbook(HEAD, ["336", 1], Other=[HEAD, ["201", 2]], Empty=[]))
    assert said(content, "q.xlsx") == [
        "q.xlsx: which sheet is meant? These have content: “Figures”, “Other”"
    ]
    assert values(read_table("q.xlsx", content, sheet="Other")) == [(2, "201", Decimal(2))]
    assert "no sheet of that name" in said(content, "q.xlsx", sheet="Empty")[0]
    assert said(content, "q.xlsx", sheet="Otter") == [
        "q.xlsx: found “Otter”; no sheet of that name has content. These have content: “Figures”, "
        "“Other”"
    ]


def test_a_sheet_that_is_not_meant_may_be_past_the_limits():
    content = saved(workbook(HEAD, ["336", 1], Long=[["336", 1]] * 20))
    table = read_table("q.xlsx", content, sheet="Figures", limits=Limits(rows=10))
    assert values(table) == [(2, "336", Decimal(1))]


def test_a_hidden_sheet_is_never_read_unasked():
    lists = {"Lists": [HEAD, ["201", 2]]}
    table = read_table("q.xlsx", saved(workbook(HEAD, ["336", 1], hidden=["Lists"], **lists)))
    assert values(table) == [(2, "336", Decimal(1))]
    assert table.notes == ("What is in hidden sheets was not read: “Lists”.",)
    hidden = saved(workbook(hidden=["Lists"], **lists))
    assert "only hidden sheets have content (“Lists”)" in said(hidden, "q.xlsx")[0]


def test_rows_keep_their_numbers_where_a_workbook_has_blank_ones():
    table = read_table("q.xlsx", saved(workbook([], HEAD, [], ["336", 1], [], ["201", None])))
    assert table.header_row == 2
    assert values(table) == [(4, "336", Decimal(1)), (6, "201", "")]


def real_workbook():
    """The council's own figures as an officer's workbook, with numbers where there are numbers."""
    number = re.compile(r"-?[0-9]+(\.[0-9]+)?")
    return saved(
        workbook(
            *(
                [float(cell) if number.fullmatch(cell) else cell for cell in row]
                for row in csv.reader(io.StringIO(REAL.decode()))
            )
        )
    )


def mutated(content, random_):
    """The bytes with one to four of them changed, a stretch cut out, doubled or moved."""
    broken = bytearray(content)
    for _ in range(random_.randint(1, 4)):
        at = random_.randrange(len(broken))
        length = random_.choice([1, 1, 1, 4, 60])
        how = random_.choice(["change", "cut", "double", "end", "sign"])
        if how == "change":
            broken[at] = random_.randrange(256)
        elif how == "cut":
            del broken[at : at + length]
        elif how == "double":
            broken[at:at] = broken[at : at + length]
        elif how == "end" and random_.random() < 0.2:
            del broken[max(at, 1) :]
        else:
            sign = random_.choice([b'"', b",", b";", b"\x00", b"\xff", b"\r", b"\n", b"\x92"])
            broken[at:at] = sign
    return bytes(broken)


def tally(content, name):
    """The tables of those mutations that were read, and how many were refused, each in words."""
    random_ = random.Random(SEED)
    tables, sentences = [], []
    for _ in range(MUTATIONS):
        try:
            tables.append(read_table(name, mutated(content, random_)))
        except LoadRefused as error:
            sentences.append(error.problems[0].expected)
    assert all(len(sentence) > 20 for sentence in sentences)
    return tables, len(sentences)


def test_no_mutation_of_a_csv_raises_anything_but_a_refusal():
    tables, refused = tally(REAL, "figures.csv")
    assert len(tables) >= 50
    assert refused >= 200
    for table in tables:
        assert all(len(row.values) == len(table.headers) for row in table.rows)


def test_no_mutation_of_a_workbook_raises_anything_but_a_refusal_or_changes_a_value():
    content = real_workbook()
    whole = read_table("figures.xlsx", content)
    tables, refused = tally(content, "figures.xlsx")
    assert refused >= 400
    assert all(table.rows == whole.rows for table in tables)


def test_no_mutation_inside_a_sheet_raises_anything_but_a_refusal():
    content = real_workbook()
    random_ = random.Random(SEED)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = packed.read(SHEET)
    refused = 0
    for _ in range(100):
        broken = edited(content, SHEET, (sheet, mutated(sheet, random_)))
        try:
            read_table("figures.xlsx", broken)
        except LoadRefused:
            refused += 1
    assert refused >= 50
