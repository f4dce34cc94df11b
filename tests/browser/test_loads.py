"""A data admin and the loads, in a real browser, in every state that a load may be in."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from performance.models import Load, PeriodLock
from tests.browser.conftest import outside
from tests.browser.widths import WIDTHS
from tests.performance.load_factories import every_state, make_load, person, refused_report

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

LOADS = "/performance/loads/"


def make_states():
    numbers = {name: load.pk for name, load in every_state().items()}
    numbers["refused_once"] = make_load("refused", report=refused_report(3)).pk
    lock = PeriodLock.objects.create(
        period_start="2016-04-01", period_end="2016-06-30", locked_by=person(),
        reason="These figures went to the panel on 5 October 2016.",
    )  # fmt: skip
    return {**numbers, "lock": lock.pk}


@pytest.fixture
def states(db):
    """The number of a load in each state, and of a lock; gone again after the test."""
    before = outside(lambda: set(Load.objects.values_list("pk", flat=True)))
    yield outside(make_states)

    def clear():
        PeriodLock.objects.all().delete()
        made = Load.objects.exclude(pk__in=before)
        made.filter(withdraws__isnull=False).delete()
        made.delete()

    outside(clear)


def addresses(states):
    loads = [f"{states[name]}/" for name in states if name != "lock"]
    forms = ["", "new/", f"{states['loaded']}/withdraw/", "locks/", f"locks/{states['lock']}/lift/"]
    return [LOADS + each for each in [*forms, *loads]]


def faults(page):
    return [
        f"{page.url}: {violation['id']}: {violation['nodes'][0]['html'][:150]}"
        for violation in Axe().run(page).response["violations"]
    ]


def is_too_wide(page, width):
    return page.evaluate("() => document.documentElement.scrollWidth") > width


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_in_any_state_has_a_fault_or_is_too_wide(open_page, states, width):
    page = open_page(width, name="data-admin")
    found = []
    for address in addresses(states):
        page.goto(address)
        # What is folded away is read too.
        page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
        found += faults(page)
        assert not is_too_wide(page, width), address
    assert found == []
    assert page.witness.messages == []
    assert page.witness.foreign == []


@pytest.mark.parametrize("width", WIDTHS)
def test_who_only_watches_has_pages_without_a_fault(open_page, states, width):
    page = open_page(width, name="director")
    found = []
    for name in ("screened", "refused", "loaded", "withdrawal"):
        page.goto(f"{LOADS}{states[name]}/")
        found += faults(page)
        assert not is_too_wide(page, width), name
    assert found == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_problem_leads_to_its_box(open_page, states, width):
    page = open_page(width, name="data-admin", javascript=False)
    page.goto(f"{LOADS}new/")
    page.get_by_role("button", name="Read this file").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a file.")
    page.goto(f"{LOADS}{states['screened']}/")
    page.get_by_role("button", name="Load these 92 figures").click()
    page.get_by_role("link", name="Why figures are revised: Say why").click()
    expect(page.get_by_label("Why figures are revised")).to_be_focused()


def test_a_file_that_is_too_large_is_answered_in_words(open_page, states, tmp_path):
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(30 * 1024 * 1024)
    page = open_page(name="data-admin")
    page.goto(f"{LOADS}new/")
    page.get_by_label("The file").set_input_files(large)
    page.get_by_role("button", name="Read this file").click()
    expect(page.get_by_role("alert")).to_contain_text("The file is larger than 20 MB")
    assert faults(page) == []
