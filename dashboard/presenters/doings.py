"""What waits for whoever has signed in: a line on the first page, and nothing for a member."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Value
from django.urls import reverse

from improvement.asked import Answer, read_asked
from improvement.models import Plan, ProgressUpdate, Removal, UpdateReview, UpdateRound
from improvement.permissions import (
    Person,
    may_confirm_removals,
    may_release,
    updates_to_review,
)
from performance.calculations.partial_date import PartialDate

HIDDEN = "hidden"


@dataclass(frozen=True)
class Doing:
    """“4 updates are due by 26 August 2016”, and the page on which they are done."""

    words: str
    page: str
    url: str


def make_doings(person: Person, plan: Plan, on: date) -> list[Doing]:
    """Only what there is something of: two queries for an officer, one more for whoever reviews,
    releases or decides about removals; none for anybody else."""
    due = _due(person, plan, on)
    return [*([due] if due else []), *_waiting(person, plan)]


def _due(person: Person, plan: Plan, on: date) -> Doing | None:
    if not person.has_perm("improvement.add_progressupdate"):
        return None
    round = UpdateRound.objects.current(plan.pk, on).first()
    asked = read_asked(round, on) if round else []
    is_left = (Answer.NONE, Answer.RETURNED)
    left = sum(one.owner_id == person.pk and one.answer in is_left for one in asked)
    if round is None or not left:
        return None
    day = PartialDate(round.updates_due_on, "day")
    verb = _of(left, "was", "were") if on > round.updates_due_on else _of(left, "is", "are")
    words = f"{left} {_of(left, 'update', 'updates')} {verb} due by {day}"
    return Doing(words, "My updates", reverse("improvement:my-updates"))


def _waiting(person: Person, plan: Plan) -> list[Doing]:
    """What waits for the person's review, what for their release, and what others have hidden and
    the person may put back or take out for good."""
    asked: list[QuerySet[Any]] = []
    if person.has_perm("improvement.review_updates"):
        asked.append(updates_to_review(person))
    if may_release(person):
        asked.append(ProgressUpdate.objects.to_release_with(plan).awaiting_release())
    if may_confirm_removals(person):
        hidden = Removal.objects.undecided().exclude(asked_by=person.pk)
        asked.append(hidden.annotate(last_outcome=Value(HIDDEN)))
    if not asked:
        return []
    first, *more = [one.order_by().values_list("last_outcome", flat=True) for one in asked]
    counts = Counter(first.union(*more, all=True) if more else first)
    doings = []
    if waiting := counts[""]:
        words = f"{waiting} {_of(waiting, 'update waits', 'updates wait')} for your review"
        doings.append(Doing(words, "Reviews", reverse("improvement:reviews")))
    if ready := counts[UpdateReview.Outcome.APPROVED]:
        words = f"{ready} approved {_of(ready, 'update waits', 'updates wait')} to be released"
        doings.append(Doing(words, "Release", reverse("improvement:release")))
    if hidden_by_others := counts[HIDDEN]:
        waits = _of(
            hidden_by_others, "request to take words out waits", "requests to take words out wait"
        )
        words = f"{hidden_by_others} {waits} for your decision"
        doings.append(Doing(words, "Personal information", reverse("improvement:removals")))
    return doings


def _of(count: int, one: str, more: str) -> str:
    return one if count == 1 else more
