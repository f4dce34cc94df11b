"""The cast, once, and the real report loaded by the real doors."""

import io
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import settings

from dashboard import embedded_postgres
from dashboard.position import end_of_day
from performance.calculations.position import Position

PASSWORD = "a-password-for-tests-only"
PROJECT = Path(__file__).resolve().parent.parent
FIXTURES = PROJECT / "fixtures" / "demonstration"
NATIONAL = PROJECT / "fixtures" / "national"

# A run of the same code tries the same examples: NEW_EXAMPLES=1 script/test tries others.
settings.register_profile("suite", derandomize=not os.environ.get("NEW_EXAMPLES"))
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which broken files are tried: see tests/performance/importer/test_broken_files.py."""
    parser.addoption("--broken-files", type=int, help="how many broken files to load")
    parser.addoption("--seed", type=int, default=20161005, help="which broken files these are")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The tests' own PostgreSQL is up before the first test database is made."""
    if not os.environ["DATABASE_URL"]:
        embedded_postgres.server_for(PROJECT).start()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    """The test database holds the demonstration; each test's changes are rolled back."""
    os.environ["DEMONSTRATION_PASSWORD"] = PASSWORD
    with django_db_blocker.unblock():
        call_command("demo", stdout=io.StringIO())


def position_on(year: int, month: int, day: int) -> Position:
    on = date(year, month, day)
    return Position(on=on, known_at=end_of_day(on))


@pytest.fixture
def sign_in(db) -> Callable[[str], Client]:
    """A browser of the person with that role."""
    from dashboard.models import User

    def make(username: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username))
        return client

    return make


@pytest.fixture
def councillor(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("councillor")


@pytest.fixture
def nobody(db) -> Client:
    """Somebody who has not signed in."""
    return Client()
