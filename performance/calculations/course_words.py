"""How a line ran, for whoever cannot see it."""

from collections.abc import Sequence
from itertools import pairwise

from performance.calculations.figures import Figure, Measure
from performance.calculations.period_words import name_period, say_when
from performance.calculations.periods import follow_a_gap
from performance.calculations.wording import format_value


def say_course(figures: Sequence[Figure], measure: Measure) -> str:
    """“From 112 on 31 March 2016 to 73 on 31 March 2025. Highest: 115 on 31 March 2018; …”.

    The figures come oldest first. The highest and the lowest are named only where they are not
    the ends; of several that are equal, the latest.
    """
    valued = [figure for figure in figures if figure.value is not None]
    if not valued:
        return "No period has a value."
    first, last = valued[0], valued[-1]
    if first is last:
        return f"One figure: {_at(last, measure)}."
    said = f"From {_at(first, measure)} to {_at(last, measure)}."
    newest_first = valued[::-1]
    ends = {first.value, last.value}
    highest = max(newest_first, key=lambda figure: figure.value or 0)
    lowest = min(newest_first, key=lambda figure: figure.value or 0)
    extremes = [
        f"{words}: {_at(figure, measure)}"
        for words, figure in (("highest", highest), ("lowest", lowest))
        if figure.value not in ends
    ]
    if extremes:
        listed = "; ".join(extremes)
        said += f" {listed[0].upper()}{listed[1:]}."
    for earlier, later in _around_gaps(figures):
        said += f" Nothing is held between {name_period(earlier)} and {name_period(later)}."
    for parted in (figure for figure in figures[1:] if figure.is_series_break):
        said += f" From {name_period(parted)} on, figures are counted differently."
    missing = [figure for figure in figures if figure.value is None]
    if len(missing) == 1:
        said += f" There is no value for {name_period(missing[0])}."
    elif missing:
        said += f" {len(missing)} periods have no value."
    return said


def _around_gaps(figures: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    follows = follow_a_gap(figures)
    return [pair for pair, is_gap in zip(pairwise(figures), follows[1:], strict=True) if is_gap]


def _at(figure: Figure, measure: Measure) -> str:
    assert figure.value is not None
    text = format_value(figure.value, measure.unit, measure.decimals).replace("-", "−")
    return f"{text} {say_when(figure)}"
