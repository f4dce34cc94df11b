"""An officer explains a figure: what is kept, who may, and where it shows."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from performance.changes import annotate, close_annotation
from performance.importer.versions import VersionRefused
from performance.models import Annotation, Area
from performance.presenters.indicator import make_indicator_page
from performance.presenters.readings import make_readings
from tests.conftest import position_on
from tests.performance.made_up_figures import (
    COUNCIL,
    at_noon,
    make_series,
    make_year,
    make_years,
    person,
)

pytestmark = pytest.mark.django_db

ON = position_on(2016, 10, 5)
NEW = "/performance/annotations/new/"
MAY = ["officer", "theme-lead", "director", "data-admin"]
MAY_NOT = ["councillor", "chair", "scrutiny-officer"]


@pytest.fixture
def series():
    made = make_series()
    make_years(made, 2010, [40, 42, 41, 43, 42, 41, 46])
    return made


def note(series, words="The form changed.", kind="value", year=2016, known="2016-09-02"):
    return annotate(
        kind=kind, area=Area.objects.get(code=COUNCIL), series=series,
        period_start=date(year - 1, 4, 1), period_end=date(year, 3, 31),
        period_label=f"{year - 1}/{year % 100}", words=words, by=person(), now=at_noon(known),
    )  # fmt: skip


def asked(series, year=2016):
    return {"series": series.code, "start": f"{year - 1}-04-01", "end": f"{year}-03-31"}


def sent(kind="value", words="The form changed.", year=2016):
    return {"period": f"{year - 1}-04-01/{year}-03-31", "kind": kind, "words": words}


def page_of(series, position=ON):
    return make_indicator_page(series.indicator, COUNCIL, position)


def test_annotate_keeps_who_when_and_what(series):
    made = note(series)
    assert (made.made_by, made.known_from, made.words) == (
        person(), at_noon("2016-09-02"), "The form changed.")  # fmt: skip
    assert Annotation.objects.current().get() == made


@pytest.mark.parametrize("wrong", [{"words": ""}, {"series": None}])
def test_annotate_leaves_nothing_behind_when_it_fails(series, wrong):
    facts = {"series": series, "words": "Said."} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        note(**facts)
    assert not Annotation.objects.exists()


def test_a_break_that_stands_is_not_noted_twice(series):
    assert note(series, kind="break") == note(series, "Again.", kind="break", known="2016-09-03")
    assert Annotation.objects.count() == 1


def test_close_keeps_the_words_and_why_they_were_taken_back(series):
    made = note(series)
    closed = close_annotation(
        annotation=made, by=person("director"), now=at_noon("2016-09-09"), reason="It was mended."
    )
    made.refresh_from_db()
    assert made == closed
    assert (made.words, made.closed_by, made.closed_reason) == (
        "The form changed.", person("director"), "It was mended.")  # fmt: skip
    again = close_annotation(
        annotation=made, by=person(), now=at_noon("2016-09-10"), reason="Once more."
    )
    assert again.closed_reason == "It was mended."


def test_close_is_refused_at_the_instant_from_which_it_is_known(series):
    made = note(series)
    with pytest.raises(VersionRefused):
        close_annotation(annotation=made, by=person(), now=made.known_from, reason="Too soon.")
    assert Annotation.objects.current().get() == made


@pytest.mark.parametrize("kind", ["value", "period"])
def test_a_note_shows_beside_its_figure_and_on_the_chart(series, kind):
    note(series, "The form changed", kind=kind)
    chart = page_of(series).main.chart
    assert chart.table.rows[-1][-1].text.endswith("The form changed.")
    for picture in (chart.svg_wide, chart.svg_narrow):
        assert "Note 1. 31 March 2016: The form changed." in picture
    words = [one["text"] for one in chart.figure["layout"]["annotations"]]
    assert "Note 1. 31 March 2016: The form changed." in words
    assert "1" in words


def test_a_note_known_later_than_the_position_does_not_show(series):
    note(series, known="2016-10-06")
    assert "The form changed" not in str(page_of(series).main)


def test_a_closed_note_shows_on_earlier_days_only(series):
    made = note(series)
    close_annotation(annotation=made, by=person(), now=at_noon("2016-09-20"), reason="Mended.")
    assert "The form changed" not in str(page_of(series).main)
    assert "The form changed" in str(page_of(series, position_on(2016, 9, 10)).main)


def test_a_note_about_a_figure_does_not_stand_beside_the_one_that_replaced_it(series):
    note(series, "Counted by hand", kind="value")
    note(series, "A strike", kind="period")
    series.measurements.filter(period_end="2016-03-31").update(known_until=at_noon("2016-09-05"))
    make_year(series, 2016, 48, known="2016-09-05")
    page = page_of(series)
    assert page.main.chart.table.rows[-1][-1].text.endswith("A strike.")
    assert "Counted by hand" not in page.main.chart.svg_wide
    assert page.main.said == []


def test_a_note_of_a_period_without_a_figure_is_said_below(series):
    note(series, "Nobody counted", kind="period", year=2008)
    assert page_of(series).main.said == ["2007/8: Nobody counted."]


def test_a_break_parts_the_series_on_every_page(series):
    make_year(series, 2009, 39)
    before = make_readings([series.indicator], COUNCIL, ON)[0].speaks.reading
    assert before.process.limits is not None
    assert before.directions.short.change == 5
    note(series, "Short breaks are left out.", kind="break")
    after = make_readings([series.indicator], COUNCIL, ON)[0].speaks
    assert after.reading.latest.is_series_break
    assert after.reading.process.limits is None
    assert after.reading.directions.short.change is None
    assert "counted in a new way" in after.sentence.text
    assert not series.measurements.filter(is_series_break=True).exists()


def test_a_break_says_why_in_all_four_renderings(series):
    note(series, "Short breaks are left out.", kind="break", year=2015)
    chart = page_of(series).main.chart
    assert "From 2014/15 on, figures are counted differently." in chart.sentence
    assert "series break: Short breaks are left out" in chart.table.rows[-2][-1].text
    said = "Series break, 2014/15: Short breaks are left out."
    assert said in chart.svg_wide
    assert said in [one["text"] for one in chart.figure["layout"]["annotations"]]


def test_a_break_known_later_or_closed_parts_nothing(series):
    made = note(series, kind="break", known="2016-09-20")
    early = make_readings([series.indicator], COUNCIL, position_on(2016, 9, 10))[0].speaks
    assert not early.reading.latest.is_series_break
    close_annotation(annotation=made, by=person(), now=at_noon("2016-09-25"), reason="Mended.")
    late = make_readings([series.indicator], COUNCIL, ON)[0].speaks
    assert not late.reading.latest.is_series_break
    between = make_readings([series.indicator], COUNCIL, position_on(2016, 9, 22))[0].speaks
    assert between.reading.latest.is_series_break


@pytest.mark.parametrize("role", MAY)
def test_an_officer_explains_a_figure_and_takes_it_back(sign_in, series, role):
    client = sign_in(role)
    address = f"/performance/indicators/{series.indicator.code}/"
    assert f"{NEW}?series=made-up.council&amp;start=2015" in client.get(address).content.decode()
    form = client.get(NEW, asked(series, 2014)).context["form"]
    assert form["period"].value() == "2013-04-01/2014-03-31"
    query = "&".join(f"{key}={value}" for key, value in asked(series).items())
    response = client.post(f"{NEW}?{query}", sent(words="A strike."), follow=True)
    assert response.redirect_chain == [(address, 302)]
    body = response.content.decode()
    assert "Your words stand beside the figure for 2015/16." in body
    assert "Note 1. 31 March 2016: A strike." in body
    close = f"/performance/annotations/{Annotation.objects.get().pk}/close/"
    assert close in body
    assert "A strike." in client.get(close).content.decode()
    response = client.post(close, {"reason": "It was none."}, follow=True)
    assert response.redirect_chain == [(address, 302)]
    assert "A strike." not in response.content.decode()
    assert client.get(close).status_code == 404


@pytest.mark.parametrize("role", MAY_NOT)
def test_a_reader_sees_the_words_and_may_not_add_any(sign_in, series, role):
    made, client = note(series), sign_in(role)
    body = client.get(f"/performance/indicators/{series.indicator.code}/").content.decode()
    assert "The form changed." in body
    assert "/performance/annotations/" not in body
    for address in (f"{NEW}?series={series.code}", f"/performance/annotations/{made.pk}/close/"):
        assert client.get(address).status_code == client.post(address).status_code == 403


def test_the_signed_out_are_sent_to_sign_in(nobody, series):
    for address in (NEW, f"/performance/annotations/{note(series).pk}/close/"):
        response = nobody.get(address)
        assert (response.status_code, response.url[:15]) == (302, "/sign-in/?next=")


@pytest.mark.parametrize("address", [NEW, f"{NEW}?series=nothing", f"{NEW}?series=%00",
                                     "/performance/annotations/999999/close/",
                                     f"/performance/annotations/{2**70}/close/"])  # fmt: skip
def test_what_is_not_there_is_told(sign_in, address):
    assert sign_in("officer").get(address).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"words": " "}, "Say what a reader should know."),
        ({"kind": "rumour"}, "rumour is not one of the available choices"),
        ({"period": "2030-04-01/2031-03-31"}, "is not one of the available choices"),
        ({"words": "x" * 601}, "at most 600 characters"),
        ({"kind": "break", "period": "2013-04-01/2014-03-31"}, "A break stands at that period"),
    ],
)
def test_bad_input_is_told_and_nothing_is_kept(sign_in, series, wrong, said):
    note(series, kind="break", year=2014)
    response = sign_in("officer").post(f"{NEW}?series={series.code}", sent() | wrong)
    assert response.status_code == 200
    body = response.content.decode()
    assert said in body
    assert "There is a problem: nothing was saved" in body
    assert Annotation.objects.count() == 1


def test_taking_back_needs_a_reason(sign_in, series):
    made = note(series)
    address = f"/performance/annotations/{made.pk}/close/"
    assert "Say why: it is kept." in sign_in("officer").post(address).content.decode()
    assert Annotation.objects.current().get() == made


def test_the_box_warns_not_to_name_a_child(sign_in, series):
    client = sign_in("officer")
    for address in (f"{NEW}?series={series.code}",
                    f"/performance/annotations/{note(series).pk}/close/"):  # fmt: skip
        assert "Do not name or describe a child" in client.get(address).content.decode()


def test_a_hidden_figure_is_not_told_by_the_form(sign_in):
    made = make_series("hidden", suppression="local_threshold", threshold=5, counts_children=True)
    made.indicator.unit = "children"
    made.indicator.save()
    make_years(made, 2013, [12, 3, 14])
    body = sign_in("officer").get(NEW, {"series": made.code}).content.decode()
    assert "2013/14: suppressed: a small number could name a child" in body
    assert "3 children" not in body


def test_a_series_without_figures_has_none_to_explain(sign_in):
    empty = make_series("empty")
    body = sign_in("officer").get(NEW, {"series": empty.code}).content.decode()
    assert "There is no figure of this series to explain yet." in body
