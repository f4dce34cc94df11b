"""The data quality page: the ladder, each of its questions, and what it costs."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from measuring.budgets import QUERIES, count_beyond

from dashboard.models import User
from dashboard.presenters.data_quality import make_quality_page, series_looked_at
from performance.changes import annotate
from performance.models import Area, Indicator, Measurement, Series
from tests.conftest import position_on
from tests.performance.made_up_figures import (
    COUNCIL,
    at_noon,
    make_load,
    make_series,
    make_year,
    make_years,
    person,
)

pytestmark = pytest.mark.django_db

QUALITY = "/performance/data-quality/"
ON = position_on(2016, 10, 5)
MAY = ["data-admin", "director", "scrutiny-officer"]
MAY_NOT = ["councillor", "chair", "officer", "theme-lead"]


@pytest.fixture
def later(settings):
    settings.POSITION_DATE = date(2025, 12, 31)


def table(series, anchor, position=ON):
    """The sentence of the question, and the words of each of its rows."""
    page = make_quality_page(Series.objects.filter(pk=series.pk), COUNCIL, position)
    (found,) = [one for one in page.tables if one.anchor == anchor]
    return found.sentence, [(row.words, row.more) for row in found.rows]


@pytest.mark.parametrize("role", MAY)
def test_page_works_for_who_may(sign_in, role):
    body = sign_in(role).get(QUALITY).content.decode()
    assert "Nothing is late." in body
    assert f'href="{QUALITY}" aria-current="page"' in body


@pytest.mark.parametrize("role", MAY_NOT)
def test_page_is_closed_to_others(sign_in, role):
    client = sign_in(role)
    assert client.get(QUALITY).status_code == 403
    assert QUALITY not in client.get("/performance/").content.decode()


def test_page_of_the_first_of_all_days_is_no_fault(sign_in):
    assert sign_in("director").get(QUALITY, {"as_at": "0001-01-01"}).status_code == 200


def test_page_is_closed_to_a_person_without_a_role(client):
    client.force_login(User.objects.create_user("without-a-role"))
    assert client.get(QUALITY).status_code == 403


def test_page_sends_the_signed_out_to_sign_in(nobody):
    response = nobody.get(QUALITY)
    assert (response.status_code, response.url[:15]) == (302, "/sign-in/?next=")


def test_page_is_not_posted_to(sign_in):
    assert sign_in("data-admin").post(QUALITY).status_code == 405


@pytest.mark.parametrize("number", ["0", "x", "-1", "²", "9" * 30, ""])
def test_an_unknown_load_is_told(sign_in, number):
    response = sign_in("data-admin").get(QUALITY, {"load": number})
    assert response.status_code == 404
    assert "There is no load of that number." in response.content.decode()


def test_a_load_shows_its_own_series_and_no_other(sign_in):
    load, theirs = make_load(), make_series("theirs")
    mine = make_series("mine", next_due_on=date(2016, 10, 1))
    mine.indicator.in_panel_set = False
    mine.indicator.save()
    make_year(mine, 2016, 46, load=load)
    repeated = make_year(theirs, 2016, 46)
    assert set(series_looked_at(load, COUNCIL, is_all=False)) == {mine}
    Measurement.objects.filter(pk=repeated.pk).update(repeated_by=[load.pk])
    assert set(series_looked_at(load, COUNCIL, is_all=False)) == {mine, theirs}
    body = sign_in("data-admin").get(QUALITY, {"load": load.pk}).content.decode()
    assert f"The figures of load {load.pk}, quarter.csv" in body
    assert "2 series hold figures" in body
    assert "One indicator is late." in body


def test_the_panels_set_is_looked_at_and_the_rest_is_asked_for():
    outside = make_series("outside")
    outside.indicator.in_panel_set = False
    outside.indicator.save()
    assert outside not in series_looked_at(None, COUNCIL, is_all=False)
    assert outside in series_looked_at(None, COUNCIL, is_all=True)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2016, 10, 4), [("Was due on 4 October 2016.", "The last is for 2015/16.")]),
        (date(2016, 10, 5), []),
        (date(2016, 9, 1), []),
    ],
)
def test_late_is_what_was_due_and_has_not_come_since(due, said):
    series = make_series(next_due_on=due)
    make_year(series, 2016, 46, known="2016-09-01")
    assert table(series, "late")[1] == said


def test_late_is_also_what_its_source_has_announced():
    series = make_series(next_published_on=date(2016, 10, 4))
    make_year(series, 2016, 46, known="2016-09-01")
    assert table(series, "late")[0] == "One indicator is late."


def test_late_is_also_what_breaks_its_rhythm():
    series = make_series()
    make_years(series, 2012, [40, 41, 42], known="2015-01-01")
    ((words, _),) = table(series, "late")[1]
    assert words == "By its rhythm, the next figure should have come by 1 July 2016."


def test_missing_is_a_period_between_two_others():
    series = make_series()
    for year in (2012, 2013, 2014, 2016):
        make_year(series, year, 40)
    sentence, rows = table(series, "missing")
    assert sentence == "One period is missing between two others."
    assert rows == [("Nothing is held between 2013/14 and 2015/16.", "")]


def test_suppressed_counts_symbols_and_never_tells_what_they_hide():
    series = make_series(suppression="local_threshold", threshold=5, counts_children=True)
    Indicator.objects.filter(pk=series.indicator_id).update(unit="children")
    make_years(series, 2012, [33, 4, 3, None, 34])
    ((words, more),) = table(series, "suppressed")[1]
    assert words == "Hidden: a small number (2 figures); not available (1 figure)"
    assert more == "Of 5 figures; the latest is for 2014/15."


def test_restated_holds_the_last_twelve_months():
    series = make_series()
    for year, day in ((2013, "2015-10-05"), (2014, "2015-10-07"), (2015, "2016-10-01")):
        make_year(series, year, 46, known="2015-09-01", until=day)
        make_year(series, year, 48, known=day)
    sentence, rows = table(series, "restated")
    assert sentence == "Two restatements or withdrawals were made in the last twelve months."
    assert rows == [
        ("2014/15: 46% until 1 October 2016, now 48%.", "No reason was given."),
        ("2013/14: 46% until 7 October 2015, now 48%.", "No reason was given."),
    ]


def test_restated_counts_a_withdrawal_as_one():
    series = make_series()
    loaded = make_load(state="withdrawn")
    withdrawal = make_load("The wrong quarter", "withdrawal", withdraws=loaded)
    make_year(series, 2015, 46, known="2016-08-01", until="2016-09-05")
    make_year(series, 2015, 84, known="2016-09-05", until="2016-09-08", load=loaded)
    make_year(series, 2015, 46, known="2016-09-08", load=withdrawal)
    sentence, rows = table(series, "restated")
    assert sentence == "One restatement or withdrawal was made in the last twelve months."
    assert rows == [
        ("2014/15: it was 46%, then 84% from 5 September 2016 until it was withdrawn on "
         "8 September 2016, now 46%.", "Figures withdrawn: The wrong quarter."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([4, 46], ["46% for 2015/16 is over ten times the 4% before it."]),
        ([46, 4], ["4% for 2015/16 is under a tenth of the 46% before it."]),
        ([4, None, 46], ["46% for 2015/16 is over ten times the 4% before it."]),
        ([46, 47], []),
        ([46, None], []),
        ([46], []),
        ([46, 47, 46, 47, 46, 47, 60],
         ["60% for 2015/16 lies outside the range of the figures before it."]),
        ([46, 47, 46, 47, 46, 60], []),
    ],
)  # fmt: skip
def test_suspicious_is_the_latest_figure_beside_those_before(values, said):
    series = make_series()
    make_years(series, 2017 - len(values), values)
    assert [words for words, _ in table(series, "suspicious")[1]] == said


def explain(series, kind, words):
    return annotate(
        kind=kind, area=Area.objects.get(code=COUNCIL), series=series,
        period_start=date(2015, 4, 1), period_end=date(2016, 3, 31), period_label="2015/16",
        words=words, by=person(), now=at_noon("2016-09-02"),
    )  # fmt: skip


def test_an_odd_figure_says_how_it_was_explained():
    series = make_series()
    make_years(series, 2015, [4, 46])
    explain(series, "value", "The new clinic opened.")
    assert table(series, "suspicious")[1][0][1] == "Explained: The new clinic opened."
    sentence, rows = table(series, "explained")
    assert sentence == "One explanation stands."
    assert rows == [("About this figure, 2015/16: The new clinic opened.", "")]


def test_after_a_break_nothing_is_odd_beside_what_was_before():
    series = make_series()
    make_years(series, 2015, [4, 46])
    explain(series, "break", "Now of all children.")
    assert table(series, "suspicious")[1] == []


def test_each_row_leads_to_its_indicator_and_to_the_form(sign_in):
    series = make_series()
    make_years(series, 2015, [4, 46])
    body = sign_in("data-admin").get(QUALITY).content.decode()
    assert f'href="/performance/indicators/made-up/#series-{series.pk}"' in body
    form = "/performance/annotations/new/?series=made-up.council"
    assert f"{form}&amp;start=2015-04-01&amp;end=2016-03-31" in body
    # Nobody is offered what they may not do.
    assert form not in sign_in("scrutiny-officer").get(QUALITY).content.decode()


def test_another_day_is_shown_as_it_was_known(sign_in):
    series = make_series()
    make_year(series, 2015, 4)
    make_year(series, 2016, 46, known="2016-10-01")
    client = sign_in("data-admin")
    odd = "46% for 2015/16 is over ten times"
    assert odd in client.get(QUALITY).content.decode()
    assert odd not in client.get(QUALITY, {"as_at": "2016-09-30"}).content.decode()


def test_what_is_real_is_found_at_the_end_of_2025(sign_in, later):
    body = sign_in("data-admin").get(QUALITY).content.decode()
    assert "87% for 2024/25 is over ten times the 7% before it." in body
    assert "31 March 2024: 522 children until 20 November 2025, now 517 children." in body
    assert "Nothing is held between 2014/15 and 2016/17." in body


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return count_beyond(query["sql"] for query in captured.captured_queries)


@pytest.mark.parametrize("asked", ["", "?all=1", "?load={load}"])
def test_the_page_costs_few_queries_and_the_same_with_300_indicators(sign_in, later, asked):
    client = sign_in("data-admin")
    load = make_load()
    address = QUALITY + asked.format(load=load.pk)
    make_years(make_series(), 2014, [4, 46], load=load)
    before = queries(client, address)
    indicators = Indicator.objects.bulk_create(
        Indicator(code=f"more-{n}", title=f"More {n}", short_title=f"More {n}", unit="%",
                  polarity="higher", kind="performance", in_panel_set=True) for n in range(300)
    )  # fmt: skip
    series = Series.objects.bulk_create(
        Series(code=f"{one.code}.made-up", indicator=one, source="Made up", source_short="Made up",
               kind_of_figure="in_period", periods="financial year", suppression="as_published")
        for one in indicators
    )  # fmt: skip
    council, known = Area.objects.get(code=COUNCIL), at_noon("2016-09-01")
    Measurement.objects.bulk_create(
        Measurement(series=one, area=council, value=value, load=load, known_from=known,
                    known_from_basis="stated", period_start=f"{year - 1}-04-01",
                    period_end=f"{year}-03-31", period_label=f"{year - 1}/{year % 100}")
        for one in series for year, value in ((2012, 4), (2013, 5), (2016, 60))
    )  # fmt: skip
    explain(series[0], "value", "The new clinic opened.")
    assert queries(client, address) == before <= QUERIES
