"""Sending an update: once, not over a newer one, and with nothing lost."""

import pytest

from improvement.changes import approve_updates, release_approved
from improvement.models import ProgressUpdate, UpdateDraft
from tests.improvement.conftest import NOW, say, words
from tests.improvement.update_pages import ALL, CHANGED, DRAFT, FORM, MINE, box, filled, text_of

pytestmark = pytest.mark.django_db
TOO_LONG = "x" * 20_001


@pytest.fixture
def client(sign_in):
    return sign_in("officer")


def sent():
    return ProgressUpdate.objects.sent()


def test_action_update_is_sent(client, owned, officer):
    answer = client.post(FORM, filled(client), follow=True)
    assert answer.redirect_chain == [(MINE, 302)]
    assert "Sent: 5.13 Refresh the Sufficiency Strategy. The theme’s lead reads it next." in (
        text_of(answer)
    )
    made = sent().get()
    assert (made.action, made.made_by, made.narrative) == (owned, officer, CHANGED)


def test_a_form_that_is_sent_twice_makes_one_update(client):
    form = filled(client)
    client.post(FORM, form)
    answer = client.post(FORM, form, follow=True)
    assert "was sent already, and is kept once" in text_of(answer)
    assert sent().count() == 1


def test_a_preview_of_what_was_sent_says_so(client):
    form = filled(client)
    client.post(FORM, form)
    answer = client.post(FORM, form | {"do": "preview"}, follow=True)
    assert "was sent already, and is kept once" in text_of(answer)


def test_a_form_that_comes_back_with_other_words_is_not_taken_for_the_first(client):
    form = filled(client)
    client.post(FORM, form)
    answer = client.post(FORM, form | {"narrative": "Other words."})
    assert "You sent this form already" in text_of(answer)
    assert f"{MINE}#action-5.13" in answer.content.decode()
    assert box(answer, "narrative") == "Other words."
    assert sent().count() == 1
    again = {name: answer.context["form"][name].value() for name in form}
    client.post(FORM, again)
    assert [one.narrative for one in sent()] == ["Other words.", CHANGED]
    assert sent()[0].corrects == sent()[1]


def test_other_words_in_a_form_that_was_sent_are_saved_as_a_draft(client):
    form = filled(client)
    client.post(FORM, form)
    client.post(FORM, form | {"do": "draft"})
    assert not UpdateDraft.objects.exists()
    client.post(FORM, form | {"do": "draft", "narrative": "Other words."})
    assert UpdateDraft.objects.get().words["narrative"] == "Other words."
    assert box(client.get(FORM), "narrative") == "Other words."


def test_what_was_opened_on_an_older_state_is_not_saved_over_a_newer_one(client, owned, lead):
    form = filled(client)
    say(owned, lead, words(narrative="The board agreed it."))
    answer = client.post(FORM, form)
    said = text_of(answer)
    assert "Something newer was said while you had this open: nothing was sent" in said
    assert "The theme’s lead, " in said
    assert "On track. The board agreed it." in said
    assert box(answer, "narrative") == CHANGED
    assert sent().count() == 1
    client.post(FORM, form | {"opened_at": answer.context["form"]["opened_at"].value()})
    assert sent().first().narrative == CHANGED


def test_a_newer_status_that_forbids_the_move_is_said(client, owned, lead, director):
    form = filled(client)
    stopped = say(owned, lead, words("stopped", reason="The grant ended."))
    approve_updates(updates=[stopped], by=director, now=NOW)
    release_approved(plan=owned.theme.plan, by=director, now=NOW)
    answer = client.post(FORM, form)
    assert "Something newer was said" in text_of(answer)
    assert "cannot follow what stands now" in text_of(answer)
    assert sent().count() == 1


def test_sending_takes_the_draft(client, owned):
    client.post(FORM, filled(client, do="draft"))
    assert UpdateDraft.objects.count() == 1
    client.post(FORM, filled(client))
    assert not UpdateDraft.objects.exists()


def test_a_form_that_somebody_else_opened_is_not_sent_unawares(client, sign_in):
    form = filled(client)
    answer = sign_in("theme-lead").post(FORM, form)
    assert "somebody else opened this form" in text_of(answer)
    assert not sent().exists()


def test_a_draft_is_kept_found_and_thrown_away(client, owned, officer):
    form = filled(client, do="draft", reason="Half a sen", new_due="not yet a date")
    assert "Saved as a draft. Nobody else reads it." in text_of(
        client.post(FORM, form, follow=True)
    )
    page = client.get(FORM)
    assert "Your draft of " in text_of(page)
    assert box(page, "reason") == "Half a sen"
    assert page.context["form"]["new_due"].value() == "not yet a date"
    client.post(FORM, filled(client, do="discard"))
    assert not UpdateDraft.objects.exists()
    assert box(client.get(FORM), "reason") == ""


def test_an_older_window_throws_away_nothing_that_another_one_saved(client):
    form = filled(client)
    client.post(DRAFT, form | {"narrative": "From there."})
    answer = client.post(FORM, form | {"do": "discard"})
    assert "you saved other words in another window" in text_of(answer)
    assert "From there." in text_of(answer)
    assert box(answer, "narrative") == CHANGED
    assert UpdateDraft.objects.get().words["narrative"] == "From there."
    asked_again = {"do": "discard", "revision": answer.context["form"]["revision"].value()}
    client.post(FORM, form | asked_again)
    assert not UpdateDraft.objects.exists()


def test_a_draft_is_not_thrown_away_by_a_form_that_somebody_else_opened(client, sign_in):
    form = filled(client)
    lead = sign_in("theme-lead")
    lead.post(DRAFT, filled(lead, narrative="The lead’s own."))
    answer = lead.post(FORM, form | {"do": "discard", "revision": "1"})
    assert "somebody else opened this form" in text_of(answer)
    assert UpdateDraft.objects.get().words["narrative"] == "The lead’s own."


def test_a_draft_is_not_read_by_anybody_else(client, sign_in):
    client.post(FORM, filled(client, do="draft", narrative="For my eyes"))
    for name in ("theme-lead", "director"):
        for address in (FORM, MINE, ALL, "/plan/actions/5.13/"):
            assert "For my eyes" not in sign_in(name).get(address).content.decode()


def test_a_draft_of_an_older_state_shows_what_is_newer(client, owned, lead):
    client.post(FORM, filled(client, do="draft"))
    say(owned, lead, words(narrative="The board agreed it."))
    page = client.get(FORM)
    assert "Something newer was said since you typed this draft" in text_of(page)
    assert "The board agreed it." in text_of(page)
    assert box(page, "narrative") == CHANGED
    client.post(FORM, filled(client))
    assert sent().first().narrative == CHANGED


def test_the_script_saves_a_draft(client, owned, officer):
    form = filled(client)
    answer = client.post(DRAFT, form)
    assert answer.json()["revision"] == 1
    assert ":" in answer.json()["saved_at"]
    draft = UpdateDraft.objects.get()
    assert (draft.person, draft.action) == (officer, owned)
    assert draft.words == {"status": "on_track", "narrative": CHANGED}
    again = client.post(DRAFT, form | {"narrative": "More.", "revision": "1"})
    assert again.json()["revision"] == 2


def test_nothing_typed_is_no_draft(client):
    assert client.post(DRAFT, filled(client, status="", narrative=" ")).json() == {
        "saved_at": "", "revision": 0,
    }  # fmt: skip
    assert not UpdateDraft.objects.exists()


def test_a_draft_of_another_window_is_told(client):
    form = filled(client)
    client.post(DRAFT, form)
    answer = client.post(DRAFT, form | {"narrative": "From here."})
    assert answer.status_code == 409
    assert answer.json()["words"]["narrative"] == CHANGED
    assert ["What has changed?", CHANGED] in answer.json()["lines"]
    assert ["How does it stand?", "on track"] in answer.json()["lines"]


def test_a_form_is_not_sent_over_the_draft_of_another_window(client, owned, officer):
    form = filled(client)
    client.post(DRAFT, form | {"narrative": "From there."})
    answer = client.post(FORM, form)
    assert "you saved other words in another window" in text_of(answer)
    assert "From there." in text_of(answer)
    assert not sent().exists()
    client.post(FORM, form | {"revision": answer.context["form"]["revision"].value()})
    assert sent().get().narrative == CHANGED


def test_a_draft_is_not_saved_for_somebody_else(client, sign_in):
    answer = sign_in("theme-lead").post(DRAFT, filled(client))
    assert (answer.status_code, answer.json()) == (403, {"problem": "somebody-else"})
    assert not UpdateDraft.objects.exists()


def test_a_draft_has_an_end(client):
    answer = client.post(DRAFT, filled(client, narrative=TOO_LONG))
    assert (answer.status_code, answer.json()) == (400, {"problem": "too-long"})


@pytest.mark.parametrize(
    ("sent_as", "is_sent"),
    [({"revision": "²"}, True), ({"opened_at": "1-1-1"}, False), ({"submission": "x"}, True)],
)
def test_what_a_form_carries_may_be_wrong_and_costs_no_words(client, sent_as, is_sent):
    form = filled(client) | sent_as
    assert client.post(DRAFT, form).json()["revision"] == 1
    assert UpdateDraft.objects.get().words["narrative"] == CHANGED
    answer = client.post(FORM, form, follow=True)
    assert [one.narrative for one in sent()] == [CHANGED] * is_sent
    if not is_sent:
        assert "Something newer was said" in text_of(answer)
        assert box(answer, "narrative") == CHANGED


def test_what_members_do_not_read_is_corrected_by_the_next(client, owned, officer, lead):
    first = say(owned, officer)
    approve_updates(updates=[first], by=lead, now=NOW)
    assert "What you send now takes its place." in text_of(client.get(FORM))
    client.post(FORM, filled(client))
    assert sent().first().corrects == first


@pytest.mark.parametrize("do", ["send", "preview", "draft"])
def test_a_state_that_was_made_up_is_no_fault(client, owned, lead, do):
    say(owned, lead)
    sent_as = filled(client) | {"opened_at": "9" * 5000 + "-1-1", "do": do}
    assert client.post(FORM, sent_as).status_code in (200, 302)


def test_words_with_a_null_character_are_kept_without_it(client):
    client.post(DRAFT, filled(client, narrative="A\0b"))
    assert UpdateDraft.objects.get().words["narrative"] == "Ab"
    assert box(client.get(FORM), "narrative") == "Ab"


def test_a_nul_in_what_is_carried_along_costs_no_words(client):
    sent_on = {"narrative": CHANGED, "opened_at": "1\0-0", "do": "draft"}
    assert client.post(DRAFT, sent_on).status_code == 200
    assert client.post(FORM, filled(client, do="draft") | {"opened_at": "\0"}).status_code < 400
    assert UpdateDraft.objects.get().words["narrative"] == CHANGED


def test_a_draft_that_is_too_long_by_ticks_or_by_button_is_not_kept(client):
    many = {"narrative": CHANGED, "cites": ["1"] * 101}
    assert client.post(DRAFT, many).status_code == 400
    answer = client.post(FORM, filled(client, narrative=TOO_LONG, do="draft"))
    assert "Nothing was saved: one of the boxes holds too many words" in text_of(answer)
    assert box(answer, "narrative") == TOO_LONG
    assert not UpdateDraft.objects.exists()
