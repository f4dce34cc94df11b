"""How a figure lies to England, its region and its neighbours, as it is said."""

from decimal import ROUND_HALF_UP, Decimal

from performance.calculations.better_or_worse import Sense
from performance.calculations.comparison import Comparison, stand_against
from performance.calculations.figure_words import digits_of, is_count, say_number
from performance.calculations.reading import Facts, Reading

NUMBERS = "no one two three four five six seven eight nine ten".split()
JUDGED = {Sense.BETTER: "better than", Sense.SAME: "the same as", Sense.WORSE: "worse than"}
NEUTRAL = {Sense.UP: "above", Sense.SAME: "the same as", Sense.DOWN: "below"}


def say_comparison(reading: Reading) -> str:
    """“better than England (22.6%), but worse than the West Midlands (19.5%)”; may be empty.

    A count is not compared: it grows with the size of the area. Nor is an undated figure. Values
    that are equal as printed are the same.
    """
    judged = _judge_others(reading)
    senses = {sense for sense, _ in judged}
    words_of = NEUTRAL if senses & {Sense.UP, Sense.DOWN} else JUDGED
    parts = [
        f"{words} {_join([name for sense, name in judged if sense is wanted])}"
        for wanted, words in words_of.items()
        if wanted in senses
    ]
    return _contrast(parts)


def senses_of_comparison(reading: Reading) -> set[Sense]:
    """What the figure is beside the others: better than one and worse than another, say."""
    return {sense for sense, _ in _judge_others(reading)}


def _judge_others(reading: Reading) -> list[tuple[Sense, str]]:
    facts, latest = reading.facts, reading.latest
    if latest is None or latest.value is None or latest.is_undated or is_count(facts.measure):
        return []
    others = _others(facts, max(facts.measure.decimals, digits_of(latest.value)))
    return [(stand_against(latest.value, value, facts.measure), name) for value, name in others]


def _others(facts: Facts, places: int) -> list[tuple[Decimal, str]]:
    """Each value, rounded as it is printed, and how it is named with it in brackets."""
    others = []
    for area in facts.beside:
        value = _round(area.value, places)
        text = say_number(value, facts.measure, places)
        others.append((value, f"{_name_area(area.name)} ({text})"))
    if facts.neighbours:
        is_mean = facts.neighbours_statistic == "mean"
        middle = facts.neighbours.mean if is_mean else facts.neighbours.median
        # Whole numbers may have a middle that is not: 9.5% between 9% and 10%.
        value = _round(middle, max(places, 1))
        text = say_number(value, facts.measure, places)
        others.append((value, _name_neighbours(facts.neighbours, is_mean, text)))
    return others


def _round(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _name_area(name: str) -> str:
    """“the West Midlands”, but “England”, “London”, “Yorkshire and the Humber”."""
    return f"the {name}" if name.startswith(("North ", "South ", "East ", "West ")) else name


def _name_neighbours(group: Comparison, is_mean: bool, value: str) -> str:
    """“the median of eight of its ten statistical neighbours (3.5%, May 2025 list)”."""
    kind, _, edition = group.list_title.partition(", ")
    kind = kind.lower() if kind.startswith("Statistical") else kind
    count = _number(group.of) if group.n == group.of else f"{_number(group.n)} of its"
    whole = f"its {count} {kind}" if group.n == group.of else f"{count} {_number(group.of)} {kind}"
    listed = f", {edition} list" if edition else ""
    return f"the {'average' if is_mean else 'median'} of {whole} ({value}{listed})"


def _number(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def _join(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _contrast(parts: list[str]) -> str:
    """“above A, the same as B, but below C”: “but” between what points different ways."""
    if len(parts) < 2:
        return "".join(parts)
    has_two_sides = not any(part.startswith("the same") for part in (parts[0], parts[-1]))
    joint = ", but " if has_two_sides else " and "
    return f"{', '.join(parts[:-1])}{joint}{parts[-1]}"
