"""The queue of e-mails: nothing waits for a mail server, and nothing is lost or sent twice."""

import io
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.core.mail import send_mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone

from dashboard.mail import sending
from dashboard.mail.email_url import read_email_url
from dashboard.mail.queueing import queue_message
from dashboard.mail.sending import deliver
from dashboard.models import QueuedMessage, User
from tests.dashboard.conftest import PROJECT

pytestmark = pytest.mark.django_db


class Letterbox(Message):
    """A mail server's letters, and the addresses that it refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list = []
        self.refused: set[str] = set()

    def handle_message(self, message) -> None:
        self.letters.append(message)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 There is nobody of that name."
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def mail_server() -> Iterator[Controller]:
    server = Controller(Letterbox(), hostname="127.0.0.1", port=free_port())
    server.start()
    yield server
    server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def by_smtp(settings, mail_server) -> Letterbox:
    _use(settings, mail_server.port)
    return mail_server.handler


def _use(settings, port: int) -> None:
    for name, value in read_email_url(f"smtp://127.0.0.1:{port}?tls=none").items():
        setattr(settings, name, value)
    settings.DEFAULT_FROM_EMAIL = "panel@council.example"


def queue(key="one", **more) -> bool:
    person = User.objects.get(username="officer")
    given = {"to": person, "address": person.email, "kind": "reminder", "key": key}
    return queue_message(**{**given, "subject": "Due", "text": "Six are due.", **more})


def message(key="one") -> QueuedMessage:
    return QueuedMessage.objects.get(key=key)


def test_a_message_is_sent_by_a_real_conversation(by_smtp):
    queue(html="<p>Six are due.</p>", subject="Due\r\nBcc: another@council.example")
    assert deliver().sent == 1
    (letter,) = by_smtp.letters
    assert (letter["To"], letter["From"]) == ("officer@panel.example", "panel@council.example")
    assert letter["Subject"] == "Due Bcc: another@council.example"
    kinds = [part.get_content_type() for part in letter.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    assert message().sent_at is not None
    assert message().text == "Six are due."
    assert deliver().sent == 0
    assert len(by_smtp.letters) == 1


def test_the_same_thing_is_told_once():
    assert queue()
    assert not queue(text="Seven are due.")
    assert message().text == "Six are due."


def test_what_makes_no_message_is_not_taken_for_told():
    with pytest.raises(IntegrityError):
        queue(expires_at=timezone.now() - timedelta(days=1))


def test_a_server_that_does_not_answer_loses_nothing(settings, mail_server):
    _use(settings, free_port())
    queue("one")
    queue("two")
    failed = deliver()
    assert (failed.sent, failed.failed) == (0, 1)
    assert message("one").tries == 1
    assert "ConnectionRefusedError" in message("one").last_error
    _use(settings, mail_server.port)
    # The first waits its minute; the second was never tried.
    assert deliver().sent == 1
    QueuedMessage.objects.update(next_try_at=timezone.now())
    assert deliver().sent == 1
    assert [letter["Subject"] for letter in mail_server.handler.letters] == ["Due", "Due"]
    assert message("one").last_error == ""


def test_a_page_does_not_wait_for_a_server_that_does_not_answer(settings, nobody):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        _use(settings, silent.getsockname()[1])
        began = time.monotonic()
        asked = {"email": "officer@panel.example"}
        assert nobody.post("/account/password/forgotten/", asked).status_code == 302
        assert time.monotonic() - began < 2
    assert QueuedMessage.objects.waiting(timezone.now()).count() == 1


def test_the_waits_grow_to_six_hours():
    queue()
    row, now, waits = message(), timezone.now(), []
    for _ in range(11):
        sending._note_failure(row, OSError("away"), now)
        waits.append((row.next_try_at - now) / timedelta(minutes=1))
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_one_refused_address_does_not_hold_up_the_others(by_smtp):
    by_smtp.refused.add("gone@council.example")
    queue("one", address="gone@council.example")
    queue("two")
    done = deliver()
    assert (done.sent, done.failed) == (1, 1)
    assert "There is nobody of that name" in message("one").last_error
    assert message("two").sent_at is not None


def test_a_secret_is_forgotten_once_sent_and_not_sent_once_over(by_smtp):
    queue("sent", is_secret=True, expires_at=timezone.now() + timedelta(hours=1))
    queue("over", is_secret=True, expires_at=timezone.now() + timedelta(hours=1))
    past = timezone.now() - timedelta(seconds=1)
    QueuedMessage.objects.filter(key="over").update(
        expires_at=past, queued_at=past - timedelta(hours=1)
    )
    done = deliver()
    assert (done.sent, done.forgotten) == (1, 1)
    assert (message("sent").text, message("over").text) == ("", "")
    assert len(by_smtp.letters) == 1


def test_what_was_sent_thirty_days_ago_is_emptied(by_smtp):
    queue("old")
    queue("new")
    deliver()
    QueuedMessage.objects.filter(key="old").update(sent_at=timezone.now() - timedelta(days=31))
    assert deliver().forgotten == 1
    assert (message("old").text, message("new").text) == ("", "Six are due.")
    assert deliver().forgotten == 0


def test_the_database_keeps_no_secret_that_was_sent():
    queue(is_secret=True)
    with pytest.raises(IntegrityError, match="dashboard_queuedmessage_sent_secret_is_gone"):
        QueuedMessage.objects.update(sent_at=timezone.now())


def test_what_django_sends_is_queued_too(settings, by_smtp):
    settings.EMAIL_BACKEND = "dashboard.mail.backend.QueueBackend"
    to = ["officer@panel.example", "chair@panel.example"]
    send_mail("Hello", "In words.", None, to, html_message="<p>In words.</p>")
    assert by_smtp.letters == []
    assert deliver().sent == 2
    assert sorted(letter["To"] for letter in by_smtp.letters) == sorted(to)


def test_it_is_sent_after_the_commit_where_the_site_sends_at_once(
    settings, by_smtp, django_capture_on_commit_callbacks
):
    settings.MAIL_DELIVERY = "inline"
    with django_capture_on_commit_callbacks(execute=True):
        queue()
        assert by_smtp.letters == []
    assert len(by_smtp.letters) == 1


def test_in_the_web_process_a_thread_sends(settings, monkeypatch):
    settings.MAIL_DELIVERY = "thread"
    began, may_end, done = threading.Event(), threading.Event(), []

    def take_long() -> None:
        began.set()
        assert may_end.wait(10)
        done.append(1)

    monkeypatch.setattr(sending, "deliver", take_long)
    before = set(threading.enumerate())
    sending.send_soon()
    assert began.wait(10)
    # One more waits its turn, and sees what was queued meanwhile; a third would see no more.
    sending.send_soon()
    sending.send_soon()
    threads = set(threading.enumerate()) - before
    assert len(threads) == 2
    assert all(thread.daemon for thread in threads)
    may_end.set()
    for thread in threads:
        thread.join(10)
    assert done == [1, 1]


def test_the_command_says_what_it_sent(by_smtp):
    queue()
    said = io.StringIO()
    call_command("send_messages", stdout=said)
    assert said.getvalue().strip() == "1 sent, 0 not sent, 0 waiting."


def test_the_command_fails_where_it_could_not_send(settings):
    _use(settings, free_port())
    queue()
    with pytest.raises(CommandError, match=r"0 sent, 1 not sent, 1 waiting.*Connection refused"):
        call_command("send_messages")


def test_two_senders_at_once_send_each_message_once(filled, mail_server):
    """As the site's own role, and in processes of their own."""
    filled.connection.close()
    filled.ask(
        "insert into dashboard_queuedmessage (to_id, address, kind, key, subject, text, html, "
        "is_secret, tries, last_error) select null, 'n' || n || '@panel.example', 'reminder', n, "
        "'Due', 'Six.', '', false, 0, '' from generate_series(1, 40) n"
    )
    senders = [send_messages(filled, mail_server.port) for _ in range(2)]
    said = [sender.communicate(timeout=60)[0] for sender in senders]
    assert [sender.returncode for sender in senders] == [0, 0], said
    to = [letter["To"] for letter in mail_server.handler.letters]
    assert sorted(to) == sorted(f"n{number}@panel.example" for number in range(1, 41))
    assert filled.ask("select count(*) from dashboard_queuedmessage where sent_at is null") == [
        (0,)
    ]


def test_nothing_waits_for_a_message_that_is_on_its_way(filled):
    """A page that takes words out of it, say."""
    filled.connection.close()
    filled.ask(
        "insert into dashboard_queuedmessage (address, kind, key, subject, text, html, is_secret, "
        "tries, last_error) values ('n@panel.example', 'x', 'x', 'Due', 'Six.', '', false, 0, '')"
    )
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        sender = send_messages(filled, silent.getsockname()[1])
        try:
            answered, _ = silent.accept()
            with answered:
                filled.ask("select from dashboard_queuedmessage for update nowait")
        finally:
            sender.kill()
            sender.communicate()


def test_what_somebody_else_has_in_hand_is_emptied_the_next_time(filled):
    filled.connection.close()
    filled.ask(
        "insert into dashboard_queuedmessage (address, kind, key, subject, text, html, is_secret, "
        "tries, last_error, queued_at, sent_at) select 'n@panel.example', 'x', key, 'Due', 'Six.', "
        "'', false, 0, '', now() - interval '32 days', now() - interval '31 days' "
        "from unnest(array['in hand', 'free']) key"
    )
    holding = filled.open()
    try:
        holding.cursor().execute(
            "select from dashboard_queuedmessage where key = 'in hand' for update"
        )
        assert empty_old_messages(filled) == {"in hand": "Six.", "free": ""}
    finally:
        holding.close()
    assert empty_old_messages(filled) == {"in hand": "", "free": ""}


def empty_old_messages(scratch) -> dict[str, str]:
    """What the messages say after a sender passed, who waits for nobody."""
    sender = send_messages(scratch, free_port())
    try:
        said, _ = sender.communicate(timeout=30)
    finally:
        sender.kill()
    assert sender.returncode == 0, said
    return dict(scratch.ask("select key, text from dashboard_queuedmessage"))


def test_what_was_taken_out_while_it_was_sent_is_not_written_back(by_smtp, monkeypatch):
    queue()
    send = sending._send

    def take_out_and_send(row, server):
        QueuedMessage.objects.update(text="Removed.")
        send(row, server)

    monkeypatch.setattr(sending, "_send", take_out_and_send)
    assert deliver().sent == 1
    assert message().text == "Removed."


def test_nobody_is_written_to_whose_sign_in_was_ended_since(by_smtp):
    queue()
    User.objects.filter(username="officer").update(is_active=False)
    assert deliver().sent == 0
    queue("to no person", to=None)
    assert deliver().sent == 1


def send_messages(scratch, port: int) -> "subprocess.Popen[str]":
    given = scratch.connection.get_connection_params()
    host = quote(given.get("host", ""), safe="")
    at_port = f":{given['port']}" if given.get("port") else ""
    password = f":{quote(given['password'], safe='')}" if given.get("password") else ""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "DATABASE_URL": f"postgres://{scratch.site_role}{password}@{host}{at_port}/{scratch.name}",
        "DATABASE_AS_OWNER": "false",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}?tls=none",
        "DEFAULT_FROM_EMAIL": "panel@council.example",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "send_messages"],
        env=environment, cwd=PROJECT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtp://me:p%40ss@mail.example:2525",
            ("mail.example", 2525, "me", "p@ss", False, True),
        ),
        ("smtp://mail.example", ("mail.example", 587, "", "", False, True)),
        ("smtps://me:x@mail.example", ("mail.example", 465, "me", "x", True, False)),
        ("smtp://127.0.0.1:25?tls=none", ("127.0.0.1", 25, "", "", False, False)),
    ],
)
def test_email_url_is_read(url, expected):
    read = read_email_url(url)
    names = "HOST PORT HOST_USER HOST_PASSWORD USE_SSL USE_TLS".split()
    assert tuple(read[f"EMAIL_{name}"] for name in names) == expected


@pytest.mark.parametrize(
    "url",
    [
        "nonsense", "http://mail.example", "smtp://", "smtp://host:port", "smtps://h?tls=none",
        "smtp://h?tls=maybe", "smtp://h?timeout=3", "smtp://h/path", "console://host", "smtp://h?x",
    ],
)  # fmt: skip
def test_a_wrong_email_url_is_refused(url):
    with pytest.raises(ValueError):  # noqa: PT011  its words are asked for in test_settings.py
        read_email_url(url)
