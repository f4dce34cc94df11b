"""All of an officer's actions on one page."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from improvement.changes import assign_action, return_update
from improvement.models import Action, ProgressUpdate, UpdateDraft
from tests.improvement.conftest import NOW, say
from tests.improvement.update_pages import ALL, CHANGED, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(sign_in):
    return sign_in("officer")


def blocks(answer):
    return {block.desk.action.reference: block for block in answer.context["blocks"]}


def boxes(client, **by_reference):
    """All that the page would send, with these words for these actions."""
    data = {}
    for reference, block in blocks(client.get(ALL)).items():
        form = block.form
        data |= {
            form.add_prefix(name): form[name].value() for name in form.fields if form[name].value()
        }
        said = by_reference.get(f"a{reference.replace('.', '_')}", {})
        data |= {form.add_prefix(name): value for name, value in said.items()}
    return data


GOOD = {"status": "on_track", "narrative": CHANGED}


def key(reference):
    return Action.objects.get(reference=reference).pk


def sent():
    return {one.action.reference: one.narrative for one in ProgressUpdate.objects.sent()}


def drafts():
    return {one.action.reference: one.words for one in UpdateDraft.objects.all()}


def test_all_shows_a_form_for_each_that_is_due(client, owned, officer):
    assert list(blocks(client.get(ALL))) == ["5.24b", "5.27a", "5.13", "5.18", "5.19a", "5.22"]
    say(owned, officer)
    assert "5.13" not in blocks(client.get(ALL))


def test_all_sends_one_by_its_own_button_and_keeps_the_rest(client):
    data = boxes(client, a5_13=GOOD, a5_18={"narrative": "Half a sen"})
    answer = client.post(ALL, data | {"do": f"send-{key('5.13')}"}, follow=True)
    assert sent() == {"5.13": CHANGED}
    assert drafts() == {"5.18": {"narrative": "Half a sen"}}
    assert "Sent: 5.13" in text_of(answer)
    assert blocks(answer)["5.18"].form["narrative"].value() == "Half a sen"


def test_all_sends_what_is_good_and_says_what_is_not(client):
    wrong = {"status": "at_risk", "narrative": "It is late."}
    data = boxes(client, a5_13=GOOD, a5_18=wrong)
    answer = client.post(ALL, data | {"do": "send-all"})
    said = text_of(answer)
    assert sent() == {"5.13": CHANGED}
    assert "Sent: 5.13" in said
    assert "There is a problem: 1 action was not sent" in said
    assert "Why: Say why it is at risk." in said
    assert list(blocks(answer)) == ["5.24b", "5.27a", "5.18", "5.19a", "5.22"]
    assert blocks(answer)["5.18"].form["narrative"].value() == "It is late."
    client.post(ALL, data | {"do": "send-all"})
    assert sent() == {"5.13": CHANGED}


def test_all_gives_back_the_words_of_an_action_that_was_given_to_somebody_else(
    client, owned, lead, director
):
    data = boxes(client, a5_13=GOOD, a5_18=GOOD)
    assign_action(action=owned, owner=lead, by=director, now=NOW)
    said = text_of(client.post(ALL, data | {"do": "send-all"}, follow=True))
    assert sent() == {"5.18": CHANGED}
    assert "Nothing was sent of 5.13" in said
    assert "It is not asked of you any more" in said
    assert f"What has changed? {CHANGED}" in said


def test_all_says_that_nothing_was_sent_where_nothing_is_filled_in(client):
    said = text_of(client.post(ALL, boxes(client) | {"do": "send-all"}, follow=True))
    assert "Nothing was sent: no action is filled in yet." in said
    assert sent() == {}


def test_all_says_that_nothing_was_saved_where_nothing_is_filled_in(client):
    answer = client.post(ALL, boxes(client) | {"do": "drafts"}, follow=True)
    assert "Nothing was saved: no action is filled in yet." in text_of(answer)
    assert drafts() == {}


def test_all_leaves_alone_what_was_not_filled_in(client):
    answer = client.post(ALL, boxes(client, a5_13=GOOD) | {"do": "send-all"}, follow=True)
    assert list(sent()) == ["5.13"]
    assert drafts() == {}
    assert "problem" not in text_of(answer)


def test_all_says_of_each_what_is_wrong(client):
    data = boxes(client, a5_13={"status": "complete"}, a5_18={"narrative": "x"})
    answer = client.post(ALL, data | {"do": "send-all"})
    said = text_of(answer)
    assert "2 actions were not sent" in said
    assert said.count("Say in a sentence or two what has changed.") == 2
    assert said.count("Choose how it stands.") == 2
    assert f'href="#id_a{key("5.13")}-narrative"' in answer.content.decode()


def test_all_does_not_send_again_what_was_sent_back_and_is_as_it_was(client, owned, officer, lead):
    return_update(update=say(owned, officer), reason="Since when?", by=lead, now=NOW)
    client.post(ALL, boxes(client) | {"do": "send-all"})
    assert ProgressUpdate.objects.sent().count() == 1
    client.post(ALL, boxes(client, a5_13={"narrative": "Since May."}) | {"do": "send-all"})
    assert ProgressUpdate.objects.sent().first().narrative == "Since May."


def test_all_takes_every_action_of_the_plan(client, officer):
    """Each box of 146 forms, those that are empty too, as a browser sends them."""
    Action.objects.update(owner=officer)
    forms = [block.form for block in blocks(client.get(ALL)).values()]
    data = {form.add_prefix(name): "" for form in forms for name in form.fields}
    assert len(data) > 1000
    answer = client.post(ALL, data | {"do": "drafts"})
    assert answer.status_code in (200, 302)


def queries(client, do, references):
    """What the page asks of the database when these are filled in; nothing of it stays."""
    filled_in = {f"a{one.replace('.', '_')}": GOOD for one in references}
    data = boxes(client, **filled_in) | {"do": do}
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        assert client.post(ALL, data).status_code == 302
        transaction.set_rollback(True)
    return len(captured)


# An update: held, looked at, written with its event, and its draft deleted. A draft: looked for and
# written. Each within savepoints of its own.
@pytest.mark.parametrize(("do", "each"), [("send-all", 13), ("drafts", 6)])
def test_all_costs_as_much_for_each_form_and_no_more(client, owned, do, each):
    six = list(blocks(client.get(ALL)))
    assert len(six) == 6
    two = queries(client, do, six[:2])
    assert queries(client, do, six) - two == 4 * each


def test_all_keeps_drafts(client):
    data = boxes(client, a5_13=GOOD, a5_18={"narrative": "Half"})
    answer = client.post(ALL, data | {"do": "drafts"}, follow=True)
    assert "Saved as drafts." in text_of(answer)
    assert set(drafts()) == {"5.13", "5.18"}


def test_all_keeps_as_a_draft_again_what_was_sent_back(client, owned, officer, lead):
    return_update(update=say(owned, officer), reason="Since when?", by=lead, now=NOW)
    as_sent = boxes(client)
    client.post(ALL, boxes(client, a5_13={"narrative": "As B."}) | {"do": "drafts"})
    assert drafts()["5.13"]["narrative"] == "As B."
    was = as_sent[f"a{key('5.13')}-narrative"]
    client.post(ALL, boxes(client, a5_13={"narrative": was}) | {"do": "drafts"})
    assert drafts()["5.13"]["narrative"] == was


def test_all_does_not_send_over_a_newer_one(client, owned, lead):
    data = boxes(client, a5_13=GOOD, a5_18=GOOD)
    say(owned, lead)
    answer = client.post(ALL, data | {"do": "send-all"})
    assert "Something newer was said" in text_of(answer)
    assert ProgressUpdate.objects.sent().filter(action=owned).count() == 1
    assert "5.18" in sent()


def test_all_does_not_touch_anothers_action(client):
    other = Action.objects.filter(owner=None).first()
    data = {f"a{other.pk}-{name}": value for name, value in GOOD.items()}
    client.post(ALL, data | {f"a{other.pk}-opened_at": "0-0", "do": "send-all"})
    assert sent() == {}
    assert drafts() == {}


def test_all_without_anything_to_say(client, officer):
    for action in Action.objects.filter(owner=officer):
        say(action, officer)
    assert "Nothing is left to update." in text_of(client.get(ALL))


@pytest.mark.parametrize("button", ["drafts", "send-5.13", "send-all"])
def test_all_keeps_on_the_page_what_is_too_long_to_be_kept(client, button):
    long = "x" * 20_001
    data = boxes(client, a5_13=GOOD, a5_18={"narrative": long})
    do = f"send-{key('5.13')}" if button == "send-5.13" else button
    answer = client.post(ALL, data | {"do": do})
    assert "5.18" not in drafts() | sent()
    assert blocks(answer)["5.18"].form["narrative"].value() == long
    said = text_of(answer)
    assert "There is a problem: 1 action was not s" in said
    if button != "send-all":
        assert "Nothing was saved: one of the boxes holds too many words" in said
    assert "Saved as drafts" not in said
