"""What waits to be reviewed, by theme, and one update that is sent back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime

from improvement.models import Action, ProgressUpdate, UpdateReview
from improvement.permissions import Person, updates_returned, updates_to_review
from improvement.presenters.sent import AskedDate, Sent, make_asked_date, make_sent


@dataclass(frozen=True)
class Corrected:
    """The update that another takes the place of, and why it was sent back, if it was."""

    said: Sent
    returned_by: str
    reason: str


@dataclass(frozen=True)
class WaitingUpdate:
    """One update beside what was said of its action before (None: nothing)."""

    number: int
    reference: str
    title: str
    promise: str
    url: str
    said: Sent
    before: Sent | None
    asked_date: AskedDate | None
    corrects: Corrected | None
    is_hidden: bool
    was_taken_out: bool


@dataclass(frozen=True)
class WaitingTheme:
    theme: str
    updates: list[WaitingUpdate]


@dataclass(frozen=True)
class ReturnedUpdate:
    """What was sent back, when, by whom and with what question; whoever owns the action has not
    answered yet."""

    reference: str
    title: str
    url: str
    on: date
    by: str
    reason: str


@dataclass(frozen=True)
class ReviewsPage:
    """`own` are the person's own updates, which somebody else has to approve; `returned` wait for
    an officer."""

    themes: list[WaitingTheme]
    own: list[WaitingUpdate]
    returned: list[ReturnedUpdate]
    total: int

    @property
    def numbers(self) -> str:
        """Of all that are approved at once."""
        return " ".join(str(update.number) for update in self.at_once)

    @property
    def at_once(self) -> list[WaitingUpdate]:
        """Where words were taken out somebody looks first whether enough is left."""
        return [update for update in self.to_approve if not update.was_taken_out]

    @property
    def to_approve(self) -> list[WaitingUpdate]:
        """All but what is hidden, which nobody can read."""
        every = [update for theme in self.themes for update in theme.updates]
        return [update for update in every if not update.is_hidden]


def make_reviews_page(person: Person) -> ReviewsPage:
    """The same number of queries however many wait."""
    waiting = list(with_what_was_said(updates_to_review(person)))
    sent = ProgressUpdate.objects.awaiting_review().filter(made_by=person).order_by("id")
    return ReviewsPage(
        themes=group_by_theme(waiting),
        own=[make_waiting(update) for update in with_what_was_said(sent)],
        returned=make_returned(updates_returned(person)),
        total=len(waiting),
    )


def with_what_was_said(updates: QuerySet[ProgressUpdate]) -> QuerySet[ProgressUpdate]:
    """The updates with all that `make_waiting` prints; of what was said earlier, the one before
    each. They are chosen here: a filter put on afterwards chooses none of those."""
    before = (
        ProgressUpdate.objects.in_force()
        .filter(
            action=OuterRef("action"),
            pk__lt=OuterRef("pk"),
            effective_on__lte=OuterRef("effective_on"),
        )
        .exclude(pk=Coalesce(OuterRef("corrects"), 0))
    )
    chosen = updates.order_by().annotate(before=Subquery(before.values("pk")[:1])).values("before")
    earlier = ProgressUpdate.objects.in_force().filter(pk__in=chosen)
    earlier = earlier.select_related("made_by", "paper")
    return updates.select_related(
        "action__theme", "made_by", "paper", "corrects__made_by", "corrects__paper"
    ).prefetch_related(
        "indicators",
        "action__date_changes",
        Prefetch(
            "action__updates", queryset=earlier.prefetch_related("indicators"), to_attr="in_force"
        ),
        "corrects__indicators",
        Prefetch("corrects__reviews", queryset=UpdateReview.objects.select_related("by")),
    )


def group_by_theme(updates: Iterable[ProgressUpdate]) -> list[WaitingTheme]:
    """By theme as the plan has them; within one, the oldest first."""
    in_order = sorted(
        updates, key=lambda one: (one.action.theme.number, one.action.theme_id, one.pk)
    )
    return [
        WaitingTheme(theme=theme.title, updates=[make_waiting(one) for one in group])
        for theme, group in groupby(in_order, key=lambda one: one.action.theme)
    ]


def make_returned(updates: QuerySet[ProgressUpdate]) -> list[ReturnedUpdate]:
    """In two queries, what was sent back first on top."""
    reviews = UpdateReview.objects.select_related("by").order_by("-id")
    found = updates.select_related("action").prefetch_related(Prefetch("reviews", reviews))
    returned = []
    for update in found:
        last = update.reviews.all()[0]
        on = localtime(last.known_from).date()
        action = update.action
        url = action.get_absolute_url()
        returned.append(
            ReturnedUpdate(action.reference, action.title, url, on, str(last.by), last.reason)
        )
    return sorted(returned, key=lambda one: one.on)


def make_waiting(update: ProgressUpdate) -> WaitingUpdate:
    action = update.action
    before = _said_before(action, update)
    return WaitingUpdate(
        number=update.pk,
        reference=action.reference,
        title=action.title,
        promise=action.description,
        url=action.get_absolute_url(),
        said=make_sent(update),
        before=make_sent(before) if before else None,
        asked_date=make_asked_date(update),
        corrects=_make_corrected(update.corrects) if update.corrects else None,
        is_hidden=update.is_hidden,
        was_taken_out=update.was_taken_out,
    )


def _said_before(action: Action, update: ProgressUpdate) -> ProgressUpdate | None:
    """The newest that stood before it and that it does not take the place of, as
    `with_what_was_said` chose it. A paper may have been loaded whose day had not come when the
    update was sent."""
    in_force: list[ProgressUpdate] = action.in_force  # type: ignore[attr-defined]
    earlier = (
        one
        for one in in_force
        if one.pk < update.pk
        and one.pk != update.corrects_id
        and one.effective_on <= update.effective_on
    )
    return next(earlier, None)


def _make_corrected(update: ProgressUpdate) -> Corrected:
    returned = [
        review for review in update.reviews.all() if review.outcome == UpdateReview.Outcome.RETURNED
    ]
    last = returned[-1] if returned else None
    return Corrected(
        said=make_sent(update),
        returned_by=str(last.by) if last else "",
        reason=last.reason if last else "",
    )


def outcome_now(update: ProgressUpdate) -> str:
    """Of its last review, where nothing newer took its place; empty while it waits."""
    if update.corrections.exists():
        return ""
    review = update.reviews.order_by("-id").first()
    return review.outcome if review else ""


def say_settled(update: ProgressUpdate) -> str:
    """What became of an update that no longer waits: “approved by …”; empty while it waits."""
    if (newer := update.corrections.order_by("-id").first()) is not None:
        return f"{newer.made_by} has sent a newer update of this action in its place"
    review = update.reviews.select_related("by").order_by("-id").first()
    if review is None:
        return ""
    if review.outcome == UpdateReview.Outcome.RETURNED:
        return f"{review.by} sent it back"
    return f"{review.by} {review.outcome} it"
