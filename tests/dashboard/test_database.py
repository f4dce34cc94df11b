import psycopg2
import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError, connection

from dashboard import database


class Refused(Exception):
    """What psycopg2 raises, as far as it is asked: the code of PostgreSQL's answer, if any."""

    def __init__(self, pgcode: str | None):
        self.pgcode = pgcode


def caused_by(code: str | None) -> OperationalError:
    error = OperationalError("words")
    error.__cause__ = Refused(code)
    return error


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (caused_by(None), True),  # no answer
        (caused_by("08006"), True),  # the connection was lost
        (caused_by("57P01"), True),  # shut down by its administrator
        (caused_by("57P03"), True),  # starting up
        (caused_by("53300"), True),  # too many connections
        (caused_by("40P01"), False),  # a deadlock
        (caused_by("57014"), False),  # a statement that took too long
        (caused_by("53100"), False),  # disk full
        (InterfaceError("connection already closed"), True),
        (ProgrammingError("a fault of ours"), False),
        (ValueError("a fault of ours"), False),
        (None, False),
    ],
)
def test_is_away(error, away):
    assert database.is_away(error) is away


def test_is_away_for_a_server_that_is_not_there():
    with pytest.raises(psycopg2.OperationalError) as raised:
        psycopg2.connect(host="/no/such/folder", connect_timeout=1)
    error = OperationalError("as Django wraps it")
    error.__cause__ = raised.value
    assert database.is_away(error)


@pytest.mark.django_db
def test_check_version_accepts_what_the_tests_run_on():
    assert database.check_version(["default"]) == []
    assert database.check_version(None) == []


@pytest.mark.django_db
def test_check_version_refuses_an_older_one_in_a_sentence(monkeypatch):
    connection.ensure_connection()
    monkeypatch.setattr(
        database, "OLDEST_VERSION", connection.connection.server_version // 10000 + 1
    )
    (problem,) = database.check_version(["default"])
    assert problem.msg.startswith("DATABASE_URL names a PostgreSQL ")
    assert problem.msg.endswith("or newer.")
