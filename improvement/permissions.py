"""Who may: one function per kind of object. Every one asks for permissions, never for a role.

The same as a filter stands beside each, so that a list and a page cannot disagree.
"""

from datetime import date
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Concat

from improvement.models import Action, Plan, PlanEvent, ProgressUpdate, Removal, Theme
from performance.calculations.position import Position

# Whoever asks, signed in or not: the project's own model of people lives above this app.
Person = Any


def _leads(person: Person, theme: Theme) -> bool:
    if person.has_perm("improvement.every_theme"):
        return True
    return any(lead.pk == person.pk for lead in theme.leads.all())


def themes_kept(person: Person) -> Q:
    """As `may_keep`; to be asked of Theme."""
    if not person.has_perm("improvement.keep_actions"):
        return Q(pk=None)
    return Q() if person.has_perm("improvement.every_theme") else Q(leads=person)


def may_update(person: Person, action: Action) -> bool:
    """Who owns the action, and whoever leads its theme."""
    if not person.has_perm("improvement.add_progressupdate"):
        return False
    return action.owner_id == person.pk or may_keep(person, action.theme)


def may_keep(person: Person, theme: Theme) -> bool:
    """Who adds, rewords, assigns, splits, links and stops the theme's actions."""
    return bool(person.has_perm("improvement.keep_actions")) and _leads(person, theme)


def may_work_on(person: Person, action: Action) -> bool:
    """Who keeps the action or says how it stands, also before its plan starts."""
    return may_keep(person, action.theme) or may_update(person, action)


def may_read(person: Person, action: Action, position: Position) -> bool:
    """Everybody once its plan is known; before that whoever works on it."""
    return action.theme.plan.is_known(position) or may_work_on(person, action)


def actions_read(person: Person, position: Position) -> QuerySet[Action]:
    """As `may_read`."""
    owns = person.has_perm("improvement.add_progressupdate")
    return Action.objects.filter(
        Q(theme__plan__in=Plan.objects.known(position))
        | Q(theme__in=Theme.objects.filter(themes_kept(person)))
        | (Q(owner=person) if owns else Q(pk=None))
    )


def themes_read(person: Person, position: Position) -> QuerySet[Theme]:
    """The themes of plans that are known; of another plan those that the person keeps, or owns an
    action in of which they may say how it stands. Every one for whoever keeps the plan."""
    if person.has_perm("improvement.keep_plan"):
        return Theme.objects.all()
    kept = Theme.objects.filter(themes_kept(person))
    return Theme.objects.filter(
        Q(plan__in=Plan.objects.known(position))
        | Q(pk__in=kept)
        | Q(pk__in=actions_read(person, position).values("theme"))
    )


def plans_read(person: Person, position: Position) -> QuerySet[Plan]:
    """Those that are known, and those of which the person may read a theme; every one for whoever
    keeps the plan."""
    if person.has_perm("improvement.keep_plan"):
        return Plan.objects.all()
    themes = themes_read(person, position)
    return Plan.objects.filter(
        Q(pk__in=Plan.objects.known(position)) | Q(pk__in=themes.values("plan"))
    )


def events_read(person: Person, position: Position) -> QuerySet[PlanEvent]:
    """What was done, but to what the person may not read yet."""
    actions = Action.objects.exclude(pk__in=actions_read(person, position))
    themes = Theme.objects.exclude(pk__in=themes_read(person, position))
    plans = Plan.objects.exclude(pk__in=plans_read(person, position))
    key = Concat("plan__slug", Value("/"), "slug", output_field=CharField())
    return PlanEvent.objects.exclude(
        Q(kind=PlanEvent.Kind.ACTION, key__in=actions.values("reference"))
        | Q(kind=PlanEvent.Kind.THEME, key__in=themes.values_list(key))
        | Q(kind=PlanEvent.Kind.PLAN, key__in=plans.values("slug"))
    )


def may_review(person: Person, update: ProgressUpdate) -> bool:
    """Who leads the theme; never of their own words."""
    if not person.has_perm("improvement.review_updates") or update.made_by_id == person.pk:
        return False
    return _leads(person, update.action.theme)


def may_read_unreleased(person: Person, update: ProgressUpdate) -> bool:
    """Who wrote it, owns the action, may review it or releases; never a member."""
    if person.pk in (update.made_by_id, update.action.owner_id):
        return True
    if person.has_perm("improvement.release_updates"):
        return True
    return person.has_perm("improvement.review_updates") and _leads(person, update.action.theme)


def may_release(person: Person) -> bool:
    return bool(person.has_perm("improvement.release_updates"))


def actions_to_update(person: Person, on: date | None = None) -> QuerySet[Action]:
    """The actions that the person is asked about: their own, and with `on` of the plans that no
    other has taken the place of by then. A lead may update others by name."""
    if not person.has_perm("improvement.add_progressupdate"):
        return Action.objects.none()
    own = Action.objects.filter(owner=person)
    return own if on is None else own.filter(theme__plan__in=Plan.objects.kept(on))


def updates_to_review(person: Person) -> QuerySet[ProgressUpdate]:
    """What others sent that waits for this person's eye, oldest first."""
    return _reviewed_by(person, ProgressUpdate.objects.awaiting_review())


def updates_returned(person: Person) -> QuerySet[ProgressUpdate]:
    """What was sent back to others in the themes that this person reviews, and is not answered."""
    return _reviewed_by(person, ProgressUpdate.objects.returned())


def _reviewed_by(person: Person, updates: QuerySet[ProgressUpdate]) -> QuerySet[ProgressUpdate]:
    """Those of them of which `may_review` says yes, as a query; oldest first."""
    if not person.has_perm("improvement.review_updates"):
        return updates.none()
    mine = updates.exclude(made_by=person).order_by("id")
    if person.has_perm("improvement.every_theme"):
        return mine
    return mine.filter(action__theme__leads=person)


def may_ask_removal(person: Person) -> bool:
    return bool(person.has_perm("improvement.ask_removal"))


def may_read_removals(person: Person) -> bool:
    """Who asked, why and what became of it; never the words."""
    return may_ask_removal(person) or may_confirm_removals(person)


def may_confirm_removals(person: Person) -> bool:
    """Who may decide what others ask for."""
    return bool(person.has_perm("improvement.confirm_removal"))


def may_decide_removal(person: Person, removal: Removal) -> bool:
    """Somebody other than whoever asked."""
    is_mine = removal.asked_by_id == person.pk
    return may_confirm_removals(person) and not removal.outcome and not is_mine


def may_read_places(person: Person, removal: Removal) -> bool:
    """In what kinds of text the words stood, and where they are left. Whoever asked is told only
    of what they may read anyhow: else each asking would say whether others wrote of somebody."""
    return may_confirm_removals(person) and removal.asked_by_id != person.pk


def may_read_sealed(person: Person, removal: Removal) -> bool:
    """Who must judge, while they do. Whoever asked knows the words, and may not use a search to
    read what others wrote."""
    return may_decide_removal(person, removal)
