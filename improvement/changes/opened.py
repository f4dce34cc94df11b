"""Nobody saves over what somebody else saved meanwhile."""

import hashlib
import json

from improvement.changes.recording import Facts
from improvement.models import PlanEvent

# What the plan's keepers do to it. What officers say of an action makes no form of theirs old.
KEEPING = [
    PlanEvent.Done.ADDED,
    PlanEvent.Done.LOADED,
    PlanEvent.Done.REWORDED,
    PlanEvent.Done.ASSIGNED,
    PlanEvent.Done.LINKED,
    PlanEvent.Done.SPLIT,
    PlanEvent.Done.CHANGED,
]


class ChangedSince(Exception):
    """Somebody saved the same thing after the form was opened.

    `facts` are what stands now, `state` is what a form opened now would carry, and `event` is what
    was done last, where it was done here.
    """

    def __init__(self, facts: Facts, state: str, event: PlanEvent | None) -> None:
        super().__init__("This was changed after you opened it.")
        self.facts = facts
        self.state = state
        self.event = event


def state_kept(kind: str, key: str, facts: Facts) -> str:
    """What a form carries to tell, when it is sent, whether the thing is still as it was: a print
    of the facts that the form holds, and the number of the last event that changed one of them."""
    last = _last_event(kind, key, facts)
    stamp = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:12]
    return f"{last.pk if last else 0}-{stamp}"


def refuse_if_changed(kind: str, key: str, facts: Facts, opened_at: str | None) -> None:
    """Raises ChangedSince where the thing, locked by the caller, is not as the form had it.

    Without `opened_at` nobody had a form open, and nothing is asked.
    """
    state = state_kept(kind, key, facts)
    if opened_at is not None and opened_at != state:
        raise ChangedSince(facts, state, _last_event(kind, key, facts))


def _last_event(kind: str, key: str, facts: Facts) -> PlanEvent | None:
    """The last change of one of these facts; others of the same thing do not matter."""
    events = PlanEvent.objects.about(kind, key).filter(done__in=KEEPING)
    return events.filter(after__has_any_keys=list(facts)).select_related("by").first()
