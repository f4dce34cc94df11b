"""An officer's ten minutes to the member's page, by the keys alone, at 400% zoom and on a phone."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from dashboard.models import User
from tests.browser.conftest import outside
from tests.browser.putting_back import newest_kept, put_back
from tests.browser.test_load_journey import Keyboard
from tests.browser.test_loads import faults, is_too_wide
from tests.conftest import PASSWORD
from tests.dashboard.codes import code_for, give_second_factor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# A window of 1280 by 1024 at 400% (WCAG 1.4.10), and a phone.
WINDOWS = [pytest.param(320, 256, marks=pytest.mark.slow), (375, 812)]
ON_TRACK = {
    "5.13": "The draft strategy went to the board.",
    "5.18": "Forty carers were asked what would help.",
    "5.19a": "The marketing plan was agreed.",
    "5.22": "The business case went to Cabinet.",
}
AT_RISK, WHY, REMEDY = "The launch waits.", "Two posts are empty.", "Both are advertised."
VAGUE, BETTER = "It went well.", "Fifteen of seventeen orders were revoked."
SEND_BACK = "Say how many of the seventeen."


@pytest.fixture
def secret(db):
    """Of the officer's second factor; what they say is gone again after the test."""
    newest = outside(newest_kept)
    yield outside(lambda: give_second_factor(User.objects.get(username="officer")))
    outside(lambda: put_back(newest))
    outside(Authenticator.objects.all().delete)


def look(page: Page, *said: str) -> None:
    main = page.get_by_role("main")
    for each in said:
        expect(main).to_contain_text(each)
    assert faults(page) == []
    assert not is_too_wide(page, page.viewport_size["width"]), page.url
    assert page.witness.messages == []
    assert page.witness.foreign == []


def sign_in_with_code(page: Page, secret: str) -> Keyboard:
    hand = Keyboard(page)
    page.goto("/plan/my-updates/")
    hand.write("User name", "officer")
    hand.write("Password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your second factor")
    look(page)
    hand.write("Code", code_for(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("My updates")
    return hand


def open_form(hand: Keyboard, reference: str) -> None:
    link = hand.page.get_by_role("link", name=f" {reference} ").and_(
        hand.page.locator("a[href$='/update/']")
    )
    hand.reach(link)
    hand.page.keyboard.press("Enter")
    hand.page.wait_for_url(f"**/actions/{reference}/update/")


def choose(hand: Keyboard, status: str) -> None:
    """By the arrows, as a group of choices is gone through."""
    group = hand.page.locator("input[type=radio][name=status]")
    hand.reach(group.first)
    for _ in range(group.count()):
        if hand.page.get_by_label(status, exact=True).is_checked():
            return
        hand.page.keyboard.press("ArrowDown")
    assert hand.page.get_by_label(status, exact=True).is_checked()


def send(hand: Keyboard, reference: str) -> None:
    hand.press("button", "Send this update")
    expect(hand.page.get_by_role("main")).to_contain_text(f"Sent: {reference}")


def say_all_six(hand: Keyboard) -> None:
    for reference, narrative in ON_TRACK.items():
        open_form(hand, reference)
        choose(hand, "On track")
        hand.write("What has changed?", narrative)
        send(hand, reference)
    open_form(hand, "5.24b")
    choose(hand, "At risk")
    hand.press("button", "Send this update")
    look(hand.page, "There is a problem", "Say why it is at risk.")
    hand.write("What has changed?", AT_RISK)
    hand.write("Why?", WHY)
    hand.write("What is being done about it?", REMEDY)
    send(hand, "5.24b")
    open_form(hand, "5.27a")
    choose(hand, "On track")
    hand.write("What has changed?", VAGUE)
    send(hand, "5.27a")


def send_back_the_vague_one(lead: Page) -> None:
    """The other five are approved."""
    lead.goto("/plan/reviews/")
    lead.get_by_role("link", name="Send it back 5.27a").click()
    lead.get_by_label("Why you send it back").fill(SEND_BACK)
    lead.get_by_role("button", name="Send it back").click()
    for box in lead.get_by_role("checkbox", name="Approve 5.").all():
        box.check()
    lead.get_by_role("button", name="Approve the ticked").click()


def say_it_better(hand: Keyboard) -> None:
    page = hand.page
    page.reload()
    look(page, "1 of 6 still to update", SEND_BACK)
    assert "5.27a" in page.locator(".my-updates li").first.inner_text()
    open_form(hand, "5.27a")
    look(page, SEND_BACK, "Change them and send it again.")
    hand.reach(page.get_by_label("What has changed?"))
    page.keyboard.press("Control+A")
    page.keyboard.type(BETTER)
    send(hand, "5.27a")


def approve_the_better_one(lead: Page) -> None:
    lead.goto("/plan/reviews/")
    lead.get_by_role("checkbox", name="Approve 5.27a").check()
    lead.get_by_role("button", name="Approve the ticked").click()


def release_all_six(director: Page) -> None:
    hand = Keyboard(director)
    director.goto("/plan/release/")
    look(director, "6 updates are approved", BETTER, WHY)
    hand.press("button", "Release these 6 updates")
    look(director, "Check before you release")
    hand.press("button", "Release now")
    look(director, "Released: members read 6 updates from now on.")


@pytest.mark.parametrize(("width", "height"), WINDOWS)
def test_six_updates_one_returned_all_released_and_read(open_page, secret, width, height):
    page = open_page(width, sign_in=False)
    page.set_viewport_size({"width": width, "height": height})
    hand = sign_in_with_code(page, secret)
    look(page, "6 of 6 still to update")
    say_all_six(hand)
    look(page, "Every one of six is updated")

    lead = open_page(1280, name="theme-lead")
    send_back_the_vague_one(lead)
    say_it_better(hand)
    approve_the_better_one(lead)
    member = open_page(width)
    member.goto("/plan/actions/5.27a/")
    expect(member.get_by_role("main")).not_to_contain_text(BETTER)

    director = open_page(width, name="director")
    director.set_viewport_size({"width": width, "height": height})
    release_all_six(director)

    member.reload()
    look(member, BETTER)
    expect(member.get_by_role("main")).not_to_contain_text(VAGUE)
    # Our reading is of papers; an officer rates for themself.
    expect(member.locator("p.lead")).not_to_contain_text("our reading")
    member.goto("/plan/actions/5.24b/")
    look(member, AT_RISK, WHY, REMEDY)
