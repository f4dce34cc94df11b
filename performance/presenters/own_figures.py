"""A council's own figures of many series from one query: what stands, and what stood before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from performance.calculations.position import Position
from performance.models import Measurement, Series, Target, known_by
from performance.presenters.credits import GIVER_FACTS, note_standing
from performance.presenters.restatements import (
    LOAD_FACTS,
    Restated,
    find_restated,
    values_before,
)
from performance.shown import CountLinks, noting_breaks, read_shown

Key = tuple[int, date, date]
OfSeries = TypeVar("OfSeries", bound="Measurement | Target")


@dataclass(frozen=True)
class OwnFigures:
    """The council's figures by series, what a restated one was before, where that may be told,
    and what was restated."""

    rows: Mapping[int, list[Measurement]]
    was: Mapping[Key, Decimal]
    restated: Mapping[int, list[Restated]]


def read_own_figures(
    series: Mapping[int, Series], area_code: str, position: Position, links: CountLinks
) -> OwnFigures:
    """One query: what stands now and what it was are versions of the same rows. One more where a
    figure was withdrawn that another load had given too.

    No earlier value is told of series whose small numbers are hidden here: two versions of a table
    can give away what neither does alone.
    """
    linked = links.linked_with(series)
    asked = (
        Measurement.objects.filter(known_by(position))
        .for_area(area_code)
        .filter(series__in=linked.union(series))
        .annotate(**(LOAD_FACTS | GIVER_FACTS))
        .order_by("period_end", "-period_start", "known_from", "id")
    )
    # Joined to each row, a series and its indicator are made anew for each.
    if linked:
        asked = asked.select_related("area")
    if linked.difference(series):
        asked = asked.with_series()
    versions = list(noting_breaks(asked, position))
    note_standing(versions)
    for row in versions:
        row.series = series.get(row.series_id) or row.series
    known = [row for row in versions
             if row.known_until is None or row.known_until > position.known_at]  # fmt: skip
    told = {
        key
        for key, one in series.items()
        if not one.is_under_local_rule and key not in links.tables
    }
    shown = read_shown(known, position, links, is_whole=True)
    rows = by_series(
        row for row in shown if row.series_id in series and row.period_end <= position.on
    )
    mine = [row for row in versions
            if row.series_id in series and row.period_end <= position.on]  # fmt: skip
    restated = find_restated(mine, told, position.known_at)
    was = {
        (series_id, *span): value
        for series_id, found in restated.items()
        for span, value in values_before(found).items()
    }
    return OwnFigures(rows, was, restated)


def by_series(rows: Iterable[OfSeries]) -> dict[int, list[OfSeries]]:
    found: dict[int, list[OfSeries]] = {}
    for row in rows:
        found.setdefault(row.series_id, []).append(row)
    return found
