"""The overview: where the five judgements stand on this day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from dashboard.presenters.charts import describe_grades, describe_standings, judgement_query
from dashboard.presenters.indicators import indicator_url
from dashboard.presenters.opening import Opening, make_opening
from dashboard.presenters.tones import standing_category
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
from performance.charts import ChartView, StackedBars, grade_scale, make_chart_view, segment_bar
from performance.models import Series, Target
from performance.presenters import TargetLine, make_target_line
from performance.presenters.readings import IndicatorReading, make_series_readings

FIGURES_IN_A_LINE = 3


@dataclass(frozen=True)
class FigureInRow:
    """“Looked after children”, its page, and “638 on 8 August 2016, down from 778 in 2014/15”."""

    title: str
    url: str
    text: str


@dataclass(frozen=True)
class JudgementRow:
    """One judgement's line: what is said of it, its grade, what became of its actions."""

    title: str
    url: str
    figures: list[FigureInRow]
    claim: str
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
    days = Assessment.objects.values_list("known_from", flat=True)
    return (
        days.union(Paper.objects.values_list("known_from", flat=True))
        .order_by("known_from")
        .first()
    )


def make_overview(plan: Plan, position: Position, area_code: str, as_at: date | None) -> Overview:
    grades = make_judgement_grades(plan, position)
    actions = make_action_lines(plan, position)
    five = [line for line in grades if line.judgement.kind == Judgement.Kind.JUDGEMENT]
    main = {
        evidence.indicator_id: evidence.judgement_id
        for evidence in Evidence.objects.filter(is_main=True)
    }
    readings = _read_panel(main, area_code, position)
    statements = list(Statement.objects.at(position))
    targets = _targets(readings, position.on)
    passed = [line for line in actions if line.standing is Standing.DATE_PASSED]
    return Overview(
        opening=make_opening(plan, grades, targets, len(passed), position),
        rows=[
            make_row(
                line,
                actions,
                [one for one in readings if main[one.indicator.pk] == line.judgement.pk],
                statements,
            )
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


def _read_panel(
    main: Collection[int], area_code: str, position: Position
) -> list[IndicatorReading]:
    """What speaks to a judgement and is of the panel's set, or has a target of the council's."""
    targets = Target.objects.filter(area__code=area_code)
    series = Series.objects.filter(indicator__in=main).filter(
        Q(indicator__in_panel_set=True) | Q(indicator__series__in=targets.values("series"))
    )
    return make_series_readings(series.distinct(), area_code, position, are_compared=False)


def _targets(readings: Sequence[IndicatorReading], on: date) -> list[TargetLine]:
    return [
        make_target_line(target, one.rows[::-1], on)
        for each in readings
        for one in each.series
        for target in one.targets
    ]


def make_row(
    line: JudgementGrades,
    actions: Sequence[ActionLine],
    readings: Sequence[IndicatorReading],
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
        figures=_figures_in_row(readings),
        claim=_claim_in_row(line.judgement, statements),
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


def _figures_in_row(readings: Sequence[IndicatorReading]) -> list[FigureInRow]:
    """The key figures, and those with a target: at most three. One source speaks for each."""
    found = []
    for one in sorted(readings, key=_order_in_row):
        if one.speaks and one.speaks.has_figure:
            indicator = one.indicator
            text = one.speaks.sentence.short
            url = indicator_url(indicator.code)
            found.append(FigureInRow(indicator.short_title, url, text))
    return found[:FIGURES_IN_A_LINE]


def _order_in_row(one: IndicatorReading) -> tuple[bool, bool, bool]:
    latest = one.speaks.reading.latest if one.speaks else None
    has_target = any(series.targets for series in one.series)
    return (not one.indicator.is_key, not has_target, bool(latest and latest.is_undated))


def _claim_in_row(judgement: Judgement, statements: Sequence[Statement]) -> str:
    """What was said of it without a figure."""
    claims = [statement for statement in statements if statement.judgement_id == judgement.pk]
    return f"{claims[0].claim.rstrip('.')} (no figure)." if claims else ""
