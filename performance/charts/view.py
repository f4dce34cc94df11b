"""A chart as a page prints it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from performance.calculations.partial_date import PartialDate
from performance.charts import svg
from performance.charts.table import ChartTable


class Chart(Protocol):
    """One description, four renderings.

    `figure` is None where the picture is all there is: nothing to draw, or a chart for reading
    at a glance. Plotly costs a reader's machine too much for more than a page's main charts.
    """

    @property
    def title(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    def table(self) -> ChartTable: ...
    def svg(self, width: int = ...) -> str: ...
    def figure(self) -> dict[str, Any] | None: ...


@dataclass(frozen=True)
class ChartView:
    """`svg_wide` and `svg_narrow` are markup whose every text has been escaped.

    `dated` (“As at 5 October 2016”) goes with title and source into a saved picture.
    """

    id: str
    heading: str
    sentence: str
    table: ChartTable
    svg_wide: str
    svg_narrow: str
    figure: dict[str, Any] | None
    source: str
    dated: str = ""


def make_chart_view(
    identity: str, chart: Chart, source: str = "", on: date | None = None
) -> ChartView:
    """`on` is the day that the page shows."""
    return ChartView(
        id=identity,
        heading=chart.title,
        sentence=chart.sentence,
        table=chart.table(),
        svg_wide=chart.svg(svg.WIDE),
        svg_narrow=chart.svg(svg.NARROW),
        figure=chart.figure(),
        source=source,
        dated=f"As at {PartialDate(on, 'day')}" if on else "",
    )
