"""A file becomes a load: screened, and then, on a person's word, entered; all of it or nothing."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Self

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from performance.importer import back_loads
from performance.importer.checking import Checked, check
from performance.importer.entering import enter, refresh_statistics, take_the_lock
from performance.importer.given_again import refuse_if_loaded
from performance.importer.held_back import refuse_if_held_back, refuse_source_if_held_back
from performance.importer.incoming import IncomingFigure, Reading, Source
from performance.importer.problems import LoadRefused, Problem, unexplained
from performance.importer.reading_files import read_file
from performance.importer.report_making import make_refusal, make_report
from performance.importer.retention import lapse_old_uploads
from performance.importer.screening_report import FigureLine, ScreeningReport
from performance.models import Load

# So many figures make the planner's statistics of the table out of date.
MANY = 10_000
TOLD_EVERY = 50_000


@dataclass(frozen=True)
class Options:
    """What whoever gives a file says of it.

    `format` is empty where its headers say it; `release` names an entry of dfe_files.csv;
    `released_on` is the day of a release that is not listed there, or of a back-load; `sheet` is
    the one of a workbook's that is meant; `dictionary` is the Interactive Tool's.
    """

    format: str = ""
    release: str = ""
    released_on: date | None = None
    is_back_load: bool = False
    sheet: str = ""
    dictionary: Path | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            name: value if isinstance(value, str | bool) else str(value)
            for name, value in asdict(self).items()
            if value
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        made = cls(**{name: value for name, value in kept.items() if name in OPTIONS})
        day, dictionary = kept.get("released_on"), kept.get("dictionary")
        return replace(
            made,
            released_on=date.fromisoformat(day) if day else None,
            dictionary=Path(dictionary) if dictionary else None,
        )


OPTIONS = ("format", "release", "is_back_load", "sheet")


class ScreenedAnew(Exception):
    """The record is not what it was when the file was screened: the load carries a new report,
    and nothing was loaded."""

    def __init__(self, checked: Checked, report: ScreeningReport) -> None:
        super().__init__("The record changed since this file was screened.")
        self.checked, self.report = checked, report


class AnotherReport(Exception):
    """What the person read is not the report that the load carries now; nothing was loaded."""


class NotWaiting(Exception):
    """The load is loaded already, was refused, or its file is kept no more."""


def screen(source: Source, *, by: AbstractBaseUser | None, options: Options | None = None) -> Load:
    """The load of a file that was read and held against the record; nothing in it counts yet.

    It is refused, or screened: then its report says what would change, and the bytes wait with
    it. What the person sees is worked out in a transaction that is rolled back.
    """
    options = options or Options()
    lapse_old_uploads()
    load = _make_load(source, by, options)
    try:
        refuse_if_loaded(source)
        with transaction.atomic():
            checked, report = check_reading(read_file(source, options), load)
            transaction.set_rollback(True)
    except LoadRefused as refused:
        load.state = Load.State.REFUSED
        _note(load, make_refusal(refused))
    else:
        _note(load, report, checked)
        load.content = source.content
    load.save()
    return load


def confirm(
    load: Load,
    *,
    by: AbstractBaseUser | None,
    reason: str = "",
    unlock_reason: str = "",
    may_unlock: bool = False,
    shown: str | None = None,
) -> Load:
    """Loads a screened file from the bytes kept with it.

    `shown` is the print of the report that the person read, where they read it on a page.
    Raises NotWaiting; HeldBack; AnotherReport; LoadRefused where the record, or a lock, no longer
    allows it; ScreenedAnew where it would now change something other than the report says.
    """
    lapse_old_uploads()
    problem: Exception | None = None
    # The lock comes first: who waits for it must then see what the one before has done.
    with transaction.atomic():
        take_the_lock()
        waiting = Load.objects.select_for_update(of=("self",)).get(pk=load.pk)
        if waiting.state != Load.State.SCREENED or waiting.content is None:
            raise NotWaiting(waiting.get_state_display())
        refuse_if_held_back(io.BytesIO(waiting.content), waiting)
        if shown not in (None, waiting.report_print):
            raise AnotherReport
        try:
            with transaction.atomic():
                checked = _confirm(waiting, by, reason, unlock_reason if may_unlock else "")
        except LockedPeriods:
            raise
        except LoadRefused as refused:
            problem = refused
            waiting.state, waiting.content = Load.State.REFUSED, None
            _note(waiting, make_refusal(refused))
            waiting.save()
        except ScreenedAnew as anew:
            problem = anew
            _note(waiting, anew.report, anew.checked)
            waiting.save()
    if problem:
        raise problem
    _refresh_after(checked)
    return waiting


def _confirm(load: Load, by: AbstractBaseUser | None, reason: str, unlock_reason: str) -> Checked:
    """What the load held, once entered. Raises as `confirm`, and nothing was then written."""
    source = Source(load.file_name, bytes(load.content or b""))
    seen = ScreeningReport.from_json(load.report)
    refuse_if_loaded(source)
    reading = read_file(source, Options.from_json(load.options))
    checked, report = check_reading(reading, load)
    if _foreseen(report) != _foreseen(seen):
        raise ScreenedAnew(checked, report)
    refuse_locked(load.file_name, report.locked, report.locked_total, unlock_reason)
    enter_checked(load, checked, report, by=by, reason=reason, unlock_reason=unlock_reason)
    return checked


def try_file(
    source: Source,
    options: Options,
    prepare: Callable[[], None],
    progress: Callable[[int], None],
) -> ScreeningReport:
    """What `load_file` would do, of which nothing is kept. Raises LoadRefused and HeldBack."""
    refuse_source_if_held_back(source)
    load = _make_load(source, None, options)
    with transaction.atomic():
        refuse_if_loaded(source)
        prepare()
        _, report = check_reading(_told(read_file(source, options), progress), load)
        transaction.set_rollback(True)
    return report


def load_file(
    source: Source,
    options: Options,
    prepare: Callable[[], None],
    progress: Callable[[int], None],
    *,
    reason: str = "",
    unlock_reason: str = "",
) -> Load:
    """Reads and loads a file at once, for the command: what it changed is in the load's report.

    Its row is written first, so that one that was cut short says that it was not loaded.
    `prepare` runs inside the transaction, before the file is read; `progress` is told how many
    figures have been read, now and again. Raises LoadRefused; HeldBack, and then leaves no row.
    """
    lapse_old_uploads()
    refuse_source_if_held_back(source)
    load = _make_load(source, None, options)
    load.save()
    try:
        with transaction.atomic():
            take_the_lock()
            refuse_if_loaded(source)
            prepare()
            reading = _told(read_file(source, options), progress)
            checked = load_reading(
                reading, load, by=None, reason=reason, unlock_reason=unlock_reason
            )
    except LoadRefused as refused:
        load.state = Load.State.REFUSED
        _note(load, make_refusal(refused))
        load.save()
        raise
    _refresh_after(checked)
    return load


def load_reading(
    reading: Reading,
    load: Load,
    *,
    by: AbstractBaseUser | None,
    reason: str = "",
    unlock_reason: str = "",
) -> Checked:
    """Checks and enters what is read, inside the caller's transaction, which holds the lock.

    Raises LoadRefused, also where figures are revised and there is no `reason`.
    """
    checked, report = check_reading(reading, load)
    if report.revised and not reason.strip():
        raise unexplained(reading.file, report.revised)
    refuse_locked(load.file_name, report.locked, report.locked_total, unlock_reason)
    enter_checked(load, checked, report, by=by, reason=reason, unlock_reason=unlock_reason)
    return checked


def check_reading(reading: Reading, load: Load) -> tuple[Checked, ScreeningReport]:
    """What would change, and its report. Inside a transaction. Raises LoadRefused."""
    load.format, load.title = reading.format, reading.title[:300]
    checked = check(reading, load.pk or 0, is_back_load=load.is_back_load)
    return checked, make_report(checked)


def _told(reading: Reading, progress: Callable[[int], None]) -> Reading:
    def figures() -> Iterator[IncomingFigure]:
        for count, figure in enumerate(given, start=1):
            yield figure
            if count % TOLD_EVERY == 0:
                progress(count)

    given = reading.figures
    reading.figures = figures()
    return reading


def _refresh_after(checked: Checked) -> None:
    if checked.new + checked.revised > MANY:
        refresh_statistics()


class LockedPeriods(LoadRefused):
    """The file would change figures of a locked period, and nobody said why it may."""


def say_how_to_go_on(refused: LoadRefused) -> str:
    """What a command adds to a refusal by a lock; empty for any other."""
    if not isinstance(refused, LockedPeriods):
        return ""
    return " Lift the lock, or say with --unlock-reason why its figures are changed."


def _make_load(source: Source, by: AbstractBaseUser | None, options: Options) -> Load:
    return Load(
        received_by_id=by.pk if by else None,
        file_name=source.name[-255:],
        sha256=source.sha256,
        size=source.size,
        format=options.format or Load.Format.OWN,
        options=options.to_json(),
        is_back_load=options.is_back_load,
    )


def _note(load: Load, report: ScreeningReport, checked: Checked | None = None) -> None:
    """Writes the report, and its counts, beside the load."""
    load.report = report.to_json()
    load.rows_read, load.rows_new = report.rows_read, report.new
    load.rows_unchanged, load.rows_revised = report.unchanged, report.revised
    load.rows_refused = report.refused
    if checked:
        load.released_basis = checked.reading.released_basis
        load.released_at = checked.reading.released_at


def _foreseen(report: ScreeningReport) -> tuple[object, ...]:
    """What the person was told would change: equal counts may still be of other figures."""
    counts = report.new, report.unchanged, report.revised, report.locked_total
    return *counts, report.by_series, report.revisions


def refuse_locked(file: str, locked: Sequence[FigureLine], total: int, unlock_reason: str) -> None:
    """Raises LockedPeriods where so many figures of locked periods would change and nobody says
    why they may; `locked` are the first of them."""
    if not total or unlock_reason.strip():
        return
    figures = "1 figure" if total == 1 else f"{total:,} figures"
    first = locked[0]
    expected = (
        f"{figures} of a locked period would change, the first for {first.indicator}, "
        f"{first.period}: someone who may unlock a period must load it, with a reason"
    )
    raise LockedPeriods([Problem(file, first.file_row or None, "", "", expected)])


def enter_checked(
    load: Load,
    checked: Checked,
    report: ScreeningReport,
    *,
    by: AbstractBaseUser | None,
    reason: str = "",
    unlock_reason: str = "",
) -> None:
    """Everything of the load, its own row included, inside the caller's transaction."""
    reading = checked.reading
    _note(load, report, checked)
    load.released_at = checked.released_at
    load.is_back_load = bool(checked.earlier) or (
        reading.format == Load.Format.OWN and reading.released_at is not None
    )
    load.loaded_at, load.loaded_by_id = timezone.now(), by.pk if by else None
    load.state, load.content = Load.State.LOADED, None
    load.reason, load.unlock_reason = reason, unlock_reason
    load.save()
    enter(load, checked.released_at, reading.released_basis, checked.counts)
    back_loads.write(checked.rewriting)
