"""Taking out words that lead to a person, by two people."""

import json

import pytest
from django.db import transaction

from improvement.changes import (
    AlreadyDecided,
    NeedsAnother,
    NothingFound,
    ReasonHoldsWords,
    TooCommon,
)
from improvement.models import Action, PlanEvent, Removal, SealedText, UpdateDraft
from improvement.removal.matching import Words
from improvement.removal.registry import every_text
from performance.models import Load
from tests.improvement.conftest import say, words
from tests.improvement.removals import HIDDEN, NAME, REMOVED, ask, confirm, decline, everything

pytestmark = pytest.mark.django_db


def test_a_name_is_hidden_at_once_and_found_nowhere_when_two_people_took_it_out(
    named_everywhere, officer, director
):
    removal = ask(officer)
    assert Removal.objects.get().texts.places().count() == 20
    hidden = json.dumps(
        [list(texts.model._base_manager.values(*texts.columns)) for texts in every_text()]
    )
    assert not Words(NAME).found_in(hidden)
    assert hidden.count(HIDDEN) == 21
    confirm(removal, director)
    assert not Words(NAME).found_in(everything())
    assert "zebedee" not in everything()
    named_everywhere.refresh_from_db()
    assert named_everywhere.narrative == named_everywhere.reason == REMOVED
    assert UpdateDraft.objects.get().words["status"] == "on_track"
    assert UpdateDraft.objects.get().words["more"] == [{"a": REMOVED}]
    held = Removal.objects.get()
    assert (held.words, held.left, held.asked_by, held.decided_by) == ("", [], officer, director)


def test_what_was_declined_is_exactly_as_it_was(named_everywhere, officer, director):
    before = {
        texts.table: list(texts.model._base_manager.order_by("pk").values(*texts.columns))
        for texts in every_text()
        if texts.model not in (PlanEvent, Removal)
    }
    events = list(PlanEvent.objects.order_by("pk").values_list("before", "after", "reason"))
    decline(ask(officer), director)
    after = {
        texts.table: list(texts.model._base_manager.order_by("pk").values(*texts.columns))
        for texts in every_text()
        if texts.model not in (PlanEvent, Removal)
    }
    assert after == before
    now = PlanEvent.objects.order_by("pk").values_list("before", "after", "reason")
    assert list(now)[: len(events)] == events
    assert not SealedText.objects.filter(original__isnull=False).exists()
    assert Removal.objects.get().words == ""


def test_each_step_leaves_an_event_without_the_words(named_everywhere, officer, director):
    confirm(ask(officer), director)
    events = list(PlanEvent.objects.filter(kind="removal").order_by("pk"))
    assert [(event.done, event.by, event.reason) for event in events] == [
        ("asked", officer, "It names a child."), ("confirmed", director, "It does."),
    ]  # fmt: skip
    assert events[0].after == {"texts": 20, "dropped": 0, "held": 0}
    assert events[1].after == {"texts": 20, "left": 0}


def test_whoever_asked_does_not_decide(named_everywhere, director):
    removal = ask(director)
    for decide in (confirm, decline):
        with pytest.raises(NeedsAnother):
            decide(removal, director)
    assert Removal.objects.get().outcome == ""


def test_it_is_decided_once(named_everywhere, officer, director, clerk):
    removal = ask(officer)
    decline(removal, director)
    with pytest.raises(AlreadyDecided):
        confirm(removal, clerk)


def test_a_reason_that_holds_the_words_is_refused(named_everywhere, officer, director):
    with pytest.raises(ReasonHoldsWords):
        ask(officer, reason="It names zebedee  quill.")
    removal = ask(officer)
    for decide in (confirm, decline):
        with pytest.raises(ReasonHoldsWords):
            decide(removal, director, reason=f"Yes, {NAME}.")


def test_words_that_stand_nowhere_or_only_outside_are_not_asked_for(officer):
    with pytest.raises(NothingFound) as found:
        ask(officer)
    assert found.value.outside == []
    officer.email = "zebedee.quill@panel.example"
    officer.save()
    with pytest.raises(NothingFound) as found:
        ask(officer)
    assert [place.count for place in found.value.outside] == [1]
    assert not Removal.objects.exists()


def test_what_is_left_is_told(owned, officer, director):
    officer.email = "zebedee.quill@panel.example"
    officer.save()
    say(owned, officer, words(narrative=f"Ask {NAME}."))
    removal = ask(officer)
    say(owned, officer, words(narrative=f"{NAME} again."))
    confirm(removal, director)
    assert Removal.objects.get().left == [["update 5.13: what changed", 1], ["user", 1]]


def test_a_file_that_waits_is_dropped_once_it_is_confirmed(owned, officer, director):
    load = Load.objects.create(
        file_name="f.csv", format="own", sha256="0" * 64, content=f"a,b\n1,{NAME}\n".encode(),
        received_by=officer, state="screened",
    )  # fmt: skip
    removal = ask(officer)
    load.refresh_from_db()
    assert load.state == "screened"
    confirm(removal, director)
    load.refresh_from_db()
    assert (load.content, load.state) == (None, "lapsed")
    assert Removal.objects.get().left == []


def test_a_file_that_waits_is_still_there_when_it_is_declined(owned, officer, director):
    load = Load.objects.create(
        file_name="f.csv", format="own", sha256="0" * 64, content=f"a,b\n1,{NAME}\n".encode(),
        received_by=officer, state="screened",
    )  # fmt: skip
    decline(ask(officer), director)
    load.refresh_from_db()
    assert NAME in bytes(load.content).decode()


def test_words_that_stand_in_too_many_texts_are_not_hidden_by_one_person(officer, director):
    for person in (officer, director):
        with pytest.raises(TooCommon), transaction.atomic():
            ask(person, "the")
    assert not SealedText.objects.exists()


def test_three_letters_are_asked_for_by_who_may_decide_alone(owned, officer, director):
    say(owned, officer, words(narrative="We saw Zeb."))
    with pytest.raises(TooCommon), transaction.atomic():
        ask(officer, "Zeb")
    assert not SealedText.objects.exists()
    assert ask(director, "Zeb").texts.places().count() == 1


def test_a_text_that_was_changed_since_is_left_as_it_is(owned, officer, director):
    Action.objects.filter(pk=owned.pk).update(title=NAME)
    removal = ask(officer)
    Action.objects.filter(pk=owned.pk).update(title="Other words")
    decline(removal, director)
    owned.refresh_from_db()
    assert owned.title == "Other words"


def test_nothing_is_hidden_when_it_fails_half_way(named_everywhere, officer, monkeypatch):
    titles = list(Action.objects.values_list("title", flat=True))
    with pytest.raises(ReasonHoldsWords):
        ask(officer, reason=NAME)
    assert list(Action.objects.values_list("title", flat=True)) == titles
    assert not SealedText.objects.exists()
