"""Puts a new version of a fact in and closes the one that it replaces."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from django.db.models import Max
from django.utils import timezone

from performance.models import Versioned

Outcome = Literal["new", "unchanged", "revised"]


class VersionRefused(Exception):
    """What is on record does not allow this version; says why, to the file's owner."""


def known_from_never_changes(on_record: datetime) -> str:
    """Why the same fact with another day is refused: passed over, the mend would seem made."""
    return (
        f"known from {_day(on_record)} is on record for the same fact: a load does not change from "
        "when it was known"
    )


def keep_version(
    model: type[Versioned],
    key: dict[str, Any],
    facts: dict[str, Any],
    known_from: datetime,
    said_last: Callable[[Any], datetime] | None = None,
) -> tuple[Any, Outcome]:
    """The current row for `key`, and whether it is new, unchanged or replaces an earlier one.

    Nothing is overwritten: a changed fact closes the row it replaces at `known_from`. What was
    withdrawn and is given again is known from when it was withdrawn, or from a later day given.
    `said_last` tells when the current row was last given, where others may have repeated it.
    Raises VersionRefused when `known_from` is not after the row that it would replace and whoever
    repeated it, or is all that differs from the row on record.
    """
    rows = model._default_manager
    current = rows.filter(**key, known_until__isnull=True).first()
    ended = rows.filter(**key, known_until__isnull=False)
    changed = {name for name, value in facts.items() if current and getattr(current, name) != value}
    # What the day rests on goes with the day.
    if current and known_from != current.known_from and changed <= {"known_from_basis"}:
        if ended.filter(**facts, known_from=known_from).exists():
            return current, "unchanged"
        raise VersionRefused(known_from_never_changes(current.known_from))
    if current and not changed:
        return current, "unchanged"
    if current:
        if known_from <= current.known_from:
            raise VersionRefused("a version known from that day or later is already on record")
        if said_last and known_from <= (last := said_last(current)):
            raise VersionRefused(
                f"what is on record was last given on {_day(last)}: a version known from that day "
                "or before does not replace it"
            )
        current.known_until = known_from
        current.save(update_fields=["known_until"])
    elif until := ended.aggregate(last=Max("known_until"))["last"]:
        known_from = max(known_from, until)
    made = rows.create(**key, **facts, known_from=known_from)
    return made, "revised" if current else "new"


def _day(at: datetime) -> str:
    return timezone.localtime(at).date().isoformat()
