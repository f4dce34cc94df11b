"""Which indicators' figures a load changed, as links to where members read them."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from performance.models import Indicator, Load, Measurement
from performance.presenters.load_words import read_from

MOST_NAMED = 12


@dataclass(frozen=True)
class Changed:
    """The words and the address of each that is named, and how many more there are."""

    links: list[tuple[str, str]]
    left_out: int


def make_changed(load: Load, on: date) -> Changed:
    """None before members read the load, nor of what is withdrawn. One query, or none."""
    if load.state != Load.State.LOADED or load.withdraws_id or read_from(load, on) > on:
        return Changed([], 0)
    brought = Measurement.objects.filter(load=load).values("series__indicator")
    found = Indicator.objects.filter(pk__in=brought).order_by("short_title")
    named = list(found.values_list("short_title", "code"))
    links = [(title, reverse("performance:indicator", args=[code])) for title, code in named]
    return Changed(links[:MOST_NAMED], max(0, len(links) - MOST_NAMED))
