"""A folder's load taken back, on a site that stands on a day and on one that does not.

Each figure of a folder is known from a day of its own: one that could be read is closed, and one of
a day still to come is set aside.
"""

import pytest

from performance.importer.performance_files import load_performance
from performance.importer.withdrawal import foretell, withdraw
from performance.models import Load, Measurement, SetAside
from tests.performance.importer.test_folder_checks import FIRST, folder, revise

pytestmark = pytest.mark.django_db

__all__ = ["folder"]
KEY = ("series", "area", "period_start", "period_end")


def revised(folder, **given):
    """The load of the folder, one of whose figures is another, and the figure's first version."""
    revise(folder, **given)
    load_performance(folder, commit=True, reason="Counted again.")
    load = Load.objects.filter(format=Load.Format.FOLDER).latest("pk")
    row = Measurement.objects.filter(load=load).latest("pk")
    key = {name: getattr(row, name) for name in KEY}
    return load, Measurement.objects.filter(**key).order_by("known_from")


def take_back(load):
    foretold = foretell(load).to_json()
    done = withdraw(load, by=None, reason="A slip.")
    assert done.report == foretold
    return done


def spans(rows):
    return [(int(row.value), row.known_from, row.known_until) for row in rows.all()]


@pytest.mark.parametrize("stands_on_a_day", [True, False])
def test_what_could_be_read_of_a_folder_is_closed(folder, settings, stands_on_a_day):
    if not stands_on_a_day:
        settings.POSITION_DATE = None
    load, rows = revised(folder)
    first, own = spans(rows)
    withdrawal = take_back(load)
    at = withdrawal.released_at
    assert spans(rows) == [first, (*own[:2], at), (first[0], at, None)]
    assert not SetAside.objects.exists()
    assert [line["new"] for line in withdrawal.report["revisions"]] == ["638"]


def test_a_folder_of_a_site_that_stands_on_a_day_is_known_from_that_day(folder, settings):
    load, _ = revised(folder)
    assert load.released_at.date() == settings.POSITION_DATE


def test_a_folders_figure_of_a_day_still_to_come_is_set_aside(folder):
    load, rows = revised(folder, known_from="2017-03-01")
    first, own = spans(rows)
    assert first[2] == own[1]
    take_back(load)
    assert spans(rows) == [(*first[:2], None)]
    assert SetAside.objects.get().figure["value"] == 640


def test_of_one_folder_the_one_is_closed_and_the_other_set_aside(folder):
    revise(folder, FIRST, "779", known_from="2017-03-01")
    load, rows = revised(folder)
    assert Measurement.objects.filter(load=load).count() == 2
    withdrawal = take_back(load)
    assert [value for value, *_ in spans(rows)] == [638, 640, 638]
    assert SetAside.objects.get().figure["value"] == 779
    [again] = Measurement.objects.current().filter(value=778, series=rows[0].series)
    assert again.load != withdrawal
    assert withdrawal.rows_revised == 2
    assert {line["new"] for line in withdrawal.report["revisions"]} == {"778", "638"}
