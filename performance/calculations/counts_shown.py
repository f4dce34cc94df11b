"""What figures show of the counts behind them: a count itself, or a percentage of a known base.

A count has a name of its own, because several series can show the same one: 23 care leavers, and
36% of the 64. Every range here is of whole numbers, both ends possible, None for no upper limit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

from performance.calculations.figures import Figure, Symbol
from performance.calculations.possible_counts import Range, Sum

ANYTHING: Range = (0, None)


class Suppression(StrEnum):
    """Who hides small numbers; the values are those of `Series.Suppression`."""

    AS_PUBLISHED = "as_published"
    LOCAL_THRESHOLD = "local_threshold"


class Hiding(StrEnum):
    """Why a cell is hidden: for records and tests. A page that printed it would tell too much."""

    AS_PUBLISHED = "as published"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    WHOLE_TABLE = "whole table"


@dataclass(frozen=True)
class SeriesRule:
    """How a series hides small numbers, and what its figures are made of.

    `per` is None where the figures are counts, 100 for a percentage, 10,000 for a rate.
    `count_code` names the count that a figure shows or is made from (its numerator), where another
    series shows the same one; `out_of` names the count that is the denominator. `rounded_to` is
    10 where the source rounds counts to the nearest ten. `counts_children` is False for posts,
    flats and cohorts, which are never hidden. Raises ValueError for a threshold below two (to hide
    ones only is to say that they are ones) and for a percentage's `decimals` below zero.
    """

    code: str
    suppression: Suppression
    counts_children: bool = True
    threshold: int = 5
    per: int | None = None
    decimals: int = 0
    count_code: str = ""
    out_of: str = ""
    rounded_to: int = 1

    def __post_init__(self) -> None:
        if self.threshold < 2:
            raise ValueError("A threshold below two says what it hides.")
        if self.decimals < 0:
            raise ValueError("Decimals cannot be fewer than none.")

    @property
    def count(self) -> str:
        return self.count_code or self.code

    @property
    def denominator(self) -> str:
        return self.out_of or f"{self.code}: denominator"

    @property
    def hides_up_to(self) -> int:
        """The largest count that is hidden for being small; 0 where none is, or none could be seen
        because counts are rounded to more than that.
        """
        is_local = self.suppression == Suppression.LOCAL_THRESHOLD and self.counts_children
        return self.threshold if is_local and self.rounded_to <= self.threshold else 0


@dataclass(frozen=True)
class Cell:
    """A figure of one series for one period, in one area; `hiding` says why it has no value."""

    series: str
    figure: Figure
    hiding: Hiding | None = None

    @property
    def key(self) -> tuple[str, date, date]:
        return self.series, self.figure.start, self.figure.end

    @property
    def is_suppressed(self) -> bool:
        return self.figure.symbol == Symbol.SUPPRESSED

    @property
    def shows_something(self) -> bool:
        """Whether it says something of its count: a value, or that it is small but not zero."""
        return self.figure.value is not None or self.figure.symbol == Symbol.ROUNDS_TO_ZERO


@dataclass
class Count:
    """One count of a period: what is shown of it, and by which rules it is hidden."""

    code: str
    range: Range = ANYTHING
    hides_up_to: int = 0
    cells: list[Cell] = field(default_factory=list)
    is_suppressed: bool = False
    is_shown_as_count: bool = False

    @property
    def value(self) -> int | None:
        """The number itself, where what is shown leaves no other."""
        low, high = self.range
        return low if low == high else None

    @property
    def is_small(self) -> bool:
        """Whether it is from 1 to the threshold, or could be: a rounded percentage's numerator."""
        low, high = self.range
        return high is not None and low <= self.hides_up_to and high >= 1 and self.hides_up_to > 0

    def narrow(self, found: Range) -> None:
        """Adds what one more figure shows; one that contradicts the others adds nothing."""
        low, high = max(self.range[0], found[0]), _lower(self.range[1], found[1])
        if high is None or low <= high:
            self.range = low, high


def read_counts(
    cells: Iterable[Cell], rules: Mapping[str, SeriesRule], sums: Iterable[Sum]
) -> dict[str, Count]:
    """Every count that the cells of one period show, are made from, or that a sum names."""
    counts: dict[str, Count] = {}
    for each in sums:
        for code in (each.total, *each.parts):
            counts.setdefault(code, Count(code))
    totals = {each.total for each in sums}
    shares = []
    for cell in cells:
        rule = rules[cell.series]
        count = counts.setdefault(rule.count, Count(rule.count))
        count.cells.append(cell)
        count.hides_up_to = max(count.hides_up_to, rule.hides_up_to)
        if rule.per is None:
            count.is_shown_as_count |= cell.figure.value is not None
            count.narrow(_range_of_count(cell.figure, rule, rule.count in totals))
        else:
            shares.append((cell, rule, count))
            _read_denominator(counts, cell, rule)
    for cell, rule, count in shares:
        count.narrow(_range_of_numerator(cell.figure, rule, counts[rule.denominator].range))
    for count in counts.values():
        # A percentage can be withheld for another reason than the count beside it.
        count.is_suppressed = not count.is_shown_as_count and any(
            cell.is_suppressed for cell in count.cells
        )
    return counts


def _read_denominator(counts: dict[str, Count], cell: Cell, rule: SeriesRule) -> None:
    denominator = counts.setdefault(rule.denominator, Count(rule.denominator))
    denominator.hides_up_to = max(denominator.hides_up_to, rule.hides_up_to)
    if cell.figure.denominator is not None:
        denominator.narrow(_rounded(cell.figure.denominator, rule.rounded_to))


def _range_of_count(figure: Figure, rule: SeriesRule, is_total: bool) -> Range:
    """What a count's own figure shows; a part that does not apply is read as none of the total."""
    if figure.value is not None:
        return _rounded(figure.value, rule.rounded_to)
    if figure.symbol == Symbol.NOT_APPLICABLE and not is_total:
        return 0, 0
    if figure.symbol == Symbol.ROUNDS_TO_ZERO:
        return 1, rule.rounded_to // 2 or None
    return ANYTHING


def _range_of_numerator(figure: Figure, rule: SeriesRule, denominator: Range) -> Range:
    """The numerators that round to a percentage or rate, to both sides where a tie could go."""
    if figure.numerator is not None:
        return _rounded(figure.numerator, rule.rounded_to)
    low, high = denominator
    rounds_to_zero = figure.symbol == Symbol.ROUNDS_TO_ZERO
    value = Decimal(0) if rounds_to_zero else figure.value
    if value is None or high is None or rule.per is None:
        return ANYTHING
    half = Decimal(1).scaleb(-rule.decimals) / 2
    least = _whole(max(Decimal(0), value - half) * low / rule.per, ROUND_CEILING)
    most = _whole((value + half) * high / rule.per, ROUND_FLOOR)
    return (1 if rounds_to_zero else least), most


def _rounded(value: Decimal, rounded_to: int) -> Range:
    """The whole numbers that are printed as `value`."""
    if rounded_to == 1:
        return _whole(value, ROUND_FLOOR), _whole(value, ROUND_CEILING)
    half = Decimal(rounded_to) / 2
    return max(0, _whole(value - half, ROUND_CEILING)), _whole(value + half, ROUND_FLOOR)


def _whole(value: Decimal, rounding: str) -> int:
    return int(value.to_integral_value(rounding))


def _lower(one: int | None, other: int | None) -> int | None:
    return min((end for end in (one, other) if end is not None), default=None)
