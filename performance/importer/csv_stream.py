"""A CSV file row by row, in little memory however long it is.

The file is gone through once for its encoding, before the first row is handed over: a letter that
was lost on the last line is told before anything is made of the first.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from performance.importer import csv_text
from performance.importer.file_kinds import (
    WEB_DOOR,
    Limits,
    check_file,
    refusal,
    tell_kind,
    too_large,
    too_many_columns,
    too_many_rows,
)
from performance.importer.incoming import CHUNK, Source
from performance.importer.problems import Problem, ProblemList
from performance.importer.raw_tables import (
    NO_HEADER,
    NO_ROW,
    RawRow,
    Table,
    find_header,
    is_blank,
    letter_of,
    misfit,
    text_of,
)

SAMPLE = 256 * 1024
# Above this a file must be in UTF-8: no other encoding can be told from its first part.
READ_WHOLE = WEB_DOOR.size
# Headers are looked for in this many rows: blank ones and a title may stand above them.
LOOKED_AT = 1_000


@dataclass
class CsvStream:
    """Headers, and the rows below them, which can be gone through once.

    `table` has the headers and no rows, `places` says where in a row each header's cell is. Rows
    that are not blank and fit come with the number that a spreadsheet shows; what is wrong with
    the others goes to the list of problems.
    """

    table: Table
    places: list[int]
    rows: Iterator[tuple[int, list[str]]]


def is_csv(source: Source, limits: Limits) -> bool:
    """Whether the file is read as CSV; if not, it is a workbook.

    Raises LoadRefused with the sentence of its kind, or where it is too large.
    """
    if source.size > limits.size:
        raise refusal(source.name, too_large(source.size, limits))
    with source.open() as opened:
        kind = tell_kind(opened.read(SAMPLE))
        opened.seek(max(0, source.size - SAMPLE))
        # The list of a zip's parts is at its end, where its start may be lost.
        is_zip = zipfile.is_zipfile(io.BytesIO(opened.read()))
    if kind == "csv" and not is_zip:
        return True
    return check_file(source.name, source.read(), limits) == "csv"


def open_csv(
    source: Source,
    limits: Limits,
    problems: ProblemList,
    is_header: Callable[[Sequence[str]], bool],
) -> CsvStream:
    """`is_header` knows the layout's headers, and so which sign parts them.

    Raises LoadRefused where encoding, delimiter or headers cannot be told.
    """
    whole = _whole_text(source)
    with _open(source, whole) as text:
        sample = _sample(text)
        delimiter = _parting(sample, is_header) or csv_text.find_delimiter(source.name, sample)
        text.seek(0)
        # What is wrong with a row is told when all rows are gone through.
        numbered = _numbered(
            source.name, csv_text.make_reader(text, delimiter), limits, ProblemList()
        )
        first = [RawRow(number, tuple(row)) for number, row in islice(numbered, LOOKED_AT)]
    header = first[find_header(source.name, first)]
    names = [text_of(name) for name in header.values]
    places = [place for place, name in enumerate(names) if not is_blank(name)]
    table = Table(
        file=source.name,
        header_row=header.number,
        headers=tuple(names[place] for place in places),
        letters=tuple(map(letter_of, places)),
        rows=(),
        encoding="UTF-8" if whole is None else "another",
        delimiter=delimiter,
    )

    def rows() -> Iterator[tuple[int, list[str]]]:
        with _open(source, whole) as text:
            reader = csv_text.make_reader(text, delimiter)
            every = _numbered(source.name, reader, limits, problems, above=header.number)
            below = islice(every, header.number, None)
            yield from _fitting(source.name, header.number, names, below, problems)

    return CsvStream(table, places, rows())


def _whole_text(source: Source) -> str | None:
    """The text of a file that must be read whole for its encoding; None for one in UTF-8."""
    wrong = _first_wrong_byte(source)
    if wrong is None:
        return None
    if source.size > READ_WHOLE:
        expected = f"a file of this size is read in UTF-8 only: {csv_text.SAVE_AS_UTF_8}"
        raise refusal(source.name, expected, _row_of_byte(source, wrong))
    return csv_text.decode(source.name, source.read())[0]


def _open(source: Source, whole: str | None) -> io.TextIOBase:
    if whole is not None:
        return io.StringIO(whole, newline="")
    return io.TextIOWrapper(source.open(), "utf-8-sig", newline="")


def _sample(text: io.TextIOBase) -> str:
    """The first rows, whole ones: one that is cut would look as if cells were missing."""
    sample = text.read(SAMPLE)
    if len(sample) < SAMPLE:
        return sample
    end = max(sample.rfind("\n"), sample.rfind("\r")) + 1
    return sample[:end] if end else sample


def _parting(sample: str, is_header: Callable[[Sequence[str]], bool]) -> str:
    """The one sign that parts the headers, whatever stands in the cells below; “” where none does.

    The headers may stand below a title and blank lines.
    """
    lines = [line for line in sample[:SAMPLE].splitlines()[:LOOKED_AT] if line.strip()][:2]
    found = {
        sign for sign in csv_text.DELIMITERS for line in lines
        if is_header([name.strip(' "') for name in line.split(sign)])
    }  # fmt: skip
    return found.pop() if len(found) == 1 else ""


def _first_wrong_byte(source: Source) -> int | None:
    """The place of the first byte, about, that is not UTF-8, NUL, or a letter lost when saving."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("strict")
    before = 0
    with source.open() as opened:
        while True:
            chunk = opened.read(CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return max(before + error.start, 0)
            if "\x00" in text or "\ufffd" in text:
                at = min(place for sign in "\x00\ufffd" if (place := text.find(sign)) >= 0)
                return before + len(text[:at].encode())
            if not chunk:
                return None
            before += len(chunk)


def _row_of_byte(source: Source, at: int) -> int:
    """The line on which the byte stands; a line break inside a cell counts as one too."""
    lines, last = 1, b""
    with source.open() as opened:
        while at > 0 and (chunk := opened.read(min(CHUNK, at))):
            at -= len(chunk)
            ends = chunk.count(b"\n") + chunk.count(b"\r") - chunk.count(b"\r\n")
            lines += ends - (last == b"\r" and chunk.startswith(b"\n"))
            last = chunk[-1:]
    return lines


def _numbered(
    file: str,
    reader: Iterator[list[str]],
    limits: Limits,
    problems: ProblemList,
    above: int = LOOKED_AT,
) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number, to the limits or to a quotation mark that does not close.

    `above`: the headers and what stands above them, which are not counted, as no empty line is.
    """
    number = filled = 0
    most_rows, most_columns = limits.rows + above, limits.columns
    try:
        for number, row in enumerate(reader, start=1):
            filled += bool(row)
            if filled > most_rows:
                told = Problem(file, None, "", "", too_many_rows(limits))
                problems.put_first(told, "too long")
                return
            if len(row) > most_columns:
                problems.append(Problem(file, number, "", "", too_many_columns(limits)))
                return
            yield number, row
    except csv.Error:
        problems.append(Problem(file, number + 1, "", "", csv_text.QUOTATION_MARK))


def _fitting(
    file: str,
    header_row: int,
    names: Sequence[str],
    rows: Iterable[tuple[int, list[str]]],
    problems: ProblemList,
) -> Iterator[tuple[int, list[str]]]:
    width = len(names)
    while is_blank(names[width - 1]):
        width -= 1
    unnamed = {place for place in range(width) if is_blank(names[place])}
    is_empty = True
    for number, row in rows:
        if len(row) != width or unnamed or not row[0]:
            if not any(map(str.strip, row)):
                continue
            if (problem := misfit(file, number, row, width)) is not None:
                is_empty = False
                problems.append(problem)
                continue
            for place in [place for place in unnamed if row[place].strip()]:
                unnamed.remove(place)
                problems.append(Problem(file, header_row, letter_of(place), "", NO_HEADER))
        is_empty = False
        yield number, row
    if is_empty and not problems:
        problems.append(Problem(file, header_row, "", "", NO_ROW))
