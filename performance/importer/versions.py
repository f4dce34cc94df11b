"""Puts a new version of a fact in and closes the one that it replaces."""

from datetime import datetime
from typing import Any, Literal

from performance.models import Versioned

Outcome = Literal["new", "unchanged", "revised"]


class EarlierThanCurrent(Exception):
    """The fact was known before the version that it would replace."""


def keep_version(
    model: type[Versioned], key: dict[str, Any], facts: dict[str, Any], known_from: datetime
) -> tuple[Any, Outcome]:
    """The current row for `key`, and whether it is new, unchanged or replaces an earlier one.

    Nothing is overwritten: a changed fact closes the row it replaces at `known_from`.
    Raises EarlierThanCurrent when `known_from` is not after the row that it would replace.
    """
    rows = model._default_manager
    current = rows.filter(**key, known_until__isnull=True).first()
    if current and all(getattr(current, name) == value for name, value in facts.items()):
        return current, "unchanged"
    if current:
        if known_from <= current.known_from:
            raise EarlierThanCurrent
        current.known_until = known_from
        current.save(update_fields=["known_until"])
    made = rows.create(**key, **facts, known_from=known_from)
    return made, "revised" if current else "new"
