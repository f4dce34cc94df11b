"""What somebody wrote of actions that they are not asked about any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from improvement.models import Action, Plan, ProgressUpdate, UpdateDraft
from improvement.permissions import Person, may_update
from improvement.presenters.updates import Desk, say_instant, words_of


@dataclass(frozen=True)
class LeftWords:
    """What a person has typed, or what was sent back to them, of an action that is not asked of
    them any more: another was given it, or a new plan took the old one's place. `url` leads to the
    form where they may still send it: what was sent back may be answered under the old plan."""

    action: Action
    words: Mapping[str, Any]
    saved_at: str
    why_returned: str
    url: str


def make_left_words(
    person: Person, desks: Sequence[Desk], on: date, now: datetime
) -> list[LeftWords]:
    """Drafts, and updates that were sent back, that stand on none of these desks."""
    here = [desk.action.pk for desk in desks]
    drafts = UpdateDraft.objects.filter(person=person).exclude(action__in=here).exclude(words={})
    theirs = ProgressUpdate.objects.filter(Q(made_by=person) | Q(action__owner=person))
    sent = theirs.returned().exclude(action__in=here)
    kept = set(Plan.objects.kept(on).values_list("pk", flat=True))
    found = []
    for draft in _with_theme(drafts).order_by("action__order", "pk"):
        may = draft.action.theme.plan_id in kept and may_update(person, draft.action)
        url = _form_url(draft.action) if may else ""
        saved_at = say_instant(draft.saved_at, now)
        found.append(LeftWords(draft.action, draft.words, saved_at, "", url))
    for update in _with_theme(sent).prefetch_related("reviews", "indicators").order_by("pk"):
        why = max(update.reviews.all(), key=lambda review: review.pk).reason
        update.cited_ids = [one.pk for one in update.indicators.all()]
        url = _form_url(update.action) if may_update(person, update.action) else ""
        found.append(LeftWords(update.action, words_of(update), "", why, url))
    return found


def _with_theme(found: QuerySet) -> QuerySet:
    return found.select_related("action__theme").prefetch_related("action__theme__leads")


def _form_url(action: Action) -> str:
    return reverse("improvement:action-update", args=[action.reference])
