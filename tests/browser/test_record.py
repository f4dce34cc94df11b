"""The record and what is taken out of it, in a real browser."""

import pytest
from playwright.sync_api import expect

from improvement.changes import ask_removal, decline_removal
from improvement.models import Action, PlanEvent, Removal, SealedText
from tests.browser.conftest import outside
from tests.browser.putting_back import newest_kept, put_back
from tests.browser.test_load_journey import Keyboard
from tests.browser.test_loads import faults, is_too_wide
from tests.browser.widths import WIDTHS
from tests.improvement.conftest import NOW, ON, say, words

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

NAME = "Zebedee Quill"
ASK = "/plan/removals/ask/"


@pytest.fixture
def asked(db, django_user_model):
    """The number of a removal that waits for a second person; gone again after the test."""

    def make():
        newest = newest_kept()
        officer = django_user_model.objects.get(username="officer")
        say(Action.objects.get(reference="5.13"), officer, words(narrative=f"{NAME} helped."))
        reason = "It names a child."
        removal = ask_removal(words=NAME, reason=reason, by=officer, on=ON, now=NOW)
        return newest, removal.pk

    def clear():
        removal = Removal.objects.get(pk=number)
        director = django_user_model.objects.get(username="director")
        if not removal.outcome:
            decline_removal(removal=removal, reason="Over.", by=director, now=NOW)
        put_back({SealedText: 0, Removal: 0, **newest})

    newest, number = outside(make)
    yield number
    outside(clear)


def look(page, width):
    assert faults(page) == [], page.url
    assert not is_too_wide(page, width), page.url
    assert page.witness.messages == []
    assert page.witness.foreign == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_of_the_record_has_a_fault_or_is_too_wide(open_page, asked, width):
    page = open_page(width, name="scrutiny-officer")
    for address in ("/plan/activity/", "/plan/removals/", f"/plan/removals/{asked}/", ASK):
        page.goto(address)
        look(page, width)
    hand = Keyboard(page)
    hand.press("button", "Find the words")
    expect(page.get_by_role("alert")).to_contain_text("Write the words to take out.")
    look(page, width)
    hand.write("The words to take out", "Nobody Anywhere")
    hand.write("Why", "It names a child.")
    hand.press("button", "Find the words")
    expect(page.get_by_role("main")).to_contain_text("No text that you may read has these words.")
    look(page, width)
    page.goto(f"/plan/removals/{asked}/")
    hand.press("button", "Put them back")
    expect(page.get_by_role("alert")).to_contain_text("Say why they go, or why they stay.")
    look(page, width)
    hand.write("Why", "It is the name of a street.")
    hand.press("button", "Put them back")
    expect(page.get_by_role("main")).to_contain_text("Put back as it was.")
    assert outside(lambda: PlanEvent.objects.filter(done="declined").count()) == 1
