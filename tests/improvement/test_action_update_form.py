"""The form by which an action's owner says how it stands: what it offers, asks and refuses."""

import re
from datetime import date

import pytest

from improvement.changes import (
    approve_updates,
    move_due_date,
    release_approved,
    return_update,
    save_draft,
    state_of,
)
from improvement.forms.partial_dates import read_day_or_month
from improvement.models import Action, ProgressUpdate, UpdateDraft
from improvement.moves import allowed_moves
from performance.calculations.partial_date import PartialDate
from performance.models import Indicator
from tests.improvement.conftest import NOW, ON, say, words
from tests.improvement.update_pages import (
    CHANGED,
    DRAFT,
    FORM,
    OTHERS,
    box,
    filled,
    problem,
    queries,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(sign_in):
    return sign_in("officer")


def test_action_update_shows_what_stands(client, owned, lead):
    move = PartialDate(date(2016, 12, 31), "month")
    move_due_date(action=owned, to=move, reason="Staff.", by=lead, now=NOW)
    said = text_of(client.get(FORM))
    assert "The Sufficiency Strategy to be refreshed for the next three years." in said
    assert "From no date to December 2016: Staff." in said
    assert "Under way, not rated , 30 June 2016" in said
    assert "Work is under way to refresh the strategy." in said


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("address", [FORM, DRAFT])
def test_action_update_by_role(sign_in, role, address):
    assert sign_in(role).post(address, {"narrative": "x"}).status_code == 403
    assert not ProgressUpdate.objects.sent().exists()


def test_action_update_of_anothers_action_is_refused_with_a_sentence(sign_in, other_officer):
    answer = sign_in("other-officer").get(FORM)
    assert answer.status_code == 403
    assert "if it is yours, or if you lead its theme" in text_of(answer)
    assert sign_in("other-officer").post(FORM, {"status": "on_track"}).status_code == 403
    assert sign_in("other-officer").post(DRAFT, {"narrative": "x"}).status_code == 403


def test_action_update_is_for_the_themes_lead_and_the_director(sign_in, other_lead):
    assert sign_in("theme-lead").get(FORM).status_code == 200
    assert sign_in("director").get(FORM).status_code == 200
    assert sign_in("other-lead").get(FORM).status_code == 403


@pytest.mark.parametrize("address", [FORM, DRAFT])
def test_action_update_anonymous_goes_to_sign_in(nobody, address):
    assert nobody.post(address).status_code in (302, 401)


@pytest.mark.parametrize("page", ["update", "draft"])
def test_action_update_unknown_is_404(client, page):
    answer = client.post(f"/plan/actions/99.99/{page}/")
    assert answer.status_code == 404
    assert "The plan has no action “99.99”." in text_of(answer)


def test_a_line_break_of_a_word_processor_is_kept_as_one_in_drafts_and_updates(client, owned):
    pasted = "The board met.\x0bIt agreed.\x07"
    client.post(DRAFT, filled(client, narrative=pasted))
    assert UpdateDraft.objects.get().words["narrative"] == "The board met.\nIt agreed."
    client.post(FORM, filled(client, narrative=pasted))
    assert ProgressUpdate.objects.sent().get().narrative == "The board met.\nIt agreed."


def test_a_draft_is_only_posted(client):
    assert client.get(DRAFT).status_code == 405


def test_action_update_offers_the_moves_of_the_table(client, sign_in, owned):
    def offered(browser):
        form = browser.get(FORM).context["form"]
        return [(one.value, one.asks.split()) for one in form.statuses()]

    def table(keeps):
        moves = allowed_moves("under_way", keeps=keeps)
        return [(str(status), sorted(move.asks)) for status, move in moves.items()]

    assert offered(client) == table(False)
    assert offered(sign_in("theme-lead")) == table(True)
    said = text_of(client.get(FORM))
    assert "At risk Asks why, and what is being done about it." in said
    assert "Complete and evidenced Asks when it was completed, and what good it has done." in said


@pytest.mark.parametrize(
    ("sent", "name", "said"),
    [
        ({"status": ""}, "status", "Choose how it stands."),
        ({"status": "stopped"}, "status", "Choose one of these: what you chose cannot follow what "
         "stands now."),
        ({"narrative": " "}, "narrative", "Say in a sentence or two what has changed."),
        ({"status": "at_risk", "remedy": "x"}, "reason", "Say why it is at risk."),
        ({"status": "off_track", "remedy": "x"}, "reason", "Say why it is off track."),
        ({"status": "off_track", "reason": "x"}, "remedy", "Say what is being done about it."),
        ({"status": "complete"}, "completed_on", "Say when it was completed: a day such as "
         "22 August 2016, or a month such as August 2016."),
        ({"status": "complete_and_evidenced", "completed_on": "August 2016"}, "evidence_of_impact",
         "Say what good it has done: “complete and evidenced” is nothing without."),
        ({"status": "complete", "completed_on": "soon"}, "completed_on", "“soon” was not "
         "understood. Write a day such as 22 August 2016, or a month such as August 2016."),
        ({"status": "complete", "completed_on": "6 October 2016"}, "completed_on", "This day has "
         "not come yet: say when it was completed."),
        ({"completed_on": "August 2016"}, "completed_on", "“On track” has no such day: clear this "
         "box."),
        ({"new_due": "December 2016"}, "new_due_reason", "Say why the date moves: members read "
         "it."),
        ({"new_due_reason": "Staff."}, "new_due", "Say to when it moves: a day such as 22 August "
         "2016, or a month such as August 2016."),
        ({"new_due": "4 October 2016", "new_due_reason": "x"}, "new_due", "This day is over: give "
         "one that is still to come."),
        ({"status": "complete", "completed_on": "August 2016", "new_due": "2 May 2017",
          "new_due_reason": "x"}, "new_due", "It is over and needs no new date: clear this box."),
        *(({"evidence_links": line}, "evidence_links", f"“{line}” is no address that a "
          "member can open. Write one on each line, such as https://www.example.gov.uk/report.")
          for line in ("https://user@example.org/", "https://a.example\\@b.example/")),
        ({"evidence_links": "http://example.org/a"}, "evidence_links", "“http://example.org/a” is "
         "no address that a member can open. Write one on each line, such as "
         "https://www.example.gov.uk/report."),
        ({"evidence_links": "https://example.org/a\n" * 11}, "evidence_links", "Give at most 10 "
         "addresses."),
        ({"cites": ["1"]}, "cites", "Choose among the figures that stand here."),
    ],
)  # fmt: skip
def test_action_update_says_what_is_wrong(client, sent, name, said):
    answer = client.post(FORM, filled(client) | sent)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [name]
    if name == "cites":
        assert said in text_of(answer)
    else:
        assert problem(answer, name) == said
    assert not ProgressUpdate.objects.sent().exists()


def test_action_update_refuses_the_date_that_stands(client, owned, lead):
    due = PartialDate(date(2016, 12, 31), "month")
    move_due_date(action=owned, to=due, reason="Staff.", by=lead, now=NOW)
    sent = filled(client, new_due="Dec 2016", new_due_reason="Staff.")
    assert problem(client.post(FORM, sent), "new_due") == (
        "This is the due date that stands: clear this box."
    )


def test_going_back_asks_why(client, owned, officer, lead, director):
    sent = say(owned, officer, words("complete", completed=PartialDate(ON, "day")))
    assert client.post(FORM, filled(client, do="preview")).status_code == 200
    approve_updates(updates=[sent], by=lead, now=NOW)
    release_approved(plan=owned.theme.plan, by=director, now=NOW)
    answer = client.post(FORM, filled(client))
    assert problem(answer, "reason") == "Say why it is no longer complete."


@pytest.mark.parametrize(
    "name", ["narrative", "evidence_of_impact", "reason", "remedy", "new_due_reason"]
)
def test_every_box_for_words_asks_before_a_child_is_described(client, name):
    sent = filled(
        client, status="at_risk", reason="Staff left.", remedy="Recruiting.",
        new_due="May 2017", new_due_reason="Staff left.",
    ) | {name: "Child B left."}  # fmt: skip
    answer = client.post(FORM, sent)
    assert "could describe a child: “Child B”" in answer.context["form"].errors[name][0]
    tick = answer.context["form"].tick.html_name
    assert client.post(FORM, sent | {tick: "on"}).status_code == 302
    assert ProgressUpdate.objects.sent().count() == 1


def test_what_stood_in_a_draft_is_asked_about_when_it_is_sent(client, owned, officer):
    held = {"narrative": "Child B left.", "status": "on_track"}
    save_draft(action=owned, by=officer, words=held, opened_at=state_of(owned), revision=0)
    answer = client.post(FORM, filled(client) | held)
    assert "could describe a child" in text_of(answer)
    assert not ProgressUpdate.objects.sent().exists()


def test_figures_can_be_cited(client, owned):
    indicator = Indicator.objects.get(code="looked-after-number")
    owned.indicators.set([indicator])
    said = text_of(client.get(FORM))
    assert "Cite this: " in said
    assert "Looked after children: 638 on 8 August 2016" in said
    client.post(FORM, filled(client, cites=[str(indicator.pk)]))
    sent = owned.updates.sent().get()
    assert [row.indicator for row in sent.citations.all()] == [indicator]


def test_what_was_sent_back_is_in_the_boxes(client, owned, officer, lead):
    said = words("at_risk", reason="Staff left.", remedy="Recruiting.")
    return_update(update=say(owned, officer, said), reason="Since when?", by=lead, now=NOW)
    page = client.get(FORM)
    assert box(page, "reason") == "Staff left."
    assert "This update was sent back; its words are in the boxes." in text_of(page)
    assert "Sent back Since when?" in text_of(page)


def test_a_correction_of_what_members_read_says_so(client, owned, officer, director):
    sent = say(owned, officer)
    assert "corrects" not in client.get(FORM).context["form"].fields
    sent.reviews.create(outcome="released", by=director, known_from=NOW)
    client.post(FORM, filled(client, corrects="on"))
    assert owned.updates.sent().first().corrects == sent


def test_action_update_shows_what_a_member_will_read(client, owned):
    sent = filled(
        client, status="at_risk", reason="Staff left.", remedy="Recruiting.",
        evidence_links="https://example.org/a", new_due="May 2017", new_due_reason="Staff.",
    )  # fmt: skip
    page = client.post(FORM, sent | {"do": "preview"})
    said = text_of(page)
    assert CHANGED in said
    assert "Why: Staff left." in said
    assert "What is being done about it: Recruiting." in said
    assert "https://example.org/a" in said
    assert "At risk . Update; position of 5 October 2016." in said
    assert "From no date to May 2017: Staff." in said
    assert not ProgressUpdate.objects.sent().exists()
    hidden = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    back = client.post(
        FORM, {name: value for name, value in hidden.items() if value} | {"do": "back"}
    )
    assert box(back, "remedy") == "Recruiting."
    assert back.context["form"].errors == {}


def test_a_member_reads_what_the_preview_showed(client, councillor, owned, director):
    said = filled(client, status="at_risk", reason="Staff left.", remedy="Recruiting.")
    preview = client.post(FORM, said | {"do": "preview"}).content.decode()
    client.post(FORM, said)
    assert "Staff left." not in text_of(councillor.get("/plan/actions/5.13/"))
    owned.updates.sent().get().reviews.create(outcome="released", by=director, known_from=NOW)
    page = councillor.get("/plan/actions/5.13/").content.decode()
    shown = preview[preview.index('<div class="said">') : preview.rindex("<form method")]
    assert shown.strip() in page


def is_folded(page) -> bool:
    """Whether the boxes for links and a new due date are folded away."""
    [fold] = re.findall(r"<details[^>]*more-boxes[^>]*>", page.content.decode())
    return " open" not in fold


def test_a_new_due_date_is_folded_away_until_it_is_likely(client, owned):
    assert is_folded(client.get(FORM))
    wrong = filled(client, narrative="")
    assert is_folded(client.post(FORM, wrong))
    for status in ("at_risk", "off_track"):
        assert not is_folded(client.post(FORM, wrong | {"status": status}))


def test_a_new_due_date_is_before_whoever_answers_for_what_is_at_risk(client, owned, director):
    sent = filled(client, status="at_risk", reason="Staff left.", remedy="Recruiting.")
    client.post(FORM, sent)
    owned.updates.sent().get().reviews.create(outcome="released", by=director, known_from=NOW)
    assert not is_folded(client.get(FORM))
    assert is_folded(client.post(FORM, filled(client, narrative="")))


def test_a_new_due_date_is_before_whoever_answers_for_a_date_that_has_passed(client, owned, lead):
    passed = PartialDate(date(2016, 9, 30), "month")
    move_due_date(action=owned, to=passed, reason="Staff.", by=lead, now=NOW)
    assert not is_folded(client.get(FORM))
    assert is_folded(client.post(FORM, filled(client, status="complete", narrative="")))


def test_the_reason_for_a_new_due_date_is_said_to_be_needed_with_it(client):
    said = text_of(client.get(FORM))
    assert "Why does the date move? Needed if the date moves." in said


def test_what_is_wrong_is_said_of_what_was_pressed(client, owned):
    wrong = filled(client, narrative="")
    assert "There is a problem: this update was not sent" in text_of(client.post(FORM, wrong))
    page = client.post(FORM, wrong | {"do": "preview"})
    assert "There is a problem: put this right to see what a member will read" in text_of(page)


def test_the_actions_page_leads_who_may_to_the_form(sign_in, other_officer):
    page = "/plan/actions/5.13/"
    for name, is_there in [("officer", True), ("theme-lead", True), ("councillor", False),
                           ("other-officer", False)]:  # fmt: skip
        assert (FORM in sign_in(name).get(page).content.decode()) is is_there
    earlier = sign_in("officer").get(f"{page}?as_at=2016-10-04")
    assert FORM not in earlier.content.decode()


def test_action_update_costs_at_most_twelve_queries(client, owned, officer):
    owned.indicators.set(Indicator.objects.order_by("code")[:6])
    say(owned, officer)
    assert queries(client, FORM) <= 12


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("22 August 2016", date(2016, 8, 22), "day"),
        ("22nd of Aug, 2016", date(2016, 8, 22), "day"),
        ("22/8/2016", date(2016, 8, 22), "day"),
        ("2016-08-22", date(2016, 8, 22), "day"),
        ("Sept 2016", date(2016, 9, 30), "month"),
        ("february 2016", date(2016, 2, 29), "month"),
        ("8/2016", date(2016, 8, 31), "month"),
        ("2016-08", date(2016, 8, 31), "month"),
    ],
)
def test_a_day_or_a_month_is_read_as_it_is_written(text, day, precision):
    assert read_day_or_month(text) == PartialDate(day, precision)


@pytest.mark.parametrize(
    "text",
    ["2016", "31 June 2016", "13/2016", "Ju 2016", "August", "1 May 16", "May 1816", "²/5/2016"],
)
def test_what_is_neither_a_day_nor_a_month_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read_day_or_month(text)


def test_every_action_of_the_demonstration_opens_for_the_director(sign_in):
    client = sign_in("director")
    for reference in Action.objects.values_list("reference", flat=True)[::12]:
        assert client.get(f"/plan/actions/{reference}/update/").status_code == 200
