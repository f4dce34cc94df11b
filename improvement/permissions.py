"""Who may: one function per kind of object. Every one asks for permissions, never for a role.

The same as a filter stands beside each, so that a list and a page cannot disagree.
"""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from improvement.models import Action, Plan, ProgressUpdate, Removal, Theme

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
    """What waits for this person's eye, oldest first: as `may_review`, as a query."""
    waiting = ProgressUpdate.objects.awaiting_review()
    if not person.has_perm("improvement.review_updates"):
        return waiting.none()
    mine = waiting.exclude(made_by=person).order_by("id")
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
