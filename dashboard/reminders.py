"""Reminders of updates: one message a person, with everything in it that waits for them.

A message names actions by reference and title, and never says a word of an update.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localtime

from dashboard.mail.queueing import queue_message
from dashboard.models import User
from improvement.asked import Answer, read_asked
from improvement.models import Action, Plan, ProgressUpdate, UpdateRound
from improvement.permissions import may_update
from performance.calculations.partial_date import PartialDate
from performance.clock import wall_clock

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Item:
    """One action that waits for the person. `speaks`: it is reason enough to write today; what
    does not speak is told along with what does."""

    reference: str
    title: str
    address: str
    speaks: bool


@dataclass(frozen=True)
class Waiting:
    """What waits for one person: sent back to them, late, due, and to be reviewed."""

    returned: tuple[Item, ...] = ()
    late: tuple[Item, ...] = ()
    due: tuple[Item, ...] = ()
    to_review: tuple[Item, ...] = ()

    @property
    def speaks(self) -> bool:
        every = (*self.returned, *self.late, *self.due, *self.to_review)
        return any(item.speaks for item in every)

    @property
    def summary(self) -> str:
        """“1 sent back, 2 late, 3 due, 4 to review”, without what there is none of."""
        counts = {
            "sent back": self.returned,
            "late": self.late,
            "due": self.due,
            "to review": self.to_review,
        }
        return ", ".join(f"{len(items)} {words}" for words, items in counts.items() if items)


@dataclass(frozen=True)
class Reminder:
    """A message to one person. `key` is the same for the same person on the same day."""

    to: User
    subject: str
    text: str
    html: str
    key: str


def make_reminders(plan: Plan, on: date) -> list[Reminder]:
    """One for each person to whom something is to be said on the day, by user name.

    Updates that are due are told a week before and on the day itself; late ones on the day after
    and then each week; what was sent back, and what waits for a review, on the day after and then
    each week, under whichever plan it was sent. Nobody is written to who cannot sign in, may not do
    what is asked or has no address.
    """
    round = UpdateRound.objects.current(plan.pk, on).first()
    returned = _returned(plan, on)
    unanswered = _unanswered(round, on) if round else {}
    to_review = _to_review(plan, on)
    people = User.objects.filter(is_active=True, pk__in={*returned, *unanswered, *to_review})
    reminders = []
    for person in people.exclude(email="").order_by("username"):
        if not person.may_sign_in(on):
            continue
        asked = tuple(unanswered.get(person.pk, ()))
        may_say = person.has_perm("improvement.add_progressupdate")
        is_late = round is not None and on > round.updates_due_on
        waiting = Waiting(
            returned=tuple(
                item for action, item in returned.get(person.pk, ()) if may_update(person, action)
            ),
            late=asked if may_say and is_late else (),
            due=asked if may_say and not is_late else (),
            to_review=tuple(to_review.get(person.pk, ())),
        )
        if waiting.speaks:
            reminders.append(_compose(person, waiting, round, on))
    return reminders


def _unanswered(round: UpdateRound, on: date) -> dict[int, list[Item]]:
    """What the round still waits for, by the key of who owns it."""
    due = round.updates_due_on
    speaks = on in (due - WEEK, due) if on <= due else _is_told(due, on)
    by_owner: dict[int, list[Item]] = {}
    for one in read_asked(round, on):
        if one.answer == Answer.NONE:
            item = Item(one.reference, one.title, _address_of(one.url), speaks)
            by_owner.setdefault(one.owner_id, []).append(item)
    return by_owner


def _returned(plan: Plan, on: date) -> dict[int, list[tuple[Action, Item]]]:
    """What was sent back and not sent again, by the key of who owns the action now and of who sent
    it; whoever may not answer it any more is not told."""
    found = ProgressUpdate.objects.to_release_with(plan).returned().select_related("action__theme")
    by_person: dict[int, list[tuple[Action, Item]]] = {}
    for update in found.prefetch_related("reviews", "action__theme__leads").order_by("id"):
        reviews = list(update.reviews.all())
        returned_on = localtime(reviews[-1].known_from).date()
        item = _item(update.action, _is_told(returned_on, on))
        for person in {update.made_by_id, update.action.owner_id}:
            if person is not None:
                by_person.setdefault(person, []).append((update.action, item))
    return by_person


def _to_review(plan: Plan, on: date) -> dict[int, list[Item]]:
    """What waits for a review, by the key of who leads its theme; where no lead may review it
    or can be written to, of everybody who may for every theme."""
    found = ProgressUpdate.objects.to_release_with(plan).awaiting_review()
    waiting = found.select_related("action__theme").prefetch_related("action__theme__leads")
    for_every_theme = _for_every_theme()
    by_person: dict[int, list[Item]] = {}
    for update in waiting.order_by("id"):
        leads = _reviewers(update.action.theme.leads.all(), update, on)
        item = _item(update.action, _is_told(update.effective_on, on))
        for person in leads or _reviewers(for_every_theme, update, on):
            by_person.setdefault(person.pk, []).append(item)
    return by_person


def _for_every_theme() -> list[User]:
    people = User.objects.filter(
        is_active=True, groups__permissions__codename="every_theme"
    ).distinct()
    return list(people)


def _reviewers(people: Iterable[User], update: ProgressUpdate, on: date) -> list[User]:
    """Those of them that may review it, and can be written to."""
    return [
        person
        for person in people
        if person.may_sign_in(on)
        and person.email
        and person.pk != update.made_by_id
        and person.has_perm("improvement.review_updates")
    ]


def _is_told(since: date, on: date) -> bool:
    """Whether something that is so since a day is told on another: the day after, and each week."""
    return on > since and (on - since).days % WEEK.days == 1


def _item(action: Action, speaks: bool) -> Item:
    return Item(action.reference, action.title, _address_of(action.get_absolute_url()), speaks)


def _address_of(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _compose(person: User, waiting: Waiting, round: UpdateRound | None, on: date) -> Reminder:
    words = {
        "person": person,
        "waiting": waiting,
        "due": str(PartialDate(round.updates_due_on, "day")) if round else "",
        "reviews": _address_of(reverse("improvement:reviews")),
        "site_title": settings.SITE_TITLE,
        "council_name": settings.COUNCIL_NAME,
    }
    return Reminder(
        to=person,
        subject=f"Updates of the improvement plan: {waiting.summary}",
        text=render_to_string("mail/reminder.txt", words),
        html=render_to_string("mail/reminder.html", words),
        key=f"reminder-{on.isoformat()}-{person.pk}",
    )


def queue_reminder(reminder: Reminder) -> bool:
    """Whether it was queued now; False where the person was written to on that day already."""
    return queue_message(
        to=reminder.to,
        address=reminder.to.email,
        kind="reminder",
        key=reminder.key,
        subject=reminder.subject,
        text=reminder.text,
        html=reminder.html,
        # In a week the next one says what waits then.
        expires_at=wall_clock() + WEEK,
    )


def say_reminder(reminder: Reminder) -> str:
    """A line for whoever runs the command: to whom, and how much of what."""
    return f"{reminder.to.get_username()} <{reminder.to.email}>: {reminder.subject}"
