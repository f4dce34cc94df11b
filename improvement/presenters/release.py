"""What members would read after a release, and what is not ready for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from improvement.asked import ThemeAnswers, count_answers, read_asked
from improvement.models import Plan, ProgressUpdate, UpdateRound
from improvement.presenters.sent import AskedDate, Sent, make_asked_date, make_sent


@dataclass(frozen=True)
class ReadyUpdate:
    number: int
    reference: str
    title: str
    url: str
    said: Sent
    asked_date: AskedDate | None


@dataclass(frozen=True)
class ReadyTheme:
    theme: str
    updates: list[ReadyUpdate]


@dataclass(frozen=True)
class NotReady:
    """What a theme has not got ready; `unanswered` counts only while a round is under way."""

    number: int
    theme: str
    waiting: int
    returned: int
    unanswered: int

    @property
    def words(self) -> str:
        """“4 to review, 1 not answered”, without what there is none of."""
        counts = {
            "to review": self.waiting,
            "sent back": self.returned,
            "not answered": self.unanswered,
        }
        return ", ".join(f"{count} {words}" for words, count in counts.items() if count)


@dataclass(frozen=True)
class ReleasePage:
    """`shown` is the set that is printed, as the form carries it; `hidden` the references of what
    is approved, and hidden until it is decided whether words are taken out of it."""

    round: UpdateRound | None
    themes: list[ReadyTheme]
    updates: list[ReadyUpdate]
    not_ready: list[NotReady]
    on: date
    hidden: list[str]

    @property
    def days_left(self) -> int:
        """Until officers' updates are due; 0 once they are, or without a round."""
        return max((self.round.updates_due_on - self.on).days, 0) if self.round else 0

    @property
    def numbers(self) -> list[int]:
        return sorted(one.number for one in self.updates)

    @property
    def shown(self) -> str:
        return " ".join(map(str, self.numbers))

    @property
    def moved(self) -> list[ReadyUpdate]:
        return [one for one in self.updates if one.asked_date]


def make_release_page(plan: Plan, on: date) -> ReleasePage:
    """The same number of queries however many updates wait."""
    round = UpdateRound.objects.current(plan.pk, on).first()
    of_plan = ProgressUpdate.objects.to_release_with(plan)
    approved = (
        of_plan.awaiting_release()
        .select_related("action__theme", "made_by", "paper")
        .prefetch_related("indicators", "action__date_changes")
        .order_by("action__theme__number", "action__theme", "action__order", "id")
    )
    ready = [one for one in approved if not one.is_hidden]
    themes = [
        ReadyTheme(theme=theme.title, updates=[_ready(one) for one in group])
        for theme, group in groupby(ready, key=lambda one: one.action.theme)
    ]
    return ReleasePage(
        round=round,
        on=on,
        hidden=[one.action.reference for one in approved if one.is_hidden],
        themes=themes,
        updates=[one for theme in themes for one in theme.updates],
        not_ready=make_not_ready(
            of_plan.awaiting_review().select_related("action__theme"),
            of_plan.returned().select_related("action__theme"),
            count_answers(read_asked(round, on)) if round else [],
        ),
    )


def _ready(update: ProgressUpdate) -> ReadyUpdate:
    return ReadyUpdate(
        number=update.pk,
        reference=update.action.reference,
        title=update.action.title,
        url=update.action.get_absolute_url(),
        said=make_sent(update),
        asked_date=make_asked_date(update),
    )


def make_not_ready(
    waiting: Iterable[ProgressUpdate],
    returned: Iterable[ProgressUpdate],
    answers: Iterable[ThemeAnswers],
) -> list[NotReady]:
    """One entry for each theme that something is missing from, in the plan's order."""
    waits = [_theme_of(update) for update in waiting]
    sent_back = [_theme_of(update) for update in returned]
    unanswered = {(one.number, one.theme): one.unanswered for one in answers if one.unanswered}
    return [
        NotReady(
            number=number,
            theme=theme,
            waiting=waits.count((number, theme)),
            returned=sent_back.count((number, theme)),
            unanswered=unanswered.get((number, theme), 0),
        )
        for number, theme in sorted({*waits, *sent_back, *unanswered})
    ]


def _theme_of(update: ProgressUpdate) -> tuple[int, str]:
    return update.action.theme.number, update.action.theme.short_title
