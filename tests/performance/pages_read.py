"""Every indicator’s page on two days, and the charts that stand on them."""

from functools import cache

from performance.models import Indicator
from performance.presenters.indicator import make_indicator_page
from tests.conftest import position_on

DAYS = [(2016, 10, 5), (2025, 12, 31)]
WIDE = 760


@cache
def read_pages(day):
    """The page of every indicator that has a figure on the day, by code."""
    position = position_on(*day)
    made = {one.code: make_indicator_page(one, "336", position) for one in Indicator.objects.all()}
    return {code: page for code, page in made.items() if page.main}


def sections_of(page):
    """Each source’s section with what the page knows of its series."""
    read = {f"series-{one.series.pk}": one for one in page.readings.series}
    return [(section, read[section.anchor]) for section in [page.main, *page.others]]


def line_charts(pages):
    """Code, section, reading and chart of every line that is drawn."""
    return [
        (code, section, reading, section.chart)
        for code, page in pages.items()
        for section, reading in sections_of(page)
        if section.chart
    ]


def every_chart(pages):
    lines = [(code, chart) for code, _, _, chart in line_charts(pages)]
    others = [(code, chart) for code, page in pages.items()
              for chart in (page.strip, page.multiples) if chart]  # fmt: skip
    return lines + others
