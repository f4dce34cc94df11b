"""What a page prints of a figure and of a target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from performance.calculations.targets import TargetState, target_state
from performance.calculations.wording import format_bounds, format_with_unit
from performance.models import Measurement, Target


@dataclass(frozen=True)
class TargetLine:
    """A target in words, its period (“for 2016/17”, “by March 2017”), and how it stands."""

    id: int
    text: str
    when: str
    basis: str
    state: TargetState

    @property
    def anchor(self) -> str:
        return f"target-{self.id}"


def format_measurement(measurement: Measurement) -> str:
    """“43%”, “638 children”, or why there is no value."""
    indicator = measurement.series.indicator
    if measurement.value is None:
        return measurement.get_symbol_display()
    return format_with_unit(measurement.value, indicator.unit, indicator.decimals)


def target_when(target: Target) -> str:
    """“for 2016/17”, “by March 2017”; empty for a target that the source does not date."""
    label = target.period_label
    if label.startswith("not dated"):
        return ""
    return label if label.startswith("by ") else f"for {label}"


def make_target_text(target: Target) -> str:
    """“550 to 580 children”, “at least 30 carers”."""
    indicator = target.series.indicator
    text = format_bounds(target.low, target.high, indicator.unit, indicator.decimals)
    return text if indicator.unit == "%" else f"{text} {indicator.unit}"


def make_target_line(target: Target, held: Sequence[Measurement], on: date) -> TargetLine:
    """`held`: the series' measurements, newest first; the latest in the target's period counts."""
    inside = [
        row
        for row in held
        if row.value is not None
        and target.period_start <= row.period_end <= target.period_end
        and not (row.is_undated and target_when(target))
    ]
    state = target_state(
        target.bounds,
        inside[0].value if inside else None,
        target.series.kind_of_figure,
        on,
        about=inside[0].period_end if inside else None,
    )
    return TargetLine(target.pk, make_target_text(target), target_when(target), target.basis, state)
