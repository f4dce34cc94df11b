"""An officer's own actions: what stands, what they sent and what became of it, and their drafts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from improvement.models import (
    Action,
    DateChange,
    ProgressUpdate,
    UpdateCitation,
    UpdateDraft,
    UpdateReview,
    UpdateRound,
)
from improvement.permissions import Person, may_read_unreleased
from improvement.standing import Standing
from performance.calculations.partial_date import PartialDate
from performance.calculations.position import Position
from performance.calculations.taken_out import is_taken_out
from performance.models import Indicator, Series
from performance.presenters.readings import make_series_readings

OVER = {Standing.COMPLETE_AND_EVIDENCED, Standing.STOPPED}
Outcome = UpdateReview.Outcome


def say_instant(at: datetime, now: datetime) -> str:
    """“10:42” on the day itself, “10:42 on 4 October 2016” on another."""
    local, here = timezone.localtime(at), timezone.localtime(now)
    said = f"{local:%H:%M}"
    if local.date() == here.date():
        return said
    return f"{said} on {PartialDate(local.date(), 'day')}"


@dataclass(frozen=True)
class CitedFigure:
    """An indicator that an action should move, and its latest figure as a sentence."""

    indicator: Indicator
    sentence: str

    @property
    def value(self) -> str:
        return str(self.indicator.pk)


@dataclass
class Desk:
    """One action as whoever answers for it has it before them.

    `updates` are those known at the position of which something is asked here, `moves` all known
    then, newest first; `state` speaks of every one, as `changes.state_of`. `figures` are what may
    be cited.
    """

    action: Action
    updates: Sequence[ProgressUpdate]
    moves: Sequence[DateChange]
    state: str
    draft: UpdateDraft | None
    round: UpdateRound | None
    on: date
    figures: Sequence[CitedFigure] = ()

    @cached_property
    def in_force(self) -> ProgressUpdate | None:
        """As `ProgressUpdate.objects.in_force(on)`: the newest that was not sent back."""
        found = (one for one in self.updates if outcome_of(one) != Outcome.RETURNED)
        return next(found, None)

    @cached_property
    def sent(self) -> ProgressUpdate | None:
        """The last that a person sent, whatever became of it."""
        by_people = [one for one in self.updates if one.made_by_id is not None]
        return max(by_people, key=lambda one: one.pk, default=None)

    @cached_property
    def unread(self) -> ProgressUpdate | None:
        """As `unread()`: what members have not read, and what the next update takes the place
        of."""
        replaced = {one.corrects_id for one in self.updates}
        waiting = [
            one
            for one in self.updates
            if one.made_by_id and one.pk not in replaced and outcome_of(one) != Outcome.RELEASED
        ]
        return max(waiting, key=lambda one: one.pk, default=None)

    @property
    def status(self) -> str | None:
        return self.in_force.status if self.in_force else None

    @property
    def status_read(self) -> str | None:
        """As `changes.updates.status_read`: what the next update follows."""
        read = (
            one
            for one in self.updates
            if one.paper_id is not None or outcome_of(one) == Outcome.RELEASED
        )
        return next((one.status for one in read), None)

    @property
    def due(self) -> PartialDate:
        return self.moves[0].moved_to if self.moves else self.action.first_due

    @property
    def is_date_passed(self) -> bool:
        return self.due.has_passed(self.on) and not self.is_over and self.status != "complete"

    @property
    def is_returned(self) -> bool:
        return self.unread is not None and outcome_of(self.unread) == Outcome.RETURNED

    @property
    def returned_why(self) -> str:
        return self.unread.last_reason if self.unread and self.is_returned else ""  # type: ignore[attr-defined]

    @property
    def is_over(self) -> bool:
        """Nothing more is asked: it is settled, and what settled it was read by members."""
        return self.unread is None and self.status in OVER

    @property
    def is_said(self) -> bool:
        """Whether what this round asks was said, and not sent back."""
        is_of_round = bool(self.sent and self.round and self.sent.round_id == self.round.pk)
        return is_of_round and not self.is_returned

    @property
    def is_due(self) -> bool:
        """Whether the round still waits for it. What is complete may have its evidence added, and
        is not asked about."""
        is_asked = self.round is not None and not self.is_over
        return is_asked and not self.is_said and (self.is_returned or self.status != "complete")

    @property
    def url(self) -> str:
        return reverse("improvement:action-update", args=[self.action.reference])

    @property
    def draft_url(self) -> str:
        return reverse("improvement:action-draft", args=[self.action.reference])

    @property
    def has_draft(self) -> bool:
        return bool(self.draft and self.draft.words)

    @property
    def sent_words(self) -> str:
        """What became of what was sent last; empty where nothing was, or it was sent back."""
        if self.sent is None or self.is_returned:
            return ""
        when = f"Sent on {PartialDate(self.sent.effective_on, 'day')}"
        return f"{when}: {STATES[outcome_of(self.sent)]}"

    @property
    def by_urgency(self) -> tuple[bool, bool, date, int]:
        """What was sent back first, then what is still to update; the soonest due date first."""
        return not self.is_returned, not self.is_due, self.due.on or date.max, self.action.order


STATES = {
    "": "waits for the theme’s lead to approve it.",
    Outcome.APPROVED: "approved; members read it once the Director releases it.",
    Outcome.RETURNED: "sent back.",
    Outcome.RELEASED: "released; members can read it.",
}


def outcome_of(update: ProgressUpdate) -> str:
    """Of its last review; empty while nobody has looked."""
    return update.last_outcome  # type: ignore[attr-defined]


INDICATORS = Action.indicators.through.objects.filter(action=OuterRef("pk"))


def reviewed_updates() -> QuerySet[ProgressUpdate]:
    """With the outcome and the reason of the last review of each, and what it cites."""
    last = UpdateReview.objects.filter(update=OuterRef("pk")).order_by("-id")
    cited = UpdateCitation.objects.filter(update=OuterRef("pk"))
    return (
        ProgressUpdate.objects.select_related("paper")
        .annotate(
            last_outcome=Coalesce(Subquery(last.values("outcome")[:1]), Value("")),
            last_reason=Coalesce(Subquery(last.values("reason")[:1]), Value("", TextField())),
            cited_ids=ArraySubquery(cited.values("indicator")),
        )
        .order_by("-effective_on", "-id")
    )


def _state() -> dict[str, Any]:
    """What an action's `state` is made of, of every update that it ever had."""
    every = ProgressUpdate.objects.filter(action=OuterRef("pk"))
    released = every.filter(reviews__outcome=Outcome.RELEASED).order_by().values("action")
    return {
        "last_update": Coalesce(Subquery(every.order_by("-id").values("pk")[:1]), 0),
        "released": Coalesce(Subquery(released.annotate(n=Count("pk")).values("n")), 0),
    }


def _asked_of(on: date) -> dict[str, Subquery]:
    """Of an action the updates of which a desk says something, of however many it has: what
    stands, what members read, what was sent last and is unread, and what was said last."""
    said = ProgressUpdate.objects.filter(action=OuterRef("pk"), effective_on__lte=on)
    read = Q(paper__isnull=False) | Q(last_outcome=Outcome.RELEASED)
    asked = {
        "in_force_id": said.in_force(),
        "read_id": said.in_force().filter(read),
        "sent_id": said.sent(),
        "unread_id": said.unread(),
        "last_id": said.order_by("-id"),
    }
    return {name: Subquery(updates.values("pk")[:1]) for name, updates in asked.items()}


def make_desks(
    actions: QuerySet[Action], person: Person, position: Position, area_code: str = ""
) -> list[Desk]:
    """Each of the actions, in a fixed number of queries: six, and some for an area's figures."""
    # Only who may keep a theme is looked for among those who lead it.
    leads = ["theme__leads"] if person.has_perm("improvement.keep_actions") else []
    moves = DateChange.objects.order_by("-known_from", "-id")
    asked = _asked_of(position.on)
    found = list(
        actions.known(position)  # type: ignore[attr-defined]
        .select_related("theme__plan", "owner")
        .annotate(indicator_ids=ArraySubquery(INDICATORS.values("indicator")), **_state(), **asked)
        .prefetch_related(*leads, Prefetch("date_changes", moves, to_attr="all_moves"))
    )
    updates = reviewed_updates().filter(
        pk__in={getattr(one, name) for one in found for name in asked} - {None}
    )
    prefetch_related_objects(found, Prefetch("updates", updates, to_attr="asked_updates"))
    drafts = {one.action_id: one for one in UpdateDraft.objects.filter(
        person=person, action__in=found)}  # fmt: skip
    rounds = {one.plan_id: one for one in UpdateRound.objects.asking(position.on)}
    figures = _read_figures(found, area_code, position) if area_code else {}
    return [
        _make_desk(one, position, drafts.get(one.pk), rounds.get(one.theme.plan_id),
                   figures.get(one.pk, ()))
        for one in found
    ]  # fmt: skip


def _make_desk(
    action: Action,
    position: Position,
    draft: UpdateDraft | None,
    round: UpdateRound | None,
    figures: Sequence[CitedFigure],
) -> Desk:
    moves: list[DateChange] = action.all_moves  # type: ignore[attr-defined]
    last_move = max((one.pk for one in moves), default=0)
    return Desk(
        action=action,
        updates=action.asked_updates,  # type: ignore[attr-defined]
        moves=[one for one in moves if one.known_from <= position.known_at],
        state=f"{action.last_update}-{last_move}-{action.released}",  # type: ignore[attr-defined]
        draft=draft,
        round=round,
        on=position.on,
        figures=figures,
    )


def _read_figures(
    actions: Iterable[Action], area_code: str, position: Position
) -> dict[int, list[CitedFigure]]:
    """By action: the figures that it should move, small numbers hidden."""
    by_action: dict[int, set[int]] = {one.pk: set(one.indicator_ids) for one in actions}  # type: ignore[attr-defined]
    asked = Series.objects.filter(indicator__in=set().union(*by_action.values()))
    readings = make_series_readings(asked, area_code, position, are_compared=False)
    sentences = {
        one.indicator.pk: CitedFigure(one.indicator, one.speaks.sentence.text)
        for one in readings
        if one.speaks is not None
    }
    return {
        action: sorted(
            (sentences[one] for one in indicators if one in sentences),
            key=lambda one: one.indicator.short_title,
        )
        for action, indicators in by_action.items()
    }


@dataclass(frozen=True)
class MyUpdatesPage:
    """`asked` are the actions still to update first; `over` are settled; `unowned` have nobody."""

    asked: list[Desk]
    over: list[Desk]
    unowned: list[Action]
    rounds: list[UpdateRound]

    @property
    def left(self) -> int:
        return sum(one.is_due for one in self.asked)

    @property
    def of(self) -> int:
        """How many the round asks for in all."""
        return sum(one.is_due or one.is_said for one in self.asked)

    @property
    def returned(self) -> int:
        return sum(one.is_returned for one in self.asked)


def make_my_updates_page(desks: Sequence[Desk], unowned: Sequence[Action]) -> MyUpdatesPage:
    asked = sorted((one for one in desks if not one.is_over), key=lambda one: one.by_urgency)
    rounds = {one.round.pk: one.round for one in asked if one.round}
    return MyUpdatesPage(
        asked=asked,
        over=sorted((one for one in desks if one.is_over), key=lambda one: one.action.order),
        unowned=list(unowned),
        rounds=sorted(rounds.values(), key=lambda one: one.updates_due_on),
    )


def words_to_begin_with(desk: Desk, person: Person) -> tuple[Mapping[str, Any], str]:
    """What the boxes hold when the form is opened, and whose words they are: “draft”, “sent” or
    nothing. A draft comes first; else what was sent and members have not read: it is corrected.
    What was hidden or removed of what was sent is left out, and then it is “taken out”. Of a draft
    it stays: saved as it stands, it can still be put back, and nobody can send it."""
    if desk.draft and desk.draft.words:
        return desk.draft.words, "draft"
    if desk.unread is None or not may_read_unreleased(person, desk.unread):
        return {}, ""
    words = words_of(desk.unread)
    left = {
        name: said
        for name, said in words.items()
        if not (isinstance(said, str) and is_taken_out(said))
    }
    return left, "sent" if left == words else "taken out"


def words_of(update: ProgressUpdate) -> dict[str, Any]:
    """An update as the boxes of a form hold it."""
    return {
        "status": update.status,
        "narrative": update.narrative,
        "evidence_of_impact": update.evidence_of_impact,
        "evidence_links": update.evidence_links,
        "cites": [str(one) for one in update.cited_ids],  # type: ignore[attr-defined]
        "reason": update.reason,
        "remedy": update.remedy,
        "completed_on": str(update.completed),
        "new_due": str(update.new_due),
        "new_due_reason": update.new_due_reason,
    }
