"""A wrong map or file is refused with its place; loading the published files again says nothing."""

import csv
import lzma
import shutil
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from performance.importer.check import start_of_day
from performance.importer.performance_files import load_performance
from performance.importer.problems import LoadRefused
from performance.importer.published_files import load_published_files
from performance.importer.withdrawal import withdraw
from performance.models import Load, Measurement, PeriodLock
from tests.conftest import NATIONAL
from tests.performance.load_factories import person

pytestmark = pytest.mark.django_db

C1 = "c1_children_in_need_referrals_and_rereferrals_2013_to_2025"


def keep_only(folder, name, files):
    """Leaves in the table the rows of these published files."""
    path = folder / f"{name}.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row for row in rows if row["file"] in files)


@pytest.fixture
def folder(tmp_path):
    """Two of the published files, so that a test of what is wrong with one takes little time."""
    copy = tmp_path / "fixtures"
    shutil.copytree(NATIONAL, copy)
    for name in ("dfe_files", "dfe_maps"):
        keep_only(copy, name, {f"{C1}.csv", "ks2_la.csv"})
    return copy


def change(folder, name, column, value, series):
    path = folder / f"{name}.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    number = next(place for place, row in enumerate(rows) if series in (row.get("series"), "any"))
    rows[number][column] = value
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return number + 2


def problems(folder):
    with pytest.raises(LoadRefused) as refused:
        load_published_files(folder, commit=True)
    return [str(problem) for problem in refused.value.problems]


def counts():
    return Measurement.objects.count(), Load.objects.count()


@pytest.mark.slow
def test_loading_again_changes_nothing():
    before = counts()
    reports = load_published_files(NATIONAL, commit=True)
    assert sum(report.new + report.revised for report in reports.values()) == 0
    assert sum(report.unchanged for report in reports.values()) > 50_000
    load_performance(NATIONAL, commit=True)
    assert counts() == before


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("series", "re-referral.dfe", "did you mean “re-referrals.dfe”?"),
        ("value", "rereferral_percentage", "the column is missing"),
        ("filters", "category", "column=value was expected"),
        ("filters", "category=Nothing", "no row of the file matches"),
        ("period", "calendar year", "is not a kind of period known here"),
        ("years", "2013 to 2025", "a year such as 2016"),
        ("year_form", "202425", "a year written as 202425 was expected"),
        ("dataset", "children", "does not say when 2025 was first published"),
        ("symbols", "statistical first release", "found “c”; a number or one of"),
    ],
)
def test_a_wrong_map_is_refused_and_nothing_is_loaded(folder, column, value, said):
    before = counts()
    change(folder, "dfe_maps", column, value, "re-referrals.dfe")
    found = "\n".join(problems(folder))
    assert said in found
    assert counts() == before


def with_cell(folder, name, old, new):
    """Writes the file again with one of its texts changed."""
    path = folder / "dfe" / f"{name}.csv.xz"
    text = lzma.decompress(path.read_bytes()).decode("utf-8-sig")
    assert text.count(old) == 1
    path.write_bytes(lzma.compress(text.replace(old, new).encode()))


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (",336,E08000031,Wolverhampton,Referrals and Re-referrals,4451,925,n/a,",
         f"{C1}.csv, row 87, column rereferral_percent: found “n/a”; a number or one of"),
        (",337,E08000031,Wolverhampton,Referrals and Re-referrals,4451,925,20.8,",
         f"{C1}.csv, row 87, column area: found “337”; no such area is known here"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_file_row_and_column(folder, new, said):
    before = counts()
    old = ",336,E08000031,Wolverhampton,Referrals and Re-referrals,4451,925,20.8,"
    with_cell(folder, C1, old, new)
    assert said in "\n".join(problems(folder))
    assert counts() == before


def test_a_changed_figure_of_the_same_day_is_refused(folder):
    old = ",336,E08000031,Wolverhampton,Referrals and Re-referrals,4451,925,20.8,"
    with_cell(folder, C1, old, old.replace("20.8", "20.9"))
    (said,) = problems(folder)
    assert said == (
        f"{C1}.csv, row 87, column rereferral_percent: found “20.9”; 20.8 is on record from the "
        "same day: a later day, or the withdrawal of that load, is needed to change it"
    )


def test_a_missing_file_is_told(folder):
    (folder / "dfe" / "ks2_la.csv.xz").unlink()
    assert problems(folder) == [
        "ks2_la.csv: the file is missing: put it, or its .xz, in the folder"
    ]


def test_a_file_may_be_given_as_it_was_published(folder):
    path = folder / "dfe" / "ks2_la.csv.xz"
    path.with_suffix("").write_bytes(lzma.decompress(path.read_bytes()))
    path.unlink()
    assert load_published_files(folder, commit=True)["ks2_la.csv"].new == 0


def test_the_command_keeps_nothing_without_commit(folder, capsys):
    Measurement.objects.filter(series__code="key-stage-2.dfe").delete()
    before = counts()
    call_command("load_published_files", str(folder))
    said = capsys.readouterr().out
    assert "ks2_la.csv: 1148 rows read: 1148 new, 0 unchanged, 0 revised." in said
    assert "Nothing was kept" in said
    assert counts() == before


def test_the_command_exits_with_the_problems(folder, capsys):
    change(folder, "dfe_maps", "series", "re-referral.dfe", "re-referrals.dfe")
    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("load_published_files", str(folder), commit=True)
    assert "dfe_maps.csv, row" in capsys.readouterr().err


RE_REFERRALS = {"series__code": "re-referrals.dfe"}


def forget(**which):
    """Takes these series off the record, so that the file brings them anew."""
    Measurement.objects.filter(**which).delete()


def on_record_before(value="10"):
    """Forgets the figures of re-referrals but one, of 2024/25, that was known before the file."""
    kept = Measurement.objects.get(
        **RE_REFERRALS, area__code="336", period_end=date(2025, 3, 31), known_until=None
    )
    forget(**RE_REFERRALS)
    kept.pk, kept.load, kept.value, kept.repeated_by = None, None, Decimal(value), []
    kept.known_from = start_of_day(date(2025, 6, 1))
    kept.save(force_insert=True)


def lock_2025():
    PeriodLock.objects.create(
        period_start=date(2024, 4, 1), period_end=date(2025, 3, 31), reason="The panel has them.",
        locked_by=person(),
    )  # fmt: skip


def run(folder, **given):
    call_command("load_published_files", str(folder), **given)


def test_figures_of_a_locked_period_are_refused_and_the_command_says_how_to_go_on(folder, capsys):
    forget(**RE_REFERRALS)
    lock_2025()
    before = counts()
    with pytest.raises(CommandError, match="--unlock-reason"):
        run(folder, commit=True)
    said = capsys.readouterr().err
    assert "1 figure of a locked period would change, the first for Re-referrals" in said
    assert "someone who may unlock a period must load it, with a reason" in said
    assert counts() == before
    run(folder)
    assert "Of those that change, 1 of a locked period." in capsys.readouterr().out
    run(folder, commit=True, unlock_reason="Agreed with the panel.")
    assert Load.objects.latest("id").unlock_reason == "Agreed with the panel."


def test_a_lock_is_no_matter_to_files_that_change_nothing(folder):
    lock_2025()
    before = counts()
    load_published_files(folder, commit=True)
    assert counts() == before


def test_figures_on_record_are_revised_with_a_reason_alone(folder, capsys):
    on_record_before()
    before = counts()
    with pytest.raises(CommandError):
        run(folder, commit=True)
    assert "1 figure is revised, and members read why" in capsys.readouterr().err
    assert counts() == before
    run(folder)
    assert "--reason to say why figures are revised" in capsys.readouterr().out
    run(folder, commit=True, reason="DfE counted again.")
    assert Load.objects.latest("id").reason == "DfE counted again."


def test_a_release_that_restates_one_of_the_same_run_speaks_for_itself(tmp_path):
    """As at the first run: the files of 2024, and then those of 2025."""
    copy = tmp_path / "fixtures"
    shutil.copytree(NATIONAL, copy)
    files = {f"csww_indicators_2017_to_{year}.csv" for year in (2024, 2025)}
    for name in ("dfe_files", "dfe_maps"):
        keep_only(copy, name, files)
    forget(load__file_name__in=files)
    Load.objects.filter(file_name__in=files).delete()
    reports = load_published_files(copy, commit=True)
    assert reports["csww_indicators_2017_to_2025.csv"].revised > 0
    assert set(Load.objects.filter(file_name__in=files).values_list("reason", flat=True)) == {""}


def test_a_file_whose_load_was_withdrawn_is_left_out_and_said(folder, capsys):
    load = Load.objects.get(file_name="ks2_la.csv")
    withdraw(load, by=person(), reason="A wrong file.")
    day = timezone.localdate()
    before = counts()
    run(folder, commit=True)
    assert (
        f"ks2_la.csv: left out: load {load.pk} of it was withdrawn on {day:%-d %B %Y} by "
        "data-admin. To load it again, give the file itself to load_performance"
    ) in capsys.readouterr().out
    assert counts() == before
    assert not Measurement.objects.current().filter(load=load).exists()
