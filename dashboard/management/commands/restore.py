from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from dashboard.backups.file import BackupError
from dashboard.backups.restoring import Standing, check_file, look_at_database, restore


class Command(BaseCommand):
    help = """\
Puts back what manage.py backup wrote: all of it or, where anything fails, nothing.

The file is checked to its last byte before the database is touched; one that was cut short or
altered is refused. The tables are restored as their owner's, so run it as migrations are run:

    DATABASE_AS_OWNER=true manage.py restore FILE

The site's role gets the rights that it had. A database that holds anything is left alone unless
you say so twice: --over-data, and then its name, typed when you are asked or given with
--yes-over. Everything in it is then gone: take a backup first, and stop the site.
"""
    requires_system_checks = []

    def create_parser(self, *names: str, **options: object):
        return super().create_parser(*names, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what manage.py backup wrote")
        parser.add_argument(
            "--over-data", action="store_true", help="although the database holds data"
        )
        parser.add_argument(
            "--yes-over", metavar="NAME", help="with --over-data: the database's name, not asked"
        )

    def handle(self, *, file: Path, over_data: bool, yes_over: str | None, **options: object):
        try:
            contents, programs = check_file(connection, file)
            standing = look_at_database(connection)
            if standing.rows:
                _be_told_twice(standing, over_data=over_data, named=yes_over)
            restore(connection, file, contents, programs)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"The database “{standing.database}” is as “{contents.database}” was at "
            f"{contents.made_at}: {sum(contents.rows.values()):,} rows in {len(contents.rows)} "
            "tables, counted."
        )
        self._say_what_is_next()

    def _say_what_is_next(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(
                "It was made by an earlier release: run DATABASE_AS_OWNER=true manage.py migrate."
            )
        if unknown := executor.loader.applied_migrations.keys() - executor.loader.graph.nodes:
            named = ".".join(min(unknown))
            self.stdout.write(f"It was made by a later release, with {named}: install that one.")


def _be_told_twice(standing: Standing, *, over_data: bool, named: str | None) -> None:
    held = f"The database “{standing.database}” holds data ({standing.rows:,} rows)"
    if not over_data:
        raise BackupError(
            f"{held}, and nothing was changed: to lose all of it, add --over-data, and give its "
            "name when you are asked."
        )
    if named is None:
        try:
            named = input(f"{held}. Type its name to lose all of it: ")
        except (EOFError, KeyboardInterrupt):
            named = ""
    if named.strip() != standing.database:
        raise BackupError(f"“{named}” is not “{standing.database}”, and nothing was changed.")
