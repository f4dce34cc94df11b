"""A workbook that is made to keep a parser busy is refused before a parser has seen it."""

import io
import re
import zipfile

import openpyxl
import pytest
from openpyxl.chart import BarChart

from performance.importer.file_kinds import Limits
from performance.importer.problems import LoadRefused
from performance.importer.tables_read import read_table
from performance.importer.workbook_parts import check_parts
from tests.performance.importer.shared_strings import packed_of

SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"
MEGABYTE = 1024 * 1024
TOO_LONG = "q.xlsx: a part of the workbook holds one tag or comment of more than 256 KB"
TOO_MUCH = "q.xlsx: what the workbook holds beside its rows"
# The parts of these tests are all alike, and so shrink further than a real workbook's.
LIMITS = Limits(ratio=10_000)


def book():
    made = openpyxl.Workbook()
    made.active.append(["area", "value"])
    made.active.append(["336", 1])
    return made


def parts_of(made):
    out = io.BytesIO()
    made.save(out)
    with zipfile.ZipFile(out) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def with_part(name, content):
    return packed_of({**parts_of(book()), name: content})


def with_styles(found, instead):
    styles = parts_of(book())[STYLES]
    assert found in styles
    return with_part(STYLES, styles.replace(found, instead, 1))


def with_sheet(found, instead):
    sheet = parts_of(book())[SHEET]
    assert found in sheet
    return with_part(SHEET, sheet.replace(found, instead, 1))


def said(content):
    with pytest.raises(LoadRefused) as refused:
        read_table("q.xlsx", content, limits=LIMITS)
    [problem] = refused.value.problems
    return str(problem)


def rows_of(content):
    return [row.values for row in read_table("q.xlsx", content, limits=LIMITS).rows]


class Counted(zipfile.ZipFile):
    """A zip that knows how many bytes of its parts were handed out."""

    given = 0

    def open(self, *args, **kwargs):
        opened = super().open(*args, **kwargs)
        read = opened.read

        def counting(size=-1):
            piece = read(size)
            self.given += len(piece)
            return piece

        opened.read = counting
        return opened


LONG = {
    "comment": b"<!--" + b"x > " * MEGABYTE + b"--><a/>",
    "comment behind the first element": b"<a><!--" + b"x" * MEGABYTE + b"--></a>",
    "comment at the end": b"<a/><!--" + b"x" * MEGABYTE + b"-->",
    "attribute": b'<a b="' + b"x>" * MEGABYTE + b'"/>',
    "attributes": b"<a " + b" ".join(b'b%d="1"' % n for n in range(100_000)) + b"/>",
    "instruction": b"<?a " + b"x>" * MEGABYTE + b"?><a/>",
    "document type": b"<!DOCTYPE a SYSTEM '" + b"x" * MEGABYTE + b"'><a/>",
    "comment in UTF-16": ("<!--" + "\u3e3e" * MEGABYTE + "--><a/>").encode("utf-16"),
}


@pytest.mark.parametrize("content", LONG.values(), ids=LONG)
@pytest.mark.parametrize("name", [SHEET, STYLES, "xl/workbook.xml", "xl/extra.xml"])
def test_one_long_tag_or_comment_is_refused(content, name):
    assert said(with_part(name, content)) == (
        f"{TOO_LONG}, which no spreadsheet writes: copy the table into a new workbook"
    )


def test_no_more_of_a_long_comment_is_read_than_tells_that_it_is_long():
    content = packed_of({"xl/extra.xml": b"<!--" + b"x > " * 4 * MEGABYTE + b"--><a/>"})
    with Counted(io.BytesIO(content)) as packed, pytest.raises(LoadRefused):
        check_parts("q.xlsx", packed)
    assert packed.given < MEGABYTE / 2


@pytest.mark.parametrize(
    "content",
    [
        # What Power Query keeps in a workbook.
        ("<DataMashup>" + "QUJD" * MEGABYTE + "</DataMashup>").encode("utf-16"),
        b"<a><![CDATA[" + b"x" * MEGABYTE + b"]]></a>",
        b" " * MEGABYTE + b"<a/>",
        b"\x89PNG\r\n\x1a\n" + b"\xff" * MEGABYTE,
        b"<!-- short -->" * 100_000 + b"<a/>",
    ],
)
def test_a_part_may_be_long_without_one_long_tag(content):
    assert rows_of(with_part("customXml/item1.xml", content)) == [("336", 1)]


def test_the_longest_text_of_a_cell_and_a_rule_for_thousands_of_cells_are_read():
    made = book()
    made.active["A2"] = "é" * 32_767
    assert rows_of(packed_of(parts_of(made))) == [("é" * 32_767, 1)]
    places = " ".join(f"ZZ{row}:ZZ{row + 1}" for row in range(100_000, 108_192))
    rule = f'</sheetData><conditionalFormatting sqref="{places}"/>'.encode()
    assert rows_of(with_sheet(b"</sheetData>", rule)) == [("336", 1)]


def test_as_many_formats_as_a_spreadsheet_can_have_are_read():
    xf = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    assert rows_of(with_styles(b"</cellXfs>", xf * 65_000 + b"</cellXfs>")) == [("336", 1)]


@pytest.mark.parametrize(
    "content",
    [
        with_styles(b"</fonts>", b'<font><name val="A"/></font>' * 100_000 + b"</fonts>"),
        with_styles(b"</fonts>", b"<font/>" + b" " * 11 * MEGABYTE + b"</fonts>"),
        with_part("xl/_rels/workbook.xml.rels", b"<a>" + b"<b/>" * 300_000 + b"</a>"),
        with_part("xl/workbook.xml", b"<worksheet>" + b"<b/>" * 300_000 + b"</worksheet>"),
        with_part("[Content_Types].xml", b"<sst>" + b"<b/>" * 300_000 + b"</sst>"),
        with_part("docProps/core.xml", b"<a>" + b"<b/>" * 300_000 + b"</a>"),
    ],
    ids=["many fonts", "long styles", "relations", "workbook", "types", "properties"],
)
def test_what_is_parsed_whole_is_refused_where_it_is_far_too_much(content):
    assert said(content) == (
        f"{TOO_MUCH} (formats, names, lists) is far more than a spreadsheet needs: copy the "
        "table, values only, into a new workbook"
    )


def test_what_is_parsed_whole_counts_together():
    relations = b"<Relationships>" + b"<a/>" * 90_000 + b"</Relationships>"
    made = book()
    for _ in range(2):
        made.create_sheet()
    names = [f"xl/worksheets/_rels/sheet{number}.xml.rels" for number in (1, 2, 3)]
    assert said(packed_of(parts_of(made) | dict.fromkeys(names, relations))).startswith(TOO_MUCH)
    assert rows_of(packed_of(parts_of(made) | {names[0]: relations})) == [("336", 1)]


@pytest.mark.parametrize("filler", [b"<a/>" * 500_000, b'<a b="" c="" d="" e=""/>' * 130_000])
def test_elements_and_attributes_of_all_parts_count_together(filler):
    added = {f"xl/part{n}.xml": b"<x>" + filler + b"</x>" for n in range(13)}
    assert said(packed_of(parts_of(book()) | added)) == (
        "q.xlsx: the workbook has millions of elements: copy the table into a new workbook"
    )


def test_a_part_that_is_several_sheets_is_read_for_none():
    """A small file would be read as often as it says."""
    parts = parts_of(book())
    workbook = parts["xl/workbook.xml"].decode()
    sheet = re.search(r"<sheet [^>]*/>", workbook)[0]
    twin = sheet.replace('sheetId="1"', 'sheetId="9"').replace('name="', 'name="Twin of ')
    assert twin != sheet
    parts["xl/workbook.xml"] = workbook.replace(sheet, sheet + twin).encode()
    assert "damaged" in said(packed_of(parts))


def test_a_sheet_that_is_all_chart_is_not_read():
    made = book()
    made.create_chartsheet("Chart").add_chart(BarChart())
    parts = parts_of(made)
    assert rows_of(packed_of(parts)) == [("336", 1)]
    [name] = [name for name in parts if name.startswith("xl/chartsheets/sheet")]
    assert rows_of(packed_of({**parts, name: b"no chart"})) == [("336", 1)]
