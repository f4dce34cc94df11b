"""What the plan has to do with one indicator: judgements, themes, actions, lines of the paper."""

from dataclasses import dataclass

from django.urls import reverse

from dashboard.presenters.citations import BulletLink, link_measurements
from dashboard.presenters.indicators import EvidenceLinks, read_evidence_links
from dashboard.reading import plans_shown
from improvement.models import Action
from improvement.presenters import ActionLine, make_action_line
from performance.calculations.position import Position
from performance.models import Indicator
from performance.presenters import format_measurement, make_target_text
from performance.presenters.readings import IndicatorReading


@dataclass(frozen=True)
class CitedFigure:
    """A figure or target that a line of the paper gives, and those lines."""

    anchor: str
    text: str
    links: list[BulletLink]


@dataclass(frozen=True)
class InThePlan:
    judgements: list[tuple[str, str]]
    themes: list[tuple[str, str]]
    actions: list[ActionLine]
    cited: list[CitedFigure]


def make_in_the_plan(
    indicator: Indicator, readings: IndicatorReading, position: Position
) -> InThePlan:
    """Empty lists where no plan is held. At most five queries."""
    links: EvidenceLinks = read_evidence_links()
    plan = plans_shown(position).values("pk")[:1]
    moved = Action.objects.filter(indicators=indicator, theme__plan__in=plan)
    actions = moved.with_standing(position).in_order()
    return InThePlan(
        judgements=[
            (title, reverse("judgement", args=[slug]))
            for slug, title in links.judgements.get(indicator.pk, {}).items()
        ],
        themes=[
            (title, reverse("improvement:theme", args=[slug]))
            for slug, title in links.themes.get(indicator.pk, {}).items()
        ],
        actions=[make_action_line(action, position.on) for action in actions],
        cited=_cited(readings, position),
    )


def _cited(readings: IndicatorReading, position: Position) -> list[CitedFigure]:
    rows = [row for one in readings.series for row in reversed(one.rows)]
    targets = [target for one in readings.series for target in one.targets]
    links = link_measurements(rows, targets, readings.indicator.pk, position)
    restated, withdrawn = (
        {(one.series.pk, each.span) for one in readings.series for each in one.restated
         if each.is_withdrawn is is_withdrawn}
        for is_withdrawn in (False, True)
    )  # fmt: skip
    words = {}
    for row in rows:
        said = f"{format_measurement(row)}, {row.period_label}"
        key = (row.series_id, (row.period_start, row.period_end))
        if key in restated:
            said += " (as it stands now: it was restated)"
        elif key in withdrawn:
            said += " (as it stands now: another figure was withdrawn)"
        words[f"figure-{row.pk}"] = said
    words |= {
        f"target-{target.pk}": f"Target: {make_target_text(target)}, {target.period_label}"
        for target in targets
    }
    return [CitedFigure(anchor, text, links[anchor]) for anchor, text in words.items()
            if anchor in links]  # fmt: skip
