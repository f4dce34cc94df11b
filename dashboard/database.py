"""What the site asks of its database, and how it tells that the database is away."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import InterfaceError, OperationalError, connections

from dashboard.postgres_programs import OLDEST_VERSION


@register(Tags.database)
def check_version(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """An error for each database whose PostgreSQL is older than we run our tests on."""
    problems: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        connection.ensure_connection()
        found = connection.connection.server_version // 10000
        if found < OLDEST_VERSION:
            problems.append(
                Error(
                    f"DATABASE_URL names a PostgreSQL {found}: use {OLDEST_VERSION} or newer.",
                    id="dashboard.E001",
                )
            )
    return problems


def is_away(error: BaseException | None) -> bool:
    """Whether this error means that the database cannot be reached or is going away, rather than
    that it refused one statement (which also is an OperationalError: a deadlock, say)."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    # No code: no answer at all. Class 08: connection lost; 57P: shutting down, crashed or
    # starting; 53300: no connection to spare (PostgreSQL's manual, appendix A).
    code = getattr(error.__cause__, "pgcode", None)
    return code is None or code.startswith(("08", "57P")) or code == "53300"
