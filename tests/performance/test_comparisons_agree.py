"""Table, picture and plot of the comparisons on the indicators’ pages say the same.

The strip of all councils, the small charts of the neighbours, and the rows beside them.
"""

import json
import re
from html import unescape
from itertools import pairwise

import pytest

from tests.performance.charts.reading_back import (
    number_in,
    picture_of,
    same_places,
    texts_in,
)
from tests.performance.pages_read import WIDE, every_chart, line_charts

pytestmark = pytest.mark.django_db


def test_there_are_charts_of_every_kind(pages):
    assert len(line_charts(pages)) > 25
    assert sum(page.strip is not None for page in pages.values()) >= 3
    assert len(every_chart(pages)) > len(line_charts(pages))


def test_the_comparison_and_the_line_have_the_same_others(pages):
    seen = 0
    for code, page in pages.items():
        if not page.comparison or page.main.chart is None:
            continue
        rows = [row for row in page.main.chart.table.rows if not row[0].text.startswith("up to ")]
        last = dict(zip(page.main.chart.table.headers, rows[-1], strict=True))
        beside = {row.label: row.text for row in reversed(page.comparison)}
        for header, cell in last.items():
            statistic = re.match(r"(Mean|Median) of neighbours", header)
            label = header if header in beside else None
            if statistic:
                # Of two lists the newest comes first, and it is the line’s.
                label = next(row.label for row in page.comparison
                             if row.label.startswith(f"{statistic[1]} of "))  # fmt: skip
            if label and number_in(cell.text) is not None:
                seen += 1
                assert number_in(beside[label]) == number_in(cell.text), f"{code}: {header}"
    assert seen


def test_the_strip_s_table_and_plot_agree(pages):
    for code, page in pages.items():
        if not page.strip:
            continue
        strip = page.strip
        told = {row[0].text: row[1].text for row in strip.table.rows}
        traces = {unescape(one["name"]): one for one in strip.figure["data"]}
        councils = next(one for name, one in traces.items() if name.endswith(" other councils"))
        assert len(councils["x"]) == int(councils["name"].split()[0])
        assert number_in(told["Lowest of the other councils"]) == min(councils["x"]), code
        assert number_in(told["Highest of the other councils"]) == max(councils["x"]), code
        near = [one for name, one in traces.items() if "(n=" in name]
        assert len(near) == bool(page.lists), code
        for each in near:
            assert f"(n={len(each['x'])})" in each["name"]
            for label, value in zip(each["text"], each["x"], strict=True):
                name, words = unescape(label).rsplit(": ", 1)
                assert told[name] == words, code
                assert number_in(words) == value, code
        first = strip.table.rows[0]
        if number_in(first[1].text) is not None:
            assert set(traces[first[0].text]["x"]) == {number_in(first[1].text)}, code
        else:
            assert first[0].text not in traces
        medians = [one["x"][0] for one in strip.figure["data"] if one["name"] == "median"]
        words = [text for name, text in told.items() if name.startswith("Median of ")]
        assert medians == [number_in(one) for one in words if number_in(one) is not None], code


def test_the_strip_s_picture_and_plot_agree(pages):
    for code, page in pages.items():
        if not page.strip:
            continue
        figure, drawn = page.strip.figure, picture_of(page.strip.svg_wide)
        margin, (low, high) = figure["layout"]["margin"], figure["layout"]["xaxis"]["range"]
        room = WIDE - margin["l"] - margin["r"]

        def across(values, low=low, high=high, left=margin["l"], room=room):
            return [left + (value - low) / (high - low) * room for value in values]

        for trace in figure["data"]:
            if trace["name"].endswith(" other councils"):
                assert same_places(drawn.ticks_of("#7a868c"), across(trace["x"])), code
            elif "(n=" in trace["name"]:
                assert same_places([x for x, _ in drawn.marks("#F46A25")], across(trace["x"])), code
            elif trace["name"] == "median":
                assert any(abs(x - across(trace["x"])[0]) < 0.2 for x in drawn.ticks_of("#0b0c0c"))
        written = [text for text in drawn.texts if text.startswith("median ")]
        told = [row[1].text for row in page.strip.table.rows if row[0].text.startswith("Median of")]
        assert written == [f"median {words}" for words in told if number_in(words) is not None]


def test_each_small_chart_shows_its_row(pages):
    for code, page in pages.items():
        if not page.multiples:
            continue
        for markup in (page.multiples.svg_wide, page.multiples.svg_narrow):
            panels = picture_of(markup).panels()
            rows = page.multiples.table.rows
            assert [panel.label for panel in panels] == [row[0].text for row in rows], code
            for panel, row in zip(panels, rows, strict=True):
                values = [number_in(cell.text) for cell in row[1:]]
                valued = [value for value in values if value is not None]
                assert number_in(panel.last or "none") == (valued[-1] if valued else None), code
                expected = [panel.height_of(value) for value in valued]
                assert same_places(panel.heights, expected), f"{code}: {panel.label}"


def test_small_charts_are_never_joined_over_a_gap(pages):
    for page in pages.values():
        if not page.multiples:
            continue
        panels = picture_of(page.multiples.svg_wide).panels()
        years = [
            int(re.findall(r"[0-9]{4}", label)[-1]) for label in page.multiples.table.headers[1:]
        ]
        for panel, row in zip(panels, page.multiples.table.rows, strict=True):
            values = [number_in(cell.text) for cell in row[1:]]
            joins = sum(
                None not in ends and later - earlier == 1
                for ends, (earlier, later) in zip(pairwise(values), pairwise(years), strict=True)
            )
            broken = sum("series break" in cell.text for cell in row[2:])
            assert panel.joins <= joins
            assert panel.joins >= joins - broken


def test_the_neighbours_rows_are_the_strip_s(pages):
    for code, page in pages.items():
        if not page.strip or not page.multiples:
            continue
        told = {row[0].text: row[1].text for row in page.strip.table.rows}
        if page.multiples.table.headers[-1] not in page.strip.table.headers[1]:
            continue
        for row in page.multiples.table.rows:
            if number_in(row[-1].text) is not None and row[0].text in told:
                assert number_in(told[row[0].text]) == number_in(row[-1].text), code


def test_where_no_list_was_in_force_the_page_says_so_and_draws_no_neighbours(councillor):
    answer = councillor.get("/performance/indicators/re-referrals/")
    body, strip = answer.content.decode(), answer.context["page"].strip
    assert "No list of similar councils (statistical neighbours) that was in force then" in body
    assert not any("eighbours" in row[0].text for row in strip.table.rows)
    for markup in (strip.svg_wide, strip.svg_narrow):
        assert "eighbours" not in markup


def test_only_what_the_basic_bundle_draws(pages):
    for code, chart in every_chart(pages):
        if chart.figure:
            assert {one["type"] for one in chart.figure["data"]} <= {"scatter", "bar"}, code
            assert json.loads(json.dumps(chart.figure)) == chart.figure


def test_nothing_that_the_strict_policy_refuses_or_that_is_not_escaped(pages):
    for code, chart in every_chart(pages):
        for markup in (chart.svg_wide, chart.svg_narrow):
            assert not re.search(r"\sstyle=|<script|<foreignObject|\son\w+=", markup), code
            picture_of(markup)
        for text in texts_in(chart.figure):
            bare = text.replace("<br>", "").replace("<extra></extra>", "")
            assert "<" not in bare, f"{code}: {text}"
            assert not re.search(r"&(?!amp;|lt;|gt;)", bare), f"{code}: {text}"
