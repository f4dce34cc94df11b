"""The pages by which personal information is taken out."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.models import PersonEvent
from improvement.changes import (
    ask_removal,
    removal,
    return_update,
    save_draft,
    state_of,
)
from improvement.models import (
    Action,
    Plan,
    PlanEvent,
    PlanLoad,
    ProgressUpdate,
    Removal,
    UpdateRound,
    print_of,
)
from improvement.removal.matching import Words
from performance.models import Load, PeriodLock
from tests.improvement.conftest import NAME, NOW, ON, say, words
from tests.improvement.removals import LIST, REMOVED, SAID, ask, decline, page_of

pytestmark = pytest.mark.django_db

ASK = "/plan/removals/ask/"


def test_removal_ask_first_shows_where_and_then_hides(named, sign_in):
    client = sign_in("officer")
    shown = client.post(ASK, SAID)
    assert "Hide 1 text now" in shown.content.decode()
    assert "update 5.13: what changed" in shown.content.decode()
    assert not Removal.objects.exists()
    response = client.post(ASK, SAID | {"hide": Words(NAME).seal_of(1)}, follow=True)
    assert "Hidden. A second person" in response.content.decode()
    named.refresh_from_db()
    assert named.narrative.startswith("Hidden on 5 October 2016")


def test_removal_ask_tells_nothing_of_what_others_type(owned, director, sign_in):
    draft = {"narrative": f"{NAME} will leave in May."}
    save_draft(action=owned, by=director, words=draft, opened_at=state_of(owned), revision=0)
    for role in ("officer", "scrutiny-officer", "theme-lead"):
        client = sign_in(role)
        answers = [
            client.post(ASK, SAID | {"words": guess}).content.decode().replace(guess, "")
            for guess in (f"{NAME} will leave in May", f"{NAME} will leave in June")
        ]
        assert answers[0].count("No text that you may read") == 1
        assert "draft" not in answers[0].partition("<form")[0].partition("Drafts, updates")[0]
        assert re.sub(r'value="[0-9a-f]{16}"|csrf.*?>', "", answers[0]) == (
            re.sub(r'value="[0-9a-f]{16}"|csrf.*?>', "", answers[1])
        )


def test_removal_ask_lists_no_text_that_the_asker_has_no_page_for(
    named, lead, officer, other_officer, sign_in
):
    return_update(update=named, reason="Say nothing of Barnaby.", by=lead, now=NOW)
    Load.objects.create(file_name="Barnaby.csv", format="own", sha256="0" * 64, state="lapsed")
    PlanLoad.objects.create(
        plan=Plan.objects.first(), file_name="Barnaby.csv", sha256="0" * 64, state="discarded"
    )
    PersonEvent.objects.create(whom="officer", done="deactivated", by=officer, reason="Barnaby.")
    client = sign_in("officer")
    client.force_login(other_officer)
    body = client.post(ASK, SAID | {"words": "Barnaby"}).content.decode()
    assert "No text that you may read has these words." in body
    body = sign_in("theme-lead").post(ASK, SAID | {"words": "Barnaby"}).content.decode()
    assert "review 5.13: why" in body
    assert "record of who did what" not in body


def test_removal_shows_why_an_update_was_returned_with_a_few_words_around(
    named, lead, sign_in, officer
):
    long = f"{'Before that. ' * 20}{NAME} left.{' And after that.' * 20}"
    return_update(update=named, reason=long, by=lead, now=NOW)
    made = ask_removal(**SAID, by=officer, on=ON, now=NOW)
    judged = sign_in("director").get(page_of(made)).content.decode()
    assert judged.count("zebedee quill left.") == 2
    assert long not in judged


def test_removal_ask_of_three_letters_says_what_is_wrong(named, sign_in):
    sent = SAID | {"words": "saw", "hide": Words("saw").seal_of(1)}
    body = sign_in("officer").post(ASK, SAID | {"words": "saw"}).content.decode()
    assert "Hide 1 text now" not in body
    assert "at least 4 letters" in body
    assert "at least 4 letters" in sign_in("officer").post(ASK, sent).content.decode()
    assert not Removal.objects.exists()
    assert "Hide 1 text now" in sign_in("director").post(ASK, sent | {"hide": ""}).content.decode()


def test_removal_ask_for_words_that_stand_nowhere_leaves_a_trace(sign_in, officer):
    nowhere = {"words": "Nobody Anywhere"}
    sent = SAID | nowhere | {"hide": Words("Nobody Anywhere").seal_of(0)}
    body = sign_in("officer").post(ASK, sent).content.decode()
    assert "No text that we hold has these words." in body
    event = PlanEvent.objects.get(kind="removal")
    assert (event.by, event.key, event.after) == (officer, "found nowhere", {"texts": 0})


def test_removal_ask_for_words_of_every_day_hides_nothing_and_leaves_a_trace(
    named, sign_in, officer, monkeypatch
):
    monkeypatch.setattr(removal, "MOST_TEXTS_OF_ONE", 0)
    sent = SAID | {"hide": Words(NAME).seal_of(1)}
    assert "stand in too many texts" in sign_in("officer").post(ASK, sent).content.decode()
    assert not Removal.objects.exists()
    event = PlanEvent.objects.get(kind="removal")
    assert (event.by, event.key) == (officer, "found in too many texts")


def test_removal_shows_who_asked_no_sealed_text_whatever_they_may_do(owned, director, sign_in):
    long = f"{'Before that. ' * 20}{NAME} will leave in May.{' And after that.' * 20}"
    draft = {"narrative": long}
    save_draft(action=owned, by=director, words=draft, opened_at=state_of(owned), revision=0)
    client = sign_in("scrutiny-officer")
    sent = SAID | {"hide": Words(NAME).seal_of(0)}
    said = client.post(ASK, sent, follow=True).content.decode()
    assert "leave in May" not in said
    judged = sign_in("director").get(page_of(Removal.objects.get())).content.decode()
    assert "zebedee quill will leave in may." in judged
    assert long not in judged


def test_removal_ask_shows_again_where_it_has_changed(named, owned, officer, sign_in):
    save_draft(
        action=owned, by=officer, words={"narrative": NAME}, opened_at=state_of(owned), revision=0
    )
    body = sign_in("officer").post(ASK, SAID | {"hide": Words(NAME).seal_of(1)}).content.decode()
    assert "Hide 2 texts now" in body
    assert not Removal.objects.exists()


def test_removal_ask_hides_no_other_words_than_were_shown(named, sign_in):
    other = SAID | {"words": "saw Zebedee", "hide": Words(NAME).seal_of(1)}
    assert "Hide 1 text now" in sign_in("officer").post(ASK, other).content.decode()
    assert not Removal.objects.exists()


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"words": ""}, "Write the words to take out."),
        ({"words": "J."}, "at least 4 letters"),
        ({"words": "Nobody Anywhere"}, "No text that you may read has these words."),
        ({"reason": ""}, "Say why these words must go."),
        ({"reason": "It names ZEBEDEE quill."}, "without the words themselves"),
        ({"reason": "Born on 3 May 2005."}, "could describe a child"),
    ],
)
def test_removal_ask_says_what_is_wrong(named, sign_in, said, problem):
    body = (
        sign_in("officer")
        .post(ASK, SAID | said | {"hide": Words(NAME).seal_of(1)})
        .content.decode()
    )
    assert problem in body
    assert not Removal.objects.exists()


def test_removal_ask_tells_where_it_cannot_take_them_out(officer, sign_in):
    officer.email = "zebedee.quill@panel.example"
    officer.save()
    body = sign_in("scrutiny-officer").post(ASK, SAID).content.decode()
    assert "where this page cannot take them out:</strong> user (1)" in body


def test_removal_ask_tells_who_may_not_decide_of_no_name_without_a_trace(officer, sign_in):
    officer.email = "zebedee.quill@panel.example"
    officer.save()
    client = sign_in("theme-lead")
    body = client.post(ASK, SAID).content.decode()
    assert "user (1)" not in body
    body = client.post(ASK, SAID | {"hide": Words(NAME).seal_of(0)}).content.decode()
    assert "They are in: user (1)" in body
    assert PlanEvent.objects.filter(kind="removal", key="found nowhere").exists()


def test_removal_ask_while_others_wait_hides_nothing_and_leaves_a_trace(
    asked, owned, sign_in, monkeypatch
):
    monkeypatch.setattr(removal, "MOST_TEXTS_OF_ONE", 1)
    Action.objects.filter(pk=owned.pk).update(title="Help Barnaby")
    sent = SAID | {"words": "Barnaby", "hide": Words("Barnaby").seal_of(1)}
    body = sign_in("officer").post(ASK, sent).content.decode()
    assert "With what others of yours hide this would be more than the 1 texts" in body
    owned.refresh_from_db()
    assert owned.title == "Help Barnaby"
    assert PlanEvent.objects.filter(kind="removal", key="found while others wait").exists()


def test_removal_shows_the_words_to_who_decides_and_to_nobody_else(asked, sign_in, other_officer):
    assert f"We saw {NAME} on Monday." in sign_in("director").get(page_of(asked)).content.decode()
    mine = sign_in("officer").get(page_of(asked)).content.decode()
    assert NAME in mine
    assert "on Monday" not in mine
    client = sign_in("officer")
    client.force_login(other_officer)
    assert NAME not in client.get(page_of(asked)).content.decode()
    for role in ("director", "officer", "scrutiny-officer", "theme-lead"):
        assert NAME not in sign_in(role).get(LIST).content.decode()


@pytest.mark.parametrize(
    ("decision", "message", "narrative"),
    [
        ("confirmed", "Taken out for good.", "Removed on 5 October 2016: personal information"),
        ("declined", "Put back as it was.", f"We saw {NAME} on Monday."),
    ],
)
def test_removal_is_decided_by_a_second_person(asked, named, sign_in, decision, message, narrative):
    said = {"decision": decision, "reason": "I have read it.", "shown": print_of(asked.texts.all())}
    response = sign_in("director").post(page_of(asked), said, follow=True)
    body = response.content.decode()
    assert message in body
    assert (NAME in body) is False
    named.refresh_from_db()
    assert named.narrative == narrative


def test_removal_asks_why_and_which(asked, sign_in):
    client = sign_in("director")
    body = client.post(page_of(asked), {"decision": "confirmed"}).content.decode()
    assert "Say why they go, or why they stay." in body
    body = client.post(page_of(asked), {"reason": "Yes."}).content.decode()
    assert "Press one of the two buttons." in body
    body = client.post(
        page_of(asked), {"decision": "confirmed", "reason": f"It is {NAME}."}
    ).content.decode()
    assert "without the words themselves" in body
    assert Removal.objects.get().outcome == ""


def test_removal_that_hides_more_since_it_was_read_is_read_again(
    asked, owned, officer, director, clerk, sign_in
):
    """What was declined of another was hidden for this one."""
    late = say(owned, officer, words(narrative=f"{NAME} was seen in Paris."))
    other = ask(officer)
    client = sign_in("scrutiny-officer")
    page = client.get(page_of(asked)).content.decode()
    assert "was seen in Paris" not in page
    decline(other, director)
    said = {"decision": "confirmed", "reason": "I have read it.", "shown": read_in(page)}
    page = client.post(page_of(asked), said).content.decode()
    assert "More was hidden for this since you read it" in page
    assert "was seen in Paris" in page
    assert "I have read it." in page
    assert Removal.objects.get(pk=asked.pk).outcome == ""
    for unread in ("", "x"):
        client.post(page_of(asked), said | {"shown": unread})
        assert Removal.objects.get(pk=asked.pk).outcome == ""
    client.post(page_of(asked), said | {"shown": read_in(page)})
    late.refresh_from_db()
    assert late.narrative == REMOVED


def read_in(page):
    return re.search(r'name="shown" value="([0-9a-f]+)"', page)[1]


def test_removal_by_whoever_asked_is_refused(named, director, sign_in):
    made = ask_removal(**SAID, by=director, on=ON, now=NOW)
    client = sign_in("director")
    assert (
        "You asked for this: the Director or the scrutiny officer decides"
        in client.get(page_of(made)).content.decode()
    )
    said = {"decision": "confirmed", "reason": "Yes."}
    assert client.post(page_of(made), said).status_code == 403


def test_removal_that_was_decided_meanwhile_says_so(asked, sign_in):
    said = {"decision": "declined", "reason": "Not a name."}
    sign_in("director").post(page_of(asked), said)
    response = sign_in("scrutiny-officer").post(
        page_of(asked), said | {"decision": "confirmed"}, follow=True
    )
    assert "Somebody else decided this first." in response.content.decode()
    assert ProgressUpdate.objects.filter(narrative__contains=NAME).exists()


def test_removal_waits_for_another_of_the_same_words(asked, owned, officer, sign_in):
    say(owned, officer, words(narrative=f"{NAME} again."))
    second = ask_removal(**SAID, by=officer, on=ON, now=NOW)
    said = {"decision": "confirmed", "reason": "Yes.", "shown": print_of(second.texts.all())}
    body = sign_in("director").post(page_of(second), said).content.decode()
    assert f"Removal {asked.pk} holds these words too" in body


@pytest.mark.parametrize(
    ("role", "asks", "reads", "decides"),
    [
        ("councillor", 403, 403, 403),
        ("chair", 403, 403, 403),
        ("data-admin", 403, 403, 403),
        ("officer", 200, 200, 403),
        ("theme-lead", 200, 200, 403),
        ("director", 200, 200, 302),
        ("scrutiny-officer", 200, 200, 302),
    ],
)
def test_removal_pages_open_for_those_who_may(asked, sign_in, role, asks, reads, decides):
    client = sign_in(role)
    assert client.get(ASK).status_code == client.post(ASK).status_code == asks
    assert client.get(LIST).status_code == client.get(page_of(asked)).status_code == reads
    said = {"decision": "confirmed", "reason": "Yes.", "shown": print_of(asked.texts.all())}
    assert client.post(page_of(asked), said).status_code == decides


def test_removal_pages_send_the_signed_out_to_sign_in(asked, nobody):
    for where in (LIST, ASK, page_of(asked)):
        assert nobody.get(where).status_code == nobody.post(where).status_code == 302


@pytest.mark.parametrize("number", ["999", "99999999999999999999"])
def test_removal_that_is_unknown_is_not_found(sign_in, number):
    assert sign_in("director").get(f"{LIST}{number}/").status_code == 404


def test_removals_is_not_posted_to(sign_in):
    assert sign_in("director").post(LIST).status_code == 405


def test_removals_cost_the_same_for_any_number(named, officer, sign_in):
    client = sign_in("director")
    counts = []
    for each in ("Quill", "Monday"):
        Action.objects.filter(reference="1.02").update(title=f"About {each}")
        ask_removal(words=each, reason="A name.", by=officer, on=ON, now=NOW)
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8


def test_asking_finds_no_lock_and_no_round_for_whoever_has_no_page_of_them(sign_in, people, owned):
    PeriodLock.objects.create(
        period_start="2015-01-01", period_end="2015-01-31", reason="Ofsted asks about Brambles.",
        locked_by=people("data-admin"),
    )  # fmt: skip
    UpdateRound.objects.filter(plan=owned.theme.plan).update(title="Brambles and the panel")

    def places(role):
        said = {"words": "Brambles", "reason": "It names a home."}
        found = sign_in(role).post(ASK, said).context["places"]
        return [place.what.split()[0] for place in found]

    assert places("officer") == places("theme-lead") == []
    assert places("scrutiny-officer") == places("director") == ["round"]
