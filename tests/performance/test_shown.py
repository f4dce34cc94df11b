"""Small numbers are hidden where figures are read, the same whichever of them is asked for."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db.models import Value

from performance.models import Area, Measurement
from performance.presenters.readings import make_readings
from performance.shown import per_how_many, read_links, read_shown
from tests.conftest import position_on
from tests.performance.calculations.made_up_tables import make_table
from tests.performance.stored_tables import (
    a_row,
    add_row,
    link,
    make_indicator,
    make_series,
    store_table,
    year,
)

pytestmark = pytest.mark.django_db

POSITION = position_on(2016, 10, 5)


@pytest.fixture
def council():
    return Area.objects.get(code="336")


@pytest.fixture
def counts():
    return make_indicator("made-up-counts")


@pytest.fixture
def homes(counts, council):
    """Forty in all: three in one home, seven and thirty in two others."""
    names = ("all", "a", "b", "c")
    series = {name: make_series(counts, f"homes-{name}") for name in names}
    for name, value in zip(names, (40, 3, 7, 30), strict=True):
        add_row(series[name], council, value)
    for name in "abc":
        link(series[name], "part_of", series["all"], "by-home")
    return series


def shown(series, position=POSITION, area="336", **filters):
    """What is shown of these series, by the last part of their code; None is hidden."""
    asked = Measurement.objects.at(position).filter(series__in=series, area__code=area, **filters)
    rows = read_shown(asked.with_series().order_by("series", "period_end"), position)
    return {row.series.code.rpartition("-")[2]: row.value for row in rows}


def everything_shown(series, position=POSITION):
    """All that these series show, by row; None is hidden."""
    asked = Measurement.objects.at(position).filter(series__in=series).with_series()
    return {row.pk: row.value for row in read_shown(asked, position)}


# A series alone.


def test_read_shown_hides_from_one_to_the_threshold(counts, council):
    series = make_series(counts, "visits", threshold=3)
    for value in range(6):
        add_row(series, council, value, year(2005 + value))
    asked = Measurement.objects.at(POSITION).filter(series=series).with_series()
    rows = read_shown(asked.order_by("period_end"), POSITION)
    assert [row.value for row in rows] == [0, None, None, None, 4, 5]
    assert [row.symbol for row in rows] == ["", "suppressed", "suppressed", "suppressed", "", ""]


def test_read_shown_leaves_a_published_series_as_it_is(counts, council):
    series = make_series(counts, "visits", threshold=None)
    add_row(series, council, 2)
    assert shown([series]) == {"visits": 2}


def test_read_shown_takes_the_note_and_what_a_hidden_figure_was_made_from(counts, council):
    series = make_series(make_indicator("share", "%"), "share")
    held = add_row(series, council, 6, numerator=3, denominator=50, note="Three of fifty.",
                   symbol_as_published="")  # fmt: skip
    [row] = read_shown(Measurement.objects.filter(pk=held.pk).with_series(), POSITION)
    assert (row.pk, row.value, row.numerator, row.denominator) == (held.pk, None, None, None)
    assert (row.note, row.symbol) == ("", "suppressed")


def test_read_shown_changes_no_saved_row(homes):
    before = list(Measurement.objects.order_by("pk").values())
    assert None in shown(homes.values()).values()
    assert list(Measurement.objects.order_by("pk").values()) == before


def test_read_shown_gives_the_rows_in_the_order_asked(homes):
    asked = Measurement.objects.filter(series__in=homes.values()).with_series()
    expected = list(asked.order_by("-series__code").values_list("pk", flat=True))
    assert [row.pk for row in read_shown(asked.order_by("-series__code"), POSITION)] == expected


def test_read_shown_keeps_what_a_page_joined_to_a_hidden_row(homes):
    asked = Measurement.objects.filter(series=homes["a"]).with_series().annotate(home=Value("page"))
    [row] = read_shown(asked, POSITION)
    assert (row.value, row.home) == (None, "page")


# Linked series.


def test_read_shown_hides_a_second_part_beside_a_small_one(homes):
    assert shown(homes.values()) == {"all": 40, "a": None, "b": None, "c": 30}


@pytest.mark.parametrize("asked", ["all", "a", "b", "c", "ab", "bc", "ac"])
def test_read_shown_hides_the_same_whatever_is_asked_for(homes, asked):
    names = ["all"] if asked == "all" else list(asked)
    whole = shown(homes.values())
    assert shown([homes[name] for name in names]) == {name: whole[name] for name in names}


def test_read_shown_hides_beside_what_its_publisher_withheld(counts, council):
    series = [
        make_series(counts, f"published-{name}", threshold=None) for name in ("all", "a", "b")
    ]
    for one, value in zip(series, (40, None, 31), strict=True):
        add_row(one, council, value)
    for part in series[1:]:
        link(part, "part_of", series[0], "by-kind")
    assert shown(series) == {"all": 40, "a": None, "b": None}


def test_read_shown_hides_a_percentage_of_a_hidden_count(homes, council):
    share = make_series(make_indicator("share", "%"), "share", threshold=None)
    add_row(share, council, Decimal("7.5"))
    assert shown([share]) == {"share": Decimal("7.5")}
    link(share, "made_from", homes["a"])
    link(share, "out_of", homes["all"])
    assert shown([share]) == {"share": None}
    assert shown(homes.values())["all"] == 40


def test_read_shown_hides_a_percentage_whose_base_is_hidden(counts, council):
    base = make_series(counts, "base")
    share = make_series(make_indicator("share", "%"), "share")
    add_row(base, council, 4)
    add_row(share, council, 50)
    link(share, "out_of", base)
    assert shown([base, share]) == {"base": None, "share": None}


def test_read_shown_hides_each_area_by_itself(homes, council):
    other = Area.objects.get(code="333")
    for name, value in (("all", 40), ("a", 9), ("b", 7), ("c", 24)):
        add_row(homes[name], other, value)
    assert shown(homes.values(), area="333") == {"all": 40, "a": 9, "b": 7, "c": 24}
    assert shown(homes.values()) == {"all": 40, "a": None, "b": None, "c": 30}


def test_read_shown_hides_each_version_by_itself(homes, council):
    """Three homes at first; since July 2016 the small one has had eight."""
    july = datetime(2016, 7, 1, tzinfo=UTC)
    for name, value in (("a", 8), ("all", 45)):
        Measurement.objects.filter(series=homes[name]).update(known_until=july)
        add_row(homes[name], council, value, known_from=july)
    assert shown(homes.values(), position_on(2016, 6, 1))["a"] is None
    assert shown(homes.values()) == {"all": 45, "a": 8, "b": 7, "c": 30}


def test_read_shown_hides_the_same_whichever_periods_are_asked_for(council):
    """5% of 110 is six children, or, where the series prints tenths, 5.0% of them is none."""
    series = make_series(make_indicator("share", "%"), "share")
    add_row(series, council, 5, denominator=110)
    add_row(series, council, Decimal("33.3"), year(2013), denominator=300)
    latest = {"period_end": year(2014)[1]}
    row = Measurement.objects.get(series=series, **latest)
    assert shown([series], **latest)["share"] == everything_shown([series])[row.pk]


@pytest.mark.parametrize("seed", range(40))
def test_read_shown_of_made_up_tables_is_the_same_series_by_series(seed, council):
    stored = store_table(make_table(seed), council, f"made-up-{seed}", earlier=1)
    whole = everything_shown(stored.series.values())
    one_by_one = {}
    for series in stored.series.values():
        one_by_one |= everything_shown([series])
    assert one_by_one == whole


# What was before.


def restated(series, council):
    later = datetime(2016, 7, 1, tzinfo=UTC)
    add_row(series, council, 41, known_until=later)
    add_row(series, council, 44, known_from=later)
    return make_readings([series.indicator], "336", POSITION)[0].speaks


def test_restated_figure_of_a_published_series_says_what_it_was(counts, council):
    speaks = restated(make_series(counts, "visits", threshold=None), council)
    assert "41 before" in speaks.sentence.text


def test_restated_figure_under_the_local_rule_does_not_say_what_it_was(counts, council):
    speaks = restated(make_series(counts, "visits"), council)
    assert "44" in speaks.sentence.text
    assert "41" not in speaks.sentence.text


def test_restated_figure_of_a_linked_series_does_not_say_what_it_was(counts, council):
    series = make_series(counts, "visits", threshold=None)
    part = make_series(counts, "part", threshold=None, order=200)
    link(part, "part_of", series, "by-kind")
    speaks = restated(series, council)
    assert "44" in speaks.sentence.text
    assert "41" not in speaks.sentence.text


# Queries.


@pytest.mark.parametrize("times", [1, 5])
def test_read_shown_queries(homes, council, times, django_assert_num_queries):
    Measurement.objects.bulk_create(
        a_row(one, council, 3 + back, year(2010 - back))
        for one in homes.values()
        for back in range(times)
    )
    asked = Measurement.objects.at(POSITION).filter(series__in=homes.values()).with_series()
    with django_assert_num_queries(3):
        read_shown(asked, POSITION)
    links = read_links()
    with django_assert_num_queries(2):
        read_shown(asked.all(), POSITION, links)


def test_read_shown_of_what_hides_nothing_needs_two_queries(
    counts, council, django_assert_num_queries
):
    series = make_series(counts, "visits", threshold=None)
    add_row(series, council, 3)
    with django_assert_num_queries(2):
        read_shown(Measurement.objects.filter(series=series).with_series(), POSITION)


@pytest.mark.parametrize(
    ("unit", "per"),
    [
        ("%", 100),
        ("% of care leavers", 100),
        ("per cent", 100),
        ("Percent", 100),
        ("per 10,000 children", 10_000),
        ("Rate per 10 000", 10_000),
        ("per 1,000", 1_000),
        ("per 0 children", None),
        ("children", None),
        ("£ per night", None),
    ],
)
def test_per_how_many(unit, per):
    assert per_how_many(unit) == per


# Links that contradict one another are refused by a load, and bring no page down.


@pytest.mark.parametrize(("one", "of"), [("a", "all"), ("all", "a"), ("a", "b")])
def test_read_shown_stands_a_part_that_is_made_from_what_it_adds_up_with(homes, one, of):
    link(homes[one], "made_from", homes[of])
    assert shown(homes.values())["a"] is None


def test_read_shown_stands_links_that_go_round_in_a_circle(homes):
    link(homes["all"], "part_of", homes["a"], "round")
    for one, of in ("ab", "bc", "ca"):
        link(homes[one], "made_from", homes[of])
    assert shown(homes.values())["a"] is None


def test_read_shown_knows_a_count_at_the_end_of_a_chain(homes, council):
    again = make_series(homes["b"].indicator, "again")
    share = make_series(make_indicator("share", "%", decimals=1), "share")
    add_row(again, council, 7)
    add_row(share, council, Decimal("17.5"), numerator=7, denominator=40)
    link(again, "made_from", homes["b"])
    link(share, "made_from", again)
    link(share, "out_of", homes["all"])
    assert shown([*homes.values(), again, share]) == {
        "all": 40, "a": None, "b": None, "c": 30, "again": None, "share": None,
    }  # fmt: skip


def test_read_shown_hides_a_percentage_whatever_its_unit_says_beside_the_sign(counts, council):
    leavers = make_series(counts, "leavers")
    share = make_series(make_indicator("share", "% of care leavers"), "share")
    add_row(leavers, council, 11)
    add_row(share, council, 36)
    link(share, "out_of", leavers)
    assert shown([leavers, share]) == {"leavers": 11, "share": None}
