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
    GradeLine,
    JudgementGrades,
    make_action_lines,
    make_judgement_grades,
)
from improvement.standing import Standing, StandingCount, count_standings
from performance.calculations.position import Position
from performance.calculations.targets import TargetState
from performance.charts import ChartView, StackedBars, grade_scale, make_chart_view, segment_bar
from performance.presenters import (
    FigureLine,
    SeriesFigures,
    TargetLine,
    make_series_figures,
)

FIGURES_IN_A_LINE = 3


@dataclass(frozen=True)
class JudgementRow:
    """One judgement's line: what is said of it, its grade, what became of its actions."""

    title: str
    url: str
    sentence: str
    shown: GradeLine | None
    other: GradeLine | None
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
    passed = [line for line in actions if line.standing is Standing.DATE_PASSED]
    return Overview(
        opening=make_opening(plan, grades, targets, len(passed), position),
        rows=[
            make_row(line, actions, _series_of(line.judgement, series, main), statements)
            for line in five
        ],
        others=[line for line in grades if line not in five and line.grades],
        passed=passed,
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
    # The newest speaks first: a council's own grade that the inspector has since answered does not.
    newest_first = sorted(
        [grade for grade in (line.own, line.inspector) if grade],
        key=lambda grade: grade.position.on or date.min,
        reverse=True,
    )
    shown, other = (*newest_first, None, None)[:2]
    return JudgementRow(
        title=line.judgement.short_title,
        url=line.url,
        sentence=_row_sentence(line.judgement, series, statements),
        shown=shown,
        other=other,
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
        # Series come in their own order, so the council's stands before DfE's and Ofsted's.
        if one.figures and one.in_panel_set:
            first.setdefault(one.latest.indicator_id, one)
    ordered = sorted(
        first.values(), key=lambda one: (not one.is_key, not one.targets, one.is_undated)
    )
    parts = [figure_sentence(one) for one in ordered[:FIGURES_IN_A_LINE]]
    claims = [statement for statement in statements if statement.judgement_id == judgement.pk]
    if claims:
        parts.append(f"{claims[0].claim.rstrip('.')} (no figure).")
    return " ".join(parts)


def figure_sentence(series: SeriesFigures) -> str:
    """“Looked after children: 638 on 8 August 2016, down from 778 in 2014/15; outside the range
    of 550 to 580 that the council set for 2016/17.”"""
    latest = series.latest
    sentence = f"{capitalised(latest.indicator)}: {latest.number} {in_period(latest)}"
    if series.earlier:
        before = series.earlier[0]
        way = ""
        if latest.value is not None and before.value is not None:
            way = {1: "up ", -1: "down ", 0: ""}[
                (latest.value > before.value) - (latest.value < before.value)
            ]
        sentence += f", {way}from {before.number} {in_period(before)}"
    for target in series.targets[-1:]:
        sentence += f"; {target_words(target)}"
    return f"{sentence}."


def in_period(figure: FigureLine) -> str:
    """“on 8 August 2016”, “in 2015/16”, “at the end of June 2016”, “(no date given)”."""
    if figure.is_undated:
        return "(no date given)"
    if figure.period.startswith("end of"):
        return f"at the {figure.period}"
    is_day = figure.period_start == figure.period_end and not figure.period[:4].isdecimal()
    return f"{'on' if is_day else 'in'} {figure.period}"


STATE_WORDS = {
    TargetState.MET: "the target of {} is met",
    TargetState.NOT_MET: "the target of {} is not met",
    TargetState.PART_WAY: "part-way to the target of {}",
    TargetState.NO_FIGURE: "the target is {}",
    TargetState.NO_YEAR_END: "no later figure to set against the target of {}",
    TargetState.WITHIN_RANGE: "within the range of {} that the council set",
    TargetState.OUTSIDE_RANGE: "outside the range of {} that the council set",
}


def target_words(target: TargetLine) -> str:
    """“outside the range of 550 to 580 that the council set for 2016/17”."""
    return f"{STATE_WORDS[target.state].format(target.bounds)} {target.when}".strip()
