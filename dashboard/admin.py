# Importing them registers what others would show here: what a role may do is written in roles.py
# and nowhere else, and how somebody signs in is nobody's to look up.
from allauth.account import admin as of_addresses  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa import admin as of_second_factors  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as of_single_sign_on  # noqa: F401
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth import admin as of_people  # noqa: F401
from django.contrib.auth.models import Group

for _model in (Authenticator, EmailAddress, Group, SocialAccount, SocialApp, SocialToken):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)
