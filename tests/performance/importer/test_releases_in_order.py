"""DfE's releases of 2024 and 2025, one after the other and the other way round.

What must be on record is worked out from the two files' cells and the days of the tables alone.
"""

from datetime import date

import pytest

from performance.importer.check import start_of_day
from performance.models import Load
from tests.performance.importer import naive_published
from tests.performance.importer.dropped import BOTH
from tests.performance.importer.naive_published import FILES, restatements
from tests.performance.importer.real_releases import (
    Held,
    cells,
    changed_lines,
    drop,
    drop_and_load,
    empty,
    meaning,
    record,
    restated_lines,
    said_of,
)

pytestmark = pytest.mark.django_db

EARLY, LATE = "b1 (3).csv", "new folder.csv"
RESTATED = dict(zip(BOTH, (0, 0, 3, 0, 3, 457), strict=True))
DATASETS = {row["series"]: row["dataset"] for row in naive_published.table("dfe_maps")}
FIRST_PUBLISHED = {
    (row["dataset"], int(row["year"])): start_of_day(date.fromisoformat(row["published_on"]))
    for row in naive_published.table("dfe_publications")
}
PAIRS = pytest.mark.parametrize(("earlier", "later"), BOTH, ids=lambda file: file[:4])


def released(file):
    return start_of_day(date.fromisoformat(FILES[file]["released_on"]))


def expected_record(earlier, later):
    """Every version there must be once both are loaded, and who said it."""
    first, second = cells(earlier), cells(later)
    changed = {one.place for one in restatements(first, second)}
    found = []
    for place in sorted(first.keys() | second.keys()):
        known = FIRST_PUBLISHED[DATASETS[place.series], place.end.year]
        files = [file for file in (earlier, later) if place in cells(file)]
        if place in changed:
            found.append(held(earlier, place, known, released(later), EARLY))
            found.append(held(later, place, released(later), None, LATE))
        else:
            names = (EARLY if file == earlier else LATE for file in files)
            found.append(held(files[0], place, known, None, *names))
    return found


def held(file, place, known_from, known_until, *names):
    cell = cells(file)[place]
    said_by = tuple(sorted(names))
    return Held(place, cell.value, meaning(file, cell), known_from, known_until, said_by)


@PAIRS
def test_both_releases_stay_on_record_and_every_restatement_is_listed(earlier, later):
    empty(earlier, later)
    first = drop_and_load(earlier, EARLY)
    assert (first.rows_new, first.rows_revised) == (len(cells(earlier)), 0)
    second = drop_and_load(later, LATE)
    assert second.rows_revised == second.report["revisions_total"] == RESTATED[earlier, later]
    assert changed_lines(second) == restated_lines(earlier, later)
    assert record(earlier, later) == expected_record(earlier, later)
    both = cells(earlier).keys() & cells(later).keys()
    assert second.rows_unchanged == len(both) - RESTATED[earlier, later]
    assert second.rows_new == len(cells(later).keys() - cells(earlier).keys())


def test_absence_retires_nothing():
    """The release of 2025 leaves years out that the release of 2024 had."""
    earlier, later = BOTH[-1]
    absent = cells(earlier).keys() - cells(later).keys()
    assert len(absent) == 334
    empty(earlier, later)
    drop_and_load(earlier, EARLY)
    drop_and_load(later, LATE)
    rows = [one for one in record(earlier, later) if one.place in absent]
    assert len(rows) == len(absent)
    assert {(one.known_until, one.said_by) for one in rows} == {(None, (EARLY,))}


@PAIRS
def test_the_other_order_is_refused_unless_it_is_a_back_load_and_then_ends_the_same(earlier, later):
    empty(earlier, later)
    drop_and_load(later, LATE)
    before = record(earlier, later)
    refused = drop(earlier, EARLY)
    assert refused.state == Load.State.REFUSED
    both = len(cells(earlier).keys() & cells(later).keys())
    [said] = said_of(refused)
    assert said.startswith(
        f"{EARLY}: {both:,} of its figures are on record from a later release, or from a later "
        "day, than "
    )
    assert said.endswith("say that it is a back-load")
    assert record(earlier, later) == before
    back = drop_and_load(earlier, EARLY, is_back_load=True)
    assert record(earlier, later) == expected_record(earlier, later)
    assert changed_lines(back) == restated_lines(earlier, later)
    assert back.is_back_load


def test_a_line_never_says_that_a_value_became_itself():
    """Of 229 restated rates only the numerator or the denominator differs."""
    earlier, later = BOTH[-1]
    empty(earlier, later)
    drop_and_load(earlier, EARLY)
    lines = changed_lines(drop_and_load(later, LATE))
    assert sum(" as before: " in change for *_, change in lines) == 229
    assert not [change for *_, change in lines if len(set(change.split(" → "))) == 1
                and " as before: " not in change]  # fmt: skip
