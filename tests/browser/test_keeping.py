"""A theme's lead keeps an action, in a real browser. What is saved is taken back at the end."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import expect

from improvement.models import Action, ActionJudgement, DateChange, PlanEvent
from tests.browser.conftest import outside
from tests.browser.widths import WIDTHS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

KEEP = "/plan/keep/"
THEME = "themes/improvement-plan-2016/looked-after-children/"
PAGES = ["", f"{THEME}add/", "5.13/", *(f"5.13/{job}/" for job in (
    "reword", "assign", "split", "stop", "link", "due",
))]  # fmt: skip
PLAN_PAGES = [
    "keep/", f"keep/{THEME}", f"keep/{THEME}leads/", "loads/",
    "keep/plans/improvement-plan-2016/add-theme/", "keep/plans/improvement-plan-2016/follow/",
]  # fmt: skip


def faults(page):
    return [
        f"{page.url}: {violation['id']}: {violation['nodes'][0]['html'][:150]}"
        for violation in Axe().run(page).response["violations"]
    ]


def is_no_wider(page, width):
    return page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_a_fault_or_is_too_wide(open_page, width):
    found = []
    for name, addresses in (
        ("theme-lead", [KEEP + page for page in PAGES]),
        ("director", [f"/plan/{page}" for page in PLAN_PAGES]),
    ):
        page = open_page(width, name=name)
        for address in addresses:
            page.goto(address)
            found += faults(page)
            assert is_no_wider(page, width), address
        assert page.witness.messages == []
    assert found == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("address", "button", "problem", "label"),
    [
        (f"{THEME}add/", "Add this action", "Title: Fill this in.", "Title"),
        ("5.13/reword/", "Save these words", "Why it is reworded: Say why", "Why it is reworded"),
        ("5.13/due/", "Move the date", "New due date: Say until when.", "New due date"),
        ("5.13/split/", "Split this action", "First new action: title", "First new action: title"),
    ],
)
def test_a_problem_leads_to_its_box(open_page, width, address, button, problem, label):
    page = open_page(width, name="theme-lead")
    page.goto(KEEP + address)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem: nothing was saved")
    assert faults(page) == []
    assert is_no_wider(page, width)
    page.get_by_role("alert").get_by_role("link", name=problem).click()
    expect(page.get_by_label(label).first).to_be_focused()


KEPT_FOR_EVER = ["improvement_action", "improvement_planevent", "improvement_datechange"]


@pytest.fixture
def plan_as_it_was(db):
    """After the test nothing of it is left. What no person may delete, the tables' owner deletes
    here with the triggers that refuse it put aside."""
    yield

    def put_back():
        with connection.cursor() as cursor:
            for table in KEPT_FOR_EVER:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            made = Action.objects.filter(reference="5.90")
            DateChange.objects.filter(action__in=made).delete()
            ActionJudgement.objects.filter(action__in=made).delete()
            made.delete()
            PlanEvent.objects.filter(key="5.90").delete()
            for table in KEPT_FOR_EVER:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    outside(put_back)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_lead_adds_rewords_and_moves_the_date(open_page, plan_as_it_was, width):
    page = open_page(width, name="theme-lead")
    page.goto(KEEP)
    page.get_by_role("link", name="Add an action to").click()
    page.get_by_label("Reference").fill("5.90")
    page.get_by_label("Title").fill("Ask every child")
    page.get_by_label("What is promised").fill("See the boy aged 7 and his mother.")
    page.get_by_label("First due date").fill("March 2017")
    page.get_by_label("Main judgement").select_option(index=1)
    page.get_by_role("button", name="Add this action").click()
    expect(page.get_by_role("alert")).to_contain_text("could describe a child")
    assert faults(page) == []
    page.get_by_label("What is promised").fill("Every child is asked.")
    page.get_by_role("button", name="Add this action").click()
    expect(page.get_by_role("status")).to_contain_text("Action 5.90 was added.")

    page.get_by_role("link", name="Reword it").click()
    page.get_by_label("Title").fill("Ask every child what they want")
    page.get_by_label("Why it is reworded").fill("Plainer.")
    page.get_by_role("button", name="Save these words").click()
    expect(page.get_by_role("status")).to_contain_text("Action 5.90 was reworded.")

    page.get_by_role("link", name="Move its due date").click()
    expect(page.get_by_role("main")).to_contain_text("never")
    page.get_by_label("New due date").fill("31 May 2017")
    page.get_by_label("Why it is moved").fill("Recruitment.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is due on 31 May 2017 from now on.")
    assert faults(page) == []
    assert is_no_wider(page, width)

    reader = open_page(width)
    reader.goto("/plan/actions/5.90/")
    expect(reader.get_by_role("main")).to_contain_text("From March 2017 to 31 May 2017")
    expect(reader.get_by_role("main")).to_contain_text("Ask every child what they want")
    assert page.witness.messages == []
