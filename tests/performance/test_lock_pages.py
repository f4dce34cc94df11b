"""The pages by which a period is locked and a lock lifted."""

import pytest

from performance.models import PeriodLock
from tests.performance.load_factories import LOADS, OTHERS, person

pytestmark = pytest.mark.django_db

LOCK = {"period_start": "2016-04-01", "period_end": "2016-06-30", "reason": "Went to the panel."}


def test_locks_locks_and_lists(admin):
    body = admin.post(f"{LOADS}locks/", LOCK, follow=True).content.decode()
    lock = PeriodLock.objects.get()
    assert lock.locked_by == person()
    assert "Locked: 1 April 2016 to 30 June 2016." in body
    assert "Went to the panel." in body


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"period_end": "2016-03-01"}, "It ends before it starts"),
        ({"period_start": ""}, "Fill this in."),
        ({"period_start": "April"}, "Enter a valid date."),
        ({"reason": ""}, "Say why: whoever meets the lock reads it."),
    ],
)
def test_locks_says_what_is_wrong(admin, changed, said):
    assert said in admin.post(f"{LOADS}locks/", LOCK | changed).content.decode()
    assert not PeriodLock.objects.exists()


def test_the_same_days_are_locked_once(admin):
    admin.post(f"{LOADS}locks/", LOCK)
    within = LOCK | {"period_start": "2016-05-01"}
    assert "locked already, by data-admin" in admin.post(f"{LOADS}locks/", within).content.decode()
    assert PeriodLock.objects.count() == 1


def test_lock_lift(admin):
    admin.post(f"{LOADS}locks/", LOCK)
    where = f"{LOADS}locks/{PeriodLock.objects.get().pk}/lift/"
    assert "1 April 2016 to 30 June 2016" in admin.get(where).content.decode()
    assert "Say why: it is kept with the lock." in admin.post(where).content.decode()
    body = admin.post(where, {"reason": "A mistake."}, follow=True).content.decode()
    lock = PeriodLock.objects.get()
    assert (lock.lifted_by, lock.lifted_reason) == (person(), "A mistake.")
    assert "The lock is lifted" in body
    assert "A mistake." in body
    assert admin.get(where).status_code == 404


@pytest.mark.parametrize("role", OTHERS)
def test_lock_lift_by_role(sign_in, admin, role):
    admin.post(f"{LOADS}locks/", LOCK)
    where = f"{LOADS}locks/{PeriodLock.objects.get().pk}/lift/"
    assert sign_in(role).get(where).status_code == 403
    assert sign_in(role).post(where, {"reason": "x"}).status_code == 403
    assert PeriodLock.objects.in_force().exists()
