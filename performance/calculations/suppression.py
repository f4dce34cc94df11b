"""Small numbers made safe once, before anything is shown, drawn, spoken or exported.

A count of one to five children can lead to a child, and so can a larger count that was left out
beside it: if the total and every other part are shown, the small one is a subtraction away. So a
small count is hidden (*primary*), and then further counts beside it (*secondary*), until nobody
can work any of them out.

**What is guaranteed.** For declared totals and parts within a period, and percentages and rates
with a shown denominator: every suppressed count has at least two possible values for somebody who
sees everything shown, and knows the threshold, which counts were hidden here for being small and
which beside them, and that of the parts left the smallest was hidden first. What a publisher
withheld may be any number from zero. Where sums contradict each other, more is hidden, not less.

**What is not.** Two positions in time: when a total is revised, or becomes known later than its
parts, the tables of two days can together give a hidden count away, and so can two sources for the
same day. Sums that
nobody declared, such as the rest of 100%. A percentage whose denominator is shown nowhere. Running
the rule backwards over every possible table, beyond what is named above. Words: the note beside a
figure that is hidden here is dropped, but an officer's narrative is not read.

The practice is that of DfE's *Characteristics of children in need* since 2020: any number from one
to five is hidden, with secondary suppression where needed, and zero is a true zero and is shown.
The threshold is not the same in all its tables, so it belongs to the series.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from performance.calculations.counts_shown import (
    Cell,
    Count,
    Hiding,
    SeriesRule,
    read_counts,
)
from performance.calculations.figures import Symbol
from performance.calculations.possible_counts import Range, Sum, counts_with_one_value


def suppress(cells: Sequence[Cell], rules: Iterable[SeriesRule], sums: Iterable[Sum]) -> list[Cell]:
    """The cells of one area, in their order, without the values that could lead to a child.

    A hidden cell has the symbol *suppressed*, no numerator, denominator or note, and in `hiding`
    the reason; other symbols stay. `sums` are the declared totals and their parts, by the names of
    counts (`SeriesRule.count`), and hold within each period; they may overlap and be nested.
    Raises ValueError when a series has no rule, a cell comes twice, a sum names a part twice, or a
    sum or a percentage mixes children with what is not children.
    """
    by_code = {rule.code: rule for rule in rules}
    declared = list(sums)
    _check(cells, by_code, declared)
    by_period = defaultdict(list)
    for cell in cells:
        by_period[cell.figure.start, cell.figure.end].append(cell)
    safe = {
        cell.key: cell
        for in_period in by_period.values()
        for cell in _Table(in_period, by_code, declared).safe_cells()
    }
    return [safe[cell.key] for cell in cells]


def _check(cells: Sequence[Cell], rules: Mapping[str, SeriesRule], sums: Sequence[Sum]) -> None:
    without_rule = sorted({cell.series for cell in cells} - rules.keys())
    if without_rule:
        raise ValueError(f"No rule for hiding small numbers in {', '.join(without_rule)}.")
    if len({cell.key for cell in cells}) < len(cells):
        raise ValueError("A series has two figures for one period.")
    children: dict[str, bool] = {}
    for rule in rules.values():
        for code in (rule.count, *([rule.denominator] if rule.per else [])):
            if children.setdefault(code, rule.counts_children) != rule.counts_children:
                raise ValueError(f"{code} is children in one series and not in another.")
    for each in sums:
        members = (each.total, *each.parts)
        if len(set(members)) < len(members):
            raise ValueError(f"The sum of {each.total} names a count twice.")
        if len({children[code] for code in members if code in children}) > 1:
            raise ValueError(f"The sum of {each.total} mixes children with other counts.")


class _Table:
    """The counts of one period while they are being hidden, one after the other."""

    def __init__(
        self, cells: Sequence[Cell], rules: Mapping[str, SeriesRule], sums: Sequence[Sum]
    ) -> None:
        self.cells = cells
        self.rules = rules
        # Sums of posts or flats guard nothing.
        children = {
            code
            for rule in rules.values()
            if rule.counts_children
            for code in (rule.count, rule.denominator)
        }
        self.sums = [each for each in sums if children & {each.total, *each.parts}]
        self.counts = read_counts(cells, rules, self.sums)
        self.children = children
        self.shown = {rules[cell.series].count for cell in cells if cell.shows_something} | {
            rules[cell.series].denominator
            for cell in cells
            if cell.shows_something and cell.figure.denominator is not None
        }
        self.hidden: dict[str, Hiding] = {}

    def safe_cells(self) -> list[Cell]:
        for code, count in self.counts.items():
            if code in self.children and count.is_suppressed:
                self._hide(code, Hiding.AS_PUBLISHED)
            elif count.is_small:
                self._hide(code, Hiding.PRIMARY)
        while given_away := self._given_away():
            further = self._next_to_hide(given_away)
            if further:
                self._hide(further, Hiding.SECONDARY)
            else:
                self._hide_whole_table(given_away)
        return [self._safe(cell) for cell in self.cells]

    def _hide(self, code: str, hiding: Hiding) -> None:
        """Hides a count, and with a denominator the counts that only its percentages show."""
        if self.hidden.get(code) == hiding:
            return
        self.hidden[code] = hiding
        for cell in self.cells:
            rule = self.rules[cell.series]
            is_of_it = rule.per is not None and rule.denominator == code
            is_known = rule.count in self.hidden or self.counts[rule.count].is_shown_as_count
            if is_of_it and cell.shows_something and not is_known:
                self._hide(rule.count, Hiding.SECONDARY)

    def _given_away(self) -> set[str]:
        """The hidden counts that have fewer than two possible values."""
        guarded = [c for c, why in self.hidden.items() if why != Hiding.WHOLE_TABLE]
        if not guarded:
            return set()
        ranges = {code: self._known_range(count) for code, count in self.counts.items()}
        return counts_with_one_value(ranges, self.sums, guarded)

    def _known_range(self, count: Count) -> Range:
        """Between what a count lies for somebody who knows the rule, but does not use the sums."""
        why = self.hidden.get(count.code)
        if why is None:
            return count.range
        # Its publisher may have withheld zeros: DfE's care leavers have 13 = 12 + c + c.
        if why in (Hiding.AS_PUBLISHED, Hiding.WHOLE_TABLE) or count.value is None:
            return 0, self._base(count)
        if why == Hiding.PRIMARY:
            return 1, count.hides_up_to
        if count.value <= count.hides_up_to:
            return 0, self._base(count)
        limits = [self._base(count), self._least_shown_beside(count.code, count.value)]
        return count.hides_up_to + 1, min(
            (each for each in limits if each is not None), default=None
        )

    def _base(self, count: Count) -> int | None:
        """The denominator shown by others of which a hidden percentage's count is at most all."""
        shared = [self.rules[cell.series] for cell in count.cells]
        bases = [self.counts[rule.denominator] for rule in shared if rule.per == 100]
        known = [base.range[1] for base in bases if base.code not in self.hidden]
        return min((high for high in known if high is not None), default=None)

    def _least_shown_beside(self, code: str, value: int) -> int | None:
        """The smallest part still shown beside it: a larger count would not have been hidden."""
        sizes = [
            self._size(part)
            for each in self.sums
            if code in each.parts
            for part in each.parts
            if self._can_be_hidden(part)
        ]
        return min((size for size in sizes if size >= value), default=None)

    def _can_be_hidden(self, code: str) -> bool:
        """Shown, and not zero: we show zeros, so that hiding one would only pretend to guard."""
        is_shown = code in self.shown and code not in self.hidden
        return is_shown and code in self.children and self._size(code) > 0

    def _size(self, code: str) -> int:
        low, high = self.counts[code].range
        return low or high or 0

    def _next_to_hide(self, given_away: set[str]) -> str | None:
        """The count to hide next, or None when nothing that could help is left.

        From the sums that give a count away, a part before a total; then one that guards most such
        sums at once, then the smallest, then the first as declared. When those sums are used up,
        the same among the sums that are linked to them.
        """
        giving = [each for each in self.sums if given_away & {each.total, *each.parts}]
        nearby = self._linked(given_away)
        linked = [each for each in self.sums if each.total in nearby]
        for sums in (giving, linked):
            parts = [part for each in sums for part in each.parts]
            for codes in (parts, [each.total for each in sums]):
                if able := [code for code in codes if self._can_be_hidden(code)]:
                    return min(able, key=lambda code: (-codes.count(code), self._size(code)))
        return None

    def _linked(self, codes: set[str]) -> set[str]:
        """These counts and all that sums, one after the other, join to them."""
        found = set(codes)
        while (
            more := {
                code
                for each in self.sums
                if found & {each.total, *each.parts}
                for code in (each.total, *each.parts)
            }
            - found
        ):
            found |= more
        return found

    def _hide_whole_table(self, given_away: set[str]) -> None:
        """The last resort, zeros too: nobody can tell then which of the counts were small."""
        for code in sorted(self._linked(given_away)):
            self._hide(code, Hiding.WHOLE_TABLE)

    def _safe(self, cell: Cell) -> Cell:
        rule = self.rules[cell.series]
        why = self.hidden.get(rule.count)
        if why is None and rule.per is not None and rule.denominator in self.hidden:
            why = Hiding.SECONDARY
        if cell.is_suppressed:
            figure = replace(cell.figure, numerator=None, denominator=None)
            return replace(cell, figure=figure, hiding=Hiding.AS_PUBLISHED)
        if why is None or not cell.shows_something:
            return cell
        figure = replace(
            cell.figure,
            value=None,
            symbol=Symbol.SUPPRESSED,
            numerator=None,
            denominator=None,
            note="",
        )
        hiding = Hiding.SECONDARY if why == Hiding.AS_PUBLISHED else why
        return replace(cell, figure=figure, hiding=hiding)
