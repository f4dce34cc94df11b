"""The page of who did what."""

import csv
import io
from dataclasses import replace
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from improvement.changes import (
    Part,
    approve_updates,
    ask_removal,
    assign_action,
    choose_leads,
    decline_removal,
    link_action,
    move_due_date,
    release_approved,
    release_round,
    return_update,
    split_action,
    state_of,
)
from improvement.changes.facts import link_facts, links_of, theme_facts, word_facts, words_of
from improvement.changes.leading import lead_facts
from improvement.changes.recording import record, record_of_action
from improvement.changes.rounds import round_facts
from improvement.models import Action, PlanEvent
from improvement.presenters.sentences import FACTS
from performance.calculations.partial_date import PartialDate
from performance.models import Indicator
from tests.conftest import position_on
from tests.improvement.conftest import NOW, ON, say, words

pytestmark = pytest.mark.django_db

PAGE = "/plan/activity/"


@pytest.fixture
def read(sign_in):
    client = sign_in("scrutiny-officer")
    return lambda **asked: client.get(PAGE, asked)


@pytest.fixture
def much(owned, officer, lead, director):
    sent = say(owned, officer, words("at_risk", reason="Posts.", remedy="Agency."))
    return_update(update=sent, reason="Say which posts.", by=lead, now=NOW)
    again = say(owned, officer, words("off_track", reason="Posts.", remedy="Agency."))
    approve_updates(updates=[again], by=lead, now=NOW)
    other = Action.objects.get(reference="1.01b")
    due = PartialDate(position_on(2016, 12, 31).on, "month")
    move_due_date(action=other, to=due, reason="=1+1", by=director, now=NOW)
    return again


def test_activity_says_who_did_what(much, read):
    body = read().content.decode()
    assert "Sent an update of action 5.13" in body
    assert "Returned an update of action 5.13" in body
    assert "Moved the due date of action 1.01b from" in body
    assert 'href="/plan/actions/5.13/"' in body


def test_activity_does_not_say_what_was_not_released(much, read, director, owned):
    for page in (read(), read(_export="csv")):
        body = page.content.decode()
        assert "off track" not in body
        assert "Say which posts" not in body
    release_approved(plan=owned.theme.plan, by=director, now=NOW)
    assert "Released an update of action 5.13: off track" in read().content.decode()


@pytest.mark.parametrize("is_stopped", [True, False])
def test_activity_does_not_say_why_an_action_is_stopped_by_a_split_before_its_update_does(
    owned, lead, read, is_stopped
):
    parts = [Part(f"5.9{at}", f"Part {at}", "Half of it.") for at in (1, 2)]
    split_action(
        action=owned, parts=parts, is_stopped=is_stopped, reason="The team closes.", by=lead,
        opened_at=state_of(owned), submission=uuid4(), on=ON, now=NOW,
    )  # fmt: skip
    for page in (read(), read(_export="csv")):
        body = page.content.decode()
        assert "plit: action 5.13" in body
        # Where it goes on there is no update that will say so.
        assert ("The team closes." in body) is not is_stopped


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ({"person": "director"}, 1),
        ({"person": "nobody"}, None),
        ({"theme": "looked-after-children", "done": "returned"}, 1),
        ({"done": "date_moved"}, 1),
        ({"kind": "round"}, 1),
        ({"first": "2016-10-06"}, 0),
        ({"last": "2016-10-04"}, 0),
        ({"done": "no-such-thing", "person": "director"}, 1),
    ],
)  # fmt: skip
def test_activity_is_filtered(much, read, people, asked, listed):
    if asked.get("person") == "director":
        asked = asked | {"person": str(people("director").pk)}
    if listed is None:
        listed = PlanEvent.objects.filter(by__isnull=True).count()
    body = read(**asked).content.decode()
    assert f"{listed} change{'' if listed == 1 else 's'} listed" in body


@pytest.mark.parametrize(
    "asked", [{"page": "99"}, {"page": "x"}, {"first": "soon"}, {"sort": "who"}]
)
def test_activity_survives_a_meddled_address(much, read, asked):
    assert read(**asked).status_code == 200


def many(owned, by, number):
    for at in range(number):
        record_of_action(
            owned, PlanEvent.Done.REWORDED, by=by, now=NOW, after={"title": f"Title {at}"}
        )


def test_activity_pages_are_in_one_stable_order(owned, lead, read):
    many(owned, lead, 120)
    total = PlanEvent.objects.count()
    seen = []
    for page in range(1, total // 50 + 2):
        seen += [row.record.what for row in read(page=page).context["table"].paginated_rows]
    assert len(seen) == total
    told = [what for what in seen if "Title" in what]
    assert told == [f"reworded: action 5.13 (title “Title {at}”)" for at in reversed(range(120))]


def test_activity_costs_the_same_for_any_number(owned, lead, read):
    many(owned, lead, 60)
    read()
    with CaptureQueriesContext(connection) as few:
        read()
    many(owned, lead, 60)
    with CaptureQueriesContext(connection) as more:
        read()
    assert len(few) == len(more) <= 12
    with CaptureQueriesContext(connection) as exported:
        read(_export="csv")
    assert len(exported) <= 12


def test_activity_is_taken_away_and_no_cell_is_a_formula(much, read):
    file = read(_export="csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert len(rows) == PlanEvent.objects.count()
    moved = next(row for row in rows if row["What"].startswith("moved the due date"))
    assert (moved["Who"], moved["Why"]) == ("director", "'=1+1")
    book = openpyxl.load_workbook(io.BytesIO(read(_export="xlsx").content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)


def test_activity_names_the_person_who_was_given_an_action(owned, officer, lead, director, read):
    assign_action(action=owned, owner=lead, by=director, now=NOW, reason="On leave.")
    body = read().content.decode()
    assert "Action 5.13: its updates are asked of theme-lead, and were of officer" in body
    assert "On leave." in body


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("councillor", 403), ("chair", 403), ("officer", 403), ("data-admin", 403),
        ("theme-lead", 200), ("director", 200), ("scrutiny-officer", 200),
    ],
)  # fmt: skip
def test_activity_opens_for_those_who_may(sign_in, role, status):
    assert sign_in(role).get(PAGE).status_code == status
    # It stands with the pages about updates.
    assert (b">Updates</a>" in sign_in(role).get("/").content) is (status == 200)


def test_activity_sends_the_signed_out_to_sign_in(nobody):
    assert nobody.get(PAGE).status_code == 302


def test_activity_is_not_posted_to(sign_in):
    assert sign_in("director").post(PAGE).status_code == 405


def test_what_was_done_is_said_as_somebody_would(sign_in):
    said = sign_in("director").get(PAGE).content.decode()
    assert "Action 5.13: its updates are asked of officer, and were of nobody" in said
    assert "opens 5 October 2016; updates due 19 October 2016" in said
    assert "2016-10-05" not in said.partition("<table")[2]


def test_activity_says_who_leads_a_theme(owned, lead, director, read):
    theme = owned.theme
    change = {"theme": theme, "by": director, "now": NOW}
    said = []
    for leads, needs_approval in (([lead, director], True), ([], True), ([], False)):
        choose_leads(leads=leads, needs_approval=needs_approval, **change)
        said.append(read().context["table"].rows[0].record.what)
    assert said == [
        "Looked after children is now led by director and theme-lead; before by theme-lead",
        "Looked after children is now led by nobody; before by director and theme-lead",
        "the updates of Looked after children need no lead’s approval now",
    ]


def test_activity_calls_things_as_people_do(unstarted, owned, director, sign_in, read):
    theme = owned.theme
    indicator = Indicator.objects.get(code="looked-after-number")
    link_action(
        action=owned, links=replace(links_of(owned), indicators=[indicator]), by=director, now=NOW
    )
    release_round(round=theme.plan.rounds.get(), by=director, on=ON, now=NOW)
    body = sign_in("director").get(PAGE, {"_export": "csv"}).content.decode()
    assert f"linked: action 5.13 (indicators from nothing to {indicator.short_title})" in body
    assert "added: plan “The plan of homes”" in body
    assert "added: theme “Closing homes” (title “Looked After Children”" in body
    assert (
        "released round of updates “Updates for the meeting after 5 October 2016” (0 updates)"
        in body
    )
    assert (
        "opened: round of updates “Updates for the meeting after 5 October 2016” (opens 5" in body
    )
    for word in ("improvement-plan-2016", unstarted.slug, "looked-after", "the command"):
        assert word not in body
    assert "a command of the server" in body


def test_every_fact_of_an_event_has_its_words(owned):
    facts = {
        **word_facts(words_of(owned)), **link_facts(links_of(owned)), **theme_facts(owned.theme),
        **round_facts(owned.theme.plan.rounds.get()), **lead_facts(owned.theme),
    }  # fmt: skip
    assert set(facts) - set(FACTS) == set()


def test_what_was_promised_is_told_from_what_to_what(owned, director, read):
    facts = {"promised": "The strategy refreshed."}, {"promised": "The strategy rewritten."}
    record_of_action(
        owned, PlanEvent.Done.REWORDED, by=director, now=NOW, before=facts[0], after=facts[1]
    )
    said = "what was promised from “The strategy refreshed.” to “The strategy rewritten.”"
    assert said in read().content.decode()


@pytest.mark.parametrize("key", ["Hidden on 5 October 2016: being looked at", "", "a/b", "é" * 200])
def test_activity_opens_whatever_an_event_of_an_action_is_called_by(read, director, key):
    record("action", key, "reworded", by=director, now=NOW, after={"title": "x"}, reason="Oddly.")
    assert "Oddly." in read().content.decode()
    assert "Oddly." in read(_export="csv").content.decode()
    book = openpyxl.load_workbook(io.BytesIO(read(_export="xlsx").content))
    assert "Oddly." in [cell.value for row in book.active for cell in row]


def test_activity_opens_while_the_reference_of_an_action_is_looked_at(much, read, officer, owned):
    Action.objects.filter(pk=owned.pk).update(title="Says 1.01b and Removal 1")
    for said in ("1.01b", "Removal 1"):
        ask_removal(words=said, reason="A name.", by=officer, on=ON, now=NOW)
    body = read().content.decode()
    assert 'href="/plan/actions/1.01b/"' in body
    assert "Asked to take out personal information (Removal " in body
    assert read(_export="csv").status_code == read(_export="xlsx").status_code == 200


def test_activity_does_not_say_how_much_a_removal_hid(read, officer, director, owned):
    Action.objects.filter(pk=owned.pk).update(title="About Barnaby", note="Barnaby again")
    made = ask_removal(words="Barnaby", reason="A name.", by=officer, on=ON, now=NOW)
    decline_removal(removal=made, reason="A street.", by=director, now=NOW)
    for answer in (read(), read(_export="csv")):
        body = answer.content.decode().casefold()
        assert f"asked to take out personal information ({made})".casefold() in body
        assert f"put back texts ({made})".casefold() in body
        assert "2 texts" not in body
