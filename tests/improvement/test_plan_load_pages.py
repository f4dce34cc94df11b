"""Loading the plan from a spreadsheet on its pages, and taking it away as one."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

import dashboard.roles
from improvement.models import Action, PlanLoad
from performance.importer.own_export import as_csv
from tests.improvement.conftest import NOW
from tests.improvement.plan_sheets import edited, exported, new_row, rows_in

pytestmark = pytest.mark.django_db

LOADS = "/plan/loads/"
OTHERS = [role.slug for role in dashboard.roles.ROLES if role.slug != "director"]


@pytest.fixture
def chief(sign_in):
    return sign_in("director")


def give(client, sheet):
    """The page that follows the file."""
    file = SimpleUploadedFile("plan.csv", as_csv(sheet), "text/csv")
    return client.post(LOADS, {"file": file}, follow=True).content.decode()


def latest():
    return PlanLoad.objects.first()


def test_a_file_is_read_then_loaded(chief, councillor):
    body = give(chief, edited("5.13", "title", "A strategy for homes"))
    assert "Nothing has been loaded yet." in body
    assert "0 new actions, 1 changed" in body
    assert "Refresh the Sufficiency Strategy" in body
    assert "A strategy for homes" not in councillor.get("/plan/actions/5.13/").content.decode()
    where = f"{LOADS}{latest().pk}/confirm/"
    assert "Say why: it is kept in the history." in chief.post(where).content.decode()
    body = chief.post(where, {"reason": "Agreed."}, follow=True).content.decode()
    assert "“plan.csv” is loaded." in body
    assert "A strategy for homes" in councillor.get("/plan/actions/5.13/").content.decode()
    body = chief.post(where, {"reason": "Agreed."}, follow=True).content.decode()
    assert "is loaded already: nothing was loaded twice" in body


def test_the_report_says_the_first_date_that_is_kept_for_ever(chief):
    assert "<dt>First due date</dt><dd>March 2017</dd>" in give(chief, new_row(first_due="2017-03"))


def test_a_wrong_file_lists_what_to_mend(chief):
    body = give(chief, new_row(theme="99", kind="=task"))
    assert "2 problems" in body
    assert "What to mend" in body
    assert "the number of a theme of the plan was expected" in body
    problems = rows_in(chief.get(f"{LOADS}{latest().pk}/problems.csv").content)
    assert [row[1] for row in problems[1:]] == ["B (theme)", "D (kind)"]
    assert problems[2][2].startswith("'=")


def test_words_that_look_personal_need_a_tick(chief):
    body = give(chief, new_row(promised="See the boy aged 7 and his mother again."))
    assert "Look at these first" in body
    where = f"{LOADS}{latest().pk}/confirm/"
    body = chief.post(where, {"reason": "Agreed."}).content.decode()
    assert "Look at the words that are listed, then tick this." in body
    chief.post(where, {"reason": "Agreed.", "looked": "on"})
    assert Action.objects.filter(reference="5.90").exists()


def test_a_plan_that_changed_meanwhile_is_read_anew(chief):
    give(chief, edited("5.13", "title", "A strategy for homes"))
    Action.objects.filter(reference="5.13").update(title="Something else")
    where = f"{LOADS}{latest().pk}/confirm/"
    body = chief.post(where, {"reason": "Agreed."}).content.decode()
    assert "Read the report again" in body
    assert "Something else" in body
    assert "Agreed.</textarea>" in body
    assert Action.objects.get(reference="5.13").title == "Something else"


def test_a_file_is_discarded_or_lapses(chief):
    give(chief, new_row())
    body = chief.post(f"{LOADS}{latest().pk}/discard/", follow=True).content.decode()
    assert "“plan.csv” was discarded. Nothing of it was loaded." in body
    give(chief, new_row())
    late = latest()
    PlanLoad.objects.filter(pk=late.pk).update(received_at=timezone.now() - timedelta(hours=25))
    body = chief.post(f"{LOADS}{late.pk}/confirm/", {"reason": "x"}, follow=True).content.decode()
    assert "waits no more" in body
    late.refresh_from_db()
    assert (late.state, late.content, late.report) == ("lapsed", None, {})
    assert not Action.objects.filter(reference="5.90").exists()


def test_no_file_is_said(chief):
    assert "Choose a file." in chief.post(LOADS).content.decode()


@pytest.mark.parametrize("role", OTHERS)
def test_loads_by_role(sign_in, chief, role):
    give(chief, new_row())
    client, number = sign_in(role), latest().pk
    for address in (LOADS, f"{LOADS}{number}/", f"{LOADS}{number}/problems.csv"):
        assert client.get(address).status_code == 403, address
    for address in (f"{LOADS}{number}/confirm/", f"{LOADS}{number}/discard/"):
        assert client.post(address, {"reason": "x"}).status_code == 403, address
    keeps = role == "theme-lead"
    for kind in ("csv", "xlsx"):
        answer = client.get(f"/plan/export.{kind}")
        assert answer.status_code == (200 if keeps else 403)
    assert latest().state == "screened"


def test_loads_for_nobody_unknown_and_by_get(nobody, chief):
    assert nobody.get(LOADS).status_code == 302
    assert nobody.get("/plan/export.csv").status_code == 302
    for address in (f"{LOADS}99999/", f"{LOADS}99999/problems.csv", "/plan/export.pdf",
                    "/plan/export.csv?plan=none"):  # fmt: skip
        assert chief.get(address).status_code == 404, address
    assert chief.get(f"{LOADS}1/confirm/").status_code == 405
    assert chief.get(f"{LOADS}1/discard/").status_code == 405


def test_export_is_the_layout_that_loads_back(chief):
    answer = chief.get("/plan/export.csv")
    assert answer["Content-Disposition"].endswith('improvement-plan-2016-2016-10-05.csv"')
    assert rows_in(answer.content) == exported()
    assert "0 new actions, 0 changed" in give(chief, rows_in(answer.content))


def test_export_holds_what_was_kept_before_text_was_cleaned(chief, owned):
    Action.objects.filter(pk=owned.pk).update(description="Line one\x0bline two\x07\ufffe")
    book = openpyxl.load_workbook(io.BytesIO(chief.get("/plan/export.xlsx").content))
    assert "Line one\nline two" in [cell.value for row in book.active for cell in row]


def test_export_holds_no_formula(chief, owned):
    Action.objects.create(
        theme=owned.theme, reference="5.90", order=999, title="=1+1", description="@x",
        kind="action", first_due_basis="not_stated", known_from=NOW,
    )  # fmt: skip
    [row] = [row for row in rows_in(chief.get("/plan/export.csv").content) if row[0] == "5.90"]
    assert (row[2], row[3]) == ("'=1+1", "'@x")
