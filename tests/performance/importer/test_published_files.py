"""A wrong map or file is refused with its place; loading the published files again says nothing."""

import csv
import lzma
import shutil

import pytest
from django.core.management import CommandError, call_command

from performance.importer.performance_files import load_performance
from performance.importer.problems import LoadRefused
from performance.importer.published_files import load_published_files
from performance.models import Load, Measurement
from tests.conftest import NATIONAL

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
