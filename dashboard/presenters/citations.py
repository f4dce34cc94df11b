"""From a line of the paper to what it became, and back."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from improvement.models import BulletOutcome, Finding, Statement
from improvement.models.paper import PeriodKey
from improvement.presenters import bullet_url
from performance.calculations.position import Position
from performance.models import Measurement, Target, known_by
from performance.presenters import format_measurement, make_target_text
from performance.presenters.readings import IndicatorReading
from performance.shown import read_shown

Kind = BulletOutcome.Kind


@dataclass(frozen=True)
class BulletLink:
    reference: str
    url: str


@dataclass(frozen=True)
class Outcome:
    """What a line of the paper became, in words, and where on the site it is."""

    kind: str
    text: str
    url: str


def make_outcomes(
    rows: Sequence[BulletOutcome], position: Position, read: Sequence[IndicatorReading] = ()
) -> dict[int, Outcome]:
    """What each outcome says at the position, by its id; one not known by then is left out.

    The rows come with their action. What the page has `read` already is not read again; beyond
    that, a query for each kind that occurs.
    """
    series = [one for each in read for one in each.series]
    figures = _versions(
        Measurement, rows, Kind.FIGURE, position, [row for one in series for row in one.rows]
    )
    targets = _versions(
        Target, rows, Kind.TARGET, position, [row for one in series for row in one.targets]
    )
    statements = _named(Statement, rows, Kind.STATEMENT, position)
    findings = _named(Finding, rows, Kind.FINDING, position)
    made: dict[int, Outcome | None] = {}
    for row in rows:
        if row.kind == Kind.ACTION:
            made[row.pk] = _action_outcome(row, position)
        elif row.kind == Kind.FIGURE:
            made[row.pk] = _figure_outcome(figures.get(row.period_key))
        elif row.kind == Kind.TARGET:
            made[row.pk] = _target_outcome(targets.get(row.period_key))
        elif row.kind == Kind.STATEMENT:
            made[row.pk] = _statement_outcome(statements.get(row.reference))
        else:
            made[row.pk] = _finding_outcome(findings.get(row.reference))
    return {key: outcome for key, outcome in made.items() if outcome}


def _versions(
    model: Any,
    rows: Iterable[BulletOutcome],
    kind: Kind,
    position: Position,
    read: Iterable[Measurement | Target],
) -> dict[PeriodKey, Any]:
    """The version of each cited figure or target that was known at the position, by its key."""
    held = {_key(row): row for row in read}
    cited = [row.period_key for row in rows if row.kind == kind and row.period_key not in held]
    if not cited:
        return held
    series, areas, _, ends = (set(column) for column in zip(*cited, strict=True))
    asked = (
        model.objects.at(position)
        .filter(series__in=series, area__in=areas, period_end__in=ends)
        .select_related("series__indicator")
    )
    found = read_shown(asked, position) if model is Measurement else asked
    return held | {_key(row): row for row in found}


def _key(row: Measurement | Target) -> PeriodKey:
    return (row.series_id, row.area_id, row.period_start, row.period_end)


def _named(
    model: Any, rows: Iterable[BulletOutcome], kind: Kind, position: Position
) -> dict[str, Any]:
    references = {row.reference for row in rows if row.kind == kind}
    if not references:
        return {}
    found = model.objects.at(position).filter(reference__in=references)
    return {row.reference: row for row in found.select_related("judgement")}


def _action_outcome(row: BulletOutcome, position: Position) -> Outcome | None:
    action = row.action
    if action is None or not action.is_known(position):
        return None
    return Outcome("action", str(action), action.get_absolute_url())


def _figure_outcome(row: Any) -> Outcome | None:
    if row is None:
        return None
    text = f"{row.series.indicator.short_title}: {format_measurement(row)} ({row.period_label})"
    return Outcome("figure", text, _indicator_place(row, f"figure-{row.pk}"))


def _target_outcome(row: Any) -> Outcome | None:
    if row is None:
        return None
    text = f"{row.series.indicator.short_title}: {make_target_text(row)} ({row.period_label})"
    return Outcome("target", text, _indicator_place(row, f"target-{row.pk}"))


def _statement_outcome(row: Statement | None) -> Outcome | None:
    if row is None:
        return None
    return Outcome("statement", row.claim, judgement_url(row.judgement.slug, "statements"))


def _finding_outcome(row: Finding | None) -> Outcome | None:
    if row is None:
        return None
    return Outcome("finding", row.text, judgement_url(row.judgement.slug, "findings"))


def _indicator_place(row: Measurement | Target, anchor: str) -> str:
    """Where the figure's own page names the paper's line again."""
    address = reverse("performance:indicator", args=[row.series.indicator.code])
    return f"{address}#{anchor}"


def judgement_url(slug: str | None, anchor: str) -> str:
    """The place on a judgement's page; empty where no judgement shows it."""
    return f"{reverse('judgement', args=[slug])}#{anchor}" if slug else ""


def link_measurements(
    rows: Sequence[Measurement], targets: Sequence[Target], indicator_id: int, position: Position
) -> dict[str, list[BulletLink]]:
    """The paper's lines behind one indicator's figures and targets, by their anchors. One query."""
    outcomes = (
        BulletOutcome.objects.with_versions(position)
        .filter(series__indicator=indicator_id)
        .filter(known_by(position, "bullet__paper__"))
        .filter(
            Q(figure_id__in=[row.pk for row in rows])
            | Q(target_id__in=[target.pk for target in targets])
        )
        .select_related("bullet__theme")
    )
    found: dict[str, list[BulletLink]] = {}
    for outcome in outcomes:
        version = outcome.figure_id or outcome.target_id  # type: ignore[attr-defined]
        found.setdefault(f"{outcome.kind}-{version}", []).append(make_bullet_link(outcome))
    return found


def link_references(
    references: Collection[str], position: Position
) -> dict[tuple[str, str], BulletLink]:
    """The first line of the paper behind each statement and finding, by kind and reference. One
    query, or none."""
    if not references:
        return {}
    rows = (
        BulletOutcome.objects.filter(
            kind__in=[Kind.STATEMENT, Kind.FINDING], reference__in=references
        )
        .filter(known_by(position, "bullet__paper__"))
        .select_related("bullet__theme")
        .order_by("-id")
    )
    return {(row.kind, row.reference): make_bullet_link(row) for row in rows}


def make_bullet_link(outcome: BulletOutcome) -> BulletLink:
    bullet = outcome.bullet
    return BulletLink(bullet.reference, bullet_url(bullet.theme.slug, bullet.reference))
