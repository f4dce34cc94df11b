"""Settings, read from the environment and from .env; .env.example lists every variable."""

import os
import re
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from environs import Env, EnvError

from dashboard import embedded_postgres
from dashboard.mail.email_url import EXPECTED as EXPECTED_EMAIL_URL
from dashboard.mail.email_url import read_email_url
from dashboard.settings_error import SettingsError

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)
# The embedded PostgreSQL is also managed before Django is, and asks the environment alone.
for _name in ("STATE_FOLDER", "PG_BIN"):
    os.environ.setdefault(_name, env.str(_name, ""))


def _read(reader, name: str, expected: str, **options):
    """The setting's value; a blank one counts as not set."""
    # environs keeps what it read from .env to itself: os.environ does not hold it.
    if not env.str(name, "").strip():
        if "default" in options:
            return options["default"]
        raise SettingsError(
            f"{name} is not set: set it to {expected}, in the environment or in .env "
            "(.env.example shows each)."
        )
    try:
        return reader(name)
    except (EnvError, ValueError) as error:
        raise SettingsError(
            f"{name} is wrong: set it to {expected}, in the environment or in .env "
            "(.env.example shows each)."
        ) from error


def _read_origin(name: str) -> list[str]:
    origins = env.list(name)
    if not all(re.match(r"https?://.", origin) for origin in origins):
        raise ValueError
    return origins


def _read_folder(name: str) -> Path:
    folder = BASE_DIR / env.path(name)
    if not folder.is_dir():
        raise ValueError
    return folder


def _read_site_url(name: str) -> str:
    address = env.str(name).rstrip("/")
    if not re.fullmatch(r"https?://[^/?#@\s]+", address):
        raise ValueError
    return address


def _read_council_code(name: str) -> str:
    if not re.fullmatch(r"[0-9]{3}", code := env.str(name)):
        raise ValueError
    return code


def _read_number(least: int, most: int):
    def read(name: str) -> int:
        if not least <= (number := env.int(name)) <= most:
            raise ValueError
        return number

    return read


def _read_mail_server(name: str) -> dict:
    return read_email_url(env.str(name))


def _read_provider(name: str) -> str:
    address = env.str(name).rstrip("/")
    if not re.match(r"https://." if SECURE else r"https?://.", address):
        raise ValueError
    return address


def _origin(address: str) -> str:
    return "/".join(address.split("/")[:3])


SECRET_KEY = _read(env.str, "SECRET_KEY", "at least 50 random characters")
if len(SECRET_KEY) < 50:
    raise SettingsError("SECRET_KEY is too short: set it to at least 50 random characters.")
DEBUG = _read(env.bool, "DEBUG", "true or false", default=False)
SECURE = _read(env.bool, "SECURE", "true or false", default=True)
_any_host = {"default": []} if DEBUG else {}
ALLOWED_HOSTS = _read(env.list, "ALLOWED_HOSTS", "the site's host names", **_any_host)
CSRF_TRUSTED_ORIGINS = _read(
    _read_origin, "CSRF_TRUSTED_ORIGINS", "addresses such as https://panel.example", default=[]
)
# Where there is no request to tell it: in the links of reminders.
SITE_URL = _read(
    _read_site_url, "SITE_URL", "the site's address, such as https://panel.example", default=""
)

# The council: nothing else in the code knows which one it is.
COUNCIL_CODE = _read(_read_council_code, "COUNCIL_CODE", "the council's 3-digit code")
COUNCIL_NAME = _read(env.str, "COUNCIL_NAME", "the council's name")
COUNCIL_PLAN = _read(env.str, "COUNCIL_PLAN", "the slug of the plan to show", default="")
SITE_TITLE = _read(
    env.str, "SITE_TITLE", "a short title", default="Children’s services: panel dashboard"
)
DEMONSTRATION_NOTICE = _read(env.str, "DEMONSTRATION_NOTICE", "a sentence", default="")
POSITION_DATE = _read(
    env.date, "POSITION_DATE", "a day such as 2016-10-05, or nothing", default=None
)
# How the Department for Education's files are read, as data: dfe_files.csv and what stands by it.
MAPS_FOLDER = _read(
    _read_folder,
    "MAPS_FOLDER",
    "a folder that is there and holds dfe_files.csv",
    default=BASE_DIR / "fixtures" / "national",
)

INSTALLED_APPS = [
    "dashboard.apps.DashboardConfig",
    "improvement.apps.ImprovementConfig",
    "performance.apps.PerformanceConfig",
    "dashboard.apps.ReadOnlyAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_filters",
    "django_tables2",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages, as whitenoise does for files. Django pads what it packs against guessing (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "dashboard.middleware.keep_out_of_caches",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "dashboard.middleware.WhoIsThereMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dashboard.middleware.SignInRequiredMiddleware",
    "dashboard.middleware.PlainTextMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"
FORM_RENDERER = "dashboard.forms.GovukRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboard.context.site",
            ],
        },
    },
]

# Migrations connect as the owner of the tables; the site as a role that owns none.
_owner = _read(env.bool, "DATABASE_AS_OWNER", "true or false", default=False)
_site_url = env.str("DATABASE_URL", "").strip()
_url = _site_url or embedded_postgres.url(BASE_DIR, owner=_owner)
if _owner:
    _url = env.str("DATABASE_OWNER_URL", "").strip() or _url
try:
    # A restore, which the owner does, gives the site's role its rights back.
    _site = dj_database_url.parse(_site_url or embedded_postgres.url(BASE_DIR))
    DATABASE_SITE_ROLE = _site.get("USER", "")
    DATABASES = {"default": dj_database_url.parse(_url, conn_max_age=60, conn_health_checks=True)}
except ValueError as error:
    raise SettingsError(
        "DATABASE_URL is wrong: write it as postgres://user:password@host:5432/name."
    ) from error
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise SettingsError("DATABASE_URL must name a PostgreSQL database, 15 or newer.")
if not DATABASES["default"]["NAME"]:
    raise SettingsError(
        "DATABASE_URL names no database: write it as postgres://user:password@host:5432/name."
    )
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

AUTH_USER_MODEL = "dashboard.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["dashboard.signing_in.backend.PeopleBackend"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_IDLE_MINUTES = _read(
    _read_number(5, 720), "SESSION_IDLE_MINUTES", "a number of minutes from 5 to 720", default=60
)
SECOND_FACTOR_REQUIRED = _read(env.bool, "SECOND_FACTOR_REQUIRED", "true or false", default=True)
TRUSTED_PROXIES = _read(
    _read_number(0, 9),
    "TRUSTED_PROXIES",
    "how many proxies stand in front of the site",
    # A live site is told: a wrong guess counts everybody's wrong passwords as one visitor's.
    **({} if SECURE else {"default": 0}),
)
PASSWORD_RESET_TIMEOUT = 60 * 60
CSRF_FAILURE_VIEW = "dashboard.views.errors.csrf_failure"

ACCOUNT_ADAPTER = "dashboard.signing_in.adapter.PeopleAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * 10
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "dashboard.signing_in.links.ResetTokenGenerator"
# A panel signs in from one address of the council's within minutes.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    # An office, or everybody behind a proxy that is not told of, has one address.
    "login_failed": "100/5m/ip,5/5m/key",
    "reset_password": "20/5m/ip,3/5m/key",
    "reset_password_from_key": "20/5m/ip",
    "reauthenticate": "10/5m/user",
    "change_password": "10/5m/user",
}
ACCOUNT_FORMS = {
    "login": "dashboard.signing_in.forms.SignInForm",
    "change_password": "dashboard.signing_in.forms.ChangePasswordForm",
    "reset_password": "dashboard.signing_in.forms.ForgottenPasswordForm",
    "reset_password_from_key": "dashboard.signing_in.forms.NewPasswordForm",
    "reauthenticate": "dashboard.signing_in.forms.ConfirmPasswordForm",
}
MFA_ADAPTER = "dashboard.signing_in.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute out
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are the administrator's to give
MFA_FORMS = {
    "authenticate": "dashboard.signing_in.forms.CodeForm",
    "reauthenticate": "dashboard.signing_in.forms.ConfirmByCodeForm",
    "activate_totp": "dashboard.signing_in.forms.SetUpForm",
}
# Limits on guessing are counted in the database, by every process of the site together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "dashboard_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# The council's single sign-on, by OpenID Connect.
OIDC_SERVER_URL = _read(
    _read_provider, "OIDC_SERVER_URL", "the address of the council's sign-in", default=""
)
_needed = {} if OIDC_SERVER_URL else {"default": ""}
_oidc = {
    "provider_id": "council",
    "name": _read(env.str, "OIDC_NAME", "what people call the council's sign-in", **_needed),
    "client_id": _read(env.str, "OIDC_CLIENT_ID", "what the provider calls this site", **_needed),
    "secret": _read(env.str, "OIDC_CLIENT_SECRET", "the secret that the provider gave", **_needed),
    "settings": {
        "server_url": OIDC_SERVER_URL,
        "oauth_pkce_enabled": True,
        "verified_email": _read(env.bool, "OIDC_EMAIL_IS_VERIFIED", "true or false", default=False),
    },
}
OIDC_MFA_CLAIM = _read(env.str, "OIDC_MFA_CLAIM", "the name of a claim, or nothing", default="")
OIDC_MFA_VALUE = _read(env.str, "OIDC_MFA_VALUE", "a value of that claim", default="mfa")
SOCIALACCOUNT_ADAPTER = "dashboard.signing_in.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [_oidc] if OIDC_SERVER_URL else []}}
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10

# E-mail is queued in the database, and sent from there by MAIL_BACKEND.
_mail = _read(
    _read_mail_server,
    "EMAIL_URL",
    EXPECTED_EMAIL_URL,
    default={"MAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
)
EMAIL_BACKEND = "dashboard.mail.backend.QueueBackend"
EMAIL_TIMEOUT = 20
MAIL_BACKEND = _mail["MAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail.get("EMAIL_HOST", "localhost"), _mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _read(
    env.str,
    "DEFAULT_FROM_EMAIL",
    "the address that e-mails come from",
    **({} if "EMAIL_HOST" in _mail else {"default": "panel@localhost"}),
)
# A process that ends after an answer leaves the queue to manage.py send_messages.
MAIL_DELIVERY = "thread" if os.environ.get("SERVES_PAGES") else "later"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = _read(env.path, "STATIC_ROOT", "a folder", default=BASE_DIR / "static-collected")
# The council's own files come first: a css/council.css there takes the place of the project's.
_council_static = _read(
    _read_folder, "COUNCIL_STATIC", "a folder that is there, such as council/static", default=None
)
STATICFILES_DIRS = [*filter(None, [_council_static]), BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

FILE_UPLOAD_HANDLERS = ["performance.uploads.InMemory"]
# An officer's actions on one page, fourteen boxes each: more than Django's 1,000 from 72 actions.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

DJANGO_TABLES2_TEMPLATE = "django_tables2/govuk_table.html"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz/$", r"^readyz/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Plotly saves a picture of a chart through a blob.
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        # A form that begins the council's sign-in is answered by a redirect to it.
        "form-action": [SELF, *filter(None, [_origin(OIDC_SERVER_URL)])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
