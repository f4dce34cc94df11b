"""Areas, indicators, series, targets and figures in our own layout: read, check, load."""

from pathlib import Path

from django.db import transaction
from django.utils.timezone import now

from performance.importer import read
from performance.importer.cells import MODELS, check_cells
from performance.importer.check import Checker
from performance.importer.checking import known_from_now
from performance.importer.entering import take_the_lock
from performance.importer.figures import load_figures, load_targets, read_figures
from performance.importer.folder_checks import check_figures, find_locked
from performance.importer.held_back import refuse_folder_if_held_back
from performance.importer.layouts import LAYOUTS
from performance.importer.loading import refuse_locked
from performance.importer.problems import LoadReport, told_by_the_database, unexplained
from performance.importer.reference import load_reference
from performance.models import Load


def load_performance(
    folder: Path, *, commit: bool, reason: str = "", unlock_reason: str = ""
) -> LoadReport:
    """Loads the folder's files, all or nothing; without `commit`, only says what would change.

    What a file that is not there would name is looked up on record: a council's own folder need
    not repeat the areas, indicators and series of another. Raises LoadRefused with every problem
    that was found, and where something is revised and `reason` does not say why; LockedPeriods
    where figures of a locked period change without `unlock_reason`; HeldBack.
    """
    refuse_folder_if_held_back(folder, LAYOUTS)
    tables, absent = read.read_tables_there(folder, LAYOUTS)
    check, report = Checker(), LoadReport(read=sum(map(len, tables.values())), absent=absent)
    check_cells(tables, MODELS, check)
    check.refuse_if_wrong()
    report.describing = report.read - len(tables["targets"]) - len(tables["figures"])
    with told_by_the_database(folder.name, check), transaction.atomic():
        # Before anything is compared: a withdrawal, a lock or another load may be under way.
        take_the_lock()
        reference = load_reference(tables, check)
        load_targets(tables["targets"], reference, check, report)
        load = Load.objects.create(
            file_name=folder.name,
            sha256=read.digest(folder, LAYOUTS),
            format=Load.Format.FOLDER,
            state=Load.State.LOADED,
            loaded_at=now(),
            released_at=known_from_now(),
            reason=reason,
        )
        given = read_figures(tables["figures"], reference, check)
        check_figures(given, check)
        rows = load_figures(given, load, check, report)
        check.refuse_if_wrong()
        locked = find_locked(load, rows)
        report.locked = len(locked)
        if commit:
            refuse_locked("figures.csv", locked, len(locked), unlock_reason)
        if commit and report.revised and not reason.strip():
            raise unexplained(folder.name, report.revised)
        load.unlock_reason = unlock_reason if locked else ""
        record(load, report)
        if not commit:
            transaction.set_rollback(True)
    return report


def record(load: Load, report: LoadReport) -> None:
    """Writes what the load did beside it; a load that changed nothing leaves no trace."""
    if not (report.new or report.revised):
        load.delete()
        return
    load.rows_read, load.rows_new = report.read, report.new
    load.rows_unchanged, load.rows_revised = report.unchanged, report.revised
    load.save()
