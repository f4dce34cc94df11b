"""What counts once loads that say something of the same figure are taken back, one or more."""

import pytest

from dashboard.models import User
from performance.importer.problems import LoadRefused
from performance.importer.withdrawal import LockedFigures, foretell, withdraw
from performance.models import Load, Measurement, PeriodLock
from tests.performance.importer.releases import a_series, figure, load, released, versions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_what_a_test_loads():
    Measurement.objects.filter(series=a_series()).delete()


def take_back(*loads):
    """The withdrawals, each of which did what was foretold."""
    done = []
    for each in loads:
        foretold = foretell(each).to_json()
        done.append(withdraw(each, by=None, reason="A slip."))
        assert done[-1].report == foretold
    return done


def current():
    row = Measurement.objects.current().filter(series=a_series()).first()
    return row and int(row.value)


def load_value(value, day, **given):
    return load([figure(2, 2015, value)], day, **given)


def test_what_was_withdrawn_does_not_come_back_when_what_replaced_it_is_withdrawn():
    load_value(40, -9)
    first, second = load_value(41, -8), load_value(42, -7)
    take_back(first)
    assert current() == 42
    [withdrawal] = take_back(second)
    assert current() == 40
    assert withdrawal.report["revisions"][0]["new"] == "40"


@pytest.mark.parametrize("are_swapped", [False, True])
def test_a_figure_is_gone_once_all_who_said_it_are_withdrawn(are_swapped):
    said = [load_value(41, -8), load_value(41, -7)]
    take_back(*(reversed(said) if are_swapped else said))
    assert current() is None
    assert [row[1] for row in versions()] == ["41.000000"]


def test_a_release_that_is_loaded_again_stays_current_when_an_earlier_one_is_added():
    load_value(40, -9)
    take_back(load_value(41, -7))
    load_value(42, -7)
    load_value(39, -8, is_back_load=True)
    assert current() == 42


def test_after_a_release_is_loaded_again_the_next_one_may_follow():
    take_back(load_value(41, -8))
    load_value(42, -8)
    load_value(43, -7)
    assert current() == 43


def test_a_withdrawn_back_load_does_not_make_the_next_figure_known_sooner():
    load_value(42, -7)
    before = versions()
    take_back(load_value(41, -8, is_back_load=True))
    assert versions() == before


def test_a_back_load_of_the_same_value_makes_it_known_sooner():
    load_value(42, -7)
    load_value(42, -8, is_back_load=True)
    assert versions() == [("2014/15", "42.000000", released(-8), None)]


def test_an_earlier_release_does_not_replace_a_folders_figure_that_was_put_back():
    folder = load_value(40, -7)
    Load.objects.filter(pk=folder.pk).update(format="folder")
    take_back(load_value(41, -6))
    with pytest.raises(LoadRefused, match="problem"):
        load_value(39, -8)
    assert current() == 40


@pytest.fixture
def repeat():
    """A load that only repeats a figure, and that a release between the two does not say."""
    take_back(load_value(43, -8))
    # Counts from its own load on: another figure was shown since its day.
    load_value(41, -9)
    made = load_value(41, -5)
    load_value(42, -6, is_back_load=True)
    assert current() == 41
    return made


def test_once_a_repeat_is_withdrawn_the_release_between_counts(repeat):
    take_back(repeat)
    assert current() == 42


def test_a_lock_holds_the_withdrawal_of_a_repeat(repeat):
    PeriodLock.objects.create(
        period_start="2014-04-01", period_end="2015-03-31", reason="Agreed.",
        locked_by=User.objects.get(username="data-admin"),
    )  # fmt: skip
    with pytest.raises(LockedFigures):
        take_back(repeat)


def test_a_back_load_that_would_hide_a_figure_on_every_day_is_refused_and_told_the_way():
    take_back(load_value(40, -8))
    again = load_value(40, -8)
    last = load_value(41, -5)
    with pytest.raises(LoadRefused) as refused:
        load_value(41, -7, is_back_load=True)
    assert f"withdraw load {again.pk}, load this file" in refused.value.problems[0].expected
    take_back(again)
    between = load_value(41, -7, is_back_load=True)
    load_value(40, -8, is_back_load=True)
    take_back(last, between)
    assert current() == 40
