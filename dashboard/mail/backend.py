import uuid
from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from dashboard.mail.queueing import queue_message


class QueueBackend(BaseEmailBackend):
    """Django's own e-mails too are only queued: a copy for each address."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            for address in message.recipients():
                queue_message(
                    to=None,
                    address=address,
                    kind="other",
                    key=f"other-{uuid.uuid4()}",
                    subject=str(message.subject),
                    text=str(message.body),
                    html=_html_of(message),
                )
        return len(email_messages)


def _html_of(message: EmailMessage) -> str:
    if not isinstance(message, EmailMultiAlternatives):
        return ""
    found = (str(content) for content, kind in message.alternatives if kind == "text/html")
    return next(found, "")
