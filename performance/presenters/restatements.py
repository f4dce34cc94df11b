"""Figures that a later load replaced, or that were withdrawn, and why."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.utils.timezone import localdate

from performance.calculations.partial_date import PartialDate
from performance.models import Load, Measurement
from performance.presenters.figures import format_measurement
from performance.shown import without_value

Span = tuple[date, date]

# What a row is read with, so that it can be told why the figure before it was replaced.
LOAD_FACTS = {
    "load_format": F("load__format"),
    "load_reason": F("load__reason"),
    "withdrawn_because": F("load__withdrawal__reason"),
}
NO_REASON = "No reason was given."


@dataclass(frozen=True)
class Restated:
    """A period's figure that stood until `at`, and the one in its place; None where there is none.

    `is_told` is False for a series whose small numbers are hidden here, or that is linked with
    one: two versions together could give away a count. `is_latest`: what came then still stands.
    """

    old: Measurement
    new: Measurement | None
    at: datetime
    is_told: bool
    is_latest: bool

    @property
    def period(self) -> str:
        return self.old.period_label

    @property
    def span(self) -> Span:
        return self.old.period_start, self.old.period_end

    @property
    def on(self) -> date:
        return localdate(self.at)

    @property
    def is_withdrawn(self) -> bool:
        return self.new is None or _fact(self.new, "load_format") == Load.Format.WITHDRAWAL

    @property
    def words(self) -> str:
        """“46% until 30 October 2016, now 48%”, “figures withdrawn on 2 May 2017: it was 46%”."""
        day = PartialDate(self.on, "day")
        if not self.is_told:
            return f"{'figure withdrawn' if self.is_withdrawn else 'restated'} on {day}"
        was = format_measurement(self.old)
        if self.new is None:
            return f"{was} until {day}, when it was withdrawn"
        then = "now" if self.is_latest else "then"
        return f"{was} until {day}, {then} {format_measurement(self.new)}"

    @property
    def why(self) -> str:
        """“DfE’s release of 30 October 2025.”, “Figures withdrawn: …”, or the load's own reason."""
        if self.new is None:
            reason = _fact(self.old, "withdrawn_because")
            return _stopped(f"Figures withdrawn: {reason}" if reason else "Figures withdrawn")
        reason = _fact(self.new, "load_reason")
        if self.is_withdrawn:
            return _stopped(f"Figures withdrawn: {reason}")
        if reason:
            return _stopped(reason)
        if _fact(self.new, "load_format") in (Load.Format.PUBLISHED, Load.Format.LAIT):
            return f"DfE’s release of {PartialDate(localdate(self.new.known_from), 'day')}."
        return NO_REASON


def _fact(row: Measurement, name: str) -> str:
    return getattr(row, name, None) or ""


def _stopped(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def find_restated(
    versions: Iterable[Measurement], told: Collection[int], known_at: datetime
) -> dict[int, list[Restated]]:
    """What was restated or withdrawn by `known_at`, by series, the newest news first.

    `versions` are every row known by then, with their load's facts; `told` the ids of the series
    of which earlier values may be told.
    """
    by_key: dict[tuple[int, Span], list[Measurement]] = {}
    for row in versions:
        key = (row.series_id, (row.period_start, row.period_end))
        by_key.setdefault(key, []).append(row)
    found: dict[int, list[Restated]] = {}
    for (series, _), rows in by_key.items():
        if len(rows) > 1 or rows[0].known_until:
            found.setdefault(series, []).extend(_of_period(rows, told, known_at))
    for each in found.values():
        each.sort(key=lambda one: (one.at, one.old.period_end), reverse=True)
    return found


def _of_period(
    rows: Sequence[Measurement], told: Collection[int], known_at: datetime
) -> list[Restated]:
    rows = sorted(rows, key=lambda row: row.known_from)
    found = []
    for place, row in enumerate(rows):
        if row.known_until is None or row.known_until > known_at:
            continue
        following = rows[place + 1] if place + 1 < len(rows) else None
        new = following if following and following.known_from == row.known_until else None
        if new and (new.value, new.symbol) == (row.value, row.symbol):
            continue
        is_told = row.series_id in told
        is_latest = place + 2 >= len(rows) and bool(new)
        old = row if is_told else without_value(row)
        new = new if is_told or new is None else without_value(new)
        found.append(Restated(old, new, row.known_until, is_told, is_latest))
    return found
