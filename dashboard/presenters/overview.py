"""The overview: where the five judgements stand on this day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min

from dashboard.presenters.charts import describe_grades, describe_standings, judgement_query
from dashboard.presenters.opening import Opening, make_opening
from dashboard.presenters.tones import standing_category
from dashboard.words import capitalised
from improvement.models import Assessment, Evidence, Judgement, Paper, Plan, Statement
from improvement.presenters import (
    GRADE_PLACES,
    ActionLine,
    JudgementGrades,
    lines_with_passed_dates,
    make_action_lines,
    make_judgement_grades,
)
from improvement.standing import Standing, StandingCount, count_standings
from performance.calculations.position import Position
from performance.charts import ChartView, StackedBars, grade_scale, make_chart_view, segment_bar
from performance.presenters import SeriesFigures, TargetLine, make_series_figures

FIGURES_IN_A_LINE = 3


@dataclass(frozen=True)
class JudgementRow:
    """One judgement's line: what is said of it, its grade, what became of its actions."""

    title: str
    url: str
    sentence: str
    grades: JudgementGrades
    scale_svg: str
    standing_svg: str
    counts: list[StandingCount]
    total: int


@dataclass(frozen=True)
class Overview:
    opening: Opening
    rows: list[JudgementRow]
    others: list[JudgementGrades]
    passed: list[ActionLine]
    grades_chart: ChartView
    standings_chart: ChartView


def first_known() -> datetime | None:
    """When the first fact held here became known; None when nothing is loaded."""
    grade = Assessment.objects.aggregate(first=Min("known_from"))["first"]
    paper = Paper.objects.aggregate(first=Min("known_from"))["first"]
    return min((moment for moment in (grade, paper) if moment), default=None)


def make_overview(plan: Plan, position: Position, area_code: str, as_at: date | None) -> Overview:
    grades = make_judgement_grades(plan, position)
    actions = make_action_lines(plan, position)
    five = [line for line in grades if line.judgement.kind == Judgement.Kind.JUDGEMENT]
    main = {
        evidence.indicator_id: evidence.judgement_id
        for evidence in Evidence.objects.filter(is_main=True).select_related("judgement")
    }
    series = make_series_figures(list(main), area_code, position)
    statements = list(Statement.objects.at(position))
    targets = [target for one in series for target in one.targets]
    passed = lines_with_passed_dates(actions)
    return Overview(
        opening=make_opening(plan, grades, targets, passed, position),
        rows=[
            make_row(line, actions, _series_of(line.judgement, series, main), statements)
            for line in five
        ],
        others=[line for line in grades if line not in five and line.grades],
        passed=[line for line in actions if line.standing is Standing.DATE_PASSED],
        grades_chart=make_chart_view(
            "grades", describe_grades(grades, as_at), GRADES_SOURCE, position.on
        ),
        standings_chart=make_chart_view(
            "standings",
            _describe_by_judgement(grades, actions, as_at),
            STANDINGS_SOURCE,
            position.on,
        ),
    )


GRADES_SOURCE = (
    "Sources: the panel’s paper and Ofsted’s reports. A grade given under another framework is "
    "shown with the judgement that corresponds to it."
)
STANDINGS_SOURCE = (
    "Source: the panel’s paper. Which judgement an action serves, and how it stands, is our "
    "reading of it."
)


def _describe_by_judgement(
    grades: Sequence[JudgementGrades], actions: Sequence[ActionLine], as_at: date | None
) -> StackedBars:
    """A bar for each judgement that has an action, so that no action is left out."""
    groups = []
    for line in grades:
        slug = line.judgement.slug
        mine = [action for action in actions if action.judgement_slug == slug]
        if mine or line.judgement.kind == Judgement.Kind.JUDGEMENT:
            groups.append((line.judgement.short_title, line.url, judgement_query(slug), mine))
    return describe_standings(
        "What has become of the plan, by judgement", "Judgement", groups, as_at
    )


def _series_of(
    judgement: Judgement, series: Sequence[SeriesFigures], main: dict[int, int | None]
) -> list[SeriesFigures]:
    """The series whose indicator has this judgement as its main one."""
    return [one for one in series if main.get(_indicator_id(one)) == judgement.pk]


def _indicator_id(series: SeriesFigures) -> int:
    return series.figures[0].indicator_id if series.figures else series.targets[0].indicator_id


def make_row(
    line: JudgementGrades,
    actions: Sequence[ActionLine],
    series: Sequence[SeriesFigures],
    statements: Sequence[Statement],
) -> JudgementRow:
    mine = [action for action in actions if action.judgement_slug == line.judgement.slug]
    counts = count_standings(action.standing for action in mine)
    shown = line.own or line.inspector
    other = line.inspector if line.own else None
    return JudgementRow(
        title=line.judgement.short_title,
        url=line.url,
        sentence=_row_sentence(line.judgement, series, statements),
        grades=line,
        scale_svg=grade_scale(
            GRADE_PLACES[shown.grade] if shown else None,
            GRADE_PLACES[other.grade] if other else None,
        ),
        standing_svg=segment_bar(
            [count.count for count in counts],
            [standing_category(count.standing) for count in counts],
            f"row-{line.judgement.slug}",
        ),
        counts=counts,
        total=len(mine),
    )


def _row_sentence(
    judgement: Judgement, series: Sequence[SeriesFigures], statements: Sequence[Statement]
) -> str:
    """Key figures first, those with a target before the rest, then a claim without a figure.

    One source speaks for an indicator here; its own page sets the others beside it.
    """
    first: dict[int, SeriesFigures] = {}
    for one in series:
        # Series come by code, so the council's own stands before DfE's and Ofsted's.
        if one.figures and one.in_panel_set:
            first.setdefault(one.latest.indicator_id, one)
    ordered = sorted(
        first.values(), key=lambda one: (not one.is_key, not one.targets, one.is_undated)
    )
    parts = [figure_sentence(one) for one in ordered[:FIGURES_IN_A_LINE]]
    claims = [statement for statement in statements if statement.judgement_id == judgement.pk]
    if claims:
        parts.append(f"{claims[0].claim.rstrip('.')}; no figure is given.")
    return " ".join(parts)


def figure_sentence(series: SeriesFigures) -> str:
    """“Looked after children: 638 (8 August 2016), from 778 (31 March 2015); the council has set
    a range of 550 to 580 for 2016/17.”"""
    latest = series.latest
    sentence = f"{capitalised(latest.indicator)}: {latest.text} ({latest.period})"
    if series.earlier:
        before = series.earlier[0]
        sentence += f", from {before.text} ({before.period})"
    for target in series.targets[-1:]:
        sentence += f"; {target_words(target)}"
    return f"{sentence}."


def target_words(target: TargetLine) -> str:
    """“the council has set a range of 550 to 580 for 2016/17”, “target at least 30 for 2016/17”."""
    verb = "the council has set a range of" if " to " in target.text else "the target is"
    when = "" if "not dated" in target.period else f" for {target.period}"
    return f"{verb} {target.text}{when}"
