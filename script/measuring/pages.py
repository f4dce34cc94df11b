"""Which pages are measured, and what a page asks of the database and of the reader's line."""

import http.client
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dashboard.reading import get_plan
from improvement.models import Action
from measuring.budgets import QUERIES, QUERIES_OF_MANY_THINGS, count_beyond
from performance.calculations.position import Position
from performance.clock import now, today

HOST = "127.0.0.1"
INDICATORS = ("looked-after-rate", "re-referrals")


@dataclass(frozen=True)
class Page:
    name: str
    address: str
    queries_at_most: int = QUERIES


def find_pages(client: Client) -> list[Page]:
    """The panel's pages; of the judgements, themes and actions, the longest of each kind."""
    plan = get_plan(Position(on=today(), known_at=now()))
    judgements = plan.framework.judgements.values_list("slug", flat=True)
    themes = plan.themes.values_list("slug", flat=True)
    actions = Action.objects.of(plan).values_list("reference", flat=True)
    return [
        Page("overview", reverse("overview"), QUERIES_OF_MANY_THINGS),
        Page("judgement", _longest(client, "judgement", judgements), QUERIES_OF_MANY_THINGS),
        Page("plan", reverse("improvement:plan")),
        Page("theme", _longest(client, "improvement:theme", themes)),
        Page("action", _longest(client, "improvement:action", actions)),
        *_indicator_pages(),
        Page("about-the-data", reverse("about-the-data")),
    ]


def _longest(client: Client, name: str, keys: Iterable[str]) -> str:
    addresses = [reverse(name, args=[key]) for key in keys]
    return max(addresses, key=lambda address: len(client.get(address).content))


def _indicator_pages() -> list[Page]:
    """The key indicators, all of the panel's set, and two of them in full."""
    address = reverse("performance:indicators")
    return [
        Page("indicators", address),
        Page("all-indicators", f"{address}?show=all"),
        *(Page(code, reverse("performance:indicator", args=[code])) for code in INDICATORS),
    ]


def choose_pages(pages: Sequence[Page], asked: Sequence[str]) -> list[Page]:
    """Those asked for by name or address, or else all. ValueError names one that there is not."""
    by_name = {page.name: page for page in pages}
    chosen = []
    for word in asked:
        if word not in by_name and not word.startswith("/"):
            raise ValueError(
                f"There is no page “{word}”: give an address that begins with /, or one of "
                f"{', '.join(by_name)}."
            )
        chosen.append(by_name.get(word) or Page(word, word))
    return chosen or list(pages)


def count_queries(client: Client, address: str) -> int:
    """The page's own SQL statements, on a second visit."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    if response.status_code != 200:
        raise ValueError(f"{address} answers {response.status_code}, and is not measured.")
    return count_beyond(query["sql"] for query in captured.captured_queries)


def fetch(port: int, address: str, cookie: str) -> bytes:
    """What comes over the line, packed as a browser asks for it. ValueError unless it is 200."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        headers = {"Cookie": f"sessionid={cookie}", "Accept-Encoding": "gzip, br"}
        connection.request("GET", address, headers=headers)
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.status != 200:
        raise ValueError(f"{address} answers {response.status}, and is not measured.")
    return body


def find_assets(html: str, address: str) -> set[str]:
    """The styles, scripts, icons and pictures that the page fetches at once.

    Plotly's script is named in an attribute of another's, and comes when a chart scrolls into view.
    """
    links = re.findall(r'<link\b[^>]*\brel="(?:stylesheet|icon)"[^>]*>', html)
    tags = [*links, *re.findall(r"<(?:script|img)\b[^>]*>", html)]
    named = [found[1] for tag in tags if (found := re.search(r'\s(?:href|src)="([^"]+)"', tag))]
    return {urljoin(address, name) for name in named if not name.startswith("data:")}
