"""A name is taken out of e-mails that wait, of a person's history and of a plan's spreadsheet."""

import pytest

from dashboard.models import PersonEvent, QueuedMessage
from improvement.changes import ask_removal, confirm_removal, decline_removal
from improvement.models import Plan, PlanLoad
from improvement.removal.sentences import hidden_sentence, removed_sentence
from tests.improvement.conftest import NOW, ON

pytestmark = pytest.mark.django_db

NAME = "Zebedee Quill"


@pytest.fixture
def director():
    from dashboard.models import User

    return User.objects.get(username="director")


@pytest.fixture
def officer():
    from dashboard.models import User

    return User.objects.get(username="officer")


@pytest.fixture
def named(officer):
    """The three, and what each is."""
    message = QueuedMessage.objects.create(
        address="officer@example.org", kind="reminder", key="one", subject=f"About {NAME}",
        text=f"{NAME} waits.", html="<p>Zebedee&nbsp;Quill waits.</p>",
    )  # fmt: skip
    event = PersonEvent.objects.create(
        whom="officer", done="deactivated", by=officer, reason=f"Wrote of {NAME}.",
        before={"is_active": True}, after={"is_active": False},
    )  # fmt: skip
    load = PlanLoad.objects.create(
        plan=Plan.objects.first(), file_name="plan.csv", sha256="0" * 64, state="screened",
        content=f"reference,title\n9.01,Help {NAME}\n".encode(),
        report={"new": [{"title": f"Help {NAME}"}]},
    )  # fmt: skip
    return message, event, load


def ask(officer):
    return ask_removal(words=NAME, reason="It names a child.", by=officer, on=ON, now=NOW)


def test_a_name_is_hidden_at_once_in_what_is_read_of_a_spreadsheet_too(named, officer):
    message, event, load = named
    ask(officer)
    for row in named:
        row.refresh_from_db()
    hidden = hidden_sentence(ON)
    assert (message.subject, message.text, message.html) == (hidden, hidden, hidden)
    assert event.reason == hidden
    assert (load.state, NAME in str(load.report)) == ("screened", False)


def test_a_name_that_two_people_took_out_is_gone(named, officer, director):
    message, event, load = named
    confirm_removal(removal=ask(officer), reason="It does.", by=director, on=ON, now=NOW)
    message.refresh_from_db()
    event.refresh_from_db()
    load.refresh_from_db()
    assert message.text == event.reason == removed_sentence(ON)
    assert (load.state, load.content, load.report) == ("discarded", None, {})


def test_what_was_put_back_reads_as_it_did(named, officer, director):
    message, event, _ = named
    decline_removal(removal=ask(officer), by=director, reason="It is a place.", now=NOW)
    message.refresh_from_db()
    event.refresh_from_db()
    assert (message.text, event.reason) == (f"{NAME} waits.", f"Wrote of {NAME}.")
