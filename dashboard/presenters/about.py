"""Where each figure and grade comes from."""

from dataclasses import dataclass

from improvement.models import Bullet, Paper
from performance.calculations.position import Position
from performance.models import Measurement, Series


@dataclass(frozen=True)
class AboutPage:
    papers: list[Paper]
    series: list[Series]
    bullets: int
    figures: int


def make_about_page(position: Position, area_code: str) -> AboutPage:
    measurements = Measurement.objects.at(position).for_area(area_code)
    return AboutPage(
        papers=list(Paper.objects.at(position).order_by("published_on")),
        series=list(
            Series.objects.filter(pk__in=measurements.values("series"))
            .select_related("indicator")
            .order_by("indicator__title", "code")
        ),
        bullets=Bullet.objects.at(position).count(),
        figures=measurements.count(),
    )
