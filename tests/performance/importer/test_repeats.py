"""Loads made before it was kept what a file gives again: what they do not allow, and the mend."""

import csv
import shutil
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from performance.importer.problems import LoadRefused
from performance.importer.published_files import load_published_files
from performance.importer.repeats import say_loads
from performance.importer.withdrawal import RepeatsNotKept, withdraw
from performance.models import Load, Measurement
from tests.conftest import NATIONAL
from tests.performance.importer.releases import a_series, figure, load, released, sayers, versions
from tests.performance.load_factories import LOADS

pytestmark = pytest.mark.django_db

C1 = "c1_children_in_need_referrals_and_rereferrals_2013_to_{}.csv".format


def forget_repeats(*loads):
    """As a database holds them that was upgraded: loaded before the column was there."""
    Load.objects.filter(pk__in=[one.pk for one in loads]).update(repeats_are_kept=False)
    Measurement.objects.filter(series=a_series()).update(repeated_by=[])


def load_value(value, day, **given):
    return load([figure(2, 2015, value)], day, **given)


@pytest.fixture
def old():
    """Two releases that say 41, before the upgrade, of a figure that said 40."""
    Measurement.objects.filter(series=a_series()).delete()
    load_value(40, -9)
    found = load_value(41, -8), load_value(41, -6)
    forget_repeats(*found)
    return found


def refusal_of(value, day, **given):
    with pytest.raises(LoadRefused) as refused:
        load_value(value, day, **given)
    return [str(one) for one in refused.value.problems]


def current():
    return int(Measurement.objects.current().get(series=a_series()).value)


def test_a_load_before_one_whose_repeats_were_not_kept_is_not_withdrawn(old):
    with pytest.raises(RepeatsNotKept) as refused:
        withdraw(old[0], by=None, reason="A slip.")
    assert refused.value.args == ([old[1].pk],)
    assert current() == 41
    assert not Load.objects.filter(withdraws=old[0]).exists()


def test_the_last_of_them_is_withdrawn_as_ever(old):
    withdraw(old[1], by=None, reason="A slip.")
    assert current() == 41
    withdraw(old[0], by=None, reason="A slip.")
    assert current() == 40


def test_a_load_after_them_is_withdrawn_as_ever(old):
    withdraw(load_value(43, -4), by=None, reason="A slip.")
    assert current() == 41


def test_a_folder_of_figures_that_no_published_file_has_is_withdrawn_as_ever():
    Measurement.objects.filter(series=a_series()).delete()
    folder = load_value(40, -9)
    Load.objects.filter(pk=folder.pk).update(format=Load.Format.FOLDER)
    forget_repeats(load([figure(2, 2015, 41, series=a_series("re-referrals.dfe"))], 3480))
    withdraw(folder, by=None, reason="A slip.")
    assert not Measurement.objects.current().filter(series=a_series()).exists()


@pytest.mark.parametrize("day", [-7, -6])
def test_an_earlier_release_does_not_change_what_a_later_one_may_have_given_again(old, day):
    before = versions()
    [said] = refusal_of(42, day, is_back_load=True)
    assert said == (
        "release.csv: 1 figure would change that a later release may have given again: that was "
        f"not kept when load {old[1].pk} was made. Have its file read again first, by “manage.py "
        "load_published_files FOLDER --commit”: the guide to running the dashboard says how, under "
        "“After an upgrade”"
    )
    assert versions() == before


def test_a_later_release_and_one_that_changes_nothing_are_loaded_as_ever(old):
    load_value(41, -7)
    load_value(43, -5)
    load([figure(2, 2016, 50)], -7)
    assert [value for _, value, *_ in versions()] == [f"{n}.000000" for n in (40, 41, 43, 50)]
    assert sayers()["2014/15", released(-8)] == ["day--7.csv", "day--8.csv"]


def test_the_withdrawal_s_page_says_what_to_do(sign_in, old):
    admin = sign_in("data-admin")
    where = f"{LOADS}{old[0].pk}/withdraw/"
    for response in (admin.get(where), admin.post(where, {"reason": "A slip."})):
        body = response.content.decode()
        assert "This load cannot be withdrawn yet." in body
        assert f"when load {old[1].pk} was made" in body
        assert '<button class="button">Withdraw' not in body
    assert current() == 41


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([7], "load 7"),
        ([7, 8, 9], "loads 7, 8 and 9"),
        (range(11, 27), "16 loads (the first is 11, the last 26)"),
    ],
)
def test_loads_are_named_where_they_are_few(numbers, said):
    assert say_loads(numbers) == said


@pytest.fixture
def folder(tmp_path):
    """Both releases of one data set, as they were loaded before the upgrade."""
    copy = tmp_path / "fixtures"
    shutil.copytree(NATIONAL, copy)
    keep_only(copy, C1(2024), C1(2025))
    return copy


def keep_only(folder, *files):
    for name in ("dfe_files", "dfe_maps"):
        path = folder / f"{name}.csv"
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(row for row in rows if row["file"] in files)


def record():
    rows = Measurement.objects.filter(load__file_name__startswith="c1_").order_by("id")
    return list(rows.values_list("id", "value", "known_from", "known_until", "load", "repeated_by"))


def upgrade(*names):
    loads = Load.objects.filter(file_name__in=names)
    loads.update(repeats_are_kept=False)
    Measurement.objects.filter(load__file_name__startswith="c1_").update(repeated_by=[])
    return {one.file_name: one for one in loads}


def test_reading_the_files_again_puts_on_record_what_a_database_made_afresh_has(folder):
    before, count = record(), Load.objects.count()
    assert sum(bool(row[-1]) for row in before) > 1000
    upgrade(C1(2024), C1(2025))
    assert record() != before
    reports = load_published_files(folder, commit=True)
    assert record() == before
    assert Load.objects.count() == count
    assert not Load.objects.filter(repeats_are_kept=False).exists()
    again = sum(bool(row[-1]) for row in before)
    assert f"Now on record: {again} figures that it gave again" in str(reports[C1(2025)])
    assert "Now on record" not in str(load_published_files(folder, commit=True)[C1(2025)])


def test_reading_them_again_lets_a_load_be_withdrawn(folder):
    first = upgrade(C1(2024), C1(2025))[C1(2024)]
    with pytest.raises(RepeatsNotKept):
        withdraw(first, by=None, reason="A slip.")
    load_published_files(folder, commit=False)
    with pytest.raises(RepeatsNotKept):
        withdraw(first, by=None, reason="A slip.")
    load_published_files(folder, commit=True)
    current = Measurement.objects.current().filter(series__code="re-referrals.dfe")
    held = set(current.values_list("area", "period_end", "value"))
    done = withdraw(first, by=None, reason="A slip.")
    assert done.report["unchanged"] > 1000
    assert set(current.values_list("area", "period_end", "value")) == held


def test_an_earlier_release_is_refused_by_the_command_where_the_later_file_is_gone(folder, capsys):
    upgrade(C1(2025))
    Measurement.objects.filter(load__file_name=C1(2024)).update(value=1, symbol="")
    keep_only(folder, C1(2024))
    Load.objects.filter(file_name=C1(2024)).update(released_at="2023-01-01T00:00:00Z")
    before = record()
    with pytest.raises(CommandError):
        call_command("load_published_files", str(folder), commit=True)
    assert "that a later release may have given again" in capsys.readouterr().err
    assert record() == before


def test_a_database_made_afresh_is_as_it_was():
    assert not Load.objects.filter(repeats_are_kept=False).exists()
    for one in Load.objects.filter(file_name__in=[C1(2024), C1(2025)]):
        withdraw(one, by=None, reason="A slip.")


def test_the_migration_marks_the_published_files_of_before_and_no_other_load():
    since = MigrationRecorder.Migration.objects.get(
        app="performance", name="0009_loads_are_screened"
    ).applied
    published = list(Load.objects.filter(format="published").order_by("id"))
    others = Load.objects.exclude(format="published")
    assert others.exists()
    long_ago = since.replace(year=since.year - 1)
    Load.objects.exclude(pk=published[0].pk).update(loaded_at=long_ago)
    migration = import_module("performance.migrations.0012_loads_before_repeats_were_kept")
    with connection.schema_editor() as editor:
        migration.mark_loads_before(apps, editor)
    marked = set(Load.objects.filter(repeats_are_kept=False).values_list("pk", flat=True))
    assert marked == {one.pk for one in published[1:]}
