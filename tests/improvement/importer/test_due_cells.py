"""Dates as people write them, and slips that are never taken for words."""

from datetime import date
from decimal import Decimal

import pytest

from improvement.importer.due_cells import read_due
from performance.calculations.partial_date import PartialDate, read_partial_date
from performance.importer.officers_cells import Question
from performance.importer.raw_tables import PartOfDate


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2016-09-30", "2016-09-30"),
        ("30/9/2016", "2016-09-30"),
        ("30 September 2016", "2016-09-30"),
        (date(2016, 9, 30), "2016-09-30"),
        ("2016-09", "2016-09"),
        ("September 2016", "2016-09"),
        ("Sept 2016", "2016-09"),
        ("Sep-2016", "2016-09"),
        ("'2016-09", "2016-09"),
        ("2016", "2016"),
        (Decimal(2016), "2016"),
        (PartOfDate("September 2016", date(2016, 9, 1)), "2016-09"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_date_says_no_more_than_it_says(written, meant):
    for takes_words in (True, False):
        assert read_due(written, takes_words=takes_words) == read_partial_date(meant)


@pytest.mark.parametrize("words", ["mid-September 2016", "autumn 2016", "imminently", "by Easter"])
def test_words_are_kept_where_words_may_stand(words):
    assert read_due(words, takes_words=True) == PartialDate(None, "words", words)
    assert isinstance(read_due(words, takes_words=False), Question)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("2016-13", "a month such as 2016-09"),
        ("31/9/2016", "no such day in the calendar"),
        ("30/9/16", "write the year in full: 30/9/2016"),
        ("Sep-16", "write the year in full: September 2016"),
        ("Septembr 2016", "did you mean September?"),
        ("9/30/2016", "is the month written first"),
        ("20160930", "is this number a date?"),
        (Decimal("42643"), "is this number a date?"),
        ("1899", "a year from 1900"),
        ("?", "words such as"),
        ("so soon " * 12, "at most 80 characters"),
    ],
)
def test_a_slip_is_asked_about_and_never_taken_for_words(written, asked):
    read = read_due(written, takes_words=True)
    assert isinstance(read, Question)
    assert asked in read.expected
