"""Pages for when something went wrong. None of them asks the database anything."""

import sys

from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, else 500. The next request connects afresh, so the site
    recovers by itself."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        connections.close_all()
        page = render_to_string("503.html")
        return HttpResponse(page, status=503, headers={"Retry-After": "30"})
    return HttpResponse(render_to_string("500.html"), status=500)
