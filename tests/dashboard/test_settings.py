import os
import re
import runpy
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from dashboard.settings_error import SettingsError

PROJECT = Path(__file__).resolve().parent.parent.parent
SETTINGS = PROJECT / "dashboard" / "settings.py"
LIVE = {
    "SECRET_KEY": "".join(chr(48 + number) for number in range(70)),
    "ALLOWED_HOSTS": "panel.example",
    "COUNCIL_CODE": "336",
    "TRUSTED_PROXIES": "1",
    "COUNCIL_NAME": "A council",
    "SECURE": "",
    "DEBUG": "",
    "POSITION_DATE": "",
    "DATABASE_URL": "",
    "DATABASE_OWNER_URL": "",
    "DATABASE_AS_OWNER": "",
    "CSRF_TRUSTED_ORIGINS": "",
    "STATIC_ROOT": "",
    "COUNCIL_STATIC": "",
    "MAPS_FOLDER": "",
    "SECOND_FACTOR_REQUIRED": "",
}


@pytest.fixture
def read_settings(monkeypatch):
    """The settings as a live site with these values in its environment would read them."""

    def read(**values: str) -> dict:
        for name, value in {**LIVE, **values}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return read


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set: set it to at least 50 random characters"),
        ("SECRET_KEY", "short", "SECRET_KEY is too short: set it to at least 50"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS is not set: set it to the site's host names"),
        ("COUNCIL_CODE", "", "COUNCIL_CODE is not set: set it to the council's 3-digit code"),
        ("COUNCIL_CODE", "E08000031", "COUNCIL_CODE is wrong: set it to the council's 3-digit"),
        ("COUNCIL_NAME", " ", "COUNCIL_NAME is not set: set it to the council's name"),
        ("SITE_URL", "panel.example", "SITE_URL is wrong: set it to the site's address, such as"),
        ("SITE_URL", "https://panel.example/plan", "SITE_URL is wrong: set it to the site's"),
        ("DEBUG", "perhaps", "DEBUG is wrong: set it to true or false"),
        ("SECURE", "on and off", "SECURE is wrong: set it to true or false"),
        (
            "POSITION_DATE",
            "5/10/2016",
            "POSITION_DATE is wrong: set it to a day such as 2016-10-05",
        ),
        ("CSRF_TRUSTED_ORIGINS", "panel.example", "set it to addresses such as https://panel"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL is wrong: write it as postgres://"),
        ("DATABASE_URL", "mysql://a@b/c", "DATABASE_URL must name a PostgreSQL database, 15"),
        ("DATABASE_URL", "postgres://127.0.0.1", "DATABASE_URL names no database: write it as"),
        ("SECOND_FACTOR_REQUIRED", "perhaps", "SECOND_FACTOR_REQUIRED is wrong: set it to true or"),
        ("SESSION_IDLE_MINUTES", "2", "is wrong: set it to a number of minutes from 5 to 720"),
        ("TRUSTED_PROXIES", "", "TRUSTED_PROXIES is not set: set it to how many proxies stand"),
        ("TRUSTED_PROXIES", "many", "is wrong: set it to how many proxies stand in front"),
        ("EMAIL_URL", "mail.example", "EMAIL_URL is wrong: set it to smtp://user:password@host"),
        ("EMAIL_URL", "smtp://mail.example", "DEFAULT_FROM_EMAIL is not set: set it to the"),
        ("OIDC_SERVER_URL", "http://login.example", "OIDC_SERVER_URL is wrong: set it to the"),
        ("OIDC_SERVER_URL", "https://login.example/x", "OIDC_NAME is not set: set it to what"),
        ("COUNCIL_STATIC", "nowhere", "COUNCIL_STATIC is wrong: set it to a folder that is there"),
        (
            "MAPS_FOLDER",
            "nowhere",
            "MAPS_FOLDER is wrong: set it to a folder that is there and holds",
        ),
        ("DATABASE_AS_OWNER", "2", "DATABASE_AS_OWNER is wrong: set it to true or false"),
    ],
)
def test_wrong_value_is_one_sentence_that_says_what_to_do(read_settings, name, value, sentence):
    with pytest.raises(SettingsError, match=re.escape(sentence)) as problem:
        read_settings(**{name: value})
    assert "\n" not in str(problem.value)


def test_a_real_env_file_is_read(tmp_path):
    for name in ("dashboard", "improvement", "performance", "templates", "static"):
        (tmp_path / name).symlink_to(PROJECT / name)
    (tmp_path / "dashboard").unlink()
    shutil.copytree(PROJECT / "dashboard", tmp_path / "dashboard")
    lines = [f'{name}="{value}"' for name, value in LIVE.items() if value]
    lines += ['COUNCIL_NAME="King\'s Lynn"', "STATE_FOLDER=/a/state/folder"]
    (tmp_path / ".env").write_text("\n".join(lines))
    script = (
        "import os; from dashboard import settings; "
        "print(settings.COUNCIL_NAME, os.environ['STATE_FOLDER'])"
    )
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=kept, capture_output=True, text=True
    )
    assert (done.stdout.strip(), done.stderr) == ("King's Lynn /a/state/folder", "")


def test_wrong_value_ends_manage_py_without_a_traceback():
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={
            **os.environ,
            **LIVE,
            "COUNCIL_CODE": "36",
            "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        },
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("COUNCIL_CODE is wrong")
    assert done.stderr.count("\n") == 1


def test_database_away_ends_manage_py_without_a_traceback():
    away = {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        env={**os.environ, **LIVE, **away},
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "start it, or mend DATABASE_URL" in done.stderr
    assert done.stderr.count("\n") == 1


def test_blank_values_are_the_safe_defaults(read_settings):
    live = read_settings()
    assert live["DEBUG"] is False
    assert live["SESSION_COOKIE_SECURE"] is True
    assert live["SECURE_SSL_REDIRECT"] is True
    assert live["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert live["POSITION_DATE"] is None
    assert live["STATIC_ROOT"] == PROJECT / "static-collected"


def test_connections_are_kept_and_checked(read_settings):
    database = read_settings()["DATABASES"]["default"]
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (60, True)


def test_position_date_is_a_day(read_settings):
    assert read_settings(POSITION_DATE="2016-10-05")["POSITION_DATE"] == date(2016, 10, 5)


def test_site_connects_as_the_role_that_owns_nothing(read_settings):
    assert read_settings()["DATABASES"]["default"]["USER"] == "scrutiny_app"


def test_migrations_connect_as_the_owner(read_settings):
    given = {
        "DATABASE_URL": "postgres://site@db.example/panel",
        "DATABASE_OWNER_URL": "postgres://owner@db.example/panel",
    }
    assert read_settings(**given)["DATABASES"]["default"]["USER"] == "site"
    as_owner = read_settings(**given, DATABASE_AS_OWNER="true")
    assert as_owner["DATABASES"]["default"]["USER"] == "owner"
    assert as_owner["DATABASE_SITE_ROLE"] == "site"
    embedded = read_settings(DATABASE_AS_OWNER="true", DATABASE_OWNER_URL="", DATABASE_URL="")
    assert embedded["DATABASES"]["default"]["USER"] == "scrutiny_owner"
    assert embedded["DATABASE_SITE_ROLE"] == "scrutiny_app"


def test_content_security_policy_allows_nothing_from_elsewhere(client):
    policy = client.get("/healthz/").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "connect-src": "'self'",
        "font-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


def test_env_example_lists_every_setting():
    read = set(re.findall(r'"([A-Z][A-Z_]+)"', "".join(_reads(SETTINGS.read_text()))))
    listed = set(re.findall(r"^#?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    assert read
    assert read <= listed


def _reads(source: str) -> list[str]:
    return re.findall(r"(?:_read\(|env\.\w+\().*?[,)]\s*(?:\"[A-Z_]+\")?", source, re.DOTALL)


def test_the_councils_own_static_files_come_first(read_settings, tmp_path):
    found = read_settings(COUNCIL_STATIC=str(tmp_path))
    assert found["STATICFILES_DIRS"] == [tmp_path, PROJECT / "static"]
    assert read_settings()["STATICFILES_DIRS"] == [PROJECT / "static"]


def test_the_maps_of_published_files_may_lie_elsewhere(read_settings, tmp_path):
    assert read_settings(MAPS_FOLDER=str(tmp_path))["MAPS_FOLDER"] == tmp_path
    assert read_settings()["MAPS_FOLDER"] == PROJECT / "fixtures" / "national"


def test_a_live_site_asks_for_a_second_factor_and_ends_idle_sessions(read_settings):
    live = read_settings()
    assert (live["SECOND_FACTOR_REQUIRED"], live["SESSION_IDLE_MINUTES"]) == (True, 60)
    assert live["TRUSTED_PROXIES"] == 1


def test_mail_is_queued_and_printed_where_no_mail_server_is_named(read_settings):
    live = read_settings()
    assert live["EMAIL_BACKEND"] == "dashboard.mail.backend.QueueBackend"
    assert live["MAIL_BACKEND"].endswith("console.EmailBackend")
    assert (live["MAIL_DELIVERY"], live["DEFAULT_FROM_EMAIL"]) == ("later", "panel@localhost")


def test_mail_is_sent_by_the_mail_server_that_is_named(read_settings):
    named = read_settings(
        EMAIL_URL="smtp://me:secret@mail.example", DEFAULT_FROM_EMAIL="panel@council.example"
    )
    assert named["MAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert (named["EMAIL_HOST"], named["EMAIL_PORT"], named["EMAIL_USE_TLS"]) == (
        "mail.example", 587, True,
    )  # fmt: skip


def test_single_sign_on_is_set_up_by_four_settings(read_settings):
    assert read_settings()["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"] == []
    named = read_settings(
        OIDC_SERVER_URL="https://login.example/tenant/v2.0/",
        OIDC_NAME="your council account",
        OIDC_CLIENT_ID="the-panel",
        OIDC_CLIENT_SECRET="secret",
    )
    (app,) = named["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert app["settings"] == {
        "server_url": "https://login.example/tenant/v2.0",
        "oauth_pkce_enabled": True,
        "verified_email": False,
    }
    rules = named["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert rules["form-action"] == ["'self'", "https://login.example"]
