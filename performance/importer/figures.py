"""Figures and targets in our own layout: checked, and put in as versions."""

from typing import Any

from performance.importer.check import Checker
from performance.importer.problems import LoadReport
from performance.importer.read import Row
from performance.importer.reference import Reference
from performance.importer.versions import VersionRefused, keep_version
from performance.models import DateBasis, Load, Measurement, Target

FLAGS = {
    "provisional": "is_provisional",
    "revised": "is_revised",
    "estimated": "is_estimated",
    "undated in the source": "is_undated",
    "series break": "is_series_break",
}


def load_targets(rows: list[Row], reference: Reference, check: Checker, report: LoadReport) -> None:
    check.once(rows, _period_key, "series")
    for row in rows:
        low, high = check.number(row, "low"), check.number(row, "high")
        if low is None and high is None:
            check.wrong(row, "low", "a target needs a low or a high bound")
        elif low is not None and high is not None and low > high:
            check.wrong(row, "high", "the high bound is below the low one")
        facts = {"low": low, "high": high, "basis": row["basis"], "set_by": row["set_by"]}
        kept = _keep(Target, row, _key(row, reference, check), facts, check)
        if kept:
            report.count(kept[1])


def load_figures(
    rows: list[Row], reference: Reference, load: Load, check: Checker, report: LoadReport
) -> None:
    check.once(rows, _period_key, "series")
    for row in rows:
        facts = _figure_facts(row, check)
        kept = _keep(Measurement, row, _key(row, reference, check), facts, check)
        if kept is None:
            continue
        measurement, outcome = kept
        if outcome != "unchanged":
            Measurement.objects.filter(pk=measurement.pk).update(load=load)
        report.count(outcome)


def _figure_facts(row: Row, check: Checker) -> dict[str, Any]:
    if row["value"] and row["symbol"]:
        check.wrong(row, "value", "either a value or a symbol was expected, not both")
    elif not (row["value"] or row["symbol"]):
        check.wrong(row, "value", "either a value or a symbol was expected")
    denominator = check.number(row, "denominator")
    if denominator is not None and denominator < 0:
        check.wrong(row, "denominator", "a number not below nought was expected")
    flags = dict.fromkeys(FLAGS.values(), False)
    for flag in check.many(row, "flags"):
        if field := check.lookup(row, "flags", FLAGS, "a flag", flag):
            flags[field] = True
    return {
        "value": check.number(row, "value"),
        "symbol": check.choice(row, "symbol", Measurement.Symbol, blank=True),
        "numerator": check.number(row, "numerator"),
        "denominator": denominator,
        "note": row["note"],
        **flags,
    }


def _key(row: Row, reference: Reference, check: Checker) -> dict[str, Any] | None:
    """Series, area and period: what a figure or a target is of."""
    series = check.lookup(row, "series", reference.series, "a series")
    area = check.lookup(row, "area", reference.areas, "an area")
    start = check.day(row, "period_start", required=True)
    end = check.day(row, "period_end", required=True)
    if start and end and start > end:
        check.wrong(row, "period_end", "the period ends before it starts")
        return None
    if not (series and area and start and end):
        return None
    return {"series": series, "area": area, "period_start": start, "period_end": end}


def _keep(
    model: type[Measurement] | type[Target],
    row: Row,
    key: dict[str, Any] | None,
    facts: dict[str, Any],
    check: Checker,
) -> tuple[Any, str] | None:
    """The row on record and whether it is new, unchanged or revised; None where it is wrong."""
    known_from = check.past_instant(row, "known_from")
    facts["period_label"] = check.text(row, "period_label")
    facts["known_from_basis"] = check.choice(row, "known_from_basis", DateBasis)
    if key is None or known_from is None or check.problems:
        return None
    try:
        return keep_version(model, key, facts, known_from)
    except VersionRefused as refused:
        check.wrong(row, "known_from", str(refused))
        return None


def _period_key(row: Row) -> tuple[str, ...]:
    return row["series"], row["area"], row["period_start"], row["period_end"]
