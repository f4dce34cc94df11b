"""A plan's spreadsheet: what it says, what would come of it, and every way in which it is wrong."""

import io
from datetime import date

import openpyxl
import pytest

from improvement.importer.plan_sheet import Limits, plain_reference
from improvement.importer.sheet_loading import Given, read_file
from improvement.models import Action
from tests.improvement.conftest import NOW
from tests.improvement.plan_sheets import (
    edited,
    exported,
    given,
    new_row,
    problems,
    read,
    row_of,
    the_plan,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_reads_back_unchanged(kind):
    Action.objects.filter(reference="5.13").update(
        note="=1+1", impact_sought="-2 weeks\r\nand no more", owner_service="@home"
    )
    outcome = read(exported(), kind)
    assert outcome.problems == []
    assert (outcome.compared.new, outcome.compared.changed) == ([], [])
    assert outcome.compared.unchanged == Action.objects.of(the_plan()).count()
    assert outcome.compared.absent == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("column", "value", "fact", "after"),
    [
        ("title", "Another title", "title", "Another title"),
        ("promised", "=SUM(A1)", "promised", "=SUM(A1)"),
        ("kind", "Milestone", "kind", "milestone"),
        ("theme", "1", "theme", 1),
        ("judgements", "leadership; care-leavers", "judgements", ["leadership", "care-leavers"]),
        ("owner", "theme-lead", "owner", "theme-lead"),
        ("owner", "", "owner", ""),
        ("impact_sought", "Fewer moves.", "impact_sought", "Fewer moves."),
        ("cabinet_on", "November 2016", "cabinet", "2016-11"),
        ("indicators", "looked-after-number", "indicators", ["looked-after-number"]),
    ],
)
def test_one_cell_is_one_change(kind, column, value, fact, after):
    compared = read(
        edited("5.13", column, f"'{value}" if value[:1] == "=" else value), kind
    ).compared
    [changed] = compared.changed
    assert (changed.action.reference, changed.row.number) == ("5.13", row_of("5.13"))
    assert changed.after == {fact: after}
    assert compared.new == []


def test_a_column_that_is_not_there_changes_nothing():
    columns = ["reference", "theme", "title", "promised", "kind", "judgements"]
    sheet = exported()
    places = [sheet[0].index(name) for name in columns]
    compared = read([[row[at] for at in places] for row in sheet]).compared
    assert (compared.new, compared.changed, compared.absent) == ([], [], [])


def test_a_new_row_is_new_and_the_others_are_absent():
    compared = read(new_row(first_due="autumn 2017", owner="officer")).compared
    [row] = compared.new
    assert (row.reference, row.theme.number, str(row.first_due)) == ("5.90", 5, "autumn 2017")
    assert len(compared.absent) == Action.objects.of(the_plan()).count()


def test_words_that_look_personal_are_named():
    compared = read(new_row(promised="See the boy aged 7 and his mother again.")).compared
    assert [(one.row, one.column) for one in compared.personal] == [(2, "promised")]
    unchanged = read(exported()).compared
    assert unchanged.personal == []


WRONG = [
    ({"reference": ""}, "A (reference)", "something must be written here"),
    ({"reference": "5/90"}, "A (reference)", "letters, digits, “.” and “-” alone"),
    ({"theme": "99"}, "B (theme)", "the number of a theme of the plan was expected: 1, 2, 3"),
    ({"theme": ""}, "B (theme)", "something must be written here"),
    ({"title": "x" * 121}, "C (title)", "at most 120 characters were expected: 121 are"),
    ({"kind": "task"}, "D (kind)", "one of these was expected: action, milestone, standing"),
    ({"promised": ""}, "E (promised)", "something must be written here"),
    ({"judgements": "leadershp"}, "F (judgements)", "did you mean “leadership”?"),
    ({"judgements": "leadership; leadership"}, "F (judgements)", "stands there twice: keep one"),
    ({"judgements": ";"}, "F (judgements)", "a judgement of the plan was expected"),
    ({"owner": "oficer"}, "G (owner)", "did you mean “officer”?"),
    ({"owner": "councillor"}, "G (owner)", "the user name of somebody who may send updates"),
    ({"indicators": "looked-after-numbr"}, "G (indicators)", "“looked-after-number”?"),
    ({"first_due": "2016-13"}, "G (first_due)", "a month such as 2016-09"),
    ({"first_due": "30/9/16"}, "G (first_due)", "write the year in full: 30/9/2016"),
    ({"cabinet_on": "soon"}, "G (cabinet_on)", "a day such as 30 September 2016"),
]


@pytest.mark.parametrize(("cells", "column", "expected"), WRONG)
def test_a_wrong_cell_is_told_with_its_place(cells, column, expected):
    # As a workbook: in so short a CSV file a semicolon could be what parts the cells.
    [(row, where, found, said)] = problems(new_row(**cells), "xlsx")
    assert (row, where) == (2, column)
    assert expected in said
    assert found == (next(iter(cells.values())))


def test_a_control_character_is_told_with_its_place():
    [(row, column, _, said)] = problems(new_row(note="a\x07b"))
    assert (row, column) == (2, "G (note)")
    assert "a control character (U+0007) stands here" in said


def test_every_wrong_cell_is_told_at_once():
    sheet = new_row(theme="99", kind="task", first_due="2016-13")
    sheet.append(["5.90", "5", "Again", "action", "Again.", "leadership", ""])
    sheet.append(["5.90", "5", "Once more", "action", "Again.", "leadership", ""])
    assert [(row, column) for row, column, _, _ in problems(sheet)] == [
        (2, "B (theme)"), (2, "D (kind)"), (2, "G (first_due)"), (4, "A (reference)"),
    ]  # fmt: skip


def test_a_first_due_date_on_record_never_changes():
    [(row, column, found, said)] = problems(edited("1.01b", "first_due", "2016-11"))
    assert (row, column, found) == (row_of("1.01b"), "K (first_due)", "2016-11")
    assert said == (
        "the first due date of this action is September 2016 and never changes: put it back, and "
        "move the due date on the page of action 1.01b, with the reason"
    )


def test_a_reference_of_another_plan_is_refused(director):
    from improvement.changes import add_plan

    plan = the_plan()
    made = add_plan(
        slug="next", title="The next plan", framework=plan.framework, starts_on=date(2017, 4, 1),
        ends_on=None, follows=plan, paper=None, carries_themes=True, carries_actions=False,
        reason="A new year.", by=director, on=NOW.date(), now=NOW,
    )  # fmt: skip
    [problem] = read_file(given(new_row(reference="5.13")), made).problems
    assert problem.column == "A (reference)"
    assert "references are never used again" in problem.expected


@pytest.mark.parametrize(("written", "meant"), [("5.19A", "5.19a"), ("5.130", "5.13")])
def test_a_reference_that_nearly_is_one_is_asked_about(written, meant):
    [(_, column, found, said)] = problems(new_row(reference=written))
    assert (column, found) == ("A (reference)", written)
    assert f"is {meant} meant?" in said


def test_plain_reference_is_what_a_spreadsheet_leaves():
    assert plain_reference("5.10") == plain_reference("5.1")
    assert plain_reference("5.01") != plain_reference("5.1")


def test_a_number_in_a_workbook_is_no_reference():
    book = openpyxl.Workbook()
    for row in new_row():
        book.active.append(row)
    book.active["A2"] = 5.1
    out = io.BytesIO()
    book.save(out)
    [problem] = read_file(Given("plan.xlsx", out.getvalue()), the_plan()).problems
    assert problem.expected.startswith("a reference was expected and the cell holds a number")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty"),
        (b"%PDF-1.7", "this is a PDF"),
        (b"reference,theme,title,promised,kind\n1,2,3,4,5\n", "the column is missing"),
        (
            b"reference,theme,title,promised,kind,judgments,judgements\n1,2,3,4,5,6,7\n",
            "no such column is known here",
        ),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(content, expected):
    outcome = read_file(Given("plan.csv", content), the_plan())
    assert any(expected in problem.expected for problem in outcome.problems)


def test_a_file_with_too_many_rows_is_refused():
    sheet = exported()
    few = Given("plan.csv", given(sheet).content, limits=Limits(rows=5))
    [problem] = read_file(few, the_plan()).problems
    assert problem.expected.startswith("there are more than 5 rows")
