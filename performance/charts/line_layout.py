"""Where everything of a line chart stands, in pixels: the SVG and Plotly's figure share it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from performance.charts import svg
from performance.charts.points import (
    LIMIT,
    OTHERS,
    OUTSIDE,
    OWN,
    PROVISIONAL,
    SIGNALS,
    TARGET,
    ChartPoint,
    LineStyle,
)
from performance.charts.scale import (
    LETTER,
    choose_labels,
    place_middle,
    shorten_labels,
    spread,
    tick_words,
    width_of,
)

if TYPE_CHECKING:
    from performance.charts.line import LineChart

SMALL = 13
LINE_GAP = 18
KEY_GAP = 22
SAMPLE = 30
MOST_TARGETS = 3


@dataclass(frozen=True)
class KeyEntry:
    kind: Literal["line", "range", "bound", "limits", "mark", "outside", "provisional"]
    label: str
    colour: str
    style: LineStyle | None = None
    shape: svg.Shape = "circle"


@dataclass(frozen=True)
class PlacedEntry:
    """An entry of the key with the baseline of its first line of words."""

    entry: KeyEntry
    x: float
    y: float
    lines: Sequence[str]

    @property
    def bottom(self) -> float:
        return self.y + (len(self.lines) - 1) * 16


@dataclass(frozen=True)
class EndLabel:
    words: str
    line: int
    y: float


@dataclass(frozen=True)
class SymbolRun:
    """Neighbouring periods without a value for one reason: its words and the days' places."""

    words: str
    places: Sequence[float]
    row: int


@dataclass(frozen=True)
class LineLayout:
    """A chart laid out for a width. Lines are numbered: 0 is ours, then the comparators."""

    chart: "LineChart"
    width: int

    @property
    def is_narrow(self) -> bool:
        return self.width < 500

    @cached_property
    def tick_words(self) -> list[str]:
        return tick_words(self.chart.value_scale, self.chart.unit)

    @cached_property
    def left(self) -> float:
        if not self.chart.values:
            return 14.0
        return max(width_of(words, SMALL) for words in self.tick_words) + 12

    @cached_property
    def last_values(self) -> list[tuple[int, str, Decimal]]:
        """Each line that has a value: its number, its name, its last value."""
        found = []
        for place, (label, points) in enumerate(self.chart.lines):
            values = [point.value for point in points if point.value is not None]
            if values:
                found.append((place, label, values[-1]))
        return found

    @cached_property
    def end_words(self) -> list[str]:
        """What stands at the end of each of them."""
        return [
            f"{label} {self.chart.format_of(line, value)}"
            for line, label, value in self.last_values
        ]

    @cached_property
    def are_ends_labelled(self) -> bool:
        """Whether the lines' names fit beside their ends; if not, the key names them."""
        if self.is_narrow or not self.end_words:
            return False
        return self.widest_end <= 200

    @cached_property
    def widest_end(self) -> float:
        return max(width_of(words, 14, place == 0) for place, words in enumerate(self.end_words))

    @cached_property
    def right(self) -> float:
        if not self.are_ends_labelled:
            return 14.0 if self.is_narrow else 24.0
        return self.widest_end + 14

    @property
    def line_entries(self) -> list[KeyEntry]:
        """The lines' names, where there are several."""
        count = len(self.chart.lines)
        return [self.line_entry(place) for place in range(count)] if count > 1 else []

    @cached_property
    def other_entries(self) -> list[KeyEntry]:
        chart = self.chart
        entries = self.target_entries
        if chart.limits:
            entries.append(KeyEntry("limits", "average and usual range", LIMIT))
        used = {point.signal for point in chart.own if point.value is not None}
        entries += [
            KeyEntry("mark", style.label, style.colour, shape=style.shape)
            for name, style in SIGNALS.items()
            if name in used
        ]
        if any(point.is_outside for point in chart.own):
            entries.append(KeyEntry("outside", OUTSIDE, LIMIT))
        if any(point.is_provisional and point.value is not None for point in chart.own):
            entries.append(KeyEntry("provisional", PROVISIONAL, OWN.colour))
        return entries

    def line_entry(self, place: int) -> KeyEntry:
        style = (OWN, *OTHERS)[place]
        return KeyEntry("line", self.chart.lines[place][0], style.colour, style, style.shape)

    @property
    def target_entries(self) -> list[KeyEntry]:
        entries = [
            KeyEntry("range" if band.is_range else "bound", f"target: {band.label}", TARGET)
            for band in self.chart.bands
        ]
        entries = list(dict.fromkeys(entries))
        if len(entries) > MOST_TARGETS:
            kind = entries[-1].kind
            entries = [KeyEntry(kind, "targets, as in the table", TARGET)]
        return entries

    @cached_property
    def key(self) -> list[PlacedEntry]:
        """The lines' names, then all else. Names at the lines' ends leave room for a legend."""
        lines = self.flow(self.line_entries, 14.0)
        others = self.flow(self.other_entries, self.others_y)
        return others if self.are_ends_labelled else [*lines, *others]

    @cached_property
    def others_y(self) -> float:
        lines = self.flow(self.line_entries, 14.0)
        return lines[-1].bottom + KEY_GAP if lines else 14.0

    def flow(self, entries: Sequence[KeyEntry], y: float) -> list[PlacedEntry]:
        """Entries in one row, or in columns of the widest, as Plotly's legend has them too."""
        room = self.width - SAMPLE - 8
        lines = [svg.lines_of(entry.label, room * 0.55 / LETTER, SMALL) for entry in entries]
        widths = [SAMPLE + 22 + max(width_of(line, SMALL) for line in each) for each in lines]
        if sum(widths) > self.width + 14:
            widths = [max(widths)] * len(widths)
        placed: list[PlacedEntry] = []
        x = 0.0
        for entry, words, needed in zip(entries, lines, widths, strict=True):
            if x and x + needed > self.width + 14:
                x, y = 0.0, placed[-1].bottom + KEY_GAP
            placed.append(PlacedEntry(entry, x, y, words))
            x += needed
        return placed

    @cached_property
    def unit_y(self) -> float:
        others = self.flow(self.other_entries, self.others_y)
        if others:
            return others[-1].bottom + KEY_GAP + 6
        return self.others_y + 6 if self.line_entries else 14.0

    @cached_property
    def top(self) -> float:
        """Above the plot: the unit, and words of breaks and numbers of notes, where there are."""
        has_unit = bool(self.chart.values) and not self.chart.is_percentage
        rows = bool(self.chart.breaks) + bool(self.chart.annotations)
        return self.unit_y + (16 if has_unit else -4) + 20 * rows

    @property
    def break_words_y(self) -> float:
        """Above the notes' numbers, where there are any."""
        return self.top - (30 if self.chart.annotations else 9)

    @property
    def plot_height(self) -> float:
        if not self.chart.values:
            return 44.0
        return 190.0 if self.is_narrow else 250.0

    @property
    def bottom(self) -> float:
        return self.top + self.plot_height

    @property
    def plot_width(self) -> float:
        return self.width - self.left - self.right

    def x(self, day: date) -> float:
        return self.left + self.chart.day_scale.share(day) * self.plot_width

    def y(self, value: Decimal) -> float:
        return self.bottom - self.chart.value_scale.share(value) * self.plot_height

    def break_day(self, point: ChartPoint) -> date:
        """Half way between the figure and the period before it."""
        days = [day for day, _ in self.chart.periods]
        before = days[days.index(point.on) - 1]
        return before + timedelta(days=(point.on - before).days // 2)

    @cached_property
    def dates(self) -> list[tuple[float, date, str]]:
        """The dates written under the axis: place, day, words."""
        labels, _ = shorten_labels([label for _, label in self.chart.periods])
        days = [day for day, _ in self.chart.periods]
        places = []
        for day, label in zip(days, labels, strict=True):
            places.append(place_middle(self.x(day), label, SMALL, self.width))
        chosen = choose_labels(places, labels, SMALL)
        return [(places[index], days[index], labels[index]) for index in chosen]

    @cached_property
    def footer(self) -> list[tuple[str, float]]:
        """The lines of words under the dates, with their height."""
        _, common = shorten_labels([label for _, label in self.chart.periods])
        lines = [f"{common} of each year"] if common else []
        for note in self.chart.notes:
            lines += svg.lines_of(note, self.width * 0.55 / LETTER, SMALL)
        start = self.bottom + 46
        return [(line, start + place * LINE_GAP) for place, line in enumerate(lines)]

    @property
    def height(self) -> float:
        return (self.footer[-1][1] if self.footer else self.bottom + 26) + 8

    @cached_property
    def ends(self) -> list[EndLabel]:
        """The names at the lines' ends, moved apart where they would touch."""
        if not self.are_ends_labelled:
            return []
        moved = spread(
            [self.y(value) for _, _, value in self.last_values], 17, self.top + 4, self.bottom - 4
        )
        return [
            EndLabel(words, line, y)
            for words, (line, _, _), y in zip(self.end_words, self.last_values, moved, strict=True)
        ]

    @cached_property
    def symbol_runs(self) -> list[SymbolRun]:
        """Our periods without a value; words that would touch those before them go a row higher."""
        runs: list[list[ChartPoint]] = []
        for point in self.chart.own:
            if point.value is not None:
                runs.append([])
            elif runs and runs[-1] and runs[-1][-1].symbol_label == point.symbol_label:
                runs[-1].append(point)
            else:
                runs.append([point])
        placed: list[SymbolRun] = []
        ends = [0.0] * 6
        for run in filter(None, runs):
            places, words = [self.x(point.on) for point in run], run[0].symbol_label
            start = self.symbol_middle(places, words) - width_of(words, SMALL) / 2
            row = next((row for row, end in enumerate(ends) if end <= start), len(ends) - 1)
            ends[row] = start + width_of(words, SMALL) + 8
            placed.append(SymbolRun(words, places, row))
        return placed

    def symbol_middle(self, places: Sequence[float], words: str) -> float:
        return place_middle((places[0] + places[-1]) / 2, words, SMALL, self.width)

    @cached_property
    def mark_size(self) -> float:
        """Marks shrink where there are many of them."""
        gap = self.plot_width / max(len(self.chart.periods), 1)
        return 9.0 if gap >= 14 else 5.0
