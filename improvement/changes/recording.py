"""What every change of the plan does beside the change: the event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from improvement.models import Action, PlanEvent
from improvement.permissions import Person
from improvement.removal.sentences import stands_hidden


class WordsHidden(Exception):
    """Words are hidden until it is decided whether they are taken out: what is written over them
    meanwhile could not be put back, and what copies them would read “Hidden on …” for ever.
    `names` are of what they are, where it is more than what is being changed."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        whose = f"of {', '.join(names)}" if names else "that you change"
        super().__init__(
            f"Words {whose} are hidden until it is decided whether they are taken out. Do this "
            "once it is decided."
        )


# A fact as an event keeps it: text, number, yes or no, nothing, or lists of them.
Facts = dict[str, Any]


def record(
    kind: str,
    key: str,
    done: str,
    *,
    by: Person | None,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    theme: str = "",
) -> PlanEvent | None:
    """The event, holding only what changed; None, and no row, where nothing did. Raises WordsHidden
    where what changed is hidden."""
    before, after = before or {}, after or {}
    changed = [name for name in after if before.get(name) != after[name]]
    if not changed:
        return None
    if any(stands_hidden(before.get(name)) for name in changed):
        raise WordsHidden
    return PlanEvent.objects.create(
        by=by,
        known_from=now,
        kind=kind,
        key=key,
        theme=theme,
        done=done,
        reason=reason,
        before={name: before[name] for name in changed if name in before},
        after={name: after[name] for name in changed},
    )


def record_of_action(
    action: Action,
    done: str,
    *,
    by: Person | None,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> PlanEvent | None:
    """The event of an action, under its reference and its theme."""
    return record(
        PlanEvent.Kind.ACTION,
        action.reference,
        done,
        by=by,
        now=now,
        before=before,
        after=after,
        reason=reason,
        theme=action.theme.slug,
    )
