"""What is said of one indicator: what a person would read aloud to a meeting.

The same words stand on the page, on paper and in the text that takes a chart's place.
"""

from dataclasses import dataclass

from performance.calculations.better_or_worse import Sense, polarity_of
from performance.calculations.change_words import (
    direction_said,
    is_this_move_real,
    say_change,
    say_moved,
    say_verdict,
)
from performance.calculations.comparison_words import say_comparison, senses_of_comparison
from performance.calculations.figure_words import say_latest
from performance.calculations.figures import Polarity
from performance.calculations.process_reading import Change
from performance.calculations.reading import Reading
from performance.calculations.target_words import MISSED, REACHED, say_target

WAYS = {
    Polarity.HIGHER: "Higher is better.",
    Polarity.LOWER: "Lower is better.",
    Polarity.NEITHER: "",
}


@dataclass(frozen=True)
class Sentence:
    """The parts, each empty where there is nothing to say, and what they come to.

    `text` is one to three sentences that begin with the indicator's title; `short` is the figure,
    its direction and its target, for a row whose heading is the title.
    """

    figure: str
    direction: str
    target: str
    comparison: str
    change: str
    way: str
    text: str
    short: str


def write_sentence(title: str, reading: Reading) -> Sentence:
    figure, target = say_latest(title, reading), say_target(reading)
    moved, verdict = say_moved(reading), say_verdict(reading)
    comparison, change = say_comparison(reading), say_change(reading)
    short = _add_target(_listed(figure, moved, verdict), reading, target)
    return Sentence(
        figure=figure,
        direction=_listed(moved, verdict),
        target=target,
        comparison=comparison,
        change=change,
        way=_way(reading),
        text=_write_text(title, reading),
        short=short[:1].upper() + short[1:],
    )


def _way(reading: Reading) -> str:
    """Which way is good; for a range that is not set for the day, that neither is."""
    polarity, target = polarity_of(reading.facts.measure), reading.facts.target
    if polarity is not Polarity.RANGE:
        return WAYS[polarity]
    if target is not None:
        return "The council has set a range."
    return "Neither higher nor lower is better in itself: the council sets a range."


def _write_text(title: str, reading: Reading) -> str:
    target, comparison = say_target(reading), say_comparison(reading)
    first, change = f"{title}: {_say_step(title, reading)}", say_change(reading)
    if comparison and target and _is_contrast(reading):
        sentences = [first, f"That is {comparison}, but {target}"]
    else:
        sentences = [_add_target(first, reading, target)]
        sentences += [f"That is {comparison}"] if comparison else []
    if change.startswith("too soon"):
        sentences.append(f"It is {change}")
    elif change.startswith("over"):
        sentences.append(f"O{change[1:].replace(', a', ' there has been a')}")
    text = " ".join(f"{sentence}." for sentence in sentences)
    return text if _says_which_way(reading) else f"{text} {_way(reading)}".strip()


def _say_step(title: str, reading: Reading) -> str:
    """The figure, where it came from, and what that step means."""
    figure, change = say_latest(title, reading), say_change(reading)
    if is_this_move_real(reading):
        return _listed(figure, say_moved(reading), change)
    not_real = "though not a real change" if reading.process.change is Change.NONE else ""
    return _listed(figure, say_moved(reading), say_verdict(reading), not_real if change else "")


def _add_target(said: str, reading: Reading, target: str) -> str:
    """The target after the figure, with “but” where one is good news and the other is not."""
    if not target:
        return said
    latest, state = reading.latest, reading.rating.state
    if latest is None or latest.value is None or reading.target_figure != latest:
        return f"{said}; {target}"
    direction = direction_said(reading)
    if direction is None:
        return f"{said}, {target}"
    if direction.sense in (Sense.BETTER, Sense.WORSE) and state in (*MISSED, *REACHED):
        is_alike = (direction.sense is Sense.BETTER) == (state in REACHED)
        return f"{said}, {'and' if is_alike else 'but'} {target}"
    return f"{said}; {target}"


def _is_contrast(reading: Reading) -> bool:
    """Better than everyone beside it but short of its target, or the other way round."""
    if reading.target_figure != reading.latest:
        return False
    senses, state = senses_of_comparison(reading), reading.rating.state
    return (senses == {Sense.BETTER} and state in MISSED) or (
        senses == {Sense.WORSE} and state in REACHED
    )


def _says_which_way(reading: Reading) -> bool:
    """Whether “better”, “worse” or the council's range has been said, or there is no figure."""
    direction = direction_said(reading)
    said = senses_of_comparison(reading) | ({direction.sense} if direction else set())
    has_range = polarity_of(reading.facts.measure) is Polarity.RANGE and bool(say_target(reading))
    return bool(said & {Sense.BETTER, Sense.WORSE}) or has_range or reading.last_value is None


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
