"""A folder's figures keep to what a file's figures keep to: bounds, days, periods and locks."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from performance.importer.loading import LockedPeriods
from performance.importer.performance_files import load_performance
from performance.importer.problems import LoadRefused
from performance.importer.withdrawal import withdraw
from performance.models import Load, Measurement, PeriodLock, Series
from tests.conftest import FIXTURES
from tests.performance.importer.test_loading import load, quarter
from tests.performance.importer.test_published_files import counts
from tests.performance.load_factories import person
from tests.wrong_files import change, copy_fixtures

pytestmark = pytest.mark.django_db

# 778 children on 31 March 2015, and 638 on 8 August 2016, by the panel's paper.
FIRST, LATER = 13, 14
BUDGET = "children-budget.council"


@pytest.fixture
def folder(tmp_path):
    return copy_fixtures(tmp_path / "fixtures")


@pytest.fixture
def locked():
    return PeriodLock.objects.create(
        period_start=date(2016, 8, 1), period_end=date(2016, 8, 31), reason="The panel has them.",
        locked_by=person(),
    )  # fmt: skip


def revise(folder, row=LATER, value="640", known_from="2016-09-30"):
    change(folder, "figures", "value", value, row)
    change(folder, "figures", "known_from", known_from, row)


def holds_the_lock():
    """Whether this test's transaction has the lock of all loads: it keeps it to its end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        return cursor.fetchone()[0] == 1


def test_a_folder_waits_for_any_other_load(folder):
    assert not holds_the_lock()
    load_performance(folder, commit=True)
    assert holds_the_lock()


def test_a_folder_that_is_given_again_after_its_withdrawal_is_known_from_then(folder, settings):
    settings.POSITION_DATE = None
    load_performance(folder, commit=True)
    revise(folder)
    load_performance(folder, commit=True, reason="Counted again.")
    load = Load.objects.filter(format=Load.Format.FOLDER).latest("pk")
    row = Measurement.objects.get(load=load)
    key = {name: getattr(row, name) for name in ("series", "area", "period_start", "period_end")}
    Measurement.objects.filter(**key).exclude(pk=row.pk).delete()
    withdrawn = withdraw(load, by=None, reason="A slip.")
    assert not Measurement.objects.current().filter(**key).exists()
    for given in ("new", "unchanged"):
        report = load_performance(folder, commit=True)
        assert (report.new, report.revised) == ((1, 0) if given == "new" else (0, 0))
        first, again = Measurement.objects.filter(**key).order_by("known_from")
        assert (first.known_until, again.known_from) == (withdrawn.released_at,) * 2
        assert again.known_until is None


def problems(folder):
    with pytest.raises(LoadRefused) as refused:
        load_performance(folder, commit=True, reason="Counted again.")
    return [str(problem) for problem in refused.value.problems]


def test_what_is_wrong_with_a_figure_is_told_with_its_row_and_column(folder):
    before = counts()
    revise(folder, FIRST, "-3")
    revise(folder, LATER, "640.5")
    title = "figures.csv, row {}, column value: found “{}”; Looked after children: {}".format
    assert problems(folder) == [
        title(FIRST, "-3", "a figure not below 0 was expected"),
        title(LATER, "640.5", "part of a child? A whole number was expected: is 640 or 641 meant?"),
    ]
    assert counts() == before


def test_a_figure_is_not_known_from_a_day_still_to_come(folder):
    revise(folder, known_from="2036-09-30")
    [said] = problems(folder)
    assert said.startswith(
        f"figures.csv, row {LATER}, column known_from: found “2036-09-30”; this day has not come"
    )


def test_a_site_that_stands_on_a_day_takes_later_releases(folder, settings):
    settings.POSITION_DATE = date(2016, 9, 28)
    revise(folder, known_from="2016-09-30")
    assert load_performance(folder, commit=True, reason="Counted again.").revised == 1


def test_a_figure_older_than_what_gave_again_what_stands_is_refused(folder):
    """638 stands from 27 September, and a load of 5 October gives it again."""
    again = load(quarter(638))
    revise(folder)
    [said] = problems(folder)
    assert said.startswith(f"figures.csv, row {LATER}, column known_from: found “2016-09-30”;")
    assert said.endswith(
        "what is on record was last given on 2016-10-05: a version known from that day or before "
        "does not replace it"
    )
    [row] = Measurement.objects.filter(repeated_by__contains=[again.pk])
    assert (row.value, row.known_until) == (638, None)
    withdraw(again, by=None, reason="A slip.")
    assert load_performance(folder, commit=True, reason="Counted again.").revised == 1


def test_a_figure_older_than_the_release_of_what_stands_is_refused(folder):
    """What a release was first to bring is known from before its own day."""
    release = load(quarter(640), reason="Late returns.")
    row = Measurement.objects.get(load=release)
    Measurement.objects.filter(pk=row.pk).update(known_from=row.known_from - timedelta(days=3))
    revise(folder, value="641", known_from="2016-10-03")
    assert "was last given on 2016-10-05" in problems(folder)[0]


def test_a_period_that_was_not_over_is_told(folder):
    for column, value in (("period_start", "2016-10-31"), ("period_end", "2016-10-31"),
                          ("period_label", "31 October 2016")):  # fmt: skip
        change(folder, "figures", column, value, LATER)
    [said] = problems(folder)
    assert said.startswith(
        f"figures.csv, row {LATER}, column period_end: found “31 October 2016”; Looked after "
        "children: the period ends on 31 October 2016 and was not over on 27 September 2016"
    )


def test_what_is_decided_ahead_comes_on_record_where_its_note_says_so(folder):
    Measurement.objects.filter(series__code=BUDGET).delete()
    assert load_performance(folder, commit=True).new == 1
    Measurement.objects.filter(series__code=BUDGET).delete()
    lines = (folder / "figures.csv").read_text().splitlines()
    [row] = [place for place, line in enumerate(lines, start=1) if line.startswith(BUDGET)]
    change(folder, "figures", "note", "", row)
    assert "say" in problems(folder)[0]
    assert "so in its note" in problems(folder)[0]


def test_a_percentage_that_its_parts_do_not_make_is_told(folder):
    percentage = next(
        one for one in Series.objects.select_related("indicator").order_by("code")
        if one.indicator.unit == "%" and not one.lowest and one.code.endswith(".council")
    )  # fmt: skip
    for column, value in (("series", percentage.code), ("numerator", "1"), ("denominator", "2"),
                          ("value", "40")):  # fmt: skip
        change(folder, "figures", column, value, LATER)
    assert "1 out of 2 is 50" in problems(folder)[0]


@pytest.mark.usefixtures("locked")
def test_a_locked_figure_is_refused_with_the_files_own_sentence(folder, capsys):
    revise(folder)
    before = counts()
    with pytest.raises(LockedPeriods) as refused:
        load_performance(folder, commit=True, reason="Counted again.")
    assert [str(each) for each in refused.value.problems] == [
        f"figures.csv, row {LATER}: 1 figure of a locked period would change, the first for Looked "
        "after children, 8 August 2016: someone who may unlock a period must load it, with a reason"
    ]
    with pytest.raises(CommandError, match="--unlock-reason"):
        call_command("load_performance", str(folder), commit=True, reason="Counted again.")
    assert counts() == before
    capsys.readouterr()
    call_command("load_performance", str(folder))
    said = capsys.readouterr().out
    assert "Of those that change, 1 of a locked period." in said
    assert "--unlock-reason to say why a locked period is changed" in said


@pytest.mark.usefixtures("locked")
def test_a_locked_figure_changes_with_a_reason_which_is_kept(folder):
    revise(folder)
    given = {"commit": True, "reason": "Counted again.", "unlock_reason": "Agreed."}
    call_command("load_performance", str(folder), **given)
    assert Load.objects.latest("id").unlock_reason == "Agreed."


@pytest.mark.usefixtures("locked")
def test_figures_that_do_not_change_are_not_locked(folder):
    revise(folder, FIRST, "779")
    given = {"reason": "Counted again.", "unlock_reason": "Not needed."}
    assert load_performance(FIXTURES, commit=True).new == 0
    assert load_performance(folder, commit=True, **given).revised == 1
    assert Load.objects.latest("id").unlock_reason == ""
