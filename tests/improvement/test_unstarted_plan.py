"""A plan that has not started is told to whoever works on it, and to nobody else."""

import csv
import io
import re

import pytest

from improvement.changes import approve_updates, move_due_date, release_approved
from improvement.models import Action, Theme
from improvement.permissions import actions_read, may_read
from performance.calculations.partial_date import PartialDate
from tests.conftest import position_on
from tests.improvement.conftest import NOW, THEME, say, words

pytestmark = pytest.mark.django_db

EXPORT = "/plan/export.csv"
ACTIVITY = "/plan/activity/"
ASK = "/plan/removals/ask/"
SAID = ("The plan of homes", "Close Brambles House", "The last child moves", "The lease ends",
        "Homes that close", "Closing homes")  # fmt: skip
# In texts that no permission of their own keeps.
TEXTS = [*(words for words in SAID if words != "The lease ends"), "The room is let from March"]


@pytest.fixture
def open_as(client):
    """Signs somebody in who is no role of the demonstration."""

    def sign_in_as(person):
        client.force_login(person)
        return client

    return sign_in_as


@pytest.fixture
def carried(unstarted, owned):
    return Action.objects.get(theme__plan=unstarted, comes_from=owned)


def said_in(answer) -> list[str]:
    return [words for words in SAID if words in answer.content.decode()]


def exported(client, plan) -> set[str]:
    file = client.get(EXPORT, {"plan": plan.slug}).content.decode("utf-8-sig")
    return {row["reference"] for row in csv.DictReader(io.StringIO(file))}


def plain(answer, *names: str) -> str:
    """What a page says, whatever it is about is called."""
    said = re.sub(r"csrf.*?>|nonce=\S+", "", answer.content.decode())
    return re.sub("|".join(map(re.escape, names)), "it", said)


def references(actions) -> set[str]:
    return {action.reference for action in actions}


def test_export_of_an_unstarted_plan_is_of_the_themes_that_one_keeps(unstarted, lead, open_as):
    mine = references(Action.objects.filter(theme__plan=unstarted, theme__slug=THEME))
    assert mine
    assert exported(open_as(lead), unstarted) == mine
    # Who leads two reads each row once.
    other = Theme.objects.filter(plan=unstarted).exclude(slug=THEME).first()
    other.leads.add(lead)
    theirs = references(other.actions.all())
    assert theirs
    assert exported(open_as(lead), unstarted) == mine | theirs


def test_export_of_an_unstarted_plan_is_whole_for_whoever_keeps_it(unstarted, director, open_as):
    assert exported(open_as(director), unstarted) == references(Action.objects.of(unstarted))


def test_export_of_an_unstarted_plan_is_as_of_none_for_whoever_keeps_none(
    unstarted, other_lead, open_as
):
    client = open_as(other_lead)
    hidden = client.get(EXPORT, {"plan": unstarted.slug})
    none = client.get(EXPORT, {"plan": "plan-2099"})
    assert hidden.status_code == none.status_code == 404
    assert plain(hidden, unstarted.slug) == plain(none, "plan-2099")


def test_export_is_whole_for_every_lead_once_the_plan_starts(
    unstarted, other_lead, open_as, settings
):
    settings.POSITION_DATE = unstarted.starts_on
    assert exported(open_as(other_lead), unstarted) == references(Action.objects.of(unstarted))


@pytest.mark.parametrize("asked", [{}, {"_export": "csv"}, {"kind": "action"}])
def test_activity_tells_nothing_of_an_unstarted_plan_to_others(
    unstarted, other_lead, people, open_as, settings, asked
):
    for person in (other_lead, people("scrutiny-officer")):
        answer = open_as(person).get(ACTIVITY, asked)
        assert answer.status_code == 200
        assert said_in(answer) == []
        assert unstarted.slug not in answer.content.decode()
    settings.POSITION_DATE = unstarted.starts_on
    assert "Close Brambles House" in said_in(open_as(other_lead).get(ACTIVITY, asked))


def test_activity_tells_of_an_unstarted_plan_what_one_works_on(unstarted, lead, director, open_as):
    other = Theme.objects.filter(plan=unstarted).exclude(slug=THEME).first()
    theirs = f"added: action {other.actions.first().reference} "
    mine = open_as(lead).get(ACTIVITY, {"_export": "csv"})
    assert said_in(mine) == list(SAID)
    assert theirs not in mine.content.decode().lower()
    whole = open_as(director).get(ACTIVITY, {"_export": "csv"})
    assert said_in(whole) == list(SAID)
    assert theirs in whole.content.decode().lower()


def test_activity_tells_an_officers_own_actions_only(unstarted, carried, other_lead, open_as):
    carried.owner = other_lead
    carried.save()
    told = open_as(other_lead).get(ACTIVITY, {"_export": "csv"}).content.decode()
    assert f"action {carried.reference}" in told
    other = Action.objects.of(unstarted).exclude(pk=carried.pk).first()
    assert f"action {other.reference}" not in told


def test_which_actions_are_read_is_one_thing_in_a_list_and_on_a_page(
    unstarted, people, other_lead, other_officer
):
    persons = [other_lead, other_officer] + [
        people(role) for role in ("officer", "theme-lead", "director", "councillor", "data-admin")
    ]
    for day in ((2016, 10, 5), (2017, 4, 1)):
        position = position_on(*day)
        for person in persons:
            read = {one for one in Action.objects.all() if may_read(person, one, position)}
            assert set(actions_read(person, position)) == read, (person, day)


def asked(client, sought) -> str:
    """What the page says of where the words are, before anything is hidden."""
    said = {"words": sought, "reason": "It names a child."}
    answer = client.post(ASK, said)
    assert answer.status_code == 200
    return ", ".join(place.what for place in answer.context["places"])


@pytest.fixture
def moved(carried, director):
    """The carried action with its date moved."""
    later = PartialDate(position_on(2018, 1, 31).on, "month")
    reason = "The room is let from March."
    move_due_date(action=carried, to=later, reason=reason, by=director, now=NOW)
    return carried


def test_asking_for_a_removal_finds_nothing_in_an_unstarted_plan_for_others(
    moved, other_officer, other_lead, open_as, settings
):
    for person in (other_officer, other_lead):
        client = open_as(person)
        assert not any(asked(client, secret) for secret in (*TEXTS, *SAID))
    settings.POSITION_DATE = moved.theme.plan.starts_on
    client = open_as(other_officer)
    assert all(asked(client, secret) for secret in TEXTS)


def test_asking_for_a_removal_finds_what_one_works_on_in_an_unstarted_plan(
    moved, officer, lead, director, open_as
):
    for person in (officer, lead, director):
        client = open_as(person)
        assert all(asked(client, secret) for secret in TEXTS), person
    # A theme and a plan are read on the pages of what is in them.
    moved.owner = None
    moved.save()
    assert "action" not in asked(open_as(officer), "Close Brambles House")


def test_asking_for_a_removal_finds_no_update_of_an_unstarted_plan_for_others(
    moved, lead, director, other_officer, open_as
):
    sent = say(moved, lead, words(narrative="Jo Bloggs has left."))
    approve_updates(updates=[sent], by=director, now=NOW)
    release_approved(plan=moved.theme.plan, by=director, now=NOW)
    assert asked(open_as(other_officer), "Jo Bloggs") == ""
    assert asked(open_as(lead), "Jo Bloggs") == f"update {moved.reference}: what changed"


def test_all_my_updates_gives_back_words_without_the_title_of_what_one_may_not_read(
    carried, other_officer, open_as
):
    none = Action.objects.order_by("pk").last().pk + 1
    client = open_as(other_officer)
    answers = []
    for number in (carried.pk, none):
        typed = {f"a{number}-opened_at": "0-0-0", f"a{number}-narrative": "We met on Monday."}
        answers.append(client.post("/plan/my-updates/all/", typed | {"do": "send-all"}))
        assert "We met on Monday." in answers[-1].content.decode()
        assert "Nothing was sent of an action that is not yours" in answers[-1].content.decode()
    assert carried.reference not in answers[0].content.decode()
    assert plain(answers[0]) == plain(answers[1])


@pytest.mark.parametrize(
    "address",
    ["/plan/actions/{}/", "/plan/actions/{}/?as_at=2016-10-01", "/plan/actions/{}/update/",
     "/plan/keep/{}/", "/plan/keep/{}/reword/"],
)  # fmt: skip
def test_a_reference_of_an_unstarted_plan_answers_as_one_that_is_not(
    carried, other_lead, open_as, address
):
    client = open_as(other_lead)
    hidden, none = (client.get(address.format(name)) for name in (carried.reference, "5.77"))
    assert hidden.status_code == none.status_code == 404
    assert plain(hidden, carried.reference) == plain(none, "5.77")


def test_a_reference_of_an_unstarted_plan_answers_members_as_one_that_is_not(
    carried, councillor, settings
):
    page = carried.get_absolute_url()
    hidden, none = councillor.get(page), councillor.get("/plan/actions/5.77/")
    assert hidden.status_code == none.status_code == 404
    assert plain(hidden, carried.reference) == plain(none, "5.77")
    settings.POSITION_DATE = carried.theme.plan.starts_on
    assert carried.title in councillor.get(page).content.decode()
    # Once it started, a page of an earlier day says why there is nothing on it.
    before = councillor.get(page, {"as_at": "2017-03-31"})
    assert before.status_code == 200
    assert "It belongs to a plan that starts on 1 April 2017." in before.content.decode()
    assert carried.title not in before.content.decode()


def test_who_works_on_an_unstarted_plan_opens_its_pages(carried, officer, lead, open_as):
    assert open_as(officer).get(f"/plan/actions/{carried.reference}/update/").status_code == 200
    assert open_as(lead).get(f"/plan/keep/{carried.reference}/reword/").status_code == 200


def test_what_was_written_of_an_unstarted_action_is_given_back_when_it_is_given_away(
    carried, officer, open_as
):
    client = open_as(officer)
    carried.owner = None
    carried.save()
    answer = client.post(f"/plan/actions/{carried.reference}/update/", {"narrative": "We met."})
    assert answer.status_code == 404
    assert "We met." in answer.content.decode()
    assert said_in(answer) == []
