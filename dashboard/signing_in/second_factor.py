"""Who must have a second factor, and whether this session was begun with one."""

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from dashboard.models import User

# Whoever may do one of these must sign in with a second factor, where the site requires it.
ASK_FOR_A_SECOND_FACTOR = (
    "dashboard.keep_people",
    "performance.add_load",
    "performance.back_load",
    "performance.withdraw_load",
    "performance.unlock_period",
    "improvement.release_updates",
    "improvement.confirm_removal",
)
METHOD = "mfa"
BY_SINGLE_SIGN_ON = "single sign-on"


def must_have_one(person: User) -> bool:
    return settings.SECOND_FACTOR_REQUIRED and any(map(person.has_perm, ASK_FOR_A_SECOND_FACTOR))


def has_one(person: User) -> bool:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


def was_used(request: HttpRequest, person: User) -> bool:
    """Whether this session was begun or confirmed with a second factor; asks the database nothing.

    allauth writes each step of a sign-in into the session.
    """
    records = get_authentication_records(request, person)
    return any(record.get("method") == METHOD for record in records)


def note_use(request: HttpRequest, person: User, *, kind: str) -> None:
    record_authentication(request, person, METHOD, type=kind)


def next_step(request: HttpRequest, person: User) -> str | None:
    """The address to go to before any other page: to set a second factor up, or to use it; None
    where nothing is wanting."""
    if was_used(request, person) or not must_have_one(person):
        return None
    name = "mfa_reauthenticate" if has_one(person) else "mfa_activate_totp"
    asked = request.get_full_path() if request.method == "GET" else "/"
    return f"{reverse(name)}?{urlencode({'next': asked})}"
