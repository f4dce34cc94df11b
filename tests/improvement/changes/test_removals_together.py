"""Several removals at once: of the same words, or of the same person who asks."""

import json
from itertools import product

import pytest
from django.db import transaction

from improvement.changes import (
    DecideFirst,
    TooManyWait,
    removal,
    save_draft,
    state_of,
)
from improvement.changes.recording import record_of_action
from improvement.models import Action, PlanEvent, SealedText, UpdateDraft
from improvement.removal.matching import Words
from tests.improvement.conftest import NAME, NOW, say, words
from tests.improvement.removals import HIDDEN, REMOVED, ask, confirm, decline, everything, page_of

pytestmark = pytest.mark.django_db


def test_what_one_person_hides_counts_together_until_it_is_decided(
    owned, officer, director, monkeypatch
):
    monkeypatch.setattr(removal, "MOST_TEXTS_OF_ONE", 2)
    say(owned, officer, words(narrative="Barnaby came.", evidence_of_impact="Cordelia left."))
    say(owned, officer, words(narrative="Dorothea came."))
    first, _ = ask(officer, "Barnaby"), ask(officer, "Cordelia")
    with pytest.raises(TooManyWait) as refused, transaction.atomic():
        ask(officer, "Dorothea")
    assert str(refused.value).startswith("With what others of yours hide this would be more than")
    # Somebody else’s do not count, nor does what is decided.
    assert ask(director, "Dorothea").texts.places().count() == 1
    decline(first, director)
    assert ask(officer, "Barnaby").texts.places().count() == 1


def test_another_removal_of_the_same_words_waits_for_the_first(
    named_everywhere, owned, officer, director, clerk
):
    first = ask(officer, "Quill")
    say(owned, officer, words(narrative=f"{NAME} again."))
    second = ask(officer)
    assert second.texts.places().count() == 1
    with pytest.raises(DecideFirst):
        confirm(second, director)
    decline(first, director)
    # What came back at once was hidden again for the second.
    assert second.texts.places().count() == 21
    assert not Words(NAME).found_in(json.dumps(list(Action.objects.values("title"))))
    confirm(second, clerk)
    assert "zebedee" not in everything()


def test_of_two_removals_of_the_same_words_the_earlier_can_be_confirmed(owned, officer, director):
    say(owned, officer, words(narrative=f"About {NAME}."))
    first = ask(officer)
    say(owned, officer, words(narrative=f"{NAME} again."))
    second = ask(officer)
    with pytest.raises(DecideFirst):
        confirm(second, director)
    confirm(first, director)
    first.refresh_from_db()
    assert [f"removal {second.pk}, which waits", 1] in first.left
    confirm(second, director)
    assert "zebedee" not in everything()


def test_so_can_that_of_one_of_two_who_are_named_together(owned, officer, director):
    say(owned, officer, words(narrative="Zebedee and Oona Quill left."))
    first = ask(officer, "Zebedee")
    say(owned, officer, words(narrative="Zebedee and Oona Quill came back."))
    second = ask(officer, "Oona")
    confirm(first, director)
    confirm(second, director)
    assert "oona" not in everything()
    assert "zebedee" not in everything()


def test_what_the_later_of_two_sealed_stays_hidden_for_the_earlier(owned, officer, director):
    say(owned, officer, words(narrative="Quill left."))
    first = ask(officer, "Quill")
    later = say(owned, officer, words(narrative=f"{NAME} again."))
    decline(ask(officer), director)
    later.refresh_from_db()
    assert later.narrative == HIDDEN
    decline(first, director)
    later.refresh_from_db()
    assert later.narrative == f"{NAME} again."


def test_who_confirms_one_takes_out_nothing_that_another_hid(owned, officer, director, sign_in):
    """They have not read it, and may have asked for it themselves."""
    say(owned, officer, words(narrative=f"About {NAME}."))
    first = ask(officer, "Quill")
    late = say(owned, officer, words(narrative="Mr Quill says the Director was late."))
    own = ask(director, "Quill")
    page = sign_in("director").get(page_of(first)).content.decode()
    assert "the Director was late" not in page
    confirm(first, director)
    late.refresh_from_db()
    assert late.narrative == HIDDEN
    assert [text.original for text in own.texts.all()] == ["Mr Quill says the Director was late."]
    first.refresh_from_db()
    assert [f"removal {own.pk}, which waits", 1] in first.left


def test_what_was_written_where_another_has_hidden_is_kept_for_its_own(
    owned, officer, director, clerk
):
    """The first sealed what the title was; it was reworded and the second sealed that."""
    Action.objects.filter(pk=owned.pk).update(title="Help Barnaby")
    first = ask(officer, "Barnaby")
    for then in ("Help Cordelia", "Ask Cordelia"):
        Action.objects.filter(pk=owned.pk).update(title=then)
        second = ask(officer, "Cordelia")
        owned.refresh_from_db()
        assert owned.title == HIDDEN
        if then == "Help Cordelia":
            decline(second, director)
            owned.refresh_from_db()
            assert owned.title == then
    decline(first, director)
    owned.refresh_from_db()
    assert owned.title == HIDDEN
    decline(second, clerk)
    owned.refresh_from_db()
    assert owned.title == "Ask Cordelia"


def test_what_a_second_hides_beside_the_first_counts_as_its_own(
    box_and_event, owned, officer, monkeypatch
):
    say(owned, officer, words(narrative="Dorothea came."))
    ask(officer, "Barnaby")
    second = ask(officer, "Cordelia")
    assert second.texts.places().count() == 2
    asked = PlanEvent.objects.get(kind="removal", key=str(second), done="asked")
    assert asked.after["texts"] == 2
    monkeypatch.setattr(removal, "MOST_TEXTS_OF_ONE", 4)
    with pytest.raises(TooManyWait), transaction.atomic():
        ask(officer, "Dorothea")


@pytest.fixture
def box_and_event(owned, officer, lead):
    """Two people are named in two boxes of one draft, and in two facts of one event."""
    save_draft(
        action=owned, by=officer, opened_at=state_of(owned), revision=0,
        words={"narrative": "Barnaby left.", "evidence_of_impact": "Cordelia came."},
    )  # fmt: skip
    record_of_action(
        owned, PlanEvent.Done.REWORDED, by=lead, now=NOW,
        after={"title": "Help Barnaby", "note": "Ask Cordelia."},
    )  # fmt: skip

    def read():
        draft = UpdateDraft.objects.get().words
        after = PlanEvent.objects.filter(done="reworded").latest("id").after
        return [draft["narrative"], draft["evidence_of_impact"], after["title"], after["note"]]

    return read


BOTH = ["Barnaby left.", "Cordelia came.", "Help Barnaby", "Ask Cordelia."]


def test_each_of_two_who_are_named_beside_one_another_is_hidden(box_and_event, officer):
    ask(officer, "Barnaby")
    ask(officer, "Cordelia")
    assert box_and_event() == [HIDDEN] * 4


@pytest.mark.parametrize("decisions", list(product(["confirm", "decline"], repeat=2)))
@pytest.mark.parametrize("is_later_first", [False, True])
def test_each_of_two_who_are_named_beside_one_another_is_decided_alone(
    box_and_event, officer, director, decisions, is_later_first
):
    pairs = [(ask(officer, "Barnaby"), "first"), (ask(officer, "Cordelia"), "second")]
    decide = dict(zip(("first", "second"), decisions, strict=True))
    if is_later_first:
        pairs.reverse()
    for asked_for, which in pairs:
        {"confirm": confirm, "decline": decline}[decide[which]](asked_for, director)
    first, second = (decide[which] == "confirm" for which in ("first", "second"))
    expected = [
        REMOVED if gone else was for gone, was in zip([first, second] * 2, BOTH, strict=True)
    ]
    assert box_and_event() == expected
    assert not SealedText.objects.filter(original__isnull=False).exists()
