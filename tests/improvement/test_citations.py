"""A line of the paper cites a fact by its key, and shows the version known on the day."""

import csv
import shutil

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext

from dashboard.presenters.indicator import make_in_the_plan
from dashboard.presenters.plan import make_bullet_lines
from improvement.importer.plan_files import load_plan
from improvement.models import Assessment, BulletOutcome, Finding, Theme
from performance.importer.performance_files import load_performance
from performance.importer.problems import LoadRefused
from performance.models import Area, Measurement
from performance.presenters.readings import make_readings
from tests.conftest import FIXTURES, position_on
from tests.performance.made_up_figures import at_noon, make_load

pytestmark = pytest.mark.django_db

LOOKED_AFTER = "looked-after-number.council"


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "fixtures"
    shutil.copytree(FIXTURES, copy)
    return copy


def edit(folder, name, matches, **cells):
    """Writes `cells` into the one row of the file whose cells match; says its number."""
    path = folder / f"{name}.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    places = [at for at, row in enumerate(rows) if matches.items() <= row.items()]
    assert len(places) == 1
    rows[places[0]] |= cells
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return places[0] + 2


def correct_638(folder):
    edit(folder, "figures", {"series": LOOKED_AFTER, "value": "638"}, value="640",
         known_from="2017-01-10")  # fmt: skip
    load_performance(folder, commit=True, reason="Counted again.")


def said_by_line(reference, position):
    theme = Theme.objects.get(bullets__reference=reference)
    line = next(line for line in make_bullet_lines(theme, position) if line.reference == reference)
    return [outcome.text for outcome in line.outcomes if LOOKED_AFTER_TITLE in outcome.text]


LOOKED_AFTER_TITLE = "Looked after children:"


@pytest.mark.parametrize("loaded_again", [False, True])
def test_a_line_shows_the_version_that_was_known_on_the_day(folder, loaded_again):
    correct_638(folder)
    if loaded_again:
        assert load_plan(folder, commit=True).new == 0
    before = "".join(said_by_line("5.04", position_on(2016, 10, 5)))
    after = "".join(said_by_line("5.04", position_on(2017, 2, 1)))
    assert "638" in before
    assert "640" not in before
    assert "640" in after
    assert "638" not in after


def test_a_corrected_figure_still_leads_back_to_its_line(folder):
    correct_638(folder)
    position = position_on(2017, 2, 1)
    new = Measurement.objects.current().get(series__code=LOOKED_AFTER, value=640)
    indicator = new.series.indicator
    readings = make_readings([indicator], "336", position)[0]
    cited = make_in_the_plan(indicator, readings, position).cited
    (line,) = [line for line in cited if line.anchor == f"figure-{new.pk}"]
    assert line.text == "640 children, 8 August 2016 (as it stands now: it was restated)"
    assert [link.reference for link in line.links] == ["5.04"]


def test_a_figure_that_came_back_says_that_another_was_withdrawn(folder):
    mine = Measurement.objects.current().get(series__code=LOOKED_AFTER, value=638)
    for value, form, state, day in (
        (640, "own", "withdrawn", "2016-12-01"),
        (638, "withdrawal", "loaded", "2017-01-10"),
    ):
        Measurement.objects.filter(pk=mine.pk).update(known_until=at_noon(day))
        load = make_load("The wrong month", form, state=state)
        mine = Measurement.objects.create(
            series=mine.series, area=mine.area, period_start=mine.period_start,
            period_end=mine.period_end, period_label=mine.period_label, value=value, load=load,
            known_from=at_noon(day), known_from_basis="stated",
        )  # fmt: skip
    position = position_on(2017, 2, 1)
    readings = make_readings([mine.series.indicator], "336", position)[0]
    cited = make_in_the_plan(mine.series.indicator, readings, position).cited
    (line,) = [line for line in cited if line.anchor == f"figure-{mine.pk}"]
    assert line.text == (
        "638 children, 8 August 2016 (as it stands now: another figure was withdrawn)"
    )


def test_another_councils_figure_is_never_cited(folder):
    mine = Measurement.objects.get(series__code=LOOKED_AFTER, value=638)
    Measurement.objects.create(
        series=mine.series, area=Area.objects.get(code="330"), period_start=mine.period_start,
        period_end=mine.period_end, period_label=mine.period_label, value=1700,
        known_from=mine.known_from, known_from_basis="stated",
    )  # fmt: skip
    load_plan(folder, commit=True)
    assert not BulletOutcome.objects.exclude(area__code="336").filter(area__isnull=False).exists()


def test_only_the_figures_that_the_file_names_are_fetched(folder):
    with CaptureQueriesContext(connection) as captured:
        load_plan(folder, commit=False)
    read = [
        query["sql"] for query in captured
        if query["sql"].startswith("SELECT") and 'FROM "performance_measurement"' in query["sql"]
    ]  # fmt: skip
    assert len(read) == 1
    assert '"code" IN (' in read[0]


def test_two_periods_that_end_on_one_day_must_be_told_apart(folder):
    mine = Measurement.objects.get(series__code=LOOKED_AFTER, value=638)
    Measurement.objects.create(
        series=mine.series, area=mine.area, period_start="2016-04-01", period_end=mine.period_end,
        period_label="the year so far", value=700, known_from=mine.known_from,
        known_from_basis="stated",
    )  # fmt: skip
    with pytest.raises(LoadRefused) as refused:
        load_plan(folder, commit=True)
    assert "write series@first day/last day" in str(refused.value.problems[0])


def test_a_grade_with_findings_can_be_revised(folder):
    graded = {"judgement": "care-leavers", "maker": "self_assessment"}
    edit(folder, "grades", graded, grade="inadequate", published_on="2016-12-01")
    load_plan(folder, commit=True)
    graded = {"judgement__slug": "care-leavers", "maker": "self_assessment"}
    assert Assessment.objects.filter(**graded).count() == 2
    assert Finding.objects.filter(judgement__slug="care-leavers").count() == 3
    assert not Finding.objects.filter(known_until__isnull=False).exists()


def migrate(name):
    MigrationExecutor(connection).migrate([("improvement", name)])


def keys():
    fields = "kind action series area period_start period_end reference".split()
    return set(BulletOutcome.objects.values_list("bullet", *fields))


@pytest.mark.slow
def test_the_migration_carries_citations_there_and_back():
    with connection.cursor() as cursor:
        # Within one test's transaction, tables change only when no check is outstanding.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    before = keys()
    findings = set(Finding.objects.values_list("reference", "judgement", "maker", "position_on"))
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes("improvement")[0][1]
    migrate("0001_plan_and_judgements")
    old = MigrationExecutor(connection).loader.project_state(
        ("improvement", "0001_plan_and_judgements")
    ).apps.get_model("improvement", "BulletOutcome")  # fmt: skip
    assert old.objects.filter(measurement__series__code=LOOKED_AFTER, measurement__value=638)
    migrate(latest)
    assert keys() == before
    assert findings == set(
        Finding.objects.values_list("reference", "judgement", "maker", "position_on")
    )
