"""Locking the periods whose figures the council has finished with, and lifting a lock.

The lock's own row is its record: who locked and who lifted it, when and why.
"""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models.functions import Now

from performance.importer.entering import take_the_lock
from performance.models import PeriodLock


class AlreadyLocked(Exception):
    """A lock in force holds all of these days already; `lock` is that one."""

    def __init__(self, lock: PeriodLock) -> None:
        super().__init__("These days are locked already.")
        self.lock = lock


@transaction.atomic
def lock_period(
    *, period_start: date, period_end: date, reason: str, by: AbstractBaseUser
) -> PeriodLock:
    """The new lock. Raises AlreadyLocked where one in force holds all of its days."""
    # No load that has looked at the locks may still be on its way, nor another lock.
    take_the_lock()
    held = PeriodLock.objects.in_force().filter(
        period_start__lte=period_start, period_end__gte=period_end
    )
    if stands := held.select_related("locked_by").first():
        raise AlreadyLocked(stands)
    return PeriodLock.objects.create(
        period_start=period_start,
        period_end=period_end,
        reason=reason,
        locked_by=by,  # type: ignore[misc]  # the project's own model of people
    )


@transaction.atomic
def lift_lock(*, lock: PeriodLock, reason: str, by: AbstractBaseUser) -> bool:
    """Whether it was lifted now; False where somebody had lifted it before."""
    held = PeriodLock.objects.in_force().select_for_update().filter(pk=lock.pk)
    if not held:
        return False
    held.update(lifted_at=Now(), lifted_by=by, lifted_reason=reason)
    return True
