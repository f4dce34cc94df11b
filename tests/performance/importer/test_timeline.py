"""The versions that releases make, in whatever order they are loaded."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.importer.timeline import SaidTwice, Saying, Version, make_versions

START = datetime(2020, 1, 1, tzinfo=UTC)


def day(number):
    return START + timedelta(days=number)


def test_a_later_release_that_differs_replaces_from_its_day():
    sayings = [Saying(day(10), 1, "46"), Saying(day(20), 2, "48")]
    assert make_versions(sayings, day(3)) == [
        Version("46", 1, (), day(3), day(20)),
        Version("48", 2, (), day(20), None),
    ]


def test_a_release_that_repeats_adds_no_version():
    sayings = [Saying(day(10), 1, "46"), Saying(day(20), 2, "46"), Saying(day(30), 3, "46")]
    assert make_versions(sayings) == [Version("46", 1, (2, 3), day(10), None)]


def test_what_lies_between_two_that_say_the_same_parts_them():
    sayings = [Saying(day(10), 1, "46"), Saying(day(30), 3, "46"), Saying(day(20), 2, "48")]
    assert [(v.says, v.known_from, v.known_until) for v in make_versions(sayings)] == [
        ("46", day(10), day(20)),
        ("48", day(20), day(30)),
        ("46", day(30), None),
    ]


def test_what_was_taken_back_is_known_no_longer():
    sayings = [Saying(day(10), 1, "46", until=day(20), withdrawn_by=2)]
    assert make_versions(sayings) == [Version("46", 1, (), day(10), day(20))]


def test_two_values_of_one_day_cannot_both_be():
    with pytest.raises(SaidTwice):
        make_versions([Saying(day(10), 1, "46"), Saying(day(10), 2, "48")])


@st.composite
def releases(draw):
    days = draw(st.lists(st.integers(0, 9), unique=True, min_size=1, max_size=5))
    return [Saying(day(at), n, draw(st.sampled_from("AB"))) for n, at in enumerate(days, start=1)]


@given(releases(), st.integers(-3, 12))
def test_every_day_shows_what_the_last_release_before_it_said(said, asked):
    """Against the slow and obvious: look the day's last release up."""
    before = [saying for saying in sorted(said, key=lambda s: s.at) if saying.at <= day(asked)]
    expected = before[-1].says if before else None
    shown = [
        version.says
        for version in make_versions(said)
        if version.known_from <= day(asked)
        and (version.known_until is None or day(asked) < version.known_until)
    ]
    assert shown == ([expected] if expected else [])


@given(releases())
def test_the_order_of_the_loads_makes_no_difference(said):
    assert len({tuple(make_versions(order)) for order in permutations(said)}) == 1
