"""One description, four renderings that cannot disagree."""

import json
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import plotly.graph_objects as go
import pytest

from performance.charts import (
    Bar,
    Category,
    DateKind,
    DateMark,
    Lane,
    Maker,
    Mark,
    Move,
    OrdinalHistory,
    StackedBars,
    Timeline,
    Tone,
    grade_scale,
    make_chart_view,
    segment_bar,
)
from performance.charts.svg import NARROW, WIDE

CATEGORIES = [
    Category("complete", Tone("#12436D")),
    Category("date passed", Tone("#801650", "hatch", ink="#801650")),
]
BARS = StackedBars(
    title="By judgement",
    summary="Of 20 actions, 14 are complete.",
    unit="actions",
    heading="Judgement",
    identity="bars",
    categories=CATEGORIES,
    bars=[
        Bar("Help and protection", [11, 5], "/judgements/a/", ["/plan/?x=1", "/plan/?x=2"]),
        Bar("Adoption", [3, 1], "/judgements/b/", ["/plan/?x=3", "/plan/?x=4"]),
    ],
)
HISTORY = OrdinalHistory(
    title="Grades over time",
    summary="Three grades are held.",
    columns=["June 2011", "June 2016"],
    lanes=[Lane("Help and protection", "/judgements/a/"), Lane("Adoption", "/judgements/b/")],
    makers=[Maker("the council itself", "circle"), Maker("Ofsted", "square")],
    marks=[
        Mark(0, 0, 1, "Adequate", "#F46A25"),
        Mark(0, 1, 0, "Requires improvement", "#F46A25"),
        Mark(1, 1, 0, "Good", "#28A197"),
    ],
)
TIMELINE = Timeline(
    title="Due dates",
    summary="Three actions carry a date.",
    lanes=[("Workforce", "/plan/themes/workforce/"), ("Early help", "")],
    kinds=[
        DateKind("passed", "diamond", "#801650"),
        DateKind("not yet passed", "circle", "#ffffff"),
    ],
    marks=[
        DateMark(0, date(2016, 9, 30), 0, 2, "September 2016"),
        DateMark(1, date(2016, 10, 31), 1, 1, "October 2016"),
    ],
    moves=[Move(1, date(2016, 9, 30), date(2016, 10, 31))],
    today=date(2016, 10, 5),
)
CHARTS = [BARS, HISTORY, TIMELINE]


def words_of(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def cells_of(table):
    return [cell.text for row in table.rows for cell in row]


@pytest.mark.parametrize("width", [760, 343])
def test_bars_agree(width):
    counts = {"11", "5", "3", "1", "16", "4"}
    assert counts <= set(cells_of(BARS.table()))
    drawn = words_of(BARS.svg(width))
    assert {"11", "5", "3"} <= set(drawn)
    traces = BARS.figure()["data"]
    assert [trace["name"] for trace in traces] == ["complete", "date passed"]
    assert [list(trace["x"]) for trace in traces] == [[11, 3], [5, 1]]
    assert list(traces[1]["customdata"]) == ["/plan/?x=2", "/plan/?x=4"]
    assert traces[1]["marker"]["pattern"]["shape"] == "/"
    assert "<pattern" in BARS.svg(width)


@pytest.mark.parametrize("width", [760, 343])
def test_histories_agree(width):
    cells = cells_of(HISTORY.table())
    assert "Requires improvement (the council itself)" in cells
    assert cells.count("no grade") == 1
    drawn = " ".join(words_of(HISTORY.svg(width)))
    traces = HISTORY.figure()["data"]
    labels = [label for trace in traces for label in trace.get("text", [])]
    assert sorted(labels) == ["Adequate", "Good", "Requires improvement"]
    for label in ["Adequate", "Good", "Requires", "improvement", "June 2011", "June 2016"]:
        assert label in drawn


@pytest.mark.parametrize("width", [760, 343])
def test_timelines_agree(width):
    rows = [[cell.text for cell in row] for row in TIMELINE.table().rows]
    assert rows == [
        ["Workforce", "September 2016", "passed", "2"],
        ["Early help", "October 2016", "not yet passed", "1"],
    ]
    drawn = words_of(TIMELINE.svg(width))
    assert "2" in drawn
    assert "5 October 2016" in drawn
    figure = TIMELINE.figure()
    assert figure["data"][0]["x"] == ["2016-09-30"]
    assert figure["data"][2]["x"] == ["2016-09-30", "2016-10-31"]
    assert figure["layout"]["shapes"][0]["x0"] == "2016-10-05"


@pytest.mark.parametrize("chart", CHARTS)
def test_only_what_the_basic_bundle_can_draw(chart):
    assert {trace["type"] for trace in chart.figure()["data"]} <= {"bar", "scatter"}


@pytest.mark.parametrize("chart", CHARTS)
def test_plotly_takes_the_figure_whole_and_would_write_it_so(chart):
    made = chart.figure()
    whole = json.loads(go.Figure(made).to_json())
    assert whole["data"] == made["data"]
    assert {**whole["layout"], "template": {}} == made["layout"]


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("width", [760, 343])
def test_pictures_obey_the_strict_policy_and_can_be_read(chart, width):
    drawn = chart.svg(width)
    assert " style=" not in drawn
    assert 'aria-hidden="true"' in drawn
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)"', drawn)) >= 12


def test_what_people_write_is_escaped():
    nasty = "<script>alert('x')</script>\""
    chart = StackedBars(nasty, "", "actions", "x", "n", CATEGORIES, [Bar(nasty, [1, 2])])
    assert "<script" not in chart.svg()
    assert "&lt;script" in chart.svg()


@pytest.mark.parametrize(
    "href", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x"]
)
def test_a_chart_links_only_within_the_site(href):
    chart = StackedBars("t", "", "actions", "x", "n", CATEGORIES, [Bar("b", [1, 2], href)])
    with pytest.raises(ValueError, match="within the site"):
        chart.table()


def test_nothing_to_show_is_drawn_too():
    for chart in (
        StackedBars("t", "None.", "actions", "x", "n", [], []),
        OrdinalHistory("t", "None.", [], [], [], []),
        Timeline("t", "None.", [], [], [], [], date(2016, 10, 5)),
    ):
        view = make_chart_view("empty", chart)
        assert view.table.rows == []
        assert view.svg_wide.startswith("<svg")


def test_small_pictures():
    assert segment_bar([3, 1], CATEGORIES, "s").count("<rect") == 4
    assert grade_scale(1).count("#12436D") == 1
    assert "<polygon" in grade_scale(2, 2)


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("months", range(1, 40))
def test_no_month_of_the_due_dates_is_cut_at_the_edge_or_printed_over_another(width, months):
    year, month = divmod(9 + months, 12)
    last = date(2016 + year, month + 1, 28)
    timeline = replace(TIMELINE, marks=[DateMark(0, last, 0, 12, "then")], moves=[])
    drawn = timeline.svg(width)
    named = re.findall(r'<text x="([0-9.]+)" y="36"[^>]*>([^<]+)<', drawn)
    # A letter of these is on average not wider than six and a half pixels.
    ends = [(float(x), float(x) + len(name) * 6.5) for x, name in named]
    assert ends[-1][1] <= width
    assert all(end < start for (_, end), (start, _) in pairwise(ends))
    [count] = re.findall(r'<text x="([0-9.]+)"[^>]*>12<', drawn)
    assert float(count) + 16 <= width


def test_the_live_due_dates_have_room_for_half_a_month_at_their_end():
    """Plotly centres a month's name on its first day, which may be the end of the axis."""
    assert TIMELINE.figure()["layout"]["margin"]["r"] >= 8 * 8 / 2
