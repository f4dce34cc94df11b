"""Giving a file: what is said of it, and what is answered in words."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from performance.models import Load, Measurement
from tests.performance.load_factories import (
    INTERVIEWS,
    LOADS,
    REVISED,
    give,
    page_of,
    person,
    quarter,
    read,
    take_away,
)

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024


def test_load_new_screens_and_keeps_what_was_said(admin):
    response = give(admin, sheet=" Quarter 2 ", released_on="2016-10-03", is_back_load="on")
    load = Load.objects.latest("id")
    assert response.redirect_chain == [(f"{LOADS}{load.pk}/", 302)]
    assert (load.state, load.received_by) == ("screened", person())
    assert load.options["sheet"] == "Quarter 2"
    assert load.is_back_load
    assert "Nothing has been loaded yet." in response.content.decode()


def test_load_new_reports_what_the_file_would_change_and_changes_nothing(admin):
    before = Measurement.objects.count()
    body = give(admin, quarter(REVISED, [INTERVIEWS, "August 2016", "52"])).content.decode()
    assert "2 rows read: 1 figure is new, 1 is revised, 0 as on record." in body
    assert 'data-label="Before">46%</td>' in body
    assert 'data-label="Now">48%</td>' in body
    assert "Load these 2 figures" in body
    assert Measurement.objects.count() == before
    assert bytes(Load.objects.latest("id").content).startswith(b"series,period,value")


def test_load_new_that_is_refused_shows_every_problem(admin):
    rows = [
        [INTERVIEWS, "E0800031", "August 2016", "52"],
        [INTERVIEWS, "336", "August 2016", "#VALUE!"],
        [INTERVIEWS, "336", "September 2016", "140"],
        [INTERVIEWS, "336", "Octember 2016", "52"],
        ["return-interviews-72-hour.council", "336", "August 2016", "52"],
    ]
    body = give(admin, quarter(*rows, head=["series", "area", "period", "value"])).content.decode()
    load = Load.objects.latest("id")
    assert (load.state, load.content) == ("refused", None)
    assert "5 things are wrong with the file: mend them and give it again." in body
    for said in (
        "did you mean “E08000031” Wolverhampton?", "#VALUE!", "a figure from 0 to 100%",
        "Octember 2016", "this is no period that is known here", f"did you mean “{INTERVIEWS}”?",
    ):  # fmt: skip
        assert said in body, said
    assert body.count('data-label="Expected"') == 5
    assert "Read the mended file" in body


def test_the_mended_file_is_screened_after_the_refused_one(admin):
    give(admin, quarter([INTERVIEWS, "August 2016", "many"]))
    refused = Load.objects.latest("id")
    give(admin, quarter([INTERVIEWS, "August 2016", "52"]))
    mended = Load.objects.latest("id")
    assert (refused.state, mended.state) == ("refused", "screened")
    assert "Load this figure" in page_of(admin, mended.pk)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "picture"),
        (b"just some words\n", "only one column was found: is this a table"),
        (b"series,period,value\n", "no row"),
    ],
)
def test_load_new_of_what_is_no_table_is_refused_in_words(admin, content, said):
    body = give(admin, content).content.decode()
    assert Load.objects.latest("id").state == "refused"
    assert said in body


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


def test_load_new_of_a_file_that_is_loaded_leads_to_its_load(admin):
    give(admin, quarter(REVISED))
    load = Load.objects.latest("id")
    admin.post(f"{LOADS}{load.pk}/confirm/", read(load, reason="Late returns."))
    body = give(admin, quarter(REVISED)).content.decode()
    assert "This file has been loaded already." in body
    assert f'<a class="govuk-link" href="{LOADS}{load.pk}/">The load of this file' in body


def test_load_new_offers_the_releases_that_have_maps(admin):
    body = admin.get(f"{LOADS}new/").content.decode()
    assert '<option value="b1_children_in_need_2013_to_2025.csv">Children in need' in body


def test_load_new_offers_a_back_load_only_to_who_may(admin):
    assert "an earlier release: a back-load" in admin.get(f"{LOADS}new/").content.decode()
    take_away("back_load")
    assert "an earlier release: a back-load" not in admin.get(f"{LOADS}new/").content.decode()
    give(admin, is_back_load="on")
    assert not Load.objects.latest("id").is_back_load


# What is too large.


@pytest.mark.parametrize(("rows", "state"), [(100_000, "screened"), (100_001, "refused")])
def test_a_file_of_too_many_rows_is_refused_in_words(admin, rows, state):
    """The same row so often is as quickly read as any other."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '30s'")
    body = give(admin, quarter(*[[INTERVIEWS, "August 2016", "52"]] * rows)).content.decode()
    assert Load.objects.latest("id").state == state
    said = "there are more than 100,000 rows, the most that are taken here"
    assert (said in body) == (state == "refused")
    assert body.count('data-label="Expected"') == (state == "refused")


def test_a_file_of_too_many_rows_that_are_wrong_says_first_that_they_are_too_many(admin):
    body = give(admin, quarter(*[[INTERVIEWS, "August 2016", "1.2.3"]] * 100_001)).content.decode()
    report = Load.objects.latest("id").report
    assert (report["problems_total"], len(report["problems"])) == (100_001, 1_000)
    lead = "Nothing was loaded.</strong> The file has more rows than are taken here: part it, or"
    assert lead in body
    assert "things are wrong" not in body
    first, second, *_ = re.findall(r'data-label="Expected">([^<]+)<', body)
    assert first.startswith("there are more than 100,000 rows, the most that are taken here")
    assert "a number" in second
    assert body.count('data-label="Expected"') == 100


@pytest.mark.parametrize("size", [20 * MEGABYTE + 1, 21 * MEGABYTE, 26 * MEGABYTE])
def test_a_file_that_is_too_large_is_answered_with_a_sentence(size):
    """A little too large is read and refused; far too large is not read, and the answer the same.
    With the mark against forged forms, which stands before the file."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person())
    body = browser.get(f"{LOADS}new/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)[1]
    before = Load.objects.count()
    response = give(browser, b"x" * size, csrfmiddlewaretoken=token)
    assert response.status_code == 200
    assert "The file is larger than 20 MB" in response.content.decode()
    assert Load.objects.count() == before


def test_a_file_is_never_laid_on_the_disk(admin, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "is-not-there")
    give(admin, b"x" * (5 * MEGABYTE))
    assert Load.objects.latest("id").size == 5 * MEGABYTE


def test_loads_says_of_a_file_that_was_not_read_no_layout(admin):
    give(admin, b"PK\x03\x04 no figures", name="word.docx")
    give(admin, quarter([INTERVIEWS, "August 2016", "x1"]), name="slip.csv")
    slip = Load.objects.latest("id").pk
    listed = admin.get(LOADS).content.decode()
    assert f"Load {slip - 1}: not read" in listed
    assert f"Load {slip}: our own layout" in listed
