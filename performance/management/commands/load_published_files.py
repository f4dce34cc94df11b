from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from performance.importer.held_back import HeldBack
from performance.importer.loading import say_how_to_go_on
from performance.importer.problems import LoadRefused
from performance.importer.published_files import load_published_files
from performance.importer.published_maps import LAYOUTS


class Command(BaseCommand):
    help = (
        "Loads the Department for Education's published files in FOLDER/dfe, by the maps in "
        "FOLDER (docs/data.md), all or nothing. Load the areas, indicators and series first: "
        "load_performance. Without --commit nothing is kept: it says what would change. Maps: "
        + ", ".join(layout.file for layout in LAYOUTS)
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder that holds the maps and dfe/")
        parser.add_argument("--commit", action="store_true", help="keep what was loaded")
        parser.add_argument(
            "--reason",
            default="",
            help="why figures on record are revised; members read it, and --commit needs it where "
            "any is",
        )
        parser.add_argument(
            "--unlock-reason", default="", help="why figures of a locked period are changed"
        )

    def handle(self, *, folder: Path, commit: bool, **given: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder: name the one that holds the maps.")
        try:
            reports = load_published_files(
                folder,
                commit=commit,
                reason=given["reason"],
                unlock_reason=given["unlock_reason"],
            )
        except LoadRefused as refused:
            for problem in refused.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"{refused}{say_how_to_go_on(refused)}") from refused
        except HeldBack as held:
            raise CommandError(str(held)) from held
        for name, report in reports.items():
            self.stdout.write(f"{name}: {report}")
        if not commit:
            unsaid = any(report.unsaid for report in reports.values())
            why = ", and --reason to say why figures are revised" if unsaid else ""
            locked = any(report.locked for report in reports.values())
            why += ", and --unlock-reason to say why a locked period is changed" if locked else ""
            self.stdout.write(f"Nothing was kept: add --commit to load it{why}.")
