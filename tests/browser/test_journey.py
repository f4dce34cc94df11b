"""A councillor before the meeting, in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.widths import WIDTHS

# django_db: pytest-django makes the test database only for tests that say they use it.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PAGES = [
    "/",
    "/?as_at=2017-04-01",
    "/judgements/looked-after-children/",
    "/plan/",
    "/plan/?standing=date_passed",
    "/plan/themes/early-help/",
    "/plan/actions/4.01b/",
    "/glossary/",
    "/about-the-data/",
    "/nowhere/",
]
CHARTED = ["/", "/judgements/looked-after-children/", "/plan/"]


def scroll_through(page):
    for box in page.locator(".chart-box[data-chart]").all():
        box.scroll_into_view_if_needed()
    expect(page.locator(".chart-box[data-chart]:not(.is-plotted)")).to_have_count(0, timeout=30_000)


def test_a_councillor_finds_what_to_ask_by_mouse(open_page):
    page = open_page()
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good on three of Ofsted’s five")
    page.get_by_role("link", name="See the actions whose date has passed").click()
    expect(page.get_by_role("heading", name="21 actions whose date has passed")).to_be_visible()
    page.get_by_role("link", name="4.01b").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Safeguarding hub")
    page.get_by_role("link", name="paper 4.01", exact=True).click()
    expect(page.locator("#bullet-4\\.01")).to_be_in_viewport()
    page.locator("#bullet-4\\.01").get_by_role("link", name="4.01b").click()
    expect(page).to_have_url(re.compile(r"/plan/actions/4\.01b/$"))


def test_a_figure_leads_to_its_line_and_back(open_page):
    page = open_page()
    page.goto("/")
    page.get_by_role("link", name="Looked after children").nth(1).click()
    expect(page).to_have_url(re.compile("/performance/indicators/looked-after-number/$"))
    figure = page.locator("#paper + ul li", has_text="638 children, 8 August 2016")
    figure.get_by_role("link", name="paper 5.04").click()
    line = page.locator("#bullet-5\\.04")
    expect(line).to_be_in_viewport()
    line.get_by_role("link", name=re.compile("638 children")).click()
    expect(figure).to_be_in_viewport()


def test_the_site_can_be_used_by_keyboard(open_page):
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text("See the actions whose date has passed")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="21 actions whose date has passed")).to_be_visible()


def test_another_day_tells_how_the_story_went_on(open_page):
    page = open_page()
    page.goto("/")
    page.get_by_text("another day").click()
    page.get_by_label("Show this page as at").fill("2017-04-01")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("as a reader that day would have had it")).to_be_visible()
    page.get_by_role("link", name="Care leavers").first.click()
    expect(page).to_have_url(re.compile("as_at=2017-04-01"))
    expect(page.locator(".lead")).to_contain_text("7 months between them")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_an_accessibility_fault(open_page, width):
    page = open_page(width)
    found = []
    for address in [*PAGES, "/sign-out-first"]:
        if address == "/sign-out-first":
            page.goto("/")
            page.get_by_role("button", name="Sign out").click()
        else:
            page.goto(address)
        results = Axe().run(page)
        found += [
            f"{address}: {violation['id']}: {violation['nodes'][0]['html'][:150]}"
            for violation in results.response["violations"]
        ]
    assert found == []


@pytest.mark.parametrize("width", [1280, 375, 320])
def test_no_page_is_wider_than_its_window(open_page, width):
    page = open_page(width)
    for address in PAGES:
        page.goto(address)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, address


def test_charts_draw_under_the_strict_policy_without_a_word_or_a_share_button(open_page):
    page = open_page()
    for address in CHARTED:
        page.goto(address)
        scroll_through(page)
        assert page.locator(".js-plotly-plot .main-svg").count() > 0
        titles = page.locator(".modebar-btn").evaluate_all(
            "nodes => nodes.map(node => node.getAttribute('data-title'))"
        )
        assert titles
        assert not [title for title in titles if "hare" in title or "loud" in title]
        assert page.locator(".chart-box a[href^='http']").count() == 0
    assert page.witness.messages == []
    assert page.witness.foreign == []


def test_a_plotted_chart_answers_the_mouse(open_page):
    page = open_page()
    page.goto("/plan/")
    scroll_through(page)
    page.locator(".chart-box .point").first.hover(force=True)
    expect(page.locator(".hoverlayer .hovertext").first).to_be_visible()


def test_a_plot_takes_the_picture_s_place_without_moving_anything(open_page):
    page = open_page()
    page.goto("/plan/")
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries())"
        " window.shift += entry.value; }).observe({type: 'layout-shift', buffered: true})"
    )
    page.reload()
    scroll_through(page)
    assert page.evaluate("() => window.shift") == 0
    sizes = page.locator(".chart-box[data-chart]").evaluate_all(
        "boxes => boxes.map(box => [box.querySelector('.chart-wide svg'), "
        "box.querySelector('.main-svg')].map(e => [e.getBoundingClientRect().width, "
        "e.getBoundingClientRect().height].map(Math.round)))"
    )
    assert sizes
    assert all(picture == plot for picture, plot in sizes)


def test_a_saved_picture_carries_its_title_and_its_day(open_page):
    page = open_page()
    page.goto("/")
    scroll_through(page)
    box = page.locator(".chart-box[data-chart]").first
    box.hover(force=True)
    with page.expect_download() as download:
        box.locator("[data-title='Download picture (SVG)']").click(force=True)
    assert download.value.suggested_filename.endswith("as-at-5-october-2016.svg")
    saved = download.value.path().read_text()
    words = re.sub(r"<[^>]+>", " ", saved)
    assert "Grades over time, by who gave them" in words
    assert "As at 5 October 2016" in words
    assert box.get_attribute("data-source").split()[0] in words
    assert page.witness.messages == []


def test_nothing_is_lost_without_javascript(open_page):
    plain, full = open_page(javascript=False), open_page()
    for address in PAGES:
        plain.goto(address)
        full.goto(address)
        said = [page.locator("main").inner_text().split() for page in (plain, full)]
        assert said[0] == said[1]
        assert plain.locator(".chart-wide svg").count() == plain.locator(".chart").count()


def test_a_filtered_list_is_printed_without_what_is_said_of_the_whole_plan(open_page):
    page = open_page()
    themes = page.get_by_role("heading", name="Themes")
    for address, is_printed in (("/plan/", True), ("/plan/?standing=date_passed", False)):
        page.goto(address)
        expect(themes).to_be_visible()
        page.emulate_media(media="print")
        expect(themes).to_be_visible(visible=is_printed)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.emulate_media(media="screen")


def test_on_paper_nothing_is_cut_off(open_page):
    page = open_page()
    for address in PAGES:
        page.goto(address)
        page.emulate_media(media="print")
        # A4 between the margins is 180 mm wide: 680 CSS pixels.
        page.set_viewport_size({"width": 680, "height": 960})
        wide = page.evaluate(
            "() => [...document.querySelectorAll('main *')].filter(e => "
            "e.getBoundingClientRect().right > 690 && !e.closest('.govuk-visually-hidden'))"
            ".map(e => e.outerHTML.slice(0, 90))"
        )
        assert wide == [], address
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 1280, "height": 900})
