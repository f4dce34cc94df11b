"""One chart, four renderings: sentence, table, picture and Plotly figure from one description."""

from performance.charts.bars import Bar, Category, StackedBars, grade_scale, segment_bar
from performance.charts.history import Lane, Maker, Mark, OrdinalHistory
from performance.charts.svg import Tone
from performance.charts.timeline import DateKind, DateMark, Move, Timeline
from performance.charts.view import ChartView, make_chart_view

__all__ = [
    "Bar",
    "Category",
    "ChartView",
    "DateKind",
    "DateMark",
    "Lane",
    "Maker",
    "Mark",
    "Move",
    "OrdinalHistory",
    "StackedBars",
    "Timeline",
    "Tone",
    "grade_scale",
    "make_chart_view",
    "segment_bar",
]
