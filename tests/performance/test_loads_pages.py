"""The web door of the loads: the same ladder for each page."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.models import User
from performance.importer.screening_report import ScreeningReport
from performance.models import Load, Measurement, PeriodLock
from tests.performance.load_factories import (
    every_state,
    figure,
    full_report,
    make_load,
    make_withdrawal,
    person,
    refused_report,
)

pytestmark = pytest.mark.django_db

LOADS = "/performance/loads/"
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
    "{loaded}/withdraw/": ("Where it was revised, the value before counts again.", []),
    "locks/": ("No period is locked.", []),
}
POSTED = {
    "new/": ["GET", "HEAD", "POST"],
    "{screened}/confirm/": ["POST"],
    "{screened}/discard/": ["POST"],
    "{loaded}/withdraw/": ["GET", "HEAD", "POST"],
    "locks/": ["GET", "HEAD", "POST"],
}
OTHERS = ["councillor", "chair", "officer", "theme-lead", "director", "scrutiny-officer"]
BESIDE = 4


@pytest.fixture
def admin(sign_in):
    return sign_in("data-admin")


@pytest.fixture
def states(db):
    return {name: load.pk for name, load in every_state().items()}


def page_of(client, number):
    return client.get(f"{LOADS}{number}/").content.decode()


def give(client, content=b"series,value\n", name="quarter.csv", **words):
    file = SimpleUploadedFile(name, content)
    return client.post(f"{LOADS}new/", {**words, "file": file}, follow=True)


def take_away(*codenames):
    """The data admin's role without these permissions."""
    for group in User.objects.get(username="data-admin").groups.all():
        group.permissions.remove(*group.permissions.filter(codename__in=codenames))


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


# Giving a file.


def test_load_new_screens_and_keeps_what_was_said(admin):
    response = give(admin, sheet=" Quarter 2 ", released_on="2016-11-01", is_back_load="on")
    load = Load.objects.latest("id")
    assert response.redirect_chain == [(f"{LOADS}{load.pk}/", 302)]
    assert load.received_by == person()
    assert load.options["sheet"] == "Quarter 2"
    assert load.is_back_load
    assert "Nothing has been loaded yet." in response.content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose a file."),
        ({"file": SimpleUploadedFile("empty.csv", b"")}, "The file is empty."),
        ({"released_on": "soon"}, "Enter a valid date."),
        ({"release": "nothing.csv"}, "Select a valid choice"),
        ({"sheet": "x" * 61}, "at most 60 characters"),
    ],
)
def test_load_new_says_what_is_wrong(admin, sent, said):
    before = Load.objects.count()
    body = admin.post(f"{LOADS}new/", sent).content.decode()
    assert "There is a problem: nothing was saved" in body
    assert said in body
    # What is wrong within the fold is not hidden in it.
    assert (" open><summary>" in body) == ("file" not in sent and sent != {})
    assert Load.objects.count() == before


def test_load_new_offers_the_releases_that_have_maps(admin):
    body = admin.get(f"{LOADS}new/").content.decode()
    assert '<option value="b1_children_in_need_2013_to_2025.csv">Children in need' in body


def test_load_new_offers_a_back_load_only_to_who_may(admin):
    assert "an earlier release: a back-load" in admin.get(f"{LOADS}new/").content.decode()
    take_away("back_load")
    assert "an earlier release: a back-load" not in admin.get(f"{LOADS}new/").content.decode()
    give(admin, is_back_load="on")
    assert not Load.objects.latest("id").is_back_load


@pytest.mark.parametrize("more", [1, 6 * 1024 * 1024])
def test_a_file_that_is_too_large_is_answered_with_a_sentence(more):
    """A little too large is read and refused; far too large is not read, and the answer the same.
    With the mark against forged forms, which stands before the file."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person())
    body = browser.get(f"{LOADS}new/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)[1]
    before = Load.objects.count()
    content = b"x" * (20 * 1024 * 1024 + more)
    response = give(browser, content, csrfmiddlewaretoken=token)
    assert response.status_code == 200
    assert "The file is larger than 20 MB" in response.content.decode()
    assert Load.objects.count() == before


def test_a_file_is_never_laid_on_the_disk(admin, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "is-not-there")
    give(admin, b"x" * (5 * 1024 * 1024))
    assert Load.objects.latest("id").size == 5 * 1024 * 1024


# One load.


def test_a_refused_load_shows_the_first_hundred_problems_and_a_file_of_all(admin):
    load = make_load("refused", report=refused_report(140))
    body = page_of(admin, load.pk)
    assert "140 things are wrong with the file" in body
    assert "did you mean “E08000031” Wolverhampton?" in body
    assert "And 40 more." in body
    assert "All of them as a CSV file" in body
    assert body.count('data-label="Found"') == 100
    assert 'type="file"' in body
    sent = admin.get(f"{LOADS}{load.pk}/problems.csv")
    assert sent["Content-Disposition"].endswith(f'"load-{load.pk}-problems.csv"')
    rows = list(csv.reader(io.StringIO(sent.content.decode("utf-8-sig"))))
    assert len(rows) == 141
    assert rows[1][:4] == ["quarter.csv", "2", "area", "E0800031"]
    # A formula that was found is not one in the file of problems.
    assert rows[3][3] == "'=1+1"


def test_more_problems_than_are_kept_are_counted(admin):
    body = page_of(admin, make_load("refused", report=refused_report(2500)).pk)
    assert "2,500 things are wrong" in body
    assert "And 2,400 more." in body
    assert "The first 1,000 as a CSV file" in body


def test_a_screened_load_shows_what_it_would_change(admin):
    body = page_of(admin, make_load(report=full_report()).pk)
    for said in (
        "140 rows read: 80 figures are new, 12 are revised, 48 as on record.",
        "Look at these first", "3 figures are unlike what came before.",
        "more than ten times the last figure", "43.5% (30 June 2016)",
        "5 cells: no indicator is kept of it", "1 cell where the file hides the figure",
        "Two columns that are not ours were passed over.",
        "New figures beside the last ones", "Load these 92 figures", "Discard this file",
        "Members read this beside the restated figure.", "Do not name or describe a child.",
        "How many figures of each indicator",
    ):  # fmt: skip
        assert said in body, said
    assert body.count('data-label="Before"') == 12


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("screened", "80 figures are new, 12 are revised"),
        ("loaded", "80 figures were new, 12 were revised"),
        ("lapsed", "2 figures would have been new, 0 would have been revised"),
        ("withdrawal", "1 figure went back to the value before, 2 were taken out, and 1 was left"),
    ],
)
def test_counts_are_said_as_the_load_stands(admin, states, name, said):
    assert said in page_of(admin, states[name])


def test_long_tables_are_cut_and_say_so(admin):
    lines = [figure(number) for number in range(60)]
    report = full_report(revisions=lines, revisions_total=1200)
    body = page_of(admin, make_load(report=report).pk)
    assert body.count('data-label="Before"') == 50
    assert "And 1,150 more, not listed here." in body


def test_a_reader_who_may_not_load_sees_counts_and_no_figure(sign_in):
    report = full_report(locked=[figure(new="3")], locked_total=1)
    loads = [make_load(report=report), make_load("loaded", report=report),
             make_load("refused", report=refused_report()),
             make_withdrawal(make_load("loaded", report=report))]  # fmt: skip
    for load in loads:
        body = page_of(sign_in("director"), load.pk)
        main = body[body.index("<main") : body.index("</main>")]
        assert "The figures themselves are shown to whoever loads them" in main
        for hidden in ("655", "6,550", "43.5", "640", "E0800031", "<form", "<svg"):
            assert hidden not in main, hidden
    assert "80 figures are new" in page_of(sign_in("director"), loads[0].pk)


def test_what_a_file_says_is_not_markup(admin):
    nasty = '<b onclick="x()">'
    report = full_report(revisions=[figure(area=nasty)], movements=[figure(indicator=nasty)])
    body = page_of(admin, make_load(report=report, file_name=f"{nasty}.csv").pk)
    assert nasty not in body


# Loading it.


def test_load_confirm_loads_and_keeps_the_reason(admin):
    load = make_load(report=full_report())
    response = admin.post(f"{LOADS}{load.pk}/confirm/", {"reason": "Late returns."}, follow=True)
    load.refresh_from_db()
    assert (load.state, load.reason, load.loaded_by) == ("loaded", "Late returns.", person())
    assert f"Load {load.pk} is loaded" in response.content.decode()


def test_load_confirm_asks_why_only_where_something_is_revised(admin):
    revising, adding = make_load(report=full_report()), make_load()
    body = admin.post(f"{LOADS}{revising.pk}/confirm/").content.decode()
    assert "Say why: members read it beside the restated figure." in body
    assert '<a href="#id_reason">' in body
    revising.refresh_from_db()
    assert revising.state == "screened"
    admin.post(f"{LOADS}{adding.pk}/confirm/")
    adding.refresh_from_db()
    assert adding.state == "loaded"


def test_load_confirm_twice_loads_once(admin):
    load = make_load()
    admin.post(f"{LOADS}{load.pk}/confirm/")
    again = admin.post(f"{LOADS}{load.pk}/confirm/", follow=True).content.decode()
    assert f"Load {load.pk} is loaded already: nothing was loaded twice." in again


def test_load_confirm_after_a_day_says_that_it_is_too_late(admin):
    load = make_load(hours_ago=25)
    body = admin.post(f"{LOADS}{load.pk}/confirm/", follow=True).content.decode()
    assert "was not loaded: it waits no more" in body
    load.refresh_from_db()
    assert load.state == "screened"


def test_a_locked_period_needs_who_may_unlock_and_a_reason(admin):
    load = make_load(report=full_report(revised=0, locked=[figure()], locked_total=1))
    body = admin.post(f"{LOADS}{load.pk}/confirm/").content.decode()
    assert "Say why a locked period is changed." in body
    take_away("unlock_period")
    assert "You cannot load this file." in page_of(admin, load.pk)
    body = admin.post(f"{LOADS}{load.pk}/confirm/", {"unlock_reason": "x"}).content.decode()
    assert "which your role may not change" in body
    load.refresh_from_db()
    assert load.state == "screened"


def test_a_locked_period_is_passed_with_a_reason(admin):
    load = make_load(report=full_report(revised=0, locked=[figure()], locked_total=1))
    admin.post(f"{LOADS}{load.pk}/confirm/", {"unlock_reason": "Agreed."})
    load.refresh_from_db()
    assert (load.state, load.unlock_reason) == ("loaded", "Agreed.")


def test_a_back_load_is_loaded_only_by_who_may(admin):
    load = make_load(is_back_load=True)
    take_away("back_load")
    body = admin.post(f"{LOADS}{load.pk}/confirm/").content.decode()
    assert "which your role may not load" in body
    load.refresh_from_db()
    assert load.state == "screened"


def test_load_discard(admin):
    load = make_load()
    body = admin.post(f"{LOADS}{load.pk}/discard/", follow=True).content.decode()
    load.refresh_from_db()
    assert (load.state, load.content) == ("lapsed", None)
    assert "was discarded. Nothing of it was loaded." in body
    again = admin.post(f"{LOADS}{load.pk}/discard/", follow=True).content.decode()
    assert "was not loaded: it waits no more" in again


# Taking it out again.


def test_load_withdraw(admin):
    load = make_load("loaded", report=full_report())
    where = f"{LOADS}{load.pk}/withdraw/"
    assert where in page_of(admin, load.pk)
    assert "Say why: it is kept with the load." in admin.post(where).content.decode()
    response = admin.post(where, {"reason": "The wrong quarter."}, follow=True)
    load.refresh_from_db()
    assert load.state == "withdrawn"
    assert response.redirect_chain == [(f"{LOADS}{load.withdrawal.pk}/", 302)]
    assert f"Withdrawn by load {load.withdrawal.pk}" in page_of(admin, load.pk)
    assert admin.get(where).status_code == 404


def test_a_withdrawals_page_says_what_was_put_back_and_what_was_not(admin):
    body = page_of(admin, make_withdrawal(make_load("loaded")).pk)
    assert "What was put back" in body
    assert "What was not put back" in body
    assert 'data-label="Stands">660</td>' in body


@pytest.mark.parametrize("name", ["screened", "refused", "withdrawal", "withdrawn", "lapsed"])
def test_only_a_loaded_file_is_withdrawn(admin, states, name):
    assert admin.get(f"{LOADS}{states[name]}/withdraw/").status_code == 404
    assert "Withdraw this load" not in page_of(admin, states[name])


# Locks.


LOCK = {"period_start": "2016-04-01", "period_end": "2016-06-30", "reason": "Went to the panel."}


def test_locks_locks_and_lists(admin):
    body = admin.post(f"{LOADS}locks/", LOCK, follow=True).content.decode()
    lock = PeriodLock.objects.get()
    assert lock.locked_by == person()
    assert "Locked: 1 April 2016 to 30 June 2016." in body
    assert "Went to the panel." in body


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"period_end": "2016-03-01"}, "It ends before it starts"),
        ({"period_start": ""}, "Fill this in."),
        ({"period_start": "April"}, "Enter a valid date."),
        ({"reason": ""}, "Say why: whoever meets the lock reads it."),
    ],
)
def test_locks_says_what_is_wrong(admin, changed, said):
    assert said in admin.post(f"{LOADS}locks/", LOCK | changed).content.decode()
    assert not PeriodLock.objects.exists()


def test_the_same_days_are_locked_once(admin):
    admin.post(f"{LOADS}locks/", LOCK)
    within = LOCK | {"period_start": "2016-05-01"}
    assert "locked already, by data-admin" in admin.post(f"{LOADS}locks/", within).content.decode()
    assert PeriodLock.objects.count() == 1


def test_lock_lift(admin):
    admin.post(f"{LOADS}locks/", LOCK)
    where = f"{LOADS}locks/{PeriodLock.objects.get().pk}/lift/"
    assert "1 April 2016 to 30 June 2016" in admin.get(where).content.decode()
    assert "Say why: it is kept with the lock." in admin.post(where).content.decode()
    body = admin.post(where, {"reason": "A mistake."}, follow=True).content.decode()
    lock = PeriodLock.objects.get()
    assert (lock.lifted_by, lock.lifted_reason) == (person(), "A mistake.")
    assert "The lock is lifted" in body
    assert "A mistake." in body
    assert admin.get(where).status_code == 404


@pytest.mark.parametrize("role", OTHERS)
def test_lock_lift_by_role(sign_in, admin, role):
    admin.post(f"{LOADS}locks/", LOCK)
    where = f"{LOADS}locks/{PeriodLock.objects.get().pk}/lift/"
    assert sign_in(role).get(where).status_code == 403
    assert sign_in(role).post(where, {"reason": "x"}).status_code == 403
    assert PeriodLock.objects.in_force().exists()


def test_only_who_may_see_them_is_offered_the_loads(admin, sign_in, councillor):
    for client, may in ((admin, True), (sign_in("director"), True), (councillor, False)):
        assert (f'href="{LOADS}"' in client.get("/glossary/").content.decode()) == may


def test_an_empty_report_still_has_a_page(admin):
    load = make_load("loaded", report=ScreeningReport())
    Load.objects.filter(pk=load.pk).update(report={})
    assert "0 rows read" in page_of(admin, load.pk)
