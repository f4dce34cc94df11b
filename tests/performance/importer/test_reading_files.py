"""The layout of a file is told whatever parts its columns."""

import csv
import io

import pytest

from performance.importer.incoming import Source
from performance.importer.loading import Options
from performance.importer.problems import LoadRefused
from performance.importer.reading_files import read_file, tell_layout
from performance.models import Load
from tests.performance.importer.dropped import C1
from tests.performance.importer.lait_files import made
from tests.performance.importer.naive_published import content
from tests.performance.importer.own_files import SHARE, as_csv

LAIT_ROW = ["LAC", "2016", "336", "1"]


def parted(source, delimiter):
    rows = csv.reader(io.StringIO(source.read().decode("utf-8-sig")))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return Source(source.name, out.getvalue().encode())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("source", "layout"),
    [
        (Source("c1.csv", content(C1)), Load.Format.PUBLISHED),
        (made(LAIT_ROW), Load.Format.LAIT),
        (Source("q.csv", as_csv([SHARE, "July 2016", "46"]).encode()), Load.Format.OWN),
        (Source("q.csv", b"one,two\n1,2\n"), Load.Format.OWN),
    ],
)
def test_the_layout_is_told_whatever_parts_the_columns(source, layout, delimiter):
    assert tell_layout(parted(source, delimiter)) == layout


@pytest.mark.parametrize(("delimiter", "named"), [(";", "semicolons"), ("\t", "tabs")])
@pytest.mark.parametrize("source", [Source("c1.csv", content(C1)), made(LAIT_ROW)])
@pytest.mark.parametrize("is_said", [True, False])
def test_a_file_of_the_department_that_was_saved_anew_is_refused(source, delimiter, named, is_said):
    given = parted(source, delimiter)
    options = Options(format=tell_layout(source) if is_said else "")
    with pytest.raises(LoadRefused) as refused:
        read_file(given, options)
    assert list(map(str, refused.value.problems)) == [
        f"{source.name}: the columns are parted by {named}, and in the Department’s own files by "
        "commas: a program that saved it anew may have changed codes and figures too. Drop the CSV "
        "as it was downloaded"
    ]


@pytest.mark.django_db
def test_our_own_layout_is_read_whatever_parts_the_columns():
    for delimiter in ",;\t":
        text = as_csv([SHARE, "July 2016", "46"], delimiter=delimiter)
        [figure] = read_file(Source("q.csv", text.encode()), Options()).figures
        assert figure.value == 46
