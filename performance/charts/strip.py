"""Where a council stands among all councils and among its statistical neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from performance.calculations.wording import format_value
from performance.charts import svg
from performance.charts.plot import SYMBOLS, Trace, escape, plotly_figure, scatter
from performance.charts.points import OWN
from performance.charts.scale import ValueScale, make_value_scale, place_middle, tick_words
from performance.charts.table import ChartCell, ChartTable

SMALL = 13
FAINT = "#7a868c"
NEIGHBOUR = "#F46A25"
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class StripMark:
    """A council and its value, or the words for why it has none."""

    label: str
    value: Decimal | None
    symbol_label: str = "no figure"


@dataclass(frozen=True)
class Strip:
    """One period's values on one axis.

    `councils` are all the others, `neighbours` those of the list that `neighbours_label` names,
    closest first; the label is empty where there is no list. The medians come from the rules, not
    from here, so that a page has one of each. `rank` is in words (“34th of 151”), empty where no
    rank may be given; `good` is empty where neither way is better.
    """

    title: str
    summary: str
    period: str
    own: StripMark
    unit: str
    decimals: int
    councils: Sequence[StripMark]
    councils_median: Decimal | None
    neighbours: Sequence[StripMark]
    neighbours_label: str
    neighbours_median: Decimal | None
    rank: str = ""
    good: Literal["", "higher", "lower"] = ""

    @property
    def sentence(self) -> str:
        return self.summary

    def format(self, value: Decimal | None, otherwise: str = "no figure") -> str:
        if value is None:
            return otherwise
        return format_value(value, self.unit, self.decimals).replace("-", "−")

    def _words(self, mark: StripMark) -> str:
        return self.format(mark.value, mark.symbol_label)

    @cached_property
    def rows(self) -> list[tuple[str, list[StripMark], Decimal | None]]:
        """The rows of the picture: words with how many, those with a value, the median. Without a
        neighbour that has one there is no row for them: ours alone in it would be read as theirs.
        """
        councils = [mark for mark in self.councils if mark.value is not None]
        neighbours = [mark for mark in self.neighbours if mark.value is not None]
        rows = [(f"{len(councils)} other councils", councils, self.councils_median)]
        if neighbours:
            words = f"{self.neighbours_label} (n={len(neighbours)})"
            rows.append((words, neighbours, self.neighbours_median))
        return rows

    @cached_property
    def values(self) -> list[Decimal]:
        marks = [*self.councils, *self.neighbours, self.own]
        return [mark.value for mark in marks if mark.value is not None]

    @cached_property
    def scale(self) -> ValueScale:
        return make_value_scale(
            self.values, self.decimals, HUNDRED if self.unit == "%" else None, most=7
        )

    def table(self) -> ChartTable:
        """Ours, the rank, the medians, the ends of the range, then each neighbour by name."""
        rows = [(self.own.label, self._words(self.own))]
        if self.rank:
            rows.append(("Rank", self.rank))
        rows.append(("Median of all councils", self.format(self.councils_median)))
        if self.neighbours_label:
            median = self.format(self.neighbours_median)
            rows.append((f"Median of {self.neighbours_label}", median))
        others = [mark.value for mark in self.councils if mark.value is not None]
        if others:
            rows.append(("Lowest of the other councils", self.format(min(others))))
            rows.append(("Highest of the other councils", self.format(max(others))))
        rows += [(mark.label, self._words(mark)) for mark in self.neighbours]
        unit = "" if self.unit == "%" or self.unit.startswith("£") else f" ({self.unit})"
        return ChartTable(
            f"{self.title}, {self.period}",
            ["Council", f"{self.period}{unit}"],
            [[ChartCell(name), ChartCell(words, is_number=True)] for name, words in rows],
        )

    @property
    def direction(self) -> str:
        return {"": "", "higher": "higher is better →", "lower": "← lower is better"}[self.good]

    def svg(self, width: int = svg.WIDE) -> str:
        if not self.values:
            return svg.picture(width, 44, [svg.text("No figure", 0, 28, font_size=16)])
        place = StripPlaces(self, width)
        parts = [self._axis(place)]
        if self.own.value is None:
            words = f"{self.own.label}: {self.own.symbol_label}"
            parts.append(svg.text(words, place.left, 18, font_weight="bold"))
        else:
            parts.append(self._own(place, self.own.value))
        for row in range(len(self.rows)):
            parts.append(self._row(place, row))
        if self.own.value is not None:
            x = place.x(self.own.value)
            parts += [svg.mark("circle", x, place.row(row), 13, OWN.colour, "#ffffff", 2.0)
                      for row in range(len(self.rows))]  # fmt: skip
        return svg.picture(width, place.height, parts)

    def _axis(self, place: "StripPlaces") -> str:
        parts, right = [], place.width - place.right
        for tick, words in zip(self.scale.ticks, tick_words(self.scale, self.unit), strict=True):
            x = place.x(tick)
            parts.append(svg.tag("line", x1=x, x2=x, y1=28, y2=place.axis, stroke=svg.LINE))
            parts.append(svg.text(words, x, place.axis + 18, font_size=SMALL, fill=svg.QUIET,
                                  text_anchor="middle"))  # fmt: skip
        parts.append(svg.tag("line", x1=place.left, x2=right, y1=place.axis, y2=place.axis,
                             stroke=svg.QUIET))  # fmt: skip
        parts += [
            svg.text(words, x, y, font_size=SMALL, text_anchor=anchor)
            for words, x, y, anchor in place.under_axis
        ]
        return "".join(parts)

    def _row(self, place: "StripPlaces", row: int) -> str:
        words, marks, median = self.rows[row]
        y, parts = place.row(row), []
        for mark in marks:
            assert mark.value is not None
            x = place.x(mark.value)
            if row == 0:
                parts.append(svg.tag("line", x1=x, x2=x, y1=y - 9, y2=y + 9, stroke=FAINT,
                                     stroke_width=1.5, stroke_opacity="0.55"))  # fmt: skip
            else:
                parts.append(svg.mark("diamond", x, y, 13, "#ffffff", NEIGHBOUR, 2.0))
        if place.is_narrow:
            parts.append(svg.edged_text(words, 0, y - 22, font_size=SMALL))
        else:
            lines = svg.lines_of(words, place.label_room, 14)
            start = y + 5 - (len(lines) - 1) * 8
            parts.append(svg.text_block(words, 0, start, place.label_room))
        if median is not None:
            x, label = place.x(median), f"median {self.format(median)}"
            parts.append(svg.tag("line", x1=x, x2=x, y1=y - 13, y2=y + 13, stroke=svg.INK,
                                 stroke_width=2.5))  # fmt: skip
            middle = place_middle(x, label, SMALL, place.width)
            parts.append(svg.edged_text(label, middle, y + 28, font_size=SMALL,
                                        text_anchor="middle"))  # fmt: skip
        return "".join(parts)

    def _own(self, place: "StripPlaces", value: Decimal) -> str:
        x, words = place.x(value), f"{self.own.label} {self.format(value)}"
        line = svg.tag("line", x1=x, x2=x, y1=24, y2=place.axis, stroke=OWN.colour, stroke_width=2)
        middle = place_middle(x, words, 15, place.width)
        return line + svg.text(words, middle, 18, font_size=15, font_weight="bold",
                               text_anchor="middle", fill=OWN.colour)  # fmt: skip

    def figure(self) -> dict[str, Any] | None:
        """The SVG's geometry, with every council's name and value on hover."""
        if not self.values:
            return None
        place = StripPlaces(self, svg.WIDE)
        traces, annotations = [], []
        for row, (words, marks, median) in enumerate(self.rows):
            traces.append(self._trace(row, words, marks))
            annotations.append(_at(words, 0, place.row(row), place.label_room, place))
            if median is not None:
                traces.append(self._median_trace(row, median))
                x, label = place.x(median), f"median {self.format(median)}"
                middle = place_middle(x, label, SMALL, place.width)
                written = _at(label, middle, place.row(row) + 23, 400, place)
                annotations.append(written | {"xanchor": "center", "font": {"size": SMALL}})
        if self.own.value is not None:
            traces.append(self._own_trace(self.own.value))
        else:
            words = f"{self.own.label}: {self.own.symbol_label}"
            annotations.append(_at(words, place.left, 14, 400, place))
        for words, x, y, anchor in place.under_axis:
            side = "right" if anchor == "end" else "left"
            written = _at(words, x, y - 5, 400, place)
            annotations.append(written | {"xanchor": side, "font": {"size": SMALL}})
        ticks = self.scale.ticks
        return plotly_figure(
            traces,
            height=place.height,
            margin={"l": place.left, "r": place.right, "t": 28,
                    "b": place.height - place.axis, "autoexpand": False},
            showlegend=False,
            hovermode="closest",
            annotations=annotations,
            xaxis={"range": [float(self.scale.low), float(self.scale.high)], "fixedrange": True,
                   "tickvals": [float(tick) for tick in ticks],
                   "ticktext": tick_words(self.scale, self.unit), "gridcolor": svg.LINE,
                   "zeroline": False, "linecolor": svg.QUIET, "tickangle": 0,
                   "tickfont": {"size": SMALL, "color": svg.QUIET}},
            yaxis={"visible": False, "fixedrange": True,
                   "range": [place.plotted(place.axis), place.plotted(28)]},
        )  # fmt: skip

    def _trace(self, row: int, words: str, marks: Sequence[StripMark]) -> Trace:
        marker = (
            {"symbol": "line-ns", "size": 14,
             "line": {"width": 1.5, "color": "rgba(122,134,140,0.55)"}}
            if row == 0 else
            {"symbol": SYMBOLS["diamond"], "size": 12, "color": "#ffffff",
             "line": {"width": 2, "color": NEIGHBOUR}}
        )  # fmt: skip
        return scatter(
            name=escape(words), mode="markers", x=[float(mark.value or 0) for mark in marks],
            y=[-row] * len(marks), marker=marker, cliponaxis=False,
            text=[escape(f"{mark.label}: {self._words(mark)}") for mark in marks],
            hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip

    def _median_trace(self, row: int, median: Decimal) -> Trace:
        return scatter(
            name="median", mode="markers", x=[float(median)], y=[-row],
            cliponaxis=False, hoverinfo="skip",
            marker={"symbol": "line-ns", "size": 24, "line": {"width": 2.5, "color": svg.INK}},
        )  # fmt: skip

    def _own_trace(self, value: Decimal) -> Trace:
        place = StripPlaces(self, svg.WIDE)
        rows = [-row for row in range(len(self.rows))]
        y = [place.plotted(28), *rows, place.plotted(place.axis)]
        words = f"{self.own.label} {self.format(value)}"
        return scatter(
            name=escape(self.own.label), mode="lines+markers+text", x=[float(value)] * len(y),
            y=y, text=[escape(words), *[""] * (len(y) - 1)],
            textposition="top center", textfont={"size": 15, "color": OWN.colour, "weight": "bold"},
            line={"color": OWN.colour, "width": 2}, cliponaxis=False,
            marker={"symbol": "circle", "size": [0, *[13] * len(rows), 0], "color": OWN.colour,
                    "line": {"width": 2, "color": "#ffffff"}},
            hovertext=[escape(words)] * len(y), hovertemplate="%{hovertext}<extra></extra>",
        )  # fmt: skip


@dataclass(frozen=True)
class StripPlaces:
    """Where a strip's rows and values stand, in pixels."""

    strip: Strip
    width: int

    @property
    def is_narrow(self) -> bool:
        return self.width < 500

    @property
    def left(self) -> float:
        return 16.0 if self.is_narrow else 200.0

    @property
    def right(self) -> float:
        return 22.0

    @property
    def between(self) -> float:
        return 84 if self.is_narrow else 66

    def row(self, row: int) -> float:
        return (76 if self.is_narrow else 56) + row * self.between

    def plotted(self, y: float) -> float:
        """A height of the SVG on the plot's axis, where the rows stand at 0 and −1."""
        return (self.row(0) - y) / self.between

    @property
    def axis(self) -> float:
        return self.row(len(self.strip.rows) - 1) + 42

    @property
    def label_room(self) -> float:
        return self.left - 30

    @property
    def under_axis(self) -> list[tuple[str, float, float, str]]:
        """The words under the axis, from the top down: words, x, baseline, anchor."""
        y, found = self.axis + 38, []
        if self.strip.good == "lower":
            found.append((self.strip.direction, self.left, y, "start"))
        elif self.strip.good == "higher":
            found.append((self.strip.direction, self.width - self.right, y, "end"))
        if self.strip.unit != "%":
            found.append((self.strip.unit, self.left, y + 18 * len(found), "start"))
        return found

    @property
    def height(self) -> float:
        return self.axis + 28 + 18 * len(self.under_axis)

    def x(self, value: Decimal) -> float:
        return self.left + self.strip.scale.share(value) * (self.width - self.left - self.right)


def _at(words: str, x: float, y: float, width: float, place: StripPlaces) -> dict[str, Any]:
    """Words whose middle stands at a height of the SVG, from `x` on."""
    lines = svg.lines_of(words, width, 14)
    return {
        "text": "<br>".join(escape(line) for line in lines), "showarrow": False, "align": "left",
        "xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "left", "yanchor": "middle",
        "xshift": x - place.left, "yshift": 28 - y, "font": {"size": 14, "color": svg.INK},
        "borderpad": 0,
    }  # fmt: skip
