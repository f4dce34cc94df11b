"""How a council's series lies to those of other areas, for the page of one indicator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q

from performance.calculations.better_or_worse import has_good_direction
from performance.calculations.comparison import (
    AreaFigure,
    Comparison,
    comparable_values,
    compare,
    stand_against,
)
from performance.calculations.figures import Figure, Polarity
from performance.calculations.periods import follow_a_gap
from performance.calculations.position import Position
from performance.calculations.ranking import Rank, find_rank
from performance.calculations.reading import BesideArea, read
from performance.calculations.wording import format_value, format_with_unit
from performance.charts import (
    ChartPoint,
    Comparator,
    ComparatorPoint,
    Panel,
    SmallMultiples,
    Strip,
    StripMark,
)
from performance.charts.points import places_of_average
from performance.models import Area, Indicator, Measurement, Series
from performance.presenters.credits import GIVER_FACTS, STANDING_FACTS, credit_figure
from performance.presenters.neighbours import NeighbourList, read_lists_in_force
from performance.presenters.readings import (
    SeriesReading,
    comparable_ids,
    latest_dated,
    may_compare_areas,
)
from performance.presenters.series_chart import (
    charted,
    round_average,
    symbol_words,
)
from performance.shown import CountLinks, read_links, read_shown

Span = tuple[date, date]


@dataclass(frozen=True)
class ComparisonRow:
    """“England | 67 | higher than it”: whose, what, how ours lies to it, and on what basis."""

    label: str
    text: str
    stands: str
    basis: str


@dataclass(frozen=True)
class Beside:
    """What the other areas have, by area code and period; empty where nothing may be compared.

    `sources`: who gave their figures of the period that is compared.
    """

    own_area: Area
    areas: Mapping[str, Area]
    lists: Sequence[NeighbourList]
    figures: Mapping[str, Mapping[Span, AreaFigure]]
    why_none: str
    sources: Sequence[str] = ()


def read_beside(
    one: SeriesReading, area_code: str, position: Position, links: CountLinks
) -> Beside:
    """Every other area's figures that may be held against the series. Three or four queries."""
    own_area = Area.objects.select_related("region").get(code=area_code)
    lists = read_lists_in_force(area_code, position.on)
    latest = latest_dated(one.rows)
    why_none = _why_none(one.series.indicator, latest)
    if why_none or latest is None:
        return Beside(own_area, {}, lists, {}, why_none)
    series = {one.series.pk: one.series}
    if others := comparable_ids(one.series):
        series |= Series.objects.select_related("indicator").in_bulk(others)
        links = read_links()
    near = {member.area_id for each in lists for member in each.members}
    asked = (
        Measurement.objects.at(position)
        .filter(series__in=series, period_end__lte=latest.period_end, is_undated=False)
        .exclude(area=own_area)
        .filter(
            Q(area__in=near)
            | Q(area=own_area.region_id)
            | Q(area__kind=Area.Kind.COUNTRY)
            | Q(area__kind=Area.Kind.COUNCIL, period_end=latest.period_end)
        )
        .select_related("area")
        .annotate(**GIVER_FACTS, **STANDING_FACTS)
    )
    areas: dict[str, Area] = {}
    figures: dict[str, dict[Span, AreaFigure]] = {}
    order = list(series)
    rows = sorted(
        read_shown(asked, position, links, series), key=lambda row: order.index(row.series_id)
    )
    sources: dict[str, None] = {}
    for row in rows:
        areas[row.area.code] = row.area
        span = (row.period_start, row.period_end)
        figure = AreaFigure(row.series.code, row.figure)
        is_kept = figures.setdefault(row.area.code, {}).setdefault(span, figure) is figure
        if is_kept and span == (latest.period_start, latest.period_end):
            sources[credit_figure(row, row.series).words] = None
    return Beside(own_area, areas, lists, figures, "" if figures else NOBODY, list(sources))


NOBODY = "No other area’s figures of this series are held."


def _why_none(indicator: Indicator, latest: Measurement | None) -> str:
    if latest is None:
        return "The source does not date this figure, so it cannot be compared."
    if not may_compare_areas(indicator):
        return (
            "A number of children is not compared between councils: a larger council has more "
            "of them. Look at the rate instead, where there is one."
        )
    return ""


@dataclass(frozen=True)
class Compared:
    """One period of the council's series against the others."""

    beside: Beside
    reading: SeriesReading
    row: Measurement

    @property
    def series(self) -> Series:
        return self.reading.series

    def values(self, codes: Sequence[str]) -> dict[str, Decimal | None]:
        """Each area's value for the period, None where it has none that may be compared."""
        span = (self.row.period_start, self.row.period_end)
        others = {code: self.beside.figures.get(code, {}).get(span) for code in codes}
        own = AreaFigure(self.series.code, self.row.figure)
        every = {figure.series for figure in others.values() if figure}
        return comparable_values(own, others, every)

    @property
    def source(self) -> str:
        """Who gave the figures that are compared; ours and the others' apart where they differ."""
        own, others = credit_figure(self.row, self.series).words, self.beside.sources
        if set(others) <= {own}:
            return own
        return f"for {self.beside.own_area}, {own}; for the others, {'; '.join(others)}"

    def of_list(self, each: NeighbourList) -> Comparison | None:
        codes = [area.code for area in each.areas]
        return compare(self.values(codes), list_title=each.title, period=self.row.period_label)

    def of_kind(self, kind: Area.Kind) -> list[Area]:
        return [area for area in self.beside.areas.values() if area.kind == kind]

    def of_all_councils(self) -> dict[str, Decimal | None]:
        """Every council's value, its own included."""
        codes = [area.code for area in self.of_kind(Area.Kind.COUNCIL)]
        return self.values(codes) | {self.beside.own_area.code: self.row.value}

    def rank(self) -> Rank | None:
        return find_rank(self.of_all_councils(), self.beside.own_area.code, self.series.measure)


def make_compared(beside: Beside, reading: SeriesReading) -> Compared | None:
    """None where the latest dated figure may be held against nobody's."""
    latest = latest_dated(reading.rows)
    if latest is None or beside.why_none:
        return None
    return Compared(beside, reading, latest)


def say_compared(one: Compared) -> SeriesReading:
    """The series with what may be said of it beside region, country and the newest list."""
    around = [*one.of_kind(Area.Kind.REGION), *one.of_kind(Area.Kind.COUNTRY)]
    values = one.values([area.code for area in around])
    beside = [(area.name, values[area.code]) for area in around]
    newest = one.beside.lists[0] if one.beside.lists else None
    facts = replace(
        one.reading.reading.facts,
        beside=tuple(BesideArea(name, value) for name, value in beside if value is not None),
        neighbours=one.of_list(newest) if newest else None,
        neighbours_statistic=newest.statistic if newest else "median",
    )
    reading = read(facts)
    return replace(one.reading, reading=reading)


def make_comparison_rows(one: Compared) -> list[ComparisonRow]:
    """Ours, the region, the country, each list's two averages; nothing where nobody has a value."""
    measure, row = one.series.measure, one.row
    rows = [
        ComparisonRow(
            one.beside.own_area.name,
            symbol_words(row.figure)
            if row.value is None
            else format_with_unit(row.value, measure.unit, measure.decimals),
            "",
            row.period_label,
        )
    ]
    for area in [*one.of_kind(Area.Kind.REGION), *one.of_kind(Area.Kind.COUNTRY)]:
        value = one.values([area.code])[area.code]
        if value is not None:
            text = format_with_unit(value, measure.unit, measure.decimals)
            rows.append(ComparisonRow(area.name, text, _stands(one, value), row.period_label))
    for each in one.beside.lists:
        if found := one.of_list(each):
            for statistic, value in (("Median", found.median), ("Mean", found.mean)):
                rounded = round_average(value, measure.decimals)
                text = format_with_unit(rounded, measure.unit, places_of_average(measure.decimals))
                label = f"{statistic} of {found.n} neighbours"
                rows.append(ComparisonRow(label, text, _stands(one, value), found.basis))
    return rows


def _stands(one: Compared, value: Decimal) -> str:
    """“better”, “worse”, “higher”, “lower” or “the same”: ours, against the other."""
    if one.row.value is None:
        return ""
    sense = stand_against(one.row.value, value, one.series.measure)
    return {"up": "higher", "down": "lower"}.get(sense.value, sense.value)


def make_comparators(one: Compared) -> list[Comparator]:
    """Region, country and the newest list's average, for each period of the council's line."""
    drawn = charted(one.reading.rows)
    measure, found = one.series.measure, []
    for area in [*one.of_kind(Area.Kind.REGION), *one.of_kind(Area.Kind.COUNTRY)][:2]:
        held = one.beside.figures[area.code]
        points = [
            _comparator_point(row, figure.figure)
            for row in drawn
            if (figure := held.get((row.period_start, row.period_end)))
        ]
        if points:
            found.append(Comparator(area.name, points))
    for each in one.beside.lists[:1]:
        statistic = each.statistic
        points = []
        for row in drawn:
            average = Compared(one.beside, one.reading, row).of_list(each)
            if average:
                value = round_average(getattr(average, statistic), measure.decimals)
                points.append(ComparatorPoint(row.period_end, row.period_label, value))
        if points:
            label = f"{statistic.capitalize()} of neighbours ({each.edition})"
            found.append(Comparator(label, points, is_average=True))
    return found


def _comparator_point(row: Measurement, figure: Figure) -> ComparatorPoint:
    return ComparatorPoint(row.period_end, row.period_label, figure.value, symbol_words(figure))


def describe_strip(one: Compared) -> Strip | None:
    """Where the council stands among all councils; None with fewer than four other values."""
    councils = one.of_all_councils()
    own = councils.pop(one.beside.own_area.code)
    present = [value for value in councils.values() if value is not None]
    if len(present) < 4:
        return None
    measure, areas = one.series.measure, one.beside.areas
    everyone = compare(councils | {"": own}, list_title="", period="")
    each = one.beside.lists[0] if one.beside.lists else None
    near = one.values([area.code for area in each.areas]) if each else {}
    listed = one.of_list(each) if each else None
    rank = one.rank()
    good = measure.polarity.value if has_good_direction(measure) else ""
    return Strip(
        title="Where it stands among all councils",
        summary=_strip_sentence(one, rank, len(present), own),
        period=one.row.period_label,
        own=_mark(one.beside.own_area.name, own, one.row.figure),
        unit=measure.unit,
        decimals=measure.decimals,
        councils=[StripMark(areas[code].name, value) for code, value in councils.items()],
        councils_median=round_average(everyone.median, measure.decimals) if everyone else None,
        neighbours=[StripMark(areas[code].name if code in areas else code, value)
                    for code, value in near.items()],
        neighbours_label=each.title if each else "",
        neighbours_median=round_average(listed.median, measure.decimals) if listed else None,
        rank=f"{rank.words}, {rank.quartile_words}" if rank else "",
        good="higher" if good == Polarity.HIGHER else "lower" if good == Polarity.LOWER else "",
    )  # fmt: skip


def _mark(name: str, value: Decimal | None, figure: Figure) -> StripMark:
    return (
        StripMark(name, value) if value is not None else StripMark(name, None, symbol_words(figure))
    )


def _strip_sentence(one: Compared, rank: Rank | None, others: int, own: Decimal | None) -> str:
    name, period = one.beside.own_area.name, one.row.period_label
    if own is None:
        return f"{others} other councils have a value for {period}; {name} has none."
    measure = one.series.measure
    text = format_value(own, measure.unit, measure.decimals)
    if rank:
        return (
            f"{name}, with {text}, is {rank.words} councils that have a value for {period}: "
            f"{rank.quartile_words}. 1st is best."
        )
    return (
        f"{name} has {text} for {period}, among {others} other councils with a value. Neither "
        "more nor less is better, so there is no rank."
    )


def describe_multiples(one: Compared) -> SmallMultiples | None:
    """The council and each neighbour of the newest list, side by side; None without a list."""
    if not one.beside.lists:
        return None
    each = one.beside.lists[0]
    drawn = charted(one.reading.rows)
    after_gap = {row.pk for row, follows in zip(
        drawn, follow_a_gap([row.figure for row in drawn]), strict=True) if follows}  # fmt: skip
    own = [_panel_point(row, row.figure, row.pk in after_gap) for row in drawn]
    panels = [Panel(one.beside.own_area.name, own)]
    for area in each.areas:
        held = one.beside.figures.get(area.code, {})
        points = [
            _panel_point(row, figure.figure, row.pk in after_gap)
            for row in drawn
            if (figure := held.get((row.period_start, row.period_end)))
        ]
        panels.append(Panel(area.name, points))
    if not any(panel.values for panel in panels[1:]):
        return None
    measure = one.series.measure
    return SmallMultiples(
        title="Each neighbour over time",
        summary=f"{each.title}, the nearest first, on one scale.",
        unit=measure.unit,
        decimals=measure.decimals,
        panels=panels,
    )


def _panel_point(row: Measurement, figure: Figure, follows_gap: bool) -> ChartPoint:
    return ChartPoint(
        row.period_end,
        row.period_label,
        figure.value,
        symbol_words(figure),
        # A neighbour's own break counts, or the council's: the definition changed for all.
        breaks_before=row.is_series_break or figure.is_series_break,
        follows_gap=follows_gap,
    )
