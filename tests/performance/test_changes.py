"""Changes of reference data: the new state, its event, and nothing left behind on failure."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone

from performance.changes import (
    ChangedSince,
    Neighbour,
    PanelSetRefused,
    add_comparator_group,
    add_indicator,
    add_series,
    change_comparator_group,
    change_indicator,
    change_series,
    choose_panel_set,
    indicator_facts,
    neighbours_of,
    panel_set_state,
    set_target,
    state_of,
    target_state,
    withdraw_target,
)
from performance.importer.versions import VersionRefused
from performance.models import Area, ComparatorGroup, Indicator, ReferenceEvent, Series, Target
from tests.conftest import position_on

pytestmark = pytest.mark.django_db

LATER = timezone.make_aware(datetime(2016, 10, 5, 10))  # noqa: DTZ001  made aware at once
INDICATOR = {
    "title": "Return interviews held in 72 hours", "short_title": "Return interviews",
    "definition": "Of children who had been missing.", "unit": "%", "decimals": 0,
    "polarity": "higher", "kind": "performance",
}  # fmt: skip
SERIES = {
    "source": "The council’s own count", "source_short": "Council", "kind_of_figure": "in_period",
    "periods": "quarter", "suppression": "as_published",
}  # fmt: skip


@pytest.fixture
def admin():
    return get_user_model().objects.get(username="data-admin")


@pytest.fixture
def council():
    return Area.objects.get(code="336")


@pytest.fixture
def indicator():
    return Indicator.objects.get(code="looked-after-number")


@pytest.fixture
def series():
    return Series.objects.get(code="looked-after-number.council")


@pytest.fixture
def target(series):
    return Target.objects.current().get(series=series)


def last_event():
    return ReferenceEvent.objects.first()


def set_again(target, admin, **changed):
    """The function's whole call, as the form makes it."""
    facts = {name: getattr(target, name) for name in (
        "series", "area", "period_start", "period_end", "period_label", "low", "high", "profile",
        "basis", "set_by",
    )}  # fmt: skip
    return set_target(
        **{**facts, "by": admin, "reason": "Cabinet decided.", "now": LATER, **changed}
    )


def fails_half_way(change):
    """The last step of each change is its event, which the database refuses without a reason."""
    with pytest.raises(IntegrityError, match="has_a_reason"), transaction.atomic():
        change()
    assert not ReferenceEvent.objects.exists()


def test_add_indicator(admin):
    added = add_indicator(code="return-interviews", by=admin, reason="New duty.", **INDICATOR)
    assert Indicator.objects.get(code="return-interviews") == added
    assert not added.in_panel_set
    event = last_event()
    assert (event.by, event.kind, event.key, event.done) == (
        admin, "indicator", "return-interviews", "added",
    )  # fmt: skip
    assert event.before == {}
    assert event.after["unit"] == "%"
    assert "tolerance" not in event.after
    assert event.reason == "New duty."


def test_add_indicator_leaves_nothing_behind(admin):
    fails_half_way(lambda: add_indicator(code="half", by=admin, reason="", **INDICATOR))
    assert not Indicator.objects.filter(code="half").exists()


def test_change_indicator(admin, indicator):
    was = indicator.title
    change_indicator(
        indicator=indicator, by=admin, reason="Agreed.", tolerance=Decimal("2.50"), title="New"
    )
    indicator.refresh_from_db()
    assert (indicator.title, indicator.tolerance) == ("New", Decimal("2.5"))
    event = last_event()
    assert event.done == "changed"
    assert event.before == {"title": was, "tolerance": None}
    assert event.after == {"title": "New", "tolerance": "2.5"}


def test_change_indicator_writes_nothing_when_nothing_changed(admin, indicator):
    same = change_indicator(indicator=indicator, by=admin, reason="Again.", title=indicator.title)
    assert same is None
    assert not ReferenceEvent.objects.exists()


def test_change_indicator_leaves_nothing_behind(admin, indicator):
    fails_half_way(lambda: change_indicator(indicator=indicator, by=admin, reason="", title="New"))
    indicator.refresh_from_db()
    assert indicator.title != "New"


def test_a_form_that_was_opened_before_another_change_is_not_saved(admin, indicator):
    opened = state_of("indicator", indicator.code, indicator_facts(indicator))
    change_indicator(indicator=indicator, by=admin, reason="First.", opened_at=opened, unit="girls")
    with pytest.raises(ChangedSince) as refused:
        change_indicator(
            indicator=indicator, by=admin, reason="Second.", opened_at=opened, unit="boys"
        )
    assert refused.value.facts["unit"] == "girls"
    assert refused.value.event.reason == "First."
    indicator.refresh_from_db()
    assert indicator.unit == "girls"
    change_indicator(
        indicator=indicator, by=admin, reason="Knowingly.", opened_at=refused.value.state,
        unit="boys",
    )  # fmt: skip
    assert ReferenceEvent.objects.count() == 2


def test_a_form_that_was_opened_before_a_load_is_not_saved(admin, indicator):
    opened = state_of("indicator", indicator.code, indicator_facts(indicator))
    Indicator.objects.filter(pk=indicator.pk).update(unit="girls")
    with pytest.raises(ChangedSince) as refused:
        change_indicator(indicator=indicator, by=admin, reason="x", opened_at=opened, unit="boys")
    assert refused.value.event is None


def test_add_series(admin, indicator, series):
    added = add_series(
        code="new.one", indicator=indicator, by=admin, reason="A new source.",
        comparable_with=[series], **SERIES,
    )  # fmt: skip
    assert list(added.comparable_with.all()) == [series]
    event = last_event()
    assert (event.kind, event.key, event.done) == ("series", "new.one", "added")
    assert event.after["indicator"] == indicator.code
    assert event.after["comparable_with"] == [series.code]


def test_add_series_leaves_nothing_behind(admin, indicator):
    fails_half_way(
        lambda: add_series(code="half", indicator=indicator, by=admin, reason="", **SERIES)
    )
    assert not Series.objects.filter(code="half").exists()


def test_change_series(admin, series):
    other = Series.objects.exclude(pk=series.pk).first()
    change_series(
        series=series, by=admin, reason="Agreed.", suppression="local_threshold", threshold=5,
        comparable_with=[other],
    )  # fmt: skip
    series.refresh_from_db()
    assert series.threshold == 5
    event = last_event()
    assert event.before["threshold"] is None
    assert event.after == {
        "suppression": "local_threshold", "threshold": 5, "comparable_with": [other.code],
    }  # fmt: skip


def test_change_series_leaves_nothing_behind(admin, series):
    fails_half_way(
        lambda: change_series(series=series, by=admin, reason="", order=1, comparable_with=[])
    )
    series.refresh_from_db()
    assert series.order != 1


def test_a_changed_target_keeps_the_old_one(admin, target):
    before = position_on(2016, 10, 4)
    set_again(target, admin, high=Decimal(590))
    target.refresh_from_db()
    assert (target.high, target.known_until) == (580, LATER)
    current = Target.objects.current().get(series=target.series)
    assert (current.high, current.known_from, current.known_from_basis) == (590, LATER, "stated")
    assert Target.objects.at(before).get(series=target.series).high == 580
    event = last_event()
    assert event.key == "looked-after-number.council/336/2016-04-01/2017-03-31"
    assert (event.before, event.after) == ({"high": "580"}, {"high": "590"})


def test_the_same_target_again_is_nothing(admin, target):
    assert set_again(target, admin, low=Decimal("550.000000")) is None
    assert not ReferenceEvent.objects.exists()


def test_a_first_target_is_added(admin, council, target):
    set_again(target, admin, period_start=date(2017, 4, 1), period_end=date(2018, 3, 31), low=None)
    assert Target.objects.current().get(period_start="2017-04-01").low is None
    assert last_event().done == "added"
    assert "low" not in last_event().after


def test_set_target_refuses_a_version_before_the_one_that_stands(admin, target):
    with pytest.raises(VersionRefused), transaction.atomic():
        set_again(target, admin, high=Decimal(1000), now=target.known_from)
    assert not ReferenceEvent.objects.exists()


def test_set_target_leaves_nothing_behind(admin, target):
    fails_half_way(lambda: set_again(target, admin, high=Decimal(590), reason=""))
    target.refresh_from_db()
    assert target.known_until is None


def test_set_target_is_not_saved_over_a_newer_one(admin, target):
    opened = target_state(target)
    set_again(target, admin, high=Decimal(590))
    with pytest.raises(ChangedSince):
        set_again(
            target, admin, high=Decimal(600), opened_at=opened, now=LATER + timedelta(hours=1)
        )
    assert Target.objects.current().get(series=target.series).high == 590


def test_withdraw_target(admin, target):
    withdraw_target(target=target, by=admin, reason="Given up.", now=LATER)
    target.refresh_from_db()
    assert target.known_until == LATER
    assert not Target.objects.current().filter(series=target.series).exists()
    event = last_event()
    assert event.done == "changed"
    assert event.before["high"] == "580"
    assert set(event.after.values()) == {None}


def test_withdraw_target_twice_is_nothing_and_it_can_be_set_again(admin, target):
    withdraw_target(target=target, by=admin, reason="Given up.", now=LATER)
    again = LATER + timedelta(hours=1)
    assert withdraw_target(target=target, by=admin, reason="Again.", now=again) is None
    set_again(target, admin, now=again)
    assert [event.done for event in ReferenceEvent.objects.all()] == ["added", "changed"]
    assert Target.objects.filter(series=target.series).count() == 2


def test_withdraw_target_leaves_nothing_behind(admin, target):
    fails_half_way(lambda: withdraw_target(target=target, by=admin, reason="", now=LATER))
    target.refresh_from_db()
    assert target.known_until is None


def test_withdraw_target_refuses_a_day_before_it_was_known(admin, target):
    with pytest.raises(VersionRefused):
        withdraw_target(target=target, by=admin, reason="x", now=target.known_from)


def test_choose_panel_set(admin):
    codes = sorted(Indicator.objects.values_list("code", flat=True))[:14]
    choose_panel_set(in_set=codes, key=codes[:12], by=admin, reason="The panel chose.")
    assert sorted(
        Indicator.objects.filter(in_panel_set=True).values_list("code", flat=True)
    ) == codes  # fmt: skip
    assert Indicator.objects.filter(is_key=True).count() == 12
    event = last_event()
    assert (event.kind, event.key) == ("panel_set", "panel-set")
    assert event.after == {"in_set": codes, "key": codes[:12]}
    assert choose_panel_set(in_set=codes, key=codes[:12], by=admin, reason="Again.") is None


@pytest.mark.parametrize(
    ("in_set", "key", "said"),
    [
        (13, 13, "13 indicators are chosen as key: choose at most twelve."),
        (1, 2, "A key indicator is in the panel’s set"),
    ],
)
def test_choose_panel_set_refuses(admin, in_set, key, said):
    codes = sorted(Indicator.objects.values_list("code", flat=True))
    with pytest.raises(PanelSetRefused, match=said):
        choose_panel_set(in_set=codes[:in_set], key=codes[:key], by=admin, reason="x")


def test_choose_panel_set_refuses_an_unknown_code(admin):
    with pytest.raises(PanelSetRefused, match="no indicator “nothing”"):
        choose_panel_set(in_set=["nothing"], key=[], by=admin, reason="x")


def test_choose_panel_set_leaves_nothing_behind(admin):
    before = panel_set_state()
    fails_half_way(lambda: choose_panel_set(in_set=[], key=[], by=admin, reason=""))
    assert panel_set_state() == before


def test_choose_panel_set_is_not_saved_over_a_newer_one(admin):
    opened = panel_set_state()
    choose_panel_set(in_set=["looked-after-number"], key=[], by=admin, reason="First.")
    with pytest.raises(ChangedSince):
        choose_panel_set(in_set=[], key=[], by=admin, reason="Second.", opened_at=opened)


def neighbours(*codes):
    return [Neighbour(Area.objects.get(code=code), "close") for code in codes]


def test_add_comparator_group(admin, council):
    group = add_comparator_group(
        slug="our-own", for_area=council, members=neighbours("333", "335"), by=admin,
        reason="Agreed.", title="Our own", source="The council", statistic="mean",
    )  # fmt: skip
    assert [one.area.code for one in neighbours_of(group, council)] == ["333", "335"]
    event = last_event()
    assert (event.kind, event.key, event.done) == ("comparator_group", "our-own", "added")
    assert event.after["members"] == ["333 Sandwell, close", "335 Walsall, close"]


def test_add_comparator_group_leaves_nothing_behind(admin, council):
    fails_half_way(lambda: add_comparator_group(
        slug="half", for_area=council, members=neighbours("333"), by=admin, reason="",
        title="Half", source="x", statistic="mean",
    ))  # fmt: skip
    assert not ComparatorGroup.objects.filter(slug="half").exists()


def test_change_comparator_group_in_another_order(admin, council):
    group = ComparatorGroup.objects.get(slug="statistical-neighbours-2025")
    others = group.members.exclude(for_area=council).count()
    known = neighbours_of(group, council)
    turned = list(reversed(known))
    change_comparator_group(
        group=group, for_area=council, members=turned, by=admin, reason="A slip.", title="New"
    )
    assert neighbours_of(group, council) == turned
    assert group.members.exclude(for_area=council).count() == others
    event = last_event()
    assert event.after == {"title": "New", "members": [str(one) for one in turned]}
    same = change_comparator_group(
        group=group, for_area=council, members=turned, by=admin, reason="Again."
    )
    assert same is None


def test_change_comparator_group_leaves_nothing_behind(admin, council):
    group = ComparatorGroup.objects.get(slug="statistical-neighbours-2025")
    known = neighbours_of(group, council)
    fails_half_way(lambda: change_comparator_group(
        group=group, for_area=council, members=known[:1], by=admin, reason=""
    ))  # fmt: skip
    assert neighbours_of(group, council) == known
