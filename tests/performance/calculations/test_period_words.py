"""A period's words are read as the days that they can mean, and nothing else."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.partial_date import MONTHS
from performance.calculations.period_words import (
    KINDS,
    follow,
    kind_of,
    name_days,
    name_months,
    read_period_words,
)

FIRSTS = st.builds(date, st.integers(1950, 2100), st.integers(1, 12), st.just(1))
DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


def read(words):
    return [
        (period.start.isoformat(), period.end.isoformat(), period.kind, period.label)
        for period in read_period_words(words)
    ]


FINANCIAL = ("2016-04-01", "2017-03-31", "financial year", "2016/17")
ACADEMIC = ("2016-09-01", "2017-08-31", "academic year", "2016/17")


@pytest.mark.parametrize(
    ("words", "readings"),
    [
        ("2016/17", [FINANCIAL, ACADEMIC]),
        (" 2016-17 ", [FINANCIAL, ACADEMIC]),
        ("2016–17", [FINANCIAL, ACADEMIC]),
        ("2016/2017", [FINANCIAL, ACADEMIC]),
        ("financial year 2016/17", [FINANCIAL]),
        ("2016/17 financial year", [FINANCIAL]),
        ("Academic Year 2016/17", [ACADEMIC]),
        ("school year 2016/17", [ACADEMIC]),
        ("1999/00", [("1999-04-01", "2000-03-31", "financial year", "1999/00"),
                     ("1999-09-01", "2000-08-31", "academic year", "1999/00")]),
        ("2016/18", []),
        ("calendar year 2016", [("2016-01-01", "2016-12-31", "calendar year", "2016")]),
        ("Q1 2016/17", [("2016-04-01", "2016-06-30", "quarter", "Q1 2016/17")]),
        ("Quarter 4 2016-17", [("2017-01-01", "2017-03-31", "quarter", "Q4 2016/17")]),
        ("2016/17 Q3", [("2016-10-01", "2016-12-31", "quarter", "Q3 2016/17")]),
        ("the last quarter of 2016/17", [("2017-01-01", "2017-03-31", "quarter", "Q4 2016/17")]),
        ("Q1 2016", [("2016-04-01", "2016-06-30", "quarter", "Q1 2016/17"),
                     ("2016-01-01", "2016-03-31", "quarter", "Q4 2015/16")]),
        ("Q5 2016/17", []),
        ("april 2016", [("2016-04-01", "2016-04-30", "month", "April 2016")]),
        ("Sept 2016", [("2016-09-01", "2016-09-30", "month", "September 2016")]),
        ("2016-02", [("2016-02-01", "2016-02-29", "month", "February 2016")]),
        ("2016-13", []),
        ("Apr 16", []),
        ("April to August 2016", [("2016-04-01", "2016-08-31", "other", "April to August 2016")]),
        ("April 2016 to March 2017", [FINANCIAL]),
        ("August to April 2016", []),
        ("year to 30 September 2016",
         [("2015-10-01", "2016-09-30", "other", "year to 30 September 2016")]),
        ("year ending March 2017",
         [("2016-04-01", "2017-03-31", "financial year", "year to 31 March 2017")]),
        ("year to 31 December 2016",
         [("2016-01-01", "2016-12-31", "calendar year", "year to 31 December 2016")]),
        ("year to 30 March 2017", []),
        ("end of June 2016", [("2016-06-30", "2016-06-30", "day", "end of June 2016")]),
        ("5 October 2016", [("2016-10-05", "2016-10-05", "day", "5 October 2016")]),
        ("5th Oct 2016", [("2016-10-05", "2016-10-05", "day", "5 October 2016")]),
        ("05/10/2016", [("2016-10-05", "2016-10-05", "day", "5 October 2016")]),
        ("2016-10-05", [("2016-10-05", "2016-10-05", "day", "5 October 2016")]),
        ("31 June 2016", []),
        ("1 April to 30 June 2016",
         [("2016-04-01", "2016-06-30", "quarter", "1 April 2016 to 30 June 2016")]),
        ("not dated in the paper", []),
        ("after the April 2016 campaign", []),
        ("9999/00", []),
        ("0000", []),
        ("", []),
    ],
)  # fmt: skip
def test_words_are_read(words, readings):
    assert read(words) == readings


def test_a_year_alone_can_mean_five_periods():
    assert [(kind, label) for _, _, kind, label in read("2016")] == [
        ("calendar year", "2016"), ("financial year", "2015/16"), ("financial year", "2016/17"),
        ("academic year", "2015/16"), ("academic year", "2016/17"),
    ]  # fmt: skip


def test_a_year_and_a_number_can_be_a_month_too():
    assert [(kind, label) for _, _, kind, label in read("2011-12")] == [
        ("financial year", "2011/12"), ("academic year", "2011/12"), ("month", "December 2011")
    ]  # fmt: skip


@given(FIRSTS, st.sampled_from([1, 2, 3, 5, 7, 12, 13, 24]))
def test_whole_months_as_we_write_them_are_read_back(first, months):
    period = name_months(first, months)
    assert period.start == first
    assert (period.end + timedelta(days=1)).day == 1
    assert kind_of(period.start, period.end) == period.kind
    assert period in read_period_words(period.label)


@given(DAYS, st.sampled_from(["{0} {1} {2}", "{0}/{3}/{2}", "{2}-{3:02}-{0:02}", "{0}th {1} {2}"]))
def test_a_day_in_each_form_is_read_back(day, form):
    words = form.format(day.day, MONTHS[day.month - 1], day.year, day.month)
    [period] = read_period_words(words)
    assert (period.start, period.end, period.kind) == (day, day, "day")


@given(DAYS, DAYS)
def test_two_days_are_read_back(one, other):
    start, end = sorted((one, other))
    [period] = read_period_words(name_days(start, end))
    assert (period.start, period.end, period.kind) == (start, end, kind_of(start, end))


@given(st.text(max_size=60))
def test_any_words_are_read_or_are_free_text(words):
    for period in read_period_words(words):
        assert period.start <= period.end
        assert period.kind in KINDS


@given(FIRSTS, st.sampled_from([1, 3, 12]))
def test_the_next_period_begins_the_day_after_and_is_as_long(first, months):
    period = name_months(first, months)
    following = follow(period.start, period.end)
    if period.kind == "other":
        assert following is None
    else:
        assert following is not None
        assert following.start == period.end + timedelta(days=1)
        assert following.kind == period.kind


def test_nothing_follows_a_day():
    assert follow(date(2016, 3, 31), date(2016, 3, 31)) is None
