"""The parts of a workbook, looked at before any parser works through them.

A workbook of a few hundred kilobytes can be made so that reading it takes minutes and gigabytes.
"""

import zipfile
from typing import Any
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.workbook import Workbook

from performance.importer.file_kinds import REFUSALS, refusal

ANEW = "copy the table into a new workbook"
# A hundred thousand rows of our own layout have some five million, and nearly as many attributes.
MOST_TAGS = 6_000_000
# Until a tag or comment ends, a parser begins it again with every piece that it is given. The
# longest that spreadsheets write are the places of a rule, some 100 KB for 8,192 of them; a text,
# however long, is no tag.
LONGEST_TAG = 256 * 1024
CHUNK = 64 * 1024
# All that is read whole, together. The styles of the worst workbooks have 5 MB; a spreadsheet has
# at most 65,490 formats.
MOST_WHOLE = 10 * 1024 * 1024
MOST_TAGS_WHOLE = 250_000
# An encoding that is not known, or not read, is none of expat's own errors.
UNREADABLE = (expat.ExpatError, LookupError, ValueError)


def check_parts(file: str, packed: zipfile.ZipFile) -> None:
    """Every part unpacks to what its checksum says, none declares entities of its own, and none
    is made to keep a parser busy. Whatever parses a workbook calls this first.

    Raises LoadRefused, having read no more than tells why.
    """
    names = packed.namelist()
    if len(names) != len(set(names)):
        raise refusal(file, REFUSALS["unreadable zip"])
    counted = {b"<": 0, b"=": 0}
    for name in names:
        looked = _LookedThrough(file)
        with packed.open(name) as part:
            while chunk := part.read(CHUNK):
                for sign in counted:
                    counted[sign] += chunk.count(sign)
                if max(counted.values()) > MOST_TAGS:
                    raise refusal(file, f"the workbook has millions of elements: {ANEW}")
                looked.feed(chunk)


class _LookedThrough:
    """One part, in whatever encoding, as far as it is XML."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._fed = 0
        self._is_xml = True
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._declares

    def feed(self, chunk: bytes) -> None:
        """Raises LoadRefused where entities are declared, or one tag or comment does not end."""
        if not self._is_xml:
            return
        try:
            self._parser.Parse(chunk)
        except UNREADABLE:
            self._is_xml = False
            return
        self._fed += len(chunk)
        # The parser stands where the tag, comment or text begins that it has not all of yet.
        if self._fed - self._parser.CurrentByteIndex > LONGEST_TAG:
            raise refusal(
                self._file,
                f"a part of the workbook holds one tag or comment of more than "
                f"{LONGEST_TAG // 1024} KB, which no spreadsheet writes: {ANEW}",
            )

    def _declares(self, *_: object) -> None:
        expected = "the workbook declares XML entities, which no spreadsheet writes"
        raise refusal(self._file, f"{expected}: {ANEW}")


class Parts(zipfile.ZipFile):
    """The parts of a workbook that was checked.

    What is read whole is parsed whole, at many times its size in memory: all but the rows and
    the list of texts. All of it together is held to what a spreadsheet needs.
    """

    def __init__(self, file: str, content: Any) -> None:
        super().__init__(content)
        self._file = file
        self._bytes_left, self._tags_left = MOST_WHOLE, MOST_TAGS_WHOLE

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        """Raises LoadRefused where it is too much."""
        info = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        self._bytes_left -= info.file_size
        content = super().read(info, pwd) if self._bytes_left >= 0 else b""
        self._tags_left -= content.count(b"<")
        if min(self._bytes_left, self._tags_left) < 0:
            expected = "what the workbook holds beside its rows (formats, names, lists) is far more"
            raise refusal(
                self._file,
                f"{expected} than a spreadsheet needs: copy the table, values only, into a new "
                "workbook",
            )
        return content


class _Reader(ExcelReader):
    """openpyxl's, without sheets that are all chart: there is no row in them."""

    def read_chartsheet(self, sheet: Any, rel: Any) -> None:
        pass


def read_book(parts: Parts) -> Workbook:
    """The workbook of parts that were checked, without links to others; rows are read when they
    are asked for."""
    reader = _Reader(parts.fp, read_only=True, data_only=True, keep_links=False)
    reader.archive = parts
    reader.read()
    return reader.wb
