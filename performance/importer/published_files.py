"""Published files, read by maps that are data: read, check, load; all or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from django.db import connection, transaction
from django.utils import timezone

from performance.importer.check import Checker
from performance.importer.checking import Checked, stage
from performance.importer.entering import refresh_statistics, take_the_lock
from performance.importer.held_back import (
    refuse_folder_if_held_back,
    refuse_source_if_held_back,
)
from performance.importer.incoming import IncomingFigure, Reading, Source
from performance.importer.loading import check_reading, enter_checked, refuse_locked
from performance.importer.problems import LoadReport, told_by_the_database, unexplained
from performance.importer.published_cells import SeriesReader
from performance.importer.published_maps import LAYOUTS, Maps, PublishedFile, read_maps
from performance.importer.published_table import find_published, read_published
from performance.importer.repeats import keep_repeats, loads_to_read_again
from performance.importer.screening_report import ScreeningReport
from performance.importer.staging import SAME_KEY, TABLE
from performance.models import Load

# What stood on record before the first file of this run, in whichever version an earlier release
# takes its place.
WERE_ON_RECORD = f"""
SELECT count(*) FROM staged s JOIN compared c USING (place)
WHERE c.outcome IN ('revised', 'earlier') AND EXISTS (
    SELECT FROM {TABLE} m
    WHERE {SAME_KEY} AND (c.outcome = 'earlier' OR m.id = c.current_id)
        AND (m.load_id IS NULL OR m.load_id <= %s)
)
"""


@dataclass(frozen=True)
class _Run:
    """`last_before` is the newest load that there was before the first file was read."""

    last_before: int
    commit: bool
    reason: str
    unlock_reason: str


def load_published_files(
    folder: Path, *, commit: bool, reason: str = "", unlock_reason: str = ""
) -> dict[str, LoadReport]:
    """Loads the files of `folder/dfe` by the maps in `folder`; what each did, by its name.

    Files are loaded in the order of `dfe_files.csv`, earlier releases first, so that a later one
    revises them. Areas, indicators and series must be on record. Of a file that was loaded before
    it was kept what a file gives again, that is put on record first. A file whose load was
    withdrawn is left out. All or nothing; without `commit`, only says what would change.

    Raises LoadRefused with the problems that were found, also where figures that were on record
    are revised and `reason` does not say why (a release that restates one of the same run speaks
    for itself); LockedPeriods where figures of a locked period change without `unlock_reason`;
    HeldBack.
    """
    refuse_folder_if_held_back(folder, LAYOUTS)
    check = Checker()
    maps = read_maps(folder, check)
    check.refuse_if_wrong()
    reports = {}
    with told_by_the_database(folder.name, check), transaction.atomic():
        take_the_lock()
        last = Load.objects.order_by("-id").values_list("id", flat=True).first() or 0
        run = _Run(last, commit, reason, unlock_reason)
        repeats = _read_again(folder / "dfe", maps)
        for file in maps.files:
            reports[file.name] = _load_file(folder / "dfe", file, maps, check, run)
            reports[file.name].repeats = repeats.get(file.name)
        check.refuse_if_wrong()
        unsaid = sum(report.unsaid for report in reports.values())
        if commit and unsaid and not reason.strip():
            raise unexplained(folder.name, unsaid)
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
    that has the columns of its maps. Raises HeldBack."""
    if source:
        refuse_source_if_held_back(source)
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


def _load_file(
    folder: Path, file: PublishedFile, maps: Maps, check: Checker, run: _Run
) -> LoadReport:
    report = LoadReport()
    source = find_published(folder, file.name)
    if source and (why := _say_withdrawn(source)):
        report.left_out = why
        return report
    reading = _read(source, file, maps, check)
    if source is None or reading is None:
        return report
    is_known = Load.objects.filter(sha256=source.sha256, state=Load.State.LOADED).exists()
    # Each file stands on its own day, whatever was loaded before it.
    load = Load(file_name=file.name, sha256=source.sha256, format=reading.format, is_back_load=True)
    load.size = source.size
    load.save()
    checked, screened = check_reading(reading, load)
    report.read, report.new = screened.rows_read, checked.new
    report.unchanged, report.revised = checked.unchanged, checked.revised
    report.locked, report.unsaid = screened.locked_total, _count_on_record(checked, run)
    if checked.new or checked.revised or not is_known:
        _enter(load, checked, screened, report, run)
    else:
        load.delete()
    return report


def _enter(
    load: Load, checked: Checked, screened: ScreeningReport, report: LoadReport, run: _Run
) -> None:
    """Raises LockedPeriods, but for a dry run, which only says that there are such figures."""
    if run.commit:
        refuse_locked(load.file_name, screened.locked, report.locked, run.unlock_reason)
    enter_checked(
        load,
        checked,
        screened,
        by=None,
        reason=run.reason if report.unsaid else "",
        unlock_reason=run.unlock_reason if report.locked else "",
    )


def _count_on_record(checked: Checked, run: _Run) -> int:
    """How many of the figures that are revised were on record before this run."""
    if not checked.revised:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(WERE_ON_RECORD, [run.last_before])
        return min(cursor.fetchone()[0], checked.revised)


def _say_withdrawn(source: Source) -> str:
    """When and by whom the file's load was taken back; empty where it was not, or the file was
    loaded again since."""
    loads = Load.objects.filter(sha256=source.sha256)
    if loads.filter(state=Load.State.LOADED).exists():
        return ""
    withdrawn = loads.filter(state=Load.State.WITHDRAWN).order_by("-id").first()
    if withdrawn is None:
        return ""
    said = f"load {withdrawn.pk} of it was withdrawn"
    withdrawal = getattr(withdrawn, "withdrawal", None)
    if withdrawal and withdrawal.loaded_at:
        said += f" on {timezone.localtime(withdrawal.loaded_at):%-d %B %Y}"
        said += f" by {withdrawal.loaded_by}" if withdrawal.loaded_by else ""
    return f"{said}. To load it again, give the file itself to load_performance"


def _read_figures(
    reading: Reading, frame: pd.DataFrame, file: PublishedFile, maps: Maps, check: Checker
) -> Iterator[IncomingFigure]:
    for series_map in maps.by_file.get(file.name, []):
        for figure in SeriesReader(file, series_map, maps, check).read(frame):
            reading.rows_read += 1
            yield figure
