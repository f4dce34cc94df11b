"""Releases one after another, in and out of order, and taken back again."""

import random
from itertools import permutations

import pytest
from django.contrib.auth import get_user_model

from performance.importer.problems import LoadRefused
from performance.importer.withdrawal import LockedFigures, NotLoaded, count_locked, withdraw
from performance.models import Load, Measurement, PeriodLock, Series, SetAside
from tests.performance.importer.releases import a_series, figure, load, released, sayers, versions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_what_a_test_loads():
    Measurement.objects.filter(series=a_series()).delete()


def test_a_new_figure_is_known_from_the_release():
    made = load([figure(2, 2015, 46)], 1)
    assert versions() == [("2014/15", "46.000000", released(1), None)]
    assert (made.rows_new, made.rows_revised, made.rows_unchanged) == (1, 0, 0)
    assert made.state == Load.State.LOADED


def test_a_figure_of_a_back_series_is_known_from_its_first_publication():
    load([figure(2, 2015, 46, published=released(-400))], 1)
    assert versions() == [("2014/15", "46.000000", released(-400), None)]


def test_a_later_release_closes_what_it_replaces_and_repeats_the_rest():
    load([figure(2, 2014, 40), figure(3, 2015, 46)], 1)
    made = load([figure(2, 2014, 40), figure(3, 2015, 48)], 5)
    assert versions() == [
        ("2013/14", "40.000000", released(1), None),
        ("2014/15", "46.000000", released(1), released(5)),
        ("2014/15", "48.000000", released(5), None),
    ]
    assert (made.rows_new, made.rows_revised, made.rows_unchanged) == (0, 1, 1)
    assert sayers()["2013/14", released(1)] == ["day-1.csv", "day-5.csv"]


def test_what_a_column_cannot_hold_is_refused():
    with pytest.raises(LoadRefused, match="1 problem") as refused:
        load([figure(2, 2015, 10**15)], 1)
    assert "the database cannot hold what it says: numeric field overflow" in str(
        refused.value.problems[0]
    )


def test_absence_retires_nothing():
    load([figure(2, 2014, 40), figure(3, 2015, 46)], 1)
    load([figure(3, 2015, 46)], 5)
    assert [row[3] for row in versions()] == [None, None]


def test_a_value_becomes_a_symbol_and_the_other_way_round():
    load([figure(2, 2015, 46)], 1)
    load([figure(2, 2015, "suppressed", symbol_as_published="c")], 2)
    load([figure(2, 2015, 47)], 3)
    assert [row[1] for row in versions()] == ["46.000000", "suppressed", "47.000000"]


def test_a_note_that_the_file_has_no_place_for_stands():
    load([figure(2, 2015, 46, note="Counted late.")], 1)
    made = load([figure(2, 2015, 46)], 2)
    assert made.rows_unchanged == 1
    assert Measurement.objects.get(series=a_series()).note == "Counted late."


def test_a_figure_that_is_provisional_no_more_is_another_version():
    load([figure(2, 2015, 46, flags="p")], 1)
    made = load([figure(2, 2015, 46, flags="")], 2)
    assert made.rows_revised == 1
    assert Measurement.objects.current().get(series=a_series()).is_provisional is False


def test_an_earlier_release_is_refused_unless_it_is_a_back_load():
    load([figure(2, 2015, 48)], 5)
    before = versions()
    with pytest.raises(LoadRefused) as refused:
        load([figure(2, 2015, 46)], 1)
    assert [problem.expected for problem in refused.value.problems] == [
        "1 of its figures are on record from a later release, or from a later day, than "
        "2 October 2016: is it the right file? If an earlier release is meant to be added to the "
        "history, say that it is a back-load"
    ]
    assert refused.value.kind == "earlier"
    assert versions() == before


def test_another_figure_of_the_same_release_is_refused():
    load([figure(2, 2015, 48)], 5)
    with pytest.raises(LoadRefused) as refused:
        load([figure(2, 2015, 46)], 5)
    assert "48 is on record from the same day" in str(refused.value.problems[0])


def test_the_same_key_with_two_values_is_refused_with_both_rows():
    with pytest.raises(LoadRefused) as refused:
        load([figure(2, 2015, 48), figure(9, 2015, 46)], 5)
    assert str(refused.value.problems[0]) == (
        "release.csv, row 9, column value: row 2 gives another value for the same series, area "
        "and period: which is right? Keep one"
    )


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ({"numerator": 10}, {"numerator": 12}, "numerator"),
        ({"numerator": 10, "denominator": 20}, {}, "numerator and another denominator"),
        ({"note": "Counted late."}, {"note": ""}, "note"),
        ({"flags": "p"}, {"flags": ""}, "flags"),
    ],
)
def test_the_same_key_whose_rows_differ_beside_the_value_is_refused(one, other, said):
    for first, last in ((one, other), (other, one)):
        with pytest.raises(LoadRefused) as refused:
            load([figure(2, 2015, 48, **first), figure(9, 2015, 48, **last)], 5)
        assert str(refused.value.problems[0]) == (
            f"release.csv, row 9, column value: row 2 gives another {said} for the same series, "
            "area and period: which is right? Keep one"
        )


def test_the_same_figure_twice_is_read_once():
    made = load([figure(2, 2015, 48), figure(9, 2015, 48)], 5)
    assert made.rows_new == 1
    assert made.report["notes"] == [
        "1 figure stands in the file more than once, with the same value: read once."
    ]


RELEASES = {
    1: [(2013, 10), (2014, 20)],
    4: [(2013, 10), (2014, 21), (2015, 30)],
    7: [(2013, 11), (2014, 20), (2015, 31)],
    9: [(2014, 20), (2015, 31), (2016, "suppressed")],
}


def load_releases(order, taken=RELEASES):
    latest = 0
    for day in order:
        rows = [
            figure(n, year, value, published=released(-900 + year - 2013))
            for n, (year, value) in enumerate(taken[day], start=2)
        ]
        load(rows, day, is_back_load=day < latest)
        latest = max(day, latest)


def state():
    return versions(), sayers()


def test_the_order_in_which_releases_are_loaded_makes_no_difference():
    load_releases(sorted(RELEASES))
    expected = state()
    for order in permutations(RELEASES):
        Measurement.objects.filter(series=a_series()).delete()
        load_releases(order)
        assert state() == expected, order


def test_made_up_releases_in_any_order_make_the_same_record():
    chance = random.Random(20161005)
    for _ in range(40):
        made = {
            day: [(year, chance.choice([1, 2])) for year in chance.sample([2013, 2014, 2015], 2)]
            for day in chance.sample(range(1, 30), 4)
        }
        Measurement.objects.filter(series=a_series()).delete()
        load_releases(sorted(made), made)
        expected = state()
        order = chance.sample(sorted(made), len(made))
        Measurement.objects.filter(series=a_series()).delete()
        load_releases(order, made)
        assert state() == expected, (made, order)


def test_a_back_load_that_is_withdrawn_leaves_no_trace_on_any_day():
    load_releases([1, 4, 9])
    before = state()
    load([figure(2, 2014, 99), figure(3, 2015, 31), figure(4, 2012, 5)], 7, is_back_load=True)
    assert state() != before
    back = Load.objects.get(file_name="day-7.csv")
    withdraw(back, by=None, reason="The wrong file.")
    assert state() == before
    assert SetAside.objects.filter(load=back).count() >= 1


def test_a_withdrawal_puts_back_what_was_replaced_and_keeps_what_was_said():
    load([figure(2, 2014, 40), figure(3, 2015, 46)], 1)
    bad = load([figure(2, 2014, 41), figure(3, 2015, 48), figure(4, 2016, 50)], 3)
    withdrawal = withdraw(bad, by=None, reason="A slip of the column.")
    current = Measurement.objects.current().filter(series=a_series())
    assert {row.period_label: row.value for row in current} == {"2013/14": 40, "2014/15": 46}
    assert {row.load for row in current} == {withdrawal}
    assert [row[1] for row in versions() if row[3] is not None] == [
        "40.000000", "41.000000", "46.000000", "48.000000", "50.000000",
    ]  # fmt: skip
    bad.refresh_from_db()
    assert bad.state == Load.State.WITHDRAWN
    assert withdrawal.rows_revised == 2
    assert withdrawal.rows_new == 1


def test_a_withdrawal_leaves_and_lists_what_was_replaced_since():
    load([figure(2, 2014, 40)], 1)
    bad = load([figure(2, 2014, 41), figure(3, 2015, 48)], 3)
    load([figure(2, 2014, 42)], 4)
    withdrawal = withdraw(bad, by=None, reason="A slip.")
    left = withdrawal.report["not_put_back"]
    assert [(line["period"], line["old"], line["new"]) for line in left] == [
        ("2013/14", "41", "42")
    ]
    assert Measurement.objects.current().get(series=a_series()).value == 42


def test_a_withdrawal_leaves_what_a_later_load_repeated():
    bad = load([figure(2, 2014, 41), figure(3, 2015, 48)], 3)
    load([figure(2, 2014, 41)], 4)
    withdrawal = withdraw(bad, by=None, reason="A slip.")
    assert Measurement.objects.current().get(series=a_series()).value == 41
    assert withdrawal.report["given_again"] == 1


@pytest.mark.parametrize("order", [*permutations([1, 2, 3])])
def test_what_only_withdrawn_loads_gave_is_shown_no_more(order):
    """In whichever order they are withdrawn, what stands is what the loads that stand have said."""
    values = {1: 40, 2: 41, 3: 42}
    loads = {day: load([figure(2, 2014, value)], day) for day, value in values.items()}
    for place, day in enumerate(order, start=1):
        withdraw(loads[day], by=None, reason="A slip.")
        left = [values[each] for each in sorted(set(values) - set(order[:place]))]
        current = Measurement.objects.current().filter(series=a_series())
        assert [row.value for row in current] == left[-1:]


@pytest.mark.parametrize("order", [*permutations([1, 3])])
def test_what_two_loads_gave_stands_until_both_are_withdrawn(order):
    loads = {day: load([figure(2, 2014, 40)], day) for day in (1, 3)}
    current = Measurement.objects.current().filter(series=a_series())
    withdraw(loads[order[0]], by=None, reason="A slip.")
    assert [row.value for row in current.all()] == [40]
    withdraw(loads[order[1]], by=None, reason="A slip.")
    assert not current.all().exists()


def test_a_withdrawn_file_may_be_loaded_again():
    load([figure(2, 2014, 40)], 1)
    bad = load([figure(2, 2014, 41), figure(3, 2015, 48)], 3)
    withdraw(bad, by=None, reason="A slip.")
    load([figure(2, 2014, 41), figure(3, 2015, 48)], 3)
    current = Measurement.objects.current().filter(series=a_series()).order_by("period_end")
    assert [row.value for row in current] == [41, 48]


def test_only_what_is_loaded_can_be_withdrawn():
    bad = load([figure(2, 2014, 41)], 3)
    withdrawal = withdraw(bad, by=None, reason="A slip.")
    for load_ in (bad, withdrawal):
        with pytest.raises(NotLoaded):
            withdraw(load_, by=None, reason="Again.")


def test_a_release_that_is_still_to_come_is_set_aside_when_it_is_withdrawn():
    """Of 2017, on a site that stands in 2016."""
    load([figure(2, 2014, 40)], 1)
    before = state()
    coming = load([figure(2, 2014, 41), figure(3, 2015, 50)], 400)
    withdrawal = withdraw(coming, by=None, reason="Too early.")
    assert state() == before
    assert (withdrawal.rows_revised, withdrawal.rows_new) == (1, 1)
    lines = withdrawal.report["revisions"]
    assert [(line["period"], line["old"], line["new"]) for line in lines] == [
        ("2013/14", "41", "40")
    ]
    assert withdrawal.report["notes"] == [
        "2 versions were set aside: no earlier day shows what this load said any more."
    ]


def test_a_back_load_that_is_withdrawn_says_that_the_figures_of_today_stay():
    load([figure(2, 2014, 40)], 5)
    back = load([figure(2, 2014, 39)], 1, is_back_load=True)
    withdrawal = withdraw(back, by=None, reason="The wrong file.")
    assert (withdrawal.rows_revised, withdrawal.rows_new) == (0, 0)
    assert withdrawal.report["only_earlier"] == 1


def lock(end="2014-12-31"):
    made = get_user_model().objects.create_user("locker")
    PeriodLock.objects.create(
        period_start="2014-01-01", period_end=end, locked_by=made, reason="Agreed."
    )


def test_a_load_with_figures_of_a_locked_period_is_withdrawn_only_with_a_reason():
    load([figure(2, 2014, 40)], 1)
    bad = load([figure(2, 2014, 41), figure(3, 2015, 48)], 3)
    lock()
    before = state()
    with pytest.raises(LockedFigures):
        withdraw(bad, by=None, reason="A slip.")
    bad.refresh_from_db()
    assert (bad.state, state()) == (Load.State.LOADED, before)
    assert count_locked(bad) == 1
    withdrawal = withdraw(bad, by=None, reason="A slip.", unlock_reason="Agreed by all.")
    assert withdrawal.unlock_reason == "Agreed by all."


def test_a_figure_that_was_replaced_since_is_not_of_a_locked_period():
    bad = load([figure(2, 2014, 41)], 3)
    load([figure(2, 2014, 42)], 4)
    lock()
    assert count_locked(bad) == 0
    assert withdraw(bad, by=None, reason="A slip.").report["not_put_back"]


def test_a_back_load_has_figures_of_a_locked_period_on_earlier_days_too():
    load([figure(2, 2014, 42)], 4)
    back = load([figure(2, 2014, 41)], 3, is_back_load=True)
    lock()
    assert count_locked(back) == 1


def test_another_series_is_not_touched():
    other = Series.objects.exclude(pk=a_series().pk).filter(measurements__isnull=False).first()
    before = versions(other)
    load_releases([9, 1])
    assert versions(other) == before
