"""Sentence, table, picture and plot of every chart of the indicators’ pages say the same.

On the demonstration’s real figures, and read back as a reader has them: the picture from its
markup, the plot from its JSON, the table from its words.
"""

import json
import re
from datetime import date
from functools import cache
from html import unescape
from itertools import pairwise

import pytest

from performance.models import Indicator
from performance.presenters.indicator import make_indicator_page
from tests.conftest import position_on
from tests.performance.charts.reading_back import (
    COMPARATOR_COLOURS,
    OWN_COLOUR,
    Plotted,
    columns_of,
    number_in,
    numbers_in,
    picture_of,
    plot_places,
    runs_of,
    same_places,
    texts_in,
)

pytestmark = pytest.mark.django_db

DAYS = [(2016, 10, 5), (2025, 12, 31)]
WIDE = 760


@cache
def read_pages(day):
    """The page of every indicator that has a figure on the day, by code."""
    position = position_on(*day)
    made = {one.code: make_indicator_page(one, "336", position) for one in Indicator.objects.all()}
    return {code: page for code, page in made.items() if page.main}


@pytest.fixture(params=DAYS, ids=str)
def pages(request, db):
    found = read_pages(request.param)
    assert len(found) > 25
    return found


def sections_of(page):
    """Each source’s section with what the page knows of its series."""
    read = {f"series-{one.series.pk}": one for one in page.readings.series}
    return [(section, read[section.anchor]) for section in [page.main, *page.others]]


def line_charts(pages):
    """Code, section, reading and chart of every line that is drawn."""
    return [
        (code, section, reading, section.chart)
        for code, page in pages.items()
        for section, reading in sections_of(page)
        if section.chart
    ]


def every_chart(pages):
    lines = [(code, chart) for code, _, _, chart in line_charts(pages)]
    others = [(code, chart) for code, page in pages.items()
              for chart in (page.strip, page.multiples) if chart]  # fmt: skip
    return lines + others


def test_there_are_charts_of_every_kind(pages):
    assert len(line_charts(pages)) > 25
    assert sum(page.strip is not None for page in pages.values()) >= 3
    assert len(every_chart(pages)) > len(line_charts(pages))


def test_the_table_holds_the_figures_on_record(pages):
    for code, section, reading, chart in line_charts(pages):
        given = columns_of(chart.table)[1]
        held = {row.period_label: row for row in reading.rows if not row.is_undated}
        listed = dict(given)
        for figure in section.also:
            assert figure.period not in listed or figure.text not in listed[figure.period], code
        for period, words in given:
            if number_in(words) is not None:
                alike = [row.value for row in reading.rows if row.period_label == period]
                assert number_in(words) in [float(value) for value in alike if value is not None]
            else:
                assert held[period].value is None, f"{code} {period}"


def test_table_and_plot_have_the_same_figures(pages):
    for code, _, _, chart in line_charts(pages):
        plotted = Plotted(chart.figure)
        columns = columns_of(chart.table)
        names = [re.sub(r" \(.*\)$", "", header) if place == 1 else header
                 for place, header in enumerate(chart.table.headers)]  # fmt: skip
        assert plotted.line_names == names[1 : 1 + len(plotted.lines)], code
        for column, line in enumerate(plotted.lines, start=1):
            expected = [number_in(words) for _, words in columns[column]]
            assert plotted.values(line) == expected, f"{code}: {names[column]}"


def test_the_plot_s_hover_says_what_the_table_says(pages):
    for code, _, _, chart in line_charts(pages):
        plotted = Plotted(chart.figure)
        columns = columns_of(chart.table)
        for column, line in enumerate(plotted.lines, start=1):
            for (period, words), hover in zip(
                columns[column], plotted.hover_texts(line), strict=True
            ):
                if number_in(words) is None:
                    assert hover == "", code
                else:
                    assert re.search(
                        rf"{re.escape(period)}: {re.escape(words)}(?![\d.,]|%)", unescape(hover)
                    ), f"{code}: {hover} for {words}"


def test_a_period_without_a_figure_has_its_words_and_no_mark(pages):
    seen = 0
    for code, _, _, chart in line_charts(pages):
        plotted = Plotted(chart.figure)
        missing = [(period, words) for period, words in columns_of(chart.table)[1]
                   if number_in(words) is None]  # fmt: skip
        seen += len(missing)
        assert all(words.strip() for _, words in missing)
        assert len(plotted.missing) == len(missing), code
        for (period, words), said in zip(missing, plotted.missing, strict=True):
            assert unescape(said).startswith(f"{period}: {words}"), code
        drawn = picture_of(chart.svg_wide)
        for _, words in missing:
            assert words in drawn.texts, code
        assert len(drawn.missing_marks) == len(missing), code
    assert seen


@pytest.mark.parametrize("is_wide", [True, False])
def test_picture_and_plot_stand_and_join_alike(pages, is_wide):
    for code, _, _, chart in line_charts(pages):
        plotted = Plotted(chart.figure)
        drawn = picture_of(chart.svg_wide if is_wide else chart.svg_narrow)
        for place, line in enumerate(plotted.lines):
            colour = [OWN_COLOUR, *COMPARATOR_COLOURS][place]
            across = plot_places(plotted, line, WIDE, drawn) if is_wide else None
            heights = [drawn.height_of(value) for value in plotted.values(line)
                       if value is not None]  # fmt: skip
            marks = drawn.own_marks if place == 0 else drawn.marks(colour)
            assert same_places([y for _, y in marks], heights), f"{code}: {colour}"
            joined = [[drawn.height_of(value) for _, value in run]
                      for run in runs_of(line) if len(run) > 1]  # fmt: skip
            paths = drawn.paths(colour)
            assert len(paths) == len(joined), f"{code}: {colour}"
            for path, run in zip(paths, joined, strict=True):
                assert same_places([y for _, y in path], run, in_order=True), code
            if across is not None:
                assert same_places([x for x, _ in marks], across), code


def test_a_break_is_not_joined(pages):
    for _, _, reading, chart in line_charts(pages):
        plotted = Plotted(chart.figure)
        ends = {row.period_end for row in reading.rows if row.is_series_break}
        for line in plotted.lines:
            for run in runs_of(line):
                days = [day for day, _ in run]
                assert not ends & set(days[1:])
        drawn_days = [date.fromisoformat(day) for day in plotted.days(plotted.lines[0])]
        at_break = [day for day in drawn_days[1:] if day in ends]
        assert picture_of(chart.svg_wide).texts.count("series break") == len(at_break)
        noted = [row for row in chart.table.rows if "series break" in row[-1].text]
        assert len(noted) == len(ends & set(drawn_days))


def test_targets_are_the_same_numbers_everywhere(pages):
    seen = 0
    for code, section, _, chart in line_charts(pages):
        plotted, drawn = Plotted(chart.figure), picture_of(chart.svg_wide)
        for label, bounds in plotted.targets:
            seen += 1
            assert sorted(set(numbers_in(label))) == sorted(set(bounds)), code
            assert any(label in target.text for target in section.targets), f"{code}: {label}"
            for bound in bounds:
                assert any(abs(y - drawn.height_of(bound)) < 0.2 for y in drawn.target_heights)
        assert len(drawn.targets) == len(plotted.targets), code
        if "Target" in chart.table.headers:
            column = list(chart.table.headers).index("Target")
            cells = {words for row in chart.table.rows for words in row[column].text.split("; ")}
            assert cells - {""} <= {label for label, _ in plotted.targets}, code
    assert seen


def test_the_usual_range_is_the_same_everywhere(pages):
    seen = 0
    for code, _, reading, chart in line_charts(pages):
        plotted, drawn = Plotted(chart.figure), picture_of(chart.svg_wide)
        heights = [drawn.height_of(bound) for bound in plotted.limits]
        assert same_places(drawn.limit_heights, heights), code
        said = re.search(
            r"Usual range: (\S+) to (\S+?)(?: \(trial\))?, around an average of (\S+?)\.(?: |$)",
            chart.sentence,
        )
        if not said:
            continue
        seen += 1
        low, high, mean = (number_in(words) for words in said.groups())
        limits = reading.reading.process.limits
        step = 10 ** -max(reading.series.indicator.decimals, 1) / 2 + 1e-9
        for number, exact in ((low, limits.lower), (high, limits.upper), (mean, limits.mean)):
            assert abs(number - float(exact)) <= step, code
        average, lower, upper = plotted.limits
        assert abs(average - mean) <= step, code
        assert abs(lower - low) <= step or (lower == 0 and low < 0), code
        assert abs(upper - high) <= step or (upper == 100 and high > 100), code
    assert seen or all(not Plotted(chart.figure).limits for *_, chart in line_charts(pages))


def test_the_course_names_the_first_and_the_last_figure_of_the_table(pages):
    seen = 0
    for code, _, _, chart in line_charts(pages):
        valued = [words for _, words in columns_of(chart.table)[1] if number_in(words) is not None]
        if len(valued) > 1:
            seen += 1
            assert chart.sentence.startswith(f"From {valued[0]} "), f"{code}: {chart.sentence}"
            assert re.search(rf" to {re.escape(valued[-1])} ", chart.sentence), code
        elif valued:
            assert chart.sentence.startswith(f"One figure: {valued[0]} "), code
        for extreme in re.findall(r"(?:ighest|owest): (\S+) ", chart.sentence):
            pick = max if f"ighest: {extreme} " in chart.sentence else min
            assert number_in(extreme) == pick(number_in(words) for words in valued), code
    assert seen


def test_the_lead_names_the_latest_row_of_the_table(pages):
    for code, page in pages.items():
        for section, reading in sections_of(page):
            latest = reading.latest_row
            if latest is None or latest.value is None or latest.is_undated:
                continue
            period, words = columns_of(section.chart.table)[1][-1]
            assert period == latest.period_label, code
            said = (
                "none"
                if latest.value == 0 and not words.endswith("%")
                else re.escape(words.replace("−", "minus "))
            )
            assert re.search(rf"(?<![\d.,]){said}(?![\d,]|\.\d)", section.sentence), (
                f"{code}: {words} is not in “{section.sentence}”"
            )
        assert page.lead == page.main.sentence


def test_the_names_at_the_ends_carry_the_last_figures(pages):
    for code, _, _, chart in line_charts(pages):
        plotted, drawn = Plotted(chart.figure), picture_of(chart.svg_wide)
        columns = columns_of(chart.table)
        ends = plotted.end_labels
        if not ends:
            continue
        expected = []
        for column, name in enumerate(plotted.line_names, start=1):
            valued = [words for _, words in columns[column] if number_in(words) is not None]
            expected += [f"{name} {valued[-1]}"] if valued else []
        assert ends == expected, code
        assert set(ends) <= set(drawn.texts), code


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
        near = next(one for name, one in traces.items() if "(n=" in name)
        assert f"(n={len(near['x'])})" in near["name"]
        for label, value in zip(near["text"], near["x"], strict=True):
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
