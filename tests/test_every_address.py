"""Every address × every role, and signed out: the answer that the table says."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from dashboard.roles import ROLES
from tests.addresses import ADMIN, ROWS, Row, every_name

pytestmark = pytest.mark.django_db

EVERY_ROW = [*ROWS, *ADMIN]
SIGNED_OUT = "signed out"
# Django's admin redirects from these; its other tables: see tests/dashboard/test_admin.py.
ELSEWHERE = ("admin:login", "admin:logout", "admin:<path:object_id>/", "admin:(?P<url>.*)$")
MORE_TABLES = "admin:performance_"


def test_every_address_has_a_row():
    """A new page is added to the table in tests/addresses.py, with who may open it."""
    told = {row.name for row in EVERY_ROW}
    missing = [
        name
        for name in every_name()
        if name not in told and name not in ELSEWHERE and not name.startswith(MORE_TABLES)
    ]
    assert missing == []


def test_every_row_has_an_address():
    assert [row.name for row in EVERY_ROW if row.name not in every_name()] == []


@contextmanager
def undone() -> Iterator[None]:
    """What a request does is taken back before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def expected(row: Row, *, sends: bool) -> dict[str, int]:
    allowed, answer = (row.takes, row.answer_sent) if sends else (row.opens, row.answer)
    answers = {
        role.slug: 405 if allowed is None else answer if role.slug in allowed else row.refused
        for role in ROLES
    }
    if not row.is_for_all:
        return answers | {SIGNED_OUT: 302}
    return answers


def browser_with(cookies: SimpleCookie) -> Client:
    """As its person's was when they had just signed in, whatever was done with it since. A page
    that fails answers 500, so that the rows after it are asked too."""
    client = Client(raise_request_exception=False)
    client.cookies.update(cookies)
    return client


def answered(row: Row, signed_in: dict[str, SimpleCookie], *, sends: bool) -> dict[str, int]:
    answers = {}
    address = row.address()
    for role, cookies in signed_in.items():
        if row.is_for_all and role == SIGNED_OUT:
            continue
        client = browser_with(cookies)
        with undone():
            response = client.post(address) if sends else client.get(address)
            b"".join(response) if response.streaming else response.content
        answers[role] = response.status_code
    return answers


@pytest.fixture
def signed_in(sign_in, nobody) -> dict[str, SimpleCookie]:
    """The cookies of everybody: one signing in each, for every address."""
    return {SIGNED_OUT: nobody.cookies} | {role.slug: sign_in(role.slug).cookies for role in ROLES}


@pytest.mark.parametrize("sends", [False, True], ids=["get", "post"])
def test_who_may(sends, signed_in):
    wrong = []
    for number, row in enumerate(EVERY_ROW):
        with undone():
            found = answered(row, signed_in, sends=sends)
        right = expected(row, sends=sends)
        wrong += [
            f"row {number}, {row.name}{row.query}: {role} gets {found.get(role)}, not {answer}"
            for role, answer in right.items()
            if found.get(role) != answer
        ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("address", "sent", "answer"),
    [
        ("/sign-in/", False, 200), ("/sign-in/", True, 200), ("/sign-out/", True, 302),
        ("/healthz/", False, 200), ("/readyz/", False, 200),
    ],
)  # fmt: skip
def test_what_is_open_to_all(nobody, address, sent, answer):
    response = nobody.post(address) if sent else nobody.get(address)
    assert response.status_code == answer


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("data-admin", "performance:load"), ("data-admin", "performance:target-change"),
        ("data-admin", "performance:lock-lift"), ("data-admin", "performance:annotation-close"),
        ("director", "improvement:plan-load"), ("director", "improvement:round"),
        ("director", "improvement:removal"), ("director", "improvement:update-return"),
        ("administrator", "person"),
    ],
)  # fmt: skip
def test_a_number_that_is_too_large_for_any_row_is_not_found(sign_in, role, name):
    assert sign_in(role).get(reverse(name, args=[2**63])).status_code == 404


@pytest.mark.parametrize("row", EVERY_ROW, ids=lambda row: f"{row.name}{row.query}")
def test_somebody_without_a_role_opens_nothing(row, client):
    from dashboard.models import User

    client.force_login(User.objects.create_user("without-a-role"))
    if row.is_for_all or row.is_ones_own or row.opens is None or row.name == "glossary":
        pytest.skip("it is for everybody, or nothing is opened there")
    with undone():
        assert client.get(row.address()).status_code == row.refused
