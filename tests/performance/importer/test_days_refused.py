"""From which day a file's figures would be known: asked for where it is needed, never to come."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError
from django.utils import timezone

from performance.importer.incoming import Source
from performance.importer.loading import Options, confirm, screen
from performance.importer.performance_files import load_performance
from performance.importer.problems import LoadRefused
from performance.importer.published_files import load_published_files
from performance.models import Load
from tests.performance.importer.dropped import BOTH
from tests.performance.importer.lait_files import CSV, DICTIONARY
from tests.performance.importer.real_releases import drop, empty, said_of
from tests.performance.importer.releases import figure, load
from tests.performance.importer.test_loading import WHY, quarter, run, values
from tests.performance.importer.test_wrong_cells import KEPT, problems
from tests.performance.load_factories import give, person
from tests.prints import print_of
from tests.wrong_files import change, copy_fixtures

pytestmark = pytest.mark.django_db

D3 = BOTH[2][0]
TODAY = date(2016, 10, 5)  # on which the tests' site stands
NO_DAY = (
    "quarter.csv: it is given as a back-load, and a back-load has a day from which its figures "
    "were known: give that day as “Released on” (--released-on to the command), or say that it is "
    "no back-load"
)


def own(content=None, **said):
    content = content or quarter(640)
    return screen(Source("quarter.csv", content), by=person(), options=Options(**said))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "quarter.csv"
    path.write_bytes(quarter(640))
    return path


# A back-load without a day


def test_a_back_load_without_a_day_is_refused_and_what_stands_stands():
    refused = own(is_back_load=True)
    assert refused.state == Load.State.REFUSED
    assert said_of(refused) == [NO_DAY]
    assert values() == [(638, True)]


def test_the_form_that_ticks_a_back_load_and_gives_no_day_leads_to_the_question(sign_in):
    sent = give(sign_in("data-admin"), quarter(640), is_back_load="on", released_on="")
    body = sent.content.decode()
    assert NO_DAY.removeprefix("quarter.csv: ") in body
    assert values() == [(638, True)]


@pytest.mark.parametrize("commit", [[], ["--commit", *WHY]])
def test_the_command_asks_for_the_day_of_a_back_load(path, capsys, commit):
    with pytest.raises(CommandError):
        run(path, "--back-load", *commit)
    assert NO_DAY in capsys.readouterr().err
    assert values() == [(638, True)]


def test_the_long_table_as_a_back_load_is_asked_for_its_day(tmp_path, capsys):
    path, dictionary = tmp_path / "lait.csv", tmp_path / "dictionary.csv"
    path.write_bytes(CSV.content)
    dictionary.write_bytes(DICTIONARY.content)
    with pytest.raises(CommandError):
        run(path, "--dictionary", str(dictionary), "--back-load")
    assert "give that day as “Released on”" in capsys.readouterr().err


def test_a_release_that_is_known_needs_no_day_to_be_a_back_load():
    """Its day stands in dfe_files.csv."""
    empty(D3)
    assert drop(D3, "d3.csv", is_back_load=True).state == Load.State.SCREENED


# A day that has not come


@pytest.mark.parametrize("after", [1, 4_000])
def test_a_back_load_from_a_day_after_today_is_refused(after):
    day = TODAY + timedelta(days=after)
    refused = own(is_back_load=True, released_on=day)
    assert refused.state == Load.State.REFUSED
    assert said_of(refused) == [
        f"quarter.csv: its figures would be known from {day:%-d %B %Y}, and it is 5 October 2016: "
        "is another day meant? Give the day on which they could first be read"
    ]
    assert confirm(own(), by=person(), reason="Late returns.").rows_revised == 1


def test_a_back_load_from_today_is_taken():
    assert own(is_back_load=True, released_on=TODAY).state == Load.State.SCREENED


def test_the_command_refuses_a_day_to_come(path, capsys):
    with pytest.raises(CommandError):
        run(path, "--back-load", "--released-on", "2036-01-15", "--commit", *WHY)
    assert "would be known from 15 January 2036" in capsys.readouterr().err
    assert values() == [(638, True)]


def test_a_release_of_the_department_is_held_against_the_real_day():
    """The site stands in 2016, and its files are of later years: a day of next week is of none."""
    empty(D3)
    next_week = timezone.localdate() + timedelta(days=7)
    refused = drop(D3, "d3.csv", released_on=next_week)
    assert refused.state == Load.State.REFUSED
    assert f"its figures would be known from {next_week:%-d %B %Y}" in said_of(refused)[0]
    yesterday = timezone.localdate() - timedelta(days=1)
    assert drop(D3, "d3.csv", released_on=yesterday).state == Load.State.SCREENED


def test_what_is_read_by_any_other_door_is_refused_too():
    with pytest.raises(LoadRefused, match="1 problem"):
        load([figure(2, 2015, 46)], 100_000)


@pytest.mark.parametrize("name", ["figures", "targets"])
def test_a_fact_of_a_folder_known_from_a_day_to_come_is_refused(tmp_path, name):
    folder = copy_fixtures(tmp_path / "fixtures")
    change(folder, name, "known_from", "2096-01-15")
    assert problems(load_performance, folder) == [
        f"{name}.csv, row 2, column known_from: found “2096-01-15”; this day has not come yet: "
        "write the day on which it could first be read"
    ]


def test_a_release_that_the_tables_date_to_come_is_refused(tmp_path):
    folder, before = copy_fixtures(tmp_path / "fixtures"), print_of(*KEPT)
    change(folder, "dfe_files", "released_on", "2096-01-15")
    with pytest.raises(LoadRefused) as refused:
        load_published_files(folder, commit=True)
    assert str(refused.value.problems[0]).startswith(
        "dfe_files.csv, row 2, column released_on: found “2096-01-15”; this day has not come yet"
    )
    assert print_of(*KEPT) == before
