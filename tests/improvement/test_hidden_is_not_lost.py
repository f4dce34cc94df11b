"""Nobody's words are lost while they are hidden: nothing is written over them unseen."""

import json

import pytest

from improvement.changes import (
    ThemeWords,
    WordsHidden,
    change_round,
    change_theme,
    move_due_date,
    save_draft,
)
from improvement.models import (
    Action,
    DateChange,
    PlanEvent,
    Removal,
    Theme,
    UpdateDraft,
    UpdateRound,
)
from performance.calculations.partial_date import read_partial_date
from tests.improvement.conftest import NOW, ON
from tests.improvement.plan_sheets import edited, problems, row_of
from tests.improvement.removals import HIDDEN, NAME, ask, decline, page_of
from tests.improvement.update_pages import text_of

pytestmark = pytest.mark.django_db

UNTIL_DECIDED = "are hidden until it is decided whether they are taken out"
REWORD = "/plan/keep/5.13/reword/"


@pytest.fixture
def titled(owned, officer):
    """A removal of an action's title."""
    Action.objects.filter(pk=owned.pk).update(title=f"{NAME} comes home")
    return ask(officer)


def reword(client, **typed):
    form = client.get(REWORD).context["form"]
    given = {field.name: field.value() for field in form if field.value()}
    return client.post(REWORD, given | {"reason": "As agreed."} | typed, follow=True)


def test_a_title_is_not_reworded_while_it_is_hidden(titled, owned, director, sign_in):
    page = reword(sign_in("theme-lead"), title="Another title")
    assert UNTIL_DECIDED in text_of(page)
    assert page.context["form"]["title"].value() == "Another title"
    decline(titled, director)
    owned.refresh_from_db()
    assert owned.title == f"{NAME} comes home"


def test_its_other_words_are(titled, owned, director, sign_in):
    reword(sign_in("theme-lead"), note="Ask in May.")
    decline(titled, director)
    owned.refresh_from_db()
    assert (owned.title, owned.note) == (f"{NAME} comes home", "Ask in May.")
    assert HIDDEN not in json.dumps(list(PlanEvent.objects.values("before", "after")))


def test_nor_is_a_theme_or_a_round(owned, officer, director):
    held = UpdateRound.objects.get()
    Theme.objects.filter(pk=owned.theme_id).update(short_title=NAME)
    UpdateRound.objects.filter(pk=held.pk).update(title=NAME)
    removal = ask(officer)
    theme = Theme.objects.get(pk=owned.theme_id)
    words = ThemeWords(theme.number, theme.title, "Homes")
    with pytest.raises(WordsHidden):
        change_theme(theme=theme, words=words, reason="As it is.", by=director, now=NOW)
    dates = {name: getattr(held, name) for name in (
        "opens_on", "updates_due_on", "figures_due_on", "release_on")}  # fmt: skip
    with pytest.raises(WordsHidden):
        change_round(round=held, title="May", reason="Late.", by=director, on=ON, now=NOW, **dates)
    decline(removal, director)
    held.refresh_from_db()
    theme.refresh_from_db()
    assert held.title == theme.short_title == NAME


def test_nor_by_the_plans_spreadsheet(titled):
    ((row, column, found, expected),) = problems(edited("5.13", "title", "From the file"))
    assert (row, column, found) == (row_of("5.13"), "C (title)", "From the file")
    assert "leave the cell as it is" in expected
    assert problems(edited("5.13", "note", "Ask in May.")) == []


def test_a_date_in_hidden_words_is_moved_without_them(owned, officer, lead):
    DateChange.objects.create(
        action=owned, to_precision="words", to_words=f"When {NAME} is home", reason="As agreed.",
        known_from=NOW,
    )  # fmt: skip
    ask(officer)
    move_due_date(action=owned, to=read_partial_date("2017-01"), reason="Staff.", by=lead, now=NOW)
    move = DateChange.objects.latest("id")
    assert move.from_words == ""
    event = PlanEvent.objects.filter(done=PlanEvent.Done.DATE_MOVED).latest("id")
    assert event.before == {"due": "no date"}


def test_what_a_draft_was_written_over_with_stays_and_is_said(owned, officer, director, sign_in):
    draft = {"status": "on_track", "narrative": NAME, "remedy": f"{NAME} again."}
    save_draft(action=owned, by=officer, words=draft, opened_at="0-0-0", revision=0)
    removal, kept = ask(officer), UpdateDraft.objects.get()
    words = kept.words | {"narrative": "They came home."}
    save_draft(action=owned, by=officer, words=words, opened_at="0-0-0", revision=kept.revision)
    said = {"decision": "declined", "reason": "A street."}
    page = sign_in("director").post(page_of(removal), said, follow=True)
    assert "Put back, but for 1 text: something else was written there meanwhile." in text_of(page)
    assert UpdateDraft.objects.get().words == words | {"remedy": f"{NAME} again."}
    assert Removal.objects.get().left == [["text that something else was written over", 1]]
