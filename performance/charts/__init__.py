"""One chart, four renderings: sentence, table, picture and Plotly figure from one description."""

from performance.charts.bars import Bar, Category, StackedBars, grade_scale, segment_bar
from performance.charts.history import Lane, Maker, Mark, OrdinalHistory
from performance.charts.line import LineChart
from performance.charts.movements import Movement, Movements
from performance.charts.multiples import Panel, SmallMultiples
from performance.charts.points import (
    Annotation,
    Band,
    ChartPoint,
    Comparator,
    ComparatorPoint,
    LimitLines,
)
from performance.charts.sparkline import sparkline
from performance.charts.strip import Strip, StripMark
from performance.charts.svg import Tone
from performance.charts.timeline import DateKind, DateMark, Move, Timeline
from performance.charts.view import ChartView, make_chart_view

__all__ = [
    "Annotation",
    "Band",
    "Bar",
    "Category",
    "ChartPoint",
    "ChartView",
    "Comparator",
    "ComparatorPoint",
    "DateKind",
    "DateMark",
    "Lane",
    "LimitLines",
    "LineChart",
    "Maker",
    "Mark",
    "Move",
    "Movement",
    "Movements",
    "OrdinalHistory",
    "Panel",
    "SmallMultiples",
    "StackedBars",
    "Strip",
    "StripMark",
    "Timeline",
    "Tone",
    "grade_scale",
    "make_chart_view",
    "segment_bar",
    "sparkline",
]
