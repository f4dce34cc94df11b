"""What an event, a form's print and a spreadsheet's row hold of an action, a theme and a plan."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from improvement.changes.recording import Facts
from improvement.models import Action, ActionJudgement, DateBasis, Judgement, Plan, Theme
from performance.calculations.partial_date import PartialDate, write_partial_date
from performance.models import Indicator

NO_DATE = PartialDate(None, "")
# Django's field behind each fact, where it has another name.
FIELDS = {"promised": "description"}


@dataclass(frozen=True)
class ActionWords:
    """What is promised, in words. `promised` is what the action's page prints first."""

    title: str
    promised: str
    kind: str = Action.Kind.ACTION
    impact_sought: str = ""
    owner_service: str = ""
    owner_role: str = ""
    cabinet: PartialDate = NO_DATE
    note: str = ""


@dataclass(frozen=True)
class ActionLinks:
    """The judgements that an action serves, the main one first, and what it should move."""

    judgements: Sequence[Judgement]
    indicators: Sequence[Indicator] = field(default_factory=tuple)


class WrongLinks(Exception):
    """An action serves a judgement, and all of its judgements are of its plan's framework."""


def word_columns(words: ActionWords) -> Facts:
    """The words as the columns that hold them."""
    return {
        "title": words.title,
        "description": words.promised,
        "kind": words.kind,
        "impact_sought": words.impact_sought,
        "owner_service": words.owner_service,
        "owner_role": words.owner_role,
        "cabinet_on": words.cabinet.on,
        "cabinet_precision": words.cabinet.precision,
        "note": words.note,
    }


def words_of(action: Action) -> ActionWords:
    return ActionWords(
        title=action.title,
        promised=action.description,
        kind=action.kind,
        impact_sought=action.impact_sought,
        owner_service=action.owner_service,
        owner_role=action.owner_role,
        cabinet=action.cabinet,
        note=action.note,
    )


def word_facts(words: ActionWords) -> Facts:
    """The words as an event keeps them."""
    return {
        "title": words.title,
        "promised": words.promised,
        "kind": Action.Kind(words.kind).label,
        "impact_sought": words.impact_sought,
        "owner_service": words.owner_service,
        "owner_role": words.owner_role,
        "cabinet": write_partial_date(words.cabinet),
        "note": words.note,
    }


def links_of(action: Action) -> ActionLinks:
    # In memory, so that a list which has fetched them all asks no more.
    links = sorted(
        action.action_judgements.all(), key=lambda link: (not link.is_main, link.judgement.order)
    )
    return ActionLinks(
        [link.judgement for link in links],
        sorted(action.indicators.all(), key=lambda indicator: indicator.code),
    )


def link_facts(links: ActionLinks) -> Facts:
    return {
        "judgements": [judgement.slug for judgement in links.judgements],
        "indicators": sorted(indicator.code for indicator in links.indicators),
    }


def set_links(action: Action, links: ActionLinks) -> None:
    """Puts these in the place of what the action was linked to. Raises WrongLinks."""
    refuse_wrong_links(action.theme.plan, links)
    held = ActionJudgement.objects.filter(action=action)
    held.delete()
    ActionJudgement.objects.bulk_create(
        ActionJudgement(action=action, judgement=judgement, is_main=place == 0)
        for place, judgement in enumerate(links.judgements)
    )
    action.indicators.set(links.indicators)


def refuse_wrong_links(plan: Plan, links: ActionLinks) -> None:
    if not links.judgements:
        raise WrongLinks("An action serves at least one judgement.")
    if any(judgement.framework_id != plan.framework_id for judgement in links.judgements):
        raise WrongLinks(f"The plan is judged under {plan.framework}: choose its judgements.")
    if len({judgement.pk for judgement in links.judgements}) < len(links.judgements):
        raise WrongLinks("A judgement is named once.")


def owner_fact(action: Action) -> Facts:
    return {"owner": action.owner.get_username() if action.owner else ""}


def new_action_facts(action: Action) -> Facts:
    """All that was filled in of an action that is new: for the event of its first day."""
    facts = {
        "theme": action.theme.number,
        **word_facts(words_of(action)),
        **link_facts(links_of(action)),
        **owner_fact(action),
        "first_due": str(action.first_due),
        "comes_from": action.comes_from.reference if action.comes_from else "",
    }
    return {name: value for name, value in facts.items() if value not in ("", [])}


def theme_facts(theme: Theme) -> Facts:
    names = ("number", "title", "short_title", "paragraph", "lead_service")
    return {name: getattr(theme, name) for name in names}


def plan_facts(plan: Plan) -> Facts:
    facts = {
        "title": plan.title,
        "framework": plan.framework.slug,
        "paper": plan.paper.slug if plan.paper else "",
        "starts_on": str(plan.starts_on),
        "ends_on": str(plan.ends_on) if plan.ends_on else "",
        "follows": plan.follows.slug if plan.follows else "",
    }
    return {name: value for name, value in facts.items() if value}


def first_due_columns(due: PartialDate, basis: str = "") -> Facts:
    """The first due date of a new action: it says what it is given, and never changes after."""
    return {
        "first_due_on": due.on,
        "first_due_precision": due.precision,
        "first_due_words": due.words,
        "first_due_basis": basis or (DateBasis.STATED if due else DateBasis.NOT_STATED),
    }


def next_reference(theme: Theme, taken: Iterable[str] | None = None) -> str:
    """The number after the last that any plan gave under a theme of this number: “5.28”."""
    if taken is None:
        begins = Action.objects.filter(reference__startswith=f"{theme.number}.")
        taken = begins.values_list("reference", flat=True)
    found = (re.match(rf"{theme.number}\.([0-9]+)", reference) for reference in taken)
    last = max((int(one[1]) for one in found if one), default=0)
    return f"{theme.number}.{last + 1:02}"


def part_references(action: Action, count: int) -> list[str]:
    """References for what an action is split into: “5.13a”, “5.13b”, or the letters that are free
    after them."""
    base = re.sub(r"[a-z]+$", "", action.reference)
    begins = Action.objects.filter(reference__startswith=base)
    taken = set(begins.values_list("reference", flat=True))
    letters = [chr(number) for number in range(ord("a"), ord("z") + 1)]
    places = [*letters, *(f"z{letter}" for letter in letters)]
    return [base + place for place in places if base + place not in taken][:count]
