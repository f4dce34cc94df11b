import uuid

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from dashboard.mail.queueing import queue_message
from dashboard.models import User
from dashboard.signing_in.links import INVITATION_LASTS, make_invitation
from dashboard.words import join_words
from improvement.models import Theme
from performance.calculations.partial_date import PartialDate
from performance.clock import wall_clock


def queue_invitation(person: User, *, site: str, by: User) -> None:
    """The message with the link by which they choose a password; `site` as https://panel.example."""
    token = make_invitation(person)
    words = {
        "person": person,
        "by": by,
        "roles": join_words(list(person.groups.order_by("name").values_list("name", flat=True))),
        "themes": join_words([theme.title for theme in Theme.objects.filter(leads=person)]),
        "last_day": PartialDate(person.last_day, "day") if person.last_day else "",
        "address": f"{site}{reverse('invitation', args=[token])}",
        "days": INVITATION_LASTS.days,
        "site_title": settings.SITE_TITLE,
        "council_name": settings.COUNCIL_NAME,
    }
    queue_message(
        to=person,
        address=person.email,
        kind="invitation",
        key=f"invitation-{uuid.uuid4()}",
        subject=f"You are invited: {settings.SITE_TITLE}",
        text=render_to_string("mail/invitation.txt", words),
        is_secret=True,
        expires_at=wall_clock() + INVITATION_LASTS,
    )
