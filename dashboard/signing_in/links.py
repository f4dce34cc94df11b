"""Links by which somebody chooses a password: one after an invitation, one after a reset.

Each works once: it is made from what the password is now, and ends with it.
"""

from datetime import date, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from dashboard.models import User

INVITATION_LASTS = timedelta(days=7)
_SALT = "dashboard.invitation"


class ResetTokenGenerator(PasswordResetTokenGenerator):
    """Also ends with the person's sessions: when they are deactivated, say. How long a link lasts
    is PASSWORD_RESET_TIMEOUT."""

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        made: str = super()._make_hash_value(user, timestamp)  # type: ignore[arg-type]
        return f"{made}{getattr(user, 'sessions_ended', 0)}"


def make_invitation(person: User) -> str:
    """What stands in the link of the invitation."""
    return signing.dumps([person.pk, _stamp(person)], salt=_SALT)


def read_invitation(token: str, on: date) -> User | None:
    """Whom the invitation is for; None where it is wrong, used, over, or was taken back, or where
    they could not sign in on that day."""
    try:
        pk, stamp = signing.loads(token, salt=_SALT, max_age=INVITATION_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=pk).first()
    if person is None or not person.may_sign_in(on):
        return None
    return person if constant_time_compare(stamp, _stamp(person)) else None


def _stamp(person: User) -> str:
    value = f"{person.password}{person.email}{person.sessions_ended}"
    return salted_hmac(_SALT, value, algorithm="sha256").hexdigest()[:24]
