"""EMAIL_URL, read into Django's settings of e-mail. It knows nothing of Django."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

EXPECTED = (
    "smtp://user:password@host:587 (encrypted by STARTTLS), smtps://user:password@host:465, "
    "smtp://host:25?tls=none (a relay on the same machine), or console://"
)
CONSOLE = "django.core.mail.backends.console.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
PORTS = {"smtp": 587, "smtps": 465}


def read_email_url(url: str) -> dict[str, Any]:
    """Django's settings, by name; ValueError where the address is none of those EXPECTED."""
    parts = urlsplit(url)
    if parts.scheme == "console" and not parts.netloc:
        return {"MAIL_BACKEND": CONSOLE}
    asked = parse_qs(parts.query, strict_parsing=bool(parts.query))
    tls = asked.pop("tls", ["yes"])
    wrong_tls = tls not in (["yes"], ["none"]) or (tls == ["none"] and parts.scheme != "smtp")
    if parts.scheme not in PORTS or not parts.hostname or asked or wrong_tls:
        raise ValueError(EXPECTED)
    if parts.path not in ("", "/") or parts.fragment:
        raise ValueError(EXPECTED)
    return {
        "MAIL_BACKEND": SMTP,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and tls == ["yes"],
    }
