"""Figures and targets in our own layout: checked, and put in as versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from performance.importer.check import Checker
from performance.importer.problems import LoadReport
from performance.importer.read import Row
from performance.importer.reference import Reference
from performance.importer.staging import said_last
from performance.importer.versions import VersionRefused, keep_version
from performance.models import DateBasis, Load, Measurement, Target

FLAGS = {
    "provisional": "is_provisional",
    "revised": "is_revised",
    "estimated": "is_estimated",
    "undated in the source": "is_undated",
    "series break": "is_series_break",
}


@dataclass(frozen=True)
class Given:
    """What a row says: of which series, area and period (None where that is wrong), what, and from
    when it was known."""

    row: Row
    key: dict[str, Any] | None
    facts: dict[str, Any]
    known_from: datetime | None


def load_targets(rows: list[Row], reference: Reference, check: Checker, report: LoadReport) -> None:
    check.once(rows, _period_key, "series")
    for row in rows:
        low, high = check.number(row, "low"), check.number(row, "high")
        if low is None and high is None:
            check.wrong(row, "low", "a target needs a low or a high bound")
        elif low is not None and high is not None and low > high:
            check.wrong(row, "high", "the high bound is below the low one")
        facts = {"low": low, "high": high, "basis": row["basis"], "set_by": row["set_by"]}
        kept = _keep(Target, _read(row, reference, facts, check), check)
        if kept:
            report.count(kept[1])


def read_figures(rows: list[Row], reference: Reference, check: Checker) -> list[Given]:
    """What each row says, and every problem of its cells noted."""
    check.once(rows, _period_key, "series")
    return [_read(row, reference, _figure_facts(row, check), check) for row in rows]


def load_figures(
    given: Iterable[Given], load: Load, check: Checker, report: LoadReport
) -> dict[int, int]:
    """The row of each figure that is new or revised, by the figure's id."""
    rows = {}
    for one in given:
        kept = _keep(Measurement, one, check)
        if kept is None:
            continue
        measurement, outcome = kept
        if outcome != "unchanged":
            Measurement.objects.filter(pk=measurement.pk).update(load=load)
            rows[measurement.pk] = one.row.number
        report.count(outcome)
    return rows


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


def _read(row: Row, reference: Reference, facts: dict[str, Any], check: Checker) -> Given:
    key = _key(row, reference, check)
    known_from = check.past_instant(row, "known_from")
    facts["period_label"] = check.text(row, "period_label")
    facts["known_from_basis"] = check.choice(row, "known_from_basis", DateBasis)
    return Given(row, key, facts, known_from)


def _keep(
    model: type[Measurement] | type[Target], given: Given, check: Checker
) -> tuple[Any, str] | None:
    """The row on record and whether it is new, unchanged or revised; None where it is wrong."""
    if given.key is None or given.known_from is None or check.problems:
        return None
    try:
        repeated = said_last if model is Measurement else None
        return keep_version(model, given.key, given.facts, given.known_from, repeated)
    except VersionRefused as refused:
        check.wrong(given.row, "known_from", str(refused))
        return None


def _period_key(row: Row) -> tuple[str, ...]:
    return row["series"], row["area"], row["period_start"], row["period_end"]
