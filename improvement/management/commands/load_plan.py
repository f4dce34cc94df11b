from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from improvement.importer.layouts import LAYOUTS
from improvement.importer.plan_files import load_plan
from performance.importer.problems import LoadRefused


class Command(BaseCommand):
    help = (
        "Loads a folder of CSV files in our own layout (docs/data.md), all or nothing. Without "
        "--commit nothing is kept: it says what would change. A file that is not there changes "
        "nothing. Files: " + ", ".join(layout.file for layout in LAYOUTS)
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder that holds the files")
        parser.add_argument("--commit", action="store_true", help="keep what was loaded")

    def handle(self, *, folder: Path, commit: bool, **options: object) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder: name the one that holds the files.")
        try:
            report = load_plan(folder, commit=commit)
        except LoadRefused as refused:
            for problem in refused.problems:
                self.stderr.write(str(problem))
            raise CommandError(str(refused)) from refused
        self.stdout.write(str(report))
        if not commit:
            self.stdout.write("Nothing was kept: add --commit to load it.")
