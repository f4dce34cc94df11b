"""Made-up tables of small counts, and what a reader is shown of any table: for the solver."""

import random
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from performance.calculations.counts_shown import Cell, Hiding, SeriesRule, Suppression
from performance.calculations.figures import Figure, Symbol
from performance.calculations.possible_counts import Sum
from tests.performance.calculations.count_solver import Shown

START, END = date(2024, 4, 1), date(2025, 3, 31)
LOCAL, PUBLISHED = Suppression.LOCAL_THRESHOLD, Suppression.AS_PUBLISHED


@dataclass
class Table:
    cells: list[Cell]
    rules: list[SeriesRule]
    sums: list[Sum]


def cell(series, value, numerator=None, denominator=None, symbol=None, end=END):
    """A cell of 2024/25; no value and no symbol is a suppressed one."""
    if value is None and symbol is None:
        symbol = Symbol.SUPPRESSED
    amounts = (
        None if amount is None else Decimal(amount) for amount in (value, numerator, denominator)
    )
    value, numerator, denominator = amounts
    figure = Figure(
        START, end, "2024/25", value, symbol, numerator=numerator, denominator=denominator
    )
    return Cell(series, figure)


def percentage(count, base, decimals=0, per=100):
    exact = Decimal(per) * count / base
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def make_table(seed):
    """One made-up table, always the same for a seed: flat, nested, a grid, or a shared part."""
    chance = random.Random(seed)
    parts_of = chance.choice([flat, nested, grid, shared_part])(chance)
    counts = {}
    for total, parts in reversed(parts_of.items()):
        for part in parts:
            counts.setdefault(part, a_count(chance))
        counts[total] = sum(counts[part] for part in parts)
    suppression = chance.choice([LOCAL, LOCAL, PUBLISHED])
    threshold = chance.choice([2, 3, 5, 5, 5, 10])
    cells, rules = [], []
    withheld = published_as_hidden(chance, counts, threshold) if suppression == PUBLISHED else set()
    with_shares = chance.random() < 0.5
    only_shares = with_shares and chance.random() < 0.4
    shows_numerators = chance.random() < 0.5
    decimals = chance.choice([0, 0, 1])
    top = next(iter(parts_of))
    for code, count in counts.items():
        if code == top or not only_shares:
            rules.append(SeriesRule(code, suppression, threshold=threshold))
            cells.append(cell(code, None if code in withheld else count))
        if with_shares and code != top and 0 < counts[top] >= count:
            rules.append(
                SeriesRule(
                    f"{code}-share",
                    suppression,
                    threshold=threshold,
                    per=100,
                    decimals=decimals,
                    count_code=code,
                    out_of=top,
                )
            )
            hidden = code in withheld or top in withheld
            share = None if hidden else percentage(count, counts[top], decimals)
            shown_numerator = count if shows_numerators and not hidden else None
            base = None if top in withheld else counts[top]
            cells.append(cell(f"{code}-share", share, shown_numerator, base))
    return Table(cells, rules, [Sum(total, tuple(parts)) for total, parts in parts_of.items()])


def a_count(chance):
    return chance.choice([0, chance.randint(1, 5), chance.randint(1, 12), chance.randint(6, 60)])


def published_as_hidden(chance, counts, threshold):
    """What a careless publisher withholds: small counts alone, or any few."""
    if chance.random() < 0.6:
        return {code for code, count in counts.items() if 1 <= count <= threshold}
    not_zero = [code for code, count in counts.items() if count]
    return set(chance.sample(not_zero, min(len(not_zero), chance.randint(1, 3))))


def flat(chance):
    return {"all": [f"part{n}" for n in range(chance.randint(2, 6))]}


def nested(chance):
    upper = [f"part{n}" for n in range(chance.randint(2, 4))]
    lower = {
        part: [f"{part}.{n}" for n in range(chance.randint(2, 3))]
        for part in upper
        if chance.random() < 0.6
    }
    return {"all": upper, **lower}


def grid(chance):
    """Ages by sexes: a grand total, both margins, and every cell in two sums."""
    rows, columns = range(chance.randint(2, 3)), range(chance.randint(2, 3))
    return {
        "all": [f"row{r}" for r in rows],
        "all by column": [f"column{c}" for c in columns],
        **{f"row{r}": [f"cell{r}{c}" for c in columns] for r in rows},
        **{f"column{c}": [f"cell{r}{c}" for r in rows] for c in columns},
    }


def shared_part(chance):
    """Two totals that have a part in common, as two groups of the same children do."""
    first = [f"first{n}" for n in range(chance.randint(1, 3))]
    second = [f"second{n}" for n in range(chance.randint(1, 3))]
    return {"total a": ["both", *first], "total b": ["both", *second]}


def shown_to_a_reader(cells, rules, sums):
    """What these cells of one period show to somebody who knows the rule, and what they suppress.

    Returns a `Shown` and the names of the suppressed counts. It is written from the rule's words,
    not with its code.
    """
    by_code = {rule.code: rule for rule in rules}
    totals = {each.total for each in sums}
    known = {code: [] for each in sums for code in (each.total, *each.parts)}
    suppressed, as_counts, percentages = set(), set(), []
    for each in cells:
        rule, figure = by_code[each.series], each.figure
        ranges = known.setdefault(rule.count_code or rule.code, [])
        base = rule.out_of or f"{rule.code} base"
        if rule.per is None and figure.value is not None:
            as_counts.add(rule.count)
            ranges.append(printed(figure.value, rule.rounded_to))
        elif figure.symbol == Symbol.SUPPRESSED:
            suppressed.add(rule.count)
            ranges.append(told_by_hiding(each, rule))
        elif figure.symbol == Symbol.NOT_APPLICABLE and rule.per is None:
            ranges.append((0, None if rule.code in totals else 0))
        elif rule.per is not None and figure.value is not None:
            if figure.denominator is not None:
                known.setdefault(base, []).append(printed(figure.denominator, rule.rounded_to))
            if figure.numerator is not None:
                ranges.append(printed(figure.numerator, rule.rounded_to))
            if base in known:
                percentages.append((rule.count, base, figure.value, rule.decimals, rule.per))
    counts = {code: narrowest(ranges) for code, ranges in known.items()}
    declared = [(each.total, list(each.parts)) for each in sums]
    return Shown(counts, declared, percentages), sorted(suppressed - as_counts)


def told_by_hiding(each, rule):
    """What the rule's words say of a hidden count; a publisher may have withheld a zero."""
    # A percentage may have gone with its base, and nought per cent then too.
    if rule.per is None and each.hiding == Hiding.PRIMARY:
        return 1, rule.threshold
    if rule.per is None and each.hiding == Hiding.SECONDARY:
        return (rule.threshold + 1 if rule.suppression == LOCAL else 1), None
    return 0, None


def printed(value, rounded_to):
    half = rounded_to // 2
    return max(0, int(value) - half), int(value) + half


def narrowest(ranges):
    low = max((low for low, _ in ranges), default=0)
    highs = [high for _, high in ranges if high is not None]
    return low, min(highs, default=None)
