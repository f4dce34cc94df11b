import os
from pathlib import Path

import pytest

from dashboard import embedded_postgres

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The tests' own PostgreSQL is up before the first test database is made."""
    if not os.environ["DATABASE_URL"]:
        embedded_postgres.server_for(PROJECT).start()
