"""The line chart of one series, described from its figures, targets and usual range."""

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from performance.calculations.better_or_worse import polarity_of
from performance.calculations.course_words import say_course
from performance.calculations.figures import Figure, Measure, Symbol
from performance.calculations.periods import follow_a_gap, have_same_length
from performance.calculations.process import Stage
from performance.calculations.process_reading import (
    ProcessPoint,
    ProcessReading,
    read_segment,
    split_segments,
)
from performance.calculations.process_signals import Orientation
from performance.calculations.wording import format_bounds
from performance.charts import Band, ChartPoint, Comparator, LimitLines, LineChart
from performance.charts.points import Signal, places_of_average
from performance.models import Measurement, Target
from performance.presenters.notes import Notes, Span

SYMBOL_WORDS = {
    Symbol.SUPPRESSED: "hidden: a small number",
    Symbol.NOT_APPLICABLE: "not applicable",
    Symbol.NOT_AVAILABLE: "not available",
    Symbol.ROUNDS_TO_ZERO: "rounds to zero",
    Symbol.LOW_RELIABILITY: "too unreliable to show",
    Symbol.MISSING: "missing",
}
SIGNALS: dict[Orientation, Signal] = {
    Orientation.IMPROVEMENT: "improvement",
    Orientation.CONCERN: "concern",
    Orientation.NEUTRAL_HIGH: "high",
    Orientation.NEUTRAL_LOW: "low",
}


LINE_OF_PAPER = re.compile(r"^[0-9]+\.[0-9]+\. ?")


def charted(rows: Sequence[Measurement]) -> list[Measurement]:
    """The rows that one line may join, oldest first: dated, and of the latest one's length.

    A quarter and the year that it ends are two facts of one day; the others stand in the table.
    """
    dated = [row for row in rows if not row.is_undated]
    if not dated:
        return []
    last = dated[-1].figure
    alike: dict[object, Measurement] = {}
    for row in dated:
        if have_same_length(row.figure, last):
            alike.setdefault(row.period_end, row)
    return list(alike.values())


def describe_series(
    title: str,
    label: str,
    measure: Measure,
    rows: Sequence[Measurement],
    targets: Sequence[Target],
    comparators: Sequence[Comparator] = (),
    notes: Notes | None = None,
    restated: Collection[Span] = (),
) -> LineChart | None:
    """The chart of the rows that a line may join; None where no figure is dated.

    `restated` are the periods whose figure replaced another.
    """
    drawn, notes = charted(rows), notes or Notes()
    if not drawn:
        return None
    segments = [
        read_segment(segment, polarity_of(measure))
        for segment in split_segments([row.figure for row in drawn])
    ]
    points = [point for segment in segments for point in segment.points]
    gaps = follow_a_gap([point.figure for point in points])
    return LineChart(
        title=title,
        summary=say_course([row.figure for row in drawn], measure),
        label=label,
        unit=measure.unit,
        decimals=measure.decimals,
        points=[
            _chart_point(point, gap, notes.breaks, restated)
            for point, gap in zip(points, gaps, strict=True)
        ],
        bands=[_band(target, measure) for target in targets if _is_in_time(target, drawn)],
        limits=[line for segment in segments if (line := _limit_lines(segment))],
        comparators=comparators,
        annotations=notes.on_chart(drawn),
    )


def _is_in_time(target: Target, drawn: Sequence[Measurement]) -> bool:
    """A target for a day that its source does not give has no place on the axis."""
    return not target.period_label.startswith("not dated") and (
        target.period_end >= drawn[0].period_start
    )


def symbol_words(figure: Figure) -> str:
    return SYMBOL_WORDS[figure.symbol] if figure.symbol else ""


def _chart_point(
    point: ProcessPoint,
    follows_gap: bool,
    breaks: Mapping[Span, str],
    restated: Collection[Span],
) -> ChartPoint:
    figure = point.figure
    span = (figure.start, figure.end)
    return ChartPoint(
        on=figure.end,
        label=figure.label,
        value=figure.value,
        symbol_label=symbol_words(figure),
        # A note begins with its line of the paper, which the page links by itself.
        note=LINE_OF_PAPER.sub("", figure.note),
        is_provisional=figure.is_provisional,
        is_revised=figure.is_revised,
        is_restated=span in restated,
        is_estimated=figure.is_estimated,
        breaks_before=figure.is_series_break,
        break_label=breaks.get(span, ChartPoint.break_label),
        signal=SIGNALS[point.signal.orientation] if point.signal else "",
        is_outside=point.is_outside and point.signal is None,
        follows_gap=follows_gap,
    )


def _band(target: Target, measure: Measure) -> Band:
    words = format_bounds(target.low, target.high, measure.unit, measure.decimals)
    return Band(target.period_start, target.period_end, target.low, target.high, words)


def _limit_lines(segment: ProcessReading) -> LimitLines | None:
    if segment.limits is None:
        return None
    days = [point.figure.end for point in segment.points]
    limits = segment.limits
    return LimitLines(
        mean=limits.mean,
        lower=limits.lower,
        upper=limits.upper,
        is_trial=segment.stage is Stage.TRIAL,
        start=days[0],
        end=days[-1],
    )


def round_average(value: Decimal, decimals: int) -> Decimal:
    """An average as it is printed, to at least one decimal place."""
    return value.quantize(Decimal(1).scaleb(-places_of_average(decimals)), rounding=ROUND_HALF_UP)
