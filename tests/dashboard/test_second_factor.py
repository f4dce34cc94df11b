"""Codes from a phone: set up, asked for, lost, and required of whoever could do most harm."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.models import User
from dashboard.roles import ROLES
from dashboard.signing_in import secrets
from dashboard.signing_in.second_factor import ASK_FOR_A_SECOND_FACTOR, has_one
from tests.conftest import PASSWORD
from tests.dashboard.codes import code_for, give_recovery_codes, give_second_factor

pytestmark = pytest.mark.django_db
SET_UP = "/account/second-factor/"


def person(name="data-admin") -> User:
    return User.objects.get(username=name)


def by_password(client, name="data-admin", **more):
    return client.post("/sign-in/", {"login": name, "password": PASSWORD, **more})


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def test_it_is_set_up_with_the_code_that_the_app_shows(client):
    by_password(client)
    page = client.get(SET_UP).content.decode()
    secret = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)[0].replace(" ", "")
    assert 'src="data:image/svg+xml;base64,' in page
    wrong = client.post(SET_UP, {"code": "000000"}).content.decode()
    assert "That code is not right" in wrong
    assert secret in wrong.replace(" ", "")
    done = client.post(SET_UP, {"code": code_for(secret)}, follow=True)
    codes = re.findall(r"<li><code>(\w+)</code></li>", done.content.decode())
    assert len(codes) == 10
    assert "were shown once" in client.get("/account/recovery-codes/").content.decode()
    kept = Authenticator.objects.get(user=person(), type="totp").data["secret"]
    assert secret not in kept
    assert secrets.decrypt(kept) == secret


@pytest.mark.parametrize("is_required", [True, False])
def test_another_session_by_the_password_alone_reads_no_recovery_codes(settings, is_required):
    settings.SECOND_FACTOR_REQUIRED = is_required
    mine, other = Client(), Client()
    for browser in (other, mine):
        by_password(browser)
    secret = re.findall(r"<code>([A-Z2-7 ]+)</code>", mine.get(SET_UP).content.decode())[0]
    mine.post(SET_UP, {"code": code_for(secret.replace(" ", ""))})
    answer = other.get("/account/recovery-codes/")
    assert answer.status_code == 302
    assert answer.url.startswith("/account/confirm/code/")
    assert "<li><code>" in mine.get("/account/recovery-codes/").content.decode()


def test_sign_in_then_asks_for_a_code(client):
    secret = give_second_factor(person())
    response = by_password(client, next="/plan/")
    assert response.url == "/account/code/"
    assert client.get("/").status_code == 302
    assert "not right" in client.post("/account/code/", {"code": "000000"}).content.decode()
    assert client.post("/account/code/", {"code": code_for(secret)}).url == "/plan/"
    assert client.get("/").status_code == 200


def test_whoever_has_not_the_phone_can_sign_in_as_somebody_else(client):
    give_second_factor(person())
    by_password(client)
    assert client.get("/sign-in/").url == "/account/code/"
    assert "Sign in as somebody else" in client.get("/account/code/").content.decode()
    client.post("/sign-out/")
    assert by_password(client, "councillor").url == "/"


def test_a_code_works_once(client):
    secret = give_second_factor(person())
    used = code_for(secret)
    for browser, opens in ((client, True), (Client(), False)):
        by_password(browser)
        browser.post("/account/code/", {"code": used})
        assert (browser.get("/").status_code == 200) == opens


def test_a_recovery_code_lets_in_once(client):
    give_second_factor(person())
    code = give_recovery_codes(person())[0]
    for browser, opens in ((client, True), (Client(), False)):
        by_password(browser)
        browser.post("/account/code/", {"code": code})
        assert (browser.get("/").status_code == 200) == opens


def test_guessing_codes_is_limited(client):
    give_second_factor(person())
    by_password(client)
    for _ in range(5):
        assert client.post("/account/code/", {"code": "000000"}).status_code == 200
    refused = client.post("/account/code/", {"code": "000000"})
    assert refused.status_code == 429
    assert "Try again after" in refused.content.decode()


def test_a_changed_secret_key_loses_it_and_opens_nothing(client, settings):
    secret = give_second_factor(person())
    settings.SECRET_KEY = "another key, and long enough to pass as one of a live site, too"
    by_password(client)
    for code in (code_for(secret), code_for("")):
        assert client.post("/account/code/", {"code": code}).status_code == 200
    assert client.get("/").status_code == 302


def holders() -> set[str]:
    return {role.slug for role in ROLES if set(role.permissions) & set(ASK_FOR_A_SECOND_FACTOR)}


def test_it_is_asked_of_these():
    assert holders() >= {"data-admin", "administrator"}
    assert not holders() & {"councillor", "chair", "officer", "cabinet-member"}


@pytest.mark.parametrize("role", [role.slug for role in ROLES])
def test_whoever_can_do_harm_sets_it_up_before_anything_else(client, required, role):
    by_password(client, role)
    response = client.get("/plan/?standing=complete")
    if role in holders():
        assert response.url == f"{SET_UP}?next=%2Fplan%2F%3Fstanding%3Dcomplete"
        assert "a password alone is not enough" in client.get(response.url).content.decode()
        assert client.post("/people/invite/").url.startswith(SET_UP)
        assert client.get("/plan/", headers={"x-requested-with": "fetch"}).status_code == 401
        assert client.post("/sign-out/").status_code == 302
    else:
        assert response.status_code == 200


def test_after_setting_it_up_one_goes_on_to_the_page_that_was_asked_for(client, required):
    by_password(client)
    where = client.get("/plan/").url
    page = client.get(where).content.decode()
    secret = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)[0].replace(" ", "")
    codes = client.post(where, {"code": code_for(secret), "next": "/plan/"}, follow=True)
    assert 'href="/plan/">I have kept them' in codes.content.decode()
    assert client.get("/plan/").status_code == 200


def test_a_session_from_before_it_was_set_up_shows_a_code_first(client, required):
    secret = give_second_factor(person())
    client.force_login(person())
    where = client.get("/plan/").url
    assert where == "/account/confirm/code/?next=%2Fplan%2F"
    assert client.post(where, {"code": code_for(secret)}).url == "/plan/"
    assert client.get("/plan/").status_code == 200


def test_it_costs_no_query_once_it_was_used(client, required):
    secret = give_second_factor(person())
    by_password(client)
    client.post("/account/code/", {"code": code_for(secret)})
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/glossary/").status_code == 200
    # The session, the user, and the two of permissions.
    assert len(captured) <= 4


def test_turned_off_it_must_be_set_up_again_where_it_is_required(client, required):
    secret = give_second_factor(person())
    by_password(client)
    client.post("/account/code/", {"code": code_for(secret)})
    assert "You need one" in client.get("/account/second-factor/off/").content.decode()
    client.post("/account/second-factor/off/")
    assert not Authenticator.objects.filter(user=person()).exists()
    assert client.get("/plan/").url.startswith(SET_UP)


def test_an_old_session_proves_itself_before_it_sets_a_second_factor_up(client):
    client.force_login(person())
    where = client.get(SET_UP).url
    assert where.startswith("/account/confirm/?next=")
    wrong = client.post(where, {"password": "wrong"}).content.decode()
    assert "That is not your password" in wrong
    assert client.post(where, {"password": PASSWORD}).url == SET_UP
    assert client.get(SET_UP).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/account/second-factor/off/", "/account/recovery-codes/", "/account/recovery-codes/new/"],
)
def test_an_old_session_uses_the_second_factor_before_it_touches_it(client, address):
    secret = give_second_factor(person())
    give_recovery_codes(person())
    client.force_login(person())
    where = client.get(address).url
    assert where.startswith("/account/confirm/code/?next=")
    assert client.post(address).url == where
    assert has_one(person())
    wrong = client.post(where, {"code": "000000"}).content.decode()
    assert "That code is not right" in wrong
    assert client.post(where, {"code": code_for(secret)}).url == address
    assert client.get(address).status_code == 200


def test_new_recovery_codes_end_the_old_ones(client):
    secret = give_second_factor(person())
    old = give_recovery_codes(person())[0]
    by_password(client)
    client.post("/account/code/", {"code": code_for(secret)})
    new = client.post("/account/recovery-codes/new/", follow=True).content.decode()
    assert len(re.findall(r"<li><code>(\w+)</code></li>", new)) == 10
    assert old not in new
