import datetime
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg2
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from performance.importer.held_back import HeldBack
from performance.importer.incoming import Source
from performance.importer.layouts import LAYOUTS
from performance.importer.loading import Options, load_file, say_how_to_go_on, try_file
from performance.importer.performance_files import load_performance
from performance.importer.problems import LoadRefused
from performance.importer.reading_files import make_lait_series
from performance.importer.screening_report import ScreeningReport
from performance.models import Load

# What is copied goes past Django, whose own words for the same error the rest has.
GONE = OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError
# So many revisions and movements are printed; the load's page has them all.
PRINTED = 20


class Command(BaseCommand):
    help = (
        "Loads figures: a FILE as the loads page takes it (our own layout in CSV or XLSX, a file "
        "that the Department for Education published, its Interactive Tool's long table), or a "
        "FOLDER of our own tables. All of it or nothing. Without --commit nothing is kept: it "
        "says what would change. A folder holds any of: "
        + ", ".join(layout.file for layout in LAYOUTS)
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the file, or the folder that holds the files")
        parser.add_argument("--commit", action="store_true", help="keep what was loaded")
        parser.add_argument(
            "--format",
            choices=["own", "published", "lait"],
            default="",
            help="the file's layout, where its headers do not say it",
        )
        parser.add_argument(
            "--release",
            default="",
            metavar="NAME",
            help="which release it is, by its name in dfe_files.csv, where the file does not say",
        )
        parser.add_argument(
            "--released-on",
            type=datetime.date.fromisoformat,
            metavar="DAY",
            help="from which day it was known, as 2026-10-29: of a release that dfe_files.csv does "
            "not have, of a corrected file, or of a back-load, which needs it in our own layout",
        )
        parser.add_argument(
            "--back-load",
            action="store_true",
            help="it is an earlier release than one on record: it takes its place before that one",
        )
        parser.add_argument("--sheet", default="", help="which sheet of a workbook")
        parser.add_argument("--dictionary", type=Path, help="the Interactive Tool's dictionary")
        parser.add_argument(
            "--reason",
            default="",
            help="why figures are revised; members read it, and --commit needs it where any is",
        )
        parser.add_argument(
            "--unlock-reason", default="", help="why figures of a locked period are changed"
        )

    def handle(self, *, path: Path, commit: bool, **given: Any) -> None:
        try:
            if path.is_dir():
                done = load_performance(
                    path,
                    commit=commit,
                    reason=given["reason"],
                    unlock_reason=given["unlock_reason"],
                )
                self.stdout.write(str(done))
                revised, locked = done.revised, done.locked
            elif path.is_file():
                revised, locked = self._load_file(path, commit=commit, given=given)
            else:
                raise CommandError(f"{path} is neither a file nor a folder that can be read.")
        except LoadRefused as refused:
            for problem in refused.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"{refused}{say_how_to_go_on(refused)}") from refused
        except HeldBack as held:
            raise CommandError(str(held)) from held
        except GONE as error:
            said = str(error).strip().partition("\n")[0]
            raise CommandError(
                f"The database stopped answering ({said}). A file is loaded whole or not at all: "
                "once the database is back, give it again. One that was loaded is then refused."
            ) from error
        if not commit:
            why = ", and --reason to say why figures are revised" if revised else ""
            why += ", and --unlock-reason to say why a locked period is changed" if locked else ""
            self.stdout.write(f"Nothing was kept: add --commit to load it{why}.")

    def _load_file(self, path: Path, *, commit: bool, given: dict[str, Any]) -> tuple[int, int]:
        """How many figures are revised, and how many of those that change are locked."""
        options = Options(
            format=given["format"],
            release=given["release"],
            released_on=given["released_on"],
            is_back_load=given["back_load"],
            sheet=given["sheet"],
            dictionary=given["dictionary"],
        )
        source = Source(path.name, path=path)

        def prepare() -> None:
            make_lait_series(source, options)

        def progress(count: int) -> None:
            self.stderr.write(f"{count:,} figures read …")

        if not commit:
            report = try_file(source, options, prepare, progress)
            self._print(report)
            return report.revised, report.locked_total
        load = load_file(
            source,
            options,
            prepare,
            progress,
            reason=given["reason"],
            unlock_reason=given["unlock_reason"],
        )
        report = ScreeningReport.from_json(load.report)
        self._print(report)
        self.stdout.write(f"It is load {load.pk}: {Load.State(load.state).label}.")
        return load.rows_revised, report.locked_total

    def _print(self, report: ScreeningReport) -> None:
        self.stdout.write(
            f"{report.rows_read:,} rows read: {report.new:,} figures new, {report.unchanged:,} "
            f"unchanged, {report.revised:,} revised; {report.not_covered:,} cells that no map is "
            f"for; {report.kept_hidden:,} hidden here."
        )
        for note in report.notes:
            self.stdout.write(note)
        for line in report.revisions[:PRINTED]:
            self.stdout.write(
                f"Revised: {line.indicator} ({line.series}), {line.area}, {line.period}: "
                f"{line.change}"
            )
        if (more := report.revisions_total - PRINTED) > 0:
            self.stdout.write(f"… and {more:,} more revised.")
        for line in report.movements[:PRINTED]:
            self.stdout.write(
                f"Look at: {line.indicator} ({line.series}), {line.area}, {line.period}: "
                f"{line.last} in {line.last_period}, now {line.new}: {line.reason}"
            )
        for line in report.locked[:PRINTED]:
            self.stdout.write(f"Locked: {line.indicator}, {line.period}: {line.beside}")
