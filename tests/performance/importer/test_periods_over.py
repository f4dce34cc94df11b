"""A figure about a period that is not over on the day from which it would be known is refused."""

from datetime import date, timedelta

import pytest

from performance.importer.incoming import Source
from performance.importer.loading import Options, confirm, load_file, screen
from performance.importer.problems import LoadRefused
from performance.importer.reading_files import make_lait_series
from performance.models import Load, Measurement, Series
from tests.performance.importer.dropped import C1
from tests.performance.importer.lait_files import CSV, DICTIONARY
from tests.performance.importer.naive_published import content
from tests.performance.importer.own_files import CHILDREN, HEAD, as_csv
from tests.performance.importer.real_releases import said_of
from tests.performance.load_factories import person

pytestmark = pytest.mark.django_db

BUDGET = "children-budget.council"
YEARLY = "assessments-45-days.council"
TO_DATE = "adopters-approved.council"


@pytest.fixture(autouse=True)
def _on_the_panels_day(settings):
    settings.POSITION_DATE = date(2016, 10, 5)


def give(*rows, head=HEAD, **options):
    source = Source("q.csv", as_csv(*rows, head=head).encode())
    return screen(source, by=person(), options=Options(**options))


@pytest.mark.parametrize(
    ("series", "period"),
    [
        (CHILDREN, "5 October 2016"),
        (YEARLY, "Q2 2016/17"),
        (YEARLY, "September 2016"),
        (TO_DATE, "April to September 2016"),
        ("persistent-absence.council", "2015/16"),
    ],
)
def test_a_period_whose_end_has_come_is_read(series, period):
    assert give([series, period, "50"]).state == Load.State.SCREENED


@pytest.mark.parametrize(
    ("series", "period", "expected"),
    [
        (CHILDREN, "6 October 2016", "the period ends on 6 October 2016 and was not over on 5 "
         "October 2016, from when its figure would be known: is another year meant?"),
        (CHILDREN, "8 August 2036", "the period ends on 8 August 2036 and was not over on 5 "
         "October 2016, from when its figure would be known: is another year meant?"),
        (YEARLY, "2036/37", "ends on 31 March 2037"),
        (YEARLY, "2016/17", "the period ends on 31 March 2017 and was not over on 5 October 2016, "
         "from when its figure would be known: name the part of it that the figure is of, or give "
         "it once the period is over"),
        (TO_DATE, "April to October 2016", "name the part of it"),
        (BUDGET, "2036/37", "is another year meant?"),
    ],
)  # fmt: skip
def test_a_period_that_is_not_over_is_refused(series, period, expected):
    load = give([CHILDREN, "8 August 2016", "638"], [series, period, "50"])
    assert load.state == Load.State.REFUSED
    [problem] = said_of(load)
    assert problem.startswith(f"q.csv, row 3, column B (period): found “{period}”; ")
    assert problem.endswith(expected) or expected in problem
    title = Series.objects.get(code=series).indicator.short_title
    assert f"{title}: the period" in problem


def test_it_is_told_beside_all_else_that_is_wrong_and_counted():
    rows = [[CHILDREN, f"{day} June 2036", "1"] for day in range(1, 31)]
    load = give([CHILDREN, "8 August 2016", "x1"], *rows)
    assert load.rows_refused == len(said_of(load)) == 31


def test_a_thousand_are_kept_and_all_are_counted():
    days = (date(2036, 1, 1) + timedelta(days=number) for number in range(1_200))
    load = give(*([CHILDREN, f"{day:%-d %B %Y}", "1"] for day in days))
    assert (load.rows_refused, len(said_of(load))) == (1_200, 1_000)


def test_a_budget_is_known_before_its_year_is_over():
    """The one of 2016/17 is on record since September 2016."""
    first = confirm(give([BUDGET, "2016/17", "48.5"]), by=person(), reason="Agreed in Cabinet.")
    assert (first.state, first.rows_revised) == (Load.State.LOADED, 1)
    assert give([BUDGET, "2017/18", "49"]).state == Load.State.SCREENED
    Measurement.objects.filter(series__code=BUDGET, period_label="2016/17").delete()
    assert give([BUDGET, "2016/17", "47.5"]).state == Load.State.REFUSED


def test_a_back_load_is_held_against_its_own_day():
    given = {"is_back_load": True, "released_on": date(2016, 8, 8)}
    assert give([CHILDREN, "8 August 2016", "640"], **given).state == Load.State.SCREENED
    later = give([CHILDREN, "9 August 2016", "640"], **given)
    assert "was not over on 8 August 2016" in said_of(later)[0]
    still_to_come = {"is_back_load": True, "released_on": date(2017, 8, 8)}
    assert (
        "was not over on 5 October 2016"
        in said_of(give([CHILDREN, "9 October 2016", "640"], **still_to_come))[0]
    )


def test_the_tools_table_is_held_against_the_day_of_its_release(tmp_path):
    dictionary = tmp_path / "dictionary.csv"
    dictionary.write_bytes(DICTIONARY.content)
    options = Options(dictionary=dictionary, released_on=date(2020, 1, 1))
    with pytest.raises(LoadRefused) as refused:
        load_file(CSV, options, lambda: make_lait_series(CSV, options), lambda count: None)
    first = str(refused.value.problems[0])
    assert "column Years: found " in first
    assert "was not over on 1 January 2020" in first
    assert first.endswith("is another year, or another day of release, meant?")


def test_a_published_release_of_a_day_that_has_not_come_is_refused():
    """The day of release is what its owner says: a wrong one must not let a wrong year pass."""
    head, *lines = content(C1).decode("utf-8-sig").splitlines()
    rows = [f"{int(line[:4]) + 100}{line[4:]}" for line in lines]
    source = Source("download.csv", "\n".join([head, *rows]).encode())
    options = Options(released_on=date(2126, 10, 29))
    load = screen(source, by=person(), options=options)
    assert load.state == Load.State.REFUSED
    assert "column time_period: found " in said_of(load)[0]
    assert said_of(load)[0].endswith("is another year, or another day of release, meant?")
