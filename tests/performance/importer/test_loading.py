"""The door in full: locks, two files at once, what lapses, our own figures back and forth, and the
command."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from performance.importer.check import start_of_day
from performance.importer.incoming import Source
from performance.importer.loading import (
    LockedPeriods,
    NotWaiting,
    ScreenedAnew,
    confirm,
    screen,
)
from performance.importer.own_export import as_csv, write_export
from performance.importer.screening_report import ScreeningReport
from performance.management.commands.load_performance import Command
from performance.models import Area, Load, Measurement, PeriodLock
from tests.conftest import position_on
from tests.performance.importer.dropped import BOTH
from tests.performance.importer.real_releases import cells, drop, empty, said_of
from tests.performance.load_factories import person

pytestmark = pytest.mark.django_db

CHILDREN = "looked-after-number.council"
ON = "8 August 2016"  # 638 children, by the panel's paper


def quarter(value, period=ON, **columns):
    """The bytes of a file in our own layout, of one figure."""
    out = io.StringIO()
    csv.writer(out).writerows(
        [["series", "period", "value", *columns], [CHILDREN, period, value, *columns.values()]]
    )
    return out.getvalue().encode()


def give(content, name="quarter.csv"):
    return screen(Source(name, content), by=person())


def load(content, **given):
    return confirm(give(content), by=person(), **given)


def values():
    """Each version of the figure: value, and whether it is current."""
    rows = Measurement.objects.filter(series__code=CHILDREN, period_label=ON)
    return [(int(row.value), row.known_until is None) for row in rows.order_by("known_from")]


def lock(start, end):
    PeriodLock.objects.create(
        period_start=start, period_end=end, reason="The panel has them.", locked_by=person()
    )


def revisions(load):
    return [one.change for one in ScreeningReport.from_json(load.report).revisions]


# Locked periods


@pytest.mark.parametrize(
    "said",
    [
        {"may_unlock": False},
        {"may_unlock": True},
        {"may_unlock": False, "unlock_reason": "I say so."},
    ],
)
def test_a_locked_period_is_refused_without_the_right_and_a_reason(said):
    lock(date(2016, 8, 1), date(2016, 8, 31))
    waiting = give(quarter(640))
    assert waiting.report["locked_total"] == 1
    assert [line["old"] for line in waiting.report["locked"]] != [""]
    with pytest.raises(LockedPeriods) as refused:
        confirm(waiting, by=person(), reason="Late returns.", **said)
    assert "1 figure of a locked period would change" in str(refused.value.problems[0])
    waiting.refresh_from_db()
    assert (waiting.state, bytes(waiting.content)) == (Load.State.SCREENED, quarter(640))
    assert values() == [(638, True)]


def test_who_may_passes_a_lock_with_a_reason_which_is_kept():
    lock(date(2016, 8, 1), date(2016, 8, 31))
    done = load(quarter(640), reason="Late returns.", unlock_reason="Agreed.", may_unlock=True)
    assert (done.state, done.unlock_reason) == (Load.State.LOADED, "Agreed.")
    assert values() == [(638, False), (640, True)]


def test_what_does_not_change_and_what_lies_outside_is_not_locked():
    lock(date(2016, 8, 1), date(2016, 8, 31))
    assert load(quarter(638)).rows_unchanged == 1
    assert load(quarter(650, period="9 September 2016")).rows_new == 1


def test_a_lock_holds_for_the_councils_own_area_whatever_the_file():
    """DfE's release brings every council's figures: ours alone are locked."""
    earlier, _ = BOTH[2]
    empty(earlier)
    lock(date(2023, 3, 31), date(2024, 3, 31))
    ours = [
        place for place in cells(earlier)
        if place.area == "336" and date(2023, 3, 31) <= place.end <= date(2024, 3, 31)
    ]  # fmt: skip
    waiting = drop(earlier, "d3.csv")
    assert waiting.report["locked_total"] == len(ours) == 2
    with pytest.raises(LockedPeriods):
        confirm(waiting, by=person())
    done = confirm(waiting, by=person(), unlock_reason="DfE’s own.", may_unlock=True)
    assert done.rows_new == len(cells(earlier))


# Two files at once


def test_a_file_whose_figures_another_changed_is_screened_anew_and_then_loads():
    """As many figures are revised as before: what they are revised from is not the same."""
    first, second = give(quarter(640), "a.csv"), give(quarter(641), "b.csv")
    assert revisions(second) == ["638 → 641"]
    confirm(first, by=person(), reason="First.")
    with pytest.raises(ScreenedAnew):
        confirm(second, by=person(), reason="Second.")
    second.refresh_from_db()
    assert (second.state, revisions(second)) == (Load.State.SCREENED, ["640 → 641"])
    assert bytes(second.content) == quarter(641)
    assert values() == [(638, False), (640, True)]
    confirm(second, by=person(), reason="Second.")
    assert values() == [(638, False), (640, False), (641, True)]


def test_a_file_that_says_what_another_brought_meanwhile_is_screened_anew():
    first, second = give(quarter(640), "a.csv"), give(quarter(640, note="5.04."), "b.csv")
    confirm(first, by=person(), reason="First.")
    with pytest.raises(ScreenedAnew):
        confirm(second, by=person(), reason="Second.")
    assert values() == [(638, False), (640, True)]


def test_a_file_that_another_does_not_touch_loads_as_screened():
    first, second = give(quarter(640)), give(quarter(650, period="9 September 2016"))
    confirm(first, by=person(), reason="First.")
    assert confirm(second, by=person()).state == Load.State.LOADED


def test_the_same_file_given_twice_is_loaded_once():
    first, second = give(quarter(640), "a.csv"), give(quarter(640), "b.csv")
    confirm(first, by=person(), reason="First.")
    with pytest.raises(Exception, match="nothing was loaded"):
        confirm(second, by=person(), reason="Second.")
    second.refresh_from_db()
    assert (second.state, second.content) == (Load.State.REFUSED, None)
    assert f"as load {first.pk}" in said_of(second)[0]


# What is not loaded in time


@pytest.mark.parametrize(("hours", "is_kept"), [(23, True), (25, False)])
def test_after_a_day_the_bytes_are_gone(hours, is_kept):
    waiting = give(quarter(640))
    at = timezone.now() - timedelta(hours=hours)
    Load.objects.filter(pk=waiting.pk).update(received_at=at)
    give(quarter(641), "another.csv")
    waiting.refresh_from_db()
    assert (waiting.content is not None) == is_kept
    if is_kept:
        assert confirm(waiting, by=person(), reason="Late.").state == Load.State.LOADED
        return
    assert waiting.state == Load.State.LAPSED
    with pytest.raises(NotWaiting):
        confirm(waiting, by=person(), reason="Late.")
    assert waiting.report["revised"] == 1
    assert values() == [(638, True)]


def test_no_load_keeps_its_bytes_once_it_is_loaded():
    assert load(quarter(640), reason="Late returns.").content is None


# Our own layout


def test_a_figure_is_loaded_and_revised_with_a_reason():
    first = load(quarter(650, period="9 September 2016"))
    assert (first.rows_new, first.rows_revised) == (1, 0)
    second = load(quarter(640), reason="Three late returns.")
    assert (second.rows_revised, second.reason) == (1, "Three late returns.")
    assert revisions(second) == ["638 → 640"]
    new = Measurement.objects.current().get(series__code=CHILDREN, period_label=ON)
    assert new.load == second


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"note": "As counted in March."}, "note “5.04.” → “As counted in March.”"),
        ({"flags": "provisional"}, "now provisional"),
    ],
)
def test_what_differs_beside_the_value_is_said(columns, said):
    assert revisions(give(quarter(638, **columns))) == [f"638 as before: {said}"]


def test_a_flag_and_a_number_that_are_taken_back_are_said():
    load(quarter(638, flags="provisional", numerator=638, denominator=1000), reason="First.")
    assert revisions(give(quarter(638, flags="", numerator=638, denominator=990))) == [
        "638 as before: denominator 1,000 → 990; no longer provisional"
    ]


def test_a_revision_is_moved_from_what_it_replaces_and_a_new_figure_from_the_last():
    for content, old, last in (
        (quarter(640), "638", ""),
        (quarter(640, "9 September 2016"), "", "638"),
    ):
        [line] = ScreeningReport.from_json(give(content).report).movements
        assert (line.old, line.new, line.why) == (old, "640", "moved")
        assert last in line.last


def test_the_page_says_what_differs(sign_in):
    waiting = give(quarter(638, flags="provisional"))
    body = sign_in("data-admin").get(f"/performance/loads/{waiting.pk}/").content.decode()
    assert "as before; now provisional" in body


@pytest.mark.parametrize("stands_on", [None, date(2016, 10, 5)])
def test_our_own_export_loads_back_and_changes_nothing(settings, stands_on):
    settings.POSITION_DATE = stands_on
    today = stands_on or timezone.localdate()
    council = Area.objects.get(code="336")
    before = list(Measurement.objects.order_by("pk").values_list("pk", "value", "known_until"))
    rows = write_export(position_on(today.year, today.month, today.day), council)
    done = load(as_csv(rows))
    assert (done.rows_new, done.rows_revised) == (0, 0)
    assert done.rows_unchanged + done.report["kept_hidden"] == len(rows) - 1 > 90
    after = list(Measurement.objects.order_by("pk").values_list("pk", "value", "known_until"))
    assert after == before


# The command


WHY = ["--reason", "Late returns."]


def run(path, *words):
    call_command("load_performance", str(path), *words)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "quarter.csv"
    path.write_bytes(quarter(640))
    return path


def test_the_command_loads_an_earlier_figure_as_a_back_load(path, capsys):
    run(path, "--released-on", "2016-09-01", "--back-load", "--commit", *WHY)
    assert values() == [(640, False), (638, True)]
    first, second = Measurement.objects.filter(series__code=CHILDREN, period_label=ON).order_by(
        "known_from"
    )
    assert first.known_from == start_of_day(date(2016, 9, 1))
    assert first.known_until == second.known_from == start_of_day(date(2016, 9, 27))
    assert "638" in capsys.readouterr().out
    assert Load.objects.latest("id").is_back_load


def test_a_back_load_that_makes_a_figure_known_sooner_says_so(path, capsys):
    load(quarter(640), reason="Late returns.")
    path.write_bytes(quarter(640) + b"\n")
    run(path, "--released-on", "2016-10-01", "--back-load", "--commit", *WHY)
    said = "8 August 2016: 640 as before: known from 1 October 2016 already"
    assert said in capsys.readouterr().out
    assert values() == [(638, False), (640, True)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--released-on", "2016-09-01"], "say that the file is a back-load"),
        (["--format", "published"], "no map covers this file"),
        (["--format", "lait"], "--dictionary DICTIONARY"),
    ],
)
@pytest.mark.parametrize("commit", [[], ["--commit"]])
def test_the_command_refuses_with_a_sentence_and_an_exit_code(path, capsys, words, said, commit):
    with pytest.raises(CommandError) as refused:
        run(path, *words, *commit)
    assert refused.value.returncode != 0
    assert said in capsys.readouterr().err
    assert values() == [(638, True)]


def test_the_command_keeps_nothing_without_commit(path, capsys):
    before = Load.objects.count()
    run(path)
    out = capsys.readouterr().out
    assert "0 figures new, 0 unchanged, 1 revised" in out
    assert "8 August 2016: 638 → 640" in out
    assert (
        "Nothing was kept: add --commit to load it, and --reason to say why figures are revised."
    ) in out
    assert (Load.objects.count(), values()) == (before, [(638, True)])


@pytest.mark.parametrize("words", [[], ["--reason", " "]])
def test_the_command_refuses_to_revise_without_a_reason(path, capsys, words):
    for back_load in ([], ["--released-on", "2016-09-01", "--back-load"]):
        with pytest.raises(CommandError, match="nothing was loaded"):
            run(path, "--commit", *back_load, *words)
        assert capsys.readouterr().err.splitlines() == [
            "quarter.csv: 1 figure is revised, and members read why beside what is restated: give "
            'the reason, as in --reason "Three late returns."'
        ]
        assert Load.objects.latest("id").state == Load.State.REFUSED
    assert values() == [(638, True)]
    run(path, "--commit", *WHY)
    assert Load.objects.latest("id").reason == "Late returns."


def test_the_command_needs_no_reason_where_nothing_is_revised(path, capsys):
    path.write_bytes(quarter(650, period="9 September 2016"))
    run(path)
    assert "Nothing was kept: add --commit to load it." in capsys.readouterr().out
    run(path, "--commit")
    assert Load.objects.latest("id").rows_new == 1


def test_the_command_passes_a_lock_with_a_reason_alone(path, capsys):
    lock(date(2016, 8, 1), date(2016, 8, 31))
    with pytest.raises(CommandError):
        run(path, "--commit", "--reason", "Late returns.")
    assert "of a locked period would change" in capsys.readouterr().err
    assert Load.objects.latest("id").state == Load.State.REFUSED
    run(path, "--commit", "--reason", "Late returns.", "--unlock-reason", "Agreed.")
    assert values() == [(638, False), (640, True)]


def test_the_command_says_when_a_file_was_loaded(path, capsys):
    run(path, "--commit", "--reason", "Late returns.")
    with pytest.raises(CommandError, match="nothing was loaded"):
        run(path, "--commit")
    assert "this file was loaded on" in capsys.readouterr().err
    assert values() == [(638, False), (640, True)]


def test_the_command_that_is_given_nothing_there_says_so(tmp_path):
    with pytest.raises(CommandError, match="is neither a file nor a folder"):
        run(tmp_path / "nothing.csv")


def test_the_commands_help_names_each_option_and_the_dry_run():
    said = " ".join(Command().create_parser("manage.py", "load_performance").format_help().split())
    assert "Without --commit nothing is kept" in said
    for option in ("--released-on", "--back-load", "--dictionary", "--reason", "--unlock-reason"):
        assert f"{option} " in said
