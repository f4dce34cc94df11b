"""What every change of reference data does beside the change: the event, and who was first."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Manager, Model, QuerySet

from performance.models import (
    Area,
    ComparatorGroup,
    Indicator,
    ReferenceEvent,
    Series,
)

# A fact as an event keeps it: text, number, yes or no, nothing, or lists and mappings of them.
Facts = dict[str, Any]


class ChangedSince(Exception):
    """Somebody saved the same thing after the form was opened.

    `facts` are what stands now, `state` is what a form opened now would carry, and `event` is
    what was done last, where it was done here.
    """

    def __init__(self, facts: Facts, state: str, event: ReferenceEvent | None) -> None:
        super().__init__("This was changed after you opened it.")
        self.facts = facts
        self.state = state
        self.event = event


def facts_of(thing: Model, names: Sequence[str]) -> Facts:
    """The named facts of the thing, as an event keeps them."""
    return {name: as_json(getattr(thing, name)) for name in names}


def as_json(value: Any) -> Any:
    """A number without idle noughts, a day as 2016-10-05, a row by its code."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Indicator | Series | Area):
        return value.code
    if isinstance(value, ComparatorGroup):
        return value.slug
    if isinstance(value, Manager | QuerySet):
        return sorted(as_json(row) for row in value.all())
    if isinstance(value, list):
        return [one if isinstance(one, str) else str(one) for one in value]
    return value


def state_of(kind: str, key: str, facts: Facts) -> str:
    """What a form carries to tell, when it is sent, whether the thing is still as it was.

    The last event's number, and a print of the facts: a load from a file changes reference data
    without an event.
    """
    last = ReferenceEvent.objects.about(kind, key).values_list("id", flat=True).first()
    stamp = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:12]
    return f"{last or 0}-{stamp}"


def refuse_if_changed(kind: str, key: str, facts: Facts, opened_at: str | None) -> None:
    """Raises ChangedSince where the thing, locked by the caller, is not as the form had it.

    Without `opened_at` nobody had a form open, and nothing is asked.
    """
    state = state_of(kind, key, facts)
    if opened_at is not None and opened_at != state:
        raise ChangedSince(facts, state, ReferenceEvent.objects.about(kind, key).first())


def record(
    kind: str,
    key: str,
    done: str,
    *,
    by: AbstractBaseUser,
    reason: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> ReferenceEvent | None:
    """The event, holding only what changed; None, and no row, where nothing did."""
    changed = [name for name in after if before.get(name) != after[name]]
    if not changed:
        return None
    return ReferenceEvent.objects.create(
        by=by,  # type: ignore[misc]  # the project's own model of people, wherever it lives
        kind=kind,
        key=key,
        done=done,
        reason=reason,
        before={name: before[name] for name in changed if name in before},
        after={name: after[name] for name in changed},
    )


def record_added(
    kind: str, key: str, facts: Facts, *, by: AbstractBaseUser, reason: str
) -> ReferenceEvent | None:
    """The event of a new thing: it holds what was filled in."""
    filled = {name: value for name, value in facts.items() if value not in (None, "", [])}
    done = ReferenceEvent.Done.ADDED
    return record(kind, key, done, by=by, reason=reason, before={}, after=filled)
