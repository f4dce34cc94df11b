"""allauth's forms in this site's words: labels that say what is meant, and no placeholders."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html

CODE_HELP = "Six figures, from the authenticator app on your phone."
LOCKED_OUT = ("too_many_login_attempts", "rate_limited")


def is_locked_out(form: forms.BaseForm) -> bool:
    """Whether the form was refused because it was sent too often, and not for what it said."""
    return any(
        error.code in LOCKED_OUT for errors in form.errors.as_data().values() for error in errors
    )


def _say(form: forms.BaseForm, words: dict[str, tuple[str, str]]) -> None:
    """Gives the fields these labels and hints."""
    for name, (label, hint) in words.items():
        field = form.fields[name]
        field.label, field.help_text = label, hint
        field.widget.attrs.pop("placeholder", None)
        field.error_messages["required"] = f"Fill in: {label[:1].lower()}{label[1:]}."


class SignInForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"login": ("User name or e-mail address", ""), "password": ("Password", "")})
        plain = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        self.fields["login"].widget.attrs.update(plain)


def _ask_for_new_password(form: forms.BaseForm) -> None:
    _say(form, {"password2": ("The same again", "")})
    _say(form, {"password1": ("New password", str(password_validators_help_text_html()))})


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"oldpassword": ("Present password", "")})
        _ask_for_new_password(self)


class NewPasswordForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_new_password(self)


class ForgottenPasswordForm(account.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"email": ("Your e-mail address", "The one that your invitation came to.")})


class ConfirmPasswordForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"password": ("Your password", "")})


def _ask_for_code(form: forms.BaseForm, hint: str) -> None:
    _say(form, {"code": ("Code", hint)})
    plain = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
    form.fields["code"].widget.attrs.update({**plain, "inputmode": "numeric", "class": "short"})


class CodeForm(mfa.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self, f"{CODE_HELP} Or one of your recovery codes.")


class ConfirmByCodeForm(mfa.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self, f"{CODE_HELP} Or one of your recovery codes.")


class SetUpForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self, CODE_HELP)
