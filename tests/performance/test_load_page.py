"""The page of one load, with the report of its file, in each of its states."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from performance.importer.screening_report import ScreeningReport
from performance.models import Load
from performance.presenters.load_words import say_loaded
from tests.performance.load_factories import (
    LOADS,
    every_state,
    figure,
    full_report,
    make_load,
    make_withdrawal,
    page_of,
    refused_report,
)

pytestmark = pytest.mark.django_db


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
        "Figures of the file beside those before", "Load these 92 figures", "Discard this file",
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
        (
            "withdrawal",
            "1 figure went back to the value before; 2 were taken out; 1 stayed, since it was",
        ),
    ],
)
def test_counts_are_said_as_the_load_stands(admin, name, said):
    assert said in page_of(admin, every_state()[name].pk)


def test_long_tables_are_cut_and_say_so(admin):
    lines = [figure(number) for number in range(60)]
    report = full_report(revisions=lines, revisions_total=1200)
    body = page_of(admin, make_load(report=report).pk)
    assert body.count('data-label="Before"') == 50
    assert "And 1,150 more, not listed here." in body


def test_revisions_of_other_areas_are_folded_after_the_councils_own(admin):
    lines = [figure(number) for number in range(3)]
    lines += [figure(number, area="Dudley") for number in range(60)]
    body = page_of(admin, make_load(report=full_report(revisions=lines, revisions_total=1200)).pk)
    own, folded = body.split("1,197 figures of other areas</summary>")
    assert own.count('data-label="Before"') == 3
    assert folded.count('data-label="Before"') == 50
    assert "And 1,147 more, not listed here." in folded


def test_a_revised_figure_is_drawn_beside_what_it_replaces(admin):
    line = figure(unit="%", old="46", new="49", last="40", why="moved")
    body = page_of(admin, make_load(report=full_report(movements=[line])).pk)
    assert "Children in care is revised: from 46% to 49%, +3 points." in body
    assert "46% → 49%, revised" in body


def test_a_reader_who_may_not_load_is_not_told_to_mend_the_file(sign_in):
    body = page_of(sign_in("director"), make_load("refused", report=refused_report()).pk)
    assert "3 things are wrong with the file." in body
    assert "mend them" not in body


@pytest.mark.parametrize(
    ("kind", "said", "heading"),
    [
        ("loaded", "This file has been loaded already.", "Give another file"),
        ("earlier", "Its figures are older than what is on record.", "Give it again"),
        (
            "day",
            "The day from which its figures were known is missing or to come.",
            "Give it again",
        ),
        ("no map", "This is none of the files that are read here.", "Give another file"),
    ],
)
def test_a_file_with_nothing_to_mend_says_so(admin, kind, said, heading):
    report = refused_report(1)
    report.refused_as = kind
    body = page_of(admin, make_load("refused", report=report, title="").pk)
    assert said in body
    assert f">{heading}</h2>" in body
    assert "Read this file</button>" in body
    for wrong in ("Mend the file", "mend it", "What to mend", "Read as"):
        assert wrong not in body
    assert (" open><summary>" in body) == (kind in ("earlier", "day"))
    assert ("tick “This is an earlier release: a back-load”" in body) == (kind == "earlier")
    assert ("sources that are read</a>" in body) == (kind == "no map")


def test_a_load_of_a_release_to_come_says_from_when_members_read_it():
    load = make_load("loaded")
    at = load.released_at
    on = timezone.localdate(at)
    assert say_loaded(load, on).endswith("the panel’s pages have its figures.")
    assert "members read it from " in say_loaded(load, on - timedelta(days=1))


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


def test_an_empty_report_still_has_a_page(admin):
    load = make_load("loaded", report=ScreeningReport())
    Load.objects.filter(pk=load.pk).update(report={})
    assert "0 rows read" in page_of(admin, load.pk)
