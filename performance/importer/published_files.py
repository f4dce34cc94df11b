"""Published files, read by maps that are data: read, check, load; all or nothing."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from django.db import transaction

from performance.importer.check import Checker
from performance.importer.checking import stage
from performance.importer.entering import refresh_statistics, take_the_lock
from performance.importer.incoming import IncomingFigure, Reading, Source
from performance.importer.loading import check_reading, enter_checked
from performance.importer.problems import LoadReport, told_by_the_database
from performance.importer.published_cells import SeriesReader
from performance.importer.published_maps import Maps, PublishedFile, read_maps
from performance.importer.published_table import find_published, read_published
from performance.importer.repeats import keep_repeats, loads_to_read_again
from performance.models import Load


def load_published_files(folder: Path, *, commit: bool) -> dict[str, LoadReport]:
    """Loads the files of `folder/dfe` by the maps in `folder`; what each did, by its name.

    Files are loaded in the order of `dfe_files.csv`, earlier releases first, so that a later one
    revises them. Areas, indicators and series must be on record. Of a file that was loaded before
    it was kept what a file gives again, that is put on record first. All or nothing; without
    `commit`, only says what would change. Raises LoadRefused with the problems that were found.
    """
    check = Checker()
    maps = read_maps(folder, check)
    check.refuse_if_wrong()
    reports = {}
    with told_by_the_database(folder.name, check), transaction.atomic():
        take_the_lock()
        repeats = _read_again(folder / "dfe", maps)
        for file in maps.files:
            reports[file.name] = _load_file(folder / "dfe", file, maps, check)
            reports[file.name].repeats = repeats.get(file.name)
        check.refuse_if_wrong()
        if not commit:
            transaction.set_rollback(True)
    if commit:
        refresh_statistics()
    return reports


def _read_again(folder: Path, maps: Maps) -> dict[str, int]:
    """How many figures it now is on record that a file loaded long ago gave again, by its name.

    Before anything is loaded: an earlier release takes its place among all that was said. What is
    wrong with a file is told when it is loaded.
    """
    loads: dict[str, list[Load]] = {}
    for load in loads_to_read_again():
        loads.setdefault(load.sha256, []).append(load)
    repeats: dict[str, int] = {}
    for file in maps.files if loads else []:
        source = find_published(folder, file.name)
        if source is None or source.sha256 not in loads:
            continue
        check = Checker()
        reading = _read(source, file, maps, check)
        if reading is None or not stage(reading) or check.problems:
            continue
        repeats[file.name] = sum(map(keep_repeats, loads.pop(source.sha256)))
    return repeats


def _read(source: Source | None, file: PublishedFile, maps: Maps, check: Checker) -> Reading | None:
    """The file's figures, to be gone through once; None, and the problems noted, without a table
    that has the columns of its maps."""
    columns = [*file.areas.columns, *maps.columns(file.name)]
    table = read_published(source, file.name, columns, check)
    if table is None:
        return None
    reading = Reading(
        file.name,
        Load.Format.PUBLISHED,
        file.row["release"],
        iter(()),
        file.released_at,
        file.released_basis,
        problems=check.problems,
    )
    reading.figures = _read_figures(reading, table.frame, file, maps, check)
    return reading


def _load_file(folder: Path, file: PublishedFile, maps: Maps, check: Checker) -> LoadReport:
    report = LoadReport()
    source = find_published(folder, file.name)
    reading = _read(source, file, maps, check)
    if source is None or reading is None:
        return report
    is_known = Load.objects.filter(sha256=source.sha256, state=Load.State.LOADED).exists()
    # Each file stands on its own day, whatever was loaded before it.
    load = Load(file_name=file.name, sha256=source.sha256, format=reading.format, is_back_load=True)
    load.size = source.size
    load.save()
    checked, screened = check_reading(reading, load)
    if checked.new or checked.revised or not is_known:
        enter_checked(load, checked, screened, by=None)
    else:
        load.delete()
    report.read, report.new = screened.rows_read, checked.new
    report.unchanged, report.revised = checked.unchanged, checked.revised
    return report


def _read_figures(
    reading: Reading, frame: pd.DataFrame, file: PublishedFile, maps: Maps, check: Checker
) -> Iterator[IncomingFigure]:
    for series_map in maps.by_file.get(file.name, []):
        for figure in SeriesReader(file, series_map, maps, check).read(frame):
            reading.rows_read += 1
            yield figure
