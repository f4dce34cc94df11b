from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from dashboard.position import read_position
from dashboard.templatetags.dashboard_tags import keep_day

# A label, a page, and the permission without which the page is not offered. A label that comes
# again is offered once, at the first of its pages that the person may open.
NAVIGATION = [
    ("Overview", "overview", ""),
    ("Figures", "performance:indicators", ""),
    ("Plan", "improvement:plan", ""),
    ("Updates", "improvement:reviews", "improvement.review_updates"),
    ("Updates", "improvement:release", "improvement.release_updates"),
    ("Updates", "improvement:rounds", "improvement.open_round"),
    ("Updates", "improvement:ownership", "improvement.view_activity"),
    ("Updates", "improvement:activity", "improvement.view_activity"),
    ("My updates", "improvement:my-updates", "improvement.add_progressupdate"),
    ("Keep the plan", "improvement:keep", "improvement.keep_actions"),
    ("Loads", "performance:loads", "performance.view_load"),
    ("Reference data", "performance:reference", "performance.view_referenceevent"),
    ("Data quality", "performance:data-quality", "performance.view_load"),
    ("People", "people", "dashboard.keep_people"),
    ("Glossary", "glossary", ""),
]


# Pages that stand under another's address.
SECTIONS = {
    "improvement:action-update": "My updates",
    "improvement:plan-loads": "Keep the plan",
    "improvement:plan-load": "Keep the plan",
    "improvement:plan-load-confirm": "Keep the plan",
}


def _section(request: HttpRequest) -> str:
    """The label of the entry whose address the page is under, the longest of several; empty for
    none."""
    if request.resolver_match and request.resolver_match.view_name in SECTIONS:
        return SECTIONS[request.resolver_match.view_name]
    path = request.path
    addresses = {reverse(name): label for label, name, _ in NAVIGATION}
    under = [address for address in addresses if address != "/" and path.startswith(address)]
    return addresses[max(under, key=len)] if under else addresses.get(path, "")


def _navigation(request: HttpRequest, as_at: date | None) -> list[tuple[str, str, bool]]:
    """Each label once, with its page's address and whether the reader is there."""
    if not hasattr(request, "user"):
        # What is refused before anybody is asked for, a wrong Host say, has a page all the same.
        return []
    here = _section(request)
    offered: dict[str, str] = {}
    for label, name, permission in NAVIGATION:
        if label not in offered and (not permission or request.user.has_perm(permission)):
            offered[label] = keep_day(reverse(name), as_at)
    return [(label, address, label == here) for label, address in offered.items()]


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame shows: the council, the notice, the position, the way round."""
    asked = read_position(request)
    return {
        "site_title": settings.SITE_TITLE,
        "council_name": settings.COUNCIL_NAME,
        "demonstration_notice": settings.DEMONSTRATION_NOTICE,
        "position": asked.position,
        "as_at": asked.as_at,
        "as_at_problem": asked.problem,
        "navigation": _navigation(request, asked.as_at),
    }
