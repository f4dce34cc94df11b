from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from performance.calculations.taken_out import HIDDEN

# While it is undecided whether words are taken out of it, a message is neither sent without them
# nor with them. Told by what it says, so that whoever waits for its row sees what was done to it.
HELD_BACK = Q()
for part in ("subject", "text", "html"):
    HELD_BACK |= Q(**{f"{part}__regex": f"^{HIDDEN.pattern}$"})


class QueuedMessageQuerySet(models.QuerySet):
    def waiting(self, moment: datetime) -> Self:
        """Those that are still to be sent, now or later."""
        unexpired = Q(expires_at=None) | Q(expires_at__gt=moment)
        # Nobody is written to whose sign-in was ended since.
        return self.filter(unexpired, sent_at=None).exclude(to__is_active=False)

    def due(self, moment: datetime) -> Self:
        """Those to try now, the longest waiting first."""
        due = self.waiting(moment).filter(next_try_at__lte=moment).exclude(HELD_BACK)
        return due.order_by("next_try_at", "id")

    def expired(self, moment: datetime) -> Self:
        return self.filter(sent_at=None, expires_at__lte=moment)


class QueuedMessage(models.Model):
    """An e-mail that is to be sent, or was. No page waits for a mail server: it adds a row.

    `key` says what the message is about, so that the same thing is never told twice. What a
    message says is kept only as long as it is needed: see `mail/sending.py`.
    """

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    address = models.EmailField()
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # A link in it that lets somebody in is forgotten as soon as the message is sent.
    is_secret = models.BooleanField(default=False)
    queued_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    next_try_at = models.DateTimeField(db_default=Now())

    objects = QueuedMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(sent_at=None),
                name="dashboard_queuedmessage_due",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="dashboard_queuedmessage_key_once"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(is_secret=False) | Q(text="", html=""),
                name="dashboard_queuedmessage_sent_secret_is_gone",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("queued_at")),
                name="dashboard_queuedmessage_expires_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"
