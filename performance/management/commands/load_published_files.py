from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

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

    def handle(self, *, folder: Path, commit: bool, **options: object) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder: name the one that holds the maps.")
        try:
            reports = load_published_files(folder, commit=commit)
        except LoadRefused as refused:
            for problem in refused.problems:
                self.stderr.write(str(problem))
            raise CommandError(str(refused)) from refused
        for name, report in reports.items():
            self.stdout.write(f"{name}: {report}")
        if not commit:
            self.stdout.write("Nothing was kept: add --commit to load it.")
