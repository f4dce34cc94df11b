"""A plan's spreadsheet from the file to the record: confirmed, loaded, forgotten."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from improvement.changes import assign_action, reword_action
from improvement.changes.facts import ActionWords, words_of
from improvement.importer import sheet_loading
from improvement.importer.sheet_loading import (
    NotWaiting,
    ReadAnew,
    confirm,
    discard,
    forget_old_files,
    screen,
)
from improvement.models import Action, PlanEvent, PlanLoad
from performance.importer.own_export import as_csv
from tests.improvement.conftest import NOW
from tests.improvement.plan_sheets import edited, exported, given, new_row, read, the_plan

pytestmark = pytest.mark.django_db

CHANGED = [("title", "A strategy for homes"), ("impact_sought", "Fewer moves.")]


def a_sheet():
    """Two cells of one action changed, and one action new."""
    sheet = exported()
    for column, value in CHANGED:
        sheet = edited("5.13", column, value, sheet)
    new = dict(zip(*new_row(first_due="2017-03", owner="officer"), strict=True))
    return [*sheet, [new.get(column, "") for column in sheet[0]]]


def confirmed(load, by, **more):
    given_ = {"reason": "Agreed by the board.", "now": NOW, "present": timezone.now(), **more}
    outcome = confirm(load, by=by, **given_)
    load.refresh_from_db()
    return outcome


def test_screen_changes_nothing_and_keeps_the_bytes(director):
    events = PlanEvent.objects.count()
    load = screen(given(a_sheet()), the_plan(), by=director)
    assert (load.state, load.rows_new, load.rows_changed, load.rows_absent) == (
        "screened", 1, 1, 0,
    )  # fmt: skip
    assert load.rows_unchanged == Action.objects.of(the_plan()).count() - 1
    assert load.content
    assert PlanEvent.objects.count() == events
    assert not Action.objects.filter(reference="5.90").exists()


def test_confirm_loads_with_an_event_for_each_change(director, officer):
    load = screen(given(a_sheet()), the_plan(), by=director)
    confirmed(load, director)
    assert (load.state, load.content, load.report) == ("loaded", None, {})
    assert (load.loaded_by, load.reason) == (director, "Agreed by the board.")
    action, made = (Action.objects.get(reference=name) for name in ("5.13", "5.90"))
    assert (action.title, action.impact_sought) == ("A strategy for homes", "Fewer moves.")
    assert (made.owner, str(made.first_due), made.known_from) == (officer, "March 2017", NOW)
    assert made.action_judgements.get().is_main
    changed = PlanEvent.objects.about("action", "5.13").first()
    assert (changed.done, changed.by, changed.reason) == (
        "loaded", director, "Agreed by the board.",
    )  # fmt: skip
    assert changed.before["title"] == "Refresh the Sufficiency Strategy"
    assert changed.after == dict(CHANGED)
    assert PlanEvent.objects.about("action", "5.90").get().after["first_due"] == "March 2017"
    whole = PlanEvent.objects.about("plan", the_plan().slug).get()
    assert (whole.after["new"], whole.after["changed"]) == (1, 1)
    assert read(exported()).compared.changed == []


def test_a_load_that_fails_half_way_leaves_nothing(director, monkeypatch):
    load = screen(given(a_sheet()), the_plan(), by=director)
    events = PlanEvent.objects.count()
    # The last step of a load: its own event.
    monkeypatch.setattr(sheet_loading, "record", None)
    with pytest.raises(TypeError):
        confirmed(load, director)
    load.refresh_from_db()
    assert (load.state, PlanEvent.objects.count()) == ("screened", events)
    assert not Action.objects.filter(reference="5.90").exists()


def test_confirm_loads_once(director):
    load = screen(given(a_sheet()), the_plan(), by=director)
    confirmed(load, director)
    with pytest.raises(NotWaiting):
        confirmed(load, director)
    assert Action.objects.filter(reference="5.90").count() == 1


def test_confirm_reads_anew_where_the_plan_changed_meanwhile(owned, director, lead):
    load = screen(given(a_sheet()), the_plan(), by=director)
    new = ActionWords(**{**vars(words_of(owned)), "title": "Something else"})
    reword_action(action=owned, words=new, reason="Mine.", by=lead, now=NOW)
    with pytest.raises(ReadAnew):
        confirmed(load, director)
    load.refresh_from_db()
    assert load.state == "screened"
    assert load.report["changed"][0]["before"]["title"] == "Something else"
    owned.refresh_from_db()
    assert owned.title == "Something else"
    confirmed(load, director)
    owned.refresh_from_db()
    assert owned.title == "A strategy for homes"


def test_confirm_refuses_what_was_right_and_is_wrong_now(owned, director):
    load = screen(given(new_row()), the_plan(), by=director)
    Action.objects.create(
        theme=owned.theme, reference="5.9", order=999, title="x", description="x", kind="action",
        first_due_basis="not_stated", known_from=NOW,
    )  # fmt: skip
    with pytest.raises(ReadAnew):
        confirmed(load, director)
    load.refresh_from_db()
    assert (load.state, load.content, load.problems) == ("refused", None, 1)


def test_an_owner_who_stayed_is_no_problem(owned, director, officer):
    """Somebody who left may own an action still: the file does not stumble over them."""
    assign_action(action=owned, owner=officer, by=director, now=NOW)
    officer.is_active = False
    officer.save()
    assert read(exported()).problems == []


def test_discard_forgets_the_file(director):
    load = screen(given(a_sheet()), the_plan(), by=director)
    assert discard(load)
    load.refresh_from_db()
    assert (load.state, load.content, load.report) == ("discarded", None, {})
    assert not discard(load)


def test_what_is_a_day_old_is_forgotten(director):
    waiting = screen(given(a_sheet()), the_plan(), by=director)
    refused = screen(given(new_row(kind="task")), the_plan(), by=director)
    assert (refused.state, refused.content) == ("refused", None)
    assert forget_old_files(timezone.now() + timedelta(hours=23)) == 0
    later = timezone.now() + timedelta(hours=25)
    with pytest.raises(NotWaiting):
        confirmed(waiting, director, present=later)
    assert forget_old_files(later) == 2
    assert forget_old_files(later) == 0
    for load in (waiting, refused):
        load.refresh_from_db()
        assert (load.content, load.report) == (None, {})
    assert (waiting.state, refused.state) == ("lapsed", "refused")


def test_the_command_forgets_too(director):
    PlanLoad.objects.filter(pk=screen(given(a_sheet()), the_plan(), by=director).pk).update(
        received_at=timezone.now() - timedelta(hours=25)
    )
    out = io.StringIO()
    call_command("forget_plan_files", stdout=out)
    assert out.getvalue().startswith("1 file")


def run(path, **more):
    out, errors = io.StringIO(), io.StringIO()
    try:
        call_command("load_plan", path, stdout=out, stderr=errors, **more)
    except CommandError as error:
        return out.getvalue(), f"{errors.getvalue()}{error}"
    return out.getvalue(), errors.getvalue()


@pytest.fixture
def path(tmp_path, db):
    file = tmp_path / "plan.csv"
    file.write_bytes(as_csv(a_sheet()))
    return file


def test_load_plan_says_what_would_change(path):
    said, wrong = run(path)
    assert wrong == ""
    assert "1 new action, 1 changed," in said
    assert "    Title: Refresh the Sufficiency Strategy → A strategy for homes" in said
    assert "New, row " in said
    assert said.endswith("Nothing was kept: add --commit to load it.\n")
    assert not PlanLoad.objects.exists()
    assert not Action.objects.filter(reference="5.90").exists()


def test_load_plan_commits_for_somebody_with_a_reason(path, director):
    said, wrong = run(path, commit=True, by="director", reason="Agreed by the board.")
    assert wrong == ""
    assert "1 new action, 1 changed," in said
    load = PlanLoad.objects.get()
    assert (load.state, load.loaded_by, load.content, load.report) == ("loaded", director, None, {})
    assert PlanEvent.objects.about("action", "5.90").get().by == director


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"by": "director"}, "Say why the plan is changed"),
        ({"reason": "Agreed."}, "Say who answers for the load"),
        ({"by": "officer", "reason": "Agreed."}, "Say who answers for the load"),
        ({"by": "director", "reason": "Agreed.", "plan": "none"}, "There is no plan “none”"),
    ],
)
def test_load_plan_asks_who_and_why(path, more, said):
    assert said in run(path, commit=True, **more)[1]
    assert not PlanLoad.objects.exists()


def test_load_plan_lists_every_problem(tmp_path):
    file = tmp_path / "plan.csv"
    file.write_bytes(as_csv(new_row(theme="99", kind="task")))
    _, wrong = run(file, commit=True, by="director", reason="Agreed.")
    assert "plan.csv, row 2, column B (theme): found “99”" in wrong
    assert "2 problems; nothing was loaded." in wrong
    assert "is no file and no folder" in run(tmp_path / "nowhere")[1]
