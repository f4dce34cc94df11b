"""Each of DfE's files through the door: loaded exact, refused the second time, taken out, loaded
again."""

from datetime import date

import pytest

from performance.importer.withdrawal import withdraw
from performance.models import Load
from tests.performance.importer.dropped import ADOPTED
from tests.performance.importer.naive_published import FILES
from tests.performance.importer.real_releases import (
    cells,
    current,
    drop,
    drop_and_load,
    empty,
    record,
    said_of,
)
from tests.performance.load_factories import person

pytestmark = pytest.mark.django_db

SITE_STANDS_ON = date(2016, 10, 5)
# Some measures of the Interactive Tool, in its layout: that a map is meant must be said.
LIKE_THE_TOOL = "lait_measures.csv"
SLOW = [LIKE_THE_TOOL, "la_care_leavers_activity.csv"]


def files():
    return [
        pytest.param(file, marks=pytest.mark.slow if file in SLOW else (), id=file)
        for file in FILES
    ]


@pytest.mark.slow
@pytest.mark.parametrize("file", files())
def test_a_file_is_loaded_exact_and_once_and_again_when_it_was_withdrawn(file):
    said = {"release": file} if file in ADOPTED else {}
    if file == LIKE_THE_TOOL:
        said["format"] = Load.Format.PUBLISHED
    empty(file)
    load = drop_and_load(file, "download.csv", **said)
    assert current(file) == cells(file)
    assert load.rows_new == len(cells(file))
    before = record(file)

    again = drop(file, "the same.csv", **said)
    assert again.state == Load.State.REFUSED
    assert again.content is None
    [problem] = said_of(again)
    assert problem.startswith("the same.csv: this file was loaded on ")
    assert problem.endswith(f"by data-admin, as load {load.pk}: there is nothing new in it")
    assert record(file) == before

    withdraw(load, by=person(), reason="The wrong file.")
    assert current(file) == {}
    anew = drop_and_load(file, "download.csv", **said)
    assert anew.rows_new == len(cells(file))
    assert current(file) == cells(file)
    if date.fromisoformat(FILES[file]["released_on"]) > SITE_STANDS_ON:
        assert record(file) == before
    else:
        # What could be read for a time is kept, and the figure is known from when it came again.
        closed = [one for one in record(file) if one.known_until]
        assert [one._replace(known_until=None) for one in closed] == before
        assert len(record(file)) == 2 * len(before)
