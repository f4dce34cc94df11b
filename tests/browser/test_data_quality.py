"""The data quality page and the forms by which figures are explained. Nothing here is saved."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.widths import WIDTHS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FIGURE = "series=looked-after-number.council&start=2016-08-08&end=2016-08-08"
PAGES = [
    "data-quality/", "data-quality/?all=1", "data-quality/?as_at=2025-12-31",
    f"annotations/new/?{FIGURE}", "indicators/looked-after-number/?as_at=2025-12-31",
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
        page.goto(f"/performance/{address}")
        found += faults(page)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, address
    assert found == []
    assert page.witness.messages == []


@pytest.mark.parametrize("width", WIDTHS)
def test_an_officer_is_led_from_a_figure_to_the_box_by_keyboard(open_page, width):
    page = open_page(width, name="officer")
    page.goto("/performance/indicators/looked-after-number/")
    page.get_by_role("link", name="Explain a figure from Council, October 2016").press("Enter")
    expect(page.get_by_label("Figure")).to_have_value("2016-08-08/2016-08-08")
    page.get_by_role("button", name="Save these words").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("There is a problem: nothing was saved")
    assert faults(page) == []
    page.get_by_role("link", name="Say what a reader should know.").click()
    box = page.get_by_label("What a reader should know, and why")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-describedby", "id_words_helptext id_words_error")
