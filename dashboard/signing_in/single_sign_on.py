"""The council's single sign-on, by OpenID Connect: who is sent to us by it, and who is let in."""

import logging
from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from dashboard.models import User
from dashboard.signing_in.second_factor import BY_SINGLE_SIGN_ON, note_use
from performance.clock import today

PROVIDER_ID = "council"
logger = logging.getLogger(__name__)


def button_name() -> str:
    """What the button on the sign-in page says; nothing where there is no single sign-on."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return str(apps[0]["name"]) if apps else ""


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Nobody is made by it: it lets in whom an administrator has invited, by their address."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Only that of the settings: nobody can add another in the database."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        person = sociallogin.user if sociallogin.is_existing else _find_person(sociallogin)
        if not isinstance(person, User) or not person.may_sign_in(today()):
            raise ImmediateHttpResponse(_say_unknown(request))
        if not sociallogin.is_existing:
            if SocialAccount.objects.filter(user=person).exists():
                # The address is somebody's whom the provider knows by another name: a leaver's,
                # given to somebody new, say. An administrator deactivates the one first.
                raise ImmediateHttpResponse(_say_unknown(request))
            sociallogin.connect(request, person)
        if getattr(request, "says_second_factor", False):
            note_use(request, person, kind=BY_SINGLE_SIGN_ON)


def _say_unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/unknown.html", status=403)


def _find_person(sociallogin: SocialLogin) -> User | None:
    """The person at an address that the provider vouches for."""
    vouched = [each.email.lower() for each in sociallogin.email_addresses if each.verified]
    return User.objects.filter(email__in=vouched).exclude(email="").first()


def _says_second_factor(claims: dict[str, Any]) -> bool:
    said = claims.get(settings.OIDC_MFA_CLAIM) if settings.OIDC_MFA_CLAIM else None
    values = said if isinstance(said, list) else [said]
    return settings.OIDC_MFA_VALUE in values


class CouncilAdapter(OpenIDConnectOAuth2Adapter):
    """Checks the signature of what the provider says of a person, also where it came straight
    from the provider and the standard would let that be."""

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        self.did_fetch_access_token = False
        claims: dict[str, Any] = super()._decode_id_token(app, id_token)
        return claims

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> SocialLogin:
        """Of what the provider says, nothing is kept but its own name for the person."""
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("The provider gave no id_token.")
        login = super().complete_login(request, app, token, **kwargs)
        said = _says_second_factor(login.account.extra_data["id_token"])
        request.says_second_factor = said  # type: ignore[attr-defined]
        login.account.extra_data = {}
        return login


@login_not_required
@require_POST
def single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _with(OAuth2LoginView, request, provider_id)


@login_not_required
@require_safe
def single_sign_on_callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _with(OAuth2CallbackView, request, provider_id)


@login_not_required
@require_safe
def cancelled(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/login_cancelled.html")


def _with(view: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    if provider_id != PROVIDER_ID or not button_name():
        raise Http404("This site has no single sign-on.")
    try:
        answer: HttpResponseBase = view.adapter_view(CouncilAdapter(request, PROVIDER_ID))(request)
    except RequestException:
        logger.warning("The council's sign-in could not be reached.", exc_info=True)
        return render(request, "socialaccount/authentication_error.html", status=503)
    return answer
