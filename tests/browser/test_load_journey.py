"""A data admin's hour with the quarter's file, in a real browser, and what a councillor sees of it:
a good file, a slip, a bad one, a mended one, and the mended one taken back."""

import csv
import io
import re

import openpyxl
import pytest
from django.db.models import Q
from playwright.sync_api import expect

from performance.models import Load, Measurement
from tests.browser.conftest import outside
from tests.browser.test_loads import faults, is_too_wide
from tests.performance.load_factories import CHILDREN, INTERVIEWS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PAGE = "/performance/indicators/return-interviews-72-hours/"
AT_HOME = "placed-at-home.council"
LATE = "Three late returns came in after the quarter was closed."
WRONG = "The late returns belong to another council."
MOST_TABS = 150


@pytest.fixture
def record(db):
    """The council's own figures; as they were again after the test."""
    own = Q(series__code__endswith=".council")

    def look():
        current = Measurement.objects.current().filter(own).values_list("pk", flat=True)
        return set(Load.objects.values_list("pk", flat=True)), list(current)

    loads, figures = outside(look)
    yield

    def put_back():
        made = Load.objects.exclude(pk__in=loads)
        Measurement.objects.filter(load__in=made).delete()
        Measurement.objects.filter(pk__in=figures).update(known_until=None, repeated_by=[])
        made.filter(withdraws__isnull=False).delete()
        made.delete()

    outside(put_back)


class Mouse:
    """How somebody gets about who clicks."""

    def __init__(self, page):
        self.page = page

    def find(self, role, name):
        return self.page.get_by_role(role, name=name, exact=True).first

    def press(self, role, name):
        self.find(role, name).click()

    def write(self, label, words):
        self.page.get_by_label(label).fill(words)

    def choose(self, label, file):
        self.page.get_by_label(label).set_input_files(file)


class Keyboard(Mouse):
    """How somebody gets about who has only the keys."""

    def reach(self, element):
        expect(element).to_be_visible()
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if element.evaluate("one => one === document.activeElement"):
                return
        pytest.fail(f"The keyboard does not reach {element}")

    def press(self, role, name):
        self.reach(self.find(role, name))
        self.page.keyboard.press("Enter")

    def write(self, label, words):
        self.reach(self.page.get_by_label(label))
        self.page.keyboard.type(words)

    def choose(self, label, file):
        self.reach(self.page.get_by_label(label))
        super().choose(label, file)


class Admin:
    """A data admin at the loads: every page that is opened is looked at."""

    def __init__(self, page, hand, width, folder):
        self.page, self.hand, self.width, self.folder = page, hand(page), width, folder

    def look(self, *said):
        main = self.page.get_by_role("main")
        for words in said:
            expect(main).to_contain_text(words)
        assert faults(self.page) == []
        assert not is_too_wide(self.page, self.width), self.page.url

    def press(self, role, name, *said):
        self.hand.press(role, name)
        self.look(*said)

    def template(self, kind):
        self.press("link", "Loads", "Every file that was given")
        with self.page.expect_download() as download:
            self.hand.press("link", kind)
        return download.value.path().read_bytes()

    def give(self, name, content, *said):
        file = self.folder / name
        file.write_bytes(content)
        self.press("link", "Load a file", "The file")
        self.hand.choose("The file", file)
        self.press("button", "Read this file", name, *said)


def fill(template, figures, more=()):
    """The template as a spreadsheet saves it: only the rows with a figure are left in it."""
    rows = list(csv.DictReader(io.StringIO(template.decode("utf-8-sig"))))
    by_series = {row["series"]: row for row in rows}
    out = io.StringIO()
    writer = csv.DictWriter(out, [*rows[0], *more], restval="")
    writer.writeheader()
    for series, cells in figures:
        writer.writerow(by_series[series] | cells)
    return out.getvalue().encode("utf-8-sig")


def fill_workbook(template, figures):
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.active
    places = {cell.value: cell.column for cell in sheet[1]}
    for row in range(sheet.max_row, 1, -1):
        cells = figures.get(sheet.cell(row, places["series"]).value)
        for name, value in (cells or {}).items():
            sheet.cell(row, places[name]).value = value
        if cells is None:
            sheet.delete_rows(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("width", "hand"),
    [
        pytest.param(1280, Mouse, id="wide", marks=pytest.mark.slow),
        pytest.param(375, Mouse, id="phone"),
        pytest.param(1280, Keyboard, id="keys", marks=pytest.mark.slow),
    ],
)
def test_a_quarter_is_loaded_refused_mended_and_withdrawn(open_page, record, tmp_path, width, hand):
    admin = Admin(open_page(width, name="data-admin"), hand, width, tmp_path)
    admin.page.goto("/")
    member = Admin(open_page(width), Mouse, width, tmp_path)

    def member_reads(*said):
        member.page.goto(PAGE)
        member.look(*said)

    member_reads("46% in July 2016")
    expect(member.page.get_by_role("main")).not_to_contain_text("August 2016")

    load_a_good_file(admin)
    member_reads("52% in August 2016", "up from 46% in July 2016")
    discard_a_slip(admin)
    give_a_bad_file(admin)
    member_reads("52% in August 2016", "up from 46% in July 2016")
    load_the_mended_file(admin)
    member_reads("up from 48% in July 2016", "46% until 5 October 2016, now 48%", LATE)
    withdraw_it(admin)
    member_reads("up from 46% in July 2016", "it was 46%, then 48% on 5 October 2016, withdrawn "
                 f"the same day, now 46%. Figures withdrawn: {WRONG}")  # fmt: skip
    for page in (admin.page, member.page):
        assert page.witness.messages == []
        assert page.witness.foreign == []


def load_a_good_file(admin):
    figures = [
        (INTERVIEWS, {"value": "52%"}),
        (AT_HOME, {"value": "44"}),
        (CHILDREN, {"period": "30 September 2016", "value": "640"}),
    ]
    admin.give(
        "quarter.csv", fill(admin.template("CSV"), figures),
        "Nothing has been loaded yet.", "3 figures are new, 0 are revised", "46% → 52%",
    )  # fmt: skip
    admin.press(
        "button", "Load these 3 figures",
        "is loaded: the panel’s pages have its figures", "3 figures were new",
    )  # fmt: skip


def discard_a_slip(admin):
    """A nought too many is no fault of the file: it is shown first, and the admin decides."""
    content = fill(admin.template("CSV"), [(AT_HOME, {"value": "450"})])
    admin.give("slip.csv", content, "Look at these first", "more than ten times the last figure")
    admin.press("button", "Discard this file", "“slip.csv” was discarded")


def give_a_bad_file(admin):
    bad = [
        (INTERVIEWS, {"area": "Wolverhamptn", "value": "50"}),
        (INTERVIEWS, {"value": "140"}),
        (AT_HOME, {"value": "#VALUE!"}),
        (AT_HOME, {"period": "Septembre", "value": "1.2.3"}),
        (CHILDREN, {"series": "looked-after-numbr.council", "period": "1 October 2016",
                    "value": "9"}),
    ]  # fmt: skip
    admin.give(
        "bad.csv", fill(admin.template("CSV"), bad, ["area"]), "Nothing was loaded.",
        "did you mean “Wolverhampton”?", "a figure from 0 to 100% was expected",
        "#VALUE!", "Septembre", "1.2.3", f"did you mean “{CHILDREN}”?",
    )  # fmt: skip
    expect(admin.page.locator(".problems tbody tr")).to_have_count(6)


def load_the_mended_file(admin):
    mended = {INTERVIEWS: {"period": "July 2016", "value": 48}, AT_HOME: {"value": 45}}
    admin.give(
        "mended.xlsx", fill_workbook(admin.template("XLSX"), mended),
        "1 figure is new, 1 is revised", "Why figures are revised",
    )  # fmt: skip
    admin.press("button", "Load these 2 figures", "Say why: members read it")
    admin.hand.write("Why figures are revised", LATE)
    admin.press("button", "Load these 2 figures", "1 figure was new, 1 was revised", LATE)


def withdraw_it(admin):
    admin.press(
        "link", "Withdraw this load", "1 figure goes back to the value before; 1 is taken out"
    )
    admin.hand.write("Why the load is withdrawn", WRONG)
    admin.press(
        "button", re.compile("Withdraw load [0-9]+"),
        "1 figure went back to the value before; 1 was taken out", "What was put back", WRONG,
    )  # fmt: skip
