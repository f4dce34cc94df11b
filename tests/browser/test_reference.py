"""A data admin with the reference data, in a real browser. Nothing here is saved."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.widths import WIDTHS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

REFERENCE = "/performance/reference/"
PAGES = [
    "", "history/", "history/?key=nothing", "panel-set/", "indicators/new/",
    "indicators/looked-after-number/", "series/new/", "series/looked-after-number.council/",
    "targets/new/", "comparators/new/", "comparators/statistical-neighbours-2025/",
]  # fmt: skip


def faults(page):
    return [
        f"{page.url}: {violation['id']}: {violation['nodes'][0]['html'][:150]}"
        for violation in Axe().run(page).response["violations"]
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_a_fault_or_is_too_wide(open_page, width):
    page = open_page(width, name="data-admin")
    found = []
    for address in PAGES:
        page.goto(REFERENCE + address)
        found += faults(page)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, address
    assert found == []
    assert page.witness.messages == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_problem_leads_to_its_box(open_page, width):
    page = open_page(width, name="data-admin")
    page.goto(f"{REFERENCE}targets/new/")
    page.get_by_role("button", name="Set this target").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem: nothing was saved")
    assert faults(page) == []
    page.get_by_role("link", name="Set by: Say which body or post set it.").click()
    box = page.get_by_label("Set by")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-describedby", "id_set_by_helptext id_set_by_error")


def test_the_admin_works_under_the_strict_policy(open_page):
    page = open_page(name="data-admin")
    for address in ("", "performance/measurement/", "performance/indicator/"):
        page.goto(f"/admin/{address}")
    page.get_by_role("link", name="looked-after-number", exact=True).click()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    assert page.witness.messages == []
    assert page.witness.foreign == []
