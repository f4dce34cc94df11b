"""A wrong file stops the load with file, row, column and what to do, and nothing is loaded."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from improvement.importer.plan_files import load_plan
from improvement.models import (
    Action,
    ActionJudgement,
    Assessment,
    Bullet,
    Finding,
    ProgressUpdate,
    Statement,
)
from performance.importer.check import Checker
from performance.importer.performance_files import load_performance
from performance.importer.problems import LoadRefused
from performance.importer.read import Row
from performance.models import ComparatorGroup, Indicator, Load, Measurement, Series
from tests.conftest import FIXTURES, NATIONAL
from tests.wrong_files import change, copy_fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return copy_fixtures(tmp_path / "fixtures")


def problems(load, folder):
    with pytest.raises(LoadRefused) as refused:
        load(folder, commit=True)
    return [str(problem) for problem in refused.value.problems]


def counts():
    return [model.objects.count() for model in (Measurement, Indicator, Action, Assessment, Bullet)]


def test_loading_again_changes_nothing():
    before = counts()
    assert load_performance(FIXTURES, commit=True).new == 0
    report = load_plan(FIXTURES, commit=True)
    assert (report.new, report.revised) == (0, 0)
    assert counts() == before


@pytest.mark.parametrize(
    ("name", "column", "value", "said"),
    [
        ("figures", "value", "1.2.3", "figures.csv, row 2, column value: found “1.2.3”; a number"),
        ("figures", "value", "Infinity", "a number such as 43.6 was expected"),
        ("figures", "value", "", "either a value or a symbol was expected"),
        ("figures", "series", "audited-case.council", "did you mean “audited-cases.council”?"),
        ("figures", "area", "E0800031", "“E0800031” is not an area known here"),
        ("figures", "period_end", "31/06/2016", "a day such as 2016-10-05 was expected"),
        ("figures", "period_end", "1999-01-01", "the period ends before it starts"),
        ("figures", "flags", "maybe", "“maybe” is not a flag known here"),
        ("targets", "low", "x", "targets.csv, row 2, column low"),
        ("indicators", "polarity", "upwards", "one of these was expected: higher"),
        ("indicators", "key", "perhaps", "yes or no was expected"),
        ("indicators", "tolerance", "-1", "column tolerance: found “-1”; a distance from the"),
        ("indicators", "next_due_on", "in May", "a day such as 2016-10-05 was expected"),
        ("comparator_groups", "statistic", "mode", "one of these was expected: mean, median"),
        ("series", "threshold", "5", "only the local rule has a threshold"),
        ("series", "suppression", "local threshold", "needs the largest number that it hides"),
        ("series", "lowest", "none", "column lowest: found “none”; a number such as 43.6"),
        ("series", "highest", "-1", "the highest figure is below the lowest: mend one of the two"),
        ("series", "order", "", "series.csv, row 2, column order: a whole number was expected"),
        ("series", "comparable_with", "nothing.council", "“nothing.council” is not a series"),
    ],
)
def test_a_wrong_figure_file_is_refused_with_its_place(folder, name, column, value, said):
    change(folder, name, column, value)
    before = counts()
    assert said in "\n".join(problems(load_performance, folder))
    assert counts() == before


@pytest.mark.parametrize(
    ("name", "column", "value", "said"),
    [
        ("actions", "due", "soon", "actions.csv, row 2, column due: found “soon”; a day"),
        ("actions", "judgements", "adoptoin", "did you mean “adoption”?"),
        ("actions", "bullet", "99.99", "“99.99” is not a bullet known here"),
        ("updates", "status", "done", "one of these was expected: complete and evidenced"),
        ("updates", "completed_basis", "", "or the basis by the report's date"),
        ("updates", "status", "at risk", "updates.csv, row 2, column reason: at risk and off"),
        ("updates", "status", "complete and evidenced", "updates.csv, row 2, column impact"),
        ("frameworks", "in_force_until", "2001-01-01", "frameworks.csv, row 2, column in_force"),
        ("plans", "until", "2001-01-01", "plans.csv, row 2, column until"),
        ("themes", "number", "99999", "themes.csv, row 2, column number"),
        ("themes", "slug", "two words", "themes.csv, row 2, column slug"),
        ("themes", "slug", "workforce", "themes.csv, row 3, column slug"),
        ("judgements", "order", "2", "judgements.csv, row 3, column order"),
        ("correspondences", "other_framework", "sif-2015", "correspondences.csv, row 2"),
        ("actions", "owner_service", "x" * 121, "actions.csv, row 2, column owner_service"),
        ("actions", "due_words", "x" * 81, "actions.csv, row 2, column due_words"),
        ("updates", "completed_words", "x" * 81, "updates.csv, row 2, column completed_words"),
        ("bullets", "reference", "1.01.01.0101", "bullets.csv, row 2, column reference"),
        ("actions", "judgements", "", "actions.csv, row 2, column judgements: at least one"),
        ("actions", "due_basis", "stated", "actions.csv, row 2, column due_basis"),
        ("grades", "grade", "Excellent", "grades.csv, row 2, column grade"),
        ("grades", "published_on", "2010-01-01", "a grade is not published before"),
        ("bullets", "became", "figure", "the other columns say: action"),
        ("bullets", "theme", "12", "“12” is not a theme of a bullet known here"),
    ],
)
def test_a_wrong_plan_file_is_refused_with_its_place(folder, name, column, value, said):
    change(folder, name, column, value)
    before = counts()
    assert said in "\n".join(problems(load_plan, folder))
    assert counts() == before


def test_a_first_due_date_never_changes(folder):
    change(folder, "actions", "due", "2017-01", row=3)
    assert "never changes: record the move" in "\n".join(problems(load_plan, folder))


def test_a_plan_without_a_row_is_refused(folder):
    path = folder / "plans.csv"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    assert problems(load_plan, folder) == ["plans.csv: one row, the plan, was expected"]


def test_a_sign_that_no_text_holds_is_told_with_its_place():
    check = Checker()
    row = Row("updates.csv", 7, {"says": "Agreed\0."})
    check.storable(row, "says", None)
    assert "updates.csv, row 7, column says" in str(check.problems[0])


def test_statements_and_findings_rest_on_what_their_papers_day_rests_on():
    for model in (Statement, Finding):
        assert set(model.objects.values_list("known_from_basis", flat=True)) == {"customary"}


def test_an_action_at_risk_is_loaded_with_its_reason(folder):
    change(folder, "updates", "status", "at risk", row=3)
    change(folder, "updates", "reason", "Two posts are vacant.", row=3)
    load_plan(folder, commit=True)
    assert ProgressUpdate.objects.get(status="at_risk").reason == "Two posts are vacant."


def test_an_actions_main_judgement_may_change(folder):
    change(folder, "actions", "judgements", "care-leavers; leadership")
    load_plan(folder, commit=True)
    main = ActionJudgement.objects.get(action__reference="1.01a", is_main=True)
    assert main.judgement.slug == "care-leavers"


def test_every_problem_is_told_at_once(folder):
    change(folder, "figures", "value", "a", row=2)
    change(folder, "figures", "value", "b", row=3)
    assert len(problems(load_performance, folder)) >= 2


def test_an_empty_file_and_a_wrong_header_are_told_together(folder):
    (folder / "targets.csv").write_text("")
    text = (folder / "series.csv").read_text()
    (folder / "series.csv").write_text(text.replace("rounding", "roundings", 1))
    said = "\n".join(problems(load_performance, folder))
    assert "targets.csv: this is not a table in UTF-8 CSV" in said
    assert "series.csv, row 1, column rounding: the column is missing" in said


def test_what_is_not_in_the_folder_stands_as_it_is_on_record(folder):
    for path in folder.glob("*.csv"):
        if path.name != "figures.csv":
            path.unlink()
    before = counts()
    report = load_performance(folder, commit=True)
    assert (report.new, report.revised) == (0, 0)
    assert "what is on record stands: areas.csv, area_codes.csv" in str(report)
    assert counts() == before


@pytest.mark.parametrize("load", [load_performance, load_plan])
def test_a_folder_without_any_of_the_files_is_refused(tmp_path, load):
    assert "none of the files is in this folder" in problems(load, tmp_path)[0]


def test_a_file_whose_name_is_nearly_right_is_refused(folder):
    (folder / "targets.csv").rename(folder / "Target.csv")
    assert problems(load_performance, folder) == [
        "Target.csv: no file of that name is read: did you mean targets.csv?"
    ]


def test_the_frameworks_are_loaded_without_a_plan():
    report = load_plan(NATIONAL, commit=True)
    assert (report.new, report.revised) == (0, 0)
    assert report.read > 0


def test_what_the_rules_ask_of_an_indicator_and_a_series_is_loaded(folder):
    change(folder, "indicators", "tolerance", "2.5")
    change(folder, "series", "suppression", "local threshold")
    change(folder, "series", "threshold", "5")
    change(folder, "comparator_groups", "statistic", "mean")
    load_performance(folder, commit=True)
    series = Series.objects.get(code="audited-cases.council")
    assert (series.suppression, series.threshold, series.order) == ("local_threshold", 5, 10)
    assert series.indicator.tolerance == Decimal("2.5")
    assert ComparatorGroup.objects.get(slug="statistical-neighbours-2021").statistic == "mean"
    assert Series.objects.get(code="re-referrals.dfe").next_published_on == date(2026, 10, 1)
    assert Indicator.objects.get(code="re-referrals").good_looks_like.startswith("Low")


def test_a_revised_figure_closes_the_one_that_it_replaces(folder):
    old = Measurement.objects.get(series__code="looked-after-number.council", value=638)
    with (folder / "figures.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    number = next(
        place for place, row in enumerate(rows, start=2)
        if row["series"] == "looked-after-number.council" and row["value"] == "638"
    )  # fmt: skip
    change(folder, "figures", "value", "640", row=number)
    change(folder, "figures", "known_from", "2017-01-10", row=number)
    with pytest.raises(LoadRefused) as refused:
        load_performance(folder, commit=True)
    assert '--reason "Three late returns."' in str(refused.value.problems[0])
    report = load_performance(folder, commit=True, reason="Two late returns.")
    assert report.revised == 1
    old.refresh_from_db()
    assert old.value == 638
    assert old.known_until is not None
    new = Measurement.objects.current().get(series=old.series, period_end=old.period_end)
    assert new.value == 640
    assert new.load == Load.objects.latest("id")
    assert new.load.reason == "Two late returns."


def test_the_command_keeps_nothing_without_commit(folder, capsys):
    change(folder, "figures", "known_from", "2017-01-10")
    change(folder, "figures", "value", "21")
    before = counts()
    call_command("load_performance", str(folder))
    assert "Nothing was kept" in capsys.readouterr().out
    assert counts() == before


def test_the_command_exits_with_the_problems(folder, capsys):
    change(folder, "figures", "value", "x")
    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("load_performance", str(folder), commit=True)
    assert "figures.csv, row 2, column value" in capsys.readouterr().err
