"""What a report shows of the figures that moved: slips of the keyboard, wherever they stand."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from performance.importer.movements import MOST_ELSEWHERE
from performance.importer.screening_report import ScreeningReport
from performance.models import Area, Measurement, Series
from tests.performance.importer.test_loading import CHILDREN, give, quarter, run

pytestmark = pytest.mark.django_db

# 778 children on 31 March 2015 and 638 on 8 August 2016, by the panel's paper.
FIRST_DAY = "31 March 2015"
OTHER = "assessments-45-days.council"


def report_of(load):
    return ScreeningReport.from_json(load.report)


def lines_of(load):
    return [
        (line.area, line.period, line.last, line.last_period, line.new, line.why)
        for line in report_of(load).movements
    ]


def several(*rows):
    """A file of the number of children: area, day and value in each row."""
    out = io.StringIO()
    csv.writer(out).writerows(
        [["series", "area", "period", "value"], *([CHILDREN, *row] for row in rows)]
    )
    return out.getvalue().encode()


def test_a_slip_in_the_earliest_figure_is_held_against_what_it_replaces():
    load = give(quarter(77_800, FIRST_DAY))
    assert lines_of(load) == [("Wolverhampton", FIRST_DAY, "778", "2014/15", "77800", "ten_times")]
    assert report_of(load).suspicious_total == 1


def test_a_smaller_revision_of_the_earliest_figure_is_a_movement():
    assert lines_of(give(quarter(800, FIRST_DAY))) == [
        ("Wolverhampton", FIRST_DAY, "778", "2014/15", "800", "moved")
    ]


def test_a_slip_in_the_only_figure_is_shown_in_the_picture_and_by_the_command(
    sign_in, tmp_path, capsys
):
    Measurement.objects.filter(series__code=CHILDREN, period_label="8 August 2016").delete()
    load = give(quarter(7, FIRST_DAY))
    assert [line[-1] for line in lines_of(load)] == ["tenth"]
    body = sign_in("data-admin").get(f"/performance/loads/{load.pk}/").content.decode()
    assert "The biggest movements" in body
    (tmp_path / "q.csv").write_bytes(quarter(7, FIRST_DAY))
    run(tmp_path / "q.csv")
    assert "Wolverhampton, 31 March 2015: 778 in 2014/15, now 7: less" in capsys.readouterr().out


def test_a_slip_of_a_neighbour_is_shown():
    """Its figures make the medians that members read."""
    load = give(several(("335", "9 August 2016", "2939"), ("335", "9 September 2016", "4000000")))
    area = Area.objects.get(code="335").name
    assert lines_of(load) == [
        (area, "9 September 2016", "2939", "9 August 2016", "4000000", "ten_times")
    ]
    assert report_of(load).suspicious_total == 1


@pytest.mark.parametrize("value", ["3000", "29390"])
def test_a_neighbours_figure_within_ten_times_is_no_matter(value):
    load = give(several(("335", "9 August 2016", "2939"), ("335", "9 September 2016", value)))
    assert lines_of(load) == []


def test_a_neighbours_figure_is_held_against_what_it_replaces_and_what_is_on_record():
    walsall, series = Area.objects.get(code="335"), Series.objects.get(code=CHILDREN)
    for row in Measurement.objects.filter(series=series, area__code="336"):
        row.pk, row.area, row.load = None, walsall, None
        row.save(force_insert=True)
    found = lines_of(give(several(("335", FIRST_DAY, "7"), ("335", "9 September 2016", "63800"))))
    assert [(line[1], line[2], line[-1]) for line in found] == [
        (FIRST_DAY, "778", "tenth"),
        ("9 September 2016", "638", "ten_times"),
    ]


def test_slips_elsewhere_are_bounded_and_asked_for_at_once():
    areas = Area.objects.exclude(code="336").values_list("code", flat=True)[: MOST_ELSEWHERE + 5]
    few, many = (
        several(*((code, day, value) for code in areas[:size]
                  for day, value in (("9 August 2016", "5"), ("9 September 2016", "5000"))))
        for size in (2, MOST_ELSEWHERE + 5)
    )  # fmt: skip
    with CaptureQueriesContext(
        connection,
    ) as for_few:
        give(few)
    with CaptureQueriesContext(connection) as for_many:
        load = give(many)
    assert len(for_many) == len(for_few)
    assert len(report_of(load).movements) == MOST_ELSEWHERE
    assert report_of(load).suspicious_total == MOST_ELSEWHERE + 5


def test_every_figure_that_is_added_is_held_against_the_limits_of_those_before():
    values = [640, 642, 641, 643, 640, 642, 641, 900, 642]
    rows = [("336", f"{day} September 2016", str(value)) for day, value in enumerate(values, 1)]
    Measurement.objects.filter(series__code=CHILDREN).delete()
    odd = [line for line in lines_of(give(several(*rows))) if line[-1] == "outside"]
    assert odd[0][1:5] == ("8 September 2016", "641", "7 September 2016", "900")
