"""The lines of a load's report: old and new, and what differs where the value is the same."""

from datetime import date

import pytest

from performance.importer.incoming import Source
from performance.importer.loading import Options, confirm, screen
from performance.importer.screening_report import ScreeningReport
from performance.importer.withdrawal import withdraw
from performance.models import Measurement
from tests.performance.importer.test_loading import (
    ON,
    WHY,
    give,
    load,
    lock,
    quarter,
    run,
)
from tests.performance.load_factories import person

pytestmark = pytest.mark.django_db

NOTE = "note “5.04.” → “Counted in March.”"


@pytest.fixture
def locked():
    lock(date(2016, 8, 1), date(2016, 8, 31))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "quarter.csv"


def lines_of(load):
    report = ScreeningReport.from_json(load.report)
    return [one.beside for one in report.locked]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"value": 640}, "638 on record, 640 in the file"),
        ({"value": 638, "note": "Counted in March."}, f"638 as on record: {NOTE}"),
        ({"value": 638, "flags": "provisional"}, "638 as on record: now provisional"),
        ({"value": 650, "period": "9 August 2016"}, "nothing on record, 650 in the file"),
    ],
)
@pytest.mark.usefixtures("locked")
def test_a_locked_figure_says_what_would_change(columns, said):
    assert lines_of(give(quarter(**columns))) == [said]


@pytest.mark.usefixtures("locked")
def test_a_locked_figure_that_would_be_known_sooner_says_so():
    options = Options(is_back_load=True, released_on=date(2016, 9, 1))
    given = screen(Source("q.csv", quarter(638)), by=person(), options=options)
    assert lines_of(given) == ["638 as on record: known from 1 September 2016 already"]


@pytest.mark.usefixtures("locked")
def test_a_locked_figure_that_an_earlier_release_leaves_as_it_is_does_not_change():
    """638 stood from 27 September to 5 October, and is given again for a day between."""
    load(quarter(640), reason="Late returns.", unlock_reason="Agreed.", may_unlock=True)
    options = Options(is_back_load=True, released_on=date(2016, 9, 30))
    given = screen(Source("q.csv", quarter(638)), by=person(), options=options)
    report = ScreeningReport.from_json(given.report)
    assert (report.unchanged, report.locked, report.locked_total) == (1, [], 0)
    [of_series] = report.by_series
    assert (of_series.new, of_series.revised, of_series.unchanged) == (0, 0, 1)
    done = confirm(given, by=person())
    [row] = Measurement.objects.filter(repeated_by__contains=[done.pk])
    assert (row.value, row.known_until is None) == (638, False)


def test_what_an_earlier_release_changes_is_counted_with_its_series():
    options = Options(is_back_load=True, released_on=date(2016, 9, 1))
    given = screen(Source("q.csv", quarter(640)), by=person(), options=options)
    [of_series] = ScreeningReport.from_json(given.report).by_series
    assert (of_series.new, of_series.revised, of_series.unchanged) == (0, 1, 0)


@pytest.mark.usefixtures("locked")
def test_the_page_and_the_command_say_what_changes_of_a_locked_figure(sign_in, path, capsys):
    content = quarter(638, note="Counted in March.")
    waiting = give(content)
    body = sign_in("data-admin").get(f"/performance/loads/{waiting.pk}/").content.decode()
    assert f"as before; {NOTE}" in body.partition("Figures of a locked period</h2>")[2]
    path.write_bytes(content)
    run(path)
    assert f"Locked: Looked after children, {ON}: 638 as on record: {NOTE}" in (
        capsys.readouterr().out.splitlines()
    )


def test_a_withdrawal_says_what_goes_back_where_the_value_stays():
    wrong = load(quarter(638, note="Counted in March."), reason="A note.")
    done = withdraw(wrong, by=person(), reason="The wrong note.")
    [line] = ScreeningReport.from_json(done.report).revisions
    assert line.change == "638 as before: note “Counted in March.” → “5.04.”"


def printed(capsys):
    return [one for one in capsys.readouterr().out.splitlines() if one.startswith("Revised: ")]


BACK = ["--released-on", "2016-09-01", "--back-load"]


@pytest.mark.parametrize(
    ("value", "options", "said"),
    [
        (640, [], "638 → 640"),
        (640, BACK, "640 → 638"),
        (638, BACK, "638 as before: known from 1 September 2016 already"),
    ],
)
def test_the_dry_run_the_load_and_the_page_say_old_and_new_alike(
    path, capsys, sign_in, value, options, said
):
    path.write_bytes(quarter(value))
    run(path, *options)
    dry = printed(capsys)
    assert dry == [
        f"Revised: Looked after children (looked-after-number.council), Wolverhampton, {ON}: {said}"
    ]
    given = Options(is_back_load=bool(options), released_on=date(2016, 9, 1) if options else None)
    waiting = screen(Source("quarter.csv", quarter(value)), by=person(), options=given)
    run(path, *options, "--commit", *WHY)
    assert printed(capsys) == dry
    [line] = ScreeningReport.from_json(waiting.report).revisions
    assert line.change == said
    body = sign_in("data-admin").get(f"/performance/loads/{waiting.pk}/").content.decode()
    assert ("What stands now still stands" in body) == bool(options)
    assert ("marked as replaced" in body) != bool(options)
