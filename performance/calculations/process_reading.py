"""What the recent history of a series allows a page to say."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from performance.calculations.figures import Figure, Polarity
from performance.calculations.periods import follow_a_gap, have_same_length, in_order, overlap
from performance.calculations.process import (
    Assurance,
    Limits,
    Stage,
    assess_target,
    make_limits,
    stage_of,
)
from performance.calculations.process_signals import Orientation, Signal, find_signals
from performance.calculations.targets import Bounds


class Change(StrEnum):
    """What a page may say of the latest value."""

    REAL = "a real change"
    NONE = "no real change"
    TOO_SOON = "too soon to say"


@dataclass(frozen=True)
class ProcessPoint:
    """A figure, its signal if it may be claimed, and whether it lies outside the limits.

    `is_outside` is also known while limits are on trial: a chart may show it, no sentence may
    call it a change.
    """

    figure: Figure
    signal: Signal | None
    is_outside: bool


@dataclass(frozen=True)
class ProcessReading:
    """A segment of one series. `n` counts its values; `why_no_limits` is empty if it has any."""

    stage: Stage
    limits: Limits | None
    points: tuple[ProcessPoint, ...]
    assurance: Assurance | None
    n: int
    why_no_limits: str

    @property
    def latest(self) -> ProcessPoint | None:
        """The last point that has a value."""
        return next((p for p in reversed(self.points) if p.figure.value is not None), None)

    @property
    def change(self) -> Change:
        """What may be said of the latest value. Below 13 points it is always too soon."""
        if self.stage is not Stage.SIGNALS or self.latest is None:
            return Change.TOO_SOON
        return Change.NONE if self.latest.signal is None else Change.REAL

    @property
    def words(self) -> str:
        """“a real change, for the better”, “no real change”, “too soon to say”."""
        if self.change is not Change.REAL or self.latest is None or self.latest.signal is None:
            return self.change.value
        return f"{self.change.value}, {CHANGE_WORDS[self.latest.signal.orientation]}"


CHANGE_WORDS = {
    Orientation.IMPROVEMENT: "for the better",
    Orientation.CONCERN: "for the worse",
    Orientation.NEUTRAL_HIGH: "upwards",
    Orientation.NEUTRAL_LOW: "downwards",
}


def split_segments(figures: Sequence[Figure]) -> list[tuple[Figure, ...]]:
    """The figures in order of time, cut before each series break.

    A figure that its source does not date has no place in time and is left out.
    """
    segments: list[list[Figure]] = []
    for figure in in_order(figure for figure in figures if not figure.is_undated):
        if figure.is_series_break or not segments:
            segments.append([])
        segments[-1].append(figure)
    return [tuple(segment) for segment in segments]


def read_process(
    figures: Sequence[Figure], polarity: Polarity, bounds: Bounds | None = None
) -> ProcessReading:
    """The reading of the last segment of one series of one area, in whatever order it comes.

    For a measure of context pass NEITHER (`polarity_of`). Provisional and estimated values count
    as values. No figures at all give a run chart without points.
    """
    segments = split_segments(figures)
    return read_segment(segments[-1] if segments else (), polarity, bounds)


def read_segment(
    segment: tuple[Figure, ...], polarity: Polarity, bounds: Bounds | None = None
) -> ProcessReading:
    """The reading of one segment as `split_segments` gives it, for a chart that shows them all.

    Assurance is given from 13 points, for it rests on the same limits as the signals.
    """
    n = sum(figure.value is not None for figure in segment)
    slots = _with_gaps(segment)
    values = [None if figure is None else figure.value for figure in slots]
    why_no_limits = _why_no_limits(segment, n)
    if not why_no_limits and not any(a is not None and b is not None for a, b in pairwise(values)):
        why_no_limits = "No two figures follow each other without a gap."
    if why_no_limits:
        points = tuple(ProcessPoint(figure, None, False) for figure in segment)
        return ProcessReading(Stage.RUN_CHART, None, points, None, n, why_no_limits)
    limits, stage = make_limits(values), stage_of(n)
    may_claim = stage is Stage.SIGNALS
    points = tuple(
        ProcessPoint(figure, signal if may_claim else None, _is_outside(figure, limits))
        for figure, signal in zip(slots, find_signals(values, limits, polarity), strict=True)
        if figure is not None
    )
    assurance = assess_target(limits, bounds) if bounds and may_claim else None
    return ProcessReading(stage, limits, points, assurance, n, "")


def _is_outside(figure: Figure, limits: Limits) -> bool:
    return figure.value is not None and not limits.lower <= figure.value <= limits.upper


def _why_no_limits(segment: tuple[Figure, ...], n: int) -> str:
    """Why moving ranges would mislead, in a sentence; empty where they would not."""
    if stage_of(n) is Stage.RUN_CHART:
        return "There are fewer than six figures."
    if any(overlap(earlier, later) for earlier, later in pairwise(segment)):
        # Running totals and rolling years move less than what they are made of.
        return "Each figure counts some of the same days as the one before it."
    if not all(have_same_length(earlier, later) for earlier, later in pairwise(segment)):
        return "The figures are for periods of different lengths."
    return ""


def _with_gaps(segment: tuple[Figure, ...]) -> list[Figure | None]:
    """The figures with None where a period has no row, which breaks a run as a symbol does."""
    slots: list[Figure | None] = []
    for figure, follows in zip(segment, follow_a_gap(segment), strict=True):
        slots += [None, figure] if follows else [figure]
    return slots
