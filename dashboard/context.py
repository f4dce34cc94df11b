from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from dashboard.position import read_position
from dashboard.templatetags.dashboard_tags import keep_day

# A label, a page, and the permission without which the page is not offered.
NAVIGATION = [
    ("Overview", "overview", ""),
    ("Figures", "performance:indicators", ""),
    ("Plan", "improvement:plan", ""),
    ("Reference data", "performance:reference", "performance.view_referenceevent"),
    ("Glossary", "glossary", ""),
]


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame shows: the council, the notice, the position, the way round."""
    asked = read_position(request)
    navigation = []
    for label, name, permission in NAVIGATION:
        if permission and not request.user.has_perm(permission):
            continue
        address = reverse(name)
        is_current = request.path == address or (
            address != "/" and request.path.startswith(address)
        )
        navigation.append((label, keep_day(address, asked.as_at), is_current))
    return {
        "site_title": settings.SITE_TITLE,
        "council_name": settings.COUNCIL_NAME,
        "demonstration_notice": settings.DEMONSTRATION_NOTICE,
        "position": asked.position,
        "as_at": asked.as_at,
        "as_at_problem": asked.problem,
        "navigation": navigation,
    }
