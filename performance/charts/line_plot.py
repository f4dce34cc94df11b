"""Makes a line chart's Plotly figure: the SVG's geometry, with names and words on hover.

Its legend shows and hides the comparators; the name at a line's end goes with its line.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from performance.charts import svg
from performance.charts.line_layout import SMALL, LineLayout
from performance.charts.plot import SYMBOLS, Trace, escape, plotly_figure, scatter
from performance.charts.points import (
    LIMIT,
    OTHERS,
    OUTSIDE,
    OWN,
    PROVISIONAL,
    SIGNALS,
    TARGET,
    AnyPoint,
    ChartPoint,
)

if TYPE_CHECKING:
    from performance.charts.line import LineChart

HOVER = "%{text}<extra></extra>"


def make_figure(chart: "LineChart") -> dict[str, Any]:
    layout = LineLayout(chart, svg.WIDE)
    scale, days = chart.value_scale, chart.day_scale
    traces = [*_targets(chart), *_limits(chart)]
    for place in range(len(chart.comparators), 0, -1):
        traces.append(_line(layout, place))
    traces += [_line(layout, 0), *_signals(layout), *_symbols(layout), *_end_labels(layout)]
    return plotly_figure(
        traces,
        height=layout.height,
        margin={"l": layout.left, "r": layout.right, "t": layout.top,
                "b": layout.height - layout.bottom, "autoexpand": False},
        showlegend=True,
        legend=_legend(layout, 14.0),
        legend2=_legend(layout, layout.others_y),
        hovermode="closest",
        shapes=_vertical_lines(layout),
        annotations=_words(layout),
        xaxis={"type": "date", "range": [days.first.isoformat(), days.last.isoformat()],
               "tickvals": [day.isoformat() for _, day, _ in layout.dates],
               "ticktext": [escape(words) for _, _, words in layout.dates],
               "ticks": "outside", "tickangle": 0, "showgrid": False, "fixedrange": True,
               "linecolor": svg.QUIET, "tickfont": {"size": SMALL, "color": svg.QUIET},
               "showline": True, "zeroline": False},
        yaxis={"range": [float(scale.low), float(scale.high)],
               "tickvals": [float(tick) for tick in scale.ticks] if chart.values else [],
               "ticktext": layout.tick_words if chart.values else [], "fixedrange": True,
               "gridcolor": svg.LINE, "zeroline": False, "ticksuffix": " ",
               "tickfont": {"size": SMALL, "color": svg.QUIET}},
    )  # fmt: skip


def _legend(layout: LineLayout, y: float) -> dict[str, Any]:
    """The lines' legend, or the second one for all else, with its first row at a height."""
    return {
        "orientation": "h", "x": 0, "xanchor": "left", "xref": "container",
        "y": 1 - (y - 14) / layout.height, "yref": "container", "yanchor": "top",
        "bgcolor": "rgba(0,0,0,0)",
        "font": {"size": SMALL}, "itemdoubleclick": False, "traceorder": "normal",
    }  # fmt: skip


def _line(layout: LineLayout, place: int) -> Trace:
    """One line with its gaps: an empty place for every period that it must not join."""
    chart = layout.chart
    own = place == 0
    label, points = chart.lines[place]
    style = (OWN, *OTHERS)[place]
    given = {point.on: point for point in points}
    breaks = chart.starts - {chart.periods[0][0]}
    x: list[str] = []
    y: list[float | None] = []
    text: list[str] = []
    fills: list[str] = []
    for day, period in chart.periods:
        point = given.get(day)
        if day in breaks:
            x, y, text, fills = [*x, day.isoformat()], [*y, None], [*text, ""], [*fills, "#ffffff"]
        x.append(day.isoformat())
        y.append(float(point.value) if point and point.value is not None else None)
        text.append(_hover(chart, place, period, point))
        is_open = isinstance(point, ChartPoint) and point.is_provisional
        is_full = own and not is_open
        fills.append(style.colour if is_full else "#ffffff")
    return scatter(
        name=escape(label), legendgroup=f"line-{place}", legendrank=1 + place,
        showlegend=len(chart.lines) > 1,
        x=x, y=y, text=text, hovertemplate=HOVER, mode="lines+markers", connectgaps=False,
        cliponaxis=False,
        line={"color": style.colour, "width": 2.5 if own else 1.75, "dash": style.plotly_dash},
        marker={"symbol": SYMBOLS[style.shape], "size": layout.mark_size - (1 if own else 2),
                "color": fills, "line": {"width": 1.5, "color": style.colour}},
    )  # fmt: skip


def _hover(chart: "LineChart", place: int, period: str, point: AnyPoint | None) -> str:
    if point is None or point.value is None:
        return ""
    unit = "" if chart.is_percentage or chart.unit.startswith("£") else f" {chart.unit}"
    label, _ = chart.lines[place]
    lines = [f"{label}, {period}: {chart.format_of(place, point.value)}{unit}"]
    if isinstance(point, ChartPoint):
        lines += point.remarks
    return "<br>".join(escape(line) for line in lines)


def _targets(chart: "LineChart") -> list[Trace]:
    seen: set[str] = set()
    traces = []
    earliest = chart.day_scale.first
    for band in chart.bands:
        start, end = max(band.start, earliest).isoformat(), band.end.isoformat()
        name = escape(f"target: {band.label}")
        shared: dict[str, Any] = {
            "name": name, "legendgroup": name, "showlegend": name not in seen,
            "legendrank": 10, "legend": "legend2", "mode": "lines", "hoverinfo": "skip",
        }  # fmt: skip
        seen.add(name)
        if band.low is not None and band.high is not None:
            low, high = float(band.low), float(band.high)
            traces.append(scatter(
                x=[start, end, end, start, start], y=[low, low, high, high, low], fill="toself",
                fillcolor="rgba(162,133,209,0.35)", line={"width": 0}, **shared))  # fmt: skip
        else:
            bound = float(band.bounds[0])
            traces.append(scatter(
                x=[start, end], y=[bound, bound],
                line={"color": TARGET, "width": 2.5, "dash": "9px,5px"}, **shared))  # fmt: skip
    return traces


def _limits(chart: "LineChart") -> list[Trace]:
    traces: list[Trace] = []
    for limit in chart.limits:
        days = [limit.start.isoformat(), limit.end.isoformat()]
        for bound, dash in ((limit.mean, "solid"), (limit.lower, "3px,3px"),
                            (limit.upper, "3px,3px")):  # fmt: skip
            drawn = float(chart.clip(bound))
            traces.append(scatter(
                name="average and usual range", legendgroup="limits", legend="legend2",
                legendrank=20,
                showlegend=not traces, x=days, y=[drawn, drawn], mode="lines", hoverinfo="skip",
                line={"color": LIMIT, "width": 1, "dash": dash}))  # fmt: skip
    return traces


def _signals(layout: LineLayout) -> list[Trace]:
    """Marks over the line's own, so that hiding them leaves the line whole."""
    chart = layout.chart
    traces: list[Trace] = []
    valued = [point for point in chart.own if point.value is not None]
    for name, style in SIGNALS.items():
        mine = [point for point in valued if point.signal == name]
        if mine:
            fills = ["#ffffff" if point.is_provisional else style.colour for point in mine]
            traces.append(_marks(style.label, mine, {
                "symbol": SYMBOLS[style.shape], "size": layout.mark_size + 4, "color": fills,
                "line": {"width": 1.5, "color": style.colour}}))  # fmt: skip
    outside = [point for point in valued if point.is_outside]
    if outside:
        traces.append(_marks(OUTSIDE, outside, {
            "symbol": "circle-open", "size": layout.mark_size * 2 + 2, "color": LIMIT,
            "line": {"width": 1.5, "color": LIMIT}}))  # fmt: skip
    # Already drawn open, with or without a signal: this is for the legend.
    if any(point.is_provisional for point in valued):
        mine = [point for point in valued if point.is_provisional and not point.signal]
        traces.append(_marks(PROVISIONAL, mine, {
            "symbol": "circle", "size": layout.mark_size - 1, "color": "#ffffff",
            "line": {"width": 2, "color": OWN.colour}}))  # fmt: skip
    return traces


def _marks(name: str, points: Sequence[ChartPoint], marker: dict[str, Any]) -> Trace:
    # Without a place Plotly still has the mark in its legend, but not without a list.
    x: list[str | None] = [point.on.isoformat() for point in points]
    y: list[float | None] = [float(point.value or 0) for point in points]
    return scatter(
        name=name, showlegend=True, legend="legend2", legendrank=30, mode="markers",
        hoverinfo="skip", x=x or [None], y=y or [None], marker=marker, cliponaxis=False,
    )  # fmt: skip


def _symbols(layout: LineLayout) -> list[Trace]:
    chart = layout.chart
    without = [point for point in chart.own if point.value is None]
    if not without:
        return []
    return [
        scatter(
            name="no figure", showlegend=False, mode="markers", cliponaxis=False,
            x=[point.on.isoformat() for point in without],
            y=[float(chart.value_scale.low)] * len(without),
            text=["<br>".join(escape(words) for words in
                  (f"{point.label}: {point.symbol_label}", *point.remarks)) for point in without],
            hovertemplate=HOVER,
            marker={"symbol": "circle", "size": 9, "color": "#ffffff",
                    "line": {"width": 1.5, "color": svg.QUIET}},
        )
    ]  # fmt: skip


def _end_labels(layout: LineLayout) -> list[Trace]:
    """Names at the lines' ends, as traces: an annotation could not be hidden with its line."""
    scale = layout.chart.value_scale
    traces: list[Trace] = []
    for end in layout.ends:
        share = Decimal((layout.bottom - end.y) / layout.plot_height)
        y = float(scale.low + share * (scale.high - scale.low))
        # Not <b>: Plotly writes that as a style attribute, which a strict policy refuses.
        weight = "bold" if end.line == 0 else "normal"
        traces.append(scatter(
            name="", legendgroup=f"line-{end.line}", showlegend=False, mode="text",
            x=[layout.chart.day_scale.last.isoformat()], y=[y], text=["  " + escape(end.words)],
            textposition="middle right", cliponaxis=False, hoverinfo="skip",
            textfont={"size": 14, "color": svg.INK, "weight": weight}))  # fmt: skip
    return traces


def _vertical_lines(layout: LineLayout) -> list[dict[str, Any]]:
    shapes = []
    for point in layout.chart.breaks:
        shapes.append((layout.break_day(point), svg.INK, "1px,4px"))
    for note in layout.chart.annotations:
        shapes.append((_within(layout, note.on), svg.QUIET, "2px,3px"))
    return [
        {"type": "line", "x0": day.isoformat(), "x1": day.isoformat(), "yref": "paper", "y0": 0,
         "y1": 1, "line": {"width": 1.25, "color": colour, "dash": dash}, "layer": "below"}
        for day, colour, dash in shapes
    ]  # fmt: skip


def _within(layout: LineLayout, day: date) -> date:
    return min(max(day, layout.chart.day_scale.first), layout.chart.day_scale.last)


def _words(layout: LineLayout) -> list[dict[str, Any]]:
    """The words around the plot, at the places where the SVG has them."""
    chart = layout.chart
    words = []
    if chart.values and not chart.is_percentage:
        words.append(_at(chart.unit, -layout.left, layout.unit_y - layout.top, svg.QUIET))
    for line, y in layout.footer:
        words.append(_at(line, -layout.left, y - layout.top, svg.QUIET))
    for point in chart.breaks:
        x = layout.x(layout.break_day(point)) - layout.left
        words.append(_at("series break", x, layout.break_words_y - layout.top, svg.INK, "center"))
    for place, note in enumerate(chart.annotations, 1):
        x = layout.x(note.on) - layout.left
        numeral = _at(str(place), x, -7, svg.INK, "center")
        words.append(numeral | {"bgcolor": "#ffffff", "bordercolor": svg.QUIET, "borderpad": 2})
    for run in layout.symbol_runs:
        middle = layout.symbol_middle(run.places, run.words) - layout.left
        words.append(
            _at(run.words, middle, layout.plot_height - 10 - run.row * 16, svg.INK, "center")
        )
    return words


def _at(words: str, x: float, y: float, colour: str, anchor: str = "left") -> dict[str, Any]:
    """Words with their baseline at a place in pixels from the plot's upper left corner."""
    return {
        "text": escape(words), "showarrow": False, "xref": "paper", "yref": "paper", "x": 0, "y": 1,
        "xanchor": anchor, "yanchor": "bottom", "xshift": x, "yshift": -y - 5,
        "font": {"size": SMALL, "color": colour}, "align": "left", "borderpad": 0,
    }  # fmt: skip
