"""Themes, and a plan that follows another."""

from datetime import date

import pytest
from django.db import OperationalError

from improvement.changes import (
    ChangedSince,
    NameUsed,
    NothingCorresponds,
    NothingToRelease,
    PlanStartsTooSoon,
    ThemeWords,
    add_theme,
    approve_updates,
    change_theme,
    move_due_date,
    open_round,
    release_approved,
)
from improvement.changes.facts import theme_facts
from improvement.changes.opened import state_kept
from improvement.changes.plans import open_actions
from improvement.changes.updates import due_now
from improvement.models import (
    Action,
    Correspondence,
    DateChange,
    Framework,
    Judgement,
    Plan,
    PlanEvent,
    Theme,
    UpdateRound,
)
from improvement.permissions import actions_to_update
from performance.calculations.partial_date import PartialDate
from tests.conftest import position_on
from tests.improvement.conftest import NOW, ON, follow, say, words

pytestmark = pytest.mark.django_db

NINTH = ThemeWords(99, "A theme of its own", "Of its own")


@pytest.fixture
def plan(owned):
    return owned.theme.plan


def counts():
    return [model.objects.count() for model in (Plan, Theme, Action, PlanEvent, DateChange)]


def test_add_theme_with_its_event(plan, director):
    theme = add_theme(plan=plan, slug="of-its-own", words=NINTH, by=director, now=NOW)
    assert (theme.number, theme.needs_approval, list(theme.leads.all())) == (99, True, [])
    event = PlanEvent.objects.about("theme", f"{plan.slug}/of-its-own").get()
    assert (event.done, event.by, event.after["title"]) == (
        "added", director, "A theme of its own",
    )  # fmt: skip


@pytest.mark.parametrize("taken", [{"slug": "workforce"}, {"number": 2}])
def test_add_theme_refuses_a_number_or_name_twice(plan, director, taken):
    before = counts()
    words_ = ThemeWords(**{**vars(NINTH), "number": taken.get("number", 99)})
    with pytest.raises(NameUsed):
        add_theme(plan=plan, slug=taken.get("slug", "x"), words=words_, by=director, now=NOW)
    assert counts() == before


def test_change_theme_keeps_what_it_was_called(owned, director):
    theme, facts = owned.theme, theme_facts(owned.theme)
    opened_at = state_kept("theme", theme.key, facts)
    new = ThemeWords(**{**facts, "title": "Children in our care"})
    event = change_theme(
        theme=theme, words=new, reason="Plainer.", by=director, now=NOW, opened_at=opened_at
    )
    assert event.before == {"title": facts["title"]}
    assert event.after == {"title": "Children in our care"}
    with pytest.raises(ChangedSince):
        change_theme(
            theme=theme, words=ThemeWords(**facts), reason="B.", by=director, now=NOW,
            opened_at=opened_at,
        )  # fmt: skip
    taken = ThemeWords(**{**vars(new), "number": 2})
    with pytest.raises(NameUsed):
        change_theme(theme=theme, words=taken, reason="C.", by=director, now=NOW)
    theme.refresh_from_db()
    assert (theme.title, theme.number) == ("Children in our care", facts["number"])


def test_add_plan_carries_over_what_is_not_over(plan, owned, lead, director):
    over = say(Action.objects.get(reference="5.18"), lead, words("stopped", reason="Done."))
    approve_updates(updates=[over], by=director, now=NOW)
    release_approved(plan=plan, by=director, now=NOW)
    # Nobody has looked at it yet: it may be sent back.
    unread = say(
        Action.objects.get(reference="5.24b"), lead,
        words("complete", completed=PartialDate(ON, "day")),
    )  # fmt: skip
    made = follow(plan, director)
    carried = {action.comes_from.reference: action for action in Action.objects.of(made)}
    assert set(carried) == {action.reference for action in open_actions(plan, ON)}
    assert over.action.reference not in carried
    assert unread.action.reference in carried
    new = carried["5.13"]
    assert new.reference not in {action.reference for action in Action.objects.of(plan)}
    assert new.reference.startswith("5.")
    assert (new.first_due, new.owner, new.known_from) == (owned.first_due, owned.owner, NOW)
    assert list(new.theme.leads.all()) == [lead]
    assert made.follows == plan
    event = PlanEvent.objects.about("plan", "plan-2017").get()
    assert (event.done, event.after["follows"]) == ("added", plan.slug)
    assert PlanEvent.objects.about("action", new.reference).get().reason == "A new year."


def test_a_date_that_is_moved_by_the_release_moves_where_the_action_goes_on(
    plan, owned, officer, lead, director
):
    december = PartialDate(date(2016, 12, 31), "month")
    asked = words("at_risk", reason="A.", remedy="B.", new_due=december, new_due_reason="Staff.")
    sent, other = say(owned, officer, asked), Action.objects.get(reference="5.18")
    again = say(other, officer, asked)
    approve_updates(updates=[sent, again], by=lead, now=NOW)
    follow(plan, director)
    mine, theirs = (Action.objects.get(comes_from=action) for action in (owned, other))
    later = PartialDate(date(2017, 3, 31), "month")
    move_due_date(action=theirs, to=later, reason="Agreed since.", by=lead, now=NOW)
    release_approved(plan=plan, by=director, now=NOW)
    assert [str(due_now(action)) for action in (owned, mine)] == ["December 2016"] * 2
    assert mine.date_changes.get().reason == "Staff."
    assert str(due_now(theirs)) == "March 2017"


def test_the_old_plan_stays_until_the_new_one_starts(plan, director):
    made = follow(plan, director, carries_actions=False)
    shown = [
        Plan.objects.newest_known(position_on(*day)).first()
        for day in ((2016, 10, 5), (2017, 3, 31), (2017, 4, 1))
    ]
    assert shown == [plan, plan, made]
    assert not made.is_known(position_on(2017, 3, 31))
    assert made.is_known(position_on(2017, 4, 1))
    assert list(Plan.objects.kept(date(2017, 3, 31))) == [made, plan]
    assert list(Plan.objects.kept(date(2017, 4, 1))) == [made]


def test_a_member_reads_no_action_of_a_plan_that_has_not_started(
    plan, owned, director, sign_in, councillor, settings
):
    made = follow(plan, director)
    carried = Action.objects.get(theme__plan=made, comes_from=owned)
    mine, theirs = carried.get_absolute_url(), owned.get_absolute_url()
    assert mine not in councillor.get(theirs).content.decode()
    assert councillor.get(mine).status_code == 404
    assert carried.title in sign_in("director").get(mine).content.decode()
    settings.POSITION_DATE = made.starts_on
    assert mine in councillor.get(theirs).content.decode()
    assert carried.title in councillor.get(mine).content.decode()


def test_a_plan_with_a_paper_waits_for_its_start_too(plan, owned, director, councillor):
    made = follow(plan, director, paper=plan.paper)
    assert Plan.objects.newest_known(position_on(2016, 10, 6)).first() == plan
    assert Plan.objects.newest_known(position_on(2017, 4, 2)).first() == made
    assert not made.is_known(position_on(2017, 3, 31))
    assert made.is_known(position_on(2017, 4, 1))
    carried = Action.objects.get(theme__plan=made, comes_from=owned)
    assert carried.title not in councillor.get(carried.get_absolute_url()).content.decode()


def test_which_plans_are_known_is_one_thing_in_the_database_and_out_of_it(plan, director):
    follow(plan, director, carries_themes=False)
    follow(plan, director, slug="with-paper", paper=plan.paper, carries_themes=False)
    for day in ((2016, 1, 1), (2016, 10, 5), (2017, 3, 31), (2017, 4, 1)):
        position = position_on(*day)
        known = {one for one in Plan.objects.all() if one.is_known(position)}
        assert set(Plan.objects.known(position)) == known
        newest = Plan.objects.newest_known(position)
        assert {one for one in newest if one.was_known} == known


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ({"slug": "improvement-plan-2016"}, NameUsed),
        ({"starts_on": date(2016, 9, 1)}, PlanStartsTooSoon),
    ],
)
def test_add_plan_that_is_refused_leaves_nothing(plan, director, more, refused):
    before = counts()
    with pytest.raises(refused):
        follow(plan, director, **more)
    assert counts() == before


def test_add_plan_under_another_framework_follows_what_corresponds(plan, director):
    made = Framework.objects.create(
        slug="later", title="A later framework", short_title="Later", in_force_from=date(2017, 1, 1)
    )
    before = counts()
    with pytest.raises(NothingCorresponds) as without:
        follow(plan, director, framework=made)
    assert without.value.actions
    assert counts() == before
    for old in plan.framework.judgements.all():
        new = Judgement.objects.create(
            framework=made, slug=f"new-{old.slug}", order=old.order, title=old.title,
            short_title=old.short_title, kind=old.kind,
        )  # fmt: skip
        Correspondence.objects.create(judgement=new, other=old, note="The same.")
    follow(plan, director, framework=made)
    carried = Action.objects.filter(theme__plan__slug="plan-2017", comes_from__reference="5.13")
    main = carried.get().action_judgements.get(is_main=True).judgement
    assert main.framework == made


def test_what_was_sent_under_the_old_plan_is_released_under_the_new_one(
    plan, owned, officer, lead, director
):
    sent = say(owned, officer)
    approve_updates(updates=[sent], by=lead, now=NOW)
    new = follow(plan, director)
    assert release_approved(plan=new, by=director, now=NOW) == [sent]


def test_what_was_approved_is_released_however_many_plans_have_followed(
    plan, owned, officer, lead, director
):
    december = PartialDate(date(2016, 12, 31), "month")
    asked = words("at_risk", reason="A.", remedy="B.", new_due=december, new_due_reason="Staff.")
    sent = say(owned, officer, asked)
    approve_updates(updates=[sent], by=lead, now=NOW)
    second = follow(plan, director)
    third = follow(second, director, slug="plan-2018", starts_on=date(2018, 4, 1))
    assert release_approved(plan=third, by=director, now=NOW) == [sent]
    carried = Action.objects.get(comes_from__comes_from=owned, theme__plan=third)
    assert str(due_now(carried)) == "December 2016"


def test_what_waits_in_a_plan_that_has_not_begun_is_not_released_before(
    plan, owned, officer, lead, director
):
    made = follow(plan, director)
    sent = say(Action.objects.get(comes_from=owned), officer)
    approve_updates(updates=[sent], by=lead, now=NOW)
    with pytest.raises(NothingToRelease):
        release_approved(plan=plan, by=director, now=NOW)
    assert release_approved(plan=made, by=director, now=NOW) == [sent]


def test_a_round_is_over_once_another_plan_takes_over(plan, owned, officer, director):
    last, first = date(2017, 3, 31), date(2017, 4, 1)
    round = plan.rounds.get()
    made = follow(plan, director)
    assert UpdateRound.objects.current(plan.pk, last).get() == round
    assert not UpdateRound.objects.current(plan.pk, first)
    assert say(owned, officer, on=last).round == round
    assert say(owned, officer, on=first).round is None
    dates = dict.fromkeys(("opens_on", "updates_due_on", "figures_due_on", "release_on"), first)
    opened = open_round(plan=made, title="The first", by=director, now=NOW, **dates)
    assert UpdateRound.objects.current(made.pk, first).get() == opened


def test_add_plan_waits_for_whoever_changes_the_old_one(plan, director, held_elsewhere):
    with held_elsewhere(plan), pytest.raises(OperationalError, match="lock timeout"):
        follow(plan, director)


def test_add_plan_twice_at_once_is_refused_and_not_a_fault(plan, director):
    follow(plan, director)
    before = counts()
    with pytest.raises(NameUsed):
        follow(plan, director)
    assert counts() == before


def test_an_action_that_was_carried_over_is_asked_about_once(plan, owned, officer, director):
    new = follow(plan, director)
    before = actions_to_update(officer, ON).filter(theme__plan__in=[plan, new])
    after = actions_to_update(officer, date(2017, 4, 1))
    assert {action.theme.plan for action in after} == {new}
    assert owned in before
    assert owned not in after
    assert after.filter(comes_from=owned).count() == 1
