"""A file that is given again: whether there is anything new in it, and what to do if so."""

import pytest
from django.core.management import CommandError

from performance.importer.withdrawal import withdraw
from performance.models import Load
from tests.performance.importer.real_releases import said_of
from tests.performance.importer.test_loading import give, load, quarter, run, values

pytestmark = pytest.mark.django_db

NOTHING_NEW = ": there is nothing new in it"
WHY = "Late returns."


def said_again(value=640):
    refused = give(quarter(value), "again.csv")
    assert refused.state == Load.State.REFUSED
    [said] = said_of(refused)
    return said


def test_what_stands_has_nothing_new():
    first = load(quarter(640), reason=WHY)
    assert said_again().endswith(f"as load {first.pk}{NOTHING_NEW}")


def test_what_was_revised_since_says_by_which_load_and_what_to_do():
    first = load(quarter(640), reason=WHY)
    second = load(quarter(650), reason=WHY)
    assert said_again().endswith(
        f"as load {first.pk}, and 1 of its figures was revised since by load {second.pk}: withdraw "
        "what was wrong, or give the figures that are right in a new file, with a reason"
    )
    assert said_again(650).endswith(NOTHING_NEW)
    assert values()[-1] == (650, True)


def test_every_load_that_says_the_figure_now_is_named():
    load(quarter(640), reason=WHY)
    second = load(quarter(650), reason=WHY)
    third = load(quarter(650) + b"\n")
    assert f"since by loads {second.pk} and {third.pk}: " in said_again()


def test_what_a_withdrawal_put_back_has_nothing_new():
    load(quarter(640), reason=WHY)
    withdraw(load(quarter(650), reason=WHY), by=None, reason="A slip.")
    assert values()[-1] == (640, True)
    assert said_again().endswith(NOTHING_NEW)


def test_what_a_withdrawal_put_back_of_another_load_names_that_load():
    load(quarter(640), reason=WHY)
    second = load(quarter(650), reason=WHY)
    withdraw(load(quarter(660), reason=WHY), by=None, reason="A slip.")
    assert f"since by load {second.pk}: " in said_again()


def test_what_a_repeat_said_may_have_been_revised_too():
    """638 is on record by the panel's paper."""
    load(quarter(638))
    second = load(quarter(650), reason=WHY)
    assert f"since by load {second.pk}: " in said_again(638)


def test_an_earlier_release_was_not_revised_by_what_stood_already(tmp_path, capsys):
    path = tmp_path / "quarter.csv"
    path.write_bytes(quarter(640))
    words = ["--released-on", "2016-09-01", "--back-load", "--commit", "--reason", WHY]
    run(path, *words)
    with pytest.raises(CommandError):
        run(path, *words)
    assert capsys.readouterr().err.strip().endswith(NOTHING_NEW)
