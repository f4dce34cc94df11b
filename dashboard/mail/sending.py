"""Sending what waits in the queue: by a thread of the web process, and by `send_messages`.

A message is sent at least once: where the process ends between the mail server's “yes” and our
commit, it is sent again.
"""

import contextlib
import logging
import smtplib
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from dashboard.models import QueuedMessage
from performance.clock import wall_clock

logger = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
KEPT_DAYS = 30
# Longer than a mail server may take for one message (EMAIL_TIMEOUT for each of its answers).
TAKEN_FOR = timedelta(minutes=5)
NOTHING_DUE = Exception("nothing is due")
# One thread sends and one waits its turn: that one sees whatever was committed meanwhile.
_places = threading.BoundedSemaphore(2)
_turn = threading.Lock()
# After these the mail server still answers, and the next message may fare better.
OF_ONE_MESSAGE = (
    smtplib.SMTPDataError,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    ValueError,
)


@dataclass(frozen=True)
class Delivery:
    """How many messages were sent, not sent, and emptied; and what last went wrong."""

    sent: int = 0
    failed: int = 0
    forgotten: int = 0
    error: str = ""


def send_soon() -> None:
    """Sends in the background where this process serves pages (MAIL_DELIVERY is “thread”), at
    once where it is “inline”, and otherwise leaves it to `send_messages`."""
    if settings.MAIL_DELIVERY == "inline":
        deliver()
    elif settings.MAIL_DELIVERY == "thread" and _places.acquire(blocking=False):
        threading.Thread(target=_deliver_in_background, name="mail", daemon=True).start()


def _deliver_in_background() -> None:
    try:
        with _turn:
            deliver()
    except DatabaseError:
        # What waits is still there, for the next message or the next send_messages.
        logger.warning("The queue of messages could not be read.", exc_info=True)
    finally:
        _places.release()
        connection.close()


def deliver() -> Delivery:
    """Sends what is due, past those that another process has in hand. Where the mail server cannot
    be reached the rest is left for later."""
    sent = failed = 0
    error = ""
    mail_server = get_connection(settings.MAIL_BACKEND)
    try:
        while (problem := _send_next(mail_server)) is not NOTHING_DUE:
            if problem is None:
                sent += 1
                continue
            failed, error = failed + 1, str(problem)
            if not isinstance(problem, OF_ONE_MESSAGE):
                break
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            mail_server.close()
    return Delivery(sent=sent, failed=failed, forgotten=forget_messages(), error=error)


def _send_next(mail_server: BaseEmailBackend) -> Exception | None:
    """None when a message was sent, else what went wrong, or NOTHING_DUE."""
    moment = wall_clock()
    row = _take(moment)
    if row is None:
        return NOTHING_DUE
    try:
        mail_server.open()
        _send(row, mail_server)
    except (OSError, smtplib.SMTPException, ValueError) as problem:
        _note_failure(row, problem, moment)
        return problem
    _note_sent(row)
    return None


@transaction.atomic
def _take(moment: datetime) -> QueuedMessage | None:
    """The next that is due. Nobody else tries it for a while, and no lock is held meanwhile: a
    page that takes words out of it does not wait for the mail server."""
    waiting = QueuedMessage.objects.due(moment)
    row = waiting.select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    if row is not None:
        row.next_try_at = moment + TAKEN_FOR
        row.save(update_fields=["next_try_at"])
    return row


def _send(row: QueuedMessage, mail_server: BaseEmailBackend) -> None:
    message = EmailMultiAlternatives(
        row.subject, row.text, to=[row.address], connection=mail_server
    )
    if row.html:
        message.attach_alternative(row.html, "text/html")
    message.send()


def _note_sent(row: QueuedMessage) -> None:
    row.sent_at, row.last_error = wall_clock(), ""
    changed = ["sent_at", "last_error"]
    # What it says may have been taken out meanwhile, so it is not written back.
    if row.is_secret:
        row.text = row.html = ""
        changed += ["text", "html"]
    row.save(update_fields=changed)


def _note_failure(row: QueuedMessage, problem: Exception, moment: datetime) -> None:
    """What went wrong is kept on the row; it is tried again after 1, 2, 4, … minutes."""
    row.last_error = f"{type(problem).__name__}: {problem}"[:500]
    row.next_try_at = moment + min(FIRST_WAIT * 2 ** min(row.tries, 20), LONGEST_WAIT)
    row.tries += 1
    row.save(update_fields=["last_error", "next_try_at", "tries"])


def forget_messages() -> int:
    """How many messages were emptied: secrets whose time is over, and what was sent 30 days ago.
    One that somebody else has in hand is left for the next time."""
    moment = wall_clock()
    old = QueuedMessage.objects.filter(sent_at__lt=moment - timedelta(days=KEPT_DAYS))
    over = QueuedMessage.objects.expired(moment)
    return sum(_empty(which.exclude(text="", html="")) for which in (old, over))


@transaction.atomic
def _empty(messages: QuerySet[QueuedMessage]) -> int:
    free = messages.select_for_update(of=("self",), skip_locked=True, no_key=True)
    return QueuedMessage.objects.filter(pk__in=free.values("pk")).update(text="", html="")
