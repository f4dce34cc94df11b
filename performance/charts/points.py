"""What a line chart is made of: figures, targets, limits, comparators, notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from performance.charts.svg import Shape

Signal = Literal["", "improvement", "concern", "high", "low"]


@dataclass(frozen=True)
class MarkStyle:
    """A mark's words in the key, its shape and its colour: never the colour alone."""

    label: str
    shape: Shape
    colour: str


SIGNALS = {
    "improvement": MarkStyle("better than usual", "star", "#28A197"),
    "concern": MarkStyle("worse than usual", "x", "#801650"),
    "high": MarkStyle("higher than usual", "triangle", "#3D3D3D"),
    "low": MarkStyle("lower than usual", "triangle-down", "#3D3D3D"),
}
OUTSIDE = "outside the usual range"
PROVISIONAL = "provisional"


@dataclass(frozen=True)
class ChartPoint:
    """A period's value, or the words for why there is none (“suppressed”).

    `is_revised` is what its source says, `is_restated` that another value stood here before.
    `on` is the day on which the period ends and the figure's place on the axis; `label` the
    period as the source has it. `breaks_before`: not comparable with the figures before it, for
    the reason in `break_label`. `follows_gap`: a period before it has no row at all. Raises
    ValueError when both or neither of value and words are given.
    """

    on: date
    label: str
    value: Decimal | None
    symbol_label: str = ""
    note: str = ""
    is_provisional: bool = False
    is_revised: bool = False
    is_restated: bool = False
    is_estimated: bool = False
    breaks_before: bool = False
    break_label: str = "not comparable with the figures before"
    signal: Signal = ""
    is_outside: bool = False
    follows_gap: bool = False

    def __post_init__(self) -> None:
        if (self.value is None) == (not self.symbol_label):
            raise ValueError("A point has either a value or the words for why there is none.")

    @property
    def remarks(self) -> list[str]:
        """What a reader should know of this figure, for the table and the tooltip."""
        found = [
            (PROVISIONAL, self.is_provisional),
            ("revised", self.is_revised),
            ("restated", self.is_restated),
            ("estimated", self.is_estimated),
            (f"series break: {self.break_label}", self.breaks_before),
            (SIGNALS[self.signal].label if self.signal else "", bool(self.signal)),
            (OUTSIDE, self.is_outside),
            ("nothing is held for the period before", self.follows_gap),
            (self.note, bool(self.note)),
        ]
        return [words for words, holds in found if holds]


@dataclass(frozen=True)
class Band:
    """A target from one day to another: a range, or a single bound; `label` is it in words.

    Raises ValueError when it has no bound.
    """

    start: date
    end: date
    low: Decimal | None
    high: Decimal | None
    label: str

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("A target needs a low or a high bound.")

    @property
    def is_range(self) -> bool:
        return self.low is not None and self.high is not None

    @property
    def bounds(self) -> list[Decimal]:
        return [bound for bound in (self.low, self.high) if bound is not None]


@dataclass(frozen=True)
class LimitLines:
    """The average and the usual range around it, as calculated, from one day to another."""

    mean: Decimal
    lower: Decimal
    upper: Decimal
    is_trial: bool
    start: date
    end: date


@dataclass(frozen=True)
class ComparatorPoint:
    """Another area's value for a period; without one, `symbol_label` says why where it is known."""

    on: date
    label: str
    value: Decimal | None
    symbol_label: str = ""


AnyPoint = ChartPoint | ComparatorPoint


@dataclass(frozen=True)
class Comparator:
    """“England”, “West Midlands”, “average of ten neighbours (2025 list, mean)”.

    Its values are rounded as they are to be read: a chart prints every digit that it is given.
    An average has a decimal place: 97.0 beside 97.
    """

    label: str
    points: Sequence[ComparatorPoint]
    is_average: bool = False

    @property
    def by_day(self) -> dict[date, ComparatorPoint]:
        return {point.on: point for point in self.points}


def places_of_average(decimals: int) -> int:
    """The decimal places of an average of figures that have so many: whole numbers' have one."""
    return max(decimals, 1)


@dataclass(frozen=True)
class Annotation:
    """Something that happened on a day and explains the figures after it."""

    on: date
    label: str


@dataclass(frozen=True)
class LineStyle:
    colour: str
    dash: str
    plotly_dash: str
    shape: Shape


OWN = LineStyle("#12436D", "", "solid", "circle")
OTHERS = (
    LineStyle("#F46A25", "7 4", "dash", "square"),
    LineStyle("#28A197", "2 4", "dot", "diamond"),
    LineStyle("#801650", "8 3 2 3", "dashdot", "plus"),
)
TARGET = "#A285D1"
LIMIT = "#3D3D3D"
