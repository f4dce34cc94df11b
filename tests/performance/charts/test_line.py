"""A line's sentence, table, picture and plot say the same."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from performance.charts import Band, ChartPoint, make_chart_view
from performance.charts.line_layout import LineLayout
from tests.performance.charts.cases import (
    BROKEN,
    CARE,
    CARE_LIMITS,
    CARE_LINE,
    EVERY,
    LINES,
    NASTY,
    RATES,
    make_comparator,
    make_line,
    make_points,
)

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = pytest.mark.parametrize("width", [760, 343])


def words_of(drawn):
    return [node.text for node in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


def rows_of(chart):
    return [[cell.text for cell in row] for row in chart.table().rows]


def lines_of(drawn, colour):
    """The vertices of each line in a colour, as pairs of numbers."""
    found = ElementTree.fromstring(drawn).iter(f"{SVG}polyline")
    return [
        [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]
        for line in found
        if line.get("stroke") == colour
    ]


def trace_of(figure, name):
    return next(trace for trace in figure["data"] if trace["name"] == name and "y" in trace)


@pytest.mark.parametrize("name", LINES)
def test_table_and_plot_have_the_same_figures(name):
    chart = LINES[name]
    table, figure = chart.table(), chart.figure()
    plotted = [trace for trace in figure["data"] if str(trace.get("mode")) == "lines+markers"]
    assert len(plotted) == 1 + len(chart.comparators)
    for column, (_, points) in enumerate(chart.lines, start=1):
        trace = next(t for t in plotted if t["legendgroup"] == f"line-{column - 1}")
        shown = {x: y for x, y in zip(trace["x"], trace["y"], strict=True) if y is not None}
        assert shown == {p.on.isoformat(): float(p.value) for p in points if p.value is not None}
        cells = [row[column].text for row in table.rows]
        for (day, _), cell in zip(chart.periods, cells, strict=False):
            value = shown.get(day.isoformat())
            read = re.sub(r"[%,]", "", cell)
            assert (float(read) == value) if value is not None else not read.isdigit()


@WIDTHS
def test_the_picture_draws_every_figure_where_its_scale_puts_it(width):
    drawn = CARE_LINE.svg(width)
    (line,) = lines_of(drawn, "#12436D")
    layout = LineLayout(CARE_LINE, width)
    expected = [(layout.x(p.on), layout.y(p.value)) for p in CARE]
    assert line == [pytest.approx(pair, abs=0.06) for pair in expected]
    # From the gridlines' own words back to the values: the axis tells the truth.
    ticks = {float(w): float(n.get("y")) - 4.5
             for n in ElementTree.fromstring(drawn).iter(f"{SVG}text")
             if (w := n.text).isdigit() and n.get("text-anchor") == "end"}  # fmt: skip
    low, high = min(ticks), max(ticks)
    for (_, y), point in zip(line, CARE, strict=True):
        value = low + (ticks[low] - y) / (ticks[low] - ticks[high]) * (high - low)
        assert value == pytest.approx(float(point.value), abs=0.5)


def test_plot_and_picture_share_their_geometry():
    layout, figure = LineLayout(CARE_LINE, 760), CARE_LINE.figure()["layout"]
    margin = figure["margin"]
    assert figure["height"] == layout.height
    assert (margin["l"], margin["t"]) == (layout.left, layout.top)
    assert 760 - margin["r"] - margin["l"] == pytest.approx(layout.plot_width)
    scale = CARE_LINE.value_scale
    assert figure["yaxis"]["range"] == [float(scale.low), float(scale.high)]
    assert figure["yaxis"]["ticktext"] == [w for w in words_of(CARE_LINE.svg()) if w in
                                           figure["yaxis"]["ticktext"]]  # fmt: skip


@WIDTHS
def test_no_line_is_joined_over_a_gap_or_a_break(width):
    joined = lines_of(BROKEN.svg(width), "#12436D")
    assert [len(line) for line in joined] == [2, 2]
    trace = trace_of(BROKEN.figure(), "Our council")
    assert trace["y"] == [20.7, 24.3, None, None, 20.9, None, 7.3, 19.5]
    assert trace["connectgaps"] is False


@WIDTHS
def test_symbols_breaks_and_notes_are_said_in_words(width):
    drawn = " ".join(words_of(BROKEN.svg(width)))
    plotted = " ".join(note["text"] for note in BROKEN.figure()["layout"]["annotations"])
    for words in ("suppressed", "series break", "a new definition", "the first national lockdown"):
        assert words in drawn
        assert words in plotted
    rows = {row[0]: row for row in rows_of(BROKEN)}
    assert rows["31 March 2018"][1] == "suppressed"
    assert rows["31 March 2020"][-1] == "the first national lockdown"
    assert rows["31 March 2021"][-1] == "series break: a new definition"


@WIDTHS
def test_limits_beyond_0_and_100_are_drawn_at_the_edge_and_said(width):
    drawn = ElementTree.fromstring(BROKEN.svg(width))
    thin = [line for line in drawn.iter(f"{SVG}line") if line.get("stroke") == "#3D3D3D"
            and line.get("x2") != line.get("x1") and float(line.get("y1")) > 60]  # fmt: skip
    layout = LineLayout(BROKEN, width)
    drawn_at = {round(float(line.get("y1")), 1) for line in thin}
    assert {round(layout.y(Decimal(0)), 1), round(layout.y(Decimal(100)), 1)} <= drawn_at
    assert "Its lower end is below 0 and drawn at 0." in BROKEN.notes
    assert "Its upper end is above 100% and drawn at 100%." in BROKEN.notes
    traces = [t for t in BROKEN.figure()["data"] if t.get("legendgroup") == "limits"]
    assert sorted(trace["y"][0] for trace in traces) == [0.0, 20.5, 100.0]
    assert "−3.1% to 104.0%" in [row[3] for row in rows_of(BROKEN)]


def test_a_limit_below_0_stays_where_figures_are_below_0():
    chart = make_line(make_points("-3 5").copy(), limits=[
        replace(CARE_LIMITS, lower=Decimal(-9))])  # fmt: skip
    assert chart.clip(Decimal(-9)) == -9


def test_table_gives_target_range_signals_and_flags():
    rows = {row[0]: row for row in rows_of(CARE_LINE)}
    assert rows["31 March 2017"] == [
        "31 March 2017", "638", "550 to 580", ""]  # fmt: skip
    assert rows["31 March 2023"][-1] == (
        "lower than usual; outside the usual range; counted on 31 March"
    )
    assert rows["31 March 2025"][-1] == "provisional"


def test_one_range_for_every_period_is_said_once():
    assert CARE_LINE.sentence.endswith(
        "Usual range: 509.2 to 635.2 (trial), around an average of 572.2."
    )
    assert "Usual range" not in CARE_LINE.table().headers
    assert "Usual range" in BROKEN.table().headers


@WIDTHS
def test_signals_differ_by_shape_and_are_in_the_key(width):
    drawn = CARE_LINE.svg(width)
    assert {"higher than usual", "lower than usual", "provisional"} <= set(words_of(drawn))
    names = {trace["name"]: trace for trace in CARE_LINE.figure()["data"]}
    assert names["higher than usual"]["marker"]["symbol"] == "triangle-up"
    assert names["lower than usual"]["x"] == ["2023-03-31"]
    assert names["provisional"]["x"] == ["2025-03-31"]
    assert names["outside the usual range"]["x"] == ["2016-03-31", "2023-03-31"]


def test_a_range_is_a_band_and_a_single_bound_a_dashed_line():
    (band,) = [t for t in CARE_LINE.figure()["data"] if t.get("fill") == "toself"]
    assert sorted(set(band["y"])) == [550.0, 580.0]
    assert 'fill-opacity="0.35"' in CARE_LINE.svg()
    (bound,) = [t for t in BROKEN.figure()["data"] if t["name"] == "target: at most 20%"]
    assert bound["y"] == [20.0, 20.0]
    assert 'stroke="#A285D1" stroke-width="2.5" stroke-dasharray="9 5"' in BROKEN.svg()


def test_a_target_for_a_later_period_has_a_row():
    later = Band(date(2025, 4, 1), date(2026, 3, 31), Decimal(400), None, "at least 400")
    assert rows_of(make_line(CARE, bands=[later]))[-1] == [
        "up to 31 March 2026", "no figure", "at least 400", ""]  # fmt: skip


def test_comparators_can_be_hidden_with_their_names_and_all_are_drawn():
    figure = RATES.figure()
    assert figure["layout"]["showlegend"] is True
    for place, name in enumerate(["West Midlands 86", "England 67", "Neighbours 107.7"], start=1):
        group = [t for t in figure["data"] if t.get("legendgroup") == f"line-{place}"]
        assert [t["mode"] for t in group] == ["lines+markers", "text"]
        assert name in group[1]["text"][0]
        assert name in words_of(RATES.svg(760))
    assert {"West Midlands", "England", "Neighbours"} <= set(words_of(RATES.svg(343)))
    dashes = {t["line"]["dash"] for t in figure["data"] if t["mode"] == "lines+markers"}
    assert dashes == {"solid", "dash", "dot", "dashdot"}


def test_names_at_the_ends_never_touch():
    ends = sorted(end.y for end in LineLayout(RATES, 760).ends)
    assert min(b - a for a, b in pairwise(ends)) >= 17


def test_a_scale_that_does_not_start_at_0_says_so():
    assert "The scale starts at 450, not at 0." in CARE_LINE.notes
    assert make_line(make_points("20 30 70")).value_scale.low == 0
    assert len(CARE_LINE.value_scale.ticks) <= 10


def test_nothing_to_draw_is_said():
    view = make_chart_view("empty", make_line([]), on=date(2016, 10, 5))
    assert words_of(view.svg_wide) == ["No figure"]
    assert view.figure is None
    assert view.table.rows == []
    assert view.dated == "As at 5 October 2016"


def test_only_symbols_are_drawn_on_an_axis_without_values():
    chart = LINES["suppressed"]
    assert words_of(chart.svg()) == ["2016", "2017", "2018", "suppressed", "31 March of each year"]
    (marks,) = [t for t in chart.figure()["data"] if t["name"] == "no figure"]
    assert len(marks["x"]) == 3


@pytest.mark.parametrize("name", EVERY)
@WIDTHS
def test_every_picture_is_valid_legible_and_within_its_frame(name, width):
    drawn = EVERY[name].svg(width)
    root = ElementTree.fromstring(drawn)
    assert " style=" not in drawn
    assert root.get("aria-hidden") == "true"
    assert root.get("width") == str(width)
    height = float(root.get("height"))
    for node in root.iter(f"{SVG}text"):
        assert float(node.get("font-size")) >= 12
        assert 0 <= float(node.get("x")) <= width
        assert 8 <= float(node.get("y")) <= height


@pytest.mark.parametrize("name", EVERY)
def test_what_people_write_is_escaped_in_picture_and_plot(name):
    assert "<b onclick" not in EVERY[name].svg()
    assert "<b onclick" not in str(EVERY[name].figure())


def test_the_nasty_words_are_there_letter_by_letter():
    assert f"target: {NASTY}" in words_of(LINES["nasty"].svg())
    assert "&lt;b onclick" in str(LINES["nasty"].figure())


def test_a_point_has_either_a_value_or_words():
    with pytest.raises(ValueError, match="either a value"):
        ChartPoint(date(2016, 3, 31), "2016", None)
    with pytest.raises(ValueError, match="either a value"):
        ChartPoint(date(2016, 3, 31), "2016", Decimal(1), "suppressed")


def test_a_target_needs_a_bound():
    with pytest.raises(ValueError, match="low or a high"):
        Band(date(2016, 3, 31), date(2017, 3, 31), None, None, "")


def test_a_line_refuses_what_it_cannot_tell_apart():
    with pytest.raises(ValueError, match="three comparators"):
        make_line(CARE, comparators=[make_comparator(str(n), "1") for n in range(4)])
    with pytest.raises(ValueError, match="one figure for a day"):
        make_line([*CARE, CARE[0]])
