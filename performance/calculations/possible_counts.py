"""Which counts somebody could work out, given the sums that hold between them.

The question is one of whole numbers: a count is worked out when every table that agrees with what
is shown has the same number in that place. So two tables are looked for that differ there, and a
count is only called safe when both have been found.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

# Nearly every search is over in ten steps. One that takes this many is given up, and the count is
# then treated as worked out, so that more is hidden and never less.
MOST_STEPS = 100
# Two sums can push each other's bounds along one by one: trying a value is quicker than to wait.
MOST_ROUNDS = 12

Range = tuple[int, int | None]
Bounds = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Sum:
    """The count `total` is the sum of the counts `parts`."""

    total: str
    parts: tuple[str, ...]


def counts_with_one_value(
    ranges: Mapping[str, Range], sums: Sequence[Sum], hidden: Collection[str]
) -> set[str]:
    """The `hidden` counts for which two possible values were not found.

    `ranges` says, for every count in `sums` or `hidden`, between which whole numbers it lies for
    somebody who does not use the sums; None is no upper limit. Where no table agrees with
    everything, all that is hidden in the sums concerned comes back.
    """
    found: set[str] = set()
    for linked in _linked(list(ranges), sums):
        guarded = linked & set(hidden)
        if guarded:
            within = [each for each in sums if each.total in linked]
            found |= _one_value_in(_capped(ranges, linked), within, guarded)
    return found


def _linked(codes: Sequence[str], sums: Sequence[Sum]) -> list[set[str]]:
    """The counts in sets between which no sum runs."""
    sets = [{code} for code in codes]
    for each in sums:
        members = {each.total, *each.parts}
        touched = [s for s in sets if s & members]
        sets = [s for s in sets if not s & members] + [set().union(*touched)]
    return sets


def _capped(ranges: Mapping[str, Range], codes: Collection[str]) -> Bounds:
    """Bounds with an upper end everywhere, far above what two different tables would need."""
    lows_and_highs = [ranges[code] for code in codes]
    far = 2 * sum(max(low, high or 0) for low, high in lows_and_highs) + 10
    return {
        code: (ranges[code][0], far if (high := ranges[code][1]) is None else high)
        for code in codes
    }


def _one_value_in(bounds: Bounds, sums: Sequence[Sum], hidden: Collection[str]) -> set[str]:
    found = _Search(sums).table(bounds)
    if found is None:
        return set(hidden)
    values = {code: {found[code]} for code in hidden}
    for code in sorted(hidden):
        if len(values[code]) > 1:
            continue
        low, high = bounds[code]
        for other in ((found[code] + 1, high), (low, found[code] - 1)):
            second = _Search(sums).table({**bounds, code: other})
            if second is not None:
                for seen, so_far in values.items():
                    so_far.add(second[seen])
                break
    return {code for code, seen in values.items() if len(seen) < 2}


class _Search:
    """Looks for one table, narrowing bounds by the sums and then trying values in turn."""

    def __init__(self, sums: Sequence[Sum]) -> None:
        self.sums = sums
        self.steps = 0

    def table(self, bounds: Bounds) -> dict[str, int] | None:
        """A value for every count, or None when there is no table or it took too long."""
        self.steps += 1
        narrowed = self._narrowed(bounds)
        if narrowed is None:
            return None
        undecided = [code for code, (low, high) in narrowed.items() if low < high]
        if not undecided:
            return {code: low for code, (low, _) in narrowed.items()}
        code = min(undecided, key=lambda c: (narrowed[c][1] - narrowed[c][0], c))
        for value in _from_the_middle(*narrowed[code]):
            if self.steps >= MOST_STEPS:
                return None
            found = self.table({**narrowed, code: (value, value)})
            if found is not None:
                return found
        return None

    def _narrowed(self, bounds: Bounds) -> Bounds | None:
        """Bounds without ends that no sum allows; None when one count has nothing left."""
        if any(low > high for low, high in bounds.values()):
            return None
        narrowed = dict(bounds)
        for _ in range(MOST_ROUNDS):
            before = dict(narrowed)
            if not all(_narrow(narrowed, each) for each in self.sums):
                return None
            if narrowed == before:
                return narrowed
        # Not to their ends yet, which is no harm while a value is still to be tried.
        return narrowed if any(low < high for low, high in narrowed.values()) else None


def _narrow(bounds: Bounds, each: Sum) -> bool:
    """Narrows `bounds` by one sum; whether every count of it still has a value."""
    low_sum = sum(bounds[part][0] for part in each.parts)
    high_sum = sum(bounds[part][1] for part in each.parts)
    low, high = bounds[each.total]
    bounds[each.total] = low, high = max(low, low_sum), min(high, high_sum)
    if low > high:
        return False
    for part in each.parts:
        part_low, part_high = bounds[part]
        new_low = max(part_low, low - (high_sum - part_high))
        new_high = min(part_high, high - (low_sum - part_low))
        if new_low > new_high:
            return False
        bounds[part] = new_low, new_high
        low_sum += new_low - part_low
        high_sum += new_high - part_high
    return True


def _from_the_middle(low: int, high: int) -> Iterator[int]:
    """Every whole number between the two, the middle first: most tables agree there."""
    middle = (low + high) // 2
    yield middle
    for distance in range(1, high - low + 1):
        if middle + distance <= high:
            yield middle + distance
        if middle - distance >= low:
            yield middle - distance
