"""Files of the Department for Education as they are dropped, and what becomes of them."""

import pytest

from performance.importer.incoming import Source
from performance.importer.problems import LoadRefused
from performance.importer.published_reading import read_published_file
from performance.models import Area, Series
from tests.performance.importer.naive_published import Cell, Place, content

C1 = "c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv"
# Two files with the same columns and no column of years: which is meant must be said.
ADOPTED = {"SFR36_ADP2014.csv", "SFR34_ADP2015.csv"}
BOTH = [
    ("b1_children_in_need_2013_to_2024.csv", "b1_children_in_need_2013_to_2025.csv"),
    ("c1_children_in_need_referrals_and_rereferrals_2013_to_2024.csv", C1),
    ("d3_cpps_subsequent_plan_2013_to_2024.csv", "d3_cpps_subsequent_plan_2013_to_2025.csv"),
    ("d5_cpps_at31march_by_duration_2013_to_2024.csv",
     "d5_cpps_at31march_by_duration_2013_to_2025.csv"),
    ("csww_indicators_2017_to_2024.csv", "csww_indicators_2017_to_2025.csv"),
    ("cla_number_and_rate_per_10k_children_2024.csv",
     "cla_number_and_rate_per_10k_children_2025.csv"),
]  # fmt: skip


def dropped(file, name="b1 (3).csv"):
    """One of the project's files under a name that says nothing."""
    return Source(name, content=content(file))


def read_all(source, maps, **options):
    """The figures of a file in which nothing is wrong; raises LoadRefused where something is."""
    reading = read_published_file(source, maps, **options)
    figures = list(reading.figures)
    if reading.problems:
        raise LoadRefused(reading.problems)
    return figures


def refused(source, maps, **options):
    """The one problem of a file that is not read, or the problems found in its cells."""
    with pytest.raises(LoadRefused) as problem:
        read_all(source, maps, **options)
    return [str(one) for one in problem.value.problems]


def by_place(figures):
    """The figures as the naive reading holds its cells, and the row of each."""
    series = dict(Series.objects.values_list("pk", "code"))
    areas = dict(Area.objects.values_list("pk", "code"))
    cells, rows = {}, {}
    for one in figures:
        place = Place(series[one.series], areas[one.area], one.period.start, one.period.end)
        assert place not in cells
        cells[place] = Cell(one.value, one.symbol_as_published, one.numerator, one.denominator)
        rows[place] = one.file_row
    return cells, rows
