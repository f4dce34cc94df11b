"""The paper's lines and what each became."""

from collections.abc import Callable
from datetime import date
from typing import Any

from improvement.importer.loading import Loading
from improvement.models import Bullet, BulletOutcome
from performance.importer.check import Checker
from performance.importer.problems import shown
from performance.importer.read import Row
from performance.models import Measurement, Series, Target

Kind = BulletOutcome.Kind
# The column of bullets.csv that holds the references of each kind of outcome.
OUTCOMES = {kind: f"{kind}s" for kind in Kind}


def load_bullets(loading: Loading) -> None:
    check = loading.checker
    assert loading.plan
    rows = loading.tables["bullets"]
    check.once(rows, lambda row: row["reference"], "reference")
    find = _finders(loading)
    named: set[tuple[str, str]] = set()
    for order, row in enumerate(rows, start=1):
        theme = check.lookup(row, "theme", loading.themes, "a theme")
        line = check.whole(row, "line")
        _check_became(loading, row)
        facts = {
            "theme": theme,
            "order": order,
            "line": line,
            "statement": check.text(row, "statement"),
            "note": row["note"],
        }
        key = {"paper": loading.plan.paper, "reference": row["reference"]}
        bullet = None if check.problems else loading.put(Bullet, key, facts)
        for kind, column in OUTCOMES.items():
            for reference in check.many(row, column):
                named.add((column, reference))
                cited = find[kind](row, column, reference)
                if bullet and cited and not check.problems:
                    loading.put(BulletOutcome, {"bullet": bullet, "kind": kind, **cited}, {})
    # A bullet that names one wrongly would have the right one told as missing as well.
    if not check.problems:
        _check_all_named(loading, named)


Finder = Callable[[Row, str, str], dict[str, Any] | None]


def _finders(loading: Loading) -> dict[Kind, Finder]:
    """For each kind: from a reference in the file to the key by which it is cited."""
    check = loading.checker

    def find_action(row: Row, column: str, reference: str) -> dict[str, Any] | None:
        action = check.lookup(row, column, loading.actions, "one of actions", reference)
        return {"action": action} if action else None

    def find_named(known: dict[str, Any]) -> Finder:
        def find(row: Row, column: str, reference: str) -> dict[str, Any] | None:
            found = check.lookup(row, column, known, f"one of {column}", reference)
            return {"reference": reference} if found else None

        return find

    return {
        Kind.ACTION: find_action,
        Kind.FIGURE: _PeriodFinder(loading, Measurement, OUTCOMES[Kind.FIGURE]),
        Kind.TARGET: _PeriodFinder(loading, Target, OUTCOMES[Kind.TARGET]),
        Kind.STATEMENT: find_named(loading.statements),
        Kind.FINDING: find_named(loading.findings),
    }


class _PeriodFinder:
    """Finds the council's figures or targets by `series@last day` or `series@first/last day`.

    Only what the file names is fetched: the table holds every council in England.
    """

    def __init__(
        self, loading: Loading, model: type[Measurement] | type[Target], column: str
    ) -> None:
        self.check: Checker = loading.checker
        named = [
            _split_reference(reference)
            for row in loading.tables["bullets"]
            for reference in self.check.many(row, column)
        ]
        codes = {code for code, _, _ in named}
        self.series = {code: code for code in Series.objects.values_list("code", flat=True)}
        days = {day for _, _, last in named if (day := _read_day(last))}
        rows = model.objects.current().filter(
            area__code=loading.area_code, series__code__in=codes, period_end__in=days
        )
        self.found: dict[tuple[str, date], list[Measurement | Target]] = {}
        for found in rows.select_related("series", "area"):
            self.found.setdefault((found.series.code, found.period_end), []).append(found)

    def __call__(self, row: Row, column: str, reference: str) -> dict[str, Any] | None:
        code, first, last = _split_reference(reference)
        if self.check.lookup(row, column, self.series, "a series", code) is None:
            return None
        start, end = _read_day(first), _read_day(last)
        if end is None or (first and start is None):
            self.check.wrong(row, column, f"“{shown(reference)}”: series@2016-06-30 or "
                             "series@2016-04-01/2016-06-30 was expected")  # fmt: skip
            return None
        found = [one for one in self.found.get((code, end), [])
                 if start is None or one.period_start == start]  # fmt: skip
        if not found:
            self.check.wrong(row, column, f"the council has no such value: “{shown(reference)}”")
        elif len(found) > 1:
            self.check.wrong(row, column, f"“{shown(reference)}”: periods of different lengths "
                             "end that day: write series@first day/last day")  # fmt: skip
        else:
            one = found[0]
            return {"series": one.series, "area": one.area, "period_start": one.period_start,
                    "period_end": one.period_end}  # fmt: skip
        return None


def _split_reference(reference: str) -> tuple[str, str, str]:
    """Series, first day (empty where only the last is written) and last day."""
    code, _, period = reference.partition("@")
    first, _, last = period.rpartition("/")
    return code, first, last


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _check_became(loading: Loading, row: Row) -> None:
    """The column in words and the columns of references must tell the same."""
    filled = {kind.value for kind, column in OUTCOMES.items() if row[column]}
    if set(loading.checker.many(row, "became")) != filled:
        expected = "; ".join(sorted(filled)) or "at least one outcome"
        loading.checker.wrong(row, "became", f"the other columns say: {expected}")
    if not filled:
        loading.checker.wrong(row, "became", "nothing is lost: every bullet becomes something")


def _check_all_named(loading: Loading, named: set[tuple[str, str]]) -> None:
    """Every action, statement and finding leads back to its bullet."""
    for table in ("actions", "statements", "findings"):
        for row in loading.tables[table]:
            if (table, row["reference"]) not in named:
                loading.checker.wrong(row, "reference", "no bullet in bullets.csv names it")
