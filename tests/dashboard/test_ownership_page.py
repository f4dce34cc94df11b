"""How well the plan is owned: read from the record, by theme, and never for members."""

import csv
import io
import re

import pytest
from openpyxl import load_workbook

from improvement.changes import (
    approve_updates,
    assign_action,
    move_due_date,
    release_round,
    return_update,
)
from improvement.models import Action, Theme
from performance.calculations.partial_date import PartialDate
from tests.conftest import position_on
from tests.improvement.conftest import NOW, ON, person_with, say, words
from tests.improvement.update_pages import text_of

pytestmark = pytest.mark.django_db

OWNERSHIP = "/plan/ownership/"
THEME = "Looked after children"
OTHERS = [
    "councillor", "chair", "co-opted", "substitute", "cabinet-member", "officer", "data-admin",
]  # fmt: skip


@pytest.fixture
def people(django_user_model):
    return lambda username: django_user_model.objects.get(username=username)


@pytest.fixture
def client(sign_in):
    return sign_in("theme-lead")


def rows(client, more=""):
    body = client.get(f"{OWNERSHIP}?_export=csv{more}").content.decode("utf-8-sig")
    return {row["Theme"]: row for row in csv.DictReader(io.StringIO(body))}


@pytest.mark.parametrize("role", ["theme-lead", "director", "scrutiny-officer"])
def test_ownership_shows_every_theme(sign_in, role):
    page = sign_in(role).get(OWNERSHIP).content.decode()
    assert re.search(
        r"Nobody is asked for updates of \d+ of \d+ actions under way; none of 6 updates came "
        r"on time so far\.",
        page,
    )
    for theme in ("Quality of practice", THEME, "Safeguarding board"):
        assert theme in page


def test_ownership_counts_what_was_sent_moved_and_returned(client, people):
    officer, lead, director = people("officer"), people("theme-lead"), people("director")
    before = rows(client)[THEME]
    due = PartialDate(position_on(2016, 12, 31).on, "month")
    action = Action.objects.get(reference="5.13")
    # A first date is no move.
    first = PartialDate(position_on(2016, 11, 30).on, "month")
    move_due_date(action=action, to=first, reason="Agreed.", by=lead, now=NOW)
    sent = say(action, officer, words(new_due=due, new_due_reason="The board moved."))
    returned = say(Action.objects.get(reference="5.18"), officer)
    return_update(update=returned, reason="Say more.", by=lead, now=NOW)
    done = words(status="complete", completed=PartialDate(position_on(2016, 9, 30).on, "day"))
    say(Action.objects.get(reference="5.24b"), officer, done)
    approve_updates(updates=[sent], by=lead, now=NOW)
    release_round(round=action.theme.plan.rounds.get(), by=director, on=ON, now=NOW)
    after = rows(client)[THEME]
    assert (before["Updates on time"], before["Updates asked for"]) == ("0", "6")
    assert (after["Updates on time"], after["Updates asked for"]) == ("3", "6")
    assert (after["Dates moved"], after["Moved most"]) == ("1", "5.13: 1")
    for name, change in (("Actions under way", -1), ("Complete without evidence", 1)):
        assert int(after[name]) - int(before[name]) == change, name


def test_an_owner_who_cannot_sign_in_is_none(client, people):
    before = int(rows(client)[THEME]["Nobody is asked"])
    officer = people("officer")
    officer.is_active = False
    officer.save()
    assert int(rows(client)[THEME]["Nobody is asked"]) - before == 5 + 1
    assert rows(client)[THEME]["Updates asked for"] == "0"


def test_an_action_that_is_given_to_somebody_has_an_owner(client, people):
    before = int(rows(client)[THEME]["Nobody is asked"])
    action = Action.objects.get(reference="5.02")
    other = person_with("other-officer", "Officer")
    assign_action(action=action, owner=other, by=people("theme-lead"), now=NOW)
    assert int(rows(client)[THEME]["Nobody is asked"]) == before - 1


def test_a_later_paper_counts_on_its_own_day(client):
    october, april = rows(client)[THEME], rows(client, "&as_at=2017-04-01")[THEME]
    assert october["Actions under way"] != april["Actions under way"]
    assert int(april["The longest"]) > int(october["The longest"])


def test_ownership_names_no_person(client):
    page = client.get(OWNERSHIP).content.decode()
    table = page[page.index('id="ownership"') : page.index("Take the table with you")]
    assert "officer" not in table


def test_what_never_had_an_update_is_counted_first_and_not_in_what_is_typical(client, people):
    before = rows(client)[THEME]
    assert int(before["Never an update"]) > 0
    say(Action.objects.get(reference="5.24b"), people("officer"))
    after = rows(client)[THEME]
    assert int(after["Never an update"]) == int(before["Never an update"]) - 1
    page = text_of(client.get(OWNERSHIP))
    left = int(after["Actions under way"]) - int(after["Never an update"])
    typical = after["Typical days without an update, where there was one"]
    said = f"never: {after['Never an update']} typically {typical} days for the other {left}"
    assert said in page


def test_a_theme_without_any_update_has_nothing_typical(client):
    one = Action.objects.get(reference="5.13")
    theme = Theme.objects.create(
        plan=one.theme.plan, number=12, slug="silent", title="Silent", short_title="Silent"
    )
    Action.objects.create(
        theme=theme, reference="12.01", order=1, title="x", description="x", kind="action",
        first_due_basis="not_stated", known_from=one.known_from,
    )  # fmt: skip
    row = rows(client)["Silent"]
    typical = row["Typical days without an update, where there was one"]
    assert (row["Never an update"], typical) == ("1", "")
    assert "Silent 1 1 never: 1 " in text_of(client.get(OWNERSHIP))


def test_ownership_exports_a_workbook(client):
    book = load_workbook(io.BytesIO(client.get(f"{OWNERSHIP}?_export=xlsx").content))
    lines = list(book.active.values)
    assert lines[0][:3] == ("Theme", "Actions under way", "Nobody is asked")
    assert len(lines) == 12


def test_ownership_sorts_by_what_a_column_means(client):
    body = client.get(f"{OWNERSHIP}?_export=csv&sort=-without_owner").content.decode("utf-8-sig")
    unowned = [int(row["Nobody is asked"]) for row in csv.DictReader(io.StringIO(body))]
    assert unowned == sorted(unowned, reverse=True)


@pytest.mark.parametrize("role", OTHERS)
def test_ownership_by_role(sign_in, role):
    for address in (OWNERSHIP, f"{OWNERSHIP}?_export=csv"):
        assert sign_in(role).get(address).status_code == 403


def test_ownership_asks_to_sign_in_and_takes_no_post(nobody, client):
    assert nobody.get(OWNERSHIP).headers["Location"].startswith("/sign-in/")
    assert client.post(OWNERSHIP).status_code == 405


def test_ownership_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):
        client.get(OWNERSHIP)
