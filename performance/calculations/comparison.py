"""How a figure lies to those of other areas: unlike periods and unlike series are never compared.

DfE's Local Authority Interactive Tool prints the mean of the neighbours that have a value, its
children's social care dashboard their median; the two can be ten apart, so both are given here,
and which list and how many of it stand beside them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from performance.calculations.better_or_worse import Sense, judge_difference
from performance.calculations.figures import Figure, Measure


@dataclass(frozen=True)
class AreaFigure:
    """Another area's figure, and the code of the series that it belongs to."""

    series: str
    figure: Figure


@dataclass(frozen=True)
class Comparison:
    """What a group's values come to, in the measure's unit; `n` of its `of` areas have a value."""

    list_title: str
    period: str
    mean: Decimal
    median: Decimal
    lowest: Decimal
    highest: Decimal
    n: int
    of: int

    @property
    def basis(self) -> str:
        """“Statistical neighbours, May 2025, 10 of 10 with a value, 2025”: printed beside it."""
        return f"{self.list_title}, {self.n} of {self.of} with a value, {self.period}"


def comparable_values(
    own: AreaFigure, others: Mapping[str, AreaFigure | None], comparable_with: Collection[str]
) -> dict[str, Decimal | None]:
    """Each other area's value, or None where it has none that may be held against `own`.

    Its period must start and end on the same days, neither may be undated, and its series must
    be the same or one that `comparable_with` (series codes) declares.
    """
    return {
        area: other.figure.value if other and _may_compare(own, other, comparable_with) else None
        for area, other in others.items()
    }


def compare(
    values: Mapping[str, Decimal | None], *, list_title: str, period: str
) -> Comparison | None:
    """The group's mean, median and ends; None where nobody in it has a value.

    `values` holds every area of the list, None where it has no value for the period. A region or
    a country is a group of one.
    """
    present = [value for value in values.values() if value is not None]
    if not present:
        return None
    return Comparison(
        list_title=list_title,
        period=period,
        mean=sum(present, Decimal()) / len(present),
        median=median(present),
        lowest=min(present),
        highest=max(present),
        n=len(present),
        of=len(values),
    )


def stand_against(value: Decimal, other: Decimal, measure: Measure) -> Sense:
    """BETTER or WORSE than the other, UP (higher) or DOWN (lower) without a good direction."""
    return judge_difference(value - other, measure)


def _may_compare(own: AreaFigure, other: AreaFigure, comparable_with: Collection[str]) -> bool:
    mine, theirs = own.figure, other.figure
    return (
        (mine.start, mine.end) == (theirs.start, theirs.end)
        and not mine.is_undated
        and not theirs.is_undated
        and (other.series == own.series or other.series in comparable_with)
    )
