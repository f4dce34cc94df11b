"""What is asked of an officer, at a glance."""

import re

import pytest
from django.test import Client

from improvement.changes import (
    approve_updates,
    assign_action,
    move_due_date,
    release_approved,
    release_round,
    return_update,
    save_draft,
    state_of,
)
from improvement.models import Action, Plan, ProgressUpdate, UpdateRound
from improvement.presenters.updates import make_desks
from performance.calculations.partial_date import PartialDate
from performance.models import Indicator
from tests.conftest import position_on
from tests.improvement.conftest import NOW, ON, say, words
from tests.improvement.update_pages import ALL, MINE, OTHERS, filled, queries, rows, text_of

pytestmark = pytest.mark.django_db

OCTOBER = position_on(2016, 10, 5)


@pytest.fixture
def client(sign_in):
    return sign_in("officer")


def asked(client):
    return [desk.action.reference for desk in client.get(MINE).context["page"].asked]


def test_my_updates_counts_what_is_left_first(client, owned, officer):
    assert "My updates 6 of 6 still to update ; due by 19 October 2016." in text_of(
        client.get(MINE)
    )
    say(owned, officer)
    assert "5 of 6 still to update" in text_of(client.get(MINE))


def test_my_updates_lists_the_soonest_due_first(client):
    assert asked(client) == ["5.24b", "5.27a", "5.13", "5.18", "5.19a", "5.22"]


def test_my_updates_says_whether_a_date_has_passed(client, officer, lead):
    action = Action.objects.get(reference="5.24b")
    assert text_of(client.get(MINE)).count("Due September 2016: this date has passed") == 2
    say(action, officer, words(status="complete", completed=PartialDate(ON, "day")))
    assert text_of(client.get(MINE)).count("this date has passed") == 1


def test_the_menu_says_where_a_form_stands(sign_in):
    for name, address, label in (
        ("officer", "/plan/actions/5.13/update/", "My updates"),
        ("director", "/plan/loads/", "Keep the plan"),
    ):
        body = sign_in(name).get(address).content.decode()
        assert re.findall(r'aria-current="page">([^<]+)</a></li>', body) == [label]


def test_my_updates_puts_what_was_sent_back_at_the_top_with_why(client, owned, officer, lead):
    return_update(update=say(owned, officer), reason="Which board?", by=lead, now=NOW)
    said = text_of(client.get(MINE))
    assert asked(client)[0] == "5.13"
    assert "6 of 6 still to update" in said
    assert "1 update was sent back." in said
    assert "Sent back: Which board?" in said


def test_my_updates_shows_what_was_last_said_and_what_became_of_it(client, owned, officer):
    assert "Under way, not rated , 30 June 2016: Work is under way" in text_of(client.get(MINE))
    say(owned, officer, words(narrative="It went to the board."))
    said = text_of(client.get(MINE))
    assert "On track , 5 October 2016: It went to the board." in said
    assert "Sent on 5 October 2016: waits for the theme’s lead to approve it." in said


def test_my_updates_does_not_show_what_a_later_day_knows(client):
    """Ofsted said in February 2017 that care leavers are exempt."""
    assert "2017" not in text_of(client.get(MINE))


def test_my_updates_says_whether_a_draft_is_there(client, owned, officer):
    assert "A draft of yours is saved" not in text_of(client.get(MINE))
    save_draft(action=owned, by=officer, words={"narrative": "A"}, opened_at="", revision=0)
    assert "A draft of yours is saved" in text_of(client.get(MINE))


def test_my_updates_never_shows_anothers_draft(client, owned, lead):
    save_draft(action=owned, by=lead, words={"narrative": "Secret"}, opened_at="", revision=0)
    for address in (MINE, ALL):
        said = text_of(client.get(address))
        assert "Secret" not in said
        assert "draft of yours is saved" not in said


def test_my_updates_keeps_what_was_written_of_an_action_that_somebody_else_has_now(
    client, owned, officer, lead, director
):
    other = Action.objects.get(reference="5.18")
    save_draft(
        action=owned, by=officer, words={"narrative": "Half a sen"}, opened_at=state_of(owned),
        revision=0,
    )  # fmt: skip
    update = say(other, officer, words(narrative="It went to the board."))
    return_update(update=update, reason="Which board?", by=lead, now=NOW)
    assert "Not asked of you any more" not in text_of(client.get(MINE))
    for action in (owned, other):
        assign_action(action=action, owner=lead, by=director, now=NOW)
    said = text_of(client.get(MINE))
    for each in ("Not asked of you any more", "What has changed? Half a sen", "Which board?",
                 "It went to the board."):  # fmt: skip
        assert each in said
    assert "Half a sen" not in text_of(client_of_another(lead).get(MINE))


def test_my_updates_leads_on_to_what_was_sent_back_under_a_plan_that_was_followed(
    client, owned, officer, lead, director, settings
):
    update = say(owned, lead, words(narrative="It went to the board."))
    return_update(update=update, reason="Which board?", by=director, now=NOW)
    plan = owned.theme.plan
    Plan.objects.create(
        slug="next", title="Next", framework=plan.framework, follows=plan,
        starts_on=position_on(2017, 4, 1).on,
    )  # fmt: skip
    settings.POSITION_DATE = position_on(2017, 4, 1).on
    page = client.get(MINE)
    assert "Which board?" in text_of(page)
    form = "/plan/actions/5.13/update/"
    assert form in page.content.decode()
    client.post(form, filled(client, form))
    assert ProgressUpdate.objects.awaiting_review().get().corrects == update
    assert "Which board?" not in text_of(client.get(MINE))


def client_of_another(person):
    client = Client()
    client.force_login(person)
    return client


def test_a_form_that_was_open_when_the_action_was_given_away_gives_its_words_back(
    client, owned, lead, director
):
    assign_action(action=owned, owner=lead, by=director, now=NOW)
    form = "/plan/actions/5.13/update/"
    answer = client.post(form, {"status": "on_track", "narrative": "It went to the board."})
    assert answer.status_code == 403
    assert "Nothing was sent of 5.13" in text_of(answer)
    assert "What has changed? It went to the board." in text_of(answer)
    assert client.get(form).status_code == 403


def test_my_updates_lists_what_is_settled_apart(client, owned, officer, director):
    say(owned, officer, words("complete_and_evidenced", completed=PartialDate(ON, "day"),
                              evidence_of_impact="Two more homes."))  # fmt: skip
    assert "5.13" in asked(client)
    approved = owned.updates.sent().first()
    approved.reviews.create(outcome="approved", by=director, known_from=NOW)
    release_round(round=UpdateRound.objects.get(), by=director, on=ON, now=NOW)
    page = client.get(MINE)
    assert "5.13" not in asked(client)
    assert "Settled 5.13 Refresh the Sufficiency Strategy : complete and evidenced" in text_of(page)


def test_my_updates_without_a_round_says_so(client, director):
    UpdateRound.objects.update(released_at=NOW, released_by=director)
    assert "No round of updates is open. You can say how an action stands" in text_of(
        client.get(MINE)
    )


def test_my_updates_of_nobody(sign_in, other_officer):
    assert "No action of the plan is yours" in text_of(sign_in("other-officer").get(MINE))


def test_a_lead_sees_what_has_no_owner(sign_in, lead, owned):
    assign_action(action=owned, owner=None, by=lead, now=NOW)
    page = sign_in("theme-lead").get(MINE)
    assert "of your themes" in text_of(page)
    assert owned in page.context["page"].unowned
    assert {one.theme for one in page.context["page"].unowned} == {owned.theme}


def test_a_lead_of_nothing_sees_nothing_without_an_owner(sign_in, other_lead, owned, lead):
    assign_action(action=owned, owner=None, by=lead, now=NOW)
    assert "Nobody is asked" not in text_of(sign_in("other-lead").get(MINE))


@pytest.mark.parametrize("address", [MINE, ALL])
@pytest.mark.parametrize("role", OTHERS)
def test_my_updates_by_role(sign_in, role, address):
    assert sign_in(role).get(address).status_code == 403


@pytest.mark.parametrize("address", [MINE, ALL])
def test_my_updates_anonymous_goes_to_sign_in(nobody, address):
    answer = nobody.get(address)
    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]


def test_my_updates_is_only_read(client):
    assert client.post(MINE).status_code == 405


def test_my_updates_is_in_the_menu_of_who_may(sign_in):
    assert MINE in sign_in("officer").get("/").content.decode()
    assert MINE not in sign_in("councillor").get("/").content.decode()


def test_a_desk_is_as_the_functions_that_change_it_see_it(owned, officer, lead):
    def held():
        [desk] = make_desks(Action.objects.filter(pk=owned.pk), officer, OCTOBER)
        unread = owned.updates.unread().first()
        assert desk.state == state_of(owned)
        assert desk.unread == unread
        assert desk.in_force == owned.updates.in_force(ON).first()

    held()
    sent = say(owned, officer)
    held()
    return_update(update=sent, reason="Why?", by=lead, now=NOW)
    held()
    move_due_date(action=owned, to=PartialDate(ON, "day"), reason="Staff.", by=lead, now=NOW)
    held()
    say(owned, lead, words("at_risk", reason="Staff left.", remedy="Recruiting."))
    held()


@pytest.mark.parametrize("address", [MINE, ALL, "/plan/actions/5.13/update/"])
def test_my_updates_reads_no_more_of_an_action_of_which_much_was_said(
    client, owned, officer, lead, director, address
):
    def release_one():
        approve_updates(updates=[say(owned, officer)], by=lead, now=NOW)
        release_approved(plan=owned.theme.plan, by=director, now=NOW)

    release_one()
    few = rows(client, address)
    for _ in range(5):
        release_one()
    assert rows(client, address) == few


@pytest.mark.parametrize(("address", "limit"), [(MINE, 12), (ALL, 12)])
@pytest.mark.parametrize("person", ["officer", "theme-lead"])
def test_my_updates_costs_as_much_for_sixty_as_for_six(sign_in, people, address, limit, person):
    owner, client = people(person), sign_in(person)
    six = list(Action.objects.filter(owner__username="officer"))
    Action.objects.filter(pk__in=[one.pk for one in six]).update(owner=owner)
    six[0].indicators.set(Indicator.objects.order_by("code")[:2])
    few = queries(client, address)
    many = Action.objects.exclude(owner=owner).order_by("pk")[:54]
    Action.objects.filter(pk__in=many.values("pk")).update(owner=owner)
    for action in Action.objects.filter(owner=owner):
        say(action, people("director"), words("on_track", reason="It goes on."))
        save_draft(action=action, by=owner, words={"narrative": "A"}, opened_at="", revision=0)
    UpdateRound.objects.all().update(released_at=NOW, released_by=owner)
    assert Action.objects.filter(owner=owner).count() == 60
    assert queries(client, address) <= few <= limit
