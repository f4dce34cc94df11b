"""A text with a raised mark or a struck-through part is asked about; hidden rows are told."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from performance.importer.marked_texts import QUESTIONS, find_marked
from performance.importer.problems import LoadRefused
from performance.importer.tables_read import read_table
from tests.performance.importer.own_files import CHILDREN, SHARE, read, without_indicator
from tests.performance.importer.shared_strings import packed_of, with_shared_strings

pytestmark = pytest.mark.django_db

HEAD = ["series", "area", "period", "value", "numerator", "denominator", "note"]
ROW = [SHARE, "336", "July 2016", "46", "", "", "A note"]
PLAIN, BOLD = InlineFont(), InlineFont(b=True, color="FFFF0000")
RAISED, LOWERED = InlineFont(vertAlign="superscript"), InlineFont(vertAlign="subscript")
STRUCK = InlineFont(strike=True)
STRINGS = "xl/sharedStrings.xml"


def rich(*parts):
    return CellRichText(*(TextBlock(font, text) for font, text in parts))


def made(cell="D2", value=None, font=None, change=None):
    """A workbook of one row, with one cell written another way."""
    book = openpyxl.Workbook()
    for row in (HEAD, ROW):
        book.active.append(row)
    if value is not None:
        book.active[cell].value = value
    if font is not None:
        book.active[cell].font = font
    if change is not None:
        change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def shared(runs):
    """The workbook with its texts in a list, in which the value’s is made of those runs."""
    packed = zipfile.ZipFile(io.BytesIO(with_shared_strings(made())))
    parts = {name: packed.read(name) for name in packed.namelist()}
    assert b"<si><t>46</t></si>" in parts[STRINGS]
    parts[STRINGS] = parts[STRINGS].replace(b"<t>46</t>", runs)
    return packed_of(parts)


def said(content):
    reading, figures = read(content)
    assert not figures
    return without_indicator(str(one).removeprefix("q.csv, ") for one in reading.problems)


def run(text, formatting=""):
    return f"<r><rPr>{formatting}<sz val='11'/></rPr><t>{text}</t></r>".encode()


@pytest.mark.parametrize(
    ("runs", "found", "mark"),
    [
        (run("65") + run("1", '<vertAlign val="superscript"/>'), "651", "partly raised"),
        (b"<r><t>65</t></r>" + run("1", '<vertAlign val="subscript"/>'), "651", "partly raised"),
        (run("46", "<strike/>") + run("47"), "4647", "partly struck"),
        (run("46", '<strike val="1"/>') + run("2", '<vertAlign val="superscript"/>'), "462",
         "partly struck"),
        (run("46", "<strike/>"), "46", "struck"),
        (run("1", '<vertAlign val="superscript"/>'), "1", "raised"),
        (run("c") + run("1", '<vertAlign val="superscript"/>'), "c1", "partly raised"),
    ],
)  # fmt: skip
def test_a_marked_value_in_the_list_of_texts_is_asked_about(runs, found, mark):
    assert said(shared(runs)) == [f"row 2, column D (value): found “{found}”; {QUESTIONS[mark]}"]


@pytest.mark.parametrize(
    "runs",
    [
        run("4", "<b/>") + run("6", '<color rgb="FFFF0000"/>'),
        run("4", '<strike val="0"/>') + run("6", '<vertAlign val="baseline"/>'),
        run("46") + run(" ", '<vertAlign val="superscript"/>'),
        run("46") + b'<rPh sb="0" eb="1"><t>1</t></rPh>',
    ],
)
def test_bold_and_colour_change_no_value(runs):
    [figure] = read(shared(runs))[1]
    assert figure.value == 46


@pytest.mark.parametrize(
    ("cell", "text"),
    [("A2", CHILDREN), ("B2", "336"), ("C2", "July 2016"), ("D2", "46"), ("E2", "46"),
     ("F2", "46")],
)  # fmt: skip
@pytest.mark.parametrize(
    ("font", "mark"),
    [(RAISED, "partly raised"), (LOWERED, "partly raised"), (STRUCK, "partly struck")],
)
def test_each_column_that_counts_is_asked_about(cell, text, font, mark):
    content = made(cell, rich((PLAIN, text), (font, "1")))
    assert f"found “{text}1”; {QUESTIONS[mark]}" in said(content)[0]


def test_a_raised_sign_in_a_note_or_a_header_is_read():
    def change(sheet):
        sheet["G2"] = rich((PLAIN, "CO"), (LOWERED, "2"))
        sheet["D1"] = rich((BOLD, "val"), (RAISED, "ue"))

    [figure] = read(made(change=change))[1]
    assert (figure.value, figure.note) == (46, "CO2")


def test_a_struck_header_or_note_is_asked_about():
    assert said(made("G2", rich((PLAIN, "Late"), (STRUCK, " and wrong")))) == [
        f"row 2, column G (note): found “Late and wrong”; {QUESTIONS['partly struck']}"
    ]
    with pytest.raises(LoadRefused) as refused:
        read(made("D1", "value", Font(strike=True)))
    assert list(map(str, refused.value.problems)) == [
        f"q.csv, row 1, column D: found “value”; {QUESTIONS['struck']}"
    ]


@pytest.mark.parametrize(
    ("value", "found"), [(46, "46"), ("46", "46"), (date(2016, 10, 5), "2016-10-05 00:00:00")]
)
@pytest.mark.parametrize(
    ("font", "mark"),
    [(Font(strike=True), "struck"), (Font(vertAlign="superscript"), "raised")],
)
def test_a_cell_that_is_crossed_out_is_asked_about(value, found, font, mark):
    assert said(made("D2", value, font)) == [
        f"row 2, column D (value): found “{found}”; {QUESTIONS[mark]}"
    ]


def test_an_empty_cell_that_is_crossed_out_is_empty():
    [figure] = read(made("E2", " ", Font(strike=True)))[1]
    assert figure.numerator is None


def test_a_workbook_without_a_list_of_texts_has_no_marks_in_it():
    with zipfile.ZipFile(io.BytesIO(made())) as packed:
        names = packed.namelist()
        assert (STRINGS in names, find_marked(packed)) in [(True, {}), (False, {})]


def hide(sheet):
    for row in (["sgo-made.council", "336", "2010/11", 41], ["sgo-made.council", "336"]):
        sheet.append(row)
    for row in (2, 3, 9):
        sheet.row_dimensions[row].hidden = True
    for column in ("E", "G", "K"):
        sheet.column_dimensions[column].hidden = True


def test_hidden_rows_and_columns_are_read_and_told():
    table = read_table("q.xlsx", made(change=hide))
    assert table.notes == (
        "What is in hidden rows was read like the rest: 2, 3.",
        "What is in hidden columns was read like the rest: E (numerator), G (note).",
    )
    reading, figures = read(made(change=hide))
    assert len(figures) == 2
    assert set(table.notes) <= set(reading.notes)


def test_many_hidden_rows_are_counted():
    def change(sheet):
        for number in range(2, 22):
            sheet.append([SHARE, "336", f"{number} July 2016", number])
            sheet.row_dimensions[number].hidden = True

    assert read_table("q.xlsx", made(change=change)).notes == (
        "What is in hidden rows was read like the rest: 2, 3, 4, 5, 6, 7, 8, 9 and 12 more.",
    )
