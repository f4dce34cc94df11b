"""What somebody who sees a table can work out: a slow second opinion, by none of the rule's code.

It takes only what is shown, as sets of possible numbers, and strikes out what no sum and no
percentage allows; then it tries what is left, number by number, until it has seen two complete
tables that differ in the count in question.

A set of numbers is kept as the bits of one integer (bit 7 is set when 7 is possible), so that all
sums of two sets are a few shifts.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce


class NoTableError(Exception):
    """Nothing agrees with what is shown: it contradicts itself."""


@dataclass
class Shown:
    """Everything that a reader is shown of one table, and what he knows of the rule.

    `counts`: the least and the most that each count can be (None: no upper limit), which are the
    same where it is printed. `sums`: a total and its parts. `percentages`: numerator, denominator,
    the percentage as printed, its decimals, and per how many (100 for a percentage).
    """

    counts: dict[str, tuple[int, int | None]]
    sums: list[tuple[str, list[str]]] = field(default_factory=list)
    percentages: list[tuple[str, str, Decimal, int, int]] = field(default_factory=list)


def counts_worked_out(shown: Shown, suppressed: list[str]) -> list[str]:
    """Those of the suppressed counts that have one possible value only.

    Raises NoTableError when there is no table at all.
    """
    sets = strike_out(shown, starting_sets(shown))
    first = None if sets is None else find_table(shown, sets)
    if sets is None or first is None:
        raise NoTableError
    seen = {name: {first[name]} for name in suppressed}
    for name in suppressed:
        for number in numbers_in(sets[name]):
            if len(seen[name]) > 1:
                break
            narrowed = strike_out(shown, {**sets, name: 1 << number})
            other = None if narrowed is None else find_table(shown, narrowed)
            for each in suppressed if other else []:
                seen[each].add(other[each])
    return [name for name in suppressed if len(seen[name]) == 1]


def find_table(shown: Shown, sets: dict[str, int]) -> dict[str, int] | None:
    undecided = [name for name, bits in sets.items() if bits & (bits - 1)]
    if not undecided:
        return sets
    name = min(undecided, key=lambda each: sets[each].bit_count())
    for number in numbers_in(sets[name]):
        narrowed = strike_out(shown, {**sets, name: 1 << number})
        if narrowed is not None:
            table = find_table(shown, narrowed)
            if table is not None:
                return table
    return None


def starting_sets(shown: Shown) -> dict[str, int]:
    """All numbers in each range; without an upper limit, as far as two tables could need."""
    printed = [high for low, high in shown.counts.values() if high is not None]
    far = max(sum(printed), max(printed, default=0) * len(shown.counts)) + 40
    return {
        name: (1 << (far if high is None else high) + 1) - (1 << low)
        for name, (low, high) in shown.counts.items()
    }


def strike_out(shown: Shown, sets: dict[str, int]) -> dict[str, int] | None:
    """The sets without what one sum or one percentage rules out; None when one is empty."""
    sets = dict(sets)
    done = {}
    while True:
        before = dict(sets)
        for place, (total, parts) in enumerate(shown.sums):
            state = [sets[name] for name in (total, *parts)]
            # Nothing new comes of a sum in which nothing has changed.
            if done.get(place) != state:
                strike_out_by_sum(sets, total, parts)
                done[place] = state
        for numerator, denominator, printed, decimals, per in shown.percentages:
            strike_out_by_percentage(sets, numerator, denominator, printed, decimals, per)
        if not all(sets.values()):
            return None
        if sets == before:
            return sets


def strike_out_by_sum(sets: dict[str, int], total: str, parts: list[str]) -> None:
    unknown = [part for part in parts if sets[part] & (sets[part] - 1)]
    known = reduce(all_sums, [sets[part] for part in parts if part not in unknown], 1)
    for part in unknown:
        rest = reduce(all_sums, [sets[other] for other in unknown if other != part], known)
        sets[part] &= all_differences(sets[total], rest)
    sets[total] &= reduce(all_sums, [sets[part] for part in unknown], known)


def strike_out_by_percentage(
    sets: dict[str, int],
    numerator: str,
    denominator: str,
    printed: Decimal,
    decimals: int,
    per: int,
) -> None:
    """Keeps the pairs whose percentage is printed so, whichever way a tie is rounded."""
    # |per × numerator / denominator − printed| ≤ half of the last decimal, in whole numbers.
    scale = 2 * 10**decimals
    doubled = int(printed * scale)
    kept_numerators = kept_denominators = 0
    for whole in numbers_in(sets[denominator]):
        low = max(0, -(-(doubled - 1) * whole // (scale * per)))
        high = (doubled + 1) * whole // (scale * per)
        possible = sets[numerator] & ((1 << max(high, -1) + 1) - 1) & ~((1 << low) - 1)
        if possible:
            kept_numerators |= possible
            kept_denominators |= 1 << whole
    sets[numerator] = kept_numerators
    sets[denominator] = kept_denominators


def all_sums(one: int, other: int) -> int:
    fewer, more = sorted((one, other), key=int.bit_count)
    return reduce(int.__or__, (more << number for number in numbers_in(fewer)), 0)


def all_differences(one: int, other: int) -> int:
    """Every number of the first less every number of the second, where that is not below zero."""
    if one.bit_count() < other.bit_count():
        # a − b is a + (top − b), moved down by top.
        top = other.bit_length()
        turned = reduce(int.__or__, (1 << (top - number) for number in numbers_in(other)), 0)
        return all_sums(one, turned) >> top
    return reduce(int.__or__, (one >> number for number in numbers_in(other)), 0)


def numbers_in(bits: int) -> list[int]:
    if not bits & (bits - 1):
        return [bits.bit_length() - 1] if bits else []
    return [number for number, bit in enumerate(reversed(bin(bits)[2:])) if bit == "1"]
