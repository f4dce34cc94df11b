"""Draws a line chart as SVG."""

from typing import TYPE_CHECKING

from performance.charts import svg
from performance.charts.line_layout import SAMPLE, SMALL, KeyEntry, LineLayout, PlacedEntry
from performance.charts.points import (
    LIMIT,
    OTHERS,
    OWN,
    SIGNALS,
    TARGET,
    Band,
    ChartPoint,
    LimitLines,
)
from performance.charts.scale import place_middle

if TYPE_CHECKING:
    from performance.charts.line import LineChart


def draw(chart: "LineChart", width: int) -> str:
    if not chart.periods:
        return svg.picture(width, 44, [svg.text("No figure", 0, 28, font_size=16)])
    layout = LineLayout(chart, width)
    parts = [_key_entry(placed) for placed in layout.key]
    if chart.values:
        parts.append(_gridlines(layout))
    parts += [_band(layout, band) for band in chart.bands]
    parts += [_limits(layout, limit) for limit in chart.limits]
    parts += [_dates(layout), _breaks(layout), _annotations(layout)]
    for place in reversed(range(len(chart.lines))):
        parts.append(_line(layout, place))
    parts += [_own_mark(layout, point) for point in chart.own if point.value is not None]
    parts.append(_symbols(layout))
    for end in layout.ends:
        weight = "bold" if end.line == 0 else None
        parts.append(svg.text(end.words, width - layout.right + 12, end.y + 5, font_weight=weight))
    parts += [svg.text(words, 0, y, font_size=SMALL, fill=svg.QUIET) for words, y in layout.footer]
    return svg.picture(width, layout.height, parts)


def _gridlines(layout: LineLayout) -> str:
    chart, parts = layout.chart, []
    for tick, words in zip(chart.value_scale.ticks, layout.tick_words, strict=True):
        y = layout.y(tick)
        parts.append(svg.tag("line", x1=layout.left, x2=layout.width - layout.right, y1=y, y2=y,
                             stroke=svg.LINE))  # fmt: skip
        parts.append(svg.text(words, layout.left - 8, y + 4.5, font_size=SMALL, fill=svg.QUIET,
                              text_anchor="end"))  # fmt: skip
    if not chart.is_percentage:
        parts.append(svg.text(chart.unit, 0, layout.unit_y, font_size=SMALL, fill=svg.QUIET))
    return "".join(parts)


def _band(layout: LineLayout, band: Band) -> str:
    start, end = layout.x(band.start), layout.x(band.end)
    if band.low is not None and band.high is not None:
        top, bottom = layout.y(band.high), layout.y(band.low)
        return svg.tag("rect", x=start, y=top, width=max(end - start, 2.0), height=bottom - top,
                       fill=TARGET, fill_opacity="0.35")  # fmt: skip
    y = layout.y(band.bounds[0])
    return svg.tag("line", x1=start, x2=end, y1=y, y2=y, stroke=TARGET, stroke_width=2.5,
                   stroke_dasharray="9 5")  # fmt: skip


def _limits(layout: LineLayout, limit: LimitLines) -> str:
    start, end = layout.x(limit.start), layout.x(limit.end)
    parts = []
    for bound, dash in ((limit.lower, "3 3"), (limit.mean, None), (limit.upper, "3 3")):
        y = layout.y(layout.chart.clip(bound))
        parts.append(svg.tag("line", x1=start, x2=end, y1=y, y2=y, stroke=LIMIT, stroke_width=1,
                             stroke_dasharray=dash))  # fmt: skip
    return "".join(parts)


def _dates(layout: LineLayout) -> str:
    bottom, written = layout.bottom, {day for _, day, _ in layout.dates}
    parts = [svg.tag("line", x1=layout.left, x2=layout.width - layout.right, y1=bottom, y2=bottom,
                     stroke=svg.QUIET)]  # fmt: skip
    for day, _ in layout.chart.periods:
        x, length = layout.x(day), 6 if day in written else 3
        parts.append(svg.tag("line", x1=x, x2=x, y1=bottom, y2=bottom + length, stroke=svg.QUIET))
    parts += [
        svg.text(words, x, bottom + 21, font_size=SMALL, fill=svg.QUIET, text_anchor="middle")
        for x, _, words in layout.dates
    ]
    return "".join(parts)


def _breaks(layout: LineLayout) -> str:
    parts = []
    for point in layout.chart.breaks:
        x = layout.x(layout.break_day(point))
        parts.append(svg.tag("line", x1=x, x2=x, y1=layout.break_words_y + 4, y2=layout.bottom,
                             stroke=svg.INK, stroke_dasharray="1 4", stroke_width=1.5))  # fmt: skip
        middle = place_middle(x, "series break", SMALL, layout.width)
        parts.append(svg.text("series break", middle, layout.break_words_y, font_size=SMALL,
                              text_anchor="middle"))  # fmt: skip
    return "".join(parts)


def _annotations(layout: LineLayout) -> str:
    parts = []
    for place, note in enumerate(layout.chart.annotations, 1):
        x, y = layout.x(note.on), layout.top - 11
        parts.append(svg.tag("line", x1=x, x2=x, y1=layout.top, y2=layout.bottom,
                             stroke=svg.QUIET, stroke_dasharray="2 3"))  # fmt: skip
        parts.append(svg.mark("circle", x, y, 17, "#ffffff", svg.QUIET, 1.0))
        parts.append(svg.text(str(place), x, y + 4.5, font_size=12, text_anchor="middle"))
    return "".join(parts)


def _line(layout: LineLayout, place: int) -> str:
    """The joined runs of a line, and for a comparator its marks, small and open."""
    style, parts = (OWN, *OTHERS)[place], []
    weight, is_other = (1.75, True) if place else (2.5, False)
    for run in layout.chart.segments(layout.chart.lines[place][1]):
        places = [
            (layout.x(point.on), layout.y(point.value)) for point in run if point.value is not None
        ]
        if len(places) > 1:
            parts.append(svg.path(places, stroke=style.colour, stroke_width=weight,
                                  stroke_dasharray=style.dash or None))  # fmt: skip
        if is_other:
            size = layout.mark_size - (3 if style.shape == "square" else 2)
            parts += [svg.mark(style.shape, x, y, size, "#ffffff", style.colour)
                      for x, y in places]  # fmt: skip
    return "".join(parts)


def _own_mark(layout: LineLayout, point: ChartPoint) -> str:
    assert point.value is not None
    x, y, size, ring = layout.x(point.on), layout.y(point.value), layout.mark_size, ""
    if point.is_outside:
        ring = svg.tag("circle", cx=x, cy=y, r=size + 1, fill="none", stroke=LIMIT,
                       stroke_width=1.5)  # fmt: skip
    if point.signal:
        style = SIGNALS[point.signal]
        fill = "#ffffff" if point.is_provisional else style.colour
        return ring + svg.mark(style.shape, x, y, size + 4, fill, style.colour)
    fill = "#ffffff" if point.is_provisional else OWN.colour
    return ring + svg.mark("circle", x, y, size - 1, fill, OWN.colour, 2.0)


def _symbols(layout: LineLayout) -> str:
    """Open marks on the axis, and why there is no figure."""
    parts = []
    for run in layout.symbol_runs:
        parts += [svg.mark("circle", x, layout.bottom, 9, "#ffffff", svg.QUIET)
                  for x in run.places]  # fmt: skip
        middle = layout.symbol_middle(run.places, run.words)
        y = layout.bottom - 10 - run.row * 16
        parts.append(svg.edged_text(run.words, middle, y, font_size=SMALL, text_anchor="middle"))
    return "".join(parts)


def _key_entry(placed: PlacedEntry) -> str:
    entry, x, y = placed.entry, placed.x, placed.y
    middle, centre, parts = y - 4.5, x + SAMPLE / 2, []
    if entry.kind == "range":
        parts.append(svg.tag("rect", x=x, y=y - 11, width=SAMPLE, height=13, fill=entry.colour,
                             fill_opacity="0.35"))  # fmt: skip
    elif entry.kind == "outside":
        parts.append(svg.tag("circle", cx=centre, cy=middle, r=7, fill="none", stroke=entry.colour,
                             stroke_width=1.5))  # fmt: skip
    elif entry.kind in ("mark", "provisional"):
        fill = "#ffffff" if entry.kind == "provisional" else entry.colour
        size = 8 if entry.kind == "provisional" else 12
        parts.append(svg.mark(entry.shape, centre, middle, size, fill, entry.colour, 2.0))
    else:
        parts.append(_key_line(entry, x, middle))
    parts += [
        svg.text(line, x + SAMPLE + 8, y + row * 16, font_size=SMALL)
        for row, line in enumerate(placed.lines)
    ]
    return "".join(parts)


def _key_line(entry: KeyEntry, x: float, y: float) -> str:
    if entry.kind == "limits":
        return "".join(
            svg.tag("line", x1=x, x2=x + SAMPLE, y1=y + down, y2=y + down, stroke=entry.colour,
                    stroke_dasharray=dash)
            for down, dash in ((-4, "3 3"), (0, None), (4, "3 3"))
        )  # fmt: skip
    dash = "9 5" if entry.kind == "bound" else (entry.style and entry.style.dash) or None
    line = svg.tag("line", x1=x, x2=x + SAMPLE, y1=y, y2=y, stroke=entry.colour,
                   stroke_width=2.5 if entry.style in (None, OWN) else 1.75,
                   stroke_dasharray=dash)  # fmt: skip
    if entry.style is None:
        return line
    fill = entry.colour if entry.style is OWN else "#ffffff"
    return line + svg.mark(entry.shape, x + SAMPLE / 2, y, 7, fill, entry.colour)
