"""A percentage or a rate of our own layout beside the two numbers that it is made of."""

import pytest

from performance.models import Series
from tests.performance.importer.own_files import (
    CHILDREN,
    HEAD,
    SHARE,
    as_csv,
    as_workbook,
    figures,
    read,
    said,
    without_indicator,
)

pytestmark = pytest.mark.django_db

PARTS = [*HEAD, "numerator", "denominator"]
RATE = "looked-after-rate.dfe"
ONE_DECIMAL = "assessments-45-days.council"


@pytest.mark.parametrize(
    ("series", "period", "value", "numerator", "denominator"),
    [
        (SHARE, "July 2016", "46", "23", "50"),
        (SHARE, "July 2016", "46%", "23", "50"),
        # Rounded up, down, and by one unit too much.
        (SHARE, "July 2016", "67", "2", "3"),
        (SHARE, "July 2016", "66", "2", "3"),
        (SHARE, "July 2016", "0", "0", "7"),
        (SHARE, "July 2016", "46", "23", ""),
        (SHARE, "July 2016", "46", "", "60"),
        (ONE_DECIMAL, "2015/16", "66.7", "2", "3"),
        (ONE_DECIMAL, "2015/16", "66.8", "2", "3"),
        # Printed without its decimal, as a spreadsheet shows 67.0.
        (ONE_DECIMAL, "2015/16", "67", "2", "3"),
        (ONE_DECIMAL, "2015/16", "66.67", "2", "3"),
        (RATE, "31 March 2016", "107", "640", "60,000"),
        (CHILDREN, "8 August 2016", "638", "1", "2"),
        ("children-budget.council", "2015/16", "47", "1", "2"),
    ],
)
def test_a_share_that_its_parts_make_is_read(series, period, value, numerator, denominator):
    assert len(figures([series, period, value, numerator, denominator], head=PARTS)) == 1


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_a_share_that_its_parts_do_not_make_is_a_question(write):
    rows = [[SHARE, "July 2016", "46", "23", "60"], [SHARE, "June 2016", "46", "23", "50"]]
    reading, found = read(write(*rows, head=PARTS))
    assert [figure.value for figure in found] == [46]
    assert without_indicator(map(str, reading.problems)) == [
        "q.csv, row 2, column C (value): found “46”; 23 out of 60 is 38.3%, and the value says "
        "46%: which is right? Mend the value, the numerator or the denominator"
    ]


@pytest.mark.parametrize(
    ("series", "period", "value", "numerator", "denominator", "expected"),
    [
        (SHARE, "July 2016", "65", "2", "3", "2 out of 3 is 66.7%, and the value says 65%"),
        (ONE_DECIMAL, "2015/16", "66.9", "2", "3", "2 out of 3 is 66.67%, and the value says 66.9"),
        (ONE_DECIMAL, "2015/16", "0.46", "23", "50", "23 out of 50 is 46%, and the value says 0.4"),
        (RATE, "31 March 2016", "64", "640", "60000", "640 out of 60,000 is 106.7 per 10,000, and "
         "the value says 64 per 10,000"),
        (SHARE, "July 2016", "0", "0", "0", "0 out of 0 is no share of anything"),
        (SHARE, "July 2016", "46", "99999999999999", "0.000001", "out of 0.000001 is 9,999"),
    ],
)  # fmt: skip
def test_what_the_parts_make_is_said(series, period, value, numerator, denominator, expected):
    [problem] = said([series, period, value, numerator, denominator], head=PARTS)
    assert problem.startswith("row 2, column C (value): ")
    assert expected in problem


def test_outside_councils_publishers_round_the_one_and_not_the_other():
    head = ["series", "area", "period", "value", "numerator", "denominator"]
    series = Series.objects.get(code="second-plans.dfe").code
    [figure] = figures([series, "E12000003", "2021/22", "23.6", "1660", "7490"], head=head)
    assert figure.denominator == 7490
