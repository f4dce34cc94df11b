"""The pages by which a data admin keeps the reference data: the same ladder for each."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from performance.models import Indicator, ReferenceEvent, Series
from tests.performance.reference_pages import GROUP, INDICATOR, REFERENCE, address, opened

pytestmark = pytest.mark.django_db

PAGES = {
    "": "Reference data",
    "history/": "History of the reference data",
    "panel-set/": "The panel’s set",
    "indicators/new/": "Add an indicator",
    "indicators/looked-after-number/": "What was changed before",
    "series/new/": "Add a series",
    "series/looked-after-number.council/": "Series looked-after-number.council",
    "targets/new/": "Set a target",
    "targets/{target}/": "It is 550 to 580 children now.",
    "targets/{target}/withdraw/": "Withdraw the target for",
    "comparators/new/": "Add a comparator group",
    "comparators/statistical-neighbours-2025/": "Statistical neighbours, May 2025",
}
FORMS = [page for page in PAGES if page not in ("", "history/")]
OTHERS = ["councillor", "chair", "officer", "theme-lead", "director", "scrutiny-officer"]
BESIDE = 4


@pytest.mark.parametrize(("page", "title"), PAGES.items())
def test_page_works(admin, page, title):
    response = admin.get(address(page))
    assert response.status_code == 200
    assert title in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", OTHERS)
def test_page_is_closed_to_the_other_roles(sign_in, role, page):
    assert sign_in(role).get(address(page)).status_code == 403


@pytest.mark.parametrize("page", FORMS)
def test_form_is_not_taken_from_the_other_roles(councillor, page):
    before = ReferenceEvent.objects.count()
    assert councillor.post(address(page), {"reason": "x"}).status_code == 403
    assert ReferenceEvent.objects.count() == before


@pytest.mark.parametrize("page", PAGES)
def test_page_sends_the_signed_out_to_sign_in(nobody, page):
    response = nobody.get(address(page))
    assert response.status_code == 302
    assert response.url.startswith("/sign-in/?next=")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("indicators/nothing/", "There is no indicator “nothing”"),
        ("series/nothing.here/", "There is no series “nothing.here”"),
        ("targets/999999999/", "There is no such target"),
        ("targets/99999999999999999999/", "There is no such target"),
        ("comparators/nothing/", "There is no comparator group “nothing”"),
    ],
)
def test_an_unknown_thing_helps(admin, page, said):
    response = admin.get(REFERENCE + page)
    assert response.status_code == 404
    assert said in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_only_forms_are_posted_to_and_nothing_is_deleted(admin, page):
    assert admin.delete(address(page)).status_code == 405
    if page not in FORMS:
        assert admin.post(address(page)).status_code == 405


@pytest.mark.parametrize("page", FORMS)
def test_a_form_without_a_reason_says_so(admin, page):
    body = admin.post(address(page), {}).content.decode()
    assert "There is a problem: nothing was saved" in body
    assert "Say why: the history keeps it." in body
    assert not ReferenceEvent.objects.exists()


CHANGES = [page for page in FORMS if re.search(r"[a-z]+-[a-z]+.*/$|{target}/$", page)]


@pytest.mark.parametrize("page", [page for page in CHANGES if page != "panel-set/"])
def test_a_form_that_is_sent_as_it_was_opened_saves_nothing(admin, page):
    response = admin.post(address(page), {**opened(admin, page), "reason": "Again."}, follow=True)
    assert "Nothing was different, so nothing was saved." in response.content.decode()
    assert not ReferenceEvent.objects.exists()


def test_history_filters_by_thing(admin):
    admin.post(address("indicators/new/"), INDICATOR)
    admin.post(address("comparators/new/"), GROUP)
    where = address("history/")
    assert "2 changes." in admin.get(where).content.decode()
    body = admin.get(where, {"kind": "indicator", "key": "Return-Interviews"}).content.decode()
    assert "1 change." in body
    assert "added the indicator “Return interviews”" in body
    assert "0 changes." in admin.get(where, {"key": "nothing"}).content.decode()
    assert admin.get(where, {"kind": "x", "key": "\0", "page": "-1"}).status_code == 200


def test_only_who_may_see_it_is_offered_the_reference_data(admin, councillor):
    assert f'href="{reverse("performance:reference")}"' in admin.get("/").content.decode()
    assert "Reference data" not in councillor.get("/").content.decode()


def queries(client, where):
    client.get(where)
    with CaptureQueriesContext(connection) as captured:
        client.get(where)
    return len(captured) - BESIDE


def test_pages_cost_the_same_with_more_on_them(admin):
    admin.post(address("indicators/new/"), INDICATOR)
    pages = ["", "history/", "panel-set/"]
    before = [queries(admin, address(page)) for page in pages]
    by = get_user_model().objects.get(username="data-admin")
    for number in range(30):
        one = Indicator.objects.create(**{
            **{name: INDICATOR[name] for name in ("title", "unit", "polarity", "kind")},
            "code": f"more-{number}", "short_title": f"More {number}", "definition": "x",
        })  # fmt: skip
        Series.objects.create(
            code=f"more-{number}.council", indicator=one, source="x", source_short="x",
            kind_of_figure="in_period", periods="day", suppression="as_published",
        )  # fmt: skip
        ReferenceEvent.objects.create(
            by=by, kind="series", key=f"more-{number}.council", done="added",
            after={"order": number}, reason="x",
        )  # fmt: skip
    assert [queries(admin, address(page)) for page in pages] == before
    assert max(before) <= 12
