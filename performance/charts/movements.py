"""How far each figure of a file is from the one before: a row a figure, two dots and an arrow."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from performance.calculations.wording import format_value
from performance.charts import svg
from performance.charts.points import OWN
from performance.charts.scale import width_of
from performance.charts.table import ChartCell, ChartTable

# Beyond this, in percent of the figure before, a row is cut at the edge and its number tells.
FURTHEST = Decimal(200)
SMALL = 13
DOT = 11.0


@dataclass(frozen=True)
class Movement:
    """One figure beside the last, or beside what it replaces where it `is_revised`. `last` is 0 of
    a percentage only: nothing is a percentage of nothing."""

    label: str
    about: str
    unit: str
    last: Decimal
    last_period: str
    new: Decimal
    period: str
    why: str = ""
    is_revised: bool = False

    @property
    def extent(self) -> Decimal:
        """How far: a percentage in points, anything else in percent of the figure before."""
        if self.unit == "%":
            return self.new - self.last
        return (self.new - self.last) / abs(self.last) * 100

    @property
    def values(self) -> str:
        """“48 → 61”, “46% → 49%, revised”."""
        return f"{self.say(self.last)} → {self.say(self.new)}{', revised' * self.is_revised}"

    @property
    def change(self) -> str:
        """“+6 points” of a percentage; “+12 (+27%)” of a number; “no change”."""
        moved = self.new - self.last
        if not moved:
            return "no change"
        sign = "+" if moved > 0 else "−"
        if self.unit == "%":
            points = format_value(abs(moved), "", 0)
            return f"{sign}{points} {'point' if abs(moved) == 1 else 'points'}"
        share = round(abs(self.extent), 1 if abs(self.extent) < 10 else 0)
        return f"{sign}{format_value(abs(moved), self.unit, 0)} ({sign}{share:,}%)"

    def say(self, value: Decimal) -> str:
        return format_value(value, self.unit, 0).replace("-", "−")


@dataclass(frozen=True)
class Movements:
    """The rows are drawn in the order given; their scale is points of a percentage, and else
    percent of each row's figure before."""

    title: str
    summary: str
    rows: Sequence[Movement]

    @property
    def sentence(self) -> str:
        return self.summary

    def table(self) -> ChartTable:
        headers = ["Figure", "Figure before", "In the file", "Change", "Why it is listed"]
        rows = [
            [
                ChartCell(f"{row.label}, {row.about}" if row.about else row.label),
                ChartCell(f"{row.say(row.last)} ({row.last_period})"),
                ChartCell(f"{row.say(row.new)} ({row.period})"),
                ChartCell(row.change, is_number=True),
                ChartCell(row.why),
            ]
            for row in self.rows
        ]
        return ChartTable(self.title, headers, rows)

    def figure(self) -> None:
        """No Plotly figure: the picture is read at a glance."""

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """The lowest and highest extent that the scale shows, the 0 of the figure before inside."""
        moved = [min(max(row.extent, -FURTHEST), FURTHEST) for row in self.rows]
        low, high = min([*moved, Decimal(-10)]), max([*moved, Decimal(10)])
        return low, high

    def svg(self, width: int = svg.WIDE) -> str:
        if not self.rows:
            return svg.picture(width, 44, [svg.text("No figure", 0, 28, font_size=16)])
        narrow = width < 500
        words = max(width_of(row.change, 14, is_bold=True) for row in self.rows)
        left, right = (14.0 if narrow else width * 0.44), width - words - 22
        low, high = self.ends
        scale = (right - left) / float(high - low)
        zero = left + float(-low) * scale
        parts, y = [svg.text("before", zero, 13, font_size=SMALL, fill=svg.QUIET,
                             text_anchor=_anchor(zero, width))], 24.0  # fmt: skip
        start = y
        drawn = []
        for row in self.rows:
            head, height, middle = self._head(row, y, width, narrow)
            end = zero + float(min(max(row.extent, low), high)) * scale
            drawn += [head, self._arrow(row, zero, end, middle, low, high)]
            drawn.append(svg.text(row.change, width, middle + 5, font_weight="bold",
                                  text_anchor="end"))  # fmt: skip
            y += height
        # First, so that no dot is crossed by it.
        parts.append(svg.tag("line", x1=zero, x2=zero, y1=start - 4, y2=y - 8, stroke=svg.LINE))
        return svg.picture(width, y, [*parts, *drawn])

    def _head(self, row: Movement, y: float, width: int, narrow: bool) -> tuple[str, float, float]:
        """What the figure is, how high its row is, and the height of its dots."""
        room = width if narrow else width * 0.41
        size = 14
        lines = len(svg.lines_of(row.label, room, size))
        about = svg.lines_of(", ".join(filter(None, [row.about, row.period])), room, SMALL)
        more = [*about, row.values]
        head = svg.text_block(row.label, 0, y + 14, room, font_size=size, font_weight="bold")
        under = y + 14 + lines * size * 1.2
        for place, line in enumerate(more):
            ink = svg.INK if place == len(about) else svg.QUIET
            head += svg.text(line, 0, under + place * SMALL * 1.2, font_size=SMALL, fill=ink)
        words = lines * size * 1.2 + len(more) * SMALL * 1.2
        if narrow:
            return head, words + 44, y + words + 16
        return head, words + 20, y + words / 2 + 3

    def _arrow(
        self, row: Movement, zero: float, end: float, y: float, low: Decimal, high: Decimal
    ) -> str:
        """From the open dot of the figure before to the new one's full dot, or over the edge."""
        is_cut = not low <= row.extent <= high
        toward = 1 if end >= zero else -1
        tip = end if is_cut else end - toward * DOT / 2
        shaft = svg.tag("line", x1=zero, x2=tip, y1=y, y2=y, stroke=OWN.colour, stroke_width=2,
                        stroke_dasharray="5 3" if is_cut else None)  # fmt: skip
        point = ""
        if is_cut or abs(end - zero) > DOT * 1.6:
            back = tip - toward * 7
            corners = f"{tip:.1f},{y:.1f} {back:.1f},{y - 5:.1f} {back:.1f},{y + 5:.1f}"
            point = svg.tag("polygon", points=corners, fill=OWN.colour)
        last = svg.mark("circle", zero, y, DOT, "#ffffff", OWN.colour, 2)
        new = "" if is_cut else svg.mark("circle", end, y, DOT, OWN.colour, OWN.colour)
        return shaft + last + new + point


def _anchor(x: float, width: int) -> str:
    """Where words around `x` are held so that they stay in the picture."""
    return "start" if x < 60 else "end" if x > width - 60 else "middle"
