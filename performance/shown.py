"""The figures as a page may show them: small numbers hidden, once, before anything is made of them.

Every page, chart, sentence and export reads its figures through `read_shown`; a test holds that
none goes round it. The rule itself, and what it guarantees, is `calculations/suppression.py`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet

from performance.calculations.counts_shown import Cell, SeriesRule, Suppression
from performance.calculations.position import Position
from performance.calculations.possible_counts import Sum
from performance.calculations.suppression import suppress
from performance.models import Annotation, Area, Measurement, Series, SeriesLink

# England's and the regions' counts are rounded to the nearest ten (DfE, children in need 2020).
ROUNDED_TO_OUTSIDE_COUNCILS = 10

SeriesId = int


@dataclass(frozen=True)
class CountLinks:
    """What the counts of the series have to do with one another: see `SeriesLink`."""

    links: tuple[SeriesLink, ...]

    @cached_property
    def tables(self) -> Mapping[SeriesId, frozenset[SeriesId]]:
        """Each linked series, and all those with which it must be hidden as one table."""
        tables: dict[SeriesId, frozenset[SeriesId]] = {}
        for link in self.links:
            pair = frozenset({link.series_id, link.of_id})
            joined = pair.union(*(tables.get(series, pair) for series in pair))
            tables |= dict.fromkeys(joined, joined)
        return tables

    def linked_with(self, series: Iterable[SeriesId]) -> set[SeriesId]:
        return set().union(*(self.tables.get(one, frozenset()) for one in series))

    def names(self, role: SeriesLink.Role) -> dict[SeriesId, str]:
        """By series, the name of the count that it is made from or out of: the last of a chain, so
        that one count has one name."""
        linked = [link for link in self.links if link.role == role]
        return {
            link.series_id: str(self._origin(link.of_id))
            for link in linked
            if role != SeriesLink.Role.MADE_FROM or link.series_id in self._made_from
        }

    @cached_property
    def _made_from(self) -> dict[SeriesId, SeriesId]:
        """Without those that contradict a sum: no count is made from its own total or part."""
        part, made = SeriesLink.Role.PART_OF, SeriesLink.Role.MADE_FROM
        summed = {frozenset({link.series_id, link.of_id})
                  for link in self.links if link.role == part}  # fmt: skip
        return {
            link.series_id: link.of_id
            for link in self.links
            if link.role == made and frozenset({link.series_id, link.of_id}) not in summed
        }

    def _origin(self, series: SeriesId) -> SeriesId:
        """The series at the end of “is made from”; of those that go round in a circle, the first
        by id."""
        chain = [series]
        while (following := self._made_from.get(chain[-1])) is not None:
            if following in chain:
                return min(chain[chain.index(following) :])
            chain.append(following)
        return chain[-1]

    @cached_property
    def sums(self) -> list[Sum]:
        made_from = self.names(SeriesLink.Role.MADE_FROM)
        parts: dict[tuple[SeriesId, str], list[str]] = {}
        for link in self.links:
            if link.role == SeriesLink.Role.PART_OF:
                part = made_from.get(link.series_id, str(link.series_id))
                parts.setdefault((link.of_id, link.breakdown), []).append(part)
        named = [(made_from.get(total, str(total)), found) for (total, _), found in parts.items()]
        # A part that is made from its own total contradicts the others: these are then too many
        # or too few, and more of them is hidden.
        return [Sum(total, tuple(part for part in dict.fromkeys(found) if part != total))
                for total, found in named if {*found} != {total}]  # fmt: skip


def read_links() -> CountLinks:
    """One query; a page that reads figures more than once hands it to each reading."""
    return CountLinks(tuple(SeriesLink.objects.all()))


def noting_breaks(asked: QuerySet[Measurement], position: Position) -> QuerySet[Measurement]:
    """The same rows, each with whether an officer had said by then that with it figures are
    counted differently (`has_noted_break`). Part of their query."""
    breaks = Annotation.objects.at(position).filter(
        kind=Annotation.Kind.BREAK,
        series=OuterRef("series"),
        area=OuterRef("area"),
        period_start=OuterRef("period_start"),
        period_end=OuterRef("period_end"),
    )
    return asked.annotate(has_noted_break=Exists(breaks))


def _with_break(row: Measurement) -> Measurement:
    if row.is_series_break or not getattr(row, "has_noted_break", False):
        return row
    parted = copy(row)
    parted.is_series_break = True
    return parted


def read_shown(
    asked: Iterable[Measurement],
    position: Position,
    links: CountLinks | None = None,
    series: Mapping[SeriesId, Series] | None = None,
    *,
    is_whole: bool = False,
) -> list[Measurement]:
    """The rows that were asked for, as they may be shown at the position, in their order.

    `asked` comes `at(position)` and with its series and indicator, or with `series` beside it.
    What may be shown of a linked series depends on all that it is linked with, and of a percentage
    on how finely its series is printed, so that is read as well: whether a page asks for one part,
    for one period or for the whole table, the same cells are hidden. With a break that an officer
    noted, a row begins a new series as with its source's own. The rows changed are copies that
    must not be saved. One query for what was asked, one for links not given, and one more
    where something could have to be hidden; not that one where `is_whole` says that the rows hold
    all of it already.
    """
    asked = noting_breaks(asked, position) if isinstance(asked, QuerySet) else asked
    rows = [_with_break(row) for row in asked]
    if series is not None:
        for row in rows:
            row.series = series[row.series_id]
    links = links or read_links()
    guarded = [row for row in rows if row.series.is_under_local_rule
               or row.series_id in links.tables]  # fmt: skip
    if not guarded:
        return rows
    whole = {row.series_id for row in guarded}
    whole |= links.linked_with(whole)
    beside = guarded if is_whole else list(
        Measurement.objects.at(position)
        .filter(series__in=whole, area__in={row.area_id for row in guarded})
        .with_series()
        .select_related("area")
    )  # fmt: skip
    # The rows asked for come last: they carry what their page joined to them.
    table = {row.pk: row for row in [*beside, *guarded]}
    hidden = _hidden(list(table.values()), links, {row.area_id: row.area for row in beside})
    return [hidden.get(row.pk, row) for row in rows]


def _hidden(
    table: Sequence[Measurement], links: CountLinks, areas: Mapping[int, Area]
) -> dict[int, Measurement]:
    """The rows that may not be shown as they are, by their id."""
    by_area: dict[int, list[Measurement]] = {}
    for row in table:
        by_area.setdefault(row.area_id, []).append(row)
    changed = {}
    for area_id, rows in by_area.items():
        area = areas[area_id]
        rules = make_rules(rows, links, is_council=area.kind == Area.Kind.COUNCIL)
        cells = [Cell(str(row.series_id), row.figure) for row in rows]
        codes = {rule.count for rule in rules} | {rule.denominator for rule in rules}
        sums = [each for each in links.sums if codes & {each.total, *each.parts}]
        for row, cell in zip(rows, suppress(cells, rules, sums), strict=True):
            if cell.hiding is not None:
                changed[row.pk] = without_value(row)
    return changed


def without_value(row: Measurement) -> Measurement:
    """A copy that says only that a small number is hidden."""
    shown = copy(row)
    if shown.value is not None:
        shown.note = ""
        shown.symbol_as_published = ""
    shown.value = shown.numerator = shown.denominator = None
    shown.symbol = Measurement.Symbol.SUPPRESSED
    return shown


def make_rules(
    rows: Iterable[Measurement], links: CountLinks, *, is_council: bool
) -> list[SeriesRule]:
    """A rule for each series of the rows, with as many decimals as its figures are printed with."""
    series: dict[SeriesId, Series] = {}
    decimals: dict[SeriesId, int] = {}
    for row in rows:
        series[row.series_id] = row.series
        printed = 0 if row.value is None else -int(row.value.normalize().as_tuple().exponent)
        least = row.series.indicator.decimals
        decimals[row.series_id] = max(decimals.get(row.series_id, least), printed)
    made_from = links.names(SeriesLink.Role.MADE_FROM)
    out_of = links.names(SeriesLink.Role.OUT_OF)
    children = {key for key, one in series.items()
                if one.indicator.counts_children or one.is_under_local_rule}  # fmt: skip
    # Of one table all is children or nothing is: whoever linked them said that they add up.
    children |= links.linked_with(children)
    return [
        SeriesRule(
            code=str(key),
            suppression=Suppression(one.suppression),
            counts_children=key in children,
            threshold=one.threshold or SeriesRule.threshold,
            per=per_how_many(one.indicator.unit),
            decimals=decimals[key],
            count_code=made_from.get(key, ""),
            out_of=out_of.get(key, ""),
            rounded_to=1 if is_council else ROUNDED_TO_OUTSIDE_COUNCILS,
        )
        for key, one in series.items()
    ]


def per_how_many(unit: str) -> int | None:
    """100 for “%”, 10,000 for “per 10,000 children”, None for a count, however it is written: read
    as a count, a percentage would give away what it was made from."""
    said = unit.casefold()
    if "%" in said or re.search(r"\bper ?cent", said):
        return 100
    match = re.search(r"\bper ([0-9][0-9, ]*)", said)
    # Per nought is no rate.
    return int(re.sub(r"[, ]", "", match[1])) or None if match else None
