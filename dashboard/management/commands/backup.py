from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from dashboard.backups.file import BackupError
from dashboard.backups.writing import write_backup


class Command(BaseCommand):
    help = """\
Writes the whole database into one file, as it is at this moment, while people go on working.

The file is pg_dump's custom format, compressed, with a last line that says what is in it. It is
written beside FILE under another name, read back, every row counted, and only then put in place:
a file of that name is always whole. It holds children's figures and the people who sign in, and
nobody but you can read it: keep it as closed as the database, and a copy off this machine.

manage.py restore FILE puts it back. docs/deployment.md has a nightly job.
"""
    requires_system_checks = []

    def create_parser(self, *names: str, **options: object):
        return super().create_parser(*names, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where to; its folder must be there")
        parser.add_argument(
            "--replace", action="store_true", help="take the place of a file that is there"
        )

    def handle(self, *, file: Path, replace: bool, **options: object) -> None:
        try:
            contents = write_backup(connection, file, replace=replace)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{file} holds the database “{contents.database}” as at {contents.made_at}: "
            f"{sum(contents.rows.values()):,} rows in {len(contents.rows)} tables, read back. "
            f"{file.stat().st_size / 1_000_000:,.1f} MB."
        )
