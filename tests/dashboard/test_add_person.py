import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from dashboard.models import PersonEvent, User
from dashboard.roles import ROLES

pytestmark = pytest.mark.django_db

GOOD = "Plum-barge-7-lantern"


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("PERSON_PASSWORD", GOOD)


def add(username, role, **more):
    said = io.StringIO()
    call_command("add_person", username, role=role, stdout=said, **more)
    return said.getvalue().strip()


def type_passwords(monkeypatch, *typed):
    """As if these were typed, one after the other, where nothing is shown."""
    monkeypatch.delenv("PERSON_PASSWORD")
    answers = iter(typed)
    monkeypatch.setattr(
        "dashboard.management.commands.add_person.getpass", lambda prompt: next(answers)
    )


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.slug)
def test_add_person_makes_a_person_with_the_role(client, role):
    assert add("robin", role.slug) == f"robin can sign in, as {role.title}. {role.sentence}"
    assert client.login(username="robin", password=GOOD)
    person = User.objects.get(username="robin")
    assert person.get_all_permissions() == set(role.permissions)
    assert (person.is_staff, person.is_superuser) == (False, False)


def test_add_person_leaves_its_trace_by_nobody():
    add("robin", "officer", email="Robin@council.example")
    add("robin", "data-admin")
    assert User.objects.get(username="robin").email == "robin@council.example"
    events = PersonEvent.objects.filter(whom="robin").values_list("done", "by", "after")
    assert list(events) == [
        ("roles", None, {"roles": ["Data admin", "Officer"]}),
        ("added", None, {"email": "robin@council.example", "roles": ["Officer"]}),
    ]


def test_add_person_refuses_an_address_that_somebody_has():
    with pytest.raises(CommandError, match="dashboard_user_email_is_one_persons"):
        add("robin", "officer", email="officer@panel.example")


def test_add_person_again_changes_nothing(monkeypatch):
    add("robin", "chair")
    monkeypatch.setenv("PERSON_PASSWORD", "Another-one-entirely")
    assert add("robin", "chair") == "robin is Chair already; nothing was changed."
    assert User.objects.get(username="robin").check_password(GOOD)


def test_add_person_adds_a_second_role():
    add("robin", "officer")
    assert add("robin", "data-admin") == "robin was there already, and is now Data admin too."
    titles = User.objects.get(username="robin").groups.order_by("name")
    assert list(titles.values_list("name", flat=True)) == ["Data admin", "Officer"]


def test_add_person_takes_a_password_that_is_typed_twice(monkeypatch):
    type_passwords(monkeypatch, GOOD, GOOD)
    add("robin", "chair")
    assert User.objects.get(username="robin").check_password(GOOD)


@pytest.mark.parametrize(
    ("username", "role", "typed", "said"),
    [
        (
            "robin",
            "boss",
            (GOOD, GOOD),
            "“boss” is not a role. The roles are:\n  councillor: Reads",
        ),
        ("robin", "chair", (GOOD, "other"), "The two are not the same, and nobody was added"),
        ("robin", "chair", ("short", "short"), "This password is too short"),
        ("two words", "chair", (GOOD, GOOD), "Enter a valid username"),
    ],
)
def test_add_person_refuses_and_adds_nobody(monkeypatch, username, role, typed, said):
    type_passwords(monkeypatch, *typed)
    with pytest.raises(CommandError, match=said.replace("?", r"\?")):
        add(username, role)
    assert not User.objects.filter(username=username).exists()


def test_add_person_refuses_to_ask_where_the_password_would_be_seen(monkeypatch):
    monkeypatch.delenv("PERSON_PASSWORD")
    monkeypatch.setattr("getpass.os.open", _no_terminal)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\n{GOOD}\n"))
    with pytest.raises(CommandError, match="type it at a terminal, or set PERSON_PASSWORD"):
        add("robin", "chair")
    assert not User.objects.filter(username="robin").exists()


def _no_terminal(*arguments):
    raise OSError


def test_add_person_asks_for_the_roles_first():
    Group.objects.all().delete()
    with pytest.raises(CommandError, match=r"run manage\.py sync_roles first"):
        add("robin", "chair")
