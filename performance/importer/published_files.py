"""Published files, read by maps that are data: read, check, load; all or nothing."""

from pathlib import Path

from django.db import connection, transaction
from django.utils.timezone import now

from performance.importer.check import Checker
from performance.importer.incoming import IncomingFigure
from performance.importer.performance_files import record
from performance.importer.problems import LoadReport, Problem, told_by_the_database
from performance.importer.published_cells import SeriesReader
from performance.importer.published_maps import Maps, PublishedFile, read_maps
from performance.importer.published_table import find_published, read_published
from performance.importer.staging import enter_figures
from performance.models import Load, Measurement


def load_published_files(folder: Path, *, commit: bool) -> dict[str, LoadReport]:
    """Loads the files of `folder/dfe` by the maps in `folder`; what each did, by its name.

    Files are loaded in the order of `dfe_files.csv`, earlier releases first, so that a later one
    revises them. Areas, indicators and series must be on record. All or nothing; without
    `commit`, only says what would change. Raises LoadRefused with the problems that were found.
    """
    check = Checker()
    maps = read_maps(folder, check)
    check.refuse_if_wrong()
    reports = {}
    with told_by_the_database(folder.name, check), transaction.atomic():
        for file in maps.files:
            reports[file.name] = _load_file(folder / "dfe", file, maps, check)
        check.refuse_if_wrong()
        if not commit:
            transaction.set_rollback(True)
    if commit:
        _refresh_statistics()
    return reports


def _load_file(folder: Path, file: PublishedFile, maps: Maps, check: Checker) -> LoadReport:
    report = LoadReport()
    columns = [*file.areas.columns, *maps.columns(file.name)]
    source = find_published(folder, file.name)
    table = read_published(source, file.name, columns, check)
    if source is None or table is None:
        return report
    rows: list[IncomingFigure] = []
    for series_map in maps.by_file.get(file.name, []):
        rows += SeriesReader(file, series_map, maps, check).read(table.frame)
    if check.problems:
        return report
    load = Load.objects.create(
        file_name=file.name,
        sha256=source.sha256,
        format=Load.Format.PUBLISHED,
        title=file.row["release"],
        state=Load.State.LOADED,
        loaded_at=now(),
        released_at=file.released_at,
        released_basis=file.released_basis,
    )
    entered = enter_figures(rows, load, file.released_at, file.released_basis)
    for row in entered.refused:
        expected = "a later or another version of the same day is already on record"
        check.problems.append(Problem(file.name, row.file_row, row.column, row.text, expected))
    report.read, report.new = len(rows), entered.new
    report.unchanged, report.revised = entered.unchanged, entered.revised
    record(load, report)
    return report


def _refresh_statistics() -> None:
    """So that the first pages after a large load are planned for the rows that are there now."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Measurement._meta.db_table}")
