from django.core.management.base import BaseCommand

from improvement.importer.sheet_loading import KEPT_FOR, forget_old_files
from performance.clock import wall_clock


class Command(BaseCommand):
    help = (
        f"Forgets the spreadsheets of the plan that were given more than {KEPT_FOR.days * 24} "
        "hours ago and not loaded, and what was quoted of refused ones. Every use of the pages "
        "does the same: run this every hour, so that it also happens while nobody uses them. It "
        "may be run at any time."
    )

    def handle(self, **options: object) -> None:
        count = forget_old_files(wall_clock())
        files = "1 file" if count == 1 else f"{count:,} files"
        self.stdout.write(f"{files} of the plan were forgotten.")
