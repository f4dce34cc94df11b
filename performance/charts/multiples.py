"""Many small line charts side by side, to be read at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from performance.calculations.wording import format_value
from performance.charts import svg
from performance.charts.points import OWN, ChartPoint
from performance.charts.scale import (
    ValueScale,
    make_day_scale,
    make_value_scale,
    shorten_labels,
    tick_words,
    width_of,
)
from performance.charts.table import ChartCell, ChartTable, check_href

SMALL = 12
PLOT = 64


@dataclass(frozen=True)
class Panel:
    """One small chart: whose, or of what, and its figures."""

    label: str
    points: Sequence[ChartPoint]
    href: str = ""

    @property
    def ordered(self) -> list[ChartPoint]:
        return sorted(self.points, key=lambda point: point.on)

    @property
    def values(self) -> list[Decimal]:
        return [point.value for point in self.points if point.value is not None]


@dataclass(frozen=True)
class SmallMultiples:
    """Panels of one unit. With `shares_scale` heights may be compared from panel to panel.

    The picture is all there is to see: a dozen Plotly figures would cost a reader's machine
    seconds and tell no more, so that `figure` gives None.
    """

    title: str
    summary: str
    unit: str
    decimals: int
    panels: Sequence[Panel]
    shares_scale: bool = True

    @property
    def sentence(self) -> str:
        return self.summary

    @cached_property
    def periods(self) -> list[tuple[date, str]]:
        return sorted({point.on: point.label for panel in self.panels for point in panel.points}
                      .items())  # fmt: skip

    def format(self, value: Decimal) -> str:
        return format_value(value, self.unit, self.decimals).replace("-", "−")

    def scale(self, panel: Panel) -> ValueScale:
        values = panel.values
        if self.shares_scale:
            values = [value for each in self.panels for value in each.values]
        ceiling = Decimal(100) if self.unit == "%" else None
        return make_value_scale(values, self.decimals, ceiling, most=3)

    def table(self) -> ChartTable:
        """A row a panel, a column a period."""
        rows = []
        for panel in self.panels:
            given = {point.on: point for point in panel.points}
            cells = [ChartCell(panel.label, check_href(panel.href))]
            for day, _ in self.periods:
                point = given.get(day)
                cells.append(ChartCell(self._words(point), is_number=True))
            rows.append(cells)
        unit = "" if self.unit == "%" or self.unit.startswith("£") else f", {self.unit}"
        headers = ["Council", *(label for _, label in self.periods)]
        return ChartTable(f"{self.title}{unit}", headers, rows)

    def _words(self, point: ChartPoint | None) -> str:
        if point is None:
            return "no figure"
        words = point.symbol_label if point.value is None else self.format(point.value)
        remarks = f" ({'; '.join(point.remarks)})" if point.remarks else ""
        return words + remarks

    def figure(self) -> None:
        """No Plotly figure: see the class."""

    def svg(self, width: int = svg.WIDE) -> str:
        if not self.periods:
            return svg.picture(width, 44, [svg.text("No figure", 0, 28, font_size=16)])
        columns = 2 if width < 500 else 4
        gap = 18 if width < 500 else 26
        across = (width - gap * (columns - 1)) / columns
        heads = [svg.lines_of(panel.label, across * 0.8, 14) for panel in self.panels]
        top, parts = 0.0, []
        if self.unit != "%":
            parts.append(svg.text(self.unit, 0, 14, font_size=13, fill=svg.QUIET))
            top = 26
        for start in range(0, len(self.panels), columns):
            lines = max(len(head) for head in heads[start : start + columns])
            for column, panel in enumerate(self.panels[start : start + columns]):
                parts.append(self._panel(panel, column * (across + gap), top, across, lines))
            top += lines * 17 + PLOT + 54
        return svg.picture(width, top - 6, parts)

    def _panel(self, panel: Panel, x: float, y: float, across: float, lines: int) -> str:
        """Its name, its line with the last value, its scale's ends, its first and last period."""
        parts = [svg.text_block(panel.label, x, y + 14, across * 0.8, font_weight="bold")]
        top = y + lines * 17 + 12
        if not panel.values:
            words = panel.ordered[-1].symbol_label if panel.points else "no figure"
            return "".join([*parts, svg.text(words, x, top + 20, fill=svg.QUIET)])
        scale, days = self.scale(panel), make_day_scale([day for day, _ in self.periods])
        ends = tick_words(scale, self.unit)[:: len(scale.ticks) - 1]
        left = x + max(width_of(words, SMALL) for words in ends) + 6
        last_valued = [point for point in panel.ordered if point.value is not None][-1]
        assert last_valued.value is not None
        label = self.format(last_valued.value)
        right = x + across - width_of(label, 14, is_bold=True) - 6

        def at(point: ChartPoint) -> tuple[float, float]:
            assert point.value is not None
            up = scale.share(point.value) * PLOT
            return left + days.share(point.on) * (right - left), top + PLOT - up

        for words, height in zip(ends, (top + PLOT, top), strict=True):
            parts.append(svg.tag("line", x1=left, x2=right, y1=height, y2=height,
                                 stroke=svg.LINE))  # fmt: skip
            parts.append(svg.text(words, left - 5, height + 4, font_size=SMALL, fill=svg.QUIET,
                                  text_anchor="end"))  # fmt: skip
        for run in self.runs(panel):
            places = [at(point) for point in run]
            if len(run) > 1:
                parts.append(svg.path(places, stroke=OWN.colour, stroke_width=2))
            else:
                parts.append(svg.mark("circle", *places[0], 4, OWN.colour, OWN.colour))
        end = at(last_valued)
        parts.append(svg.mark("circle", *end, 7, OWN.colour, OWN.colour))
        parts.append(svg.text(label, right + 5, end[1] + 5, font_weight="bold"))
        parts += self._periods(x, right, top + PLOT + 18)
        return "".join(parts)

    def _periods(self, left: float, right: float, y: float) -> list[str]:
        labels, _ = shorten_labels([label for _, label in self.periods])
        parts = [svg.text(labels[0], left, y, font_size=SMALL, fill=svg.QUIET)]
        if width_of(labels[0] + labels[-1], SMALL) + 8 <= right - left and len(labels) > 1:
            parts.append(svg.text(labels[-1], right, y, font_size=SMALL, fill=svg.QUIET,
                                  text_anchor="end"))  # fmt: skip
        return parts

    def runs(self, panel: Panel) -> list[list[ChartPoint]]:
        """The figures that a line may join: never over a missing period or a break."""
        given = {point.on: point for point in panel.points}
        runs: list[list[ChartPoint]] = [[]]
        for day, _ in self.periods:
            point = given.get(day)
            if point is None or point.value is None:
                runs.append([])
            elif point.breaks_before or point.follows_gap:
                runs.append([point])
            else:
                runs[-1].append(point)
        return [run for run in runs if run]
