from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac


class User(AbstractUser):
    """A person who signs in. What they may do is their groups' permissions, never their name.

    Nobody is deleted: what they said and did refers to them.
    """

    last_day = models.DateField(
        null=True, blank=True, help_text="A substitute's last day; nothing for everybody else."
    )
    # Part of each session's hash: one more, and every session of this person is over.
    sessions_ended = models.PositiveIntegerField(default=0)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=~Q(email=""),
                name="dashboard_user_email_is_one_persons",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower(F("email"))), name="dashboard_user_email_is_lower_case"
            ),
        ]
        permissions = [
            ("keep_people", "Can invite people and say what they may do"),
            ("ask_as_member", "Can ask as a member of the panel"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def may_sign_in(self, today: date) -> bool:
        return self.is_active and not self.is_past_last_day(today)

    def is_past_last_day(self, today: date) -> bool:
        return self.last_day is not None and self.last_day < today

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """As Django's, which ends the sessions when the password changes; ours can be ended by
        hand too."""
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        value = f"{self.password}{self.sessions_ended or ''}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()
