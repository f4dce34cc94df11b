"""The page on which the Director adds a plan that follows another."""

import pytest
from django.test import Client, override_settings

from improvement.models import Action, Plan
from tests.improvement.test_keeping_pages import KEEP, opened, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(sign_in) -> Client:
    return sign_in("director")


def test_plan_add_takes_over_on_its_first_day(chief, councillor):
    address = "plans/improvement-plan-2016/follow/"
    more = {"title": "The next plan", "starts_on": "2017-04-01", "reason": "A new year."}
    assert "“The next plan” was added." in send(chief, address, carries="actions", **more)
    made = Plan.objects.get(slug="the-next-plan-2017")
    assert Action.objects.of(made).filter(comes_from__reference="5.13").exists()
    assert "The next plan" not in councillor.get("/plan/").content.decode()
    assert "The next plan" in chief.get(KEEP).content.decode()
    new = Action.objects.of(made).get(comes_from__reference="5.13")
    assert "Refresh the Sufficiency" in chief.get(new.get_absolute_url()).content.decode()
    assert "Refresh the Sufficiency" not in councillor.get(new.get_absolute_url()).content.decode()
    with override_settings(POSITION_DATE=made.starts_on):
        page = councillor.get(new.get_absolute_url()).content.decode()
    assert "Refresh the Sufficiency" in page
    again = send(chief, address, carries="nothing", **more)
    assert "A plan of this title starts in the same year" in again
    early = send(chief, address, **{**more, "starts_on": "2016-09-01"})
    assert "pages of earlier days keep the plan that they had" in early


def test_plan_add_sent_twice_adds_once(chief):
    address = "plans/improvement-plan-2016/follow/"
    typed = {"title": "The next plan", "starts_on": "2017-04-01", "reason": "A new year."}
    data = {**opened(chief, address), "carries": "actions", **typed}
    for _ in range(2):
        page = chief.post(f"{KEEP}{address}", data, follow=True).content.decode()
        assert "“The next plan” was added." in page
        assert '<h1 class="title">' in page
        assert "The next plan" in page
    assert Plan.objects.filter(title="The next plan").count() == 1
    assert Action.objects.filter(comes_from__reference="5.13").count() == 1


@pytest.mark.parametrize(
    "other",
    [{"title": "The plan of homes"}, {"reason": "It was written anew."}, {"carries": "nothing"}],
)
def test_plan_add_sent_again_with_other_words_keeps_them_and_says_so(chief, other):
    address = "plans/improvement-plan-2016/follow/"
    typed = {"title": "The next plan", "starts_on": "2017-04-01", "reason": "A new year."}
    data = {**opened(chief, address), "carries": "actions", **typed}
    chief.post(f"{KEEP}{address}", data)
    page = chief.post(f"{KEEP}{address}", data | other)
    assert "This form has added “The next plan” already" in page.content.decode()
    ((name, words),) = other.items()
    assert page.context["form"][name].value() == words
    assert Plan.objects.filter(title="The next plan").count() == 1
    assert not Plan.objects.filter(title="The plan of homes").exists()
