"""An officer's words in a real browser: saved as they are typed, and lost in no weather."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import expect

from improvement.models import Action, ProgressUpdate, UpdateDraft
from performance.models import Indicator
from tests.browser.conftest import outside
from tests.browser.test_load_journey import Keyboard
from tests.browser.test_loads import faults, is_too_wide
from tests.browser.widths import WIDTHS
from tests.conftest import PASSWORD
from tests.improvement.update_pages import ALL, FORM, MINE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SAVED = re.compile(r"Saved as a draft at \d\d:\d\d")
TABLES = ["updatecitation", "updatereview", "progressupdate", "planevent"]


def clear():
    """What the site has committed is gone again: as the tables' owner, past the triggers."""
    UpdateDraft.objects.all().delete()
    kept = {table: f"improvement_{table}" for table in TABLES}
    made = "select id from improvement_progressupdate where made_by_id is not null"
    with connection.cursor() as cursor:
        for name in kept.values():
            cursor.execute(f"alter table {name} disable trigger user")
        cursor.execute(f"delete from {kept['updatecitation']} where update_id in ({made})")
        cursor.execute(f"delete from {kept['updatereview']} where update_id in ({made})")
        cursor.execute(f"delete from {kept['planevent']} where done = 'submitted'")
        cursor.execute(f"delete from {kept['progressupdate']} where made_by_id is not null")
        for name in kept.values():
            cursor.execute(f"alter table {name} enable trigger user")


@pytest.fixture
def record(db):
    """The form offers figures to cite; afterwards nothing is left of what was typed or sent."""
    owned = Action.objects.get(reference="5.13")
    figures = Indicator.objects.filter(code="looked-after-number")
    outside(lambda: owned.indicators.set(figures))
    yield
    outside(lambda: owned.indicators.clear())
    outside(clear)


@pytest.fixture
def officer(open_page, record):
    return lambda width=1280, **more: open_page(width, name="officer", **more)


def held():
    """The words of the draft that the site has."""
    return outside(lambda: UpdateDraft.objects.get(action__reference="5.13").words)


def write(page, words):
    page.get_by_label("What has changed?").press_sequentially(words)


def state(page):
    return page.locator("[data-draft-said]")


def test_what_is_at_risk_has_a_new_due_date_before_it(officer):
    page = officer()
    page.goto(FORM)
    expect(page.get_by_label("New due date")).to_be_hidden()
    page.get_by_label("On track").check()
    expect(page.get_by_label("New due date")).to_be_hidden()
    page.get_by_label("At risk").check()
    expect(page.get_by_label("New due date")).to_be_visible()


def test_what_is_typed_is_saved_within_five_seconds_and_found_again(officer):
    page = officer()
    page.goto(FORM)
    expect(page.get_by_role("button", name="Throw this draft away")).to_be_hidden()
    write(page, "The strategy went to the board.")
    expect(state(page)).to_have_text(SAVED, timeout=5000)
    assert held() == {"narrative": "The strategy went to the board."}
    expect(page.get_by_role("button", name="Throw this draft away")).to_be_visible()
    page.reload()
    expect(page.get_by_label("What has changed?")).to_have_value("The strategy went to the board.")
    expect(page.get_by_role("main")).to_contain_text("Your draft of")
    page.get_by_role("button", name="Throw this draft away").click()
    expect(page.get_by_role("main")).to_contain_text("Your draft is thrown away.")
    expect(page.get_by_label("What has changed?")).to_have_value("")
    assert page.witness.messages == []
    assert page.witness.foreign == []


def test_words_are_kept_and_saved_again_when_the_server_is_away(officer):
    page = officer()
    page.goto(FORM)
    page.route("**/draft/", lambda route: route.abort())
    write(page, "Typed in a tunnel.")
    problem = page.locator("[data-draft-problem]")
    expect(problem).to_contain_text("the dashboard cannot be reached", timeout=5000)
    expect(problem).to_contain_text("Your words are still on this page")
    assert faults(page) == []
    page.get_by_label("On track").check()
    page.get_by_role("button", name="Send this update").click()
    expect(page.get_by_label("What has changed?")).to_have_value("Typed in a tunnel.")
    assert not outside(lambda: ProgressUpdate.objects.sent().exists())
    page.unroute("**/draft/")
    expect(state(page)).to_have_text(SAVED, timeout=12000)
    expect(problem).to_be_hidden()
    assert held()["narrative"] == "Typed in a tunnel."


def test_who_is_signed_out_in_the_middle_is_told_and_loses_nothing(officer):
    page = officer()
    page.goto(FORM)
    write(page, "Before.")
    expect(state(page)).to_have_text(SAVED, timeout=5000)
    outside(lambda: Session.objects.all().delete())
    write(page, " And after.")
    problem = page.locator("[data-draft-problem]")
    expect(problem).to_contain_text("you have been signed out", timeout=6000)
    with page.context.expect_page() as opened:
        problem.get_by_role("link", name="Sign in again in a new tab").click()
    other = opened.value
    other.get_by_label("User name").fill("officer")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url(lambda address: "/sign-in/" not in address)
    other.close()
    expect(state(page)).to_have_text(SAVED, timeout=20000)
    assert held()["narrative"] == "Before. And after."
    page.get_by_label("On track").check()
    page.get_by_role("button", name="Send this update").click()
    expect(page.get_by_role("main")).to_contain_text("Sent: 5.13")


def test_two_windows_of_one_person(officer):
    one = officer()
    one.goto(FORM)
    two = one.context.new_page()
    two.goto(FORM)
    write(one, "From the first.")
    expect(state(one)).to_have_text(SAVED, timeout=5000)
    write(two, "From the second.")
    newer = two.locator("[data-newer-draft]")
    expect(newer).to_contain_text("From the first.", timeout=5000)
    assert faults(two) == []
    newer.get_by_role("button", name="Use those words").click()
    expect(two.get_by_label("What has changed?")).to_have_value("From the first.")
    write(two, " And more.")
    expect(state(two)).to_have_text(SAVED, timeout=5000)
    assert held()["narrative"] == "From the first. And more."


def test_leaving_with_unsaved_words_asks(officer):
    page = officer()
    page.goto(FORM)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.route("**/draft/", lambda route: route.abort())
    write(page, "Unsaved.")
    page.get_by_role("link", name="Leave it for now").click()
    page.wait_for_url(f"**{MINE}")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("width", WIDTHS)
def test_by_keyboard_alone(officer, width):
    page = officer(width)
    page.goto(MINE)
    hand = Keyboard(page)
    hand.press("link", "Say how it stands 5.13 Refresh the Sufficiency Strategy")
    page.wait_for_url(f"**{FORM}")
    expect(page.get_by_label("Why?")).to_be_hidden()
    hand.reach(page.get_by_label("On track"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("At risk")).to_be_checked()
    hand.write("What has changed?", "The consultation is late.")
    hand.write("Why?", "Two posts are empty.")
    hand.write("What is being done about it?", "Both are advertised.")
    hand.press("button", "See what a member will read")
    expect(page.get_by_role("main")).to_contain_text("Why: Two posts are empty.")
    assert faults(page) == []
    hand.press("button", "Send this update")
    expect(page.get_by_role("main")).to_contain_text("Sent: 5.13")
    expect(page.get_by_role("main")).to_contain_text("5 of 6 still to update")
    assert page.witness.messages == []


def test_a_double_click_makes_one_update_and_going_back_says_so(officer):
    page = officer()
    page.goto(FORM)
    page.get_by_label("On track").check()
    write(page, "It went to the board.")
    page.get_by_role("button", name="Send this update").dblclick()
    page.wait_for_url(f"**{MINE}")
    assert outside(lambda: ProgressUpdate.objects.sent().count()) == 1
    page.go_back()
    expect(page.get_by_role("main")).to_contain_text("An update was sent already.")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_a_fault_or_is_too_wide(officer, width):
    page = officer(width)
    found = []
    for address, button in [(MINE, ""), (FORM, "Send this update"), (ALL, "Send 5.13")]:
        page.goto(address)
        for press in ["", button] if button else [""]:
            if press:
                page.get_by_label("At risk").nth(0 if address == FORM else 2).check()
                page.get_by_role("button", name=press).click()
                expect(page.get_by_role("alert").first).to_contain_text("There is a problem")
            page.evaluate(
                "() => document.querySelectorAll('details').forEach(one => one.open = true)"
            )
            found += faults(page)
            assert not is_too_wide(page, width), address
    assert found == []
    assert page.witness.messages == []
    assert page.witness.foreign == []


@pytest.mark.parametrize("width", WIDTHS)
def test_each_action_has_its_button_at_its_title_above_its_facts(officer, width):
    page = officer(width)
    page.goto(MINE)
    action = page.locator("#action-5\\.24b")
    button = action.get_by_role("link", name="Say how it stands").bounding_box()
    label, words = (action.locator(one).first.bounding_box() for one in ("dt", "dd"))
    assert button["height"] >= 40
    assert button["y"] + button["height"] <= label["y"]
    # On a phone too the words begin on the line of their label.
    assert abs(label["y"] - words["y"]) < 2
    assert label["height"] < 50


def test_a_problem_leads_to_its_box(officer):
    page = officer()
    page.goto(FORM)
    page.get_by_label("At risk").check()
    page.get_by_role("button", name="Send this update").click()
    page.get_by_role("link", name="Why: Say why it is at risk.").click()
    expect(page.get_by_label("Why?")).to_be_focused()


def test_all_works_without_javascript(officer):
    page = officer(javascript=False)
    page.goto(FORM)
    for label in ("Why?", "What is being done about it?", "When was it completed?"):
        expect(page.get_by_label(label)).to_be_visible()
    page.get_by_label("What has changed?").fill("Half a sen")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_label("What has changed?")).to_have_value("Half a sen")
    page.get_by_label("On track").check()
    page.get_by_role("button", name="Send this update").click()
    expect(page.get_by_role("main")).to_contain_text("Sent: 5.13")


def test_each_of_all_is_saved_and_sent(officer):
    page = officer()
    page.goto(ALL)
    block = page.locator("#say-5\\.18")
    block.get_by_label("On track").check()
    block.get_by_label("What has changed?").press_sequentially("The consultancy reported.")
    expect(block.locator("[data-draft-said]")).to_have_text(SAVED, timeout=5000)
    page.get_by_role("button", name="Send all that are filled in").click()
    expect(page.get_by_role("main")).to_contain_text("Sent: 5.18")
    expect(page.locator("#say-5\\.18")).to_have_count(0)
