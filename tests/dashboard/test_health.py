import logging

import pytest
from django.db import connection
from django.test import Client


@pytest.fixture
def database_away(django_db_setup, django_db_blocker, monkeypatch):
    """Takes the database away, and gives it back: outside a transaction, and nothing is written."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)

    def take() -> None:
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "HOST", "/no/such/folder")

    with django_db_blocker.unblock():
        yield take, monkeypatch.undo
        monkeypatch.undo()
        connection.close()
    logging.getLogger("django.request").setLevel(logging.NOTSET)


@pytest.fixture
def visitor() -> Client:
    """A browser that holds a session, so that each page asks the database who it is."""
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    return client


def test_healthz_answers_without_the_database(client):
    answer = client.get("/healthz/")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_answers_when_the_database_does(client):
    answer = client.get("/readyz/")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_readyz_is_503_while_the_database_is_away(client, database_away):
    take, give_back = database_away
    take()
    assert client.get("/readyz/").status_code == 503
    give_back()
    assert client.get("/readyz/").status_code == 200


def test_readyz_says_so_in_a_word_to_a_browser_with_a_session(visitor, database_away):
    take, _ = database_away
    take()
    answer = visitor.get("/readyz/")
    assert (answer.status_code, answer.content) == (503, b"the database is away")


@pytest.mark.parametrize("address", ["/", "/plan/", "/judgements/adoption/", "/glossary/"])
def test_page_is_503_while_the_database_is_away_and_recovers(visitor, database_away, address):
    take, give_back = database_away
    take()
    answer = visitor.get(address)
    assert answer.status_code == 503
    assert "database" in answer.content.decode()
    assert answer.headers["Retry-After"] == "30"
    assert "Content-Security-Policy" in answer.headers

    give_back()
    assert visitor.get(address).status_code == 302


def test_sign_in_page_needs_no_database(client):
    assert client.get("/sign-in/").status_code == 200


@pytest.mark.parametrize("address", ["/healthz/", "/readyz/"])
def test_operators_pages_are_not_redirected_to_https(client, database_away, settings, address):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(address).status_code == 200
    assert client.get("/glossary/").status_code == 301


def test_a_host_that_is_not_ours_gets_a_page_and_no_traceback(nobody):
    for address in ("/", "/healthz/"):
        assert nobody.get(address, headers={"host": "elsewhere.example"}).status_code == 400
