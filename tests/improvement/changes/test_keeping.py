"""Who answers for what."""

import pytest

from improvement.changes import assign_action, choose_leads
from improvement.models import PlanEvent
from tests.improvement.conftest import NOW

pytestmark = pytest.mark.django_db


def test_assign_action_gives_it_to_somebody_with_its_event(owned, other_officer, lead):
    event = assign_action(action=owned, owner=other_officer, by=lead, now=NOW, reason="A new post.")
    owned.refresh_from_db()
    assert owned.owner == other_officer
    assert (event.before, event.after) == ({"owner": "officer"}, {"owner": "other-officer"})
    assert assign_action(action=owned, owner=other_officer, by=lead, now=NOW) is None


def test_choose_leads_keeps_who_led_before(owned, lead, other_lead, director):
    theme = owned.theme
    event = choose_leads(
        theme=theme, leads=[other_lead], needs_approval=False, by=director, now=NOW
    )
    theme.refresh_from_db()
    assert (list(theme.leads.all()), theme.needs_approval) == ([other_lead], False)
    assert event.before == {"leads": ["theme-lead"], "needs_approval": True}
    assert PlanEvent.objects.about("theme", theme.slug).first() == event
