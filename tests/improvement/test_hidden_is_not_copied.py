"""Where something is made of an action whose words are hidden, nothing copies “Hidden on …”."""

from uuid import uuid4

import pytest

from improvement.changes import (
    WordsHidden,
    approve_updates,
    return_update,
    split_action,
    state_of,
)
from improvement.changes.keeping import Part
from improvement.models import Action, DateChange, Plan, Theme
from tests.improvement.conftest import NOW, ON, follow
from tests.improvement.removals import HIDDEN, NAME, REMOVED, ask, confirm, decline
from tests.improvement.update_pages import ALL, FORM, problem, text_of

pytestmark = pytest.mark.django_db

ASK_PAGE = 'href="/plan/removals/ask/"'
UNTIL_DECIDED = "are hidden until it is decided whether they are taken out"


@pytest.fixture
def hidden(owned, officer):
    """A removal of what an action is meant to change."""
    Action.objects.filter(pk=owned.pk).update(impact_sought=f"{NAME} comes home.")
    return ask(officer)


def split(action, by):
    action.refresh_from_db()
    parts = [Part("9.1", "Ask", "All are asked."), Part("9.2", "Tell", "All are told.")]
    return split_action(
        action=action, parts=parts, is_stopped=False, reason="Two things.", by=by,
        opened_at=state_of(action), submission=uuid4(), on=ON, now=NOW,
    )  # fmt: skip


def test_an_action_is_split_once_it_is_decided(hidden, owned, lead, director):
    with pytest.raises(WordsHidden, match=rf"^Words of action 5\.13 {UNTIL_DECIDED}"):
        split(owned, lead)
    assert not Action.objects.filter(comes_from=owned).exists()
    decline(hidden, director)
    made = split(owned, lead)
    assert {one.impact_sought for one in made} == {f"{NAME} comes home."}


def test_what_was_taken_out_is_copied_as_that(hidden, owned, lead, director):
    confirm(hidden, director)
    assert {one.impact_sought for one in split(owned, lead)} == {REMOVED}


def test_the_page_that_splits_says_so_and_keeps_what_was_typed(hidden, sign_in):
    client = sign_in("theme-lead")
    form = client.get("/plan/keep/5.13/split/").context["form"]
    typed = {
        "title_1": "Ask", "promised_1": "All are asked.", "title_2": "Tell",
        "promised_2": "All are told.", "reason": "Two things.",
    }  # fmt: skip
    given = {field.name: field.value() for field in form if field.value()}
    page = client.post("/plan/keep/5.13/split/", {**given, **typed})
    assert UNTIL_DECIDED in text_of(page)
    assert page.context["form"]["title_2"].value() == "Tell"


def test_a_plan_follows_once_it_is_decided(hidden, owned, officer, director, clerk):
    plan = owned.theme.plan
    other = Action.objects.get(reference="5.18")
    change = DateChange.objects.create(
        action=other, to_on=ON, to_precision="day", to_words=f"When {NAME} is home",
        reason="As agreed.", known_from=NOW,
    )  # fmt: skip
    second = ask(officer)
    change.refresh_from_db()
    assert change.to_words == HIDDEN
    with pytest.raises(WordsHidden, match=r"^Words of action 5\.13, action 5\.18 "):
        follow(plan, director)
    assert not Plan.objects.filter(follows=plan).exists()
    confirm(hidden, clerk)
    decline(second, clerk)
    new = Action.objects.filter(theme__plan=follow(plan, director))
    assert new.get(comes_from=owned).impact_sought == REMOVED
    assert not new.filter(impact_sought=HIDDEN).exists()


@pytest.mark.parametrize("column", ["title", "short_title", "lead_service"])
def test_nor_does_a_plan_take_over_a_theme_whose_title_is_hidden(owned, officer, director, column):
    Theme.objects.filter(pk=owned.theme_id).update(**{column: f"{NAME} and others"})
    ask(officer)
    with pytest.raises(WordsHidden, match=r"^Words of theme 5 "):
        follow(owned.theme.plan, director)


def test_an_earlier_date_that_nothing_copies_holds_nothing_up(owned, officer, lead):
    for words in (f"When {NAME} is home", "When the home is open"):
        DateChange.objects.create(
            action=owned, to_precision="words", to_words=words, reason="As agreed.",
            known_from=NOW,
        )  # fmt: skip
    ask(officer)
    assert len(split(owned, lead)) == 2


@pytest.mark.parametrize("box", ["owner_service", "owner_role", "title"])
def test_no_box_of_an_action_takes_it(owned, sign_in, box):
    client = sign_in("theme-lead")
    form = client.get("/plan/keep/5.13/reword/").context["form"]
    given = {field.name: field.value() for field in form if field.value()}
    page = client.post("/plan/keep/5.13/reword/", given | {box: HIDDEN, "reason": "Because."})
    assert "write your own words instead" in problem(page, box)


def test_all_on_one_page_says_why_a_box_is_empty(named, officer, lead, sign_in):
    return_update(update=named, reason="Say more.", by=lead, now=NOW)
    ask(officer)
    page = sign_in("officer").get(ALL)
    assert 'id="say-5.13"' in page.content.decode()
    assert "Write them again without the name." in text_of(page)
    assert ASK_PAGE in page.content.decode()


def test_who_may_decide_is_led_to_it_from_what_waits(named, officer, lead, director, sign_in):
    leads_on = "See what waits for a decision"
    removal = ask(officer)
    assert leads_on in text_of(sign_in("director").get("/plan/reviews/"))
    assert leads_on not in text_of(sign_in("theme-lead").get("/plan/reviews/"))
    decline(removal, director)
    approve_updates(updates=[named], by=lead, now=NOW)
    ask(officer)
    assert leads_on in text_of(sign_in("director").get("/plan/release/"))


def test_the_way_to_take_a_name_out_stands_beside_any_words_that_were_sent(named, officer, sign_in):
    client = sign_in("officer")
    ask(officer)
    assert ASK_PAGE in client.get(FORM).content.decode()
