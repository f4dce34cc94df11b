"""Each figure is credited to where it came from, which its series need not say."""

import pytest

from performance.importer.withdrawal import withdraw
from performance.models import Load, Measurement
from performance.presenters.indicator import make_indicator_page
from performance.presenters.readings import make_readings
from tests.conftest import position_on
from tests.performance.load_factories import INTERVIEWS, LOADS, REVISED, give, person, quarter, read
from tests.performance.made_up_figures import (
    COUNCIL,
    at_noon,
    make_load,
    make_series,
    make_year,
    make_years,
)

pytestmark = pytest.mark.django_db

ON = position_on(2016, 10, 5)
AS_NAMED = "The figure is as the source named above gives it."
PAPER = "Report to the panel, 2015"
RELEASE = "Children in need, reporting year 2015"


@pytest.fixture
def series():
    """Three years of figures as its source gives them."""
    made = make_series(source=PAPER)
    make_years(made, 2013, [40, 41, 42], load=make_load(form="folder"))
    return made


def own(day="2016-09-01", **words):
    return make_load(title="our own layout", released_at=at_noon(day), **words)


def published(title=RELEASE, **words):
    return make_load(form="published", title=title, **words)


def section_of(series, position=ON):
    return make_indicator_page(series.indicator, COUNCIL, position).main


def test_what_came_with_the_series_is_as_its_source_says(series, councillor):
    section = section_of(series)
    assert (section.source, section.heading) == (PAPER, "Council")
    body = councillor.get(f"/performance/indicators/{series.indicator.code}/").content.decode()
    assert AS_NAMED in body


def test_the_council_s_own_figure_says_when_it_was_loaded(series, councillor):
    make_year(series, 2016, 46, load=own())
    section = section_of(series)
    words = f"The council’s own figures, loaded on 1 September 2016. Earlier figures: {PAPER}"
    assert section.source == words
    assert section.chart.source == f"Source: {words}."
    assert section.heading == "Council; latest figure loaded on 1 September 2016"
    body = councillor.get(f"/performance/indicators/{series.indicator.code}/").content.decode()
    assert f"<dd>{words}." in body
    assert f'<p class="chart-source">Source: {words}.</p>' in body
    assert f'data-source="Source: {words}."' in body
    assert AS_NAMED not in body


def test_own_figures_of_several_loads_name_the_last(series):
    make_year(series, 2012, 39, load=own("2016-08-01"))
    make_year(series, 2016, 46, load=own())
    assert section_of(series).source == (
        f"The council’s own figures, loaded on 1 September 2016. Earlier figures: {PAPER}"
    )


def test_where_every_figure_is_the_council_s_own_the_series_source_stays_named():
    made = make_series(source="The case system")
    make_year(made, 2016, 46, load=own())
    assert section_of(made).source == (
        "The council’s own figures, loaded on 1 September 2016. Kept under the source The case "
        "system"
    )


def test_a_back_load_of_own_figures_was_not_loaded_on_the_day_it_is_known_from(series):
    make_year(series, 2016, 46, load=own(is_back_load=True))
    assert section_of(series).source.startswith(
        "The council’s own figures, loaded later, as known on 1 September 2016."
    )


def test_before_the_load_its_figure_is_credited_to_nobody(series):
    make_year(series, 2016, 46, known="2016-09-01", load=own())
    assert section_of(series, position_on(2016, 8, 31)) is None
    make_year(series, 2011, 38, known="2016-08-01", load=make_load(form="folder"))
    assert section_of(series, position_on(2016, 8, 31)).source == PAPER


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Department for Education, children in need, release of 2016",
         f"Department for Education: {RELEASE}. Earlier figures: Department for Education, "
         "children in need, release of 2016"),
        ("Department for Education, children in need, release of 2015",
         "Department for Education, children in need, release of 2015"),
    ],
)  # fmt: skip
def test_another_release_than_the_source_says_is_named(series, councillor, source, expected):
    series.source = source
    series.save()
    make_year(series, 2016, 46, load=published())
    section = section_of(series)
    assert section.source == expected
    assert section.chart.source == f"Source: {expected}."
    body = councillor.get(f"/performance/indicators/{series.indicator.code}/").content.decode()
    assert AS_NAMED in body


def test_more_than_two_other_releases_are_counted(series):
    for year in (2009, 2010, 2011, 2012):
        make_year(series, year, 39, load=published(f"Children in need, reporting year {year}"))
    make_year(series, 2016, 46, load=own())
    assert section_of(series).source == (
        f"The council’s own figures, loaded on 1 September 2016. Earlier figures: {PAPER}; "
        "Department for Education: Children in need, reporting year 2012; and 3 more releases"
    )


def test_a_replaced_figure_is_credited_to_what_replaced_it_from_that_day(series):
    make_year(series, 2016, 46, known="2016-08-01", until="2016-09-05",
              load=make_load(form="folder"))  # fmt: skip
    make_year(series, 2016, 48, known="2016-09-05", load=own("2016-09-05"))
    Measurement.objects.filter(series=series, period_end__lt="2016-01-01").update(
        known_from=at_noon("2016-08-01")
    )
    assert section_of(series, position_on(2016, 9, 4)).source == PAPER
    assert "loaded on 5 September 2016" in section_of(series, position_on(2016, 9, 5)).source


def test_the_list_says_that_the_latest_figure_was_loaded(series, councillor):
    make_year(series, 2016, 46, load=own())
    body = councillor.get("/performance/?show=all&_export=csv").content.decode()
    assert "Council; latest figure loaded on 1 September 2016" in body


def test_the_file_credits_each_figure(series, councillor):
    make_year(series, 2016, 46, load=own())
    where = f"/performance/indicators/{series.indicator.code}/?_export=csv"
    lines = councillor.get(where).content.decode().splitlines()
    latest = next(line for line in lines if "2015/16" in line)
    assert "The council’s own figures, loaded on 1 September 2016" in latest
    assert PAPER not in latest
    assert PAPER in next(line for line in lines if "2014/15" in line)


def credit_of_interviews():
    row = Measurement.objects.filter(series__code=INTERVIEWS).first()
    position = position_on(2016, 10, 5)
    readings = make_readings([row.series.indicator], COUNCIL, position)[0]
    return next(one for one in readings.series if one.series.code == INTERVIEWS).credit.words


def load_it(client, *rows):
    give(client, quarter(*rows))
    load = Load.objects.latest("id")
    client.post(f"{LOADS}{load.pk}/confirm/", read(load, reason="Late returns."))
    return load


def test_after_a_withdrawal_the_figure_that_stands_again_keeps_its_credit(admin):
    before = credit_of_interviews()
    assert before.startswith("Report to the ")
    load = load_it(admin, REVISED)
    assert credit_of_interviews().startswith("The council’s own figures, loaded on 5 October 2016")
    withdraw(load, by=person(), reason="The wrong quarter.")
    assert credit_of_interviews() == before


def test_a_figure_that_another_load_repeated_is_credited_to_that_one():
    made = make_series(source=PAPER)
    gone, repeats = published(state="withdrawn"), own("2016-09-03")
    make_year(made, 2016, 46, load=gone, repeated_by=[repeats.pk])
    assert "loaded on 3 September 2016" in section_of(made).source


def test_a_withdrawn_load_is_still_credited_on_the_days_before():
    made = make_series(source=PAPER)
    make_year(made, 2016, 46, until="2016-09-10", load=own(state="withdrawn"))
    assert "loaded on 1 September 2016" in section_of(made, position_on(2016, 9, 9)).source
