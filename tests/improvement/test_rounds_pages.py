"""Opening a round, changing its dates, and how it is answered."""

import pytest

from improvement.changes import approve_updates, change_round, release_round, return_update
from improvement.models import Action, Plan, PlanEvent, UpdateRound
from tests.conftest import position_on
from tests.improvement.conftest import NOW, ON, say

pytestmark = pytest.mark.django_db

ROUNDS = "/plan/rounds/"
OTHERS = [
    "councillor", "chair", "co-opted", "substitute", "cabinet-member", "officer", "theme-lead",
    "data-admin",
]  # fmt: skip
NEXT = {
    "title": "Updates for December",
    "opens_on": "2016-11-01",
    "updates_due_on": "2016-11-15",
    "figures_due_on": "2016-11-15",
    "release_on": "2016-11-25",
}


@pytest.fixture
def client(sign_in):
    return sign_in("scrutiny-officer")


@pytest.fixture
def round(owned):
    return owned.theme.plan.rounds.get()


def read(client, address=ROUNDS):
    return client.get(address).content.decode()


def change_page(round):
    return f"{ROUNDS}{round.pk}/change/"


@pytest.mark.parametrize("role", ["scrutiny-officer", "director"])
def test_rounds_lists_and_opens_none_while_one_is_under_way(sign_in, round, role):
    page = read(sign_in(role))
    assert round.title in page
    assert "Under way: officers are asked for their updates." in page
    assert "is not released yet. Another round can be opened when it is." in page
    assert "only one round can be under way" in read(sign_in(role), f"{ROUNDS}open/")


def test_round_shows_how_many_answered_by_theme(client, round, owned, officer, lead):
    sent = [say(Action.objects.get(reference=one), officer) for one in ("5.13", "5.18", "5.22")]
    approve_updates(updates=sent[:1], by=lead, now=NOW)
    return_update(update=sent[1], reason="Say more.", by=lead, now=NOW)
    page = read(client, f"{ROUNDS}{round.pk}/")
    assert "2 of 6 actions answered." in page
    row = page[page.index("Looked after children") :]
    told = [(label, number) for label, number in (
        ("Asked", 6), ("Answered", 2), ("of which wait for review", 1), ("Sent back", 1),
        ("Not answered", 3),
    )]  # fmt: skip
    for label, number in told:
        assert f'data-label="{label}" class="govuk-table__cell govuk-table__cell--numeric">' in row
        assert row.split(f'data-label="{label}"')[1].split(">")[1].startswith(f"{number}<")


def test_round_open_opens_one_after_the_release(client, round, director, people):
    release_round(round=round, by=director, on=ON, now=NOW)
    page = client.post(f"{ROUNDS}open/", NEXT, follow=True).content.decode()
    assert "Opened: Updates for December." in page
    made = UpdateRound.objects.get(title="Updates for December")
    assert made.opened_by == people("scrutiny-officer")
    assert "To come: it opens on 1 November 2016." in page
    assert "Released on 5 October 2016 by director." in read(client)


def test_round_open_tells_of_the_one_under_way_and_keeps_the_words(client, round):
    page = client.post(f"{ROUNDS}open/", NEXT).content.decode()
    assert f"“{round.title}” has to be released first." in page
    assert 'value="Updates for December"' in page
    assert UpdateRound.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "Fill this in."),
        ({"title": "For J.S., aged 7"}, "This looks as if it could describe a child"),
        ({"opens_on": ""}, "Fill this in."),
        ({"opens_on": "soon"}, "Enter a valid date."),
        ({"updates_due_on": "2016-10-31"}, "Updates cannot be due before the round opens."),
        ({"figures_due_on": "2016-10-31"}, "Figures cannot be due before the round opens."),
        ({"release_on": "2016-11-14"}, "The release cannot come before updates are due."),
        ({"figures_due_on": "2016-11-26"}, "The release cannot come before figures are due."),
    ],
)
def test_round_open_says_what_is_wrong(client, round, director, changed, said):
    release_round(round=round, by=director, on=ON, now=NOW)
    page = client.post(f"{ROUNDS}open/", NEXT | changed).content.decode()
    assert said in page
    assert "There is a problem: nothing was saved" in page
    assert UpdateRound.objects.count() == 1


def opened(client, round):
    form = client.get(change_page(round)).context["form"]
    return {"opened_at": form.initial["opened_at"]}


def test_round_change_moves_its_dates_for_a_reason(client, round):
    fields = NEXT | opened(client, round) | {"title": round.title, "reason": "The panel moved."}
    page = client.post(change_page(round), fields, follow=True).content.decode()
    assert f"Changed: {round.title}." in page
    assert "25 November 2016" in page
    assert PlanEvent.objects.get(kind="round", done="changed").reason == "The panel moved."


def test_a_round_of_a_plan_that_was_followed_says_that_it_is_over(client, round, settings):
    Plan.objects.create(
        slug="next", title="The next plan", framework=round.plan.framework, follows=round.plan,
        starts_on=position_on(2017, 4, 1).on,
    )  # fmt: skip
    address = f"{ROUNDS}{round.pk}/"
    assert "Change this round" in read(client, address)
    settings.POSITION_DATE = position_on(2017, 4, 1).on
    page = read(client, address)
    assert "Over since 1 April 2017, when “The next plan” took this plan’s place." in page
    assert "Change this round" not in page
    fields = NEXT | {"title": "Another title", "reason": "Too late."}
    answer = client.post(change_page(round), fields).content.decode()
    assert "This round is over: nothing was saved" in answer
    assert "Another title" in answer
    round.refresh_from_db()
    assert round.title != "Another title"


def test_round_change_to_what_it_is_says_so(client, round):
    same = {name: str(getattr(round, name)) for name in NEXT}
    fields = same | opened(client, round) | {"reason": "None."}
    page = client.post(change_page(round), fields, follow=True).content.decode()
    assert "Nothing was different" in page
    assert not PlanEvent.objects.filter(kind="round", done="changed").exists()


def test_round_change_says_what_is_wrong(client, round):
    fields = NEXT | opened(client, round) | {"release_on": "2016-11-01", "reason": ""}
    page = client.post(change_page(round), fields).content.decode()
    assert "Say why: the history keeps it." in page
    assert "The release cannot come before updates are due." in page


def test_round_change_is_not_saved_over_a_newer_one(client, round, director):
    fields = NEXT | opened(client, round) | {"reason": "The panel moved."}
    dates = {name: getattr(round, name) for name in NEXT if name != "title"}
    change_round(
        round=round,
        title="Renamed meanwhile",
        **dates,
        reason="A name.",
        by=director,
        on=ON,
        now=NOW,
    )
    page = client.post(change_page(round), fields)
    body = page.content.decode()
    assert "Somebody changed this round after you opened it: nothing was saved" in body
    assert "It is now “Renamed meanwhile”" in body
    assert 'value="Updates for December"' in body
    again = fields | {"opened_at": page.context["form"].data["opened_at"]}
    assert client.post(change_page(round), again).status_code == 302
    round.refresh_from_db()
    assert round.title == "Updates for December"


def test_round_change_of_a_released_one_is_told(client, round, director):
    fields = NEXT | opened(client, round) | {"reason": "The panel moved."}
    release_round(round=round, by=director, on=ON, now=NOW)
    body = client.post(change_page(round), fields).content.decode()
    assert "This round is over: nothing was saved" in body
    assert "The panel moved.</textarea>" in body
    assert "<textarea" not in read(client, change_page(round))
    assert "Change this round" not in read(client, f"{ROUNDS}{round.pk}/")


@pytest.mark.parametrize("number", [0, 2**60, 2**70])
def test_an_unknown_round_is_not_found(client, number):
    assert client.get(f"{ROUNDS}{number}/").status_code == 404
    assert client.get(f"{ROUNDS}{number}/change/").status_code == 404


@pytest.mark.parametrize("role", OTHERS)
def test_rounds_by_role(sign_in, round, role):
    client = sign_in(role)
    for address in (ROUNDS, f"{ROUNDS}open/", f"{ROUNDS}{round.pk}/", change_page(round)):
        assert client.get(address).status_code == 403
    assert client.post(f"{ROUNDS}open/", NEXT).status_code == 403
    assert client.post(change_page(round), NEXT | {"reason": "x"}).status_code == 403
    assert not PlanEvent.objects.filter(kind="round", done="changed").exists()


def test_rounds_asks_to_sign_in_and_takes_no_other_method(nobody, client, round):
    for address in (ROUNDS, f"{ROUNDS}open/", f"{ROUNDS}{round.pk}/", change_page(round)):
        assert nobody.get(address).headers["Location"].startswith("/sign-in/")
    assert client.post(ROUNDS).status_code == 405
    assert client.post(f"{ROUNDS}{round.pk}/").status_code == 405
    assert client.delete(change_page(round)).status_code == 405


def test_round_queries(client, round, officer, django_assert_max_num_queries):
    for reference in ("5.13", "5.18", "5.19a", "5.22", "5.24b", "5.27a"):
        say(Action.objects.get(reference=reference), officer)
    with django_assert_max_num_queries(8):
        assert "6 of 6 actions answered." in read(client, f"{ROUNDS}{round.pk}/")
