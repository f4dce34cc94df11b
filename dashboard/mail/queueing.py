"""Adding a message to the queue: what every page and command does instead of sending."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from dashboard.mail.sending import send_soon
from dashboard.models import QueuedMessage


def queue_message(
    *,
    to: AbstractBaseUser | None,
    address: str,
    kind: str,
    key: str,
    subject: str,
    text: str,
    html: str = "",
    is_secret: bool = False,
    expires_at: datetime | None = None,
) -> bool:
    """Whether it was added now; False where a message with that `key` was queued before.

    It is sent once the transaction that it is part of has been committed, and never when that
    is not. `is_secret`: it holds a link that lets somebody in, which is forgotten once sent.
    """
    made = QueuedMessage(
        to=to,  # type: ignore[misc]  # the project's own model of people
        address=address,
        kind=kind,
        key=key,
        subject=" ".join(subject.split())[:300],
        text=text,
        html=html,
        is_secret=is_secret,
        expires_at=expires_at,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        if QueuedMessage.objects.filter(key=key).exists():
            return False
        raise
    transaction.on_commit(send_soon)
    return True
