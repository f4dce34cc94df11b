"""Each person's own sign-in. What else django-allauth has stays closed: it is not here."""

from django.urls import path, re_path

from dashboard.signing_in import single_sign_on
from dashboard.views import account

# The names are django-allauth's, by which it finds its own pages.
account_patterns = [
    path("", account.account, name="mfa_index"),
    path("closed/", account.closed, name="account_inactive"),
    path("code/", account.code, name="mfa_authenticate"),
    path("confirm/", account.confirm_password, name="account_reauthenticate"),
    path("confirm/code/", account.confirm_code, name="mfa_reauthenticate"),
    path("second-factor/", account.set_up, name="mfa_activate_totp"),
    path("second-factor/off/", account.turn_off, name="mfa_deactivate_totp"),
    path("recovery-codes/", account.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", account.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("password/", account.change_password, name="account_change_password"),
    path("password/forgotten/", account.password_forgotten, name="account_reset_password"),
    path("password/forgotten/sent/", account.password_sent, name="account_reset_password_done"),
    path(
        "password/changed/",
        account.password_changed,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_from_link,
        name="account_reset_password_from_key",
    ),
    path("invitation/<str:token>/", account.invitation, name="invitation"),
    path(
        "single-sign-on/<slug:provider_id>/",
        single_sign_on.single_sign_on,
        name="openid_connect_login",
    ),
    path(
        "single-sign-on/<slug:provider_id>/back/",
        single_sign_on.single_sign_on_callback,
        name="openid_connect_callback",
    ),
    path(
        "single-sign-on-cancelled/",
        single_sign_on.cancelled,
        name="socialaccount_login_cancelled",
    ),
]
