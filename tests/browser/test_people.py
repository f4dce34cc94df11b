"""Signing in and letting people in, in a real browser, by the keys alone."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as live_settings
from playwright.sync_api import expect

from dashboard.models import QueuedMessage, User
from tests.browser.conftest import outside
from tests.browser.test_load_journey import Keyboard
from tests.browser.widths import WIDTHS
from tests.conftest import PASSWORD
from tests.dashboard.codes import code_for
from tests.dashboard.provider import Provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def faults(page, width):
    found = [
        f"{page.url}: {violation['id']}: {violation['nodes'][0]['html'][:150]}"
        for violation in Axe().run(page).response["violations"]
    ]
    if page.evaluate("() => document.documentElement.scrollWidth") > width:
        found.append(f"{page.url} is too wide")
    return found


@pytest.fixture
def put_back(db) -> Iterator[None]:
    """Nobody has a second factor, a single sign-on or a message after the test."""
    yield

    def clean():
        Authenticator.objects.all().delete()
        SocialAccount.objects.all().delete()
        QueuedMessage.objects.all().delete()

    outside(clean)


def number(name: str) -> int:
    return outside(lambda: User.objects.get(username=name).pk)


FORMS = {
    "/people/invite/": "Send the invitation",
    "/people/{officer}/roles/": "",
    "/people/{lead}/themes/": "",
    "/people/{officer}/last-day/": "",
    "/people/{officer}/deactivate/": "Deactivate",
    "/people/{officer}/second-factor/": "Take it off",
    "/account/password/": "Change it",
    "/account/second-factor/": "Set it up",
}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_of_people_has_a_fault_or_is_too_wide(open_page, width):
    page = open_page(width, name="administrator")
    officer, lead, found = number("officer"), number("theme-lead"), []
    for address in ("/people/", "/people/{officer}/", "/account/", *FORMS):
        page.goto(address.format(officer=officer, lead=lead))
        found += faults(page, width)
        if button := FORMS.get(address):
            page.get_by_role("button", name=button, exact=True).click()
            expect(page.get_by_role("alert")).to_contain_text("There is a problem")
            found += faults(page, width)
    assert found == []
    assert page.witness.messages == []
    assert page.witness.foreign == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_before_the_sign_in_has_a_fault(open_page, width):
    page, found = open_page(width, sign_in=False), []
    for address in (
        "/sign-in/?next=/plan/&ended=idle", "/account/password/forgotten/", "/account/closed/",
        "/account/password/forgotten/sent/", "/account/password/changed/",
        "/account/password/1-x/", "/account/single-sign-on-cancelled/",
    ):  # fmt: skip
        page.goto(address)
        found += faults(page, width)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Fill in both boxes")
    assert found + faults(page, width) == []
    page.goto("/account/invitation/nonsense/")
    assert faults(page, width) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_second_factor_is_set_up_and_used_by_the_keys(open_page, put_back, width, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    page = open_page(width, name="data-admin")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second factor")
    picture = page.locator("img.qr")
    assert picture.evaluate("one => one.complete && one.naturalWidth > 0")
    secret = page.locator("dd code").inner_text().replace(" ", "")
    keys = Keyboard(page)
    keys.reach(page.get_by_label("Code"))
    page.keyboard.type(code_for(secret, steps=-1))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    assert page.locator(".recovery-codes li").count() == 10
    assert faults(page, width) == []
    keys.press("link", "I have kept them: go on")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good on three")

    keys.press("button", "Sign out")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto("/performance/loads/")
    keys.reach(page.get_by_label("User name"))
    page.keyboard.type("data-admin@panel.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your second factor")
    assert faults(page, width) == []
    keys.reach(page.get_by_label("Code"))
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("That code is not right")
    assert faults(page, width) == []
    keys.reach(page.get_by_label("Code"))
    page.keyboard.type(code_for(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Loads")
    page.goto("/account/recovery-codes/")
    expect(page.get_by_text("10 of 10 are left")).to_be_visible()
    assert page.witness.messages == []


def test_words_are_given_back_where_the_session_has_ended(open_page):
    page = open_page(name="administrator")
    page.goto(f"/people/{number('officer')}/deactivate/")
    page.context.add_cookies([{**cookie, "value": "gone"} for cookie in _session(page)])
    page.get_by_label("Why").fill("Left the council in May.")
    page.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have been signed out")
    expect(page.get_by_label("Your words")).to_have_value("Left the council in May.")
    assert faults(page, 1280) == []
    page.get_by_role("link", name="Sign in again").click()
    page.get_by_label("User name").fill("administrator")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/people/\d+/deactivate/$"))


def _session(page):
    return [cookie for cookie in page.context.cookies() if cookie["name"] == "sessionid"]


def test_the_councils_single_sign_on_in_a_browser(open_page, put_back, settings):
    provider = Provider()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [provider.app()]}}
    directives = live_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": {**directives, "form-action": ["'self'", provider.address]}
    }
    provider.person = {"sub": "1", "email": "chair@panel.example", "email_verified": True}
    try:
        page = open_page(sign_in=False)
        page.goto("/plan/")
        assert faults(page, 1280) == []
        page.get_by_role("button", name="Sign in with your council account").click()
        expect(page).to_have_url(re.compile("/plan/$"))
        expect(page.get_by_text("Signed in as")).to_be_attached()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        provider.person = {"sub": "2", "email": "stranger@panel.example", "email_verified": True}
        page.get_by_role("button", name="Sign in with your council account").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("We do not know you here")
        assert faults(page, 1280) == []
    finally:
        provider.stop()
