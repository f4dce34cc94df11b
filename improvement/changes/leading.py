"""Who leads a theme: the people who keep its actions and review its updates."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from improvement.changes.opened import refuse_if_changed
from improvement.changes.recording import record
from improvement.models import PlanEvent, Theme
from improvement.permissions import Person


@transaction.atomic
def choose_leads(
    *,
    theme: Theme,
    leads: Sequence[Person],
    needs_approval: bool,
    by: Person | None,
    now: datetime,
    reason: str = "",
    opened_at: str | None = None,
) -> PlanEvent | None:
    """The event of who leads the theme and whether its updates are approved; None where it is as
    it was. Raises ChangedSince."""
    held = Theme.objects.select_for_update(of=("self",), no_key=True).get(pk=theme.pk)
    before = lead_facts(held)
    refuse_if_changed(PlanEvent.Kind.THEME, held.key, before, opened_at)
    held.leads.set(leads)
    held.needs_approval = needs_approval
    held.save(update_fields=["needs_approval"])
    return _record(held, before, by=by, now=now, reason=reason)


@transaction.atomic
def lead_themes(
    *,
    person: Person,
    themes: Collection[Theme],
    among: Collection[Theme],
    by: Person | None,
    now: datetime,
) -> list[PlanEvent]:
    """The events of those `among` them that the person leads from now on, or no more: they lead
    just these `themes`. Nobody else's are touched."""
    wanted = {theme.pk for theme in themes}
    locked = Theme.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    events = []
    for held in locked.filter(pk__in=[theme.pk for theme in among]):
        before = lead_facts(held)
        if held.pk in wanted:
            held.leads.add(person)
        else:
            held.leads.remove(person)
        events.append(_record(held, before, by=by, now=now))
    return [event for event in events if event is not None]


def _record(
    theme: Theme, before: dict[str, object], *, by: Person | None, now: datetime, reason: str = ""
) -> PlanEvent | None:
    return record(
        PlanEvent.Kind.THEME,
        theme.key,
        PlanEvent.Done.ASSIGNED,
        by=by,
        now=now,
        before=before,
        after=lead_facts(theme),
        reason=reason,
        theme=theme.slug,
    )


def lead_facts(theme: Theme) -> dict[str, object]:
    names = sorted(lead.get_username() for lead in theme.leads.all())
    return {"leads": names, "needs_approval": theme.needs_approval}
