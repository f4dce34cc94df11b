"""Targets: a changed one keeps the old, with the day on which it was replaced."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from performance.changes.recording import (
    Facts,
    facts_of,
    record,
    record_added,
    refuse_if_changed,
    state_of,
)
from performance.importer.versions import VersionRefused, keep_version
from performance.models import Area, DateBasis, ReferenceEvent, Series, Target

TARGET_FACTS = ("period_label", "low", "high", "profile", "basis", "set_by")
TARGET = ReferenceEvent.Kind.TARGET


def target_key(series: Series, area: Area, period_start: date, period_end: date) -> str:
    """How an event names a target: “series/area/first day/last day”."""
    return f"{series.code}/{area.code}/{period_start.isoformat()}/{period_end.isoformat()}"


def key_of(target: Target) -> str:
    return target_key(target.series, target.area, target.period_start, target.period_end)


def target_facts(target: Target | None) -> Facts:
    """What the target says now; nothing at all where there is none or it has been withdrawn."""
    if target is None or target.known_until is not None:
        return {}
    return facts_of(target, TARGET_FACTS)


def target_state(target: Target) -> str:
    """What a form about the target carries; see `recording.state_of`."""
    return state_of(TARGET, key_of(target), target_facts(target))


@transaction.atomic
def set_target(
    *,
    series: Series,
    area: Area,
    period_start: date,
    period_end: date,
    period_label: str,
    low: Decimal | None,
    high: Decimal | None,
    profile: dict[str, Any] | None,
    basis: str,
    set_by: str,
    by: AbstractBaseUser,
    reason: str,
    now: datetime,
    opened_at: str | None = None,
) -> ReferenceEvent | None:
    """The event, or None where the target says so already.

    What stood before is kept and closed at `now`, from which the new one is known. Raises
    VersionRefused when what stands is known from `now` or later, ChangedSince when it is no
    longer as `opened_at` says.
    """
    key: dict[str, Any] = {
        "series": series, "area": area, "period_start": period_start, "period_end": period_end,
    }  # fmt: skip
    name = target_key(series, area, period_start, period_end)
    before = _held_facts(key, name, opened_at)
    facts: dict[str, Any] = {
        "period_label": period_label, "low": low, "high": high, "profile": profile,
        "basis": basis, "set_by": set_by,
    }  # fmt: skip
    if before and before == facts_of(Target(**facts), TARGET_FACTS):
        return None
    made, _ = keep_version(Target, key, facts | {"known_from_basis": DateBasis.STATED}, now)
    after = target_facts(made)
    if not before:
        return record_added(TARGET, name, after, by=by, reason=reason)
    done = ReferenceEvent.Done.CHANGED
    return record(TARGET, name, done, by=by, reason=reason, before=before, after=after)


@transaction.atomic
def withdraw_target(
    *,
    target: Target,
    by: AbstractBaseUser,
    reason: str,
    now: datetime,
    opened_at: str | None = None,
) -> ReferenceEvent | None:
    """The event, or None where it was withdrawn already. It stays on record until `now`.

    Raises VersionRefused when it is known from `now` or later, ChangedSince when it is no longer
    as `opened_at` says.
    """
    key: dict[str, Any] = {
        "series": target.series, "area": target.area,
        "period_start": target.period_start, "period_end": target.period_end,
    }  # fmt: skip
    name = key_of(target)
    before = _held_facts(key, name, opened_at)
    held = Target.objects.current().filter(**key).first()
    if held is None:
        return None
    if now <= held.known_from:
        raise VersionRefused("a version known from that day or later is already on record")
    held.known_until = now
    held.save(update_fields=["known_until"])
    done = ReferenceEvent.Done.CHANGED
    after: Facts = dict.fromkeys(before)
    return record(TARGET, name, done, by=by, reason=reason, before=before, after=after)


def _held_facts(key: dict[str, Any], name: str, opened_at: str | None) -> Facts:
    """What the target says, held until the transaction ends.

    The lock is on its series: a target that is not there yet has no row to lock.
    """
    Series.objects.select_for_update(of=("self",)).get(pk=key["series"].pk)
    before = target_facts(Target.objects.current().filter(**key).first())
    refuse_if_changed(TARGET, name, before, opened_at)
    return before
