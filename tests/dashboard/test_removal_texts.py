"""A name is taken out of e-mails that wait, of a person's history and of a plan's spreadsheet."""

import pytest
from django.core import mail
from django.utils import timezone

from dashboard.mail.sending import deliver
from dashboard.models import PersonEvent, QueuedMessage
from improvement.changes import ask_removal, decline_removal
from improvement.models import Plan, PlanLoad
from improvement.removal.sentences import hidden_sentence, removed_sentence
from tests.improvement.conftest import NOW, ON
from tests.improvement.removals import confirm

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
    confirm(ask(officer), director)
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


def is_due(message) -> bool:
    return QueuedMessage.objects.due(timezone.now()).filter(pk=message.pk).exists()


def test_a_message_that_is_hidden_waits_until_it_is_decided(named, officer, director, settings):
    settings.MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    removal = ask(officer)
    assert deliver().sent == 0
    assert QueuedMessage.objects.waiting(timezone.now()).count() == 1
    decline_removal(removal=removal, by=director, reason="It is a place.", now=NOW)
    assert deliver().sent == 1
    (sent,) = mail.outbox
    assert (sent.subject, sent.body) == (f"About {NAME}", f"{NAME} waits.")


def test_a_message_that_was_taken_out_is_sent_with_what_stands_there(
    named, officer, director, settings
):
    settings.MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    confirm(ask(officer), director)
    assert deliver().sent == 1
    (sent,) = mail.outbox
    assert (sent.subject, sent.body) == (removed_sentence(ON), removed_sentence(ON))


@pytest.mark.parametrize("column", ["subject", "text", "html"])
def test_a_message_waits_whichever_part_is_hidden(officer, column):
    message = QueuedMessage.objects.create(
        **{"subject": "Due", "text": "Six are due.", column: f"About {NAME}."},
        address="officer@example.org", kind="reminder", key="one",
    )  # fmt: skip
    assert is_due(message)
    ask(officer)
    assert not is_due(message)


def test_a_message_whose_failure_alone_is_hidden_is_sent(officer):
    message = QueuedMessage.objects.create(
        address="officer@example.org", kind="reminder", key="one", subject="Due",
        text="Six are due.", last_error=f"550 Nobody is called {NAME}",
    )  # fmt: skip
    ask(officer)
    message.refresh_from_db()
    assert message.last_error == hidden_sentence(ON)
    assert is_due(message)
