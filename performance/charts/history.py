"""Grades in the order in which they were given, a lane for each thing graded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from performance.charts import svg
from performance.charts.plot import SYMBOLS, Trace, plotly_figure, scatter
from performance.charts.table import ChartCell, ChartTable, check_href


@dataclass(frozen=True)
class Maker:
    label: str
    shape: svg.Shape


@dataclass(frozen=True)
class Lane:
    label: str
    href: str = ""


@dataclass(frozen=True)
class Mark:
    """A grade: in which lane and column, by which maker, in words and in a tone."""

    lane: int
    column: int
    maker: int
    label: str
    colour: str


@dataclass(frozen=True)
class OrdinalHistory:
    """Lanes × dated columns. Columns are evenly spaced: an order, not a scale."""

    title: str
    summary: str
    columns: Sequence[str]
    lanes: Sequence[Lane]
    makers: Sequence[Maker]
    marks: Sequence[Mark]

    @property
    def sentence(self) -> str:
        return self.summary

    def table(self) -> ChartTable:
        """A row a lane, a column a date; an empty cell says that no grade was given."""
        rows = []
        for place, lane in enumerate(self.lanes):
            cells = [ChartCell(lane.label, check_href(lane.href))]
            for column in range(len(self.columns)):
                given = [
                    f"{mark.label} ({self.makers[mark.maker].label})"
                    for mark in self.marks
                    if (mark.lane, mark.column) == (place, column)
                ]
                cells.append(ChartCell("; ".join(given) or "no grade"))
            rows.append(cells)
        return ChartTable(self.title, ["Judgement", *self.columns], rows)

    def svg(self, width: int = svg.WIDE) -> str:
        """The picture; in a narrow one a lane's name stands above its marks."""
        narrow = width < 500
        left = 0 if narrow else 200
        top, height = 44, 74 if narrow else 54
        step = (width - left) / max(len(self.columns), 1)
        size = 12 if narrow else 14
        parts = [self._heading(left, step, size)]
        for place, lane in enumerate(self.lanes):
            y = top + place * height
            parts.append(svg.tag("line", x1=0, x2=width, y1=y, y2=y, stroke=svg.LINE))
            parts.append(
                svg.text_block(
                    lane.label,
                    0,
                    y + (18 if narrow else 24),
                    width if narrow else left - 12,
                    font_size=14 if narrow else 15,
                    font_weight="bold",
                )
            )
            for mark in self.marks:
                if mark.lane == place:
                    middle = y + (46 if narrow else 28)
                    parts.append(self._mark(mark, left + mark.column * step, middle, step, size))
        bottom = top + len(self.lanes) * height
        parts.append(self._key(bottom + 24, width))
        return svg.picture(width, bottom + (64 if narrow else 38), parts)

    def _heading(self, left: float, step: float, size: int) -> str:
        return "".join(
            svg.text_block(
                heading, left + place * step, 16, step - 4, font_size=size, fill=svg.QUIET
            )
            for place, heading in enumerate(self.columns)
        )

    def _mark(self, mark: Mark, x: float, y: float, step: float, size: int) -> str:
        drawn = svg.mark(self.makers[mark.maker].shape, x + 8, y - 2, 15, mark.colour)
        lines = svg.lines_of(mark.label, step - 24, size)
        start = y + 3 - (len(lines) - 1) * size * 0.6
        return drawn + "".join(
            svg.text(line, x + 21, start + place * size * 1.2, font_size=size)
            for place, line in enumerate(lines)
        )

    def _key(self, y: float, width: int) -> str:
        parts, x = [], 8.0
        for maker in self.makers:
            needed = 24 + len(maker.label) * 7.4
            if x + needed > width:
                x, y = 8.0, y + 22
            parts.append(svg.mark(maker.shape, x, y - 4, 13, "#ffffff"))
            parts.append(svg.text(maker.label, x + 13, y, font_size=13, fill=svg.QUIET))
            x += needed + 14
        return "".join(parts)

    def figure(self) -> dict[str, Any]:
        traces = []
        for place, maker in enumerate(self.makers):
            mine = [mark for mark in self.marks if mark.maker == place]
            traces.append(
                scatter(
                    name=maker.label,
                    legendgroup=maker.label,
                    showlegend=False,
                    x=[self.columns[mark.column] for mark in mine],
                    y=[self.lanes[mark.lane].label for mark in mine],
                    text=[mark.label for mark in mine],
                    customdata=[check_href(self.lanes[mark.lane].href) for mark in mine],
                    mode="markers+text",
                    textposition="middle right",
                    cliponaxis=False,
                    marker={
                        "symbol": SYMBOLS[maker.shape],
                        "size": 15,
                        "color": [mark.colour for mark in mine],
                        "line": {"width": 1.5, "color": svg.INK},
                    },
                    hovertemplate="%{y}<br>%{x}: %{text}<extra>" + maker.label + "</extra>",
                )
            )
        names = [lane.label for lane in self.lanes]
        return plotly_figure(
            traces + self._legend(),
            height=82 + 54 * len(self.lanes),
            xaxis={
                "type": "category", "categoryorder": "array", "categoryarray": list(self.columns),
                "side": "top", "showgrid": False, "fixedrange": True,
                "range": [-0.2, len(self.columns) - 0.02],
            },
            yaxis={
                "type": "category", "categoryorder": "array", "categoryarray": names[::-1],
                "automargin": True, "gridcolor": svg.LINE, "fixedrange": True,
                "range": [-0.6, len(names) - 0.4],
            },
            legend={"orientation": "h", "y": -0.02, "yanchor": "top"},
        )  # fmt: skip

    def _legend(self) -> list[Trace]:
        """A legend's mark takes the colour of the first grade: it is drawn hollow instead."""
        return [
            scatter(
                name=maker.label,
                legendgroup=maker.label,
                x=[None],
                y=[None],
                mode="markers",
                hoverinfo="skip",
                marker={
                    "symbol": SYMBOLS[maker.shape],
                    "size": 13,
                    "color": "#ffffff",
                    "line": {"width": 1.5, "color": svg.INK},
                },
            )
            for maker in self.makers
        ]
