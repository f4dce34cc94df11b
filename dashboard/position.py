"""Where a page's position is made, from the clock or from what was asked for."""

import re
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from performance.calculations.position import Position
from performance.clock import end_of_day, now, today

__all__ = ["AskedPosition", "end_of_day", "now", "read_position", "today"]


def _read_day(text: str) -> date:
    """`2016-10-05`, or `5/10/2016` as a person here would write it. Raises ValueError."""
    if match := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text):
        day, month, year = map(int, match.groups())
        return date(year, month, day)
    return date.fromisoformat(text)


@dataclass(frozen=True)
class AskedPosition:
    """The position of a request, the day that was asked for, and what was wrong with it."""

    position: Position
    as_at: date | None = None
    problem: str = ""


def read_position(request: HttpRequest) -> AskedPosition:
    """Today's position, or that of `?as_at=2016-10-05` as a reader on that day had it."""
    current = Position(on=today(), known_at=now())
    asked = request.GET.get("as_at", "").strip()
    if not asked:
        return AskedPosition(current)
    try:
        day = _read_day(asked)
        if day > max(timezone.localdate(), current.on):
            return AskedPosition(
                current, problem=f"{asked} has not come yet: nothing can be known of it."
            )
        return AskedPosition(Position(on=day, known_at=end_of_day(day)), as_at=day)
    except (ValueError, OverflowError):
        return AskedPosition(
            current,
            problem=f"“{asked[:40]}” is not a day that can be shown. Write it as year, month and "
            f"day, such as {current.on.isoformat()}.",
        )
