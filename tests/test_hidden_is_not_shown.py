"""What is hidden leaves no trace: two councils' worth of pages that differ only in hidden counts.

Every page, picture, file, order and heading is made once with 3 and 7 hidden, and once with 2
and 8. Whatever drew, sorted, rated, averaged or compared a hidden count would differ.
"""

import re
from itertools import product

import pytest

from improvement.models import Action, Bullet, BulletOutcome, Evidence, Judgement, Theme
from performance.models import Area, ComparatorMember, Measurement, Target
from tests.performance.stored_tables import (
    KNOWN_FROM,
    PERIOD,
    a_row,
    link,
    make_indicator,
    make_series,
    year,
)

pytestmark = pytest.mark.django_db

EARLIER = [43, 52, 38, 47, 61, 44, 57, 49, 66, 51, 58, 46, 53, 60]


class Homes:
    """Forty children in three homes, in every year to 2014/15, and what share is in each.

    In the last year one home has few; `pair` says how the ten of the two smaller homes split.
    """

    def __init__(self):
        self.council = Area.objects.get(code="336")
        counted = make_indicator("homes", tolerance=2, is_key=True, polarity="lower")
        shared = make_indicator("homes-share", "%", decimals=1, is_key=True)
        names = ("a", "all", "b", "c")
        self.series = {name: make_series(counted, f"homes-{name}", order=at)
                       for at, name in enumerate(names)}  # fmt: skip
        for name in "abc":
            link(self.series[name], "part_of", self.series["all"], "by-home")
        for at, name in enumerate("ab"):
            share = make_series(shared, f"homes-share-{name}", order=at)
            link(share, "made_from", self.series[name])
            link(share, "out_of", self.series["all"])
            self.series[f"share {name}"] = share
        self.indicators = [counted, shared]

    def load(self, pair):
        """These rows in place of those before; their ids are the same each time."""
        mine = Measurement.objects.filter(series__in=self.series.values())
        mine.delete()
        first = 10_000_000
        rows = []
        for area in (self.council, *near(self.council)):
            rows += self._rows(area, pair, 2014)
            for back, value in enumerate(EARLIER, 1):
                rows += self._rows(area, (value, value + 10), 2014 - back)
        for pk, row in enumerate(rows, first):
            row.pk = pk
        Measurement.objects.bulk_create(rows)

    def _rows(self, area, pair, first):
        few, more = pair
        total = few + more + 30
        counts = {"a": few, "b": more, "c": 30, "all": total}
        made = [a_row(self.series[name], area, value, year(first), note=f"Home of {value}.")
                for name, value in counts.items()]  # fmt: skip
        return made + [
            a_row(self.series[f"share {name}"], area, round(value * 100 / total, 1), year(first),
                  numerator=value, denominator=total)
            for name, value in (("a", few), ("b", more))
        ]  # fmt: skip


def near(council):
    """A few of its neighbours, so that averages and ranks have something to rest on."""
    members = ComparatorMember.objects.filter(for_area=council).order_by("group", "rank")
    return [member.area for member in members.select_related("area")[:6]]


@pytest.fixture
def homes():
    """Cited wherever a figure can be: with targets, a judgement, a theme, an action, the paper."""
    made = Homes()
    start, end, label = PERIOD
    dated = {"area": made.council, "period_start": start, "period_end": end}
    judgement, theme = Judgement.objects.get(slug="looked-after-children"), Theme.objects.first()
    bullets = iter(Bullet.objects.filter(theme=theme))
    for series in made.series.values():
        Target.objects.create(series=series, high=5, period_label=label, known_from=KNOWN_FROM,
                              known_from_basis="stated", **dated)  # fmt: skip
        bullet = next(bullets)
        for kind in ("figure", "target"):
            BulletOutcome.objects.create(bullet=bullet, kind=kind, series=series, **dated)
    for indicator in made.indicators:
        Evidence.objects.create(indicator=indicator, judgement=judgement, is_main=True)
        Evidence.objects.create(indicator=indicator, theme=theme)
        for action in Action.objects.filter(theme=theme)[:2]:
            action.indicators.add(indicator)
    return made


LISTS = [
    *(f"sort={way}{column}" for way, column in product(
        ("", "-"), ("direction", "rating", "change", "due", "title"))),
    "rating=met", "rating=not+met", "rating=no+figure", "direction=better", "direction=worse",
    "direction=up", "direction=down", "change=a+real+change", "change=no+real+change",
    "_export=csv",
]  # fmt: skip
PAGES = ["/", "/plan/", "/judgements/looked-after-children/", "/about-the-data/", "/performance/",
         "/performance/indicators/homes/", "/performance/indicators/homes-share/"]  # fmt: skip


def addresses():
    theme = Theme.objects.first()
    action = Action.objects.filter(theme=theme).first()
    pages = [*PAGES, f"/plan/themes/{theme.slug}/", action.get_absolute_url()]
    files = [f"{page}?_export=csv" for page in PAGES[-2:]]
    lists = [f"/performance/?show=all&{each}" for each in LISTS]
    return [*pages, *files, *lists, *(f"{page}?as_at=2017-02-01" for page in pages)]


def everything(client, homes, pair):
    homes.load(pair)
    return {address: fetched(client, address) for address in addresses()}


def fetched(client, address):
    """The response's body and headers, without what is new in every response."""
    response = client.get(address)
    assert response.status_code == 200, address
    body = re.sub(
        r'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', "", response.content.decode()
    )
    headers = {name: value for name, value in response.headers.items()
               if name not in ("Content-Security-Policy", "Content-Length")}  # fmt: skip
    return body, headers


def test_pages_do_not_differ_by_what_is_hidden(councillor, homes):
    one = everything(councillor, homes, (3, 7))
    other = everything(councillor, homes, (2, 8))
    assert [address for address in one if one[address] != other[address]] == []
    shows_it = [address for address, (body, _) in one.items() if "a small number" in body]
    assert len(shows_it) > 20


def test_pages_do_differ_by_what_is_shown(councillor, homes):
    """The check itself can fail: with 13 and 17 in the homes nothing is hidden."""
    one = everything(councillor, homes, (13, 17))
    other = everything(councillor, homes, (12, 18))
    same = [address for address in one if one[address] == other[address]]
    assert len(same) < len(one) / 2


def test_admin_lists_no_figure_of_a_table_in_which_anything_is_hidden(sign_in, homes):
    homes.load((3, 7))
    client = sign_in("data-admin")
    answer = client.get("/admin/performance/measurement/", {"q": "homes-a"})
    assert answer.context["cl"].result_count == 0
    row = Measurement.objects.filter(series=homes.series["a"]).first()
    where = f"/admin/performance/measurement/{row.pk}/change/"
    assert client.get(where).status_code == 302
