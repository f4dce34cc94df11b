"""A setting that is missing or wrong ends the start with one sentence that says what to do."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
WORKING = {
    "DJANGO_SETTINGS_MODULE": "dashboard.settings",
    "SECRET_KEY": "only for this test, and as long as a secret key needs to be",
    "DEBUG": "false",
    "SECURE": "true",
    "ALLOWED_HOSTS": "panel.example",
    "CSRF_TRUSTED_ORIGINS": "",
    "COUNCIL_CODE": "336",
    "COUNCIL_NAME": "Wolverhampton",
    "POSITION_DATE": "",
    "DATABASE_URL": "",
    "DATABASE_OWNER_URL": "",
    "DATABASE_AS_OWNER": "false",
}


def manage(*words: str, **changed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=PROJECT,
        env={**os.environ, **WORKING, **changed},
        capture_output=True,
        text=True,
    )


def assert_one_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    said = done.stderr.strip()
    assert done.returncode == 1
    assert "\n" not in said
    assert said.endswith(".")
    for word in words:
        assert word in said


def test_good_settings_pass_the_deployment_check() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SECRET_KEY", "", "at least 50 random characters"),
        ("SECRET_KEY", "short", "at least 50 random characters"),
        ("DEBUG", "perhaps", "true or false"),
        ("SECURE", "perhaps", "true or false"),
        ("ALLOWED_HOSTS", "", "host names"),
        ("CSRF_TRUSTED_ORIGINS", "panel.example", "https://panel.example"),
        ("COUNCIL_CODE", "", "3-digit code"),
        ("COUNCIL_CODE", "Wolverhampton", "3-digit code"),
        ("COUNCIL_NAME", "", "the council's name"),
        ("POSITION_DATE", "5 October 2016", "2016-10-05"),
        ("DATABASE_AS_OWNER", "perhaps", "true or false"),
        ("DATABASE_URL", "nonsense", "postgres://"),
        ("DATABASE_URL", "sqlite:///data.sqlite3", "PostgreSQL"),
    ],
)
def test_a_wrong_setting_is_one_sentence(name: str, value: str, says: str) -> None:
    assert_one_sentence(manage("check", **{name: value}), name, says)


def test_a_database_that_is_away_is_one_sentence(tmp_path: Path) -> None:
    nowhere = str(tmp_path).replace("/", "%2F")
    done = manage("migrate", DATABASE_URL=f"postgres://somebody@{nowhere}/scrutiny")

    assert_one_sentence(done, "The database", "DATABASE_URL")


def test_a_blank_setting_counts_as_not_set() -> None:
    show = "from django.conf import settings as s; print(s.SECURE, s.POSITION_DATE, s.SITE_TITLE)"
    done = manage("shell", "-v", "0", "-c", show, SECURE="", SITE_TITLE=" ")

    assert done.stdout.strip() == "True None Children’s services: panel dashboard"


def test_every_setting_is_in_the_example() -> None:
    settings = (PROJECT / "dashboard" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"_read\(\s*[\w.]+,\s*\"(\w+)\"|env\.str\(\"(\w+)\"", settings))
    names = {first or second for first, second in read}
    example = (PROJECT / ".env.example").read_text(encoding="utf-8")

    assert len(names) >= 14
    assert names <= set(re.findall(r"^#?(\w+)=", example, flags=re.MULTILINE))
