"""Loading a file that was screened, and discarding it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from performance.importer.loading import AnotherReport
from performance.importer.loading import confirm as confirm_read
from performance.models import Indicator, Load, Measurement, PeriodLock
from tests.performance.load_factories import (
    CHILDREN,
    INTERVIEWS,
    LOADS,
    REVISED,
    full_report,
    give,
    make_load,
    page_of,
    person,
    quarter,
    read,
    take_away,
)

pytestmark = pytest.mark.django_db

ANEW = "The record changed since this file was screened: read the report again."
NEW_ROW = [INTERVIEWS, "August 2016", "52"]
PAGE = "/performance/indicators/return-interviews-72-hours/"


def given(client, *rows, **words):
    """The load that waits after the file was given."""
    give(client, quarter(*rows), **words)
    load = Load.objects.latest("id")
    assert load.state == "screened", load.report
    return load


def confirm(client, load, **words):
    """The page that an admin comes to who pressed the button."""
    sent = read(load) | words
    body = client.post(f"{LOADS}{load.pk}/confirm/", sent, follow=True).content.decode()
    load.refresh_from_db()
    return body


def lock():
    PeriodLock.objects.create(
        period_start="2016-07-01", period_end="2016-07-31", locked_by=person(), reason="Agreed."
    )


def current(code, label):
    found = Measurement.objects.current().filter(series__code=code, period_label=label)
    return list(found.values_list("value", flat=True))


def test_load_confirm_puts_the_figures_on_record_and_on_the_councillors_page(admin, councillor):
    load = given(admin)
    assert "52%" not in councillor.get(PAGE).content.decode()
    body = confirm(admin, load)
    assert f"Load {load.pk} is loaded: the panel’s pages have its figures." in body
    assert (load.state, load.loaded_by, load.content) == ("loaded", person(), None)
    assert current(CHILDREN, "30 September 2016") == [640]
    assert current(INTERVIEWS, "August 2016") == [52]
    assert "52%" in councillor.get(PAGE).content.decode()


def test_load_confirm_keeps_the_reason_beside_the_restated_figure(admin, councillor):
    load = given(admin, REVISED)
    confirm(admin, load, reason="Late returns.")
    assert (load.state, load.reason) == ("loaded", "Late returns.")
    assert current(INTERVIEWS, "July 2016") == [48]
    body = councillor.get(PAGE).content.decode()
    assert "Figures that were restated" in body
    assert "46% until 5 October 2016, now 48%" in body
    assert "Late returns." in body


def test_load_confirm_asks_why_only_where_something_is_revised(admin):
    revising = given(admin, REVISED)
    body = confirm(admin, revising)
    assert "Say why: members read it beside the restated figure." in body
    assert '<a href="#id_reason">' in body
    assert revising.state == "screened"
    assert current(INTERVIEWS, "July 2016") == [46]
    adding = given(admin)
    confirm(admin, adding)
    assert adding.state == "loaded"


def test_load_confirm_twice_loads_once(admin):
    load = given(admin)
    confirm(admin, load)
    figures = Measurement.objects.count()
    again = confirm(admin, load)
    assert f"Load {load.pk} is loaded already: nothing was loaded twice." in again
    assert Measurement.objects.count() == figures


def test_load_confirm_after_the_record_changed_shows_the_report_anew(admin):
    """Two files say something of July: the second is read again once the first is loaded."""
    first, second = given(admin, REVISED), given(admin, [INTERVIEWS, "July 2016", "48"], NEW_ROW)
    confirm(admin, first, reason="Late returns.")
    body = confirm(admin, second, reason="Late returns.")
    assert ANEW in body
    assert "2 rows read: 1 figure is new, 0 are revised, 1 as on record." in body
    assert second.state == "screened"
    assert current(INTERVIEWS, "August 2016") == []
    confirm(admin, second)
    assert second.state == "loaded"
    assert current(INTERVIEWS, "August 2016") == [52]


def test_a_report_that_was_made_anew_is_read_before_it_is_confirmed(admin):
    """A second click is of the page that was before."""
    first, second = given(admin, REVISED), given(admin, REVISED, NEW_ROW)
    clicked = read(second, reason="Late returns.")
    confirm(admin, first, reason="Late returns.")
    for _ in range(2):
        assert ANEW in confirm(admin, second, **clicked)
        assert second.state == "screened"
        assert current(INTERVIEWS, "August 2016") == []
    page = page_of(admin, second.pk)
    assert f'<input type="hidden" name="shown" value="{second.report_print}">' in page
    assert second.report_print != clicked["shown"]
    assert ANEW in confirm(admin, second, shown="")
    with pytest.raises(AnotherReport):
        confirm_read(second, by=person(), shown=clicked["shown"])
    confirm(admin, second)
    assert second.state == "loaded"


def test_the_same_file_is_loaded_once(admin):
    load, same = given(admin), given(admin)
    confirm(admin, load)
    body = confirm(admin, same)
    assert same.state == "refused"
    assert f"as load {load.pk}: there is nothing new in it" in body
    body = give(admin).content.decode()
    assert f"as load {load.pk}: there is nothing new in it" in body


def test_load_confirm_after_a_day_says_that_it_is_too_late(admin):
    load = make_load(hours_ago=25)
    body = confirm(admin, load)
    assert "was not loaded: it waits no more" in body
    assert load.state == "screened"


def test_a_locked_period_needs_who_may_unlock_and_a_reason(admin):
    lock()
    load = given(admin, REVISED)
    assert "Say why a locked period is changed." in confirm(admin, load, reason="Late returns.")
    take_away("unlock_period")
    assert "You cannot load this file." in page_of(admin, load.pk)
    body = confirm(admin, load, reason="Late returns.", unlock_reason="x")
    assert "which your role may not change" in body
    assert load.state == "screened"
    assert current(INTERVIEWS, "July 2016") == [46]


def test_a_locked_period_is_passed_with_a_reason(admin):
    lock()
    load = given(admin, REVISED)
    confirm(admin, load, reason="Late returns.", unlock_reason="Agreed.")
    assert (load.state, load.unlock_reason) == ("loaded", "Agreed.")
    assert current(INTERVIEWS, "July 2016") == [48]


def test_a_period_that_is_locked_meanwhile_is_not_changed(admin):
    """The report that the person read knew of no lock: the new one does, and asks why."""
    load = given(admin, REVISED)
    lock()
    body = confirm(admin, load, reason="Late returns.")
    assert ANEW in body
    assert "1 figure is of a period that is locked." in body
    assert "Why figures of a locked period are changed" in body
    assert "Late returns.</textarea>" in body
    assert load.state == "screened"
    assert current(INTERVIEWS, "July 2016") == [46]
    confirm(admin, load, reason="Late returns.", unlock_reason="Agreed.")
    assert (load.state, load.unlock_reason) == ("loaded", "Agreed.")
    assert current(INTERVIEWS, "July 2016") == [48]


def test_a_reason_outlives_every_report_that_is_made_anew(admin):
    """Also where the page was of an earlier report, and the second click says so."""
    first, second = given(admin, REVISED), given(admin, [INTERVIEWS, "July 2016", "49"])
    clicked = read(second, reason="Counted again.")
    confirm(admin, first, reason="Late returns.")
    for _ in range(2):
        body = confirm(admin, second, **clicked)
        assert ANEW in body
        assert "Counted again.</textarea>" in body
    assert "Counted again." not in page_of(admin, second.pk)


def test_a_period_that_is_locked_meanwhile_stops_who_may_not_unlock(admin):
    load = given(admin, REVISED)
    lock()
    take_away("unlock_period")
    body = confirm(admin, load, reason="Late returns.")
    assert ANEW in body
    assert "which your role may not change" in body
    assert load.state == "screened"
    assert current(INTERVIEWS, "July 2016") == [46]


def test_a_back_load_is_loaded_only_by_who_may(admin):
    load = make_load(is_back_load=True, report=full_report(revised=0))
    take_away("back_load")
    body = confirm(admin, load)
    assert "which your role may not load" in body
    assert load.state == "screened"


def test_load_discard(admin):
    load = given(admin)
    body = admin.post(f"{LOADS}{load.pk}/discard/", follow=True).content.decode()
    load.refresh_from_db()
    assert (load.state, load.content) == ("lapsed", None)
    assert "was discarded. Nothing of it was loaded." in body
    again = admin.post(f"{LOADS}{load.pk}/discard/", follow=True).content.decode()
    assert "was not loaded: it waits no more" in again
    assert current(INTERVIEWS, "August 2016") == []


def links_of(body):
    part = re.search(r'<ul class="[^"]*" id="changed">.*?</ul>', body, re.S)
    return re.findall(r'href="(/performance/indicators/[^"]+)"', part[0]) if part else []


def test_a_loaded_file_leads_to_the_indicators_whose_figures_it_changed(admin):
    as_on_record = [CHILDREN, "8 August 2016", "638"]
    load = given(admin, NEW_ROW, as_on_record)
    assert links_of(page_of(admin, load.pk)) == []
    assert links_of(confirm(admin, load)) == [PAGE]


def test_of_a_large_load_the_first_dozen_are_named_without_a_query_for_each(admin):
    load = make_load("loaded", released_at="2016-10-05T09:00:00Z")
    with CaptureQueriesContext(connection) as without:
        page_of(admin, load.pk)
    shown = Indicator.objects.filter(series__measurements__isnull=False).distinct()[:15]
    for one in shown:
        figure = Measurement.objects.filter(series__indicator=one)[:1]
        Measurement.objects.filter(pk__in=figure).update(load=load)
    with CaptureQueriesContext(connection) as many:
        body = page_of(admin, load.pk)
    assert len(links_of(body)) == 12
    assert "and 3 more" in body
    assert len(many) == len(without)


def test_a_load_that_members_read_later_leads_nowhere_yet(admin):
    load = make_load("loaded", released_at="2016-10-20T09:00:00Z")
    figure = Measurement.objects.filter(series__code=CHILDREN)[:1]
    Measurement.objects.filter(pk__in=figure).update(load=load)
    assert links_of(page_of(admin, load.pk)) == []
