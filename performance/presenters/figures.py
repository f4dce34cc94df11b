"""What a page prints of figures and targets."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from performance.calculations.position import Position
from performance.calculations.targets import Bounds, TargetState, target_state
from performance.calculations.wording import format_bounds, format_value, format_with_unit
from performance.models import Indicator, Measurement, Target
from performance.shown import read_shown

EARLIER_SHOWN = 3


@dataclass(frozen=True)
class FigureLine:
    """A value, or why there is none, as the source has it."""

    id: int
    indicator: str
    series_id: int
    value: Decimal | None
    number: str
    text: str
    period: str
    period_start: date
    source: str
    definition: str
    note: str
    indicator_id: int
    period_end: date
    is_undated: bool

    @property
    def anchor(self) -> str:
        return f"figure-{self.id}"


@dataclass(frozen=True)
class TargetLine:
    """A target, the figure that it is held against, and how that stands."""

    id: int
    indicator: str
    indicator_id: int
    bounds: str
    text: str
    period: str
    is_undated: bool
    basis: str
    state: TargetState
    figure: FigureLine | None

    @property
    def anchor(self) -> str:
        return f"target-{self.id}"

    @property
    def when(self) -> str:
        """“for 2016/17”, “by March 2017”, or nothing where the source gives no date."""
        if self.is_undated:
            return ""
        return self.period if self.period.startswith("by ") else f"for {self.period}"


@dataclass(frozen=True)
class SeriesFigures:
    """The figures of one series, newest first. Other sources stand in lines of their own."""

    indicator: str
    source: str
    definition: str
    polarity: str
    is_key: bool
    in_panel_set: bool
    is_undated: bool
    figures: list[FigureLine]
    targets: list[TargetLine]

    @property
    def weight(self) -> tuple[bool, bool, bool]:
        """What a reader looks for first: a target, a key figure, one of the panel's set."""
        return (not self.targets, not self.is_key, not self.in_panel_set)

    @property
    def latest(self) -> FigureLine:
        return self.figures[0]

    @property
    def earlier(self) -> list[FigureLine]:
        return self.figures[1:]

    @property
    def earlier_shown(self) -> list[FigureLine]:
        return self.earlier[:EARLIER_SHOWN]

    @property
    def first_of_more(self) -> FigureLine | None:
        """The oldest figure, where not every earlier one is shown."""
        return self.figures[-1] if len(self.earlier) > EARLIER_SHOWN else None


def format_measurement(measurement: Measurement) -> str:
    """“43%”, “638 children”, or why there is no value."""
    indicator = measurement.series.indicator
    if measurement.value is None:
        return measurement.get_symbol_display()
    return format_with_unit(measurement.value, indicator.unit, indicator.decimals)


def make_figure_line(measurement: Measurement) -> FigureLine:
    series = measurement.series
    return FigureLine(
        id=measurement.pk,
        indicator=series.indicator.short_title,
        series_id=series.pk,
        value=measurement.value,
        number=_number(measurement),
        text=format_measurement(measurement),
        period=measurement.period_label,
        period_start=measurement.period_start,
        source=series.source_short,
        definition=series.definition or series.indicator.definition,
        # A note begins with its line of the paper, which a link beside it names already.
        note=re.sub(r"^[0-9]+\.[0-9]+\. ?", "", measurement.note),
        indicator_id=series.indicator_id,
        period_end=measurement.period_end,
        is_undated=measurement.is_undated,
    )


def _number(measurement: Measurement) -> str:
    """“638”, “43%”: for a sentence whose subject names the unit already."""
    indicator = measurement.series.indicator
    if measurement.value is None:
        return measurement.get_symbol_display()
    return format_value(measurement.value, indicator.unit, indicator.decimals)


def target_when(target: Target) -> str:
    """“for 2016/17”, “by March 2017”; empty for a target that the source does not date."""
    label = target.period_label
    if label.startswith("not dated"):
        return ""
    return label if label.startswith("by ") else f"for {label}"


def make_target_text(target: Target) -> str:
    """“550 to 580 children”, “at least 30 carers”."""
    unit = target.series.indicator.unit
    return _bounds(target) if unit == "%" else f"{_bounds(target)} {unit}"


def _bounds(target: Target) -> str:
    indicator = target.series.indicator
    return format_bounds(target.low, target.high, indicator.unit, indicator.decimals)


def make_series_figures(
    indicator_ids: Collection[int], area_code: str, position: Position
) -> list[SeriesFigures]:
    """The council's figures of these indicators, a list for each series. Two queries.

    In order of what a reader looks for first, then by title; an indicator's own first series leads.
    """
    measurements = read_shown(
        Measurement.objects.at(position)
        .for_area(area_code)
        .filter(series__indicator__in=indicator_ids, period_end__lte=position.on)
        .with_series()
        .order_by(
            "series__indicator__short_title", "series__order", "series__code", "-period_end", "-id"
        ),
        position,
    )
    targets = (
        Target.objects.at(position)
        .filter(area__code=area_code, series__indicator__in=indicator_ids)
        .select_related("series__indicator")
        .order_by("period_end", "id")
    )
    by_series: dict[int, list[Measurement]] = {}
    for measurement in measurements:
        by_series.setdefault(measurement.series_id, []).append(measurement)
    lines: dict[int, list[TargetLine]] = {}
    for target in targets:
        held = by_series.get(target.series_id, [])
        lines.setdefault(target.series_id, []).append(make_target_line(target, held, position.on))
    made = [
        _series_figures(rows[0].series.indicator, rows, lines.pop(series_id, []))
        for series_id, rows in by_series.items()
    ]
    # A target without a figure yet is still a promise to show.
    without = [_target_alone(line) for rest in lines.values() for line in rest]
    return sorted(made + without, key=lambda one: one.weight)


def _target_alone(line: TargetLine) -> SeriesFigures:
    return SeriesFigures(
        indicator=line.indicator,
        source="",
        definition="",
        polarity="",
        is_key=False,
        in_panel_set=False,
        is_undated=False,
        figures=[],
        targets=[line],
    )


def _series_figures(
    indicator: Indicator, rows: list[Measurement], targets: list[TargetLine]
) -> SeriesFigures:
    series = rows[0].series
    return SeriesFigures(
        indicator=indicator.title,
        source=series.source_short,
        definition=series.definition or indicator.definition,
        polarity=""
        if indicator.polarity == Indicator.Polarity.NEITHER
        else indicator.get_polarity_display().capitalize(),
        is_key=indicator.is_key,
        in_panel_set=indicator.in_panel_set,
        is_undated=rows[0].is_undated,
        figures=[make_figure_line(row) for row in rows],
        targets=targets,
    )


def make_target_line(target: Target, held: list[Measurement], on: date) -> TargetLine:
    """`held`: the series' measurements, newest first; the latest in the target's period counts."""
    inside = [
        row
        for row in held
        if row.value is not None and target.period_start <= row.period_end <= target.period_end
    ]
    bounds = Bounds(target.low, target.high, target.period_end)
    value = inside[0].value if inside else None
    return TargetLine(
        id=target.pk,
        indicator=target.series.indicator.short_title,
        indicator_id=target.series.indicator_id,
        bounds=_bounds(target),
        text=make_target_text(target),
        is_undated=bool(inside and inside[0].is_undated),
        period=target.period_label,
        basis=target.basis,
        state=target_state(
            bounds,
            value,
            target.series.kind_of_figure,
            on,
            about=inside[0].period_end if inside else None,
        ),
        figure=make_figure_line(inside[0]) if inside else None,
    )
