"""The council's single sign-on, against a provider on this machine that speaks for itself."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa

from dashboard import changes
from dashboard.models import User
from tests.dashboard.codes import give_second_factor
from tests.dashboard.provider import Provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    made = Provider()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [made.app()]}}
    made.person = {
        "sub": "4711", "email": "Officer@panel.example", "email_verified": True,
        "name": "An officer",
    }  # fmt: skip
    yield made
    made.stop()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


def visit(address: str) -> str:
    """Where the provider's page leads to."""
    opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    try:
        opener.open(address, timeout=10)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.headers["Location"]
    raise AssertionError


def sign_in(client, next_page=""):
    """By the button, through the provider, and back."""
    query = f"?next={next_page}" if next_page else ""
    away = client.post(f"/account/single-sign-on/council/{query}")
    assert away.status_code == 302
    back = visit(away.url)
    assert back.startswith("http://testserver/account/single-sign-on/council/back/?")
    return client.get(back.removeprefix("http://testserver"))


def test_an_invited_person_is_let_in_by_their_address(nobody, provider):
    assert "Sign in with your council account" in nobody.get("/sign-in/").content.decode()
    response = sign_in(nobody, "/plan/")
    assert response.url == "/plan/"
    assert nobody.get("/plan/").status_code == 200
    kept = SocialAccount.objects.get()
    assert (kept.user.username, kept.uid, kept.extra_data) == ("officer", "4711", {})


def test_they_are_known_again_when_their_address_has_changed(nobody, provider, client):
    sign_in(nobody)
    provider.person["email"] = "somebody.new@panel.example"
    sign_in(client)
    assert client.get("/").status_code == 200
    assert SocialAccount.objects.count() == 1


def refused(response) -> bool:
    words = response.content.decode()
    return response.status_code == 403 and "We do not know you here" in words


@pytest.mark.parametrize(
    "said",
    [
        {"email": "stranger@panel.example"},
        {"email_verified": False},
        {"email_verified": None},
        {"email": ""},
    ],
)
def test_a_person_unknown_to_us_is_refused_and_not_made(nobody, provider, said):
    before = User.objects.count()
    provider.person.update(said)
    assert refused(sign_in(nobody))
    assert nobody.get("/").status_code == 302
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)


def test_somebody_else_who_was_given_the_address_is_not_let_in_as_them(nobody, client, provider):
    sign_in(client)
    provider.person["sub"] = "9999"
    assert refused(sign_in(nobody))
    assert [kept.uid for kept in SocialAccount.objects.all()] == ["4711"]
    officer, administrator = (User.objects.get(username=n) for n in ("officer", "administrator"))
    changes.deactivate_person(person=officer, reason="Left, and came back.", by=administrator)
    changes.reactivate_person(person=officer, by=administrator)
    sign_in(nobody)
    assert nobody.get("/").status_code == 200


@pytest.mark.parametrize("ended", [{"is_active": False}, {"last_day": "2016-10-04"}])
@pytest.mark.parametrize("known", [False, True])
def test_a_person_who_is_let_in_no_more_is_refused(nobody, client, provider, ended, known):
    if known:
        sign_in(client)
    User.objects.filter(username="officer").update(**ended)
    assert refused(sign_in(nobody))
    assert nobody.get("/").status_code == 302


def test_an_address_that_the_council_vouches_for_counts(nobody, provider, settings):
    del provider.person["email_verified"]
    app = provider.app()
    app["settings"]["verified_email"] = True
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    assert sign_in(nobody).url == "/"


def not_taken(response, status=401) -> bool:
    return response.status_code == status and "could not be taken" in response.content.decode()


@pytest.mark.parametrize(
    "claims", [{"iss": "https://another.example"}, {"aud": "another-site"}, {"exp": 1_000_000_000}]
)
def test_what_was_said_to_others_or_long_ago_is_not_taken(nobody, provider, claims):
    provider.claims = claims
    assert not_taken(sign_in(nobody))


def test_what_somebody_else_signed_is_not_taken(nobody, provider):
    provider.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert not_taken(sign_in(nobody))


def test_an_answer_that_was_not_asked_for_is_not_taken(nobody, provider, client):
    away = nobody.post("/account/single-sign-on/council/")
    back = visit(away.url).removeprefix("http://testserver")
    assert not_taken(client.get(back))
    assert nobody.get(back).status_code == 302
    assert not_taken(client.get("/account/single-sign-on/council/back/?code=x&state=y"))


def test_who_breaks_off_is_told_so(nobody, provider):
    provider.answer = {"error": "access_denied"}
    response = sign_in(nobody)
    assert response.url == "/account/single-sign-on-cancelled/"


def test_a_provider_that_is_away_is_a_sentence(nobody, provider):
    away = nobody.post("/account/single-sign-on/council/")
    back = visit(away.url).removeprefix("http://testserver")
    provider.stop()
    assert not_taken(nobody.get(back), 503)
    assert not_taken(nobody.post("/account/single-sign-on/council/"), 503)


def test_only_a_form_of_ours_begins_it(nobody, provider):
    assert nobody.get("/account/single-sign-on/council/").status_code == 405
    assert nobody.post("/account/single-sign-on/another/").status_code == 404


def test_our_own_second_factor_is_asked_for_after_it(nobody, provider):
    give_second_factor(User.objects.get(username="officer"))
    assert sign_in(nobody).url == "/account/code/"
    assert nobody.get("/").status_code == 302


@pytest.mark.parametrize(
    ("claim", "counts"), [(["pwd", "mfa"], True), ("mfa", True), (["pwd"], False), (None, False)]
)
def test_the_councils_second_factor_counts_where_it_says_so(
    nobody, provider, settings, claim, counts
):
    settings.OIDC_MFA_CLAIM, settings.SECOND_FACTOR_REQUIRED = "amr", True
    provider.person["email"] = "data-admin@panel.example"
    provider.claims = {"amr": claim}
    sign_in(nobody)
    response = nobody.get("/performance/loads/new/")
    assert (response.status_code == 200) == counts
    if not counts:
        assert response.url.startswith("/account/second-factor/")
        assert nobody.get(response.url).status_code == 200


def test_it_does_not_count_without_the_setting(nobody, provider, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    provider.person["email"] = "data-admin@panel.example"
    provider.claims = {"amr": ["mfa"]}
    sign_in(nobody)
    assert nobody.get("/performance/loads/new/").status_code == 302


def test_it_counts_instead_of_our_own(nobody, provider, settings):
    settings.OIDC_MFA_CLAIM = "amr"
    give_second_factor(User.objects.get(username="officer"))
    provider.claims = {"amr": ["mfa"]}
    assert sign_in(nobody).url == "/"
    assert Authenticator.objects.exists()


def test_somebody_without_a_password_reads_so(nobody, provider):
    User.objects.filter(username="officer").update(password="!")
    sign_in(nobody)
    assert "you sign in through the council" in nobody.get("/account/").content.decode()
    changed = nobody.get("/account/password/", follow=True)
    assert "You have no password here" in changed.content.decode()
