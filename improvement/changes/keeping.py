"""Keeping the plan: who answers for what."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from improvement.changes.recording import record, record_of_action
from improvement.models import Action, PlanEvent, Theme
from improvement.permissions import Person


@transaction.atomic
def assign_action(
    *, action: Action, owner: Person | None, by: Person | None, now: datetime, reason: str = ""
) -> PlanEvent | None:
    """The event of the action's new owner, or of none; None where it is the one it has."""
    held = Action.objects.select_for_update(of=("self",)).select_related("theme").get(pk=action.pk)
    before = {"owner": held.owner.get_username() if held.owner else ""}
    after = {"owner": owner.get_username() if owner else ""}
    held.owner = owner
    held.save(update_fields=["owner"])
    done = PlanEvent.Done.ASSIGNED
    return record_of_action(held, done, by=by, now=now, before=before, after=after, reason=reason)


@transaction.atomic
def choose_leads(
    *,
    theme: Theme,
    leads: Sequence[Person],
    needs_approval: bool,
    by: Person | None,
    now: datetime,
    reason: str = "",
) -> PlanEvent | None:
    """The event of who leads the theme and whether its updates are approved; None where it is as
    it was."""
    held = Theme.objects.select_for_update(of=("self",)).get(pk=theme.pk)
    before = _lead_facts(held)
    held.leads.set(leads)
    held.needs_approval = needs_approval
    held.save(update_fields=["needs_approval"])
    return record(
        PlanEvent.Kind.THEME,
        held.slug,
        PlanEvent.Done.ASSIGNED,
        by=by,
        now=now,
        before=before,
        after=_lead_facts(held),
        reason=reason,
        theme=held.slug,
    )


def _lead_facts(theme: Theme) -> dict[str, object]:
    names = sorted(lead.get_username() for lead in theme.leads.all())
    return {"leads": names, "needs_approval": theme.needs_approval}
