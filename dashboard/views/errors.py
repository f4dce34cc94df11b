"""Pages for when something went wrong. None of them asks the database anything."""

import sys

from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from dashboard.database import is_away


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, else 500. The next request connects afresh, so the site
    recovers by itself."""
    if is_away(sys.exc_info()[1]):
        connections.close_all()
        page = render_to_string("503.html")
        return HttpResponse(page, status=503, headers={"Retry-After": "30"})
    return HttpResponse(render_to_string("500.html"), status=500)
