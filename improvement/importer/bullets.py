"""The paper's lines and what each became."""

from typing import Any

from improvement.importer.loading import Loading
from improvement.models import Bullet, BulletOutcome
from performance.importer.read import Row
from performance.models import Measurement, Target

# The columns of bullets.csv and the words of `became`, by the outcome's own field.
OUTCOMES = {
    "action": "actions",
    "measurement": "figures",
    "target": "targets",
    "statement": "statements",
    "finding": "findings",
}
BECAME = {"measurement": "figure"}


def load_bullets(loading: Loading) -> None:
    check = loading.checker
    assert loading.plan
    rows = loading.tables["bullets"]
    check.once(rows, lambda row: row["reference"], "reference")
    known = _known_outcomes(loading)
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
        if theme is None or line is None or check.problems:
            continue
        key = {"paper": loading.plan.paper, "reference": row["reference"]}
        bullet = loading.put(Bullet, key, facts)
        for field, column in OUTCOMES.items():
            for reference in check.many(row, column):
                named.add((column, reference))
                if outcome := check.lookup(
                    row, column, known[field], f"one of {column}", reference
                ):
                    loading.put(BulletOutcome, {"bullet": bullet, field: outcome}, {})
    _check_all_named(loading, named)


def _known_outcomes(loading: Loading) -> dict[str, dict[str, Any]]:
    """What a bullet may have become, by field and by its reference in the file."""
    return {
        "action": dict(loading.actions),
        "measurement": _by_series_and_day(Measurement),
        "target": _by_series_and_day(Target),
        "statement": loading.statements,
        "finding": loading.findings,
    }


def _by_series_and_day(model: type[Measurement] | type[Target]) -> dict[str, Any]:
    rows = model.objects.current().select_related("series")
    return {f"{row.series.code}@{row.period_end.isoformat()}": row for row in rows}


def _check_became(loading: Loading, row: Row) -> None:
    """The column in words and the columns of references must tell the same."""
    filled = {BECAME.get(field, field) for field, column in OUTCOMES.items() if row[column]}
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
