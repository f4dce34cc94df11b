"""A file that waits with words that are being looked at: held back, and neither loaded nor lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from improvement.changes import ask_removal, confirm_removal, decline_removal
from improvement.models import Action, PlanLoad
from performance.importer.own_export import as_csv
from performance.models import Load, Measurement
from tests.improvement.conftest import NOW, ON
from tests.improvement.plan_sheets import edited
from tests.performance.load_factories import CHILDREN, LOADS, give, quarter

pytestmark = pytest.mark.django_db

NAME = "Zebedee Quill"
HELD = "holds words that are being looked at for personal information"
PLAN_LOADS = "/plan/loads/"


@pytest.fixture
def admin(sign_in):
    return sign_in("data-admin")


@pytest.fixture
def chief(sign_in):
    return sign_in("director")


@pytest.fixture
def figures(admin):
    head = ("series", "period", "value", "note")
    give(admin, quarter([CHILDREN, "30 September 2016", "640", f"Ask {NAME}."], head=head))
    return Load.objects.latest("id")


@pytest.fixture
def sheet(chief):
    content = as_csv(edited("5.13", "title", f"Help {NAME}"))
    chief.post(PLAN_LOADS, {"file": SimpleUploadedFile("plan.csv", content)})
    return PlanLoad.objects.first()


@pytest.fixture
def load_figures(admin, figures):
    return lambda: admin.post(f"{LOADS}{figures.pk}/confirm/", follow=True).content.decode()


@pytest.fixture
def load_sheet(chief, sheet):
    where = f"{PLAN_LOADS}{sheet.pk}/confirm/"
    return lambda: chief.post(where, {"reason": "Agreed."}, follow=True).content.decode()


def ask(officer):
    return ask_removal(words=NAME, reason="It names a child.", by=officer, on=ON, now=NOW)


def put_back(removal, by):
    decline_removal(removal=removal, reason="It is the name of a street.", by=by, now=NOW)


def test_figures_are_held_back_and_load_when_the_words_are_put_back(
    figures, load_figures, officer, director
):
    removal = ask(officer)
    assert HELD in load_figures()
    figures.refresh_from_db()
    assert figures.state == "screened"
    assert NAME not in str(figures.report)
    put_back(removal, director)
    assert "is loaded" in load_figures()
    assert Measurement.objects.filter(note=f"Ask {NAME}.").exists()


def test_a_plans_spreadsheet_is_held_back_and_loads_when_the_words_are_put_back(
    sheet, load_sheet, officer, director
):
    removal = ask(officer)
    body = load_sheet()
    assert HELD in body
    assert NAME not in body
    sheet.refresh_from_db()
    assert sheet.state == "screened"
    assert NAME not in str(sheet.report)
    put_back(removal, director)
    assert "“plan.csv” is loaded." in load_sheet()
    assert Action.objects.filter(title=f"Help {NAME}").exists()


def test_a_file_that_was_given_since_is_held_back_too(officer, request):
    Action.objects.filter(reference="1.02").update(title=NAME)
    ask(officer)
    assert HELD in request.getfixturevalue("load_figures")()
    assert HELD in request.getfixturevalue("load_sheet")()


def test_a_file_whose_name_is_hidden_keeps_its_bytes(admin, figures, load_figures, officer):
    Load.objects.filter(pk=figures.pk).update(file_name="About the Jabberwock.csv")
    ask_removal(words="Jabberwock", reason="A name.", by=officer, on=ON, now=NOW)
    assert HELD in load_figures()
    figures.refresh_from_db()
    assert figures.content


def test_both_are_dropped_when_the_words_are_taken_out(
    figures, sheet, load_figures, load_sheet, officer, director
):
    confirm_removal(removal=ask(officer), reason="It does.", by=director, on=ON, now=NOW)
    assert "waits no more" in load_figures()
    assert "waits no more" in load_sheet()
    assert not Measurement.objects.filter(note__contains=NAME).exists()
