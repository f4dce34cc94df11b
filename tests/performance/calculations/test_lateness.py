from datetime import date

import pytest

from performance.calculations.lateness import expected_by
from tests.performance.calculations.figure_factories import make_quarters, on_31_march, on_day


@pytest.mark.parametrize(
    ("figures", "known_on", "expected"),
    [
        (on_31_march(2013, [1, 2, 3]), date(2015, 11, 22), date(2017, 5, 22)),
        (make_quarters(2015, [1, 2, 3, 4]), date(2016, 5, 1), date(2016, 9, 16)),
        (on_31_march(2013, [1, 2]), date(2014, 11, 22), None),
        ([], date(2014, 11, 22), None),
    ],
)
def test_half_as_long_again_as_the_rhythm_is_allowed(figures, known_on, expected):
    assert expected_by(figures, known_on) == expected


def test_a_year_that_was_left_out_does_not_change_the_rhythm():
    figures = [*on_31_march(2013, [1, 2, 3]), on_day("2017-03-31", 4)]
    assert expected_by(figures, date(2017, 11, 1)) == date(2019, 5, 2)
