"""Whether a series' source names a release."""

import pytest

from performance.calculations.release_words import names_release

IN_NEED = "Department for Education, children in need, release of 2025"
OUTCOMES = (
    "Department for Education, outcomes for children in need, including children looked after, "
    "release for 2024/25; 2016/17 as the department’s Local Authority Interactive Tool repeats "
    "them, April 2026"
)
UNDERLYING = "Department for Education, children looked after in England, underlying data"
INCLUDING = "Department for Education, children looked after in England including adoptions"


@pytest.mark.parametrize(
    ("source", "release"),
    [
        (IN_NEED, "Children in need, reporting year 2025"),
        (OUTCOMES, "Outcomes for children in need, including children looked after by local "
         "authorities in England, reporting year 2025"),
        ("Department for Education, Local Authority Interactive Tool, April 2026",
         "Local Authority Interactive Tool, data of April 2026"),
        (UNDERLYING, "Children looked after in England, SFR50/2017, underlying data"),
    ],
)  # fmt: skip
def test_the_source_names_the_release(source, release):
    assert names_release(source, release)


@pytest.mark.parametrize(
    ("source", "release"),
    [
        (IN_NEED, "Children in need, reporting year 2024"),
        (IN_NEED, "Children in need, reporting year 2025, corrected on 4 May 2026"),
        (IN_NEED, "new release of ‘Children in need’, released on 29 October 2026"),
        (OUTCOMES, "Children in need, reporting year 2025"),
        (f"{INCLUDING}, release of 2025", "Children looked after in England, reporting year 2025"),
        (f"{UNDERLYING}, for 2015/16; {INCLUDING}, release of 2025",
         "Children looked after in England, SFR41/2016, underlying data"),
        ("Department for Education, Local Authority Interactive Tool, April 2026",
         "Local Authority Interactive Tool, data of April 2027"),
        ("Report to the panel", "Children in need, reporting year 2025"),
    ],
)  # fmt: skip
def test_the_source_does_not_name_the_release(source, release):
    assert not names_release(source, release)
