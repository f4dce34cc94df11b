"""A file that was given is looked through as the importers read it."""

import io
import tracemalloc
import zipfile

import pytest

from improvement.removal import reading
from improvement.removal.matching import Words
from improvement.removal.waiting import bytes_hold

NAME = Words("Zebedee Thistlequill")
HEAD = '<?xml version="1.0" encoding="{}"?>'
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LISTED = f"<sst {SPACE}><si>%s</si></sst>"
SHEET = f"<worksheet {SPACE}><sheetData><row r='1'>%s</row></sheetData></worksheet>"


def packed(part: str, content: str | bytes, before: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", f"<workbook {SPACE}/>")
        book.writestr(part, content)
    return before + made.getvalue()


def in_list(text: str) -> bytes:
    return packed("xl/sharedStrings.xml", LISTED % text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_is_read_in_the_encodings_of_the_importers(encoding):
    assert bytes_hold(NAME, "a,b\n1,Zebédee Thistlequill’s\n".encode(encoding))
    assert not bytes_hold(NAME, "a,b\n1,Zebédee Thistlequills\n".encode(encoding))


def test_a_csv_of_utf_16_may_begin_with_its_large_end():
    assert bytes_hold(NAME, b"\xfe\xff" + "1\tZebedee Thistlequill".encode("utf-16-be"))


@pytest.mark.parametrize(
    "text",
    [
        "<t>Zebedee Thistlequill</t>",
        "<r><t>Zebedee Th</t></r><r><rPr><b/></rPr><t>istlequill</t></r>",
        "<r><t>Zebedee Th</t></r><rPh sb='0' eb='1'><t>x</t></rPh><r><t>istlequill</t></r>",
        "<t>Zebedee &#84;histlequill</t>",
        "<t>Zebedee <![CDATA[Thistlequill]]></t>",
        "<t>x</t><rPh sb='0' eb='1'><t>Zebedee Thistlequill</t></rPh>",
        "<t>Zebedee</t></si><si><t>Thistlequill</t>",
    ],
)
def test_a_text_of_a_workbook_is_read_whole_however_it_is_parted(text):
    assert bytes_hold(NAME, in_list(text))
    cell = f"<c r='A1' t='inlineStr'><is>{text.partition('</si>')[0]}</is></c>"
    if "</si>" not in text:
        assert bytes_hold(NAME, packed("xl/worksheets/sheet1.xml", SHEET % cell))


@pytest.mark.parametrize(
    "text",
    [
        "<t>Zebedee Thistlequilla</t>",
        "<t>Zebedee Th</t></si><si><t>istlequill</t>",
        "<r><t>Zebedee Thistlequill</t></r><r><t>s</t></r>",
        "<r><rPr><rFont val='Zebedee Thistlequill'/></rPr><t>x</t></r>",
    ],
)
def test_other_texts_of_a_workbook_do_not_hold_them(text):
    assert not bytes_hold(NAME, in_list(text))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_part_is_read_in_the_encoding_that_it_says(encoding):
    part = (HEAD.format(encoding) + LISTED % "<t>Zebédee Thistlequill</t>").encode(encoding)
    assert bytes_hold(NAME, packed("xl/sharedStrings.xml", part))


def test_a_part_may_be_called_anything():
    assert bytes_hold(NAME, packed("data/one.bin", LISTED % "<t>Zebedee Thistlequill</t>"))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/workbook.xml", f"<workbook {SPACE}><sheets><sheet name='{{}}'/></sheets></workbook>"),
        ("docProps/core.xml", "<p:core xmlns:p='x'><p:creator>{}</p:creator></p:core>"),
        ("xl/comments1.xml", f"<comments {SPACE}><text><r><t>{{}}</t></r></text></comments>"),
        ("xl/pivotCache/one.xml", f"<x {SPACE}><s v='{{}}'/></x>"),
        ("xl/worksheets/_rels/sheet1.xml.rels",
         "<Relationships><Relationship Target='mailto:{}@x.org' TargetMode='External'/>"
         "</Relationships>"),
    ],
)  # fmt: skip
def test_what_people_type_beside_the_cells_is_looked_at(part, content):
    name = "Zebedee.Thistlequill" if part.endswith(".rels") else "Zebedee Thistlequill"
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as made:
        made.writestr(part, content.format(name))
    assert bytes_hold(NAME, book.getvalue())


@pytest.mark.parametrize("words", ["Georgia", "1234", "schemas openxmlformats", "worksheet", "row"])
def test_what_the_program_writes_of_its_own_is_not(words):
    styles = f"<styleSheet {SPACE}><font name='Georgia'/></styleSheet>"
    cell = "<c r='A1234' s='1234' t='s'><v>1234</v></c>"
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as made:
        made.writestr("xl/styles.xml", styles)
        made.writestr("xl/worksheets/sheet1.xml", SHEET % cell)
        made.writestr("xl/media/one.png", b"\x89PNG\r\n\x1a\n Georgia 1234")
    assert not bytes_hold(Words(words), book.getvalue())


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 cut short",
        packed("xl/sharedStrings.xml", "<sst><si>"),
        packed("xl/sharedStrings.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><sst/>"),
        packed("xl/sharedStrings.xml", HEAD.format("no-such-encoding") + "<sst/>"),
    ],
)
def test_a_workbook_that_cannot_be_read_is_taken_to_hold_them(content):
    assert bytes_hold(NAME, content)


def test_a_workbook_that_is_made_to_keep_a_parser_busy_is_taken_to_hold_them():
    long = "<!--" + "x > " * 100_000 + "-->"
    for part in (f"{long}<a/>", f"<a>{long}</a>", f"<a b='{'x > ' * 100_000}'/>"):
        assert bytes_hold(NAME, packed("xl/extra.xml", part))


def test_a_workbook_behind_something_else_is_read():
    assert bytes_hold(
        NAME, packed("xl/sharedStrings.xml", LISTED % "<t>Zebedee Thistlequill</t>", b"x")
    )
    assert not bytes_hold(NAME, packed("xl/sharedStrings.xml", LISTED % "<t>x</t>", b"x"))


def test_a_workbook_that_unpacks_too_far_is_taken_to_hold_them(monkeypatch):
    assert not bytes_hold(NAME, in_list("<t>x</t>"))
    monkeypatch.setattr(reading, "MOST_UNPACKED", 100)
    assert bytes_hold(NAME, in_list("<t>x</t>"))


@pytest.mark.parametrize("before", range(262_110, 262_150, 3))
def test_words_across_two_pieces_are_found(before):
    filler = ("so it goes, " * 30_000)[:before]
    assert bytes_hold(NAME, f"{filler} Zebedee\n, Thistlequill and {filler}".encode())
    assert bytes_hold(NAME, in_list(f"<t>{filler} Zebedee Thistlequill {filler}</t>"))
    assert not bytes_hold(NAME, f"{filler} Zebedee\n, Thistlequills and {filler}".encode())


def test_words_far_apart_with_nothing_between_are_found_across_pieces():
    between = " ,\n" * 200_000
    assert bytes_hold(NAME, f"Zebedee{between}Thistlequill".encode())


def peak_of(content: bytes) -> int:
    tracemalloc.start()
    try:
        assert not bytes_hold(NAME, content)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("text", ["<t>Zebédee was here.</t>", "<t>" + "so it goes " * 50 + "</t>"])
def test_memory_does_not_grow_with_what_a_workbook_unpacks_to(text):
    small, large = (
        in_list("</si><si>".join([text] * (size // len(text)))) for size in (700_000, 4_200_000)
    )
    assert peak_of(large) < 1.5 * peak_of(small)


def test_memory_does_not_grow_with_one_text_of_a_workbook():
    small, large = (in_list(f"<t>{'Zebédee ' * size}</t>") for size in (90_000, 540_000))
    assert peak_of(large) < 1.5 * peak_of(small)
