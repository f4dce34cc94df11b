"""Brings the database and the static files up to date, in one process; script/server runs it.

It connects as the owner of the tables (DATABASE_AS_OWNER), which the site itself never does.
What costs seconds is done again only when what it is made from has changed.
"""

import hashlib
import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))


def fingerprint(*paths: Path, also: str = "") -> str:
    """A digest that changes when one of these files, or a file in these folders, does."""
    digest = hashlib.sha256(also.encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(os.fsencode(file.relative_to(PROJECT)) + file.read_bytes())
    return digest.hexdigest()


def prepare_database() -> None:
    from django.core.management import call_command
    from django.db import connection

    from dashboard.database import check_version

    connection.ensure_connection()
    for problem in check_version(["default"]):
        sys.exit(problem.msg)
    with open(os.devnull, "w") as quiet:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("sync_roles", stdout=quiet)


def prepare_static_files(state: Path) -> None:
    from django.conf import settings
    from django.core.management import call_command

    static = Path(settings.STATIC_ROOT)
    # Everything in that folder is served to anybody, so the stamp is kept elsewhere.
    stamp = state / "static-files-made-from"
    (static / ".made-from").unlink(missing_ok=True)  # where an earlier version kept it

    def made_from() -> str:
        # With the list of what was made: another state folder's start may have made it since.
        made = static / "staticfiles.json"
        also = f"{static}\n{made.read_text() if made.exists() else ''}"
        return fingerprint(*settings.STATICFILES_DIRS, PROJECT / "requirements.lock", also=also)

    if not stamp.exists() or stamp.read_text() != made_from():
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(made_from())


def prepare_demonstration(state: Path) -> None:
    """The fixtures are loaded: once for a database, and again when a new release changes them."""
    from django.db import connection

    stamp = state / "demonstration-loaded-from"
    with connection.cursor() as cursor:
        cursor.execute("select oid from pg_database where datname = current_database()")
        this_database = str(cursor.fetchone())
    loaded_from = fingerprint(PROJECT / "fixtures", also=this_database)
    if not stamp.exists() or stamp.read_text() != loaded_from:
        load_demonstration()
        stamp.write_text(loaded_from)


def load_demonstration() -> None:
    """On top of what is there; or, where an earlier release's demonstration says otherwise of the
    same day, afresh: all or nothing, so that a wrong fixture leaves the old one."""
    from django.core.management import call_command
    from django.core.management.base import CommandError
    from django.db import transaction

    with open(os.devnull, "w") as quiet:
        try:
            call_command("demo", stdout=quiet, stderr=quiet)
        except CommandError:
            with transaction.atomic():
                call_command("flush", interactive=False, verbosity=0)
                call_command("demo", stdout=quiet)
            print("the demonstration has changed and was loaded afresh … ", end="", flush=True)


def main() -> None:
    import django
    from django.core.management.base import CommandError
    from django.db import NotSupportedError, OperationalError

    from dashboard.embedded_postgres import make_state_folder
    from dashboard.postgres_programs import EmbeddedPostgresError
    from dashboard.settings_error import SettingsError

    try:
        django.setup()
        prepare_database()
        state = make_state_folder(PROJECT)
        prepare_static_files(state)
        if "demonstration" in sys.argv[1:]:
            prepare_demonstration(state)
    except (SettingsError, CommandError, EmbeddedPostgresError) as problem:
        sys.exit(str(problem))
    except (OperationalError, NotSupportedError) as problem:
        reason = str(problem).partition("\n")[0]
        sys.exit(f"The database cannot be used ({reason}): start it, or mend DATABASE_URL.")


if __name__ == "__main__":
    main()
