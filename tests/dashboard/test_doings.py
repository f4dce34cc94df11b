"""The first page leads whoever has something to do to where it is done, and says nothing else."""

import pytest

from dashboard.models import User
from improvement.changes import approve_updates, return_update
from improvement.models import Action
from tests.conftest import position_on
from tests.improvement.conftest import NOW, say
from tests.improvement.update_pages import MINE, queries, text_of

pytestmark = pytest.mark.django_db

OWNED = ["5.13", "5.18", "5.19a", "5.22", "5.24b", "5.27a"]


@pytest.fixture
def someone():
    return lambda username: User.objects.get(username=username)


def send(someone, references):
    officer = someone("officer")
    return [say(Action.objects.get(reference=one), officer) for one in references]


def told(client, address="/"):
    """What the line says, and where it leads."""
    return [(one.words, one.url) for one in client.get(address).context["doings"]]


def test_an_officer_is_led_to_what_is_due(sign_in, someone):
    client = sign_in("officer")
    assert "6 updates are due by 19 October 2016: My updates ." in text_of(client.get("/"))
    assert told(client) == [("6 updates are due by 19 October 2016", MINE)]
    sent = send(someone, OWNED[:5])
    assert told(client) == [("1 update is due by 19 October 2016", MINE)]
    return_update(update=sent[0], reason="Since when?", by=someone("theme-lead"), now=NOW)
    assert told(client) == [("2 updates are due by 19 October 2016", MINE)]
    assert "2 of 6 still to update" in text_of(client.get(MINE))
    send(someone, [OWNED[0], OWNED[5]])
    assert told(client) == []


def test_what_is_late_was_due(sign_in, settings):
    settings.POSITION_DATE = position_on(2016, 10, 20).on
    assert told(sign_in("officer")) == [("6 updates were due by 19 October 2016", MINE)]


def test_a_lead_and_the_director_are_led_to_what_waits_for_them(sign_in, someone):
    lead, director = sign_in("theme-lead"), sign_in("director")
    assert told(lead) == told(director) == []
    sent = send(someone, OWNED[:2])
    waits = [("2 updates wait for your review", "/plan/reviews/")]
    assert told(lead) == told(director) == waits
    approve_updates(updates=sent[:1], by=someone("theme-lead"), now=NOW)
    assert told(lead) == [("1 update waits for your review", "/plan/reviews/")]
    assert told(director) == [
        ("1 update waits for your review", "/plan/reviews/"),
        ("1 approved update waits to be released", "/plan/release/"),
    ]


def test_a_page_as_at_an_earlier_day_says_nothing_of_today(sign_in):
    assert told(sign_in("officer"), "/?as_at=2016-10-04") == []


def test_members_read_nothing_of_it_and_pay_nothing(sign_in, someone):
    before = queries(sign_in("councillor"), "/")
    approve_updates(updates=send(someone, OWNED[:2])[:1], by=someone("theme-lead"), now=NOW)
    assert told(sign_in("councillor")) == []
    assert queries(sign_in("councillor"), "/") == before
    for role, more in (("officer", 2), ("theme-lead", 3), ("director", 3)):
        assert queries(sign_in(role), "/") <= before + more <= 18
