"""django-allauth, told how this site signs people in."""

import time
import uuid
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string

from dashboard.mail.queueing import queue_message
from dashboard.models import User
from dashboard.signing_in import secrets
from performance.clock import wall_clock

WRONG = (
    "That user name or e-mail address and that password do not match. Check both and try again; "
    "capital letters of the password count."
)
STAGES = ["dashboard.signing_in.stages.SecondFactorStage"]


class PeopleAdapter(DefaultAccountAdapter):
    """Sign-up is closed; mails are queued; what is said is said in this site's words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "incorrect_password": "That is not your password.",
        "enter_current_password": "That is not your present password.",
        "incorrect_code": "That code is not right. Wait for the next one and type it at once.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return STAGES

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our own pages say what was done."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where the request comes from. X-Forwarded-For is believed only as far as our own
        proxies (TRUSTED_PROXIES) wrote it: anybody can send what stands to the left of that."""
        if settings.TRUSTED_PROXIES:
            said = request.headers.get("x-forwarded-for", "").split(",")
            if len(said) >= settings.TRUSTED_PROXIES:
                return said[-settings.TRUSTED_PROXIES].strip() or "unknown"
        return str(request.META.get("REMOTE_ADDR") or "unknown")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The same for a person's user name and their address, and under each of the site's host
        names."""
        login: str = credentials.get("email", credentials.get("username", "")).lower()
        meant = User.objects.filter(Q(username__iexact=login) | Q(email=login))
        found = meant.order_by("pk").first() if login else None
        return f"person {found.pk}" if found else login

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not just after the sign-in, nor where there is nothing to prove oneself by but the
        council's single sign-on."""
        person = self.request.user
        records = get_authentication_records(self.request, person)
        if records and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(get_reauthentication_flows(person))

    def send_password_reset_mail(
        self, user: AbstractBaseUser, email: str, context: dict[str, Any]
    ) -> None:
        assert isinstance(user, User)
        lasts = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        queue_message(
            to=user,
            address=user.email,
            kind="password-reset",
            key=f"password-reset-{uuid.uuid4()}",
            subject=f"Choose a new password: {settings.SITE_TITLE}",
            text=render_to_string("mail/password_reset.txt", context),
            is_secret=True,
            expires_at=wall_clock() + lasts,
        )


class SecondFactorAdapter(DefaultMFAAdapter):
    """The secrets of second factors are kept encrypted."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": PeopleAdapter.error_messages["incorrect_code"],
    }

    def get_totp_issuer(self) -> str:
        return settings.SITE_TITLE

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return str(user.get_username())

    def encrypt(self, text: str) -> str:
        return secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """One that nobody knows where SECRET_KEY has changed: the second factor is then lost."""
        return secrets.decrypt(encrypted_text) or generate_totp_secret()
