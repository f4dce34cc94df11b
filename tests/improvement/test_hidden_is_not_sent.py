"""What stands for words that were hidden or taken out is never sent as somebody's words."""

import pytest

from improvement.changes import approve_updates, release_approved, save_draft, state_of
from improvement.models import Action, Plan, ProgressUpdate, UpdateDraft
from performance.calculations.partial_date import read_partial_date
from tests.improvement.conftest import NOW, say, words
from tests.improvement.removals import HIDDEN, NAME, REMOVED, ask, confirm, decline
from tests.improvement.update_pages import FORM, MINE, box, filled, problem, text_of

pytestmark = pytest.mark.django_db

ACTION = "/plan/actions/5.13/"
AGAIN = "Write them again without the name."


def narratives(client) -> str:
    return text_of(client.get(ACTION))


@pytest.mark.parametrize("decide", [None, confirm])
def test_the_form_does_not_begin_with_what_stands_for_words(
    named, officer, director, sign_in, decide
):
    removal = ask(officer)
    if decide:
        decide(removal, director)
    page = sign_in("officer").get(FORM)
    assert box(page, "narrative") == ""
    assert AGAIN in text_of(page)


def test_a_draft_that_is_saved_as_it_stands_can_be_put_back(owned, officer, director, sign_in):
    draft = {"status": "on_track", "narrative": NAME, "remedy": "A street."}
    save_draft(action=owned, by=officer, words=draft, opened_at="0-0-0", revision=0)
    removal, client = ask(officer), sign_in("officer")
    sent = filled(client, narrative=box(client.get(FORM), "narrative"), remedy="A street.")
    assert "write your own words instead" in problem(client.post(FORM, sent), "narrative")
    client.post(FORM, sent | {"do": "draft"})
    decline(removal, director)
    assert UpdateDraft.objects.get().words == draft


def test_a_box_of_a_draft_is_put_back_beside_another_that_was_changed(owned, officer, director):
    draft = {"status": "on_track", "narrative": NAME, "remedy": "A street."}
    save_draft(action=owned, by=officer, words=draft, opened_at="0-0-0", revision=0)
    removal = ask(officer)
    kept = UpdateDraft.objects.get()
    words = kept.words | {"remedy": "Two streets."}
    save_draft(action=owned, by=officer, words=words, opened_at="0-0-0", revision=kept.revision)
    decline(removal, director)
    assert UpdateDraft.objects.get().words == draft | {"remedy": "Two streets."}


@pytest.mark.parametrize("copied", [HIDDEN, REMOVED, f"As before. {HIDDEN}"])
def test_what_stands_for_words_is_refused_as_words(owned, sign_in, copied):
    client = sign_in("officer")
    answer = client.post(FORM, filled(client, narrative=copied))
    assert "write your own words instead" in problem(answer, "narrative")
    assert not ProgressUpdate.objects.sent().exists()


def test_words_of_ones_own_about_hidden_things_are_taken(owned, sign_in):
    client = sign_in("officer")
    client.post(FORM, filled(client, narrative="The report was removed on 3 May 2016: an error."))
    assert ProgressUpdate.objects.sent().exists()


def test_what_is_hidden_is_neither_approved_nor_released_until_it_is_decided(
    named, owned, officer, lead, director, sign_in
):
    removal = ask(officer)
    page = sign_in("theme-lead").get("/plan/reviews/")
    assert "Hidden: it can be approved once it is decided" in text_of(page)
    assert f'value="{named.pk}"' not in page.content.decode()
    approve = {"update": [str(named.pk)]}
    answer = sign_in("theme-lead").post("/plan/reviews/", approve, follow=True)
    assert "Left as it was: 5.13. It is hidden" in text_of(answer)
    assert not named.reviews.exists()
    decline(removal, director)
    assert approve_updates(updates=[named], by=lead, now=NOW).done == [named]
    ask(director)
    assert "released once it is decided whether words are taken out: 5.13" in text_of(
        sign_in("director").get("/plan/release/")
    )
    assert NAME not in narratives(sign_in("councillor"))


@pytest.mark.parametrize(
    "column",
    ["narrative", "evidence_of_impact", "evidence_links", "reason", "remedy", "new_due_reason"],
)
def test_an_update_is_hidden_whichever_of_its_texts_is(owned, officer, lead, director, column):
    given = {"status": "at_risk", "reason": "Staff.", "remedy": "A plan.", column: f"Of {NAME}."}
    if column == "new_due_reason":
        given["new_due"] = read_partial_date("2017-01")
    update = say(owned, officer, words(**given))
    ask(officer)
    assert approve_updates(updates=[update], by=lead, now=NOW).done == []


def test_a_window_from_before_the_hiding_does_not_save_over_it(owned, officer, director, sign_in):
    draft = {"status": "on_track", "narrative": f"Of {NAME}."}
    save_draft(action=owned, by=officer, words=draft, opened_at=state_of(owned), revision=0)
    client = sign_in("officer")
    opened = filled(client, narrative="Typed on.", status="on_track")
    removal = ask(officer)
    client.post(FORM, opened | {"do": "draft"})
    decline(removal, director)
    assert UpdateDraft.objects.get().words == draft


def test_what_words_were_taken_out_of_is_looked_at_before_it_is_approved(
    named, owned, officer, director, sign_in
):
    others = [say(Action.objects.get(reference=one), officer) for one in ("5.18", "5.22")]
    confirm(ask(officer), director)
    page = sign_in("theme-lead").get("/plan/reviews/")
    assert "send it back if too little is left to read" in text_of(page)
    assert "Approve all 2" in text_of(page)
    assert page.context["page"].numbers == " ".join(str(one.pk) for one in others)
    assert f'value="{named.pk}"' in page.content.decode()


def test_the_rest_is_released_and_the_hidden_one_stays_approved(
    named, officer, lead, director, clerk
):
    approve_updates(updates=[named], by=lead, now=NOW)
    other = say(Action.objects.get(reference="5.18"), officer)
    approve_updates(updates=[other], by=lead, now=NOW)
    removal = ask(officer)
    plan = Plan.objects.get()
    done = release_approved(plan=plan, by=director, now=NOW, expected=[other.pk])
    assert done == [other]
    confirm(removal, clerk)
    assert release_approved(plan=plan, by=director, now=NOW) == [named]


def test_whoever_may_decide_is_told_on_the_first_page(named, officer, director, sign_in):
    clerk = sign_in("scrutiny-officer")
    assert "for your decision" not in text_of(clerk.get("/"))
    ask(director)
    assert "1 request to take words out waits for your decision: Personal information ." in text_of(
        clerk.get("/")
    )
    for name in ("director", "councillor", "officer"):
        assert "for your decision" not in text_of(sign_in(name).get("/"))


def test_the_way_to_take_a_name_out_stands_where_it_is_noticed(named, sign_in):
    ask_page = 'href="/plan/removals/ask/"'
    officer = sign_in("officer")
    for address in (MINE, FORM):
        assert ask_page in officer.get(address).content.decode()
    returning = sign_in("theme-lead").get(f"/plan/reviews/{named.pk}/return/")
    assert ask_page in returning.content.decode()
