"""The panel’s indicators, and one in full, in a real browser.

All charts of an indicator at the end of 2025: its main line, other sources, the strip, and the
small charts of its neighbours.
"""

import re
from html import unescape
from unicodedata import normalize

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pypdf import PdfReader

from performance.models import Indicator
from tests.browser.widths import WIDTHS
from tests.conftest import position_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

LIST = "/performance/"
ABSENCE = "/performance/indicators/persistent-absence/"
NUMBER = "/performance/indicators/looked-after-number/"
PAGES = [LIST, f"{LIST}?show=all&sort=due", NUMBER, ABSENCE]
OPEN = "() => document.querySelectorAll('details').forEach(one => one.open = true)"
WATCH = (
    "window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries())"
    " window.shift += entry.value; }).observe({type: 'layout-shift', buffered: true})"
)


@pytest.fixture(autouse=True)
def later(settings):
    """The server of these tests runs in this process, and so stands on the same day."""
    settings.POSITION_DATE = position_on(2025, 12, 31).on


def draw_every_chart(page):
    for box in page.locator(".chart-box[data-chart]").all():
        box.scroll_into_view_if_needed()
    expect(page.locator(".chart-box[data-chart]:not(.is-plotted)")).to_have_count(0, timeout=30_000)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_an_accessibility_fault_or_a_word_on_the_console(open_page, width):
    page = open_page(width)
    found = []
    for address in PAGES:
        page.goto(address)
        if width > 600:
            draw_every_chart(page)
        page.evaluate(OPEN)
        results = Axe().run(page)
        found += [
            f"{address}: {violation['id']}: {violation['nodes'][0]['html'][:150]}"
            for violation in results.response["violations"]
        ]
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, address
    assert found == []
    assert page.witness.messages == []
    assert page.witness.foreign == []


def test_at_400_per_cent_only_tables_scroll_sideways(open_page):
    page = open_page(320)
    for address in PAGES:
        page.goto(address)
        page.evaluate(OPEN)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, address
        sideways = page.evaluate(
            "() => [...document.querySelectorAll('main *')].filter(e => e.scrollWidth > "
            "e.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX))"
            ".map(e => e.className)"
        )
        assert set(sideways) <= {"table-scroll"}, address


def test_plots_take_the_pictures_places_without_moving_anything(open_page):
    page = open_page()
    page.add_init_script(WATCH)
    for address in (NUMBER, ABSENCE):
        page.goto(address)
        draw_every_chart(page)
        assert page.locator(".js-plotly-plot .main-svg").count() > 0
        assert page.evaluate("() => window.shift") == 0, address
        sizes = page.locator(".chart-box[data-chart]").evaluate_all(
            "boxes => boxes.map(box => [box.querySelector('.chart-wide svg'), "
            "box.querySelector('.main-svg')].map(e => [e.getBoundingClientRect().width, "
            "e.getBoundingClientRect().height].map(Math.round)))"
        )
        assert sizes
        assert all(picture == plot for picture, plot in sizes)
        titles = page.locator(".modebar-btn").evaluate_all(
            "nodes => nodes.map(node => node.getAttribute('data-title'))"
        )
        assert set(titles) == {"Download picture (PNG)", "Download picture (SVG)"}
        assert page.locator(".chart-box a[href^='http']").count() == 0


def test_a_saved_picture_holds_title_source_and_day(open_page):
    page = open_page()
    page.goto(ABSENCE)
    draw_every_chart(page)
    box = page.locator(".chart-box[data-chart]").first
    box.hover(force=True)
    with page.expect_download() as download:
        box.locator("[data-title='Download picture (SVG)']").click(force=True)
    saved = unescape(re.sub(r"<[^>]+>", " ", download.value.path().read_text()))
    words = " ".join(saved.split())
    for name in ("data-title", "data-source", "data-dated"):
        said = box.get_attribute(name)
        assert said
        assert " ".join(said.split()) in words, name
    assert "As at 31 December 2025" in words
    assert page.witness.messages == []


def test_the_keyboard_reaches_everything_in_order_and_nothing_of_a_plot(open_page):
    page = open_page()
    page.goto(NUMBER)
    draw_every_chart(page)
    page.evaluate("() => { window.scrollTo(0, 0); document.activeElement.blur(); }")
    expected = page.evaluate(
        "() => [...document.querySelectorAll('main a[href], main button, main input, main select, "
        "main summary, main [tabindex=\"0\"]')].filter(e => !e.closest('.chart-box') && "
        "e.checkVisibility()).map(e => e.dataset.place = String(Math.random()))"
    )
    page.locator("main").evaluate("e => { e.tabIndex = -1; e.focus(); }")
    reached = []
    for _ in expected:
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => [document.activeElement.dataset.place, "
            "!!document.activeElement.closest('.chart-box')]"
        )
        assert not focused[1]
        reached.append(focused[0])
    assert reached == expected
    summary = page.locator("details.how > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.how").first).to_have_attribute("open", "")


def test_the_list_is_filtered_and_sorted_by_keyboard(open_page):
    page = open_page()
    page.goto(LIST)
    page.get_by_text("Filter the list").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Which indicators").focus()
    page.keyboard.press("End")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    count = Indicator.objects.filter(in_panel_set=True).count()
    expect(page.get_by_text(f"{count} indicators listed")).to_be_visible()
    page.get_by_role("columnheader", name="Going").get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Going")).to_have_attribute(
        "aria-sort", "ascending"
    )
    expect(page.get_by_text(f"{count} indicators listed")).to_be_visible()
    page.get_by_role("rowheader").get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/performance/indicators/"))


def test_nothing_is_lost_without_javascript(open_page):
    plain, full = open_page(javascript=False), open_page()
    for address in PAGES:
        plain.goto(address)
        full.goto(address)
        read = [
            page.evaluate(
                "() => { const main = document.querySelector('main'); const pictures = "
                "[...main.querySelectorAll('.chart-wide svg, svg.sparkline')]"
                ".map(e => e.outerHTML); main.querySelectorAll('.chart-box')"
                ".forEach(e => e.remove()); return [pictures, main.innerText.split(/\\s+/)]; }"
            )
            for page in (plain, full)
        ]
        assert read[0] == read[1]
        assert all(read[0])


def letters(text):
    """Without spaces, hyphens and page numbers, which the end of a line or a page may add, and
    with the letters of “ﬁ” apart."""
    plain = normalize("NFKC", text)
    return re.sub(r"[\s\-‐]+", "", re.sub(r"Page \d+ of \d+", "", plain))


def test_paper_has_every_word_and_nothing_is_cut_off(open_page, tmp_path):
    page = open_page()
    for place, address in enumerate([LIST, NUMBER, ABSENCE]):
        page.goto(address)
        file = tmp_path / f"{place}.pdf"
        page.pdf(path=file, format="A4", prefer_css_page_size=True)
        printed = letters("\n".join(each.extract_text() for each in PdfReader(file).pages))
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 680, "height": 960})
        wide = page.evaluate(
            "() => [...document.querySelectorAll('main *')].filter(e => e.checkVisibility() && "
            "e.getBoundingClientRect().right > 690 && !e.closest('.govuk-visually-hidden'))"
            ".map(e => e.outerHTML.slice(0, 90))"
        )
        assert wide == [], address
        # Not “screen”, which the next page would then be printed as.
        page.emulate_media(media="null")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.evaluate(OPEN)
        said = page.evaluate(
            "() => [...document.querySelectorAll('main h1, main h2, main h3, main p, main li, "
            "main dd, main dt, main td, main tbody th')].filter(e => !e.closest('.no-print') && "
            "!e.querySelector('.no-print') && !e.closest('.govuk-visually-hidden') && "
            "!e.classList.contains('govuk-visually-hidden') && !e.querySelector('a'))"
            ".map(e => e.innerText.trim()).filter(Boolean)"
        )
        lost = [words for words in said if letters(words) not in printed]
        assert lost == [], address
        assert len(said) > 20
