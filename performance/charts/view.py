"""A chart as a page prints it."""

from dataclasses import dataclass
from typing import Any, Protocol

from performance.charts import svg
from performance.charts.table import ChartTable


class Chart(Protocol):
    """One description, four renderings."""

    @property
    def title(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    def table(self) -> ChartTable: ...
    def svg(self, width: int = ...) -> str: ...
    def figure(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class ChartView:
    """`svg_wide` and `svg_narrow` are markup whose every text has been escaped."""

    id: str
    heading: str
    sentence: str
    table: ChartTable
    svg_wide: str
    svg_narrow: str
    figure: dict[str, Any]
    source: str


def make_chart_view(identity: str, chart: Chart, source: str = "") -> ChartView:
    return ChartView(
        id=identity,
        heading=chart.title,
        sentence=chart.sentence,
        table=chart.table(),
        svg_wide=chart.svg(svg.WIDE),
        svg_narrow=chart.svg(svg.NARROW),
        figure=chart.figure(),
        source=source,
    )
