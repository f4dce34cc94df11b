"""Whether a file that was given holds the words: read as the importers read it, in flat memory."""

import codecs
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO
from xml.parsers import expat

from improvement.removal.matching import Passing, Words
from performance.importer.workbook_parts import UNREADABLE, check_parts

# A workbook that unpacks to more than this is not looked into, and counts as holding the words.
MOST_UNPACKED = 60_000_000
CHUNK = 256 * 1024
# Parts whose names are the spreadsheet program's own: of styles, of colours, of kinds of part.
OF_THE_PROGRAM = {"styleSheet", "theme", "Types"}
# What people type into a workbook beside its cells: names, tips, descriptions, kept answers.
TYPED = {
    "name", "displayName", "caption", "display", "tooltip", "title", "descr", "alt", "prompt",
    "promptTitle", "error", "errorTitle", "comment", "v",
}  # fmt: skip
# A text may be parted into runs, each with its looks; they are read as one.
ONE_TEXT = {"si", "is", "text", "p"}


class _Holds(Exception):
    """The words were found."""


def file_holds(sought: Sequence[Words], opened: BinaryIO) -> bool:
    """Whether a file, a CSV or a workbook, holds any of the words; one that cannot be read, or
    that is too large to be looked through, is taken to."""
    is_workbook = opened.read(2) == b"PK"
    if not is_workbook and _text_holds(sought, opened):
        return True
    # The importers take a workbook with something before it, too.
    opened.seek(0)
    if not is_workbook and not zipfile.is_zipfile(opened):
        return False
    opened.seek(0)
    try:
        with zipfile.ZipFile(opened) as packed:
            parts = packed.infolist()
            if sum(part.file_size for part in parts) > MOST_UNPACKED:
                return True
            check_parts("", packed)
            return any(_part_holds(sought, packed, part) for part in parts)
    except Exception:  # zipfile raises a dozen kinds of error on a broken list of parts
        return True


def _text_holds(sought: Sequence[Words], opened: BinaryIO) -> bool:
    """In any of the encodings in which the importers read text."""
    opened.seek(0)
    is_wide = opened.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return any(
        _any_holds(sought, _decoded(opened, encoding))
        for encoding in (["utf-16"] if is_wide else ["utf-8", "cp1252"])
    )


def _decoded(opened: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    opened.seek(0)
    while chunk := opened.read(CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", True)


def _any_holds(sought: Sequence[Words], pieces: Iterable[str]) -> bool:
    passing = Passing(sought)
    return any(map(passing.holds, pieces)) or passing.ends_with_them()


def _part_holds(sought: Sequence[Words], packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Pictures and what else is no XML holds no text."""
    reader = _PartReader(sought)
    with packed.open(part) as opened:
        try:
            while chunk := opened.read(CHUNK):
                reader.feed(chunk)
            return reader.ends_with_them()
        except _Holds:
            return True
        except UNREADABLE:
            # Notes in the old form (.vml) are seldom well-formed, and no importer reads them.
            return part.filename.lower().endswith(".xml")


class _PartReader:
    """The text of one part of a workbook, in whatever encoding it says that it is: what is one
    text as it stands, and a blank between any two."""

    def __init__(self, sought: Sequence[Words]) -> None:
        self._passing = Passing(sought)
        self._has_begun = self._is_of_the_program = False
        self._is_listed = self._is_place = False
        self._is_parted = True
        # How deep in a text, and in the reading aid (rPh) of one.
        self._in_text = self._in_aid = 0
        # What is said after the text in which it stands.
        self._aside: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._declares
        self._parser.StartElementHandler = self._starts
        self._parser.EndElementHandler = self._ends
        self._parser.CharacterDataHandler = self._says

    def feed(self, chunk: bytes) -> None:
        """Raises _Holds where the words stand in what was read so far, and UNREADABLE."""
        self._parser.Parse(chunk)

    def ends_with_them(self) -> bool:
        self._parser.Parse(b"", True)
        return self._passing.ends_with_them()

    def _declares(self, *_: object) -> None:
        # What it stands for may be spelled anyhow; no spreadsheet writes one.
        raise _Holds

    def _starts(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if not self._has_begun:
            self._has_begun, self._is_of_the_program = True, local in OF_THE_PROGRAM
        if local in ONE_TEXT:
            self._in_text += 1
        elif local == "rPh":
            self._in_aid += 1
        if local == "c":
            self._is_listed = attributes.get("t") == "s"
        elif local == "v":
            # Where the cell's text stands in the workbook's list of texts: a number.
            self._is_place = self._is_listed
        elif attributes and local != "row" and not self._is_of_the_program:
            self._typed_in(attributes)
        self._part()

    def _typed_in(self, attributes: dict[str, str]) -> None:
        is_outside = attributes.get("TargetMode") == "External"
        self._aside += [
            value
            for name, value in attributes.items()
            if name in TYPED or (is_outside and name == "Target")
        ]

    def _ends(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local == "rPh":
            self._in_aid -= 1
        elif local in ONE_TEXT:
            self._in_text -= 1
        elif local == "v":
            self._is_place = False
        self._part()

    def _says(self, text: str) -> None:
        if self._in_aid:
            self._aside.append(text)
        elif not self._is_place:
            self._is_parted = False
            self._say(text)

    def _part(self) -> None:
        """Ends a text, and says what was kept aside of it."""
        if self._in_text or (self._is_parted and not self._aside):
            return
        self._say(" ".join(["", *self._aside, ""]))
        self._aside.clear()
        self._is_parted = True

    def _say(self, text: str) -> None:
        if self._passing.holds(text):
            raise _Holds
