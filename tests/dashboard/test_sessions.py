"""How long one stays signed in, and that nothing typed is lost when one no longer is."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.models import User
from dashboard.signing_in.sessions import SEEN_AT, SIGNED_IN_AT
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

MINUTE = 60


def back_date(client: Client, **minutes: float) -> None:
    """As if what the session notes had been noted so many minutes earlier."""
    session = client.session
    for name, each in minutes.items():
        session[name] -= each * MINUTE
    session.save()


def test_a_session_ends_after_its_idle_time_and_says_so(councillor):
    back_date(councillor, seen_at=61)
    response = councillor.get("/plan/")
    assert response.url == "/sign-in/?next=/plan/&ended=idle"
    page = councillor.get(response.url).content.decode()
    assert "nothing was done for 60 minutes" in page
    signed_in = councillor.post(
        response.url, {"login": "councillor", "password": PASSWORD, "next": "/plan/"}
    )
    assert signed_in.url == "/plan/"


def test_it_slides_while_something_is_done(councillor):
    for _ in range(3):
        back_date(councillor, seen_at=59)
        assert councillor.get("/plan/").status_code == 200


def test_it_ends_after_twelve_hours_in_any_case(councillor):
    back_date(councillor, signed_in_at=12 * 60 + 1)
    response = councillor.get("/plan/")
    assert response.url.endswith("&ended=day")
    assert "twelve hours" in councillor.get(response.url).content.decode()


def test_the_idle_time_is_a_setting(councillor, settings):
    settings.SESSION_IDLE_MINUTES = 5
    back_date(councillor, seen_at=6)
    assert councillor.get("/plan/").status_code == 302


def test_a_session_that_was_ended_is_gone_from_the_database(councillor):
    key = councillor.session.session_key
    back_date(councillor, seen_at=61)
    councillor.get("/plan/")
    assert not Session.objects.filter(pk=key).exists()


def test_a_session_from_before_times_were_noted_is_over(councillor):
    session = councillor.session
    del session[SEEN_AT], session[SIGNED_IN_AT]
    session.save()
    assert councillor.get("/plan/").status_code == 302


def test_pages_in_quick_succession_write_nothing(councillor):
    councillor.get("/glossary/")
    with CaptureQueriesContext(connection) as captured:
        councillor.get("/glossary/")
    assert not [query for query in captured if "UPDATE" in query["sql"]]


@pytest.mark.parametrize("address", ["/healthz/", "/readyz/"])
def test_the_operators_pages_touch_no_session(councillor, address):
    with CaptureQueriesContext(connection) as captured:
        assert councillor.get(address).status_code == 200
    assert not [query for query in captured if "session" in query["sql"]]


SENT = {"reason": "Three returns came late.", "password1": "two words", "number": "7"}


def test_a_form_that_meets_an_ended_session_gives_the_words_back(sign_in):
    admin = sign_in("data-admin")
    back_date(admin, seen_at=61)
    where = "/performance/loads/locks/"
    response = admin.post(where, SENT, headers={"referer": f"http://testserver{where}"})
    body = response.content.decode()
    assert response.status_code == 403
    assert "Three returns came late." in body
    assert "two words" not in body
    assert f'href="/sign-in/?next={where}&amp;ended=idle"' in body


def test_so_does_one_whose_session_is_no_longer_there(sign_in):
    admin = sign_in("data-admin")
    Session.objects.all().delete()
    response = admin.post("/performance/loads/locks/", SENT)
    assert response.status_code == 403
    assert "Three returns came late." in response.content.decode()
    assert 'href="/sign-in/?next=/"' in response.content.decode()


def test_so_does_one_that_was_signed_out_in_another_tab_with_every_word(nobody):
    sent = {
        "title": "Placements", "a20-narrative": "Reviewed,\nagreed", "completed_on": "22/08/2016",
        "evidence_links": "https://council.example/x", "submission": "ab-12", "a20-revision": "3",
        "password": "Plum-barge", "opened_at": "1-a", "cites": "17",
    }  # fmt: skip
    body = nobody.post("/plan/keep/5.13/reword/", sent).content.decode()
    for name in ("title", "a20-narrative", "completed_on", "evidence_links"):
        assert sent[name] in body
    for name in ("submission", "password", "opened_at"):
        assert sent[name] not in body


def test_a_page_elsewhere_is_not_gone_back_to(sign_in):
    admin = sign_in("data-admin")
    back_date(admin, seen_at=61)
    response = admin.post("/people/invite/", SENT, headers={"referer": "https://evil.example/x"})
    assert "evil.example" not in response.content.decode()


@pytest.mark.parametrize(
    "told", [{"origin": "https://evil.example"}, {"origin": "null"}, {"referer": "https://evil.example/x"}]
)  # fmt: skip
def test_words_that_somebody_elses_page_sent_are_not_shown_under_our_heading(nobody, told):
    for browser in (nobody, Client(enforce_csrf_checks=True)):
        there = browser.post("/plan/keep/5.13/reword/", SENT, headers=told)
        assert "Three returns came late." not in there.content.decode()
    ours = {"origin": "http://testserver", "referer": "http://testserver/plan/"}
    shown = nobody.post("/plan/keep/5.13/reword/", SENT, headers=ours)
    assert "Three returns came late." in shown.content.decode()


def test_a_form_of_an_earlier_session_gives_the_words_back():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="data-admin"))
    response = strict.post("/performance/loads/locks/", SENT)
    assert response.status_code == 403
    assert "Three returns came late." in response.content.decode()
    told = strict.post("/performance/loads/locks/", SENT, headers={"x-requested-with": "fetch"})
    assert (told.status_code, told.json()) == (401, {"signed_out": True})


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_script_is_told(councillor, nobody, method):
    back_date(councillor, seen_at=61)
    for browser in (councillor, nobody):
        response = getattr(browser, method)("/plan/", headers={"x-requested-with": "fetch"})
        assert (response.status_code, response.json()) == (401, {"signed_out": True})


def test_a_substitutes_last_day_ends_the_session(sign_in):
    substitute = sign_in("substitute")
    person = User.objects.filter(username="substitute")
    person.update(last_day="2016-10-05")
    assert substitute.get("/").status_code == 200
    person.update(last_day="2016-10-04")
    assert substitute.get("/").status_code == 302
    answer = substitute.post("/sign-in/", {"login": "substitute", "password": PASSWORD})
    assert substitute.get("/").status_code == 302, answer
