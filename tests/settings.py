"""The settings of every test run: the site's own, with a council of the tests' making.

Whatever .env holds, the tests do not read it: they run on a PostgreSQL of their own, beside
the one that script/server uses, or on the one that DATABASE_URL names in the environment.
"""

import atexit
import fcntl
import os
from itertools import count
from pathlib import Path
from typing import TextIO

from dashboard import embedded_postgres

PROJECT = Path(__file__).resolve().parent.parent

os.environ.setdefault("DATABASE_URL", "")
if "STATE_FOLDER" not in os.environ:
    _state = embedded_postgres.state_folder(PROJECT)
    os.environ["STATE_FOLDER"] = str(_state.with_name(f"{_state.name}-tests"))


def take_place() -> TextIO:
    """The open lock of the first free place: runs at the same time have a database each."""
    folder = Path(os.environ["STATE_FOLDER"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for place in count(1):
        lock = (folder / f"test-run-{place}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            os.environ["TEST_PLACE"] = str(place)
            atexit.register(lock.close)
            return lock
    raise AssertionError


# Workers inherit the place of the run that started them.
_place = None if "TEST_PLACE" in os.environ else take_place()

os.environ |= {
    "SECRET_KEY": "for the tests alone, and long enough to pass as a secret key",
    "DEBUG": "false",
    "SECURE": "false",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "CSRF_TRUSTED_ORIGINS": "",
    "DATABASE_OWNER_URL": "",
    "DATABASE_AS_OWNER": "true",
    "POSITION_DATE": "2016-10-05",
    "COUNCIL_NAME": "Wolverhampton",
    "COUNCIL_CODE": "336",
    "COUNCIL_PLAN": "",
    "COUNCIL_STATIC": "",
    "SITE_TITLE": "Children’s services: panel dashboard",
    "SECOND_FACTOR_REQUIRED": "false",
    "SESSION_IDLE_MINUTES": "",
    "TRUSTED_PROXIES": "",
    "OIDC_SERVER_URL": "",
    "SITE_URL": "https://panel.example",
    "EMAIL_URL": "",
    "DEFAULT_FROM_EMAIL": "",
    "DEMONSTRATION_NOTICE": "Demonstration from a 2016 public report",
}

from dashboard.settings import *  # noqa: E402, F403

DATABASES["default"]["TEST"] = {"NAME": f"test_scrutiny_{os.environ['TEST_PLACE']}"}  # noqa: F405

# No collectstatic before each run, and no half second for each password.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The browser tests' server answers in threads; a connection kept there would hold the database.
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
