"""The pages on which a theme's lead keeps its actions, and the Director the plan."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.test import Client

import dashboard.roles
from improvement.changes import assign_action, move_due_date, save_draft, state_of
from improvement.models import Action, PlanEvent, ProgressUpdate, Theme, UpdateDraft
from performance.calculations.partial_date import read_partial_date
from tests.improvement.conftest import NOW, say

pytestmark = pytest.mark.django_db

KEEP = "/plan/keep/"
THEME = "themes/improvement-plan-2016/looked-after-children/"
ACTION_PAGES = ["5.13/", *(f"5.13/{job}/" for job in (
    "reword", "assign", "split", "stop", "link", "due",
))]  # fmt: skip
LEAD_PAGES = ["", f"{THEME}add/", *ACTION_PAGES]
PLAN_PAGES = [
    THEME, f"{THEME}leads/", "plans/improvement-plan-2016/add-theme/",
    "plans/improvement-plan-2016/follow/",
]  # fmt: skip
ROLES = [role.slug for role in dashboard.roles.ROLES]
ADDED = {
    "reference": "5.90", "title": "Ask every child", "promised": "Every child is asked.",
    "kind": "action", "main": "leadership", "first_due": "March 2017", "owner": "officer",
}  # fmt: skip


@pytest.fixture
def keeper(sign_in) -> Client:
    return sign_in("theme-lead")


@pytest.fixture
def chief(sign_in) -> Client:
    return sign_in("director")


def opened(client, address):
    """What a form of the page would send of its own accord."""
    form = client.get(f"{KEEP}{address}").context["form"]
    return {field.name: field.value() for field in form if field.value()}


def send(client, address, **more):
    """The page that follows what was typed into a form that was just opened."""
    data = {**opened(client, address), **more}
    return client.post(f"{KEEP}{address}", data, follow=True).content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_pages_by_role(sign_in, role):
    client = sign_in(role)
    may_keep, may_plan = role in ("theme-lead", "director"), role == "director"
    for address in LEAD_PAGES:
        assert client.get(KEEP + address).status_code == (200 if may_keep else 403), address
    for address in PLAN_PAGES:
        assert client.get(KEEP + address).status_code == (200 if may_plan else 403), address


def test_pages_for_nobody_lead_to_sign_in(nobody):
    for address in (*LEAD_PAGES, *PLAN_PAGES):
        answer = nobody.get(KEEP + address)
        assert answer.status_code == 302, address
        assert "/sign-in/" in answer.url


def test_another_themes_action_is_refused_with_a_sentence(keeper):
    for address in (
        *(page.replace("5.13", "1.01b") for page in ACTION_PAGES),
        "themes/improvement-plan-2016/workforce/add/",
    ):
        for answer in (keeper.get(KEEP + address), keeper.post(KEEP + address, {"reason": "x"})):
            assert answer.status_code in (403, 405), address
        assert (
            "This is a theme that you do not keep." in keeper.get(KEEP + address).content.decode()
        )


def test_the_sentence_of_any_other_refusal_stays(councillor):
    assert "Your role does not include it." in councillor.get(KEEP).content.decode()


def test_unknown_things_are_404(chief):
    for address in (
        "9.99/", "9.99/reword/", "themes/improvement-plan-2016/none/",
        "themes/none/workforce/add/", "plans/none/follow/", "plans/none/add-theme/",
    ):  # fmt: skip
        assert chief.get(KEEP + address).status_code == 404, address


def test_keep_lists_the_themes_that_the_person_leads(keeper, chief):
    body = keeper.get(KEEP).content.decode()
    assert "5.13 Refresh the Sufficiency Strategy" in body
    assert "1.01b" not in body
    assert "Add a theme" not in body
    body = chief.get(KEEP).content.decode()
    assert "1.01b" in body
    assert "Add a theme" in body


def test_keep_costs_the_same_for_any_number_of_actions(
    chief, keeper, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        chief.get(KEEP)
    with django_assert_max_num_queries(14):
        keeper.get(KEEP)


def test_an_actions_page_leads_its_keeper_on_and_nobody_else(keeper, councillor, sign_in):
    link = "/plan/keep/5.13/reword/"
    assert link in keeper.get("/plan/actions/5.13/").content.decode()
    assert link not in councillor.get("/plan/actions/5.13/").content.decode()
    assert "/reword/" not in keeper.get("/plan/actions/1.01b/").content.decode()


def test_action_add(keeper, councillor):
    assert opened(keeper, f"{THEME}add/")["reference"] not in ("", None)
    body = send(keeper, f"{THEME}add/", **ADDED)
    assert "Action 5.90 was added." in body
    assert Action.objects.get(reference="5.90").owner.get_username() == "officer"
    shown = councillor.get("/plan/actions/5.90/").content.decode()
    assert "Every child is asked." in shown
    assert "as the paper states it" not in shown


def test_action_add_sent_twice_adds_once(keeper):
    send(keeper, f"{THEME}add/", **ADDED)
    answer = keeper.post(f"{KEEP}{THEME}add/", ADDED)
    assert (answer.status_code, answer.url) == (302, f"{KEEP}5.90/")
    assert PlanEvent.objects.about("action", "5.90").count() == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reference": "5.13"}, "references are never used again"),
        ({"reference": "5/13"}, "Letters, digits"),
        ({"title": ""}, "Fill this in."),
        ({"first_due": "31/12/16"}, "Write the year in full: 31/12/2016."),
        (
            {"first_due": "5/10/16"},
            "5 October 2016 or 10 May 2016? Write the day first",
        ),
        ({"cabinet": "soon"}, "A day such as 30 September 2016"),
        ({"main": ""}, "Choose one."),
        ({"promised": "See the boy aged 7 and his mother."}, "could describe a child"),
    ],
)
def test_action_add_says_what_is_wrong(keeper, more, said):
    body = send(keeper, f"{THEME}add/", **{**ADDED, **more})
    assert said in body
    assert "There is a problem: nothing was saved" in body
    assert not Action.objects.filter(reference="5.90").exists()


def test_action_reword(keeper, councillor):
    body = send(keeper, "5.13/reword/", title="A strategy for homes", reason="Plainer.")
    assert "Action 5.13 was reworded." in body
    assert "A strategy for homes" in councillor.get("/plan/actions/5.13/").content.decode()
    assert "Nothing was different" in send(keeper, "5.13/reword/", reason="Again.")
    assert "Say why: it is kept in the history." in send(keeper, "5.13/reword/", title="x")


def test_action_reword_shows_what_is_newer_and_keeps_what_was_typed(keeper, chief):
    mine = {**opened(keeper, "5.13/reword/"), "title": "Mine", "reason": "A."}
    send(chief, "5.13/reword/", title="Theirs", reason="B.")
    body = keeper.post(f"{KEEP}5.13/reword/", mine).content.decode()
    assert "This was changed while you had it open: nothing was saved" in body
    assert "director saved it after you opened it." in body
    assert "<dd>Theirs</dd>" in body
    assert 'value="Mine"' in body
    assert Action.objects.get(reference="5.13").title == "Theirs"


def test_action_assign(keeper):
    body = send(keeper, "5.13/assign/", owner="theme-lead")
    assert "theme-lead is asked for the updates of action 5.13 from now on." in body
    assert 'value="councillor"' not in keeper.get(f"{KEEP}5.13/assign/").content.decode()


def test_action_link(keeper):
    body = send(
        keeper, "5.13/link/", main="leadership", others=["care-leavers"],
        indicators=["looked-after-number"],
    )  # fmt: skip
    assert "The links of action 5.13 were saved." in body
    event = PlanEvent.objects.about("action", "5.13").first()
    assert event.after["judgements"] == ["leadership", "care-leavers"]


def test_action_due_says_how_often_it_moved_and_counts_on(keeper, owned, lead):
    for month in ("2016-10", "2016-11", "2016-12"):
        move_due_date(action=owned, to=read_partial_date(month), reason="Staff.", by=lead, now=NOW)
    body = keeper.get(f"{KEEP}5.13/due/").content.decode()
    assert "<dt>Due now</dt><dd>December 2016</dd>" in body
    # The first of them gave it a date.
    assert "<dt>Moved so far</dt><dd>twice</dd>" in body
    assert "From November 2016 to December 2016: Staff." in body
    body = send(keeper, "5.13/due/", due="31 January 2017", reason="Recruitment.")
    assert "Action 5.13 is due on 31 January 2017 from now on." in body
    assert owned.date_changes.count() == 4


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"due": ""}, "Say until when."),
        ({"due": "soon"}, "A day such as 30 September 2016"),
        ({"reason": ""}, "Say why: it is kept in the history."),
        ({"due": "30 November 2016"}, "It is due in November 2016 already."),
    ],
)
def test_action_due_says_what_is_wrong(keeper, owned, lead, more, said):
    move_due_date(action=owned, to=read_partial_date("2016-11"), reason="A.", by=lead, now=NOW)
    assert said in send(keeper, "5.13/due/", **{"due": "2017-01", "reason": "B.", **more})
    assert owned.date_changes.count() == 1


def test_action_due_is_not_moved_over_a_newer_move(keeper, owned, lead):
    over = send(keeper, "5.13/due/", due="4 October 2016", reason="A slip.")
    assert "This day is over: give one that is still to come." in over
    mine = {**opened(keeper, "5.13/due/"), "due": "2017-01", "reason": "Mine."}
    move_due_date(action=owned, to=read_partial_date("2016-11"), reason="A.", by=lead, now=NOW)
    body = keeper.post(f"{KEEP}5.13/due/", mine).content.decode()
    assert "nothing was saved" in body
    assert "<dt>Due</dt><dd>November 2016</dd>" in body
    assert 'value="2017-01"' in body
    assert owned.date_changes.count() == 1


STOP = {"narrative": "It is done elsewhere.", "reason": "Another board does it."}


def test_action_stop_waits_for_approval_and_release(keeper, councillor):
    body = send(keeper, "5.13/stop/", **STOP)
    assert "Members read that once somebody else has approved it and it has been released." in body
    assert ProgressUpdate.objects.awaiting_review().get().status == "stopped"
    for address in ("/plan/actions/5.13/", "/plan/", "/plan/?_export=csv"):
        assert "It is done elsewhere." not in councillor.get(address).content.decode()


def test_a_nul_in_a_form_is_told(keeper):
    answer = keeper.post(f"{KEEP}{THEME}add/", ADDED | {"reference": "5.9\0"})
    assert "Null characters are not allowed." in answer.content.decode()
    split = {**opened(keeper, "5.13/split/"), **PARTS, "submission": "\0"}
    assert b"There is a problem" in keeper.post(f"{KEEP}5.13/split/", split).content
    assert not Action.objects.filter(comes_from__reference="5.13").exists()


def test_a_line_break_of_a_word_processor_is_kept_as_one(keeper):
    send(keeper, "5.13/reword/", promised="Line one\x0bline two\x07", reason="From a document.")
    assert Action.objects.get(reference="5.13").description == "Line one\nline two"


def test_a_line_break_in_a_box_of_one_line_is_a_space(keeper):
    send(keeper, "5.13/reword/", title="Ask\x0bevery child", reason="Plain.")
    assert Action.objects.get(reference="5.13").title == "Ask every child"


def test_action_stop_sent_twice_is_one_update(keeper):
    data = {**opened(keeper, "5.13/stop/"), **STOP}
    for _ in range(2):
        assert keeper.post(f"{KEEP}5.13/stop/", data).status_code == 302
    assert ProgressUpdate.objects.awaiting_review().count() == 1


def test_action_stop_is_not_saved_over_a_newer_update(keeper, owned, officer):
    data = {**opened(keeper, "5.13/stop/"), **STOP}
    say(owned, officer)
    body = keeper.post(f"{KEEP}5.13/stop/", data).content.decode()
    assert "officer saved it after you opened it." in body
    assert "It is done elsewhere." in body


PARTS = {
    "title_1": "One", "promised_1": "The one half.", "title_2": "Two",
    "promised_2": "The other half.", "reason": "Two teams do it.", "stops": "on",
}  # fmt: skip


def test_action_split(keeper, councillor):
    body = send(keeper, "5.13/split/", **PARTS)
    assert "Action 5.13 was split into 5.13a and 5.13b." in body
    assert Action.objects.get(reference="5.13a").comes_from.reference == "5.13"
    assert "5.13b Two" in councillor.get("/plan/actions/5.13/").content.decode()
    assert "Refresh the Sufficiency" in councillor.get("/plan/actions/5.13a/").content.decode()


def test_action_split_sent_twice_splits_once(keeper):
    data = {**opened(keeper, "5.13/split/"), **PARTS}
    for _ in range(2):
        assert keeper.post(f"{KEEP}5.13/split/", data).status_code == 302
    assert Action.objects.filter(comes_from__reference="5.13").count() == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reference_2": "5.13a"}, "Another of the new actions has it."),
        ({"reference_1": "5.18"}, "references are never used again"),
        ({"title_3": "Three"}, "empty the other box of the third action"),
        ({"title_2": ""}, "Fill this in."),
    ],
)
def test_action_split_says_what_is_wrong(keeper, more, said):
    assert said in send(keeper, "5.13/split/", **{**PARTS, **more})
    assert not Action.objects.filter(comes_from__reference="5.13").exists()


@pytest.mark.parametrize(
    ("job", "typed"), [("stop", STOP), ("split", PARTS), ("split", PARTS | {"stops": ""})]
)
def test_what_its_keeper_had_typed_of_an_action_stays_when_it_is_stopped_or_split(
    keeper, owned, lead, job, typed
):
    mine = {"narrative": "Half a sentence of my own."}
    save_draft(action=owned, by=lead, words=mine, opened_at=state_of(owned), revision=0)
    assert "nothing was saved" not in send(keeper, f"5.13/{job}/", **typed)
    assert UpdateDraft.objects.get().words == mine
    assert mine["narrative"] in keeper.get("/plan/my-updates/").content.decode()
    assert mine["narrative"] in keeper.get("/plan/actions/5.13/update/").content.decode()


def test_theme_add_change_and_leads(chief):
    plan = "plans/improvement-plan-2016/add-theme/"
    body = send(chief, plan, title="Homes for everybody", short_title="Homes")
    assert "was added. Say who leads it." in body
    homes = "themes/improvement-plan-2016/homes/"
    assert "The theme was changed." in send(chief, homes, title="Homes for all", reason="Shorter.")
    assert "who leads it was saved" in send(chief, f"{homes}leads/", leads=["theme-lead"])
    theme = Theme.objects.get(slug="homes")
    assert (theme.title, [lead.get_username() for lead in theme.leads.all()]) == (
        "Homes for all", ["theme-lead"],
    )  # fmt: skip
    taken = send(chief, plan, title="Again", short_title="Homes", number="2")
    assert "has this number." in taken
    assert "has this address already." in taken


def test_a_lead_who_lost_the_theme_may_not_save_what_was_open(keeper, owned, lead, other_lead):
    data = {**opened(keeper, "5.13/due/"), "due": "2017-01", "reason": "Mine."}
    owned.theme.leads.set([other_lead])
    assert keeper.post(f"{KEEP}5.13/due/", data).status_code == 403


def test_a_keeper_without_a_theme_is_told_so(other_lead):
    client = Client()
    client.force_login(other_lead)
    assert "You lead no theme yet" in client.get(KEEP).content.decode()


def test_an_owner_who_may_no_longer_send_updates_stays_in_the_list(keeper, owned, lead, officer):
    assign_action(action=owned, owner=officer, by=lead, now=NOW)
    officer.groups.set([Group.objects.get(name="Panel member")])
    body = keeper.get(f"{KEEP}5.13/assign/").content.decode()
    assert '<option value="officer" selected>officer</option>' in body


def test_a_submission_that_is_no_number_is_said_so(keeper):
    body = send(keeper, "5.13/stop/", **STOP, submission=str(uuid4())[:5])
    assert "nothing was saved" in body
