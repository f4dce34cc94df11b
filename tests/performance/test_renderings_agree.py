"""Sentence, table, picture and plot of every line on the indicators’ pages say the same.

On the demonstration’s real figures, and read back as a reader has them: the picture from its
markup, the plot from its JSON, the table from its words.
"""

import re
from datetime import date
from html import unescape

import pytest

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
)
from tests.performance.pages_read import WIDE, line_charts, sections_of

pytestmark = pytest.mark.django_db


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
