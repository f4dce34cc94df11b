"""Taking a load out again."""

import pytest

from performance.models import Load, Measurement, PeriodLock
from tests.performance.load_factories import (
    INTERVIEWS,
    LOADS,
    NEW,
    REVISED,
    every_state,
    give,
    make_load,
    make_withdrawal,
    page_of,
    person,
    quarter,
    read,
    take_away,
)

pytestmark = pytest.mark.django_db

PAGE = "/performance/indicators/return-interviews-72-hours/"


@pytest.fixture
def loaded(admin):
    """A load of two new figures and a revised one."""
    give(admin, quarter(REVISED, *NEW))
    load = Load.objects.latest("id")
    admin.post(f"{LOADS}{load.pk}/confirm/", read(load, reason="Late returns."))
    load.refresh_from_db()
    assert load.state == "loaded"
    return load


def current(label):
    found = Measurement.objects.current().filter(series__code=INTERVIEWS, period_label=label)
    return list(found.values_list("value", flat=True))


def test_load_withdraw_puts_back_what_stood_before(admin, councillor, loaded):
    assert (current("July 2016"), current("August 2016")) == ([48], [52])
    where = f"{LOADS}{loaded.pk}/withdraw/"
    assert where in page_of(admin, loaded.pk)
    response = admin.post(where, {"reason": "The wrong quarter."}, follow=True)
    loaded.refresh_from_db()
    assert loaded.state == "withdrawn"
    assert response.redirect_chain == [(f"{LOADS}{loaded.withdrawal.pk}/", 302)]
    assert (current("July 2016"), current("August 2016")) == ([46], [])
    body = response.content.decode()
    assert 'data-label="Withdrawn">48%</td>' in body
    assert 'data-label="Put back">46%</td>' in body
    assert f"Withdrawn by load {loaded.withdrawal.pk}" in page_of(admin, loaded.pk)
    assert "Figures withdrawn: The wrong quarter." in councillor.get(PAGE).content.decode()
    assert admin.get(where).status_code == 404


def test_load_withdraw_asks_why(admin, loaded):
    body = admin.post(f"{LOADS}{loaded.pk}/withdraw/").content.decode()
    assert "Say why: it is kept with the load." in body
    loaded.refresh_from_db()
    assert loaded.state == "loaded"
    assert current("July 2016") == [48]


def test_load_withdraw_of_a_locked_period_asks_why_and_who_may(admin, loaded):
    PeriodLock.objects.create(
        period_start="2016-07-01", period_end="2016-07-31", locked_by=person(), reason="Agreed."
    )
    where = f"{LOADS}{loaded.pk}/withdraw/"
    assert "1 figure of a locked period would change." in admin.get(where).content.decode()
    body = admin.post(where, {"reason": "The wrong quarter."}).content.decode()
    assert "Say why a locked period is changed." in body
    given = {"reason": "The wrong quarter.", "unlock_reason": "Agreed by all."}
    may = person().groups.get(permissions__codename="unlock_period")
    unlock = may.permissions.get(codename="unlock_period")
    take_away("unlock_period")
    assert "You cannot withdraw this load." in admin.post(where, given).content.decode()
    assert current("July 2016") == [48]
    may.permissions.add(unlock)
    assert "Agreed by all." in admin.post(where, given, follow=True).content.decode()
    assert current("July 2016") == [46]


def test_load_withdraw_counts_what_it_took_out(admin, loaded):
    body = admin.post(
        f"{LOADS}{loaded.pk}/withdraw/", {"reason": "The wrong quarter."}, follow=True
    ).content.decode()
    assert "1 figure went back to the value before; 2 were taken out." in body


def test_load_withdraw_says_before_it_what_it_says_after_it(admin, loaded):
    """Of its three figures one was given again by another load and one was replaced since."""
    for row, reason in ((NEW[0], ""), ([INTERVIEWS, "August 2016", "55"], "Late returns.")):
        give(admin, quarter(row))
        later = Load.objects.latest("id")
        admin.post(f"{LOADS}{later.pk}/confirm/", read(later, reason=reason))
    again = later.pk - 1
    where = f"{LOADS}{loaded.pk}/withdraw/"
    assert (
        f"1 figure goes back to the value before; 1 stays, since load {again} gave the same; "
        "1 stays, since it was replaced later."
    ) in admin.get(where).content.decode()
    body = admin.post(where, {"reason": "The wrong quarter."}, follow=True).content.decode()
    assert (
        f"1 figure went back to the value before; 1 stayed, since load {again} gave the same; "
        "1 stayed, since it was replaced later."
    ) in body


def test_load_withdraw_says_that_nothing_would_change_where_all_was_given_again(admin):
    """The load's own figure was given twice, with one more the second time."""
    for rows in ([NEW[0]], list(NEW)):
        give(admin, quarter(*rows))
        load = Load.objects.latest("id")
        admin.post(f"{LOADS}{load.pk}/confirm/", read(load))
    body = admin.get(f"{LOADS}{load.pk - 1}/withdraw/").content.decode()
    assert f"No figure of today changes by it; 1 stays, since load {load.pk} gave the same." in body
    assert "none again" not in body


def test_a_very_large_load_is_not_worked_out_before_it_is_withdrawn(admin, loaded, monkeypatch):
    monkeypatch.setattr("performance.views.loads.MOST_FORETOLD", loaded.rows_read - 1)
    body = admin.get(f"{LOADS}{loaded.pk}/withdraw/").content.decode()
    assert "Of so large a load each figure is looked at when it is withdrawn" in body
    assert "as the record stands now" not in body


def test_a_withdrawn_file_can_be_loaded_again(admin, loaded):
    admin.post(f"{LOADS}{loaded.pk}/withdraw/", {"reason": "The wrong quarter."})
    give(admin, quarter(REVISED, *NEW))
    again = Load.objects.latest("id")
    admin.post(f"{LOADS}{again.pk}/confirm/", read(again, reason="It was right after all."))
    assert (current("July 2016"), current("August 2016")) == ([48], [52])


def test_a_withdrawals_page_says_what_was_put_back_and_what_was_not(admin):
    body = page_of(admin, make_withdrawal(make_load("loaded")).pk)
    assert "What was put back" in body
    assert "What was not put back" in body
    assert 'data-label="Stands">660</td>' in body


@pytest.mark.parametrize("name", ["screened", "refused", "withdrawal", "withdrawn", "lapsed"])
def test_only_a_loaded_file_is_withdrawn(admin, name):
    load = every_state()[name]
    assert admin.get(f"{LOADS}{load.pk}/withdraw/").status_code == 404
    assert "Withdraw this load" not in page_of(admin, load.pk)
