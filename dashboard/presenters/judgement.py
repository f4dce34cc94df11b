"""The line of sight of one judgement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from dashboard.presenters.charts import describe_standings
from dashboard.presenters.citations import BulletLink, link_references
from dashboard.presenters.indicators import IndicatorRow, make_figure_rows
from dashboard.words import plural
from improvement.models import BulletOutcome, Evidence, Finding, Judgement, Plan, Statement
from improvement.presenters import (
    ActionLine,
    GradeLine,
    JudgementGrades,
    make_action_lines,
    make_judgement_grades,
)
from performance.calculations.partial_date import months_between
from performance.calculations.position import Position
from performance.charts import ChartView, make_chart_view
from performance.models import Series
from performance.presenters.readings import make_series_readings


@dataclass(frozen=True)
class Claim:
    """A statement or a finding, and the line of the paper that makes it."""

    text: str
    kind: str
    bullet: BulletLink | None


@dataclass(frozen=True)
class JudgementPage:
    grades: JudgementGrades
    comparison: str
    figures: list[IndicatorRow]
    statements: list[Claim]
    findings: list[Claim]
    actions: list[ActionLine]
    also: list[ActionLine]
    standings_chart: ChartView | None


def make_judgement_page(
    plan: Plan, slug: str, position: Position, area_code: str, as_at: date | None
) -> JudgementPage | None:
    """None where the plan's framework has no such judgement."""
    every = make_judgement_grades(plan, position)
    grades = next((line for line in every if line.judgement.slug == slug), None)
    if grades is None:
        return None
    actions = make_action_lines(plan, position)
    mine = [line for line in actions if line.judgement_slug == slug]
    evidence = Evidence.objects.filter(judgement=grades.judgement)
    statements, findings = _claims(grades.judgement, position)
    # Outside the panel's set, only what the paper gives: the rest is for whoever looks for it.
    cited = BulletOutcome.objects.filter(series__isnull=False).values("series__indicator")
    series = Series.objects.filter(indicator__in=evidence.values("indicator")).filter(
        Q(indicator__in_panel_set=True) | Q(indicator__in=cited)
    )
    return JudgementPage(
        grades=grades,
        comparison=compare_grades(grades),
        figures=make_figure_rows(make_series_readings(series, area_code, position), position),
        statements=statements,
        findings=findings,
        actions=mine,
        also=[line for line in actions if line not in mine and slug in line.other_judgements],
        standings_chart=_standings_chart(grades, mine, position.on, as_at),
    )


def _claims(judgement: Judgement, position: Position) -> tuple[list[Claim], list[Claim]]:
    """What was said without a figure, and the strengths and areas to develop. Three queries."""
    statements = list(Statement.objects.at(position).filter(judgement=judgement))
    findings = list(Finding.objects.at(position).filter(judgement=judgement))
    references = [row.reference for row in statements] + [row.reference for row in findings]
    links = link_references(references, position)
    kinds = BulletOutcome.Kind
    return (
        [Claim(row.claim, row.get_direction_display(), links.get((kinds.STATEMENT, row.reference)))
         for row in statements],
        [Claim(row.text, row.get_kind_display(), links.get((kinds.FINDING, row.reference)))
         for row in findings],
    )  # fmt: skip


def compare_grades(grades: JudgementGrades) -> str:
    """The council's own grade beside the inspector's, with the months between."""
    own, inspector = grades.own, grades.inspector
    if own is None and inspector is None:
        return "No grade was known for this judgement on this day."
    if own is None and inspector:
        return f"Ofsted judged this {inspector.grade_label} {inspector.position.in_a_sentence()}."
    assert own
    said = f"{_maker(own)} rated this {own.grade_label} {own.position.in_a_sentence()}"
    if inspector is None:
        return f"{said}. No inspector’s grade for it is held."
    months = months_between(own.position, inspector.position)
    if months < 0:
        earlier = " and under an earlier framework" if own.framework != inspector.framework else ""
        return (
            f"{said}. Ofsted’s latest grade, of {inspector.position}{earlier}, "
            f"is {inspector.grade_label}."
        )
    agrees = "the same" if own.grade == inspector.grade else "not the same"
    apart = f", with {plural(months, 'month')} between them, in which things may have changed"
    return (
        f"{said}; Ofsted judged it {inspector.grade_label} {inspector.position.in_a_sentence()}: "
        f"{agrees}{apart if months else ''}."
    )


def _maker(grade: GradeLine) -> str:
    return "The council" if grade.maker == "self_assessment" else "The safeguarding board"


def _standings_chart(
    grades: JudgementGrades, mine: Sequence[ActionLine], on: date, as_at: date | None
) -> ChartView | None:
    if not mine:
        return None
    themes: dict[tuple[str, str], list[ActionLine]] = {}
    for line in mine:
        themes.setdefault((line.theme, line.theme_slug), []).append(line)
    groups = [
        (label, theme_url(slug), f"theme={slug}&judgement={grades.judgement.slug}", lines)
        for (label, slug), lines in themes.items()
    ]
    chart = describe_standings("What has become of its actions, by theme", "Theme", groups, as_at)
    return make_chart_view("standings", chart, on=on)


def theme_url(slug: str) -> str:
    return reverse("improvement:theme", args=[slug])
