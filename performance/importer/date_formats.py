"""What a cell shows of the date that it holds: the whole day, or only its month or year."""

import re
from datetime import date, datetime, time
from functools import lru_cache

from performance.calculations.partial_date import MONTHS
from performance.importer.number_sections import split_sections

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[[^\]]*\]|(?P<half>AM/PM|A/P)'
    r"|(?P<part>y+|m+|d+|h+|s+(?:\.0+)?)|(?P<bare>.)",
    re.I | re.S,
)
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def shown_of(value: date, number_format: str) -> str:
    """“Aug-16” where the cell’s format shows only a month or a year, or other digits; “” where it
    shows the day, the month and the year, or is no format of dates."""
    if "general" in number_format.lower():
        return ""
    tokens = _tokens(number_format)
    kinds = {_kind(part) for part in tokens if isinstance(part, _Part)}
    has_own_digits = any(re.search("[0-9]", text) for text in tokens if not isinstance(text, _Part))
    if not kinds or (kinds >= {"day", "month", "year"} and not has_own_digits):
        return ""
    written = [_write(part, value) if isinstance(part, _Part) else part for part in tokens]
    return "".join(written).strip()


class _Part(str):
    """Letters that stand for a part of the date: “mmm”; “n” and “nn” are minutes."""


@lru_cache(maxsize=1000)
def _tokens(number_format: str) -> tuple[str, ...]:
    """Parts of the date and the texts between them, by the section for dates."""
    found: list[str] = []
    for match in TOKEN.finditer(split_sections(number_format)[0]):
        kind = match.lastgroup
        if kind == "part":
            found.append(_Part(match[kind].lower()))
        elif kind in ("quoted", "escaped", "bare"):
            found.append(match[kind])
    return tuple(_with_minutes(found))


def _with_minutes(tokens: list[str]) -> list[str]:
    """“m” stands for minutes after hours and before seconds."""
    places = [place for place, token in enumerate(tokens) if isinstance(token, _Part)]
    for before, place, after in zip([None, *places], places, [*places[1:], None], strict=False):
        if tokens[place] in ("m", "mm") and (
            (before is not None and tokens[before][0] == "h")
            or (after is not None and tokens[after][0] == "s")
        ):
            tokens[place] = _Part("n" * len(tokens[place]))
    return tokens


def _kind(part: str) -> str:
    """Of the whole day nothing is shown by a weekday, an hour, or a month’s first letter."""
    if part[0] == "d":
        return "day" if len(part) <= 2 else "weekday"
    if part[0] == "m":
        return "letter" if len(part) == 5 else "month"
    return "year" if part[0] == "y" else "time"


def _write(part: str, value: date) -> str:
    month = MONTHS[value.month - 1]
    at = value.time() if isinstance(value, datetime) else time()
    return {
        "yy": f"{value.year % 100:02}", "y": f"{value.year % 100:02}",
        "m": str(value.month), "mm": f"{value.month:02}", "mmm": month[:3], "mmmm": month,
        "mmmmm": month[0], "d": str(value.day), "dd": f"{value.day:02}",
        "ddd": WEEKDAYS[value.weekday()][:3], "dddd": WEEKDAYS[value.weekday()],
        "h": str(at.hour), "hh": f"{at.hour:02}", "n": str(at.minute), "nn": f"{at.minute:02}",
        "s": str(at.second), "ss": f"{at.second:02}",
    }.get(part, {"y": str(value.year), "m": month}.get(part[0], ""))  # fmt: skip
