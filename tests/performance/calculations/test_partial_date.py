from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.partial_date import PartialDate, read_partial_date


@pytest.mark.parametrize(
    ("text", "words", "on", "shown"),
    [
        ("2016-08-22", "", date(2016, 8, 22), "22 August 2016"),
        ("2016-09", "", date(2016, 9, 30), "September 2016"),
        ("2016-02", "", date(2016, 2, 29), "February 2016"),
        ("2016", "", date(2016, 12, 31), "2016"),
        ("2016-09-20", "mid-September 2016", date(2016, 9, 20), "mid-September 2016"),
        ("", "imminently", None, "imminently"),
        ("", "", None, ""),
    ],
)
def test_a_date_says_no_more_than_its_source(text, words, on, shown):
    read = read_partial_date(text, words)
    assert read.on == on
    assert str(read) == shown


@pytest.mark.parametrize("text", ["31/02/2016", "2016-13", "2016-02-30", "16-09", "soon", "2016-9"])
def test_what_is_not_a_date_is_refused_with_what_is_expected(text):
    with pytest.raises(ValueError, match="a month"):
        read_partial_date(text)


def test_a_month_has_passed_only_when_it_is_over():
    september = read_partial_date("2016-09")
    assert not september.has_passed(date(2016, 9, 30))
    assert september.has_passed(date(2016, 10, 1))


def test_no_date_never_passes():
    assert not PartialDate(None, "words", "imminently").has_passed(date(2100, 1, 1))


@given(st.dates())
def test_a_day_reads_back_as_itself(day):
    assert read_partial_date(day.isoformat()).on == day
