"""What the database cannot hold is told with file, row and column, and nothing is loaded."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError

from improvement.importer.plan_files import load_plan
from improvement.models import ProgressUpdate, Statement, UpdateReview
from performance.importer.check import Checker
from performance.importer.performance_files import load_performance
from performance.importer.problems import LoadRefused, Problem, told_by_the_database
from performance.importer.read import Row
from performance.models import (
    Area,
    ComparatorMember,
    Indicator,
    Load,
    Measurement,
    Series,
    SeriesLink,
    Target,
)
from tests.prints import print_of
from tests.wrong_files import change, copy_fixtures

pytestmark = pytest.mark.django_db

KEPT = (
    Area, ComparatorMember, Indicator, Series, SeriesLink, Target, Measurement, Load,
    ProgressUpdate,
)  # fmt: skip
A_NUMBER = "a number such as 43.6 was expected"
A_WHOLE_NUMBER = "a whole number was expected, of nine digits at most"
ON_RECORD = "is on record for the same fact: a load does not change from when it was known"


@pytest.fixture
def folder(tmp_path):
    return copy_fixtures(tmp_path / "fixtures")


def problems(load, folder):
    before = print_of(*KEPT)
    with pytest.raises(LoadRefused) as refused:
        load(folder, commit=True)
    assert print_of(*KEPT) == before
    return [str(problem) for problem in refused.value.problems]


# By file, each cell in a row of its own: what no column can hold is told first, what means nothing
# once all can be held, and what is wrong with the whole after that.
CELLS = [
    ("areas", [
        ("name", "x" * 101, "at most 100 characters"),
        ("ons_code", "E080000310", "at most 9 characters"),
    ]),
    ("areas", [
        ("code", "٣٣٦", "a code of three digits was expected"),
    ]),
    ("area_codes", [
        ("ons_code", "E080000160", "at most 9 characters"),
    ]),
    ("comparator_groups", [
        ("slug", "two words", "valid “slug”"),
        ("title", "x" * 201, "at most 200 characters"),
    ]),
    ("comparator_members", [
        ("closeness", "x" * 41, "at most 40 characters"),
        ("rank", "32768", "less than or equal to 32767"),
    ]),
    ("comparator_members", [
        ("rank", "1" * 5000, A_WHOLE_NUMBER),
        ("rank", "٣", A_WHOLE_NUMBER),
    ]),
    ("comparator_members", [
        ("area", "201", "none is its own neighbour"),
    ]),
    ("indicators", [
        ("code", "audited cases", "valid “slug”"),
        ("unit", "x" * 41, "at most 40 characters"),
        ("decimals", "40000", "less than or equal to 32767"),
        ("tolerance", "1e9", "8 digits before the decimal point"),
    ]),
    ("indicators", [
        ("decimals", "9" * 5000, A_WHOLE_NUMBER),
        ("decimals", "7", "at most 6 were expected"),
    ]),
    ("indicators", [
        ("part_of", "audited-cases", "none is part of itself"),
    ]),
    ("series", [
        ("source_short", "x" * 81, "at most 80 characters"),
        ("threshold", "99999", "less than or equal to 32767"),
    ]),
    ("series", [
        ("order", "²", A_WHOLE_NUMBER),
    ]),
    ("targets", [
        ("low", "1e15", "14 digits before the decimal point"),
        ("high", "580.1234567", "6 decimal places"),
        ("set_by", "x" * 121, "at most 120 characters"),
    ]),
    ("targets", [
        ("known_from_basis", "", "one of these was expected: stated, customary"),
    ]),
    ("figures", [
        ("value", "1e400", "20 digits in total"),
        ("value", "1e15", "14 digits before the decimal point"),
        ("value", "1e999999999", "20 digits in total"),
        ("value", "0.1234567", "6 decimal places"),
        ("numerator", "1e400", "20 digits in total"),
        ("period_label", "x" * 81, "at most 80 characters"),
        ("note", "a\x07bell", "a control character (U+0007)"),
        ("note", "a\x85line", "a control character (U+0085)"),
    ]),
    ("figures", [
        ("value", "1e99999999999999999999", A_NUMBER),
        ("value", "٢٠", A_NUMBER),
        ("value", "2_0", A_NUMBER),
        ("value", "NaN", A_NUMBER),
        ("denominator", "-1", "not below nought"),
        ("period_label", "", "something must be written here"),
        ("known_from_basis", "", "one of these was expected: stated, customary"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "cells"), CELLS)
def test_each_cell_that_cannot_be_held_is_told_with_its_place(folder, name, cells):
    for row, (column, value, _) in enumerate(cells, start=2):
        change(folder, name, column, value, row=row)
    found = problems(load_performance, folder)
    for row, (column, _, said) in enumerate(cells, start=2):
        place = f"{name}.csv, row {row}, column {column}: "
        assert any(one.startswith(place) and said in one for one in found), (place, found)
    assert all(one.startswith(f"{name}.csv") for one in found), found


@pytest.mark.parametrize(("column", "value"), [("rank", "2"), ("area", "213")])
def test_a_rank_or_a_neighbour_that_stands_there_twice_is_told(folder, column, value):
    change(folder, "comparator_members", column, value)
    assert problems(load_performance, folder) == [
        f"comparator_members.csv, row 3, column {column}: found “{value}”; "
        "the same is already given in row 2: keep one"
    ]


def add_link(folder, *cells):
    with (folder / "series_links.csv").open("a") as file:
        file.write(",".join([*cells, ""]) + "\n")


def test_a_count_that_is_out_of_two_is_told(folder):
    add_link(folder, "re-referrals.dfe", "out of", "own-placements.council")
    load_performance(folder, commit=True)
    change(folder, "series_links", "of", "connected-persons-placements.council", row=4)
    assert problems(load_performance, folder) == [
        "series_links.csv, row 4, column of: found “connected-persons-placements.council”; "
        "only one was expected, and it is “own-placements.council” already"
    ]


def test_links_that_are_loaded_again_stay_as_they_are(folder):
    load_performance(folder, commit=True)
    before = list(SeriesLink.objects.values())
    load_performance(folder, commit=True)
    assert before
    assert list(SeriesLink.objects.values()) == before


def test_a_code_that_ends_before_it_begins_is_told(folder):
    change(folder, "area_codes", "from", "2025-05-01")
    assert problems(load_performance, folder) == [
        "area_codes.csv, row 2, column until: found “2025-03-31”; "
        "a day not before 2025-05-01 was expected"
    ]


def test_a_line_break_may_stand_in_a_cell(folder):
    change(folder, "indicators", "definition", "Two lines:\nthis is the second.")
    load_performance(folder, commit=True)
    assert Indicator.objects.get(code="audited-cases").definition.endswith("\nthis is the second.")


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x9f"])
def test_a_control_character_is_told_and_never_printed(sign):
    check = Checker()
    check.storable(Row("figures.csv", 7, {"note": f"Agreed{sign}."}), "note", None)
    (said,) = map(str, check.problems)
    assert said.startswith("figures.csv, row 7, column note: ")
    assert f"U+{ord(sign):04X}" in said
    assert sign not in said


@pytest.mark.parametrize(("value", "symbol", "said"), [
    ("", "", "either a value or a symbol was expected"),
    ("20", "missing", "found “20”; either a value or a symbol was expected, not both"),
])  # fmt: skip
def test_a_figure_has_a_value_or_a_symbol(folder, value, symbol, said):
    change(folder, "figures", "value", value)
    change(folder, "figures", "symbol", symbol)
    assert problems(load_performance, folder) == [f"figures.csv, row 2, column value: {said}"]


def make_folder(path):
    path.mkdir()


def make_loop(path):
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("make", "said"),
    [(make_folder, "Is a directory"), (make_loop, "Too many levels of symbolic links")],
)
@pytest.mark.parametrize(("load", "name"), [(load_performance, "targets"), (load_plan, "bullets")])
def test_what_cannot_be_read_as_a_file_is_told(folder, load, name, make, said):
    path = folder / f"{name}.csv"
    path.unlink()
    make(path)
    assert problems(load, folder) == [
        f"{name}.csv: it cannot be read as a file ({said}): put the file here again"
    ]


@pytest.mark.parametrize(
    ("load", "name", "day"),
    [
        (load_performance, "figures", "2016-09-27"),
        (load_performance, "targets", "2016-09-27"),
        (load_plan, "updates", "2016-09-27"),
    ],
)
@pytest.mark.parametrize("corrected", ["2016-09-20", "2016-10-04"])
def test_a_correction_of_known_from_alone_is_refused(folder, load, name, day, corrected):
    reviews = list(UpdateReview.objects.values())
    change(folder, name, "known_from", corrected)
    assert problems(load, folder) == [
        f"{name}.csv, row 2, column known_from: found “{corrected}”; known from {day} {ON_RECORD}"
    ]
    assert list(UpdateReview.objects.values()) == reviews


def test_another_fact_of_the_same_day_is_refused(folder):
    change(folder, "figures", "value", "21")
    assert problems(load_performance, folder) == [
        "figures.csv, row 2, column known_from: found “2016-09-27”; "
        "a version known from that day or later is already on record"
    ]


def test_a_refused_grade_names_the_column_that_it_has(folder):
    change(folder, "grades", "note", "Read again.")
    (said,) = problems(load_plan, folder)
    assert said.startswith("grades.csv, row 2, column published_on: ")


def test_a_long_cell_is_cut_where_it_is_told():
    said = str(Problem("figures.csv", 2, "value", "9" * 5000, "a number was expected"))
    assert said == f"figures.csv, row 2, column value: found “{'9' * 80}…”; a number was expected"


def test_a_long_unknown_name_is_cut_as_well(folder):
    change(folder, "figures", "series", "y" * 5000)
    (said,) = problems(load_performance, folder)
    assert len(said) < 300


def test_one_problem_is_one(folder):
    change(folder, "figures", "value", "x")
    with pytest.raises(CommandError, match=r"^1 problem; nothing was loaded\.$"):
        call_command("load_performance", str(folder), commit=True)


def test_a_local_rule_that_hides_only_ones_is_refused(folder):
    change(folder, "series", "suppression", "local threshold")
    change(folder, "series", "threshold", "1")
    (said,) = problems(load_performance, folder)
    assert said.startswith("series.csv, row 2, column threshold: found “1”; ")
    assert said.endswith("2 or more was expected: hiding only ones says that they are ones")


PLACES = "own-placements.council"
PART = "mainstream-fostering-placements.council"


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ([f"{PART},made from,{PLACES},"], "none is made from its own total or part"),
        ([f"{PLACES},made from,{PART},"], "none is made from its own total or part"),
        (
            ["looked-after-number.dfe,out of,re-referrals.dfe,",
             "looked-after-number.dfe,Is out of,persistent-absence.dfe-10-percent,"],
            "only one was expected, and it is “re-referrals.dfe” already",
        ),
    ],
)  # fmt: skip
def test_links_that_contradict_one_another_are_refused(folder, links, said):
    path = folder / "series_links.csv"
    path.write_text("\n".join([path.read_text().rstrip("\n"), *links, ""]))
    (told,) = problems(load_performance, folder)
    assert told.startswith("series_links.csv, row ")
    assert said in told


@pytest.mark.parametrize("kind", [DataError, IntegrityError])
def test_what_the_database_refuses_is_told_in_its_own_first_line(kind):
    with (
        pytest.raises(LoadRefused) as refused,
        told_by_the_database("figures", Checker()),
    ):
        raise kind("value too long\nDETAIL: more")
    assert list(map(str, refused.value.problems)) == [
        "figures: the database refused what these files say (value too long): mend what it names"
    ]


def test_what_was_found_before_says_more_than_the_database():
    check = Checker()
    check.wrong(Row("figures.csv", 2, {"value": "x"}), "value", A_NUMBER)
    with pytest.raises(LoadRefused) as refused, told_by_the_database("figures", check):
        raise IntegrityError("a constraint")
    assert refused.value.problems == check.problems


def test_neighbours_that_change_places_are_refused_without_a_traceback(folder):
    """Both lists are right; the one on record cannot become the other row by row."""
    change(folder, "comparator_members", "area", "213", row=2)
    change(folder, "comparator_members", "area", "207", row=3)
    (said,) = problems(load_performance, folder)
    assert "performance_comparator_area_once" in said
    assert "\n" not in said


def test_a_statement_that_was_known_from_another_day_is_refused(folder):
    change(folder, "statements", "known_from", "2016-10-04")
    before = list(Statement.objects.values())
    (said,) = problems(load_plan, folder)
    assert said.startswith("statements.csv, row 2, column known_from: found “2016-10-04”; ")
    assert list(Statement.objects.values()) == before


def test_a_wrong_reference_among_the_bullets_is_the_only_problem(folder):
    change(folder, "bullets", "actions", "1.01a; 9.99z")
    (said,) = problems(load_plan, folder)
    assert said.startswith("bullets.csv, row 2, column actions: ")
    assert "“9.99z” is not one of actions known here" in said


def test_wrong_references_in_several_bullets_are_told_together(folder):
    change(folder, "bullets", "actions", "9.98z", row=2)
    change(folder, "bullets", "actions", "9.99z", row=3)
    assert [said.partition(":")[0] for said in problems(load_plan, folder)] == [
        "bullets.csv, row 2, column actions", "bullets.csv, row 3, column actions"
    ]  # fmt: skip


def test_an_action_that_no_bullet_names_is_told(folder):
    change(folder, "bullets", "actions", "1.01a")
    (said,) = problems(load_plan, folder)
    assert said.startswith("actions.csv, row 3, column reference: ")
    assert said.endswith("no bullet in bullets.csv names it")
