"""Themes, and a plan that follows another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from improvement.changes.facts import (
    ActionLinks,
    links_of,
    next_reference,
    plan_facts,
    theme_facts,
    words_of,
)
from improvement.changes.keeping import (
    carry_on,
    copies_hidden,
    hold_action,
    lock_actions,
)
from improvement.changes.leading import lead_facts
from improvement.changes.opened import refuse_if_changed
from improvement.changes.recording import Facts, WordsHidden, record
from improvement.changes.updates import status_read
from improvement.models import (
    Action,
    Correspondence,
    Evidence,
    Framework,
    Judgement,
    Paper,
    Plan,
    PlanEvent,
    Theme,
)
from improvement.moves import COMPLETES
from improvement.permissions import Person
from improvement.removal.sentences import stands_hidden
from improvement.standing import Standing

OVER = {*COMPLETES, Standing.STOPPED}


class NameUsed(Exception):
    """Another plan, or another theme of the plan, has the number or the name in addresses."""


class AddedOtherwise(Exception):
    """The same form has added `plan`, with other words."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(
            f"This form has added “{plan.title}” already, as it was sent then. Open the form anew "
            "to add another plan."
        )
        self.plan = plan


class PlanStartsTooSoon(Exception):
    """A plan without a paper would show on days on which nobody knew of it."""


class NothingCorresponds(Exception):
    """Under the new plan's framework nothing corresponds to the main judgement of `actions`."""

    def __init__(self, actions: list[Action]) -> None:
        super().__init__("Nothing corresponds to the main judgement of some actions.")
        self.actions = actions


@dataclass(frozen=True)
class ThemeWords:
    """What a theme is called. `number` begins the references of its actions."""

    number: int
    title: str
    short_title: str
    paragraph: str = ""
    lead_service: str = ""


@transaction.atomic
def add_theme(
    *, plan: Plan, slug: str, words: ThemeWords, by: Person | None, now: datetime, reason: str = ""
) -> Theme:
    """The new theme, which nobody leads yet, with its event. Raises NameUsed."""
    Plan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
    if plan.themes.filter(slug=slug).exists() or plan.themes.filter(number=words.number).exists():
        raise NameUsed("Another theme of the plan has this number or name.")
    theme = Theme.objects.create(plan=plan, slug=slug, **vars(words))
    _record_new_theme(theme, by=by, now=now, reason=reason)
    return theme


def _record_new_theme(theme: Theme, *, by: Person | None, now: datetime, reason: str) -> None:
    facts = {"plan": theme.plan.slug, **theme_facts(theme), **lead_facts(theme)}
    record(
        PlanEvent.Kind.THEME,
        theme.key,
        PlanEvent.Done.ADDED,
        by=by,
        now=now,
        after={name: value for name, value in facts.items() if value not in ("", [])},
        reason=reason,
        theme=theme.slug,
    )


@transaction.atomic
def change_theme(
    *,
    theme: Theme,
    words: ThemeWords,
    reason: str,
    by: Person | None,
    now: datetime,
    opened_at: str | None = None,
) -> PlanEvent | None:
    """The event; None where nothing was different. Its address stays. Raises ChangedSince and
    NameUsed."""
    held = Theme.objects.select_for_update(of=("self",), no_key=True).get(pk=theme.pk)
    before = theme_facts(held)
    refuse_if_changed(PlanEvent.Kind.THEME, held.key, before, opened_at)
    for name, value in vars(words).items():
        setattr(held, name, value)
    try:
        with transaction.atomic():
            held.save(update_fields=list(vars(words)))
    except IntegrityError as error:
        raise NameUsed("Another theme of the plan has this number.") from error
    return record(
        PlanEvent.Kind.THEME,
        held.key,
        PlanEvent.Done.CHANGED,
        by=by,
        now=now,
        before=before,
        after=theme_facts(held),
        reason=reason,
        theme=held.slug,
    )


@transaction.atomic
def add_plan(
    *,
    slug: str,
    title: str,
    framework: Framework,
    starts_on: date,
    ends_on: date | None,
    follows: Plan | None,
    paper: Paper | None,
    carries_themes: bool,
    carries_actions: bool,
    reason: str,
    by: Person | None,
    on: date,
    now: datetime,
    submission: UUID | None = None,
) -> Plan:
    """The new plan with its event, and with what it carries over of the one that it follows: its
    themes with who leads them, and the actions that are not over, under new references.

    The old plan keeps all that it has. `submission` is the number of the form: sent again it gives
    the plan that it made the first time. Raises AddedOtherwise, NameUsed, PlanStartsTooSoon,
    NothingCorresponds, WordsHidden.
    """
    if follows is not None:
        # What is added, stopped or released of it meanwhile would be carried over wrongly.
        lock_actions(follows)
    plan = Plan(
        slug=slug,
        title=title,
        framework=framework,
        starts_on=starts_on,
        ends_on=ends_on,
        follows=follows,
        paper=paper,
    )
    carries = [carries_themes and "themes", carries_actions and "actions"]
    sent = {"submission": str(submission), "carries": [*filter(None, carries)]}
    after = plan_facts(plan) | (sent if submission else {})
    if submission and (again := _added_before(submission, after, reason)):
        return again
    _refuse_wrong_plan(plan, on)
    plan.save(force_insert=True)
    kind, done = PlanEvent.Kind.PLAN, PlanEvent.Done.ADDED
    record(kind, slug, done, by=by, now=now, after=after, reason=reason)
    if follows is not None and carries_themes:
        themes = _carry_themes(follows, plan, by=by, now=now, reason=reason)
        if carries_actions:
            _carry_actions(follows, plan, themes, by=by, on=on, now=now, reason=reason)
    return plan


def _refuse_wrong_plan(plan: Plan, on: date) -> None:
    if Plan.objects.filter(slug=plan.slug).exists():
        raise NameUsed("Another plan has this name in addresses.")
    if plan.follows is not None and plan.starts_on < on:
        raise PlanStartsTooSoon("Pages of earlier days keep the plan that they had.")


def has_added(submission: UUID) -> bool:
    """Whether the form of this number has added a plan."""
    return _added_by(submission) is not None


def _added_before(submission: UUID, after: Facts, reason: str) -> Plan | None:
    """The plan that the form has added before. Raises AddedOtherwise where it says something else
    now; what is hidden of what it said then cannot be compared."""
    if not (event := _added_by(submission)):
        return None
    plan = Plan.objects.get(slug=event.key)
    said, now_said = {**event.after, "reason": event.reason}, {**after, "reason": reason}
    known = {name for name in {*said, *now_said} if not stands_hidden(said.get(name))}
    if any(said.get(name) != now_said.get(name) for name in known):
        raise AddedOtherwise(plan)
    return plan


def _added_by(submission: UUID) -> PlanEvent | None:
    added = PlanEvent.objects.filter(kind=PlanEvent.Kind.PLAN, done=PlanEvent.Done.ADDED)
    return added.filter(after__contains={"submission": str(submission)}).first()


def _carry_themes(
    old: Plan, plan: Plan, *, by: Person | None, now: datetime, reason: str
) -> dict[int, Theme]:
    """The new themes, by the old ones' keys. A paragraph is the old paper's, so it stays there."""
    carried = {}
    themes = list(old.themes.prefetch_related("leads", "evidence"))
    titles = {one.number: (one.title, one.short_title, one.lead_service) for one in themes}
    if hidden := [number for number, texts in titles.items() if any(map(stands_hidden, texts))]:
        raise WordsHidden([f"theme {number}" for number in hidden])
    for theme in themes:
        made = Theme.objects.create(
            plan=plan,
            number=theme.number,
            slug=theme.slug,
            title=theme.title,
            short_title=theme.short_title,
            lead_service=theme.lead_service,
            needs_approval=theme.needs_approval,
        )
        made.leads.set(theme.leads.all())
        Evidence.objects.bulk_create(
            Evidence(indicator_id=one.indicator_id, theme=made) for one in theme.evidence.all()
        )
        _record_new_theme(made, by=by, now=now, reason=reason)
        carried[theme.pk] = made
    return carried


def open_actions(plan: Plan, on: date) -> list[Action]:
    """Those of the plan that are not over by what members can read on the day, in the plan's order:
    what waits for a review or for the release may still be sent back."""
    actions = Action.objects.of(plan).select_related("theme").in_order()
    return [action for action in actions if status_read(action, on) not in OVER]


def _carry_actions(
    old: Plan,
    plan: Plan,
    themes: dict[int, Theme],
    *,
    by: Person | None,
    on: date,
    now: datetime,
    reason: str,
) -> None:
    actions = open_actions(old, on)
    found = {action.pk: corresponding(links_of(action), plan) for action in actions}
    if without := [action for action in actions if not found[action.pk].judgements]:
        raise NothingCorresponds(without)
    if hidden := [one.reference for one in actions if copies_hidden(one, words_of(one))]:
        raise WordsHidden([f"action {reference}" for reference in hidden])
    for action in actions:
        held, theme = hold_action(action), themes[action.theme_id]
        carry_on(
            held,
            theme=theme,
            reference=next_reference(theme),
            words=words_of(held),
            links=found[action.pk],
            by=by,
            now=now,
            reason=reason,
        )


def corresponding(links: ActionLinks, plan: Plan) -> ActionLinks:
    """The links under the plan's framework: the same judgements, or those that correspond to them,
    the main one's first. No judgement where none corresponds to the main one."""
    judgements: list[Judgement] = []
    for place, judgement in enumerate(links.judgements):
        same = [judgement] if judgement.framework_id == plan.framework_id else []
        new = same or list(_corresponding_to(judgement, plan.framework_id))
        if place == 0 and not new:
            return ActionLinks([], links.indicators)
        judgements += [one for one in new if one not in judgements]
    return ActionLinks(judgements, links.indicators)


def _corresponding_to(judgement: Judgement, framework_id: int) -> Iterable[Judgement]:
    pairs = Correspondence.objects.filter(judgement=judgement) | Correspondence.objects.filter(
        other=judgement
    )
    ends = {end for pair in pairs for end in (pair.judgement_id, pair.other_id)}
    return Judgement.objects.filter(pk__in=ends, framework=framework_id).order_by("order")
