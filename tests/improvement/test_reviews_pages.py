"""What waits for a lead: approving many, sending one back, and who was first."""

import re

import pytest
from django.test import Client

from improvement.changes import approve_updates, choose_leads, release_approved, return_update
from improvement.models import Action, ProgressUpdate, UpdateReview
from performance.calculations.partial_date import PartialDate
from tests.conftest import position_on
from tests.improvement.conftest import NOW, THEME, say, words
from tests.improvement.update_pages import rows

pytestmark = pytest.mark.django_db

REVIEWS = "/plan/reviews/"
OWNED = "/plan/ownership/"
GOES_ON = words(reason="It goes on.")
MAY = ["theme-lead", "director"]
OTHERS = [
    "councillor", "chair", "co-opted", "substitute", "cabinet-member", "officer",
    "scrutiny-officer", "data-admin",
]  # fmt: skip


def return_page(update):
    return f"{REVIEWS}{update.pk}/return/"


def read(client, address=REVIEWS):
    return client.get(address).content.decode()


@pytest.fixture
def lead_page(sign_in):
    return sign_in("theme-lead")


@pytest.fixture
def sent(owned, officer):
    return say(owned, officer)


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("role", MAY)
def test_reviews_shows_what_was_said_before_beside_what_is_said_now(sign_in, owned, officer, role):
    due = PartialDate(position_on(2016, 12, 31).on, "month")
    said = words(
        status="at_risk",
        narrative="The board asked for more.",
        reason="Two posts are vacant.",
        remedy="An agency lead starts.",
        evidence_of_impact="Complaints fell.",
        evidence_links="https://council.example/board",
        new_due=due,
        new_due_reason="The board meets in December.",
    )
    say(owned, officer, said)
    page = read(sign_in(role))
    for each in (
        "1 update waits for you", "Looked After Children", owned.title, "Work is under way",
        "The board asked for more.", "Two posts are vacant.", "An agency lead starts.",
        "Complaints fell.", "https://council.example/board", "from no date to December 2016",
        "The board meets in December.", "Sent by officer on 5 October 2016",
    ):  # fmt: skip
        assert each in page


def test_reviews_is_empty_where_nothing_waits(lead_page):
    page = read(lead_page)
    assert "Nothing waits for you." in page
    assert "Approve the ticked" not in page


def test_reviews_says_nothing_of_a_paper_of_a_later_day(lead_page, officer):
    exempt = Action.objects.get(reference="5.22")
    say(exempt, officer)
    assert exempt.updates.filter(effective_on__gt=position_on(2016, 10, 5).on).exists()
    assert "2017" not in read(lead_page)


def test_reviews_lists_the_oldest_of_a_theme_first(lead_page, owned, officer):
    other = Action.objects.get(reference="5.18")
    first, second = say(other, officer), say(owned, officer)
    page = read(lead_page)
    assert page.index(f"update-{first.pk}") < page.index(f"update-{second.pk}")


@pytest.mark.parametrize("role", OTHERS)
def test_reviews_by_role(sign_in, sent, role):
    client = sign_in(role)
    for address in (REVIEWS, return_page(sent)):
        assert client.get(address).status_code == 403
        assert client.post(address, {"update": [sent.pk], "reason": "x"}).status_code == 403
    assert not sent.reviews.exists()


def test_reviews_asks_to_sign_in(nobody, sent):
    for address in (REVIEWS, return_page(sent)):
        assert nobody.get(address).headers["Location"].startswith("/sign-in/")


def test_another_lead_sees_nothing_and_is_refused_by_direct_address(sent, other_lead):
    client = client_of(other_lead)
    assert "Nothing waits for you." in read(client)
    assert client.post(REVIEWS, {"update": [sent.pk]}).status_code == 403
    assert client.get(return_page(sent)).status_code == 403
    assert client.post(return_page(sent), {"reason": "No."}).status_code == 403
    assert not UpdateReview.objects.filter(update=sent).exists()


def test_reviews_approves_the_ticked_and_no_other(lead_page, lead, owned, officer):
    sent = [say(Action.objects.get(reference=one), officer) for one in ("5.13", "5.18", "5.24b")]
    ticked = {"update": [sent[0].pk, sent[1].pk]}
    page = lead_page.post(REVIEWS, ticked, follow=True).content.decode()
    assert "Approved: 5.13, 5.18." in page
    assert "1 update waits for you" in page
    assert set(ProgressUpdate.objects.awaiting_release()) == set(sent[:2])
    assert {review.by for one in sent for review in one.reviews.all()} == {lead}


def test_reviews_approves_all_that_the_page_shows(lead_page, lead, owned, officer):
    first = say(owned, officer)
    assert "Approve all" not in read(lead_page)
    second = say(Action.objects.get(reference="5.18"), officer)
    shown = re.search(r'name="update" value="(\d+ \d+)">Approve all 2<', read(lead_page))
    later = say(Action.objects.get(reference="5.22"), officer)
    lead_page.post(REVIEWS, {"update": [str(first.pk), shown[1]]})
    made = UpdateReview.objects.filter(by=lead).order_by("id")
    assert list(made.values_list("update", "outcome", "by")) == [
        (one.pk, "approved", lead.pk) for one in (first, second)
    ]
    assert not later.reviews.exists()


def test_reviews_says_which_were_left_since_somebody_was_first(
    lead_page, director, owned, officer, sent
):
    other = say(Action.objects.get(reference="5.18"), officer)
    return_update(update=sent, reason="Say more.", by=director, now=NOW)
    page = lead_page.post(REVIEWS, {"update": [sent.pk, other.pk]}, follow=True).content.decode()
    assert "Approved: 5.18." in page
    assert "Left as it was: 5.13. Somebody else was first" in page
    assert sent.reviews.get().outcome == "returned"


def test_reviews_leaves_what_was_corrected_after_it_was_read(lead_page, owned, officer, sent):
    newer = say(owned, officer, words(narrative="Better said."))
    page = lead_page.post(REVIEWS, {"update": [sent.pk]}, follow=True).content.decode()
    assert "Left as it was: 5.13." in page
    assert not UpdateReview.objects.filter(update__in=[sent, newer]).exists()


@pytest.mark.parametrize("ticked", [[], ["x"], ["0"], ["9" * 30]])
def test_reviews_says_when_nothing_is_ticked(lead_page, sent, ticked):
    page = lead_page.post(REVIEWS, {"update": ticked}).content.decode()
    assert "There is a problem: nothing was approved" in page
    assert not sent.reviews.exists()


def test_reviews_of_an_unknown_update_or_a_paper_changes_nothing(lead_page, owned):
    of_paper = owned.updates.get(paper__isnull=False, effective_on__lte="2016-10-05")
    assert lead_page.post(REVIEWS, {"update": [of_paper.pk, 2**60]}).status_code == 302
    assert of_paper.reviews.count() == 1


def test_a_lead_sees_their_own_words_apart_and_cannot_approve_them(lead_page, lead, owned):
    own = say(owned, lead, words(narrative="The lead’s own words."))
    page = read(lead_page)
    assert "You sent these: somebody else approves them" in page
    assert "The lead’s own words." in page
    assert f'value="{own.pk}"' not in page
    assert lead_page.post(REVIEWS, {"update": [own.pk]}).status_code == 403
    assert lead_page.get(return_page(own)).status_code == 403


def test_update_return_sends_it_back_with_its_reason(lead_page, lead, sent):
    page = read(lead_page, return_page(sent))
    assert "A draft strategy went to the board." in page
    assert "Do not name or describe a child." in page
    body = lead_page.post(return_page(sent), {"reason": "Say what good it did."}, follow=True)
    assert "Sent back with your reason: 5.13." in body.content.decode()
    review = sent.reviews.get()
    assert (review.outcome, review.by, review.reason) == ("returned", lead, "Say what good it did.")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "Say why: whoever sent it reads this first."),
        ("Leave out the boy aged 7, J.S.", "This looks as if it could describe a child"),
    ],
)
def test_update_return_says_what_is_wrong(lead_page, sent, reason, said):
    page = lead_page.post(return_page(sent), {"reason": reason}).content.decode()
    assert said in page
    assert "There is a problem" in page
    assert not sent.reviews.exists()


def test_update_return_tells_plainly_who_was_first_and_keeps_the_words(lead_page, director, sent):
    approve_updates(updates=[sent], by=director, now=NOW)
    page = lead_page.post(return_page(sent), {"reason": "Say more."}).content.decode()
    assert "This update does not wait any more" in page
    assert "Director approved it." in page
    assert "Say more.</textarea>" in page
    assert sent.reviews.get().outcome == "approved"
    page = read(lead_page, return_page(sent))
    assert "Director approved it." in page
    assert "<textarea" not in page


def test_update_return_tells_of_a_newer_update(lead_page, owned, officer, sent):
    say(owned, officer, words(narrative="Better said."))
    page = read(lead_page, return_page(sent))
    assert "Officer has sent a newer update of this action in its place." in page


def test_the_answer_shows_what_it_corrects_and_why_it_was_sent_back(
    lead_page, lead, owned, officer, sent
):
    return_update(update=sent, reason="Say what good it did.", by=lead, now=NOW)
    say(owned, officer, words(narrative="Forty carers were asked."))
    page = read(lead_page)
    assert "It takes the place of what officer sent on 5 October 2016, which was sent back" in page
    assert "Say what good it did." in page
    assert "A draft strategy went to the board." in page


@pytest.mark.parametrize("number", [0, 2**60, 2**70])
def test_update_return_of_an_unknown_update_is_not_found(lead_page, number):
    assert lead_page.get(f"{REVIEWS}{number}/return/").status_code == 404


def test_update_return_of_what_a_paper_says_is_not_found(lead_page):
    of_paper = ProgressUpdate.objects.filter(paper__isnull=False).first()
    assert lead_page.get(return_page(of_paper)).status_code == 404


def test_reviews_and_return_take_no_other_method(lead_page, sent):
    for address in (REVIEWS, return_page(sent)):
        assert lead_page.delete(address).status_code == 405


def test_a_member_reads_nothing_of_what_waits(sign_in, sent):
    for role in ("councillor", "chair"):
        assert "A draft strategy went to the board." not in read(
            sign_in(role), sent.action.get_absolute_url()
        )


def test_a_lead_of_two_themes_sees_each_update_once(lead_page, lead, owned, officer, director):
    other = Action.objects.get(reference="4.01b")
    choose_leads(theme=other.theme, leads=[lead], needs_approval=True, by=director, now=NOW)
    say(owned, officer)
    say(other, director)
    page = read(lead_page)
    assert "2 updates wait for you" in page
    assert page.count('type="checkbox"') == 2


def test_reviews_lists_what_was_sent_back_until_it_is_answered(
    sign_in, lead_page, lead, owned, officer, sent, other_lead
):
    assert "Sent back, and not answered yet" not in read(lead_page)
    return_update(update=sent, reason="Which board?", by=lead, now=NOW)
    page = read(lead_page)
    said = page[page.index("Sent back, and not answered yet") :]
    assert "5.13" in said
    assert "sent back on 5 October 2016 by theme-lead" in said
    assert "Which board?" in said
    assert "Which board?" in read(sign_in("director"))
    assert "Which board?" not in read(client_of(other_lead))
    say(owned, officer, words(narrative="The children’s board."))
    assert "Sent back, and not answered yet" not in read(lead_page)


def test_reviews_reads_no_more_of_an_action_of_which_much_was_said(
    sign_in, owned, officer, lead, director
):
    client = sign_in("director")

    def release_one():
        update = say(owned, officer, words(narrative="As before."))
        approve_updates(updates=[update], by=lead, now=NOW)
        release_approved(plan=owned.theme.plan, by=director, now=NOW)

    release_one()
    waiting = say(owned, officer)
    few = [rows(client, one) for one in (REVIEWS, return_page(waiting), "/plan/keep/", OWNED)]
    approve_updates(updates=[waiting], by=lead, now=NOW)
    release_approved(plan=owned.theme.plan, by=director, now=NOW)
    for _ in range(5):
        release_one()
    waiting = say(owned, officer)
    many = [rows(client, one) for one in (REVIEWS, return_page(waiting), "/plan/keep/", OWNED)]
    assert many == few


def test_reviews_queries(sign_in, officer, lead, other_lead, django_assert_max_num_queries):
    client = sign_in("director")
    for action in Action.objects.filter(theme__slug=THEME, owner=None).order_by("pk")[:3]:
        return_update(
            update=say(action, other_lead, GOES_ON), reason="Since when?", by=lead, now=NOW
        )
    for reference in ("5.13", "5.18", "5.19a", "5.22", "5.24b", "5.27a"):
        action = Action.objects.get(reference=reference)
        first = say(action, officer)
        return_update(update=first, reason="Say more.", by=lead, now=NOW)
        say(action, officer, words(narrative="More."))
    # Session, user and permissions; then the same number for one update as for six.
    with django_assert_max_num_queries(17):
        assert "6 updates wait for you" in read(client)
