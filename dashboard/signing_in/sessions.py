"""How long a session lasts: until nothing was done for the idle time, and twelve hours at most."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from performance.clock import wall_clock

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
LONGEST = timedelta(hours=12)
# Writing the time at each page would be an UPDATE at each page.
NOTED_EVERY_SECONDS = 60


def live_user(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """Who is signed in; nobody, and the session is ended, where it has lasted too long.

    `request.session_ended` then says why: “idle” or “day”.
    """
    user = get_user(request)
    if not user.is_authenticated:
        return user
    if why := _why_over(request):
        # Not Django's logout(), which asks who is signed in.
        request.session.flush()
        request.session_ended = why  # type: ignore[attr-defined]
        return AnonymousUser()
    return user


def _why_over(request: HttpRequest) -> str:
    """“idle”, “day”, or nothing while the session lasts, which is noted."""
    now = wall_clock().timestamp()
    if now - request.session.get(SIGNED_IN_AT, 0) > LONGEST.total_seconds():
        return "day"
    idle = now - request.session.get(SEEN_AT, 0)
    if idle > settings.SESSION_IDLE_MINUTES * 60:
        return "idle"
    if idle > NOTED_EVERY_SECONDS:
        request.session[SEEN_AT] = now
    return ""


def note_beginning(sender: Any, request: HttpRequest, **others: Any) -> None:
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = wall_clock().timestamp()
