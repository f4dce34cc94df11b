"""Figures that a later load replaced, or that were withdrawn, and why."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

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
    """A period's figure that stood from `since` until `at`, and what came then; None where nothing
    did.

    `is_withdrawn`: it was taken back, so that `new` is what stood again, and `before` what it had
    replaced. `is_told` is False for a series whose small numbers are hidden here, or that is linked
    with one: two versions together could give away a count. `is_latest`: what came then still
    stands.
    """

    old: Measurement
    new: Measurement | None
    before: Measurement | None
    since: datetime
    at: datetime
    is_withdrawn: bool
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
    def words(self) -> str:
        """“46% until 30 October 2016, now 48%”, “it was 46%, then 84% from 3 May 2017 until it was
        withdrawn on 5 May 2017, now 46%”."""
        day = PartialDate(self.on, "day")
        if not self.is_told:
            return f"{'figure withdrawn' if self.is_withdrawn else 'restated'} on {day}"
        now = ""
        if self.new is not None:
            now = f", {'now' if self.is_latest else 'then'} {format_measurement(self.new)}"
        was = format_measurement(self.old)
        if not self.is_withdrawn:
            return f"{was} until {day}{now}"
        first = f"{format_measurement(self.before)}, then " if self.before else ""
        return f"it was {first}{was} {self._while_it_stood}{now}"

    @property
    def _while_it_stood(self) -> str:
        day, first = PartialDate(self.on, "day"), PartialDate(localdate(self.since), "day")
        if first == day:
            return f"on {day}, withdrawn the same day"
        return f"from {first} until it was withdrawn on {day}"

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
            of_period = _OfPeriod(known_at, is_told=series in told)
            found.setdefault(series, []).extend(of_period.read(rows))
    for each in found.values():
        each.sort(key=lambda one: (one.at, one.old.period_end), reverse=True)
    return found


def values_before(restated: Iterable[Restated]) -> dict[Span, Decimal]:
    """By period, the last other value that a figure in force was restated from, where that may be
    told. What was withdrawn is none: it was a mistake, and not what the figure was before."""
    found: dict[Span, Decimal] = {}
    listed = [one for one in restated if one.is_told and not one.is_withdrawn]
    standing = {one.span for one in listed if one.is_latest}
    for one in sorted(listed, key=lambda one: not one.is_latest):
        if one.span in standing and one.old.value is not None:
            found.setdefault(one.span, one.old.value)
    return found


@dataclass
class _Standing:
    """One value of a period, from its first row to the last that says the same: what a withdrawal
    puts back goes on with what stood before."""

    first: Measurement
    last: Measurement


class _OfPeriod:
    """Reads one period's versions, oldest first, keeping what a withdrawal would go back to."""

    def __init__(self, known_at: datetime, *, is_told: bool) -> None:
        self.known_at = known_at
        self.is_told = is_told
        self.standing: list[_Standing] = []
        self.found: list[Restated] = []

    def read(self, rows: Iterable[Measurement]) -> list[Restated]:
        ordered = sorted(rows, key=lambda row: row.known_from)
        for row, after in zip(ordered, [*ordered[1:], None], strict=True):
            self._enter(row)
            if self._stands(row):
                continue
            new = after if after and after.known_from == row.known_until else None
            if new is None or (_is_put_back(new) and not _are_alike(row, new)):
                self._take_back(new, row)
        self._tell(self.standing)
        return self.found

    def _stands(self, row: Measurement) -> bool:
        return row.known_until is None or row.known_until > self.known_at

    def _enter(self, row: Measurement) -> None:
        if self.standing and _are_alike(self.standing[-1].last, row):
            self.standing[-1].last = row
        else:
            self.standing.append(_Standing(row, row))

    def _take_back(self, new: Measurement | None, old: Measurement) -> None:
        """The newest goes, and what lies between it and what stands again is history."""
        gone = self.standing.pop()
        before = self.standing[-1].last if self.standing else None
        at = old.known_until
        assert at is not None
        self._add(gone.last, new, before, gone.first.known_from, at, is_withdrawn=True)
        places = [place for place, each in enumerate(self.standing)
                  if new is not None and _are_alike(each.last, new)]  # fmt: skip
        keep = places[-1] + 1 if places else 0
        self._tell(self.standing[max(keep - 1, 0) :])
        del self.standing[keep:]

    def _tell(self, standing: Sequence[_Standing]) -> None:
        for one, following in pairwise(standing):
            new = following.first
            self._add(one.last, new, None, one.first.known_from, new.known_from, following.last)

    def _add(
        self,
        old: Measurement,
        new: Measurement | None,
        before: Measurement | None,
        since: datetime,
        at: datetime,
        last: Measurement | None = None,
        *,
        is_withdrawn: bool = False,
    ) -> None:
        """`last` is the row that says the same as `new` at the end."""
        last = last or new
        self.found.append(
            Restated(
                old=self._shown(old),
                new=self._shown(new) if new else None,
                before=self._shown(before) if before else None,
                since=since,
                at=at,
                is_withdrawn=is_withdrawn,
                is_told=self.is_told,
                is_latest=last is not None and self._stands(last),
            )
        )

    def _shown(self, row: Measurement) -> Measurement:
        return row if self.is_told else without_value(row)


def _is_put_back(row: Measurement) -> bool:
    return _fact(row, "load_format") == Load.Format.WITHDRAWAL


def _are_alike(one: Measurement, other: Measurement) -> bool:
    return (one.value, one.symbol) == (other.value, other.symbol)
