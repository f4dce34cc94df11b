"""A series over time: its figures, with target, usual range, comparators, breaks and notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from performance.calculations.partial_date import PartialDate
from performance.calculations.wording import format_value
from performance.charts import line_picture, line_plot, svg
from performance.charts.points import (
    OTHERS,
    Annotation,
    AnyPoint,
    Band,
    ChartPoint,
    Comparator,
    LimitLines,
    places_of_average,
)
from performance.charts.scale import DayScale, ValueScale, make_day_scale, make_value_scale
from performance.charts.table import ChartCell, ChartTable

NO_FIGURE = "no figure"
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class LineChart:
    """Figures by period. `label` is whose they are; `unit` as in `Measure`.

    Raises ValueError for more than three comparators, or two figures for one day.
    """

    title: str
    summary: str
    label: str
    unit: str
    decimals: int
    points: Sequence[ChartPoint]
    bands: Sequence[Band] = ()
    limits: Sequence[LimitLines] = ()
    comparators: Sequence[Comparator] = ()
    annotations: Sequence[Annotation] = ()

    def __post_init__(self) -> None:
        if len(self.comparators) > len(OTHERS):
            raise ValueError("A line chart can tell at most three comparators apart.")
        for _, points in self.lines:
            if len({point.on for point in points}) < len(points):
                raise ValueError("A line has one figure for a day.")

    @cached_property
    def lines(self) -> list[tuple[str, list[AnyPoint]]]:
        """Name and figures in order of each line: ours, then the comparators."""
        lines: list[tuple[str, Sequence[AnyPoint]]] = [(self.label, self.points)]
        lines += [(other.label, other.points) for other in self.comparators]
        return [(label, sorted(points, key=lambda point: point.on)) for label, points in lines]

    @property
    def sentence(self) -> str:
        """The summary, and the usual range where one holds for the whole table."""
        return " ".join([self.summary, *self._range_notes(self.limits[0])] if self.has_one_range
                        else [self.summary])  # fmt: skip

    @property
    def has_one_range(self) -> bool:
        """Whether one range is there for every period, so that it need not stand in each row."""
        return len(self.limits) == 1 and not self.breaks

    @cached_property
    def periods(self) -> list[tuple[date, str]]:
        """Every period of the chart in order: its last day, and its own words."""
        labels = {point.on: point.label for other in self.comparators for point in other.points}
        labels |= {point.on: point.label for point in self.points}
        return sorted(labels.items())

    @cached_property
    def own(self) -> list[ChartPoint]:
        return sorted(self.points, key=lambda point: point.on)

    @property
    def breaks(self) -> list[ChartPoint]:
        return [point for point in self.own if point.breaks_before and point is not self.own[0]]

    @cached_property
    def starts(self) -> set[date]:
        """The days before which no line may be drawn: a series break, or a period left out."""
        return {point.on for point in self.own if point.breaks_before or point.follows_gap}

    @cached_property
    def values(self) -> list[Decimal]:
        """Every value of every line."""
        return [point.value for _, line in self.lines for point in line if point.value is not None]

    @property
    def is_percentage(self) -> bool:
        return self.unit == "%"

    def format(self, value: Decimal, *, is_average: bool = False) -> str:
        """A value as the chart prints it, rounded where it was calculated."""
        places = self.decimals
        if is_average:
            places = places_of_average(places)
            value = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        return format_value(value, self.unit, places).replace("-", "−")

    def format_of(self, line: int, value: Decimal) -> str:
        """A value of a line by its number: 0 is ours, then the comparators."""
        return self.format(value, is_average=line > 0 and self.comparators[line - 1].is_average)

    def clip(self, bound: Decimal) -> Decimal:
        """A limit as it may be drawn: a count is never below 0, nor a percentage above 100."""
        if all(value >= 0 for value in self.values):
            bound = max(bound, Decimal(0))
        if self.is_percentage and all(value <= HUNDRED for value in self.values):
            bound = min(bound, HUNDRED)
        return bound

    @cached_property
    def value_scale(self) -> ValueScale:
        drawn = list(self.values)
        drawn += [bound for band in self.bands for bound in band.bounds]
        for limit in self.limits:
            drawn += [self.clip(limit.lower), self.clip(limit.upper)]
        if len(self.values) < 3:
            # One step would fill the whole height; from 0 it has the size that it has.
            drawn.append(Decimal(0))
        return make_value_scale(drawn, self.decimals, HUNDRED if self.is_percentage else None)

    @cached_property
    def day_scale(self) -> DayScale:
        days = [day for day, _ in self.periods]
        return make_day_scale(days + [band.end for band in self.bands])

    def range_words(self, limit: LimitLines) -> str:
        low, high = (self.format(bound, is_average=True) for bound in (limit.lower, limit.upper))
        return f"{low} to {high}{' (trial)' if limit.is_trial else ''}"

    def segments(self, line: Sequence[AnyPoint]) -> list[list[AnyPoint]]:
        """The runs of figures that a line may join: never over a gap or a break."""
        breaks = self.starts
        given = {point.on: point for point in line}
        runs: list[list[AnyPoint]] = [[]]
        for day, _ in self.periods:
            if day in breaks and runs[-1]:
                runs.append([])
            point = given.get(day)
            if point is not None and point.value is not None:
                runs[-1].append(point)
            elif runs[-1]:
                runs.append([])
        return [run for run in runs if run]

    @property
    def notes(self) -> list[str]:
        """What a reader of the picture must know, under it."""
        notes = [
            f"Note {place}. {PartialDate(note.on, 'day')}: {note.label}"
            for place, note in enumerate(self.annotations, 1)
        ]
        notes += [f"Series break, {point.label}: {point.break_label}." for point in self.breaks]
        for limit in self.limits:
            notes += self._range_notes(limit)
        if any(limit.is_trial for limit in self.limits):
            notes.append("A trial range rests on few figures and may still move.")
        scale = self.value_scale
        if self.values and scale.low > 0:
            notes.append(f"The scale starts at {self.format(scale.low)}, not at 0.")
        return notes

    @property
    def has_ranges_in_rows(self) -> bool:
        return bool(self.limits) and not self.has_one_range

    def _range_notes(self, limit: LimitLines) -> list[str]:
        """“Usual range: 81.2 to 104.2 (trial), around an average of 92.7.”"""
        since = (
            f" from {self.period_at(limit.start)} to {self.period_at(limit.end)}"
            if len(self.limits) > 1
            else ""
        )
        words = (
            f"Usual range{since}: {self.range_words(limit)}, around an average of "
            f"{self.format(limit.mean, is_average=True)}."
        )
        return [words, *self._clipped(limit)]

    def _clipped(self, limit: LimitLines) -> list[str]:
        words = []
        if self.clip(limit.lower) != limit.lower:
            words.append("Its lower end is below 0 and drawn at 0.")
        if self.clip(limit.upper) != limit.upper:
            words.append("Its upper end is above 100% and drawn at 100%.")
        return words

    def period_at(self, day: date) -> str:
        """The period that ends on a day, in its own words, or the day itself."""
        return dict(self.periods).get(day) or str(PartialDate(day, "day"))

    def table(self) -> ChartTable:
        """A row for every period; targets for later periods have rows of their own."""
        given = {point.on: point for point in self.own}
        rows = []
        for day, label in self.periods:
            point = given.get(day)
            rows.append(self._row(day, label, point))
        last = self.periods[-1][0] if self.periods else date.min
        for band in sorted(self.bands, key=lambda band: band.start):
            if band.start > last:
                rows.append(self._row(band.end, f"up to {PartialDate(band.end, 'day')}", None))
        unit = "" if self.is_percentage or self.unit.startswith("£") else f" ({self.unit})"
        headers = ["Period", f"{self.label}{unit}", *(other.label for other in self.comparators)]
        headers += ["Target"] if self.bands else []
        headers += ["Usual range"] if self.has_ranges_in_rows else []
        return ChartTable(self.title, [*headers, "Notes"], rows)

    def _row(self, day: date, label: str, point: ChartPoint | None) -> list[ChartCell]:
        cells = [ChartCell(label), ChartCell(self._figure_words(0, point), is_number=True)]
        for line, other in enumerate(self.comparators, 1):
            words = self._figure_words(line, other.by_day.get(day))
            cells.append(ChartCell(words, is_number=True))
        if self.bands:
            cells.append(ChartCell("; ".join(
                band.label for band in self.bands if band.start <= day <= band.end)))  # fmt: skip
        if self.has_ranges_in_rows:
            cells.append(ChartCell("; ".join(
                self.range_words(limit) for limit in self.limits
                if limit.start <= day <= limit.end)))  # fmt: skip
        remarks = list(point.remarks) if point else []
        remarks += [note.label for note in self.annotations if self._row_of(note) == day]
        return [*cells, ChartCell("; ".join(remarks))]

    def _figure_words(self, line: int, point: AnyPoint | None) -> str:
        if point is None:
            return NO_FIGURE
        if point.value is None:
            return point.symbol_label or NO_FIGURE
        return self.format_of(line, point.value)

    def _row_of(self, note: Annotation) -> date | None:
        """The first period that ends on the day of a note or after it, else the last."""
        days = [day for day, _ in self.periods]
        return next((day for day in days if day >= note.on), days[-1] if days else None)

    def svg(self, width: int = svg.WIDE) -> str:
        return line_picture.draw(self, width)

    def figure(self) -> dict[str, Any] | None:
        """None where there is no period to draw."""
        return line_plot.make_figure(self) if self.periods else None
