"""Signing in by user name or e-mail, and what is closed, limited and forgotten."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver

from dashboard.mail.sending import deliver
from dashboard.models import QueuedMessage, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(client, login="councillor", password=PASSWORD, **more):
    return client.post("/sign-in/", {"login": login, "password": password, **more})


@pytest.mark.parametrize("login", ["councillor", "Councillor", "councillor@panel.example"])
def test_sign_in_by_user_name_or_address(nobody, login):
    response = sign_in(nobody, login)
    assert (response.status_code, response.url) == (302, "/")
    assert nobody.get("/").status_code == 200


def test_a_password_is_taken_as_it_was_typed(nobody):
    """What is typed elsewhere is made plain: see `PlainTextMiddleware`."""
    odd = "a\x0bpassword\x1fof\x0cmine"
    person = User.objects.get(username="councillor")
    person.set_password(odd)
    person.save()
    assert sign_in(nobody, password=odd).url == "/"


def test_sign_in_goes_back_to_the_page_that_was_asked_for(nobody):
    asked = nobody.get("/plan/?standing=complete")
    assert asked.url == "/sign-in/?next=/plan/%3Fstanding%3Dcomplete"
    assert "Sign in to see that page" in nobody.get(asked.url).content.decode()
    assert sign_in(nobody, next="/plan/?standing=complete").url == "/plan/?standing=complete"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_sign_in_goes_nowhere_else(nobody, elsewhere):
    assert sign_in(nobody, next=elsewhere).url == "/"


@pytest.mark.parametrize(
    ("login", "password"), [("councillor", "wrong"), ("nobody-here", PASSWORD), ("", ""), ("x", "")]
)
def test_sign_in_refuses_in_the_same_words(nobody, login, password):
    response = sign_in(nobody, login, password)
    body = response.content.decode()
    assert response.status_code == 200
    assert ("do not match" in body) == bool(login and password)
    assert PASSWORD not in body
    assert nobody.get("/").status_code == 302


def test_a_deactivated_person_cannot_sign_in_and_is_told_so(nobody):
    User.objects.filter(username="councillor").update(is_active=False)
    response = sign_in(nobody)
    assert response.url == "/account/closed/"
    assert "cannot sign in any more" in nobody.get(response.url).content.decode()
    assert nobody.get("/").status_code == 302


def test_nobody_without_a_role_reads_anything(client):
    User.objects.create_user("without-a-role", password=PASSWORD)
    sign_in(client, "without-a-role")
    assert client.get("/").status_code == 403


CLOSED = [
    "signup/", "email/", "confirm-email/", "password/set/", "3rdparty/", "3rdparty/signup/",
    "social/signup/", "2fa/", "login/code/", "login/", "sessions/", "second-factor/webauthn/",
]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_what_is_not_ours_is_closed(nobody, councillor, address):
    for browser in (nobody, councillor):
        assert browser.get(f"/account/{address}").status_code == 404
        assert browser.post(f"/account/{address}").status_code == 404


def test_no_other_view_of_allauth_is_mounted():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)} & ALLAUTH_HAS
    assert names == set()


ALLAUTH_HAS = {
    "account_signup", "account_email", "account_set_password", "account_logout",
    "account_email_verification_sent", "account_confirm_email", "account_confirm_login_code",
    "account_request_reauthentication_code", "account_confirm_reauthentication_code",
    "socialaccount_signup", "socialaccount_connections", "socialaccount_login_error",
    "mfa_download_recovery_codes", "mfa_trust",
}  # fmt: skip


def test_five_wrong_passwords_lock_for_five_minutes(nobody):
    for _ in range(5):
        assert sign_in(nobody, password="wrong").status_code == 200
    refused = sign_in(nobody)
    body = refused.content.decode()
    assert refused.status_code == 429
    assert refused["Retry-After"] == "300"
    assert re.search(r"Try again after \d\d:\d\d", body)
    assert sign_in(Client()).status_code == 429
    assert sign_in(nobody, "chair").status_code == 302


def test_the_limit_is_one_for_all_host_names(nobody):
    for _ in range(5):
        sign_in(nobody, password="wrong")
    other = Client(headers={"host": "localhost"})
    assert sign_in(other).status_code == 429


def test_the_limit_is_one_for_a_name_and_its_address(nobody):
    for login in (
        "councillor",
        "Councillor@panel.example",
        "COUNCILLOR",
        "councillor",
        "councillor",
    ):
        assert sign_in(nobody, login, "wrong").status_code == 200
    assert sign_in(nobody, "councillor@panel.example").status_code == 429
    assert sign_in(nobody, "councillor").status_code == 429


def test_what_was_right_does_not_count(nobody):
    for _ in range(7):
        assert sign_in(Client()).status_code == 302
    assert sign_in(nobody, password="wrong").status_code == 200


def test_tries_from_one_address_are_limited_whoever_they_are_for(nobody):
    for number in range(100):
        assert sign_in(nobody, f"nobody-{number}", "wrong").status_code == 200
    assert sign_in(nobody, "nobody-100", "wrong").status_code == 429


def test_an_address_that_a_visitor_claims_is_not_believed(nobody):
    for number in range(100):
        sign_in(Client(headers={"x-forwarded-for": f"10.0.0.{number}"}), f"n-{number}", "wrong")
    assert sign_in(nobody, "n-100", "wrong").status_code == 429


def test_the_address_that_our_own_proxy_wrote_is_believed(settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(31):
        visitor = Client(headers={"x-forwarded-for": f"1.2.3.4, 10.0.0.{number}"})
        assert sign_in(visitor, f"n-{number}", "wrong").status_code == 200
    # Only the last was the proxy's: what stands before it may be anything.
    for number in range(100):
        visitor = Client(headers={"x-forwarded-for": f"10.9.9.{number}, 10.0.1.1"})
        sign_in(visitor, f"m-{number}", "wrong")
    last = Client(headers={"x-forwarded-for": "10.9.9.99, 10.0.1.1"})
    assert sign_in(last, "m-30", "wrong").status_code == 429


def test_the_limits_are_kept_in_the_database(django_assert_num_queries):
    with django_assert_num_queries(1):
        cache.get("anything")


def ask_for_link(client, address="councillor@panel.example"):
    return client.post("/account/password/forgotten/", {"email": address}, follow=True)


def link_in(message: QueuedMessage) -> str:
    return re.findall(r"http://testserver(/\S+)", message.text)[0]


def test_a_forgotten_password_is_chosen_anew_by_a_link(nobody):
    ask_for_link(nobody, "Councillor@Panel.example")
    message = QueuedMessage.objects.get()
    assert (message.kind, message.address, message.is_secret) == (
        "password-reset", "councillor@panel.example", True,
    )  # fmt: skip
    assert message.to == User.objects.get(username="councillor")
    chosen = "Plum-barge-7-lantern"
    form = nobody.get(link_in(message), follow=True)
    where = form.redirect_chain[-1][0]
    assert "set-password" in where
    done = nobody.post(where, {"password1": chosen, "password2": chosen}, follow=True)
    assert "Your password is changed" in done.content.decode()
    assert nobody.get("/").status_code == 302
    again = Client().get(link_in(message))
    assert "This link is over" in again.content.decode()
    assert sign_in(nobody, password=chosen).status_code == 302


@pytest.mark.parametrize("chosen", ["short", "password12", "councillor"])
def test_a_weak_new_password_is_refused(nobody, chosen):
    ask_for_link(nobody)
    where = nobody.get(link_in(QueuedMessage.objects.get()), follow=True).redirect_chain[-1][0]
    response = nobody.post(where, {"password1": chosen, "password2": chosen})
    assert "There is a problem" in response.content.decode()
    assert User.objects.get(username="councillor").check_password(PASSWORD)


def test_asking_for_a_link_does_not_tell_who_is_here(nobody):
    known, unknown = ask_for_link(nobody), ask_for_link(nobody, "stranger@panel.example")
    assert known.redirect_chain == unknown.redirect_chain
    assert _without_tokens(known) == _without_tokens(unknown)
    assert QueuedMessage.objects.count() == 1


def _without_tokens(response):
    return re.sub(r'value="[^"]{40,}"', "", response.content.decode())


def test_a_link_is_over_after_an_hour(nobody, settings):
    ask_for_link(nobody)
    settings.PASSWORD_RESET_TIMEOUT = -1
    response = nobody.get(link_in(QueuedMessage.objects.get()))
    assert "This link is over" in response.content.decode()


def test_a_link_is_over_when_the_person_is_deactivated(nobody):
    ask_for_link(nobody)
    User.objects.filter(username="councillor").update(is_active=False, sessions_ended=1)
    response = nobody.get(link_in(QueuedMessage.objects.get()))
    assert "This link is over" in response.content.decode()


def test_links_are_not_asked_for_without_end(nobody):
    for _ in range(3):
        assert ask_for_link(nobody).status_code == 200
    assert ask_for_link(nobody).status_code == 429
    assert QueuedMessage.objects.count() == 3


def test_the_link_is_forgotten_once_the_message_is_sent(nobody, settings):
    settings.MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ask_for_link(nobody)
    assert deliver().sent == 1
    message = QueuedMessage.objects.get()
    assert (message.text, message.html) == ("", "")


def test_a_password_is_changed_by_its_owner(councillor):
    chosen = "Plum-barge-7-lantern"
    other = Client()
    other.force_login(User.objects.get(username="councillor"))
    wrong = councillor.post(
        "/account/password/", {"oldpassword": "no", "password1": chosen, "password2": chosen}
    )
    assert "That is not your present password" in wrong.content.decode()
    done = councillor.post(
        "/account/password/",
        {"oldpassword": PASSWORD, "password1": chosen, "password2": chosen},
        follow=True,
    )
    assert "Your password is changed." in done.content.decode()
    assert councillor.get("/").status_code == 200
    assert other.get("/").status_code == 302


PAGES = [
    "/sign-in/", "/account/password/forgotten/", "/account/password/forgotten/sent/",
    "/account/password/changed/", "/account/closed/", "/account/single-sign-on-cancelled/",
]  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_pages_for_the_signed_out_open_to_them(nobody, address):
    response = nobody.get(address)
    assert response.status_code == 200
    assert "unsafe" not in response["Content-Security-Policy"]


MINE = ["/account/", "/account/password/", "/account/second-factor/"]


@pytest.mark.parametrize("address", MINE)
def test_pages_of_ones_own_ask_who_one_is(nobody, address):
    assert nobody.get(address).url == f"/sign-in/?next={address}"
    sign_in(nobody)
    assert nobody.get(address).status_code == 200


def test_single_sign_on_is_not_there_where_it_is_not_set_up(nobody):
    assert "Sign in with" not in nobody.get("/sign-in/").content.decode()
    assert nobody.post("/account/single-sign-on/council/").status_code == 404
    assert nobody.get("/account/single-sign-on/council/back/").status_code == 404
