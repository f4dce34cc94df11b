"""Several removals at once: of the same words, or of the same person who asks."""

import json

import pytest
from django.db import transaction

from improvement.changes import (
    DecideFirst,
    TooManyWait,
    removal,
)
from improvement.models import Action
from improvement.removal.matching import Words
from tests.improvement.conftest import say, words
from tests.improvement.removals import NAME, ask, confirm, decline, everything

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
    assert str(refused.value).startswith("Others of yours wait to be decided: 2 texts are hidden")
    # Somebody else’s do not count, nor does what is decided.
    assert ask(director, "Dorothea").texts.count() == 1
    decline(first, director)
    assert ask(officer, "Barnaby").texts.count() == 1


def test_another_removal_of_the_same_words_waits_for_the_first(
    named_everywhere, owned, officer, director, clerk
):
    first = ask(officer, "Quill")
    say(owned, officer, words(narrative=f"{NAME} again."))
    second = ask(officer)
    assert second.texts.count() == 1
    with pytest.raises(DecideFirst):
        confirm(second, director)
    decline(first, director)
    # What came back at once was hidden again for the second.
    assert second.texts.count() == 20
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
