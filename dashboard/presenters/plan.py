"""The plan, a theme and an action."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from dashboard.presenters.charts import describe_standings, describe_timeline
from dashboard.presenters.citations import Outcome, make_outcomes
from dashboard.presenters.indicators import IndicatorRow, make_figure_rows
from dashboard.presenters.judgement import theme_url
from dashboard.presenters.tones import standing_category
from improvement.models import (
    Action,
    Bullet,
    BulletOutcome,
    DateChange,
    Evidence,
    Plan,
    ProgressUpdate,
    Theme,
)
from improvement.presenters import (
    ActionLine,
    bullet_url,
    make_action_line,
    make_action_lines,
)
from improvement.presenters.history import HistoryLine, make_history
from improvement.presenters.said import Said, make_all_said
from improvement.standing import StandingCount, count_standings
from performance.calculations.position import Position
from performance.charts import ChartView, make_chart_view, segment_bar
from performance.models import Series, known_by
from performance.presenters.readings import IndicatorReading, make_series_readings


@dataclass(frozen=True)
class ThemeRow:
    number: int
    title: str
    url: str
    standing_svg: str
    counts: list[StandingCount]
    total: int


@dataclass(frozen=True)
class PlanPage:
    themes: list[ThemeRow]
    lines: list[ActionLine]
    counts: list[StandingCount]
    standings_chart: ChartView
    timeline: ChartView


def make_plan_page(plan: Plan, position: Position, as_at: date | None) -> PlanPage:
    lines = make_action_lines(plan, position)
    themes = list(plan.themes.order_by("number"))
    groups = [
        (theme, [line for line in lines if line.theme_number == theme.number]) for theme in themes
    ]
    standings = describe_standings(
        "What has become of the plan, by theme",
        "Theme",
        [(theme.short_title, theme_url(theme.slug), f"theme={theme.slug}", mine)
         for theme, mine in groups],
        as_at,
    )  # fmt: skip
    timeline = describe_timeline(
        [(theme.short_title, theme_url(theme.slug), mine) for theme, mine in groups],
        position.on,
        as_at,
    )
    return PlanPage(
        themes=[make_theme_row(theme, mine) for theme, mine in groups],
        lines=lines,
        counts=count_standings(line.standing for line in lines),
        standings_chart=make_chart_view("standings", standings, on=position.on),
        timeline=make_chart_view("timeline", timeline, on=position.on),
    )


def make_theme_row(theme: Theme, lines: Sequence[ActionLine]) -> ThemeRow:
    counts = count_standings(line.standing for line in lines)
    return ThemeRow(
        number=theme.number,
        title=theme.title,
        url=theme_url(theme.slug),
        standing_svg=segment_bar(
            [count.count for count in counts],
            [standing_category(count.standing) for count in counts],
            f"theme-{theme.number}",
        ),
        counts=counts,
        total=len(lines),
    )


@dataclass(frozen=True)
class BulletLine:
    reference: str
    statement: str
    note: str
    outcomes: list[Outcome]


@dataclass(frozen=True)
class ThemePage:
    theme: Theme
    row: ThemeRow
    lines: list[ActionLine]
    bullets: list[BulletLine]
    figures: list[IndicatorRow]
    previous: Theme | None
    following: Theme | None

    @property
    def is_all_reading(self) -> bool:
        """Whether every standing is read from a paper, and none was said by an officer."""
        return not any(line.is_rated for line in self.lines)


def make_theme_page(plan: Plan, slug: str, position: Position, area_code: str) -> ThemePage | None:
    """None where the plan has no such theme."""
    themes = list(plan.themes.order_by("number"))
    place = next((at for at, theme in enumerate(themes) if theme.slug == slug), None)
    if place is None:
        return None
    theme = themes[place]
    actions = Action.objects.filter(theme=theme).with_standing(position).in_order()
    lines = [make_action_line(action, position.on) for action in actions]
    readings = _read_theme(theme, area_code, position)
    return ThemePage(
        theme=theme,
        row=make_theme_row(theme, lines),
        lines=lines,
        bullets=make_bullet_lines(theme, position, readings),
        figures=make_figure_rows([one for one in readings if _speaks_to_theme(one)], position),
        previous=themes[place - 1] if place else None,
        following=themes[place + 1] if place + 1 < len(themes) else None,
    )


def _read_theme(theme: Theme, area_code: str, position: Position) -> list[IndicatorReading]:
    """What speaks to the theme, and what its lines of the paper cite."""
    evidence = Evidence.objects.filter(theme=theme, indicator=OuterRef("indicator"))
    cited = BulletOutcome.objects.filter(bullet__theme=theme, series__isnull=False)
    series = Series.objects.annotate(speaks_to_theme=Exists(evidence)).filter(
        Q(speaks_to_theme=True) | Q(pk__in=cited.values("series"))
    )
    return make_series_readings(series, area_code, position, are_compared=False)


def _speaks_to_theme(one: IndicatorReading) -> bool:
    series: Any = one.series[0].series
    return series.speaks_to_theme


def make_bullet_lines(
    theme: Theme, position: Position, readings: Sequence[IndicatorReading] = ()
) -> list[BulletLine]:
    """The paper's lines under the theme, each with everything that it became."""
    outcomes = (
        BulletOutcome.objects.filter(bullet__theme=theme)
        .filter(known_by(position, "bullet__paper__"))
        .select_related("action", "bullet")
        .order_by("bullet__paper", "bullet__order", "id")
    )
    by_bullet: dict[Bullet, list[BulletOutcome]] = {}
    for outcome in outcomes:
        by_bullet.setdefault(outcome.bullet, []).append(outcome)
    said = make_outcomes(list(outcomes), position, readings)
    return [
        BulletLine(
            bullet.reference,
            bullet.statement,
            bullet.note,
            [said[row.pk] for row in rows if row.pk in said],
        )
        for bullet, rows in by_bullet.items()
    ]


@dataclass(frozen=True)
class ActionPage:
    action: Action
    line: ActionLine
    updates: list[ProgressUpdate]
    said: list[Said]
    date_changes: list[DateChange]
    judgements: list[tuple[str, str]]
    bullet_lines: list[tuple[str, str, str]]
    siblings: list[Outcome]
    figures: list[IndicatorRow]
    became: list[Action]
    history: list[HistoryLine]


def make_action_page(
    plan: Plan, reference: str, position: Position, area_code: str
) -> ActionPage | None:
    """None where the plan had no such action at the position."""
    actions = Action.objects.of(plan).filter(reference=reference).with_history(position)
    actions = actions.select_related("theme__plan", "comes_from")
    action: Any = actions.first()
    if action is None:
        return None
    outcomes = list(
        BulletOutcome.objects.filter(bullet__outcomes__action=action)
        .filter(known_by(position, "bullet__paper__"))
        .select_related("action", "bullet")
        .order_by("id")
    )
    source = {row.bullet_id: row.bullet for row in outcomes if row.action_id == action.pk}
    others = [row for row in outcomes if row.action_id != action.pk]
    readings = make_series_readings(
        Series.objects.filter(indicator__actions=action), area_code, position, are_compared=False
    )
    return ActionPage(
        action=action,
        line=make_action_line(action, position.on),
        updates=action.known_updates,
        said=make_all_said(action.known_updates),
        date_changes=action.known_date_changes,
        judgements=[
            (link.judgement.title, reverse("judgement", args=[link.judgement.slug]))
            for link in action.known_judgements
        ],
        bullet_lines=[
            (bullet.reference, bullet.statement, bullet_url(action.theme.slug, bullet.reference))
            for bullet in source.values()
        ],
        siblings=list(make_outcomes(others, position, readings).values()),
        figures=make_figure_rows(readings, position),
        became=[
            one
            for one in action.became.known(position)
            .select_related("theme__plan__paper")
            .order_by("reference")
            if one.theme.plan.is_known(position)
        ],
        history=make_history(action, position),
    )
