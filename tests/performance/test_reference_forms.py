"""Each form that changes the reference data: what it saves, and what it refuses."""

import re

import pytest

from performance.models import ComparatorGroup, Indicator, ReferenceEvent, Series, Target
from tests.performance.reference_pages import (
    GROUP,
    INDICATOR,
    REFERENCE,
    address,
    current_target,
    opened,
)

pytestmark = pytest.mark.django_db

SERIES = {
    "code": "new.one", "source": "Own count", "source_short": "Council",
    "kind_of_figure": "in_period", "periods": "quarter", "suppression": "local_threshold",
    "threshold": "5", "lowest": "0", "highest": "100", "order": "10", "reason": "A new source.",
}  # fmt: skip
TARGET = {
    "period_start": "2017-04-01", "period_end": "2018-03-31", "period_label": "2017/18",
    "low": "30", "basis": "Cabinet, 4 October 2016", "set_by": "Cabinet", "reason": "Decided.",
}  # fmt: skip


def test_indicator_add(admin):
    response = admin.post(address("indicators/new/"), INDICATOR, follow=True)
    assert response.redirect_chain == [(REFERENCE, 302)]
    assert "“Return interviews” was added." in response.content.decode()
    assert Indicator.objects.get(code="return-interviews").unit == "%"
    assert ReferenceEvent.objects.get().by.get_username() == "data-admin"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": "looked-after-number"}, "This code is taken"),
        ({"code": "new"}, "“new” cannot be a code"),
        ({"code": "two words"}, "Enter a valid “slug”"),
        ({"title": ""}, "Fill this in."),
        ({"decimals": "7"}, "At most 6: no figure is kept more finely."),
        ({"tolerance": "-1"}, "A distance from the target is not below nought."),
        ({"tolerance": "much"}, "Enter a number."),
        ({"polarity": "up"}, "Select a valid choice"),
        ({"next_due_on": "soon"}, "Enter a valid date."),
    ],
)
def test_indicator_add_says_what_is_wrong(admin, changed, said):
    body = admin.post(address("indicators/new/"), INDICATOR | changed).content.decode()
    (name,) = changed
    assert said in body
    assert f'<a href="#id_{name}">' in body
    assert f'id="id_{name}_error"' in body
    assert not ReferenceEvent.objects.exists()


def test_indicator_change_and_its_history(admin):
    page = "indicators/looked-after-number/"
    sent = {**opened(admin, page), "unit": "young people", "reason": "Plainer."}
    admin.post(address(page), sent)
    assert Indicator.objects.get(code="looked-after-number").unit == "young people"
    for where in (page, "history/", ""):
        body = admin.get(address(where)).content.decode()
        assert "data-admin changed the indicator" in body
        assert "Unit: from <q>children</q> to <q>young people</q>" in body
        assert "Why: Plainer." in body


def test_indicator_change_refuses_a_circle_of_parts(admin):
    whole, part = Indicator.objects.order_by("code")[:2]
    part.part_of = whole
    part.save()
    page = f"indicators/{whole.code}/"
    sent = {**opened(admin, page), "part_of": part.pk, "reason": "x"}
    assert "That is itself a part of this one" in admin.post(address(page), sent).content.decode()


def test_a_stale_form_shows_what_is_newer_and_keeps_what_was_typed(admin):
    page = "indicators/looked-after-number/"
    mine, theirs = opened(admin, page), opened(admin, page)
    admin.post(address(page), {**theirs, "unit": "boys and girls", "reason": "First."})
    sent = {**mine, "unit": "young people", "title": "My own title", "reason": "Second."}
    body = admin.post(address(page), sent).content.decode()
    assert "This was changed while you had it open: nothing was saved" in body
    assert "data-admin saved it after you opened it." in body
    assert re.search(r"<dt>Unit</dt>\s*<dd>boys and girls</dd>", body)
    assert 'value="young people"' in body
    assert 'value="My own title"' in body
    assert Indicator.objects.get(code="looked-after-number").unit == "boys and girls"
    again = re.search(r'name="opened_at" value="([^"]+)"', body)[1]
    admin.post(address(page), {**sent, "opened_at": again})
    assert Indicator.objects.get(code="looked-after-number").unit == "young people"


def test_a_form_without_the_mark_of_its_opening_is_stale(admin):
    page = "indicators/looked-after-number/"
    sent = {**opened(admin, page), "unit": "young people", "reason": "x", "opened_at": ""}
    assert "This was changed while" in admin.post(address(page), sent).content.decode()


def test_series_add(admin):
    indicator = Indicator.objects.get(code="looked-after-number")
    admin.post(address("series/new/"), SERIES | {"indicator": indicator.pk})
    assert Series.objects.get(code="new.one").threshold == 5
    assert Series.objects.get(code="new.one").highest == 100
    assert ReferenceEvent.objects.get().key == "new.one"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": "looked-after-number.council"}, "This code is taken"),
        ({"code": "a/b"}, "Use only letters, digits, hyphens, underscores and dots."),
        ({"threshold": "1"}, "Give 2 or more: hiding only ones says they are ones."),
        ({"threshold": ""}, "The local rule needs the largest number that it hides."),
        ({"suppression": "as_published"}, "Only the local rule has one: leave this empty."),
        ({"lowest": "5", "highest": "4"}, "This is below the lowest figure: mend one of the two."),
        ({"indicator": ""}, "Choose one."),
    ],
)
def test_series_add_says_what_is_wrong(admin, changed, said):
    indicator = Indicator.objects.get(code="looked-after-number")
    sent = SERIES | {"indicator": indicator.pk} | changed
    assert said in admin.post(address("series/new/"), sent).content.decode()
    assert not ReferenceEvent.objects.exists()


def test_series_change(admin):
    page = "series/looked-after-number.council/"
    admin.post(address(page), {**opened(admin, page), "order": "3", "reason": "It speaks first."})
    assert Series.objects.get(code="looked-after-number.council").order == 3


def test_target_set(admin):
    series = Series.objects.get(code="adopters-approved.council")
    profile = "2017-06-30 7\n2017-09-30: 15"
    sent = TARGET | {"series": series.pk, "profile": profile}
    body = admin.post(address("targets/new/"), sent, follow=True).content.decode()
    target = Target.objects.get(series=series, period_label="2017/18")
    assert target.profile == {"2017-06-30": "7", "2017-09-30": "15"}
    assert target.known_from_basis == "stated"
    assert "at least 30 adopters" in body


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"low": ""}, "Give a floor, a ceiling or both."),
        ({"low": "3", "high": "2"}, "The ceiling is below the floor"),
        ({"basis": ""}, "Say where it was decided."),
        ({"set_by": ""}, "Say which body or post set it."),
        ({"period_end": "2017-03-31"}, "The period ends before it starts"),
        ({"period_start": "2016-04-01", "period_end": "2017-03-31"}, "stands already: change that"),
        ({"profile": "June 7"}, "is not a day like 2016-06-30"),
        ({"profile": "2017-06-30"}, "was not understood. Write a day and an amount"),
        ({"profile": "2017-06-30 9\n2017-09-30 7"}, "The profile falls at"),
        ({"low": "1e15"}, "14 digits before the decimal point"),
    ],
)
def test_target_set_says_what_is_wrong(admin, changed, said):
    series = Series.objects.get(code="adopters-approved.council")
    sent = TARGET | {"series": series.pk} | changed
    assert said in admin.post(address("targets/new/"), sent).content.decode()
    assert not ReferenceEvent.objects.exists()


def test_target_change_keeps_the_old_one_and_shows_at_once(admin, councillor):
    page = "targets/{target}/"
    where = address(page)
    admin.post(where, {**opened(admin, page), "high": "595", "reason": "Cabinet."})
    assert current_target().high == 595
    assert "550 to 595" in councillor.get("/judgements/looked-after-children/").content.decode()
    # The address of the old version leads to what stands now.
    assert "It is 550 to 595 children now." in admin.get(where).content.decode()


def test_a_stale_target_form_is_not_saved(admin):
    page = "targets/{target}/"
    where, mine = address(page), opened(admin, page)
    admin.post(where, {**opened(admin, page), "high": "595", "reason": "First."})
    body = admin.post(where, {**mine, "high": "570", "reason": "Second."}).content.decode()
    assert re.search(r"<dt>At most</dt>\s*<dd>595</dd>", body)
    assert 'value="570"' in body
    assert current_target().high == 595


def test_target_withdraw_and_set_again(admin, councillor):
    page = "targets/{target}/withdraw/"
    where = address("targets/{target}/")
    admin.post(address(page), {**opened(admin, page), "reason": "Given up."})
    assert not Target.objects.current().filter(series__code="looked-after-number.council").exists()
    assert "550 to 580" not in councillor.get("/judgements/looked-after-children/").content.decode()
    body = admin.get(where).content.decode()
    assert "It was withdrawn. Saving this form sets it again" in body
    assert "data-admin withdrew the target of" in body
    assert admin.get(f"{where}withdraw/").status_code == 404


def test_panel_set_choose(admin):
    sent = opened(admin, "panel-set/") | {"key": [], "reason": "Afresh."}
    admin.post(address("panel-set/"), sent)
    assert not Indicator.objects.filter(is_key=True).exists()
    sent = opened(admin, "panel-set/") | {"in_set": ["looked-after-number"], "reason": "Only one."}
    body = admin.post(address("panel-set/"), sent, follow=True).content.decode()
    assert "1 are in the panel’s set" in body
    assert "data-admin changed the panel’s set" in body


def test_panel_set_choose_says_that_twelve_is_the_most(admin):
    codes = list(Indicator.objects.values_list("code", flat=True))[:13]
    sent = opened(admin, "panel-set/") | {"in_set": codes, "key": codes, "reason": "All."}
    body = admin.post(address("panel-set/"), sent).content.decode()
    assert "13 indicators are chosen as key: choose at most twelve." in body
    assert body.count('" checked>') == 26


def test_a_stale_panel_set_is_not_saved(admin):
    mine = opened(admin, "panel-set/") | {"key": [], "reason": "Mine."}
    admin.post(address("panel-set/"), mine | {"in_set": ["looked-after-number"]})
    body = admin.post(address("panel-set/"), mine).content.decode()
    assert re.search(r"<dt>In the panel’s set</dt>\s*<dd>looked-after-number</dd>", body)
    assert Indicator.objects.filter(in_panel_set=True).count() == 1


def test_comparator_add(admin):
    admin.post(address("comparators/new/"), GROUP)
    members = ComparatorGroup.objects.get(slug="our-own").members.all()
    assert [(one.rank, one.area.code, one.closeness) for one in members] == [
        (1, "333", "very close"), (2, "335", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"slug": "statistical-neighbours-2025"}, "This code is taken"),
        ({"members": "Atlantis"}, "There is no council “Atlantis”"),
        ({"members": "333\nSandwell, close"}, "Sandwell stands twice: leave one line."),
        ({"members": "333 Walsall, close"}, "333 is Sandwell: mend the code or the name."),
        ({"members": "336"}, "is not its own neighbour: leave it out."),
        ({"members": "333, " + "x" * 41}, "at most 40 characters"),
    ],
)
def test_comparator_add_says_what_is_wrong(admin, changed, said):
    assert said in admin.post(address("comparators/new/"), GROUP | changed).content.decode()
    assert not ReferenceEvent.objects.exists()


def test_a_councils_name_may_hold_a_comma(admin):
    admin.post(
        address("comparators/new/"), GROUP | {"members": "Kingston upon Hull, City of, close"}
    )
    member = ComparatorGroup.objects.get(slug="our-own").members.get()
    assert (member.area.name, member.closeness) == ("Kingston upon Hull, City of", "close")


def test_comparator_change(admin):
    page = "comparators/statistical-neighbours-2025/"
    sent = opened(admin, page) | {"members": "335 Walsall, close\n333", "reason": "A slip."}
    admin.post(address(page), sent)
    group = ComparatorGroup.objects.get(slug="statistical-neighbours-2025")
    members = group.members.filter(for_area__code="336")
    assert [one.area.code for one in members] == ["335", "333"]
