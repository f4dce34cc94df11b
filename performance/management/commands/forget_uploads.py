from django.core.management.base import BaseCommand

from performance.importer.retention import KEPT_FOR, lapse_old_uploads


class Command(BaseCommand):
    help = (
        f"Forgets the bytes of files that were given more than {KEPT_FOR.days * 24} hours ago and "
        "not loaded; their reports stay. Every use of the loads' pages does the same: run this "
        "every hour, so that it also happens while nobody uses them. It may be run at any time."
    )

    def handle(self, **options: object) -> None:
        count = lapse_old_uploads()
        files = "1 file" if count == 1 else f"{count:,} files"
        self.stdout.write(f"The bytes of {files} were forgotten.")
