"""Which layout a file has, and the reader of that layout."""

import csv
from collections.abc import Sequence
from typing import TYPE_CHECKING

from performance.importer.check import start_of_day
from performance.importer.csv_text import DELIMITERS
from performance.importer.file_kinds import WEB_DOOR, Limits, refusal
from performance.importer.incoming import Reading, Source
from performance.importer.lait import read_lait, read_measures
from performance.importer.lait_dictionary import load_series, make_series, read_dictionary
from performance.importer.lait_table import is_lait, is_parquet
from performance.importer.own_layout import is_own_layout, read_own_layout
from performance.importer.published_maps import FORMATS
from performance.importer.published_reading import current_maps, read_published_file
from performance.models import Load

if TYPE_CHECKING:
    from performance.importer.loading import Options

# What the command takes, which reads a large file row by row.
COMMAND = Limits(size=8 * 1024**3, rows=100_000_000)
# Enough for the headers, and a title above them.
LOOKED_AT = 64 * 1024
LINES = 4
PARTED_OTHERWISE = (
    "the columns are parted by {}, and in the Department’s own files by commas: a program that "
    "saved it anew may have changed codes and figures too. Drop the CSV as it was downloaded"
)
PUBLISHED = {
    name
    for areas in FORMATS.values()
    for name in (areas.level, *areas.code.values())
    if name
} | {"time_period", "time_identifier"}  # fmt: skip


def read_file(source: Source, options: "Options") -> Reading:
    """The file in the course of being read, by the reader of its layout.

    Raises LoadRefused where it is of none, or cannot be read as what it is said to be.
    """
    limits = WEB_DOOR if source.path is None else COMMAND
    told, sign = _tell(source)
    layout = options.format or told
    if layout == told != Load.Format.OWN and sign not in ("", ","):
        raise refusal(source.name, PARTED_OTHERWISE.format(DELIMITERS[sign]))
    if layout == Load.Format.LAIT:
        return _read_lait(source, options)
    if layout == Load.Format.PUBLISHED:
        return read_published_file(
            source,
            current_maps(),
            release=options.release,
            released_on=options.released_on,
            limits=limits,
        )
    if options.released_on and not options.is_back_load:
        expected = (
            "a day is given from which its figures were known: say that the file is a back-load, "
            "or leave the day empty, and they are known from when they are loaded"
        )
        raise refusal(source.name, expected)
    released_at = start_of_day(options.released_on) if options.released_on else None
    return read_own_layout(source, sheet=options.sheet, limits=limits, released_at=released_at)


def tell_layout(source: Source) -> str:
    """One of Load.Format, by the file's first rows. Whatever is like nothing known is our own
    layout, whose reader says best what a file needs."""
    return _tell(source)[0]


def _tell(source: Source) -> tuple[str, str]:
    """The layout, and the sign that parts its headers; “” where that is not known."""
    if is_parquet(source):
        return Load.Format.LAIT, ""
    with source.open() as opened:
        start = opened.read(LOOKED_AT)
    if start.startswith(b"PK"):
        return Load.Format.OWN, ""
    text = start.decode("utf-8-sig", errors="replace")
    lines = text.replace("\0", "").splitlines()[:LINES]
    for sign in DELIMITERS:
        if layout := _layout_of(list(csv.reader(lines, delimiter=sign))):
            return layout, sign
    return Load.Format.OWN, ""


def _layout_of(rows: Sequence[Sequence[str]]) -> str:
    """The layout that the headers among these rows are of; “” for none that is known."""
    if any(is_own_layout(row) for row in rows):
        return Load.Format.OWN
    if any(is_lait(row) for row in rows):
        return Load.Format.LAIT
    headers = {cell.strip() for row in rows[:1] for cell in row}
    return Load.Format.PUBLISHED if headers & PUBLISHED else ""


def _read_lait(source: Source, options: "Options") -> Reading:
    if options.dictionary is None:
        expected = (
            "this is the long table of the Local Authority Interactive Tool: have it loaded by "
            "the command, with its dictionary (load_performance FILE --dictionary DICTIONARY)"
        )
        raise refusal(source.name, expected)
    dictionary = read_dictionary(Source(options.dictionary.name, path=options.dictionary))
    return read_lait(source, dictionary=dictionary, released_on=options.released_on)


def make_lait_series(source: Source, options: "Options") -> None:
    """Puts the series on record that the long table's measures need; writes them."""
    if options.dictionary is None or tell_layout(source) != Load.Format.LAIT:
        return
    dictionary = read_dictionary(Source(options.dictionary.name, path=options.dictionary))
    load_series(make_series(dictionary, read_measures(source)))
