"""What the indicators’ pages cost: queries, and weight on the line."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from measuring.budgets import PAGE_KB, QUERIES, count_beyond

from performance.models import Area, Indicator, Measurement, Series
from tests.conftest import position_on

pytestmark = pytest.mark.django_db

LIST = "/performance/"
NUMBER = "/performance/indicators/looked-after-number/"
RATE = "/performance/indicators/looked-after-rate/"
ABSENCE = "/performance/indicators/persistent-absence/"


@pytest.fixture
def later(settings):
    """The site stands at the end of 2025, when the whole run of figures is out."""
    settings.POSITION_DATE = position_on(2025, 12, 31).on


# The budget is 12; one indicator in full still asks three more than that.
QUERIES_OF_ONE = QUERIES


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return count_beyond(query["sql"] for query in captured.captured_queries)


def add_indicators(count, *, in_panel_set):
    """Indicators of a series each, with six years' figures of the council and of its region."""
    indicators = Indicator.objects.bulk_create(
        Indicator(code=f"more-{in_panel_set}-{place}".lower(), title=f"More {place}", unit="%",
                  short_title=f"More {place}", polarity="higher", in_panel_set=in_panel_set)
        for place in range(count)
    )  # fmt: skip
    series = Series.objects.bulk_create(
        Series(code=f"{one.code}.made-up", indicator=one, source="Made up", source_short="Made up",
               kind_of_figure="in_period", periods="financial year", suppression="as_published")
        for one in indicators
    )  # fmt: skip
    areas = Area.objects.filter(code__in=["336", "333"])
    known = Measurement.objects.at(position_on(2016, 10, 5)).first()
    assert areas.count() == 2
    Measurement.objects.bulk_create(
        Measurement(series=one, area=area, value=50 + year % 7, known_from=known.known_from,
                    known_from_basis="customary", period_start=f"{year - 1}-04-01",
                    period_end=f"{year}-03-31", period_label=f"{year - 1}/{year % 100}")
        for one in series for area in areas for year in range(2010, 2016)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "limit"),
    [(LIST, QUERIES), (f"{LIST}?show=all", QUERIES), (NUMBER, QUERIES_OF_ONE)],
)
def test_a_page_costs_few_queries_and_the_same_with_300_indicators(councillor, address, limit):
    before = queries(councillor, address)
    add_indicators(300, in_panel_set=True)
    assert queries(councillor, address) == before <= limit
    add_indicators(50, in_panel_set=False)
    assert queries(councillor, address) == before


@pytest.mark.parametrize(
    ("address", "limit"),
    [(LIST, QUERIES), (f"{LIST}?show=all", QUERIES), (RATE, QUERIES_OF_ONE),
     (ABSENCE, QUERIES_OF_ONE), (NUMBER, QUERIES_OF_ONE)],
)  # fmt: skip
def test_a_page_of_2025_costs_few_queries(councillor, later, address, limit):
    assert queries(councillor, address) <= limit


def test_a_file_costs_few_queries(councillor, later):
    assert queries(councillor, f"{NUMBER}?_export=csv") <= QUERIES
    assert queries(councillor, f"{LIST}?show=all&_export=csv") <= QUERIES


def test_no_page_weighs_more_than_its_budget_packed(councillor, later):
    codes = Indicator.objects.values_list("code", flat=True)
    addresses = [LIST, f"{LIST}?show=all", *(f"/performance/indicators/{code}/" for code in codes)]
    weights = {}
    for address in addresses:
        response = councillor.get(address, headers={"accept-encoding": "gzip"})
        assert response["Content-Encoding"] == "gzip"
        weights[address] = len(response.content)
    assert {address: size for address, size in weights.items() if size > PAGE_KB * 1000} == {}
