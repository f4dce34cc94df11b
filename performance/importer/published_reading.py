"""A file of the Department for Education as a data admin drops it, read by maps that are data."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localtime

from performance.importer.check import Checker
from performance.importer.file_kinds import WEB_DOOR, Limits
from performance.importer.incoming import IncomingFigure, Reading, Source
from performance.importer.published_cells import SeriesReader, read_months, read_number
from performance.importer.published_maps import Maps, PublishedFile, read_maps
from performance.importer.published_release import find_release, in_words
from performance.importer.published_table import PublishedTable, read_published_table
from performance.models import Load


def maps_folder() -> Path:
    """The folder of the maps: `fixtures/national`, or what the setting MAPS_FOLDER names."""
    return Path(settings.MAPS_FOLDER)


def current_maps() -> Maps:
    """The maps as they stand in their folder. Raises LoadRefused with what is wrong in them."""
    check = Checker()
    maps = read_maps(maps_folder(), check)
    check.refuse_if_wrong()
    return maps


def read_published_file(
    source: Source,
    maps: Maps,
    *,
    release: str = "",
    released_on: date | None = None,
    limits: Limits = WEB_DOOR,
) -> Reading:
    """The figures of a published CSV, each of the series that the maps of its release name.

    `release`: the `file` of dfe_files.csv that it is, where its owner was asked. `released_on`:
    the day of a release that the maps do not know yet, or of a corrected file. `rows_read` counts
    the file's rows under the headers. `not_covered` counts the cells that hold a number or one of
    the release's symbols and are neither value, numerator nor denominator of a figure that was
    read; the columns that say what a row is about (area, period, filters) do not count.

    Raises LoadRefused where the file is no table, or it cannot be told which release it is.
    """
    table = read_published_table(source, limits)
    file = find_release(source.name, table, maps, release=release, released_on=released_on)
    reading = Reading(
        file=source.name,
        format=Load.Format.PUBLISHED,
        title=_title(file, maps),
        figures=iter(()),
        released_at=file.released_at,
        released_basis=file.released_basis,
        rows_read=len(table.frame),
        period_column=maps.by_file[file.name][0].period_column,
    )
    reading.figures = _read_figures(file, table, maps, reading)
    return reading


def _title(file: PublishedFile, maps: Maps) -> str:
    day = in_words(localtime(file.released_at).date())
    if file.is_new:
        return f"new release of ‘{file.title}’, released on {day}"
    known = next(one for one in maps.files if one.name == file.name)
    if file.released_at != known.released_at:
        return f"{file.row['release']}, corrected on {day}"
    return file.row["release"]


def _read_figures(
    file: PublishedFile, table: PublishedTable, maps: Maps, reading: Reading
) -> Iterator[IncomingFigure]:
    check = Checker()
    check.problems = reading.problems
    covered: dict[str, set[int]] = {}
    for series_map in maps.by_file[file.name]:
        reader = SeriesReader(file, series_map, maps, check, name=reading.file, enough=None)
        yield from reader.read(table.frame)
        for column, rows in reader.covered.items():
            covered.setdefault(column, set()).update(rows)
    cells = _count_cells(file, table, maps)
    reading.not_covered = cells - sum(map(len, covered.values()))


def _count_cells(file: PublishedFile, table: PublishedTable, maps: Maps) -> int:
    """How many cells of the file hold a number or one of the release's symbols."""
    series_maps = maps.by_file[file.name]
    about = {*file.areas.about, *(column for one in series_maps for column in one.filters)}
    symbols = {symbol for one in series_maps for symbol in one.symbols}
    has_months = any(one.form == "years:months" for one in series_maps)
    total = 0
    for place, header in enumerate(table.headers):
        if header in about:
            continue
        for text, count in table.frame.iloc[:, place].value_counts().items():
            is_number = read_number(str(text), noisy=True) is not None
            if is_number or text in symbols or (has_months and read_months(str(text))):
                total += count
    return total
