"""How well the plan is owned, read from the record in a fixed number of queries."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime

from improvement.asked import CLOSED, AskedAction, read_asked
from improvement.models import Action, DateChange, Plan, ProgressUpdate, UpdateReview, UpdateRound
from improvement.ownership import OwnedAction, ThemeOwnership, weigh_themes
from performance.calculations.position import Position
from performance.models import known_by


@dataclass(frozen=True)
class Stands:
    """What was said last of an action."""

    status: str
    said_on: date


@dataclass(frozen=True)
class OwnershipPage:
    """`is_still_asking`: the round's updates are not due yet, so that none can be late."""

    themes: list[ThemeOwnership]
    round: UpdateRound | None
    is_still_asking: bool

    @property
    def opening(self) -> str:
        """“Nobody is asked for updates of 34 of 40 actions under way; 2 of 6 updates came on time
        so far.”"""
        actions = sum(one.actions for one in self.themes)
        unowned = sum(one.without_owner for one in self.themes)
        said = f"Nobody is asked for updates of {unowned} of {actions} actions under way"
        if not unowned:
            said = "Somebody is asked for updates of every action under way"
        asked = sum(one.asked for one in self.themes)
        if not asked:
            return f"{said}."
        on_time = sum(one.on_time for one in self.themes)
        so_far = " so far" if self.is_still_asking else ""
        return f"{said}; {on_time or 'none'} of {asked} updates came on time{so_far}."


def make_ownership_page(plan: Plan, position: Position) -> OwnershipPage:
    """Five queries. Who owns an action is today's, whatever the position."""
    round = last_round(plan, position.on)
    asked = {one.reference: one for one in read_asked(round, position.on)} if round else {}
    stands = read_stands(plan, position)
    moves = Counter(
        DateChange.objects.at(position)
        .filter(action__theme__plan=plan)
        .moves()
        .values_list("action_id", flat=True)
    )
    actions = Action.objects.of(plan).known(position).select_related("theme", "owner").in_order()
    owned = [
        _owned(one, stands.get(one.pk), moves[one.pk], asked.get(one.reference)) for one in actions
    ]
    return OwnershipPage(
        themes=weigh_themes(owned, position.on, round.updates_due_on if round else None),
        round=round,
        is_still_asking=round is not None and position.on <= round.updates_due_on,
    )


def last_round(plan: Plan, on: date) -> UpdateRound | None:
    """The last round whose updates were due before the day, else the one that asks."""
    opened = plan.rounds.filter(opens_on__lte=on)
    rounds: list[UpdateRound] = list(opened.order_by("-updates_due_on", "-id"))
    over = (round for round in rounds if round.updates_due_on < on)
    return next(over, rounds[0] if rounds else None)


def read_stands(plan: Plan, position: Position) -> dict[int, Stands]:
    """By the action's key, the newest that was said by then and not sent back by then. What a
    person said counts before it was released; what a paper says, once it was published."""
    last = UpdateReview.objects.filter(known_by(position), update=OuterRef("pk")).order_by("-id")
    newest = (
        ProgressUpdate.objects.filter(action__theme__plan=plan, effective_on__lte=position.on)
        .annotate(outcome_then=Coalesce(Subquery(last.values("outcome")[:1]), Value("")))
        .exclude(outcome_then=UpdateReview.Outcome.RETURNED)
        .exclude(paper__isnull=False, outcome_then="")
        .order_by("action_id", "-effective_on", "-id")
        .distinct("action_id")
    )
    return {one.action_id: Stands(one.status, one.effective_on) for one in newest}


def _owned(
    action: Action, stands: Stands | None, moves: int, asked: AskedAction | None
) -> OwnedAction:
    status = stands.status if stands else ""
    return OwnedAction(
        reference=action.reference,
        theme_number=action.theme.number,
        theme=action.theme.short_title,
        has_owner=action.owner is not None and action.owner.is_active,
        is_over=status in CLOSED,
        lacks_evidence=status == ProgressUpdate.Status.COMPLETE,
        known_on=localtime(action.known_from).date(),
        said_on=stands.said_on if stands else None,
        moves=moves,
        is_asked=asked is not None,
        sent_on=asked.sent_on if asked else None,
    )
