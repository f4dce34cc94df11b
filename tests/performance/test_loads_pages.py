"""The web door of the loads: the same ladder for each page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from performance.models import Load, Measurement, PeriodLock
from tests.performance.load_factories import (
    LOADS,
    OTHERS,
    every_state,
    full_report,
    make_load,
    make_withdrawal,
    person,
)

pytestmark = pytest.mark.django_db

# Each address, what its page says, and which roles beside the data admin may open it.
WATCHERS = ["director", "scrutiny-officer"]
PAGES = {
    "": ("Every file that was given", WATCHERS),
    "new/": ("Give the file as it is", []),
    "{screened}/": ("Nothing has been loaded yet.", WATCHERS),
    "{refused}/": ("Nothing was loaded.", WATCHERS),
    "{loaded}/": ("Three late returns.", WATCHERS),
    "{withdrawn}/": ("This load was withdrawn", WATCHERS),
    "{withdrawal}/": ("The wrong quarter.", WATCHERS),
    "{lapsed}/": ("This file was not loaded within 24 hours", WATCHERS),
    "{discarded}/": ("data-admin discarded this file on 5 October 2016, 11:00", WATCHERS),
    "{refused}/problems.csv": ("E0800031", []),
    "{loaded}/withdraw/": ("No figure of today changes by it.", []),
    "locks/": ("No period is locked.", []),
}
POSTED = {
    "new/": ["GET", "HEAD", "POST"],
    "{screened}/confirm/": ["POST"],
    "{screened}/discard/": ["POST"],
    "{loaded}/withdraw/": ["GET", "HEAD", "POST"],
    "locks/": ["GET", "HEAD", "POST"],
}
BESIDE = 4


@pytest.fixture
def states(db):
    return {name: load.pk for name, load in every_state().items()}


@pytest.mark.parametrize(("page", "said"), [(page, said) for page, (said, _) in PAGES.items()])
def test_page_works(admin, states, page, said):
    response = admin.get(LOADS + page.format(**states))
    assert response.status_code == 200
    assert said in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", OTHERS)
def test_page_by_role(sign_in, states, role, page):
    may = role in PAGES[page][1]
    response = sign_in(role).get(LOADS + page.format(**states))
    assert response.status_code == (200 if may else 403)


@pytest.mark.parametrize("page", POSTED)
@pytest.mark.parametrize("role", OTHERS)
def test_nothing_is_taken_from_the_other_roles(sign_in, states, role, page):
    before = list(Load.objects.values("pk", "state"))
    assert sign_in(role).post(LOADS + page.format(**states), {"reason": "x"}).status_code == 403
    assert list(Load.objects.values("pk", "state")) == before
    assert not PeriodLock.objects.exists()


@pytest.mark.parametrize("page", [*PAGES, *POSTED])
def test_page_sends_the_signed_out_to_sign_in(nobody, states, page):
    response = nobody.get(LOADS + page.format(**states))
    assert response.status_code == 302
    assert response.url.startswith("/sign-in/?next=")


@pytest.mark.parametrize("number", ["999999999", "99999999999999999999"])
@pytest.mark.parametrize("page", ["", "problems.csv", "withdraw/"])
def test_an_unknown_load_helps(admin, number, page):
    response = admin.get(f"{LOADS}{number}/{page}")
    assert response.status_code == 404
    assert f"There is no load {number}" in response.content.decode()


def test_an_unknown_lock_helps(admin):
    response = admin.get(f"{LOADS}locks/99999999999999999999/lift/")
    assert response.status_code == 404
    assert "There is no such lock in force" in response.content.decode()


@pytest.mark.parametrize("page", [*PAGES, *POSTED])
def test_only_what_a_page_takes_is_taken(admin, states, page):
    where = LOADS + page.format(**states)
    assert admin.delete(where).status_code == 405
    if page not in POSTED:
        assert admin.post(where).status_code == 405
    elif "GET" not in POSTED[page]:
        assert admin.get(where).status_code == 405


@pytest.mark.parametrize("page", POSTED)
def test_a_form_from_elsewhere_is_not_taken(states, page):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person())
    assert strict.post(LOADS + page.format(**states), {"reason": "x"}).status_code == 403


def test_loads_says_so_when_there_are_none(admin):
    Measurement.objects.update(load=None)
    Load.objects.all().delete()
    assert "No file has been given yet." in admin.get(LOADS).content.decode()


def test_loads_lists_newest_first_in_pages(admin):
    made = [make_load("refused").pk for _ in range(60)]
    first = admin.get(LOADS).content.decode()
    assert first.index(f"{LOADS}{made[-1]}/") < first.index(f"{LOADS}{made[-2]}/")
    assert f"{LOADS}{made[0]}/" not in first
    assert f"{LOADS}{made[0]}/" in admin.get(LOADS, {"page": "2"}).content.decode()
    assert admin.get(LOADS, {"page": "-1"}).status_code == 200


def test_loads_costs_the_same_with_more_on_it(admin):
    def queries(where):
        admin.get(where)
        with CaptureQueriesContext(connection) as captured:
            admin.get(where)
        return len(captured) - BESIDE

    one = make_withdrawal(make_load("loaded"))
    before = queries(LOADS), queries(f"{LOADS}{one.pk}/")
    for _ in range(12):
        more = make_withdrawal(make_load("loaded", report=full_report()))
    assert (queries(LOADS), queries(f"{LOADS}{more.pk}/")) == before
    assert max(before) <= 8


def test_a_list_of_loads_fetches_no_bytes_and_no_report(admin):
    make_load(report=full_report())
    with CaptureQueriesContext(connection) as captured:
        admin.get(LOADS)
    asked = [one["sql"] for one in captured if "performance_load" in one["sql"]]
    assert asked
    assert not any('"content"' in sql or '"report"' in sql for sql in asked)


def test_only_who_may_see_them_is_offered_the_loads(admin, sign_in, councillor):
    for client, may in ((admin, True), (sign_in("director"), True), (councillor, False)):
        assert (f'href="{LOADS}"' in client.get("/glossary/").content.decode()) == may
