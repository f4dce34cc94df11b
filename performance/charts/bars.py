"""Counts by category, a bar for each thing counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from performance.charts import svg
from performance.charts.plot import bar_trace, plotly_figure
from performance.charts.table import ChartCell, ChartTable, check_href


@dataclass(frozen=True)
class Category:
    label: str
    tone: svg.Tone


@dataclass(frozen=True)
class Bar:
    """A bar and its count in each category, in the categories' order."""

    label: str
    counts: Sequence[int]
    href: str = ""
    segment_hrefs: Sequence[str] = ()

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class StackedBars:
    title: str
    summary: str
    unit: str
    heading: str
    identity: str
    categories: Sequence[Category]
    bars: Sequence[Bar]

    @property
    def sentence(self) -> str:
        return self.summary

    def table(self) -> ChartTable:
        """A row a bar, a column a category, and the total."""
        headers = [self.heading, *(category.label for category in self.categories), "all"]
        rows = []
        for bar in self.bars:
            hrefs = bar.segment_hrefs or [""] * len(self.categories)
            counts = [
                ChartCell(str(count), check_href(href) if count else "", is_number=True)
                for count, href in zip(bar.counts, hrefs, strict=True)
            ]
            first = ChartCell(bar.label, check_href(bar.href))
            rows.append([first, *counts, ChartCell(str(bar.total), is_number=True)])
        return ChartTable(self.title, headers, rows)

    def svg(self, width: int = svg.WIDE) -> str:
        narrow = width < 500
        left = 0 if narrow else 210
        identity = f"{self.identity}-{width}"
        key, top = self._key(width, identity)
        height = 58 if narrow else 42
        scale = (width - left - 2) / (max((bar.total for bar in self.bars), default=0) or 1)
        parts = [svg.hatches(identity, [category.tone for category in self.categories]), key]
        for place, bar in enumerate(self.bars):
            y = top + place * height
            if narrow:
                parts.append(svg.text(bar.label, 0, y + 14, font_size=14, font_weight="bold"))
                y += 22
            else:
                middle = y + (18 if len(bar.label) < 26 else 10)
                parts.append(svg.text_block(bar.label, 0, middle, left - 10, font_size=15))
            parts.append(self._segments(bar, identity, left + 1, y, scale))
        return svg.picture(width, top + len(self.bars) * height + 4, parts)

    def _segments(self, bar: Bar, identity: str, x: float, y: float, scale: float) -> str:
        parts = []
        for category, count in zip(self.categories, bar.counts, strict=True):
            if not count:
                continue
            length = count * scale
            parts.append(svg.block(category.tone, identity, x, y, length - 2, 26))
            if length > 8 + 9 * len(str(count)):
                parts.append(_count(count, category.tone, x + length / 2 - 1, y))
            x += length
        return "".join(parts)

    def _key(self, width: int, identity: str) -> tuple[str, float]:
        """The key's markup and where the bars may start."""
        parts, x, y = [], 0.0, 14.0
        for category in self.categories:
            needed = 30 + len(category.label) * 7.2
            if x and x + needed > width:
                x, y = 0.0, y + 22
            parts.append(svg.block(category.tone, identity, x + 1, y - 11, 18, 12))
            parts.append(svg.text(category.label, x + 26, y, font_size=13, fill=svg.QUIET))
            x += needed + 10
        return "".join(parts), y + 20

    def figure(self) -> dict[str, Any]:
        names = [bar.label for bar in self.bars]
        traces = []
        for place, category in enumerate(self.categories):
            counts = [bar.counts[place] for bar in self.bars]
            hatched = category.tone.pattern == "hatch"
            traces.append(
                bar_trace(
                    name=category.label,
                    y=names,
                    x=[count or None for count in counts],
                    orientation="h",
                    text=[str(count) if count and not hatched else "" for count in counts],
                    textposition="inside",
                    insidetextanchor="middle",
                    textangle=0,
                    constraintext="none",
                    textfont={"color": category.tone.ink},
                    customdata=[
                        check_href(bar.segment_hrefs[place]) if bar.segment_hrefs else ""
                        for bar in self.bars
                    ],
                    marker=_fill(category.tone),
                    hovertemplate="%{y}: %{x} " + category.label + "<extra></extra>",
                )
            )
        return plotly_figure(
            traces,
            height=90 + 42 * len(self.bars),
            barmode="stack",
            bargap=0.35,
            annotations=self._counts_on_hatches(),
            xaxis={"visible": False, "fixedrange": True},
            yaxis={"categoryorder": "array", "categoryarray": names[::-1], "automargin": True,
                   "fixedrange": True, "ticksuffix": "  "},
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0,
                    "traceorder": "normal", "itemclick": False, "itemdoubleclick": False},
        )  # fmt: skip

    def _counts_on_hatches(self) -> list[dict[str, Any]]:
        """Plotly gives the text of a bar no ground of its own, and a count on stripes is lost."""
        return [
            {
                "x": sum(bar.counts[:place]) + bar.counts[place] / 2,
                "y": bar.label,
                "text": str(bar.counts[place]),
                "showarrow": False,
                "bgcolor": "#ffffff",
                "borderpad": 1,
                "font": {"color": category.tone.ink, "size": 14},
            }
            for bar in self.bars
            for place, category in enumerate(self.categories)
            if category.tone.pattern == "hatch" and bar.counts[place]
        ]


def _fill(tone: svg.Tone) -> dict[str, Any]:
    """How Plotly paints a bar in this tone."""
    outlined = tone.pattern == "outline"
    return {
        "color": "#ffffff" if outlined else tone.colour,
        "line": {"width": 1, "color": svg.QUIET if outlined else tone.colour},
        "pattern": {
            "shape": "/" if tone.pattern == "hatch" else "",
            "bgcolor": "#ffffff",
            "fgcolor": tone.colour,
            "solidity": 0.25,
        },
    }


def _count(count: int, tone: svg.Tone, x: float, y: float) -> str:
    """The count on its segment; on a hatch it stands on a white ground to stay legible."""
    ground = ""
    if tone.pattern == "hatch":
        wide = 6.0 + 9 * len(str(count))
        ground = svg.tag("rect", x=x - wide / 2, y=y + 4, width=wide, height=18, fill="#ffffff")
    return ground + svg.text(
        str(count), x, y + 18, fill=tone.ink, font_size=14, font_weight="bold",
        text_anchor="middle",
    )  # fmt: skip


def segment_bar(
    counts: Sequence[int], categories: Sequence[Category], identity: str, width: int = 240
) -> str:
    """A slim bar without words, for beside the words that give the counts."""
    scale = width / max(sum(counts), 1)
    parts, x = [svg.hatches(identity, [category.tone for category in categories])], 0.0
    for category, count in zip(categories, counts, strict=True):
        if count:
            parts.append(svg.block(category.tone, identity, x + 0.5, 0.5, count * scale - 3, 13))
            x += count * scale
    return svg.picture(width, 14, parts)


def grade_scale(place: int | None, other: int | None = None, width: int = 260) -> str:
    """Four boxes from the lowest grade to the highest; `place` is filled, `other` pointed at."""
    step, parts = width / 4, []
    for box in range(4):
        fill = "#12436D" if box == place else "#e8ebed"
        parts.append(svg.tag("rect", x=box * step, y=0, width=step - 4, height=12, fill=fill))
    if other is not None:
        parts.append(svg.mark("triangle", other * step + step / 2 - 2, 20, 9, svg.QUIET, svg.QUIET))
    return svg.picture(width, 26 if other is not None else 12, parts)
