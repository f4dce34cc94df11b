"""The Director's release: what was read is what is released."""

import re

import pytest

from improvement.changes import approve_updates, change_round, release_round, return_update
from improvement.models import Action, ProgressUpdate, UpdateReview, UpdateRound
from performance.calculations.partial_date import PartialDate
from tests.conftest import position_on
from tests.improvement.conftest import NOW, ON, person_with, say, words

pytestmark = pytest.mark.django_db

RELEASE = "/plan/release/"
OTHERS = [
    "councillor", "chair", "co-opted", "substitute", "cabinet-member", "officer", "theme-lead",
    "scrutiny-officer", "data-admin",
]  # fmt: skip
DECEMBER = PartialDate(position_on(2016, 12, 31).on, "month")


@pytest.fixture
def client(sign_in):
    return sign_in("director")


@pytest.fixture
def round(owned):
    return owned.theme.plan.rounds.get()


@pytest.fixture
def approved(owned, officer, lead):
    said = words(
        narrative="The strategy is agreed.", new_due=DECEMBER, new_due_reason="The board moved."
    )
    update = say(owned, officer, said)
    approve_updates(updates=[update], by=lead, now=NOW)
    return update


def another(officer, lead, reference="5.18"):
    update = say(Action.objects.get(reference=reference), officer, words(narrative="Another."))
    approve_updates(updates=[update], by=lead, now=NOW)
    return update


def carried(page):
    """What the page's form carries, as a browser would send it."""
    return dict(re.findall(r'type="hidden" name="(shown|round|is_checked)" value="([^"]*)"', page))


def read(client):
    return client.get(RELEASE).content.decode()


def send(client, fields, **more):
    return client.post(RELEASE, fields, **more).content.decode()


def test_release_shows_what_members_will_read_and_what_is_not_ready(
    client, officer, lead, approved
):
    say(Action.objects.get(reference="5.18"), officer)
    returned = say(Action.objects.get(reference="5.22"), officer)
    return_update(update=returned, reason="Say more.", by=lead, now=NOW)
    page = read(client)
    for each in (
        "1 update is approved", "The strategy is agreed.", "from no date to December 2016",
        "The board moved.", "Release this 1 update", "release is planned for 26 October 2016",
    ):  # fmt: skip
        assert each in page
    row = page[page.index('rowheader" class="govuk-table__header">Looked after children') :]
    assert re.findall(r'numeric">(\d+)</td>', row)[:3] == ["1", "1", "3"]


def test_release_checks_and_then_releases(client, councillor, approved, round, director):
    address = approved.action.get_absolute_url()
    assert "The strategy is agreed." not in councillor.get(address).content.decode()
    check = send(client, carried(read(client)))
    assert "Check before you release" in check
    assert "5.13: from no date to December 2016" in check
    assert "Looked after children: 5 not answered" in check
    assert not approved.reviews.filter(outcome="released").exists()
    done = send(client, carried(check), follow=True)
    assert "Released: members read 1 update from now on. The round “" in done
    assert "The strategy is agreed." in councillor.get(address).content.decode()
    assert approved.action.date_changes.get().moved_to == DECEMBER
    round.refresh_from_db()
    assert round.released_by == director


def test_release_without_a_round(client, approved, round, director, officer, lead):
    release_round(round=round, by=director, on=ON, now=NOW)
    later = another(officer, lead)
    check = send(client, carried(read(client)))
    assert "None is under way." in check
    assert "members read 1 update from now on." in send(client, carried(check), follow=True)
    assert later.reviews.filter(outcome="released").exists()


def test_release_ends_a_round_in_which_nothing_was_approved(client, round):
    page = read(client)
    assert "End this round without a release" in page
    check = send(client, carried(page))
    assert "End the round now" in check
    assert "members read no updates" in send(client, carried(check), follow=True)
    round.refresh_from_db()
    assert round.released_at is not None


def test_nothing_to_release_and_no_round_has_no_button(client, round, director):
    release_round(round=round, by=director, on=ON, now=NOW)
    page = read(client)
    assert "No approved update waits." in page
    assert carried(page) == {}
    assert "There is a problem" in send(client, {"shown": "5", "round": ""})


def approve_another(officer, lead, **given):
    another(officer, lead)


def correct(owned, officer, **given):
    say(owned, officer, words(narrative="That was wrong."))


def release_first(round, **given):
    release_round(round=round, by=person_with("other-director", "Director"), on=ON, now=NOW)


@pytest.mark.parametrize("step", ["check", "release"])
@pytest.mark.parametrize("meanwhile", [approve_another, correct, release_first])
def test_what_changed_since_it_was_read_is_shown_again_and_not_released(
    client, owned, officer, lead, director, round, approved, step, meanwhile
):
    fields = carried(read(client))
    if step == "release":
        fields = carried(send(client, fields))
    meanwhile(owned=owned, officer=officer, lead=lead, director=director, round=round)
    before = UpdateReview.objects.filter(outcome="released").count()
    page = send(client, fields)
    assert "There is a problem: nothing was released" in page
    assert "What waits has changed since you opened this page" in page
    assert UpdateReview.objects.filter(outcome="released").count() == before


def test_a_double_click_releases_once(client, approved):
    fields = carried(send(client, carried(read(client))))
    send(client, fields)
    again = client.post(RELEASE, fields, follow=True)
    assert (again.status_code, b"There is a problem" in again.content) == (200, False)
    assert approved.reviews.filter(outcome="released").count() == 1


def test_a_double_click_releases_once_without_a_round(
    client, approved, round, officer, lead, director
):
    release_round(round=round, by=director, on=ON, now=NOW)
    update = another(officer, lead)
    fields = carried(send(client, carried(read(client))))
    assert fields["shown"] == str(update.pk)
    send(client, fields)
    again = client.post(RELEASE, fields, follow=True)
    assert (again.status_code, b"There is a problem" in again.content) == (200, False)
    assert update.reviews.filter(outcome="released").count() == 1


@pytest.mark.parametrize("shown", ["x", "1 2 3", "-1", "9" * 40])
def test_a_set_that_was_never_shown_is_refused(client, approved, round, shown):
    page = send(client, {"shown": shown, "round": round.pk, "is_checked": "on"})
    assert "There is a problem" in page
    assert not approved.reviews.filter(outcome="released").exists()


def test_what_is_not_released_says_nothing_to_members_in_the_list_or_the_export(
    client, councillor, approved
):
    for address in ("/plan/", "/plan/?_export=csv", "/", "/plan/themes/looked-after-children/"):
        assert "The strategy is agreed." not in councillor.get(address).content.decode()


def test_the_round_keeps_its_changed_date_on_the_page(client, round, director):
    dates = {name: getattr(round, name) for name in ("opens_on", "updates_due_on")}
    later = position_on(2016, 11, 2).on
    change_round(
        round=round, title=round.title, **dates, figures_due_on=round.figures_due_on,
        release_on=later, reason="Moved.", by=director, on=ON, now=NOW,
    )  # fmt: skip
    assert "planned for 2 November 2016" in read(client)
    assert UpdateRound.objects.get().release_on == later


@pytest.mark.parametrize("role", OTHERS)
def test_release_by_role(sign_in, approved, role):
    client = sign_in(role)
    assert client.get(RELEASE).status_code == 403
    fields = {"shown": str(approved.pk), "is_checked": "on"}
    assert client.post(RELEASE, fields).status_code == 403
    assert not approved.reviews.filter(outcome="released").exists()


def test_release_asks_to_sign_in_and_takes_no_other_method(nobody, client):
    assert nobody.get(RELEASE).headers["Location"].startswith("/sign-in/")
    assert client.delete(RELEASE).status_code == 405


def test_release_queries(client, officer, lead, django_assert_max_num_queries):
    for reference in ("5.13", "5.18", "5.19a", "5.22", "5.24b", "5.27a"):
        another(officer, lead, reference)
    with django_assert_max_num_queries(14):
        assert "Release these 6 updates" in read(client)
    assert ProgressUpdate.objects.awaiting_release().count() == 6
