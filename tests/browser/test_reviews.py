"""A lead reviews, the Director releases and a member reads it, in a real browser."""

import pytest
from playwright.sync_api import expect

from improvement.models import Action, ProgressUpdate
from performance.calculations.partial_date import PartialDate
from tests.browser.conftest import outside
from tests.browser.putting_back import newest_kept, put_back
from tests.browser.test_load_journey import Keyboard
from tests.browser.test_loads import faults, is_too_wide
from tests.browser.widths import WIDTHS
from tests.conftest import position_on
from tests.improvement.conftest import say, words

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FORTY = "Forty carers were asked, and twenty-nine answered."
STRATEGY = "The draft strategy went to the board."
WHY = "Say what the answers were."


@pytest.fixture
def sent(db, django_user_model):
    """Two updates of the demonstration's officer that wait for the lead."""

    def make():
        newest = newest_kept()
        officer = django_user_model.objects.get(username="officer")
        due = PartialDate(position_on(2016, 12, 31).on, "month")
        moved = words(narrative=STRATEGY, new_due=due, new_due_reason="The board meets then.")
        say(Action.objects.get(reference="5.13"), officer, moved)
        say(Action.objects.get(reference="5.18"), officer, words(narrative=FORTY))
        return newest

    newest = outside(make)
    yield
    outside(lambda: put_back(newest))


def look(page, width, *said):
    main = page.get_by_role("main")
    for each in said:
        expect(main).to_contain_text(each)
    assert faults(page) == []
    assert not is_too_wide(page, width), page.url
    assert page.witness.messages == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_lead_returns_one_and_approves_one_and_the_director_releases(open_page, sent, width):
    lead = open_page(width, name="theme-lead")
    lead.goto("/")
    hand = Keyboard(lead)
    hand.press("link", "Updates")
    look(lead, width, "2 updates wait for you", STRATEGY, FORTY)
    hand.press("button", "Approve the ticked")
    look(lead, width, "There is a problem", "Tick at least one update, or send one back.")
    hand.press("link", "Send it back 5.18 Explore further improvement in fostering")
    look(lead, width, FORTY)
    hand.press("button", "Send it back")
    look(lead, width, "Say why: whoever sent it reads this first.")
    hand.write("Why you send it back", WHY)
    hand.press("button", "Send it back")
    look(lead, width, "Sent back with your reason: 5.18.", "1 update waits for you")
    hand.reach(lead.get_by_role("checkbox", name="Approve 5.13 Refresh the Sufficiency Strategy"))
    lead.keyboard.press("Space")
    hand.press("button", "Approve the ticked")
    look(lead, width, "Approved: 5.13.", "Nothing waits for you.")

    member = open_page(width)
    member.goto("/plan/actions/5.13/")
    expect(member.get_by_role("main")).not_to_contain_text(STRATEGY)

    director = open_page(width, name="director")
    director.goto("/")
    hand = Keyboard(director)
    hand.press("link", "Updates")
    hand.press("link", "Release")
    look(director, width, "1 update is approved", STRATEGY, "from no date to December 2016")
    hand.press("button", "Release this 1 update")
    look(director, width, "Check before you release", "5.13: from no date to December 2016")
    hand.press("button", "Release now")
    look(director, width, "Released: members read 1 update from now on.")

    member.reload()
    look(member, width, STRATEGY, "December 2016")
    member.goto("/plan/actions/5.18/")
    main = member.get_by_role("main")
    expect(main).not_to_contain_text(FORTY)
    expect(main).not_to_contain_text(WHY)
    assert ProgressUpdate.objects.returned().count() == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_rounds_and_ownership_have_no_fault_and_are_not_too_wide(open_page, sent, width):
    page = open_page(width, name="scrutiny-officer")
    page.goto("/")
    hand = Keyboard(page)
    hand.press("link", "Updates")
    look(page, width, "Rounds of updates")
    hand.press("link", "Updates for the meeting after 5 October 2016")
    look(page, width, "2 of 6 actions answered.")
    hand.press("link", "Change this round")
    look(page, width, "Why it is changed")
    page.get_by_label("Released to members on").fill("2016-10-01")
    hand.press("button", "Change this round")
    look(page, width, "The release cannot come before updates are due.", "Say why")
    page.goto("/plan/rounds/open/")
    look(page, width, "only one round can be under way")
    page.goto("/plan/ownership/")
    look(page, width, "How well the plan is owned", "2 of 6")
