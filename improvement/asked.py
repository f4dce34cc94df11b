"""Which actions a round asks about, and what was answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from improvement.models import Action, ProgressUpdate, UpdateReview, UpdateRound

# Of these nothing more is asked: they are over.
CLOSED = (
    ProgressUpdate.Status.COMPLETE,
    ProgressUpdate.Status.COMPLETE_AND_EVIDENCED,
    ProgressUpdate.Status.STOPPED,
)


class Answer(StrEnum):
    """What became of the round's question about one action."""

    NONE = "none"
    RETURNED = "returned"
    WAITING = "waiting"
    APPROVED = "approved"
    RELEASED = "released"


ANSWERS = {
    "": Answer.WAITING,
    UpdateReview.Outcome.RETURNED: Answer.RETURNED,
    UpdateReview.Outcome.APPROVED: Answer.APPROVED,
    UpdateReview.Outcome.RELEASED: Answer.RELEASED,
}


@dataclass(frozen=True)
class AskedAction:
    """An action that a round asks about; `sent_on` is the day of the first answer."""

    reference: str
    title: str
    url: str
    theme_number: int
    theme: str
    theme_slug: str
    owner_id: int
    answer: Answer
    sent_on: date | None


def read_asked(round: UpdateRound, on: date) -> list[AskedAction]:
    """Every action that the round asks about, in the paper's order, with its answer. One query.

    Somebody is asked about an action who owns it and is active, unless it is over and was not
    said to be so in this round. A paper of a later day than `on` has said nothing yet.
    """
    of_action = {"action": OuterRef("pk")}
    stands = ProgressUpdate.objects.in_force(on).filter(**of_action)
    sent = ProgressUpdate.objects.sent().filter(**of_action, round=round, effective_on__lte=on)
    stand = sent.filter(corrections__isnull=True)
    actions = (
        Action.objects.filter(theme__plan=round.plan_id, owner__is_active=True)
        .select_related("theme")
        .annotate(
            status_now=Coalesce(Subquery(stands.values("status")[:1]), Value("")),
            answer=Subquery(stand.values("last_outcome")[:1]),  # type: ignore[misc]
            answered_on=Subquery(sent.order_by("id").values("effective_on")[:1]),
        )
        .filter(Q(answer__isnull=False) | ~Q(status_now__in=CLOSED))
        .in_order()
    )
    return [_asked(action) for action in actions]


def _asked(action: Action) -> AskedAction:
    answer: str | None = action.answer  # type: ignore[attr-defined]
    assert action.owner_id is not None
    return AskedAction(
        reference=action.reference,
        title=action.title,
        url=action.get_absolute_url(),
        theme_number=action.theme.number,
        theme=action.theme.short_title,
        theme_slug=action.theme.slug,
        owner_id=action.owner_id,
        answer=Answer.NONE if answer is None else ANSWERS[answer],
        sent_on=action.answered_on,  # type: ignore[attr-defined]
    )


@dataclass(frozen=True)
class ThemeAnswers:
    """How a theme answered a round, by theme and never by person."""

    number: int
    theme: str
    asked: int
    answered: int
    waiting: int
    returned: int
    unanswered: int


def count_answers(asked: Iterable[AskedAction]) -> list[ThemeAnswers]:
    """One entry for each theme that was asked, in the plan's order. What was sent back and not
    sent again is no answer."""
    by_theme: dict[tuple[int, str], list[Answer]] = {}
    for one in asked:
        by_theme.setdefault((one.theme_number, one.theme), []).append(one.answer)
    return [
        ThemeAnswers(
            number=number,
            theme=theme,
            asked=len(answers),
            answered=sum(one not in (Answer.NONE, Answer.RETURNED) for one in answers),
            waiting=answers.count(Answer.WAITING),
            returned=answers.count(Answer.RETURNED),
            unanswered=answers.count(Answer.NONE),
        )
        for (number, theme), answers in sorted(by_theme.items())
    ]
