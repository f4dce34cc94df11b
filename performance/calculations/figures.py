"""One figure of a series, and what a rule needs to know of its indicator and its series.

Every rule of this package takes these, never a row of the database: a rule can then be read,
and tested, beside its source.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Polarity(StrEnum):
    """Which way is good; the values are those of `Indicator.Polarity`."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"
    RANGE = "range"


class KindOfFigure(StrEnum):
    """What a figure counts; the values are those of `Series.KindOfFigure`."""

    IN_PERIOD = "in_period"
    YEAR_TO_DATE = "year_to_date"
    ROLLING = "rolling"
    ON_A_DAY = "on_a_day"


class Symbol(StrEnum):
    """Why a figure has no value; the values are those of `Measurement.Symbol`."""

    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not_applicable"
    NOT_AVAILABLE = "not_available"
    ROUNDS_TO_ZERO = "rounds_to_zero"
    LOW_RELIABILITY = "low_reliability"
    MISSING = "missing"


@dataclass(frozen=True)
class Figure:
    """A value, or the symbol that says why there is none, for a period of one series and area.

    Exactly one of `value` and `symbol` is given. `numerator` and `denominator` are what a
    percentage or a rate was made from, where the source shows them. Raises ValueError when both
    or neither of value and symbol are given, or the period ends before it starts.
    """

    start: date
    end: date
    label: str
    value: Decimal | None
    symbol: Symbol | None = None
    is_provisional: bool = False
    is_revised: bool = False
    is_estimated: bool = False
    is_undated: bool = False
    is_series_break: bool = False
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if (self.value is None) == (self.symbol is None):
            raise ValueError("A figure has either a value or the reason for none.")
        if self.start > self.end:
            raise ValueError("A period cannot end before it starts.")


@dataclass(frozen=True)
class Measure:
    """What the rules need to know of an indicator and of the one series that is read.

    `unit` is “%”, “children”, “per 10,000 children”, “£ million” and the like; `tolerance` is in
    that unit, and None where the council has agreed none. `is_context`: a figure that is no
    performance, so that nothing about it is better or worse.
    """

    title: str
    unit: str
    decimals: int
    polarity: Polarity
    kind_of_figure: KindOfFigure
    source: str
    is_context: bool = False
    tolerance: Decimal | None = None
    counts_children: bool = False
