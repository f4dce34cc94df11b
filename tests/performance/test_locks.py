"""Locking a period and lifting the lock, and who is first."""

from datetime import date

import pytest

from performance.changes.loads import discard_load
from performance.changes.locks import AlreadyLocked, lift_lock, lock_period
from performance.models import Load, PeriodLock
from tests.performance.load_factories import make_load, person

pytestmark = pytest.mark.django_db

DAYS = {"period_start": date(2016, 4, 1), "period_end": date(2016, 6, 30)}


def lock(**words):
    return lock_period(**(DAYS | {"reason": "Agreed.", "by": person()} | words))


def test_lock_period_keeps_who_and_why():
    made = lock()
    assert (made.locked_by, made.reason, made.lifted_at) == (person(), "Agreed.", None)
    made.refresh_from_db()
    assert made.locked_at is not None


@pytest.mark.parametrize("days", [DAYS, DAYS | {"period_end": date(2016, 5, 31)}])
def test_lock_period_that_one_in_force_holds_already(days):
    first = lock()
    with pytest.raises(AlreadyLocked) as raised:
        lock(**days)
    assert raised.value.lock == first
    assert PeriodLock.objects.count() == 1


def test_lock_period_that_reaches_further_is_another():
    lock()
    lock(period_end=date(2016, 9, 30))
    assert PeriodLock.objects.in_force().count() == 2


def test_lift_lock_keeps_who_and_why_and_is_done_once():
    made = lock()
    assert lift_lock(lock=made, reason="A mistake.", by=person())
    assert not lift_lock(lock=made, reason="Again.", by=person("director"))
    made.refresh_from_db()
    assert (made.lifted_by, made.lifted_reason) == (person(), "A mistake.")
    assert made.lifted_at >= made.locked_at
    # The days may be locked again.
    assert lock().pk != made.pk


def test_discard_load_takes_the_bytes_and_keeps_the_report():
    load = make_load()
    report = load.report
    assert discard_load(load=load, by=person())
    load.refresh_from_db()
    assert (load.state, load.content, load.report) == ("lapsed", None, report)
    assert load.options["discarded_by"] == "data-admin"


@pytest.mark.parametrize("state", ["refused", "loaded", "withdrawn", "lapsed"])
def test_discard_load_that_does_not_wait_changes_nothing(state):
    load = make_load(state)
    before = Load.objects.filter(pk=load.pk).values().get()
    assert not discard_load(load=load, by=person())
    assert Load.objects.filter(pk=load.pk).values().get() == before
