"""Who may: each rule by role, and as a list."""

import pytest

from improvement.models import Action, ProgressUpdate
from improvement.permissions import (
    actions_to_update,
    may_keep,
    may_read_unreleased,
    may_release,
    may_review,
    may_update,
    updates_to_review,
)
from tests.improvement.conftest import say

pytestmark = pytest.mark.django_db

EVERYBODY = [
    "councillor", "chair", "officer", "theme-lead", "director", "scrutiny-officer", "data-admin",
]  # fmt: skip


def who(people, rule):
    return [username for username in EVERYBODY if rule(people(username))]


def test_may_update_is_for_who_owns_the_action_and_who_leads_its_theme(people, owned):
    assert who(people, lambda one: may_update(one, owned)) == ["officer", "theme-lead", "director"]


def test_may_update_is_not_for_another_theme(people, other_officer, other_lead, owned):
    elsewhere = Action.objects.exclude(theme=owned.theme).first()
    assert who(people, lambda one: may_update(one, elsewhere)) == ["director"]
    assert not may_update(other_officer, owned)
    assert not may_update(other_lead, owned)


def test_may_keep_is_for_who_leads_the_theme(people, owned, other_lead):
    assert who(people, lambda one: may_keep(one, owned.theme)) == ["theme-lead", "director"]
    assert not may_keep(other_lead, owned.theme)


def test_may_review_is_never_of_ones_own_words(people, owned, officer, lead):
    of_officer = say(owned, officer)
    assert who(people, lambda one: may_review(one, of_officer)) == ["theme-lead", "director"]
    of_lead = say(owned, lead)
    assert who(people, lambda one: may_review(one, of_lead)) == ["director"]


def test_may_read_unreleased_is_never_for_a_member(
    people, owned, officer, other_officer, other_lead
):
    sent = say(owned, officer)
    readers = who(people, lambda one: may_read_unreleased(one, sent))
    assert readers == ["officer", "theme-lead", "director"]
    assert not may_read_unreleased(other_officer, sent)
    assert not may_read_unreleased(other_lead, sent)


def test_only_the_director_releases(people):
    assert who(people, may_release) == ["director"]


def test_the_lists_agree_with_the_rules(people, owned, officer):
    say(owned, officer)
    assert ProgressUpdate.objects.awaiting_review().count() == 1
    for username in EVERYBODY:
        person = people(username)
        waiting = list(updates_to_review(person))
        assert waiting == [
            update for update in ProgressUpdate.objects.awaiting_review()
            if may_review(person, update)
        ]  # fmt: skip
        assert all(may_update(person, action) for action in actions_to_update(person))
    assert {name for name in EVERYBODY if updates_to_review(people(name))} == {
        "theme-lead",
        "director",
    }
    assert actions_to_update(officer).count() == 6
