"""Each kind of file that is not a table has its sentence; none is unpacked to find out."""

import io
import lzma
import zipfile

import openpyxl
import pytest

from performance.importer.file_kinds import REFUSALS, Limits, check_file, tell_kind
from performance.importer.problems import LoadRefused

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return out.getvalue()


def workbook():
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["area", "value"])
    book.save(out)
    return out.getvalue()


def locked():
    content = bytearray(packed(xl__workbook_DOT_xml="x"))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"area,value\n336,46\n", "csv"),
        ("area,value\n".encode("utf-16"), "csv"),
        (workbook(), "xlsx"),
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\n", "empty"),
        (b"\xff\xfe", "empty"),
        (packed(xl__workbook_DOT_xml="x", xl__vbaProject_DOT_bin="x"), "macros"),
        (OLD_OFFICE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (OLD_OFFICE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "xls"),
        (packed(xl__workbook_DOT_bin="x"), "xlsb"),
        (packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ods"),
        (packed(Index__Document_DOT_iwa="x"), "numbers"),
        (packed(word__document_DOT_xml="x"), "document"),
        (packed(figures_DOT_csv="area,value"), "zip"),
        (workbook()[:-200], "unreadable zip"),
        (locked(), "part of a zip locked"),
        (b"\n<!DOCTYPE html><title>Figures</title>", "html"),
        (b"<table border=1><tr><td>46</td></tr></table>", "html"),
        (b'<?xml version="1.0"?><html xmlns="x"><body></body></html>', "html"),
        (b'<?xml version="1.0"?><Workbook></Workbook>', "xml"),
        (b'[{"area": "336"}]', "json"),
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (lzma.compress(b"area,value"), "compressed"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"{\\rtf1 Figures}", "rtf"),
        ("area,value\n336,46\n".encode("utf-16-le"), "utf-16 without its mark"),
        ("area,value\n".encode("utf-32"), "utf-32"),
        (bytes(range(256)) * 4, "binary"),
    ],
)
def test_a_kind_is_told_by_what_the_file_holds_and_has_its_sentence(content, kind):
    assert tell_kind(content) == kind
    if kind in ("csv", "xlsx"):
        assert check_file("file", content) == kind
        return
    with pytest.raises(LoadRefused) as refused:
        check_file("quarter.csv", content)
    assert [str(one) for one in refused.value.problems] == [f"quarter.csv: {REFUSALS[kind]}"]


def test_every_sentence_says_something_of_its_own():
    assert len(set(REFUSALS.values())) == len(REFUSALS)


@pytest.mark.parametrize(
    ("content", "limits", "said"),
    [
        (b"area,value\n" * 10, Limits(size=100), "at most 0.0 MB are taken here"),
        (packed(xl__workbook_DOT_xml=b"0" * 5_000_000), Limits(), "times its size"),
        (packed(xl__workbook_DOT_xml=b"0" * 5000), Limits(unpacked=4999), "would unpack to"),
        (packed(xl__workbook_DOT_xml="x", a="x", b="x"), Limits(parts=2), "has 3 parts"),
    ],
)
def test_a_file_past_a_limit_is_refused_before_it_is_unpacked(content, limits, said):
    with pytest.raises(LoadRefused) as refused:
        check_file("quarter.xlsx", content, limits)
    assert said in str(refused.value.problems[0])


def test_a_workbook_that_says_less_than_it_unpacks_to_is_never_unpacked_further():
    content = bytearray(packed(xl__workbook_DOT_xml=b"0" * 5_000_000))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    with (
        zipfile.ZipFile(io.BytesIO(bytes(content))) as made,
        pytest.raises(zipfile.BadZipFile, match="CRC"),
    ):
        made.read("xl/workbook.xml")
