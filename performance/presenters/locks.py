"""What the pages of the locks print."""

from dataclasses import dataclass

from performance.calculations.partial_date import PartialDate
from performance.models import PeriodLock
from performance.presenters.load_words import say_when

LATELY = 50


@dataclass(frozen=True)
class LockLine:
    """`lifted` is empty while the lock is in force."""

    number: int
    days: str
    reason: str
    locked: str
    lifted: str
    lifted_reason: str


@dataclass(frozen=True)
class LocksPage:
    in_force: list[LockLine]
    lifted: list[LockLine]


def make_lock_line(lock: PeriodLock) -> LockLine:
    first, last = (PartialDate(day, "day") for day in (lock.period_start, lock.period_end))
    lifted = ""
    if lock.lifted_at and lock.lifted_by:
        lifted = f"{say_when(lock.lifted_at)}, by {lock.lifted_by.get_username()}"
    return LockLine(
        number=lock.pk,
        days=f"{first} to {last}",
        reason=lock.reason,
        locked=f"{say_when(lock.locked_at)}, by {lock.locked_by.get_username()}",
        lifted=lifted,
        lifted_reason=lock.lifted_reason,
    )


def make_locks_page() -> LocksPage:
    """Every lock in force, by the last day that it holds, and the last few that were lifted."""
    held = PeriodLock.objects.select_related("locked_by", "lifted_by")
    lifted = held.filter(lifted_at__isnull=False).order_by("-lifted_at")
    return LocksPage(
        in_force=[make_lock_line(one) for one in held.in_force()],
        lifted=[make_lock_line(one) for one in lifted[:LATELY]],
    )
