"""From the bytes of a CSV file to rows of text: its encoding, its delimiter, its quotation marks.

Where bytes can be read in two ways nothing is read, and the reader is asked.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator

from performance.importer.file_kinds import (
    Limits,
    refusal,
    too_many_columns,
    too_many_rows,
)
from performance.importer.raw_tables import RawRow

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
# What stands in English, Welsh, Gaelic and French words and in their punctuation. Other signs
# of Windows-1252 are what other encodings' letters look like in it: é of a Mac becomes Ž.
OF_WINDOWS_1252 = frozenset(
    "£€‘’“”–—•…°½¼¾²³±×÷§©®™·\u00a0\u00adÀÁÂÄÇÈÉÊËÌÍÎÏÑÒÓÔÖÙÚÛÜÝŸßàáâäçèéêëìíîïñòóôöùúûüýÿåøæÅØÆ"
)
# Two or three bytes that only UTF-8 puts together.
OF_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
LINE_END = re.compile(r"\r\n|\r|\n")
SAVE_AS_UTF_8 = "in which encoding was it saved? Save it as “CSV UTF-8” and drop that file"
QUOTATION_MARK = (
    "a quotation mark is not closed here, or stands within a cell without being doubled: mend the "
    "row or save the file again"
)
SAMPLE = 50


def decode(file: str, content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding.

    UTF-8 with or without its mark, UTF-16 with it, Windows-1252; raises LoadRefused with a
    question, and the row, for anything else.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _without_lost_signs(file, _decode_utf_16(file, content), "UTF-16")
    try:
        text, encoding = content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        text, encoding = _decode_windows(file, content, error.start), "Windows-1252"
    return _without_lost_signs(file, text, encoding)


def _decode_utf_16(file: str, content: bytes) -> str:
    try:
        return content.decode("utf-16")
    except UnicodeDecodeError as error:
        expected = "the text starts as UTF-16 and goes on otherwise: was it cut short?"
        raise refusal(file, f"{expected} Save it as “CSV UTF-8”") from error


def _decode_windows(file: str, content: bytes, at: int) -> str:
    if content.startswith(codecs.BOM_UTF8) or OF_UTF_8.search(content):
        expected = f"the text is UTF-8 in some places and not here: {SAVE_AS_UTF_8}"
        raise refusal(file, expected, _row_of_byte(content, at), "", f"byte {content[at]:02X}")
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        expected = f"this is neither UTF-8 nor Windows-1252: {SAVE_AS_UTF_8}"
        at = error.start
        raise refusal(
            file, expected, _row_of_byte(content, at), "", f"byte {content[at]:02X}"
        ) from error
    odd = next((n for n, sign in enumerate(text) if sign > "\x7f" and sign not in OF_WINDOWS_1252),
               None)  # fmt: skip
    if odd is not None:
        expected = f"read as Windows-1252 this sign makes no sense: {SAVE_AS_UTF_8}"
        raise refusal(file, expected, _row_of_byte(content, odd), "", text[odd])
    return text


def _row_of_byte(content: bytes, at: int) -> int:
    return _line(content[:at].decode("latin-1"))


def _line(before: str) -> int:
    """The line that follows the text; a line break inside a cell counts as one too."""
    return len(LINE_END.findall(before)) + 1


def _without_lost_signs(file: str, text: str, encoding: str) -> tuple[str, str]:
    for sign, expected in (
        ("\x00", "a NUL byte stands here: was the file damaged? Save it again"),
        ("\ufffd", f"a letter was lost here when the file was saved: {SAVE_AS_UTF_8}"),
    ):
        if (at := text.find(sign)) >= 0:
            around = LINE_END.split(text[max(at - 20, 0) : at])[-1] + text[at]
            raise refusal(file, expected, _line(text[:at]), "", around)
    return text, encoding


def read_rows(file: str, text: str, limits: Limits) -> tuple[list[RawRow], str]:
    """Every row, blank ones too, and the delimiter.

    A row's number is the one that a spreadsheet shows: a line break between quotation marks
    starts none. Raises LoadRefused where quotation marks do not close, or past the limits.
    """
    delimiter = find_delimiter(file, text)
    rows: list[RawRow] = []
    reader = make_reader(text, delimiter)
    try:
        for number, values in enumerate(reader, start=1):
            # Headers, and a title above them, are not counted.
            if number > limits.rows + 2:
                raise refusal(file, too_many_rows(limits))
            if len(values) > limits.columns:
                raise refusal(file, too_many_columns(limits), number)
            rows.append(RawRow(number, tuple(values)))
    except csv.Error as error:
        raise refusal(file, QUOTATION_MARK, len(rows) + 1) from error
    return rows, delimiter


def make_reader(text: str | Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Every row of a text, or of its lines, each with its line end."""
    lines = io.StringIO(text, newline="") if isinstance(text, str) else text
    return csv.reader(lines, delimiter=delimiter, strict=True)


def find_delimiter(file: str, text: str) -> str:
    """The one sign that parts the first rows alike; asks where two do."""
    widths = {sign: _widths(text, sign) for sign in DELIMITERS}
    parting = [sign for sign, found in widths.items() if max(found, default=0) >= 2]
    first = [sign for sign in parting if widths[sign][0] >= 2]
    alike = [sign for sign in parting if _are_alike(widths[sign])]
    if len(alike) == 1 and first in ([], alike):
        return alike[0]
    # Some row has a cell too many or too few, which is told when the table is made.
    if not alike and len(first or parting) == 1:
        return (first or parting)[0]
    if not parting:
        expected = "only one column was found: is this a table, parted by commas or tabs?"
        raise refusal(file, expected)
    by = " or ".join(
        DELIMITERS[sign] for sign in DELIMITERS if sign in {*alike, *first} or not first
    )
    raise refusal(file, f"are the columns parted by {by}? Save it as “CSV UTF-8”")


def _widths(text: str, delimiter: str) -> list[int]:
    """How many cells each of the first rows has, blank ones left out; none where it cannot be."""
    found: list[int] = []
    try:
        for values in make_reader(text, delimiter):
            if any(value.strip() for value in values):
                found.append(len(values))
            if len(found) == SAMPLE:
                break
    except csv.Error:
        # Which quotation mark is wrong is told when the rows are read.
        return found
    return found


def _are_alike(widths: list[int]) -> bool:
    """Whether all rows have the same number of cells, at least two; a title may have one."""
    rows = widths[1:] if widths and widths[0] == 1 else widths
    return bool(rows) and rows[0] >= 2 and len(set(rows)) == 1
