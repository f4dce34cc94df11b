"""Signing in, and each person's own sign-in: password, second factor, recovery codes.

The steps are django-allauth's; what is asked, in which order and in which words, is ours.
"""

from functools import wraps
from typing import Any

from allauth.account import views as allauth_account
from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_not_required
from allauth.account.internal.flows.login import clear_authentication_records
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.changes import accept_invitation, role_titles
from dashboard.middleware import before_second_factor
from dashboard.models import User
from dashboard.signing_in.forms import NewPasswordForm, is_locked_out
from dashboard.signing_in.links import read_invitation
from dashboard.signing_in.second_factor import has_one, must_have_one, note_use, was_used
from dashboard.signing_in.single_sign_on import PROVIDER_ID, button_name
from dashboard.views.errors import too_many_requests
from performance.clock import today


def me(request: HttpRequest) -> User:
    """Who asks, on a page that only opens to the signed-in."""
    assert isinstance(request.user, User)
    return request.user


def safe_next(request: HttpRequest) -> str:
    """The page of this site that was asked for; nothing where it is another's, or none."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if asked and get_adapter().is_safe_url(asked) else ""


class _Refusing:
    """A form that was sent too often is answered by a page of its own, and not by the form."""

    request: HttpRequest

    def form_invalid(self, form: Form) -> HttpResponse:
        if is_locked_out(form):
            return too_many_requests(self.request)
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        return answer


class SignInView(_Refusing, allauth_account.LoginView):
    """A `next` that leads back to this page is as good as none."""

    def get_success_url(self) -> str:
        address = safe_next(self.request)
        is_this = address.partition("?")[0] == self.request.path
        return reverse("overview") if is_this or not address else address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = safe_next(self.request)
        return {
            **super().get_context_data(**kwargs),
            "next": asked,
            "ended": self.request.GET.get("ended", ""),
            "idle_minutes": settings.SESSION_IDLE_MINUTES,
            "single_sign_on": button_name(),
            "provider_id": PROVIDER_ID,
        }


class CodeView(_Refusing, mfa.AuthenticateView):
    pass


class ConfirmPasswordView(_Refusing, allauth_account.ReauthenticateView):
    pass


class ConfirmCodeView(_Refusing, mfa.ReauthenticateView):
    pass


class SetUpView(_Refusing, totp.ActivateTOTPView):
    """Whoever has just shown a code has used the second factor in this session."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        secret = found["form"].secret
        return {
            **found,
            "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            "must": must_have_one(me(self.request)),
            "next": safe_next(self.request),
        }

    def form_valid(self, form: Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        note_use(self.request, me(self.request), kind="totp")
        return answer

    def get_success_url(self) -> str:
        asked = safe_next(self.request)
        query = f"?{urlencode({'next': asked})}" if asked else ""
        return reverse("mfa_view_recovery_codes") + query


def after_second_factor(view: Any) -> Any:
    """Asks for the code first, where there is a second factor that this session has not used: one
    begun with the password alone must not get at it, nor at the codes that replace it."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if has_one(me(request)) and not was_used(request, me(request)):
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('mfa_reauthenticate')}?{query}")
        answer: HttpResponseBase = view(request, *args, **kwargs)
        return answer

    return asked


class TurnOffView(totp.DeactivateTOTPView):
    """The session no longer counts as begun with a second factor."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        must = must_have_one(me(self.request))
        return {**super().get_context_data(**kwargs), "must": must}

    def form_valid(self, form: Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        clear_authentication_records(self.request)
        messages.success(self.request, "Your second factor is off.")
        return answer


class RecoveryCodesView(recovery_codes.ViewRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = safe_next(self.request) or reverse("overview")
        return {**super().get_context_data(**kwargs), "next": asked}


class ChangePasswordView(allauth_account.PasswordChangeView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not me(request).has_usable_password():
            messages.info(request, "You have no password here: you sign in through the council.")
            return redirect("mfa_index")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def form_valid(self, form: Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        messages.success(self.request, "Your password is changed.")
        return answer

    def get_default_success_url(self) -> str:
        return reverse("mfa_index")


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """One's own sign-in: who one is here, and by what one signs in."""
    person = me(request)
    context = {
        "roles": role_titles(person),
        "has_second_factor": has_one(person),
        "has_password": person.has_usable_password(),
    }
    return render(request, "account/index.html", context)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Choosing one's password, by the link of an invitation; one is then signed in."""
    person = read_invitation(token, today())
    if person is None:
        return render(request, "account/invitation_over.html", status=410)
    form = NewPasswordForm(
        request.POST if request.method == "POST" else None, user=person, temp_key=token
    )
    if form.is_valid() and accept_invitation(
        person=person, token=token, password=form.cleaned_data["password1"], on=today()
    ):
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("sign-in")
    return render(request, "account/invitation.html", {"form": form, "person": person})


sign_in = SignInView.as_view()
code = CodeView.as_view()
confirm_password = before_second_factor(ConfirmPasswordView.as_view())
confirm_code = before_second_factor(ConfirmCodeView.as_view())
set_up = before_second_factor(SetUpView.as_view())
turn_off = after_second_factor(TurnOffView.as_view())
view_recovery_codes = after_second_factor(RecoveryCodesView.as_view())
new_recovery_codes = after_second_factor(recovery_codes.GenerateRecoveryCodesView.as_view())
change_password = ChangePasswordView.as_view()
password_forgotten = allauth_account.PasswordResetView.as_view()
password_sent = allauth_account.PasswordResetDoneView.as_view()
password_from_link = allauth_account.PasswordResetFromKeyView.as_view()
password_changed = allauth_account.PasswordResetFromKeyDoneView.as_view()
closed = allauth_account.AccountInactiveView.as_view()
