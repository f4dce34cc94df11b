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
    ("Who did what", "improvement:activity", "improvement.view_activity"),
    ("Loads", "performance:loads", "performance.view_load"),
    ("Reference data", "performance:reference", "performance.view_referenceevent"),
    ("Data quality", "performance:data-quality", "performance.view_load"),
    ("Glossary", "glossary", ""),
]


def _section(path: str) -> str:
    """The entry whose address the path is under, the longest of several; empty for none."""
    addresses = {reverse(name): name for _, name, _ in NAVIGATION}
    under = [address for address in addresses if address != "/" and path.startswith(address)]
    return addresses[max(under, key=len)] if under else addresses.get(path, "")


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame shows: the council, the notice, the position, the way round."""
    asked = read_position(request)
    navigation = []
    here = _section(request.path)
    for label, name, permission in NAVIGATION:
        if permission and not request.user.has_perm(permission):
            continue
        navigation.append((label, keep_day(reverse(name), asked.as_at), name == here))
    return {
        "site_title": settings.SITE_TITLE,
        "council_name": settings.COUNCIL_NAME,
        "demonstration_notice": settings.DEMONSTRATION_NOTICE,
        "position": asked.position,
        "as_at": asked.as_at,
        "as_at_problem": asked.problem,
        "navigation": navigation,
    }
