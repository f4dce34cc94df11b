from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from dashboard.words import in_words, plural
from performance.calculations.partial_date import PartialDate
from performance.calculations.wording import say_times

register = template.Library()
register.filter(in_words)
register.filter("times", say_times)


@register.simple_tag(takes_context=True)
def at_url(context: template.Context, name: str, *args: Any) -> str:
    """The page's address, on the day that this page was asked for."""
    return keep_day(reverse(name, args=args), context.get("as_at"))


@register.simple_tag(takes_context=True)
def at(context: template.Context, address: str) -> str:
    """An address that is known already, on the day that this page was asked for."""
    return keep_day(address, context.get("as_at"))


def keep_day(address: str, as_at: date | None) -> str:
    """The address with `as_at`, before its fragment, where another day was asked for."""
    if as_at is None:
        return address
    path, hash_mark, fragment = address.partition("#")
    join = "&" if "?" in path else "?"
    return f"{path}{join}{urlencode({'as_at': as_at.isoformat()})}{hash_mark}{fragment}"


@register.filter
def uk_date(day: date | None) -> str:
    """“5 October 2016”."""
    return str(PartialDate(day, "day")) if day else ""


@register.filter
def counted(number: int, noun: str) -> str:
    """“1 action”, “3 actions”."""
    return plural(number, noun)
