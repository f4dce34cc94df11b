"""What the figures of many indicators say on a day, from a few bulk queries.

Each series is read by the rules of `calculations`; nothing here decides what a figure means.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from performance.calculations.comparison import (
    AreaFigure,
    Comparison,
    comparable_values,
    compare,
)
from performance.calculations.figures import Figure
from performance.calculations.position import Position
from performance.calculations.reading import BesideArea, Facts, Reading, TargetHeld, read
from performance.calculations.sentence import Sentence, write_sentence
from performance.models import Area, Indicator, Measurement, Series, Target
from performance.presenters.figures import target_when
from performance.presenters.neighbours import NeighbourList, read_lists_in_force
from performance.shown import CountLinks, per_how_many, read_links, read_shown

# A council's own figure speaks for an indicator until another source is this much newer.
DAYS_UNTIL_STALE = 400

Key = tuple[int, date, date]


@dataclass(frozen=True)
class SeriesReading:
    """One series on the page's day: its figures as they may be shown, oldest first."""

    series: Series
    rows: list[Measurement]
    targets: list[Target]
    reading: Reading
    sentence: Sentence

    @property
    def has_figure(self) -> bool:
        return self.reading.latest is not None

    @property
    def latest_row(self) -> Measurement | None:
        """The row behind `reading.latest`."""
        latest = self.reading.latest
        if latest is None:
            return None
        key = (latest.start, latest.end, latest.is_undated)
        return next(
            row
            for row in reversed(self.rows)
            if (row.period_start, row.period_end, row.is_undated) == key
        )

    @property
    def newest_end(self) -> date:
        """The last day that its newest figure is about; the first of all days without one."""
        return self.reading.latest.end if self.reading.latest else date.min


@dataclass(frozen=True)
class Surroundings:
    """What the readings of one page share: who stands around the council, and what with what."""

    areas: Sequence[Area]
    lists: Sequence[NeighbourList]
    comparable: Mapping[int, Sequence[Series]]
    links: CountLinks

    @property
    def near(self) -> list[Area]:
        """The region and the countries, without the council itself."""
        return [area for area in self.areas if area.kind != Area.Kind.COUNCIL]


@dataclass(frozen=True)
class IndicatorReading:
    """An indicator with its series in their order, and the one that speaks for it."""

    indicator: Indicator
    series: list[SeriesReading]
    around: Surroundings

    @property
    def speaks(self) -> SeriesReading | None:
        """The first in order that has a figure, unless that is old news beside another's."""
        held = [one for one in self.series if one.has_figure]
        if not held:
            return next((one for one in self.series if one.targets), None)
        newest = max(one.newest_end for one in held)
        return next(one for one in held if (newest - one.newest_end).days <= DAYS_UNTIL_STALE)


@dataclass(frozen=True)
class _Held:
    """What was read in bulk, by series; `others` by period and area as well."""

    rows: Mapping[int, list[Measurement]]
    targets: Mapping[int, list[Target]]
    others: Mapping[Key, Mapping[str, Figure]]
    surroundings: Surroundings
    was: Mapping[Key, Decimal]

    @property
    def neighbours(self) -> NeighbourList | None:
        """The newest list in force."""
        return next(iter(self.surroundings.lists), None)

    def comparable(self, series: int) -> list[int]:
        return [one.pk for one in self.surroundings.comparable.get(series, [])]


def make_readings(
    indicators: Iterable[Indicator], area_code: str, position: Position
) -> list[IndicatorReading]:
    """Every indicator's series at the position, in the order in which the indicators come.

    A fixed number of queries, however many indicators there are.
    """
    asked = list(indicators)
    series = list(
        Series.objects.filter(indicator__in=asked)
        .select_related("indicator")
        .order_by("indicator", "order", "code")
    )
    held = _read_all(series, area_code, position)
    by_indicator: dict[int, list[SeriesReading]] = {}
    for one in series:
        by_indicator.setdefault(one.indicator_id, []).append(_read_one(one, held, position.on))
    return [IndicatorReading(one, by_indicator.get(one.pk, []), held.surroundings)
            for one in asked]  # fmt: skip


def _read_all(series: Sequence[Series], area_code: str, position: Position) -> _Held:
    around = _read_surroundings(series, area_code, position)
    rows = _own_rows(series, area_code, position, around.links)
    targets = list(
        Target.objects.at(position)
        .filter(area__code=area_code, series__in=series)
        .order_by("period_end", "id")
    )
    by_id = {one.pk: one for one in series}
    for target in targets:
        target.series = by_id[target.series_id]
    return _Held(
        rows=rows,
        targets=_by_series(targets),
        others=_others(rows, around, position),
        surroundings=around,
        was=_restated_from(rows, area_code, position, around.links),
    )


def _read_surroundings(
    series: Sequence[Series], area_code: str, position: Position
) -> Surroundings:
    """Four queries."""
    areas = Area.objects.filter(
        Q(code=area_code) | Q(councils__code=area_code) | Q(kind=Area.Kind.COUNTRY)
    )
    return Surroundings(
        areas=list(areas.order_by("-kind")),
        lists=read_lists_in_force(area_code, position.on),
        comparable=_comparable(series),
        links=read_links(),
    )


def _own_rows(
    series: Sequence[Series], area_code: str, position: Position, links: CountLinks
) -> dict[int, list[Measurement]]:
    asked = (
        Measurement.objects.at(position)
        .for_area(area_code)
        .filter(series__in=series, period_end__lte=position.on)
        .select_related("area")
        .order_by("period_end", "-period_start", "id")
    )
    return _by_series(read_shown(asked, position, links, {one.pk: one for one in series}))


def _by_series(rows: Iterable) -> dict:
    found: dict[int, list] = {}
    for row in rows:
        found.setdefault(row.series_id, []).append(row)
    return found


def _comparable(series: Sequence[Series]) -> dict[int, list[Series]]:
    """The other series that each may be held against, with their indicator. One query."""
    pairs = Series.comparable_with.through.objects.filter(from_series__in=series)
    found: dict[int, list[Series]] = {}
    for pair in pairs.select_related("to_series__indicator").order_by("to_series_id"):
        found.setdefault(pair.from_series_id, []).append(pair.to_series)
    return found


def may_compare_areas(indicator: Indicator) -> bool:
    """Not for counts of children: a larger council has more of them."""
    return not indicator.counts_children or per_how_many(indicator.unit) is not None


def latest_dated(rows: Sequence[Measurement]) -> Measurement | None:
    return next((row for row in reversed(rows) if not row.is_undated), None)


def _others(
    rows: Mapping[int, list[Measurement]], around: Surroundings, position: Position
) -> dict[Key, dict[str, Figure]]:
    """What region, country and neighbours had for the period of each series' latest figure."""
    asked: set[int] = set()
    ends: set[date] = set()
    for series_id, held in rows.items():
        latest = latest_dated(held)
        if latest and latest.value is not None:
            asked |= {series_id, *(one.pk for one in around.comparable.get(series_id, []))}
            ends.add(latest.period_end)
    areas = [*around.near, *(around.lists[0].areas if around.lists else [])]
    found: dict[Key, dict[str, Figure]] = {}
    code_of = {area.pk: area.code for area in areas}
    rows_there = (
        Measurement.objects.at(position)
        .filter(series__in=asked, area__in=list(code_of), period_end__in=ends)
        .with_series()
    )
    for row in read_shown(rows_there, position, around.links):
        if not row.is_undated and may_compare_areas(row.series.indicator):
            key = (row.series_id, row.period_start, row.period_end)
            found.setdefault(key, {})[code_of[row.area_id]] = row.figure
    return found


def _restated_from(
    rows: Mapping[int, list[Measurement]], area_code: str, position: Position, links: CountLinks
) -> dict[Key, Decimal]:
    """What a figure was before its source restated it, where that may be told.

    Not for series whose small numbers are hidden here: two versions of a table can give away
    what neither does alone.
    """
    told = [
        key
        for key, held in rows.items()
        if not held[0].series.is_under_local_rule and key not in links.tables
    ]
    before = (
        Measurement.objects.for_area(area_code)
        .filter(series__in=told, known_until__lte=position.known_at, value__isnull=False)
        .order_by("known_from", "id")
        .values_list("series_id", "period_start", "period_end", "value")
    )
    return {
        (series, start, end): value for series, start, end, value in before if value is not None
    }


def _read_one(series: Series, held: _Held, on: date) -> SeriesReading:
    rows = held.rows.get(series.pk, [])
    targets = held.targets.get(series.pk, [])
    latest = latest_dated(rows)
    values = _values_beside(series, latest, held)
    target = target_on(targets, on)
    reading = read(
        Facts(
            measure=series.measure,
            figures=tuple(row.figure for row in rows),
            on=on,
            target=_target_held(target),
            beside=_regions_beside(held.surroundings.near, values),
            neighbours=_neighbours_beside(held.neighbours, latest, values),
            neighbours_statistic=held.neighbours.statistic if held.neighbours else "median",
            revised_from=_was(latest, held.was),
            good_looks_like=series.indicator.good_looks_like,
        )
    )
    sentence = write_sentence(series.indicator.short_title, reading)
    return SeriesReading(series, rows, targets, reading, sentence)


def _target_held(target: Target | None) -> TargetHeld | None:
    if target is None:
        return None
    return TargetHeld(target.bounds, target.period_start, target_when(target))


def _regions_beside(
    around: Sequence[Area], values: Mapping[str, Decimal | None]
) -> tuple[BesideArea, ...]:
    found = ((area.name, values.get(area.code)) for area in around)
    return tuple(BesideArea(name, value) for name, value in found if value is not None)


def _neighbours_beside(
    each: NeighbourList | None, latest: Measurement | None, values: Mapping[str, Decimal | None]
) -> Comparison | None:
    if each is None or latest is None:
        return None
    theirs = {area.code: values.get(area.code) for area in each.areas}
    return compare(theirs, list_title=each.title, period=latest.period_label)


def _values_beside(
    series: Series, latest: Measurement | None, held: _Held
) -> Mapping[str, Decimal | None]:
    """The value of each other area that may be held against the latest figure, by area code."""
    if latest is None or latest.value is None:
        return {}
    candidates = [series.pk, *held.comparable(series.pk)]
    there: dict[str, AreaFigure] = {}
    for candidate in candidates:
        key = (candidate, latest.period_start, latest.period_end)
        for code, figure in held.others.get(key, {}).items():
            there.setdefault(code, AreaFigure(str(candidate), figure))
    own = AreaFigure(str(series.pk), latest.figure)
    return comparable_values(own, there, [str(one) for one in candidates])


def _was(latest: Measurement | None, was: Mapping[Key, Decimal]) -> Decimal | None:
    if latest is None or latest.value is None:
        return None
    before = was.get((latest.series_id, latest.period_start, latest.period_end))
    return before if before != latest.value else None


def target_on(targets: Sequence[Target], on: date) -> Target | None:
    """The target that a page speaks of: of those whose period has begun, the last to end."""
    return next((target for target in reversed(targets) if target.period_start <= on), None)
