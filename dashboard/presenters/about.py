"""Where each figure and grade comes from."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from improvement.models import Action, Bullet, Evidence, Paper
from performance.calculations.position import Position
from performance.models import Measurement, Series


@dataclass(frozen=True)
class AboutPage:
    """`series` and `figures` are what the pages show; `others` counts the series beside them."""

    papers: list[Paper]
    series: list[Series]
    others: int
    bullets: int
    figures: int


def make_about_page(position: Position, area_code: str) -> AboutPage:
    measurements = Measurement.objects.at(position).for_area(area_code)
    # Only what the pages show is looked at, and named one by one, or PostgreSQL may go through
    # every figure of the area: far more may be held.
    shown = set(shown_series().values_list("pk", flat=True))
    held = dict(
        measurements.filter(series__in=shown)
        .order_by()
        .values_list("series")
        .annotate(figures=Count("pk"))
    )
    return AboutPage(
        papers=list(Paper.objects.at(position).order_by("published_on")),
        series=list(
            Series.objects.filter(pk__in=held)
            .select_related("indicator")
            .order_by("indicator__title", "code")
        ),
        others=Series.objects.count() - len(shown),
        bullets=Bullet.objects.at(position).count(),
        figures=sum(held.values()),
    )


def shown_series() -> QuerySet[Series]:
    """Of the panel's indicators, and of what speaks to a judgement, a theme or an action."""
    return Series.objects.filter(
        Q(indicator__in_panel_set=True)
        | Q(indicator__in=Evidence.objects.values("indicator"))
        | Q(indicator__in=Action.indicators.through.objects.values("indicator"))
    )
