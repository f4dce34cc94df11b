"""Pages for when something went wrong. Those of a fault ask the database nothing."""

import sys
from datetime import timedelta

from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from dashboard.database import is_away
from dashboard.middleware import is_by_script, words_sent
from performance.clock import wall_clock

# The longest of the limits on guessing (ACCOUNT_RATE_LIMITS).
LOCKED_FOR = timedelta(minutes=5)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, else 500. The next request connects afresh, so the site
    recovers by itself."""
    if is_away(sys.exc_info()[1]):
        connections.close_all()
        page = render_to_string("503.html")
        return HttpResponse(page, status=503, headers={"Retry-After": "30"})
    return HttpResponse(render_to_string("500.html"), status=500)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Somebody guesses, or has forgotten: until when they must wait."""
    until = timezone.localtime(wall_clock() + LOCKED_FOR + timedelta(minutes=1))
    response = render(request, "429.html", {"until": until}, status=429)
    response["Retry-After"] = str(int(LOCKED_FOR.total_seconds()))
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of an earlier session, most often: what was typed is shown again."""
    if is_by_script(request):
        return JsonResponse({"signed_out": True}, status=401)
    return render(request, "403_csrf.html", {"words": words_sent(request)}, status=403)
