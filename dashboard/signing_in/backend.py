from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from dashboard.models import User
from performance.clock import today


class PeopleBackend(AuthenticationBackend):
    """By user name or e-mail address. Asked at each page, so that whoever is deactivated, or
    whose last day has passed, is signed out with their next click."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        return isinstance(user, User) and user.may_sign_in(today())
