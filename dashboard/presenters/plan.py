"""The plan, a theme and an action."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.urls import reverse

from dashboard.presenters.charts import describe_standings, describe_timeline
from dashboard.presenters.judgement import BulletLink, outcome_bullets, theme_url
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
    with_bullets,
)
from improvement.standing import StandingCount, count_standings
from performance.calculations.position import Position
from performance.charts import ChartView, make_chart_view, segment_bar
from performance.presenters import (
    SeriesFigures,
    format_measurement,
    make_series_figures,
    make_target_text,
)


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
class Outcome:
    """What a line of the paper became, in words, and where on the site it is."""

    kind: str
    text: str
    url: str


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
    previous: Theme | None
    following: Theme | None


def make_theme_page(plan: Plan, slug: str, position: Position) -> ThemePage | None:
    """None where the plan has no such theme."""
    themes = list(plan.themes.order_by("number"))
    place = next((at for at, theme in enumerate(themes) if theme.slug == slug), None)
    if place is None:
        return None
    theme = themes[place]
    actions = Action.objects.filter(theme=theme).with_progress(position).in_order()
    lines = [make_action_line(action, position.on) for action in with_bullets(actions)]
    return ThemePage(
        theme=theme,
        row=make_theme_row(theme, lines),
        lines=lines,
        bullets=make_bullet_lines(theme, position),
        previous=themes[place - 1] if place else None,
        following=themes[place + 1] if place + 1 < len(themes) else None,
    )


def make_bullet_lines(theme: Theme, position: Position) -> list[BulletLine]:
    """The paper's lines under the theme, each with everything that it became. Two queries."""
    outcomes = BulletOutcome.objects.select_related(
        "action", "measurement__series__indicator", "target__series__indicator",
        "statement__judgement", "finding__assessment__judgement",
    )  # fmt: skip
    bullets = (
        Bullet.objects.filter(theme=theme, paper__known_from__lte=position.known_at)
        .order_by("order")
        .prefetch_related(Prefetch("outcomes", queryset=outcomes.order_by("id")))
    )
    homes = _judgement_homes()
    return [
        BulletLine(
            bullet.reference,
            bullet.statement,
            bullet.note,
            [make_outcome(outcome, homes) for outcome in bullet.outcomes.all()],
        )
        for bullet in bullets
    ]


def _judgement_homes() -> dict[int, str]:
    """The judgement whose page shows an indicator's figures, by the indicator's id."""
    return {
        evidence.indicator_id: evidence.judgement.slug
        for evidence in Evidence.objects.filter(is_main=True).select_related("judgement")
        if evidence.judgement
    }


def make_outcome(outcome: BulletOutcome, homes: dict[int, str]) -> Outcome:
    if outcome.action:
        return Outcome("action", str(outcome.action), outcome.action.get_absolute_url())
    if outcome.measurement:
        row = outcome.measurement
        indicator = row.series.indicator
        text = f"{indicator.short_title}: {format_measurement(row)} ({row.period_label})"
        return Outcome("figure", text, _home(homes, indicator.pk, f"figure-{row.pk}"))
    if outcome.target:
        target = outcome.target
        indicator = target.series.indicator
        text = f"{indicator.short_title}: {make_target_text(target)} ({target.period_label})"
        return Outcome("target", text, _home(homes, indicator.pk, f"target-{target.pk}"))
    if outcome.statement:
        slug = outcome.statement.judgement.slug
        return Outcome("statement", outcome.statement.claim, _judgement_url(slug, "statements"))
    assert outcome.finding
    slug = outcome.finding.assessment.judgement.slug
    return Outcome("finding", outcome.finding.text, _judgement_url(slug, "findings"))


def _home(homes: dict[int, str], indicator_id: int, anchor: str) -> str:
    slug = homes.get(indicator_id)
    return _judgement_url(slug, anchor) if slug else ""


def _judgement_url(slug: str, anchor: str) -> str:
    return f"{reverse('judgement', args=[slug])}#{anchor}"


@dataclass(frozen=True)
class ActionPage:
    action: Action
    line: ActionLine
    updates: list[ProgressUpdate]
    date_changes: list[DateChange]
    judgements: list[tuple[str, str]]
    bullet_lines: list[tuple[str, str, str]]
    siblings: list[Outcome]
    series: list[SeriesFigures]
    bullets: dict[str, list[BulletLink]]


def make_action_page(
    plan: Plan, reference: str, position: Position, area_code: str
) -> ActionPage | None:
    """None where the plan had no such action at the position."""
    actions = Action.objects.of(plan).filter(reference=reference).with_progress(position)
    action = next(iter(with_bullets(actions)), None)
    if action is None:
        return None
    source_bullets = [outcome.bullet for outcome in action.known_outcomes]
    siblings = (
        BulletOutcome.objects.filter(bullet__in=source_bullets)
        .exclude(action=action)
        .select_related(
            "action", "measurement__series__indicator", "target__series__indicator",
            "statement__judgement", "finding__assessment__judgement",
        )
        .order_by("id")
    )  # fmt: skip
    homes = _judgement_homes()
    indicators = list(action.indicators.values_list("pk", flat=True))
    return ActionPage(
        action=action,
        line=make_action_line(action, position.on),
        updates=action.known_updates,
        date_changes=action.known_date_changes,
        judgements=[
            (link.judgement.title, reverse("judgement", args=[link.judgement.slug]))
            for link in action.known_judgements
        ],
        bullet_lines=[
            (bullet.reference, bullet.statement, bullet_url(action.theme.slug, bullet.reference))
            for bullet in source_bullets
        ],
        siblings=[make_outcome(row, homes) for row in siblings],
        series=make_series_figures(indicators, area_code, position) if indicators else [],
        bullets=outcome_bullets() if indicators else {},
    )
