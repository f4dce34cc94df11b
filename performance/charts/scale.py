"""Where a value and a day stand in a picture: the same numbers for the SVG and for Plotly."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

# A letter is about this much of its size wide: in Arial a little less, but where there is no
# Arial browsers take wider ones.
LETTER, BOLD_LETTER = 0.6, 0.68


@dataclass(frozen=True)
class ValueScale:
    """The lowest and the highest value of an axis, and its gridlines."""

    low: Decimal
    high: Decimal
    ticks: tuple[Decimal, ...]

    def share(self, value: Decimal) -> float:
        """How far up the axis a value stands, 0 at the bottom and 1 at the top."""
        return float((value - self.low) / (self.high - self.low))


def make_value_scale(
    values: Sequence[Decimal], decimals: int, ceiling: Decimal | None = None, most: int = 6
) -> ValueScale:
    """A scale of round steps around the values, with at most `most` + 2 gridlines.

    It starts at 0 unless even the lowest value is more than half of the highest: a rate that
    moves between 500 and 650 would be flat on a scale from 0. `ceiling` is where the values
    cannot go further (100 for a percentage); no step is finer than the figures' decimals.
    """
    low, high = min(values, default=Decimal(0)), max(values, default=Decimal(1))
    lowest = low
    if low == high or 0 <= low <= high / 2:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        high = low + 1
    step = _round_step((high - low) / most, decimals)
    low = (low / step).to_integral_value(ROUND_FLOOR) * step
    if low > 0 and lowest - low < step / 5:
        low -= step
    high = (high / step).to_integral_value(ROUND_CEILING) * step
    if ceiling is not None and max(values, default=ceiling) <= ceiling:
        high = min(high, ceiling)
    count = int((high - low) / step)
    return ValueScale(low, high, tuple(low + step * place for place in range(count + 1)))


def _round_step(least: Decimal, decimals: int) -> Decimal:
    """The smallest of 1, 2, 5, 10, 20, 50 … (or 0.1, 0.2 …) that is at least `least`."""
    step = Decimal(1).scaleb(least.adjusted())
    for times in (1, 2, 5, 10):
        if step * times >= least:
            return max(step * times, Decimal(1).scaleb(-max(decimals, 0)))
    return step * 10


def tick_words(scale: ValueScale, unit: str) -> list[str]:
    """The gridlines' values, all with the same decimals."""
    places = [max(-int(tick.normalize().as_tuple().exponent), 0) for tick in scale.ticks]
    step, sign = Decimal(1).scaleb(-max(places, default=0)), "%" if unit == "%" else ""
    return [f"{tick.quantize(step):,}{sign}".replace("-", "−") for tick in scale.ticks]


@dataclass(frozen=True)
class DayScale:
    """The first and the last day of an axis, with a little air at both ends."""

    first: date
    last: date

    def share(self, day: date) -> float:
        """How far along the axis a day stands; a day beyond an end stands at that end."""
        place = (day - self.first).days / max((self.last - self.first).days, 1)
        return min(max(place, 0.0), 1.0)


def make_day_scale(days: Sequence[date], air: float = 0.03) -> DayScale:
    """A scale around the days. Raises ValueError when there are none."""
    if not days:
        raise ValueError("An axis of days needs a day.")
    first, last = min(days), max(days)
    spare = timedelta(days=max(round((last - first).days * air), 1) if last > first else 180)
    return DayScale(first - spare, last + spare)


def shorten_labels(labels: Sequence[str]) -> tuple[list[str], str]:
    """Years alone, and what stands before each of them.

    “31 March 2015”, “31 March 2016” become 2015 and 2016 with “31 March”; other labels stay as
    they are, with an empty string.
    """
    found = [re.fullmatch(r"(.+) (\d{4})", label) for label in labels]
    if len(labels) > 1 and all(found):
        before = {match[1] for match in found if match}
        if len(before) == 1:
            return [match[2] for match in found if match], before.pop()
    return list(labels), ""


def width_of(words: str, size: float, is_bold: bool = False) -> float:
    letters = len(words) + 0.6 * words.count("%")
    return letters * size * (BOLD_LETTER if is_bold else LETTER)


def place_middle(middle: float, words: str, size: float, width: float, left: float = 0) -> float:
    """Where words centred on `middle` may be centred without leaving the picture."""
    half = width_of(words, size, is_bold=True) / 2
    return max(min(middle, width - half), left + half)


def choose_labels(places: Sequence[float], labels: Sequence[str], size: float) -> list[int]:
    """Which labels can be written side by side; the last always, then backwards from it."""
    chosen: list[int] = []
    free = float("inf")
    for place in reversed(range(len(labels))):
        half = width_of(labels[place], size) / 2
        if places[place] + half <= free:
            chosen.append(place)
            free = places[place] - half - size * 0.7
    return chosen[::-1]


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The places moved apart so that none is nearer than `gap` to the next, inside low to high."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = [0.0] * len(places)
    above = low - gap
    for index in order:
        moved[index] = above = max(places[index], above + gap)
    below = high + gap
    for index in reversed(order):
        moved[index] = below = min(moved[index], below - gap)
    return moved
