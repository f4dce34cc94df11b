"""Strips, small multiples and sparklines."""

import re
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from performance.charts import StripMark, make_chart_view, sparkline
from performance.charts.scale import (
    choose_labels,
    make_value_scale,
    shorten_labels,
    spread,
    tick_words,
)
from tests.performance.charts.cases import MULTIPLES, STRIP
from tests.performance.charts.test_line import WIDTHS, rows_of, words_of


def test_a_strip_s_table_names_the_neighbours_closest_first():
    assert rows_of(STRIP) == [
        ["Our council", "73"],
        ["Rank", "9th of 26"],
        ["Median of all councils", "74"],
        ["Median of Neighbours, 2025 list", "93"],
        ["Lowest of the other councils", "30"],
        ["Highest of the other councils", "126"],
        ["Sandwell", "89"],
        ["Walsall", "97"],
        ["Derby", "suppressed"],
    ]


@WIDTHS
def test_a_strip_s_picture_and_plot_agree(width):
    drawn = STRIP.svg(width)
    words = words_of(drawn)
    assert {"Our council 73", "median 74", "median 93", "← lower is better"} <= set(words)
    assert drawn.count('stroke-opacity="0.55"') == len(STRIP.councils)
    assert drawn.count('fill="#ffffff" stroke="#F46A25"') == 2
    councils, neighbours = STRIP.figure()["data"][::2][:2]
    assert councils["x"] == [float(mark.value) for mark in STRIP.councils]
    assert neighbours["text"] == ["Sandwell: 89", "Walsall: 97"]
    medians = [t["x"] for t in STRIP.figure()["data"] if t["name"] == "median"]
    assert medians == [[74.0], [93.0]]


def test_a_strip_says_which_way_is_good_only_where_one_is():
    assert "is better" not in replace(STRIP, good="").svg()
    assert "is better" not in str(replace(STRIP, good="").figure())
    assert "higher is better →" in words_of(replace(STRIP, good="higher").svg())


def test_a_strip_without_our_figure_says_why():
    chart = replace(STRIP, own=StripMark("Our council", None, "suppressed"))
    assert "Our council: suppressed" in words_of(chart.svg())
    assert rows_of(chart)[0] == ["Our council", "suppressed"]


NO_LIST = replace(STRIP, neighbours=[], neighbours_label="", neighbours_median=None)


@WIDTHS
@pytest.mark.parametrize("chart", [
    NO_LIST, replace(STRIP, neighbours=STRIP.neighbours[2:], neighbours_median=None),
])  # fmt: skip
def test_a_strip_has_no_row_for_neighbours_where_there_is_none_to_show(width, chart):
    drawn = chart.svg(width)
    assert "(n=" not in drawn
    assert drawn.count("<circle") == 1
    assert height_of(drawn) < height_of(STRIP.svg(width))
    plotted = chart.figure()
    assert "(n=" not in str(plotted)
    [own] = [one for one in plotted["data"] if one["name"] == "Our council"]
    assert own["marker"]["size"] == [0, 13, 0]
    assert plotted["layout"]["height"] == height_of(chart.svg())


def test_a_strip_s_table_has_no_neighbours_where_there_is_no_list():
    assert not any(
        "Median of" in row[0] and "all councils" not in row[0] for row in rows_of(NO_LIST)
    )


def height_of(drawn):
    return float(re.search(r'viewBox="0 0 \S+ (\S+)"', drawn)[1])


def test_a_strip_without_any_value():
    chart = replace(STRIP, own=StripMark("Our council", None), councils=[], neighbours=[])
    assert words_of(chart.svg()) == ["No figure"]
    assert chart.figure() is None


def test_small_multiples_are_a_picture_and_a_table():
    view = make_chart_view("multiples", MULTIPLES)
    assert view.figure is None
    assert [row[0].text for row in view.table.rows][:2] == ["Sandwell", "Derby"]
    assert view.table.rows[0][1].text == "20.7%"
    assert view.table.rows[1][1].text == "suppressed"
    assert {"19.5%", "suppressed", "no figure"} <= set(words_of(view.svg_wide))
    assert view.svg_wide.count("<polyline") == 2


def test_panels_share_a_scale_only_when_asked():
    first = MULTIPLES.panels[0]
    tall = replace(first, points=[replace(p, value=p.value and p.value * 3) for p in first.points])
    chart = replace(MULTIPLES, panels=[first, tall])
    assert chart.scale(first) == chart.scale(tall)
    own = replace(chart, shares_scale=False)
    assert own.scale(first) != own.scale(tall)


def decimals(words):
    return [None if word == "-" else Decimal(word) for word in words.split()]


def test_a_sparkline_is_light_and_silent():
    drawn = sparkline(decimals("654 638 649 625 588 540 512 498 517 501 499.5 497.25"))
    assert len(drawn.encode()) < 700
    root = ElementTree.fromstring(drawn)
    assert root.get("aria-hidden") == "true"
    assert " style=" not in drawn
    assert drawn.count("L") == 11


@pytest.mark.parametrize(
    ("words", "breaks", "joined"), [("1 2 3 4", (), 3), ("1 2 - 4", (), 1), ("1 2 3 4", (2,), 2)]
)
def test_a_sparkline_joins_neither_gaps_nor_breaks(words, breaks, joined):
    path = re.search(r' d="([^"]*)"', sparkline(decimals(words), breaks))[1]
    assert path.count("L") == joined


def test_a_sparkline_s_dot_is_its_last_value():
    assert 'cx="116" cy="4"' in sparkline(decimals("1 2"))
    assert 'fill="#fff" stroke' in sparkline(decimals("1 2 -"))
    assert 'cx="60" cy="14"' in sparkline(decimals("7"))
    assert sparkline(decimals("- -")) == ""
    assert sparkline([]) == ""


@pytest.mark.parametrize(
    ("values", "decimals_", "ticks"),
    [
        ("498 654", 0, ["450", "500", "550", "600", "650", "700"]),
        ("0 3", 0, ["0", "1", "2", "3"]),
        ("5", 0, ["0", "1", "2", "3", "4", "5"]),
        ("-3 5", 0, ["−4", "−2", "0", "2", "4", "6"]),
        ("0", 0, ["0", "1"]),
    ],
)
def test_a_scale_has_round_steps_no_finer_than_its_figures(values, decimals_, ticks):
    scale = make_value_scale(decimals(values), decimals_)
    assert tick_words(scale, "children") == ticks


def test_a_percentage_never_reaches_past_100():
    assert make_value_scale(decimals("91 99.5"), 1, Decimal(100)).high == 100


def test_labels_that_differ_by_year_alone_are_years():
    assert shorten_labels(["31 March 2015", "31 March 2016"]) == (["2015", "2016"], "31 March")
    assert shorten_labels(["2014/15", "2015/16"]) == (["2014/15", "2015/16"], "")
    assert shorten_labels(["July 2016"]) == (["July 2016"], "")


def test_labels_that_would_touch_are_left_out_but_never_the_last():
    assert choose_labels([0, 22, 44, 66], ["2015", "2016", "2017", "2018"], 13) == [1, 3]


def test_spread_keeps_the_order_and_the_gap():
    assert spread([10, 12, 11], 5, 0, 100) == [10, 20, 15]
    assert spread([99, 98], 5, 0, 100) == [100, 95]
