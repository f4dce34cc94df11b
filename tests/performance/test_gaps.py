"""A period that a source left out is never joined over, in no picture."""

from xml.etree import ElementTree

import pytest
from django.test import override_settings

from performance.calculations.periods import follow_a_gap
from performance.models import Indicator
from performance.presenters.indicator import make_indicator_page
from tests.conftest import position_on
from tests.performance.calculations.figure_factories import on_31_march, on_day


def test_a_left_out_year_is_a_gap():
    figures = [*on_31_march(2013, [1, 2, 3]), on_day("2018-03-31", 4), on_day("2019-03-31", 5)]
    assert follow_a_gap(figures) == [False, False, False, True, False]


def test_a_late_day_is_no_gap():
    figures = [*on_31_march(2013, [1, 2]), on_day("2015-06-30", 3), on_day("2016-03-31", 4)]
    assert not any(follow_a_gap(figures))


@pytest.mark.django_db
@override_settings(COUNCIL_CODE="336")
def test_persistent_absence_is_not_joined_over_the_year_that_dfe_left_out():
    indicator = Indicator.objects.get(code="persistent-absence")
    page = make_indicator_page(indicator, "336", position_on(2025, 12, 31))
    chart = page.main.chart
    periods = [row[0].text for row in chart.table.rows]
    assert "2014/15" in periods
    assert "2015/16" not in periods
    (line,) = [trace for trace in chart.figure["data"] if trace["name"] == "Wolverhampton"]
    after = line["x"].index("2017-08-31")
    assert line["y"][after] is None
    drawn = ElementTree.fromstring(chart.svg_wide)
    own = [line for line in drawn.iter()
           if (line.get("stroke"), line.get("stroke-width")) == ("#12436D", "2.5")]  # fmt: skip
    keyed = 1 if "Wolverhampton" in "".join(drawn.itertext()) else 0
    assert len(own) - keyed == 3  # to 2014/15, to 2018/19, and from 2020/21
    assert "Nothing is held between 2014/15 and 2016/17." in chart.sentence
