"""What the bytes of a file are, and the sentence that refuses each kind that is not a table.

Nothing is unpacked here but the list of a zip's parts; what the file is called does not matter.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Literal

from performance.importer.problems import LoadRefused, Problem

Kind = Literal[
    "csv", "xlsx", "macros", "encrypted", "xls", "xlsb", "ods", "numbers", "document", "zip",
    "unreadable zip", "part of a zip locked", "html", "xml", "json", "pdf", "compressed",
    "picture", "rtf", "utf-16 without its mark", "utf-32", "empty", "binary",
]  # fmt: skip

AS_A_TABLE = "save it as “Excel workbook (.xlsx)” or “CSV UTF-8” and drop that file"

REFUSALS: dict[Kind, str] = {
    "macros": f"the workbook holds macros, which are never opened: {AS_A_TABLE}",
    "encrypted": "the file is protected by a password: take the password away and save it again",
    "xls": f"this is a workbook of Excel before 2007, or another old Office file: {AS_A_TABLE}",
    "xlsb": f"this is a binary Excel workbook (.xlsb): {AS_A_TABLE}",
    "ods": f"this is an OpenDocument file: {AS_A_TABLE}",
    "numbers": f"this is an Apple Numbers file: {AS_A_TABLE}",
    "document": "this is a Word or PowerPoint file: put its table in a workbook and drop that",
    "zip": "this is a zip folder and not a table: take the table out of it and drop that",
    "unreadable zip": "the workbook or zip is damaged or cut short: fetch or save it again",
    "part of a zip locked": "parts of it are protected by a password: save it without one",
    "html": f"this is a web page, whatever its name says: open it, {AS_A_TABLE}",
    "xml": f"this is XML and not a table: open it, {AS_A_TABLE}",
    "json": "this is JSON and not a table: drop the same data as CSV",
    "pdf": "this is a PDF, from which no figure can be read safely: drop the table behind it",
    "compressed": "this is a compressed file: unpack it and drop the table that is in it",
    "picture": "this is a picture, from which no figure can be read: drop the table behind it",
    "rtf": "this is a text document (RTF): put its table in a workbook and drop that",
    "utf-16 without its mark": "is this text in UTF-16? It does not say so at its start: save it "
    "as “CSV UTF-8”",
    "utf-32": "this text is in UTF-32, which is not read: save it as “CSV UTF-8”",
    "empty": "the file is empty: was the right one dropped?",
    "binary": f"this is not a table but some other kind of file: {AS_A_TABLE}",
}

STARTS: list[tuple[bytes, Kind]] = [
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "compressed"),
    (b"BZh", "compressed"),
    (b"\xfd7zXZ\x00", "compressed"),
    (b"7z\xbc\xaf\x27\x1c", "compressed"),
    (b"Rar!\x1a\x07", "compressed"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
]
UTF16 = (b"\xff\xfe", b"\xfe\xff")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = re.compile(rb"<(!doctype\s+html|html|head|body|table|meta|div|script|p)[\s>]", re.I)
JSON = re.compile(rb'\{\s*["}]|\[\s*[\[{"\d\]]')
LOOKED_AT = 4096
LOCKED = 0x1


@dataclass(frozen=True)
class Limits:
    """How large a file may be: in bytes and rows, and how far a workbook may unpack.

    `ratio` holds for each part of a workbook of more than `ratio_from` bytes: ordinary sheets
    shrink ten to sixty times, and what is made to fill a machine about a thousand times.
    """

    size: int = 20 * 1024 * 1024
    rows: int = 100_000
    columns: int = 1_000
    unpacked: int = 400 * 1024 * 1024
    ratio: int = 200
    ratio_from: int = 1024 * 1024
    parts: int = 2_000


WEB_DOOR = Limits()


def check_file(name: str, content: bytes, limits: Limits = WEB_DOOR) -> Literal["csv", "xlsx"]:
    """Whether the file is read as CSV or as a workbook.

    Raises LoadRefused with the sentence of its kind, or where it is too large or unpacks too far.
    """
    if len(content) > limits.size:
        raise refusal(name, too_large(len(content), limits))
    kind = tell_kind(content)
    if kind == "csv":
        return "csv"
    if kind != "xlsx":
        raise refusal(name, REFUSALS[kind])
    if too_far := _unpacks_too_far(content, limits):
        raise refusal(name, too_far)
    return "xlsx"


def refusal(
    name: str,
    expected: str,
    row: int | None = None,
    column: str = "",
    found: str = "",
    kind: str = "",
) -> LoadRefused:
    """The refusal of a file for one reason; `kind`: as LoadRefused has it."""
    return LoadRefused([Problem(name, row, column, found, expected)], kind)


def too_many_rows(limits: Limits) -> str:
    return (
        f"there are more than {limits.rows:,} rows, the most that are taken here: part the file, "
        "or have it loaded by the command"
    )


def too_many_columns(limits: Limits) -> str:
    return f"more than {limits.columns:,} columns: is this a table?"


def too_large(size: int, limits: Limits) -> str:
    return (
        f"the file has {_megabytes(size)} and at most {_megabytes(limits.size)} are taken here: "
        "part it, or have it loaded by the command"
    )


def tell_kind(content: bytes) -> Kind:
    """What the bytes are, by what they hold. “csv” is any text that could be one."""
    start = content[:LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not content.strip(b"\xef\xbb\xbf \t\r\n\x00\xff\xfe"):
        return "empty"
    for mark, kind in STARTS:
        if content.startswith(mark):
            return kind
    if content.startswith(OLD_OFFICE):
        return "encrypted" if "EncryptedPackage".encode("utf-16-le") in content else "xls"
    # A cut or broken workbook may have lost its start or its end, seldom both.
    if content.startswith(b"PK") or zipfile.is_zipfile(io.BytesIO(content)):
        return _tell_zip(content)
    if b"%PDF-" in content[:1024]:
        return "pdf"
    return _tell_text(content, start)


def _tell_text(content: bytes, start: bytes) -> Kind:
    if content.startswith(UTF16):
        return "csv"
    if HTML.match(start) or (start.startswith(b"<") and HTML.search(start)):
        return "html"
    if start.startswith((b"<?xml", b"<!DOCTYPE", b"<Workbook")):
        return "xml"
    if JSON.match(start):
        return "json"
    looked_at = content[:LOOKED_AT]
    even, odd = looked_at[::2].count(0), looked_at[1::2].count(0)
    if max(even, odd) * 4 > len(looked_at) and min(even, odd) * 20 < max(even, odd):
        return "utf-16 without its mark"
    control = sum(byte < 32 and byte not in b"\t\n\r\x0c" for byte in looked_at)
    # A stray NUL or two in a short table is told with its row.
    return "binary" if control > max(len(looked_at) / 20, 5) else "csv"


def _tell_zip(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            types = _text_of(packed, "[Content_Types].xml") + _text_of(packed, "mimetype")
    except Exception:  # zipfile raises a dozen kinds of error on a broken list of parts
        return "unreadable zip"
    names = {part.filename.lower() for part in parts}
    if any("vbaproject" in name for name in names) or b"macroEnabled" in types:
        return "macros"
    if any(part.flag_bits & LOCKED for part in parts):
        return "part of a zip locked"
    if b"opendocument" in types:
        return "ods"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return "document"
    if any(name.endswith(".iwa") or name == "index.zip" for name in names):
        return "numbers"
    return "xlsx" if "xl/workbook.xml" in names else "zip"


def _text_of(packed: zipfile.ZipFile, name: str) -> bytes:
    """The first bytes of a part, however far it would unpack; none where it is not there."""
    if name not in packed.namelist() or packed.getinfo(name).flag_bits & LOCKED:
        return b""
    with packed.open(name) as part:
        return part.read(1024 * 1024)


def _unpacks_too_far(content: bytes, limits: Limits) -> str:
    """Why the workbook is not unpacked, by what its list of parts says; empty where it may be.

    The list can be believed: no more of a part is ever unpacked than it says there is.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
    if len(parts) > limits.parts:
        return f"the workbook has {len(parts):,} parts: copy the table into a new workbook"
    total = sum(part.file_size for part in parts)
    if total > limits.unpacked:
        return (
            f"the workbook would unpack to {_megabytes(total)} and at most "
            f"{_megabytes(limits.unpacked)} are taken: copy the table into a new workbook"
        )
    for part in parts:
        packed_size = max(part.compress_size, 1)
        if part.file_size > limits.ratio_from and part.file_size > limits.ratio * packed_size:
            return (
                f"a part of the workbook would unpack to {part.file_size // packed_size:,} times "
                "its size: copy the table into a new workbook"
            )
    return ""


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:,.1f} MB"
