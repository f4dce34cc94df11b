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
class IndicatorReading:
    """An indicator with its series in their order, and the one that speaks for it."""

    indicator: Indicator
    series: list[SeriesReading]

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
    around: Sequence[Area]
    neighbours: NeighbourList | None
    comparable: Mapping[int, Sequence[int]]
    was: Mapping[Key, Decimal]


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
    return [IndicatorReading(one, by_indicator.get(one.pk, [])) for one in asked]


def _read_all(series: Sequence[Series], area_code: str, position: Position) -> _Held:
    links, by_id = read_links(), {one.pk: one for one in series}
    rows = _own_rows(by_id, area_code, position, links)
    targets = list(
        Target.objects.at(position)
        .filter(area__code=area_code, series__in=series)
        .order_by("period_end", "id")
    )
    for target in targets:
        target.series = by_id[target.series_id]
    lists = read_lists_in_force(area_code, position.on)
    neighbours = lists[0] if lists else None
    comparable = _comparable(series)
    asked, ends = _to_compare(rows, comparable, by_id)
    beside = around_or_near(area_code, neighbours)
    others = _others(asked, ends, beside, position, links, by_id)
    return _Held(
        rows=rows,
        targets=_by_series(targets),
        others=others.figures,
        around=others.around,
        neighbours=neighbours,
        comparable=comparable,
        was=_restated_from(rows, area_code, position, links),
    )


def _own_rows(
    series: Mapping[int, Series], area_code: str, position: Position, links: CountLinks
) -> dict[int, list[Measurement]]:
    asked = (
        Measurement.objects.at(position)
        .for_area(area_code)
        .filter(series__in=series, period_end__lte=position.on)
        .order_by("period_end", "-period_start", "id")
    )
    return _by_series(read_shown(asked, position, links, series))


def _by_series(rows: Iterable) -> dict:
    found: dict[int, list] = {}
    for row in rows:
        found.setdefault(row.series_id, []).append(row)
    return found


def _comparable(series: Sequence[Series]) -> dict[int, list[int]]:
    """The other series that each may be held against. One query."""
    pairs = Series.comparable_with.through.objects.filter(from_series__in=series)
    found: dict[int, list[int]] = {}
    for one, other in pairs.order_by("to_series").values_list("from_series", "to_series"):
        found.setdefault(one, []).append(other)
    return found


def may_compare_areas(indicator: Indicator) -> bool:
    """Not for counts of children: a larger council has more of them."""
    return not indicator.counts_children or per_how_many(indicator.unit) is not None


def latest_dated(rows: Sequence[Measurement]) -> Measurement | None:
    return next((row for row in reversed(rows) if not row.is_undated), None)


def around_or_near(area_code: str, neighbours: NeighbourList | None) -> Q:
    """The measurements of a council's region, of the country and of its neighbours."""
    around = Area.objects.filter(Q(councils__code=area_code) | Q(kind=Area.Kind.COUNTRY))
    near = [area.pk for area in neighbours.areas] if neighbours else []
    return Q(area__in=around) | Q(area__in=near)


def _to_compare(
    rows: Mapping[int, list[Measurement]],
    comparable: Mapping[int, Sequence[int]],
    series: Mapping[int, Series],
) -> tuple[set[int], set[date]]:
    """The series, and the last days of the periods, for which others' figures are wanted."""
    asked: set[int] = set()
    ends: set[date] = set()
    for series_id, held in rows.items():
        latest = latest_dated(held)
        may_compare = may_compare_areas(series[series_id].indicator)
        if latest and latest.value is not None and may_compare:
            asked |= {series_id, *comparable.get(series_id, [])}
            ends.add(latest.period_end)
    return asked, ends


@dataclass(frozen=True)
class _Others:
    """Other areas' figures by key and area code, and those areas that are no councils."""

    figures: Mapping[Key, Mapping[str, Figure]]
    around: Sequence[Area]


def _others(
    asked: set[int],
    ends: set[date],
    beside: Q,
    position: Position,
    links: CountLinks,
    series: Mapping[int, Series],
) -> _Others:
    """What region, country and neighbours had for the period of each series' latest figure."""
    if not asked:
        return _Others({}, [])
    unread = asked - series.keys()
    elsewhere = Series.objects.filter(pk__in=unread).select_related("indicator") if unread else []
    known = {**series, **{one.pk: one for one in elsewhere}}
    rows = (
        Measurement.objects.at(position)
        .filter(beside, series__in=asked, period_end__in=ends, is_undated=False)
        .select_related("area")
    )
    figures: dict[Key, dict[str, Figure]] = {}
    around: dict[str, Area] = {}
    for row in read_shown(rows, position, links, known):
        key = (row.series_id, row.period_start, row.period_end)
        figures.setdefault(key, {})[row.area.code] = row.figure
        if row.area.kind != Area.Kind.COUNCIL:
            around[row.area.code] = row.area
    return _Others(figures, sorted(around.values(), key=lambda area: area.kind, reverse=True))


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
            beside=_regions_beside(held.around, values),
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
    candidates = [series.pk, *held.comparable.get(series.pk, [])]
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
