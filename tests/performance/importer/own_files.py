"""Files in our own layout, made of rows, and what is read of them."""

import csv
import io
from functools import reduce

import openpyxl
import pytest

from performance.importer.file_kinds import Limits
from performance.importer.incoming import Source
from performance.importer.own_layout import read_own_layout
from performance.importer.problems import LoadRefused
from performance.models import Indicator

HEAD = ["series", "period", "value"]
CHILDREN = "looked-after-number.council"
SHARE = "return-interviews-72-hours.council"
LARGE = Limits(size=10**10, rows=10**8)


def as_csv(*rows, head=HEAD, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([head, *rows])
    return out.getvalue()


def as_workbook(*rows, head=HEAD, formats=None):
    book = openpyxl.Workbook()
    for row in [head, *rows]:
        book.active.append(row)
    for place, number_format in (formats or {}).items():
        book.active[place].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content, **given):
    content = content.encode() if isinstance(content, str) else content
    reading = read_own_layout(Source("q.csv", content), **given)
    return reading, list(reading.figures)


def figures(*rows, head=HEAD):
    """The figures, read by text and by the cells of a workbook alike."""
    reading, found = read(as_csv(*rows, head=head))
    assert list(map(str, reading.problems)) == []
    return found


def said(*rows, head=HEAD, **given):
    reading, found = read(as_csv(*rows, head=head, **given))
    assert found == []
    return without_indicator(str(problem).removeprefix("q.csv, ") for problem in reading.problems)


def without_indicator(problems):
    """The problems without the names that `test_a_problem_names_its_indicator` is about."""
    names = [f"{name}: " for name in Indicator.objects.values_list("short_title", flat=True)]
    return [reduce(lambda left, name: left.replace(name, "", 1), names, one) for one in problems]


def refused(content, **given):
    with pytest.raises(LoadRefused) as error:
        read(content, **given)
    return list(map(str, error.value.problems))
