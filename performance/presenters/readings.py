"""What the figures of many indicators say on a day, from a few bulk queries.

Each series is read by the rules of `calculations`; nothing here decides what a figure means.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

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
from performance.models import (
    Area,
    Indicator,
    Measurement,
    Series,
    SeriesLink,
    Target,
)
from performance.presenters.credits import CreditLine, make_credit_line
from performance.presenters.figures import target_when
from performance.presenters.neighbours import NeighbourList, read_lists_in_force
from performance.presenters.own_figures import Key, by_series, read_own_figures
from performance.presenters.restatements import Restated
from performance.shown import (
    CountLinks,
    per_how_many,
    read_links,
    read_shown,
)

# A council's own figure speaks for an indicator until another source is this much newer.
DAYS_UNTIL_STALE = 400

NO_LINKS = CountLinks(())


@dataclass(frozen=True)
class SeriesReading:
    """One series on the page's day: its figures as they may be shown, oldest first."""

    series: Series
    rows: list[Measurement]
    targets: list[Target]
    reading: Reading
    restated: Sequence[Restated] = ()

    @cached_property
    def sentence(self) -> Sentence:
        """Most series of a page are read and not said: another speaks for their indicator."""
        return write_sentence(self.series.indicator.short_title, self.reading)

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

    @cached_property
    def credit(self) -> CreditLine:
        """Who gave its figures."""
        return make_credit_line(self.rows, self.latest_row, self.series)

    @property
    def newest_end(self) -> date:
        """The last day that its newest figure is about; the first of all days without one."""
        return self.reading.latest.end if self.reading.latest else date.min


@dataclass(frozen=True)
class IndicatorReading:
    """An indicator with its series in their order, and the one that speaks for it."""

    indicator: Indicator
    series: list[SeriesReading]
    links: CountLinks = NO_LINKS

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
    was: Mapping[Key, Decimal]
    restated: Mapping[int, list[Restated]]
    links: CountLinks
    others: Mapping[Key, Mapping[str, Figure]] = field(default_factory=dict)
    around: Sequence[Area] = ()
    neighbours: NeighbourList | None = None


def make_readings(
    indicators: Iterable[Indicator], area_code: str, position: Position
) -> list[IndicatorReading]:
    """Every indicator's series at the position, in the order in which the indicators come.

    A fixed number of queries, however many indicators there are.
    """
    asked = list(indicators)
    made = make_series_readings(Series.objects.filter(indicator__in=asked), area_code, position)
    by_indicator = {one.indicator.pk: one for one in made}
    return [by_indicator.get(one.pk, IndicatorReading(one, [])) for one in asked]


def make_series_readings(
    asked: QuerySet[Series],
    area_code: str,
    position: Position,
    *,
    are_compared: bool = True,
) -> list[IndicatorReading]:
    """The series at the position, by indicator. Without `are_compared`, nothing is said of other
    areas: four queries instead of six."""
    series = list(
        asked.select_related("indicator")
        .annotate(
            comparable_ids=ArraySubquery(COMPARABLE.values("to_series")), is_linked=Exists(LINKS)
        )
        .order_by("indicator", "order", "code")
    )
    held = _read_own(series, area_code, position, links_of(series))
    if are_compared:
        held = _read_beside(held, series, area_code, position)
    by_indicator: dict[int, list[SeriesReading]] = {}
    for one in series:
        by_indicator.setdefault(one.indicator_id, []).append(_read_one(one, held, position.on))
    return [
        IndicatorReading(found[0].series.indicator, found, held.links)
        for found in by_indicator.values()
    ]


def links_of(series: Sequence[Series]) -> CountLinks:
    """How their counts are linked; no query where none of them is."""
    is_linked = any(one.is_linked for one in series)  # type: ignore[attr-defined]
    return read_links() if is_linked else NO_LINKS


LINKS = SeriesLink.objects.filter(Q(series=OuterRef("pk")) | Q(of=OuterRef("pk")))
COMPARABLE = Series.comparable_with.through.objects.filter(from_series=OuterRef("pk")).order_by(
    "to_series"
)


def _read_own(
    series: Sequence[Series], area_code: str, position: Position, links: CountLinks
) -> _Held:
    by_id = {one.pk: one for one in series}
    own = read_own_figures(by_id, area_code, position, links)
    targets = list(
        Target.objects.at(position)
        .filter(area__code=area_code, series__in=series)
        .order_by("period_end", "id")
    )
    for target in targets:
        target.series = by_id[target.series_id]
    return _Held(own.rows, by_series(targets), own.was, own.restated, links)


def _read_beside(
    held: _Held, series: Sequence[Series], area_code: str, position: Position
) -> _Held:
    by_id = {one.pk: one for one in series}
    lists = read_lists_in_force(area_code, position.on)
    neighbours = lists[0] if lists else None
    asked, ends = _to_compare(held.rows, by_id)
    beside = around_or_near(area_code, neighbours)
    others = _others(asked, ends, beside, position, held.links, by_id)
    return replace(held, others=others.figures, around=others.around, neighbours=neighbours)


def comparable_ids(series: Series) -> Sequence[int]:
    """The other series that it may be held against, as they were read with it."""
    return series.comparable_ids  # type: ignore[attr-defined]


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
    rows: Mapping[int, list[Measurement]], series: Mapping[int, Series]
) -> tuple[set[int], set[date]]:
    """The series, and the last days of the periods, for which others' figures are wanted."""
    asked: set[int] = set()
    ends: set[date] = set()
    for series_id, held in rows.items():
        latest = latest_dated(held)
        may_compare = may_compare_areas(series[series_id].indicator)
        if latest and latest.value is not None and may_compare:
            asked |= {series_id, *comparable_ids(series[series_id])}
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
    # Nobody has asked yet how those of other indicators are linked.
    links = read_links() if unread else links
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
    return SeriesReading(series, rows, targets, reading, held.restated.get(series.pk, []))


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
    candidates = [series.pk, *comparable_ids(series)]
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
