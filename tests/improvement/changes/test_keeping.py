"""What is promised, who answers for it, and what it serves."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, transaction

from improvement.changes import (
    ActionLinks,
    ActionWords,
    AlreadySplit,
    ChangedSince,
    MoveRefused,
    NewerUpdate,
    Part,
    ReferenceUsed,
    WrongLinks,
    add_action,
    assign_action,
    choose_leads,
    link_action,
    move_due_date,
    reword_action,
    split_action,
    state_of,
    stop_action,
)
from improvement.changes.facts import (
    link_facts,
    links_of,
    next_reference,
    part_references,
    word_facts,
    words_of,
)
from improvement.changes.opened import state_kept
from improvement.models import Action, DateChange, Judgement, Plan, PlanEvent, ProgressUpdate, Theme
from performance.calculations.partial_date import PartialDate, read_partial_date
from performance.models import Indicator
from tests.improvement.conftest import NOW, ON, say

pytestmark = pytest.mark.django_db

PROMISE = ActionWords(title="Ask every child", promised="Every child is asked.")


def judgement(slug="leadership"):
    return Judgement.objects.get(framework__slug="sif-2015", slug=slug)


def counts():
    return [model.objects.count() for model in (Action, PlanEvent, ProgressUpdate, DateChange)]


def add(lead, theme, reference="5.90", **more):
    given = {
        "words": PROMISE, "links": ActionLinks([judgement()], [Indicator.objects.first()]),
        "first_due": read_partial_date("2017-03"), "owner": None, "by": lead, "now": NOW, **more,
    }  # fmt: skip
    return add_action(theme=theme, reference=reference, **given)


def test_add_action_is_last_of_its_plan_and_known_from_now(owned, lead, officer):
    made = add(lead, owned.theme, owner=officer)
    assert (made.first_due, made.first_due_basis) == (read_partial_date("2017-03"), "stated")
    assert (made.known_from, made.owner, made.comes_from) == (NOW, officer, None)
    assert made.order == max(Action.objects.values_list("order", flat=True))
    assert link_facts(links_of(made))["judgements"] == ["leadership"]
    event = PlanEvent.objects.about("action", "5.90").get()
    assert (event.done, event.by, event.theme) == ("added", lead, "looked-after-children")
    assert event.after["first_due"] == "March 2017"
    assert event.after["owner"] == "officer"
    assert event.before == {}


def test_add_action_without_a_date_says_that_none_was_stated(owned, lead):
    made = add(lead, owned.theme, first_due=PartialDate(None, ""))
    assert (bool(made.first_due), made.first_due_basis) == (False, "not_stated")


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ({"reference": "5.13"}, ReferenceUsed),
        ({"reference": "5.19A"}, ReferenceUsed),
        ({"links": ActionLinks([])}, WrongLinks),
    ],
)
def test_add_action_that_is_refused_leaves_nothing(owned, lead, more, refused):
    before = counts()
    with pytest.raises(refused):
        add(lead, owned.theme, **more)
    assert counts() == before


def test_add_action_refuses_a_judgement_of_another_framework(owned, lead):
    other = Judgement.objects.exclude(framework=owned.theme.plan.framework).first()
    with pytest.raises(WrongLinks, match="is judged under"):
        add(lead, owned.theme, links=ActionLinks([other]))


def test_who_adds_to_one_plan_waits_for_who_adds_to_another(owned, lead, director, held_elsewhere):
    """Else both could give one reference, and the second would be a fault of the database."""
    framework = owned.theme.plan.framework
    second = Plan.objects.create(slug="second", title="Second", framework=framework, starts_on=ON)
    theme = Theme.objects.create(plan=second, number=5, slug="five", title="Five", short_title="5")
    with held_elsewhere(owned.theme.plan), pytest.raises(OperationalError, match="lock timeout"):
        add(lead, theme)
    add(lead, owned.theme)
    with pytest.raises(ReferenceUsed):
        add(lead, theme)


def test_next_reference_follows_the_last_of_the_themes_number(owned):
    theme = owned.theme
    assert next_reference(theme, ["5.13", "5.19a", "5.9", "15.40", "other"]) == "5.20"
    assert next_reference(theme, []) == "5.01"
    assert not Action.objects.filter(reference=next_reference(theme)).exists()


def test_part_references_are_the_free_letters(owned):
    assert part_references(owned, 2) == ["5.13a", "5.13b"]
    lettered = Action.objects.get(reference="5.19a")
    taken = Action.objects.filter(reference__startswith="5.19").values_list("reference", flat=True)
    assert not set(part_references(lettered, 3)) & set(taken)


def test_reword_action_keeps_what_it_said(owned, lead):
    old = words_of(owned)
    new = ActionWords(**{**vars(old), "title": "A strategy", "cabinet": read_partial_date("2017")})
    event = reword_action(action=owned, words=new, reason="Plainer.", by=lead, now=NOW)
    owned.refresh_from_db()
    assert (owned.title, str(owned.cabinet)) == ("A strategy", "2017")
    assert event.before == {"title": old.title, "cabinet": word_facts(old)["cabinet"]}
    assert event.after == {"title": "A strategy", "cabinet": "2017"}
    assert event.reason == "Plainer."
    assert reword_action(action=owned, words=new, reason="Again.", by=lead, now=NOW) is None


def test_reword_action_is_not_saved_over_a_newer_one(owned, lead, director):
    words_then = words_of(owned)
    opened_at = state_kept("action", owned.reference, word_facts(words_then))
    first = ActionWords(**{**vars(words_then), "title": "First"})
    reword_action(action=owned, words=first, reason="A.", by=director, now=NOW, opened_at=opened_at)
    second = ActionWords(**{**vars(words_then), "title": "Second"})
    with pytest.raises(ChangedSince) as newer:
        reword_action(
            action=owned, words=second, reason="B.", by=lead, now=NOW, opened_at=opened_at
        )
    assert newer.value.facts["title"] == "First"
    assert newer.value.event.by == director
    owned.refresh_from_db()
    assert owned.title == "First"
    event = reword_action(
        action=owned, words=second, reason="B.", by=lead, now=NOW, opened_at=newer.value.state
    )
    assert event.before == {"title": "First"}


def test_what_officers_say_makes_no_form_of_the_keepers_old(owned, lead, officer):
    opened_at = state_kept("action", owned.reference, word_facts(words_of(owned)))
    say(owned, officer)
    new = ActionWords(**{**vars(words_of(owned)), "title": "Other words"})
    assert reword_action(
        action=owned, words=new, reason="A.", by=lead, now=NOW, opened_at=opened_at
    )


def test_assign_action_gives_it_to_somebody_with_its_event(owned, other_officer, lead):
    event = assign_action(action=owned, owner=other_officer, by=lead, now=NOW, reason="A new post.")
    owned.refresh_from_db()
    assert owned.owner == other_officer
    assert (event.before, event.after) == ({"owner": "officer"}, {"owner": "other-officer"})
    assert assign_action(action=owned, owner=other_officer, by=lead, now=NOW) is None


def test_assign_action_is_not_saved_over_a_newer_one(owned, other_officer, lead, director):
    opened_at = state_kept("action", owned.reference, {"owner": "officer"})
    assign_action(action=owned, owner=other_officer, by=director, now=NOW)
    with pytest.raises(ChangedSince):
        assign_action(action=owned, owner=None, by=lead, now=NOW, opened_at=opened_at)


def test_link_action_has_one_main_judgement(owned, lead):
    wanted = ActionLinks([judgement("leadership"), judgement("care-leavers")], [])
    before = link_facts(links_of(owned))
    event = link_action(action=owned, links=wanted, by=lead, now=NOW)
    assert link_facts(links_of(owned))["judgements"] == ["leadership", "care-leavers"]
    assert owned.action_judgements.get(is_main=True).judgement == judgement("leadership")
    assert event.done == "linked"
    assert event.before["judgements"] == before["judgements"]
    with pytest.raises(WrongLinks):
        link_action(action=owned, links=ActionLinks([]), by=lead, now=NOW)
    assert link_facts(links_of(owned))["judgements"] == ["leadership", "care-leavers"]


def stop(action, by, **more):
    given = {
        "narrative": "It is done elsewhere.", "reason": "Another board does it.",
        "opened_at": state_of(action), "submission": uuid4(), "on": ON, "now": NOW, **more,
    }  # fmt: skip
    return stop_action(action=action, by=by, **given)


def test_stop_action_is_an_update_that_waits_for_somebody_else(owned, lead):
    update = stop(owned, lead)
    assert (update.status, update.reason) == ("stopped", "Another board does it.")
    assert list(ProgressUpdate.objects.awaiting_review()) == [update]
    assert owned in Action.objects.all()


def test_stop_action_is_for_who_keeps_the_theme_and_for_once(owned, lead, officer):
    with pytest.raises(MoveRefused):
        stop(owned, officer)
    opened_at = state_of(owned)
    say(owned, officer)
    with pytest.raises(NewerUpdate):
        stop(owned, lead, opened_at=opened_at)


PARTS = [Part("5.13a", "One", "The one half."), Part("5.13b", "Two", "The other half.")]


def split(action, by, **more):
    given = {
        "parts": PARTS, "is_stopped": True, "reason": "Two teams do it.",
        "opened_at": state_of(action), "submission": uuid4(), "on": ON, "now": NOW, **more,
    }  # fmt: skip
    return split_action(action=action, by=by, **given)


def test_split_action_hands_on_owner_links_and_lateness(owned, lead):
    for month in ("2016-10", "2016-11", "2016-12"):
        move_due_date(action=owned, to=read_partial_date(month), reason="Staff.", by=lead, now=NOW)
    made = split(owned, lead)
    for part in made:
        assert (part.comes_from, part.owner, part.theme) == (owned, owned.owner, owned.theme)
        assert link_facts(links_of(part)) == link_facts(links_of(owned))
        assert part.first_due == owned.first_due
        move = part.date_changes.get()
        assert move.moved_from == read_partial_date("2016-10")
        assert move.moved_to == read_partial_date("2016-12")
        assert move.reason == "Moved twice as 5.13, from which it comes."
    stopped = owned.updates.first()
    assert (stopped.status, stopped.reason) == ("stopped", "Two teams do it.")
    assert stopped.narrative == "Split into 5.13a and 5.13b, which take its place."
    event = PlanEvent.objects.about("action", "5.13").filter(done="split").get()
    assert event.after["into"] == ["5.13a", "5.13b"]


def test_split_action_hands_on_a_first_date_as_no_move(owned, lead):
    move_due_date(action=owned, to=read_partial_date("2016-11"), reason="Agreed.", by=lead, now=NOW)
    for part in split(owned, lead):
        given = part.date_changes.get()
        assert not given.is_move
        assert given.reason == "Set as 5.13, from which it comes."
        assert not part.date_changes.moves()


def test_split_action_may_let_the_old_one_go_on(owned, lead):
    said = owned.updates.count()
    split(owned, lead, is_stopped=False)
    assert owned.updates.count() == said


def test_split_action_sent_twice_splits_once(owned, lead):
    submission = uuid4()
    made = split(owned, lead, submission=submission)
    before = counts()
    with pytest.raises(AlreadySplit) as already:
        split(owned, lead, submission=submission)
    assert already.value.parts == made
    assert counts() == before


def test_split_action_that_is_refused_half_way_leaves_nothing(owned, lead, officer):
    before = counts()
    with pytest.raises(ReferenceUsed):
        split(owned, lead, parts=[PARTS[0], Part("5.18", "Two", "Taken.")])
    assert counts() == before
    opened_at = state_of(owned)
    say(owned, officer)
    before = counts()
    for is_stopped in (True, False):
        with pytest.raises(NewerUpdate):
            split(owned, lead, opened_at=opened_at, is_stopped=is_stopped)
        assert counts() == before


def test_a_date_is_not_moved_to_the_last_day_that_it_means(owned, lead, officer):
    """The database refuses a move from September to 30 September, which is none."""
    move_due_date(action=owned, to=read_partial_date("2016-11"), reason="A.", by=lead, now=NOW)
    same = read_partial_date("2016-11-30")
    assert move_due_date(action=owned, to=same, reason="B.", by=lead, now=NOW) is None
    assert owned.date_changes.count() == 1


def test_choose_leads_keeps_who_led_before(owned, lead, other_lead, director):
    theme = owned.theme
    event = choose_leads(
        theme=theme, leads=[other_lead], needs_approval=False, by=director, now=NOW
    )
    theme.refresh_from_db()
    assert (list(theme.leads.all()), theme.needs_approval) == ([other_lead], False)
    assert event.before == {"leads": ["theme-lead"], "needs_approval": True}
    assert PlanEvent.objects.about("theme", theme.key).first() == event


def test_choose_leads_is_not_saved_over_a_newer_one(owned, lead, other_lead, director):
    theme = owned.theme
    facts = {"leads": ["theme-lead"], "needs_approval": True}
    opened_at = state_kept("theme", theme.key, facts)
    choose_leads(theme=theme, leads=[other_lead], needs_approval=True, by=director, now=NOW)
    with pytest.raises(ChangedSince):
        choose_leads(
            theme=theme, leads=[], needs_approval=True, by=director, now=NOW, opened_at=opened_at
        )


def test_the_database_refuses_a_reference_twice(owned):
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.create(
            theme=Theme.objects.exclude(pk=owned.theme_id).first(), reference="5.13", order=1,
            title="x", description="x", kind="action", first_due_basis="not_stated", known_from=NOW,
        )  # fmt: skip
