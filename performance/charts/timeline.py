"""Dates in lanes, with the moves that they have made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from performance.calculations.partial_date import MONTHS
from performance.charts import svg
from performance.charts.plot import MARGIN, SYMBOLS, plotly_figure, scatter
from performance.charts.table import ChartCell, ChartTable, check_href

# “Oct 2017”, at the larger of the two sizes in which the renderings have it.
MONTH_WIDTH = 62
# Half of a mark, and how many dates it stands for.
AFTER_LAST = 34


@dataclass(frozen=True)
class DateKind:
    """What a mark stands for, its shape and its colour."""

    label: str
    shape: svg.Shape
    colour: str


@dataclass(frozen=True)
class DateMark:
    """So many dates of a kind, in a lane, on a day; `label` is the date as the source has it."""

    lane: int
    on: date
    kind: int
    count: int
    label: str


@dataclass(frozen=True)
class Move:
    lane: int
    start: date
    end: date


@dataclass(frozen=True)
class Timeline:
    title: str
    summary: str
    lanes: Sequence[tuple[str, str]]
    kinds: Sequence[DateKind]
    marks: Sequence[DateMark]
    moves: Sequence[Move]
    today: date

    @property
    def sentence(self) -> str:
        return self.summary

    def table(self) -> ChartTable:
        """A row for each mark: lane, date, kind, how many."""
        rows = [
            [
                ChartCell(self.lanes[mark.lane][0], check_href(self.lanes[mark.lane][1])),
                ChartCell(mark.label),
                ChartCell(self.kinds[mark.kind].label),
                ChartCell(str(mark.count), is_number=True),
            ]
            for mark in sorted(self.marks, key=lambda mark: (mark.lane, mark.on, mark.kind))
        ]
        return ChartTable(self.title, ["Theme", "Date", "What became of it", "How many"], rows)

    def span(self) -> tuple[date, date]:
        """First and last day drawn: whole months around every date, never less than a year."""
        days = [mark.on for mark in self.marks] + [self.today]
        days += [day for move in self.moves for day in (move.start, move.end)]
        first, last = min(days), max(days)
        end = last.year * 12 + last.month
        return date(first.year, first.month, 1), date(end // 12, end % 12 + 1, 1)

    def svg(self, width: int = svg.WIDE) -> str:
        narrow = width < 500
        left = 12 if narrow else 210
        top, height = 46, 56 if narrow else 40
        first, last = self.span()
        months = self._named_months(width - left - AFTER_LAST)
        scale = (width - left - AFTER_LAST) / max((last - first).days, 1)
        # The last month's name begins on its first day.
        if named := (months[-1] - first).days:
            scale = min(scale, (width - left - MONTH_WIDTH) / named)
        bottom = top + len(self.lanes) * height

        def at(day: date) -> float:
            return left + (day - first).days * scale

        parts = [self._months(months, at, bottom)]
        for place, (label, _) in enumerate(self.lanes):
            y = top + place * height
            parts.append(svg.tag("line", x1=0, x2=width, y1=y, y2=y, stroke=svg.LINE))
            if narrow:
                parts.append(svg.text(label[:44], 0, y + 16, font_size=13))
            else:
                start = y + (25 if len(label) < 28 else 17)
                parts.append(svg.text_block(label, 0, start, left - 14, font_size=14))
        parts += [self._move(move, at, top, height, narrow) for move in self.moves]
        parts += [self._mark(mark, at, top, height, narrow) for mark in self.marks]
        parts.append(self._key(bottom + 24, width))
        return svg.picture(width, bottom + 24 + 22 * (len(self.kinds) if narrow else 1), parts)

    def _named_months(self, width: float) -> list[date]:
        """The first days of as many months as have room for their names."""
        first, last = self.span()
        months = (last.year - first.year) * 12 + last.month - first.month
        every = max(1, ceil(months * MONTH_WIDTH / width))
        places = [first.month - 1 + place for place in range(0, months, every)]
        return [date(first.year + month // 12, month % 12 + 1, 1) for month in places]

    def _months(self, months: Sequence[date], at: Any, bottom: float) -> str:
        parts = []
        for day in months:
            name = f"{MONTHS[day.month - 1][:3]} {day.year}"
            parts.append(svg.text(name, at(day), 36, font_size=12, fill=svg.QUIET))
        x = at(self.today)
        parts.append(
            svg.tag("line", x1=x, x2=x, y1=20, y2=bottom, stroke=svg.INK, stroke_width=1.5,
                    stroke_dasharray="4 3")
        )  # fmt: skip
        anchor = "start" if x < 260 else "end"
        today = f"{self.today.day} {MONTHS[self.today.month - 1]} {self.today.year}"
        parts.append(svg.text(today, x, 14, font_size=13, font_weight="bold", text_anchor=anchor))
        return "".join(parts)

    def _mark(self, mark: DateMark, at: Any, top: float, height: float, narrow: bool) -> str:
        kind = self.kinds[mark.kind]
        x, y = at(mark.on), top + mark.lane * height + (38 if narrow else 20)
        drawn = svg.mark(kind.shape, x, y, 14, kind.colour)
        if mark.count > 1:
            drawn += svg.text(str(mark.count), x + 10, y + 5, font_size=13, font_weight="bold")
        return drawn

    def _move(self, move: Move, at: Any, top: float, height: float, narrow: bool) -> str:
        y = top + move.lane * height + (38 if narrow else 20)
        end = at(move.end) - 8
        line = svg.tag("line", x1=at(move.start), x2=end, y1=y, y2=y, stroke=svg.INK)
        points = f"{end:.1f},{y - 4} {end + 6:.1f},{y} {end:.1f},{y + 4}"
        return line + svg.tag("polygon", points=points, fill=svg.INK)

    def _key(self, y: float, width: int) -> str:
        parts, x = [], 8.0
        for kind in self.kinds:
            needed = 24 + len(kind.label) * 7.4
            if x > 8 and x + needed > width:
                x, y = 8.0, y + 22
            parts.append(svg.mark(kind.shape, x, y - 4, 12, kind.colour))
            parts.append(svg.text(kind.label, x + 13, y, font_size=13, fill=svg.QUIET))
            x += needed + 14
        return "".join(parts)

    def figure(self) -> dict[str, Any]:
        names = [label for label, _ in self.lanes]
        traces = []
        for place, kind in enumerate(self.kinds):
            mine = [mark for mark in self.marks if mark.kind == place]
            traces.append(
                scatter(
                    name=kind.label,
                    x=[mark.on.isoformat() for mark in mine],
                    y=[names[mark.lane] for mark in mine],
                    text=[str(mark.count) if mark.count > 1 else "" for mark in mine],
                    customdata=[check_href(self.lanes[mark.lane][1]) for mark in mine],
                    hovertext=[f"{mark.label}: {mark.count} {kind.label}" for mark in mine],
                    hovertemplate="%{y}<br>%{hovertext}<extra></extra>",
                    mode="markers+text",
                    textposition="middle right",
                    cliponaxis=False,
                    marker={
                        "symbol": SYMBOLS[kind.shape],
                        "size": 13,
                        "color": kind.colour,
                        "line": {"width": 1.5, "color": svg.INK},
                    },
                )
            )
        traces += [self._trace_of(move, names) for move in self.moves]
        first, last = self.span()
        return plotly_figure(
            traces,
            height=100 + 40 * len(names),
            shapes=[{"type": "line", "x0": self.today.isoformat(), "x1": self.today.isoformat(),
                     "yref": "paper", "y0": 0, "y1": 1, "line": {"dash": "dash", "width": 1.5}}],
            xaxis={"type": "date", "range": [first.isoformat(), last.isoformat()], "side": "top",
                   "gridcolor": svg.LINE, "fixedrange": True, "tickformat": "%b %Y"},
            yaxis={"type": "category", "categoryorder": "array", "categoryarray": names[::-1],
                   "automargin": True, "gridcolor": svg.LINE, "fixedrange": True,
                   "range": [-0.6, len(names) - 0.4]},
            legend={"orientation": "h", "y": -0.02, "yanchor": "top"},
            # A month's name is centred on its first day, which may be the end of the axis.
            margin={**MARGIN, "r": MONTH_WIDTH / 2 + 10},
        )  # fmt: skip

    @staticmethod
    def _trace_of(move: Move, names: Sequence[str]) -> dict[str, Any]:
        return scatter(
            x=[move.start.isoformat(), move.end.isoformat()],
            y=[names[move.lane]] * 2,
            mode="lines",
            showlegend=False,
            hoverinfo="skip",
            line={"color": svg.INK, "width": 1.5},
        )
