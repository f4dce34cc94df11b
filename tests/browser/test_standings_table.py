"""How actions stand, by judgement and by theme, once officers have said so in every way."""

import pytest

from improvement.changes import approve_updates, release_approved
from improvement.models import Action, Plan
from performance.calculations.partial_date import PartialDate
from tests.browser.conftest import outside
from tests.browser.putting_back import newest_kept, put_back
from tests.conftest import position_on
from tests.improvement.conftest import NOW, say, words

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

CUT_OFF = """() => [...document.querySelectorAll(".table-scroll")]
  .filter((box) => box.scrollWidth > box.clientWidth)
  .map((box) => `${box.getAttribute("aria-label")}: ${box.scrollWidth} in ${box.clientWidth}`)"""
DONE = PartialDate(position_on(2016, 9, 1).on, "day")
SAID = {
    "5.13": words(),
    "5.18": words("at_risk", reason="Nobody bid.", remedy="It is offered again."),
    "5.19a": words("off_track", reason="Nobody bid.", remedy="It is offered again."),
    "5.22": words("complete_and_evidenced", completed=DONE, evidence_of_impact="More stay."),
}


@pytest.fixture
def said_in_every_way(db, django_user_model):
    def make():
        newest = newest_kept()
        people = {one.username: one for one in django_user_model.objects.all()}
        sent = [
            say(Action.objects.get(reference=reference), people["officer"], said)
            for reference, said in SAID.items()
        ]
        approve_updates(updates=sent, by=people["theme-lead"], now=NOW)
        done = release_approved(plan=Plan.objects.get(), by=people["director"], now=NOW)
        assert len(done) == len(SAID)
        return newest

    newest = outside(make)
    yield
    outside(lambda: put_back(newest))


@pytest.mark.parametrize("width", [1280, 820])
def test_no_column_of_how_actions_stand_is_cut_off(open_page, said_in_every_way, width):
    page = open_page(width)
    for address in ("/", "/plan/"):
        page.goto(address)
        assert page.get_by_role("columnheader", name="off track").first.is_visible()
        assert page.evaluate(CUT_OFF) == []
