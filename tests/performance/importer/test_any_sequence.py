"""Loads, repeats, back-loads, withdrawals and loads again, against the slow and obvious.

The model keeps who said what of a figure, on which day and until when it stood; a day shows what
the latest release of those says.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from performance.importer.problems import LoadRefused
from performance.importer.withdrawal import withdraw
from performance.models import Measurement
from tests.performance.importer.releases import a_series, figure, load, released

pytestmark = pytest.mark.django_db

# Before the day on which the tests stand.
DAYS = range(-9, -3)
YEARS = 2014, 2015
# Every load and withdrawal of a test happens after every release of it.
NOW = 99


@dataclass
class Said:
    load: int
    day: int
    value: int
    shown_from: int
    until: int | None = None


class Model:
    """What each year's figure was said to be; `mended`: years that a withdrawal has changed."""

    def __init__(self):
        self.said = {year: [] for year in YEARS}
        self.mended = set()

    def shown(self, year, day):
        standing = [
            one for one in self.said[year]
            if one.shown_from <= day and (one.until is None or day < one.until)
        ]  # fmt: skip
        return max(standing, key=lambda one: (one.day, one.load)).value if standing else None

    def is_late(self, year, day):
        """Whether a figure of the day counts from now: what is shown has changed since."""
        shown = [self.shown(year, each) for each in (DAYS[0] - 1, *DAYS)]
        changes = [each for each, (one, other) in zip(DAYS, pairwise(shown), strict=True)
                   if one != other]  # fmt: skip
        return year in self.mended or bool(changes and changes[-1] >= day)

    def begins(self, year):
        """The day from which what is shown now has been shown."""
        now = self.shown(year, NOW)
        since = NOW
        for day in reversed(DAYS):
            if self.shown(year, day) != now:
                break
            since = day
        return since

    def forgets_when_it_counted(self, day, values):
        """A figure that counted from now, and that an earlier release says too, is one version with
        it: when it counted is no longer told, and a release between the two shows it from its own
        day on."""
        return any(
            one.shown_from == NOW and one.until is None and one.day > day and one.value == value
            for year, value in values.items() for one in self.said[year]
        )  # fmt: skip

    def load(self, number, day, values):
        for year, value in values.items():
            said = self.said[year]
            if any(one.day > day for one in said if one.until is None):
                # A figure has one version a day: another value for the day takes the place of what
                # was withdrawn, and the same one repeats it.
                said[:] = [
                    one for one in said
                    if one.day != day or one.until is None or one.value == value
                ]  # fmt: skip
                shown_from = day
            elif self.is_late(year, day):
                # What says again what is shown has been said since that is shown.
                is_repeat = self.shown(year, NOW) == value
                shown_from = max(day, self.begins(year)) if is_repeat else NOW
            else:
                # What was withdrawn and only repeated the figure keeps no place for itself.
                said[:] = [one for one in said if one.day < day or one.until is None]
                shown_from = day
            said.append(Said(number, day, value, shown_from))

    def withdraw(self, number, *, leaves_no_trace):
        for year, said in self.said.items():
            before = self.shown(year, NOW)
            if leaves_no_trace:
                said[:] = [one for one in said if one.load != number]
                continue
            for one in said:
                if one.load == number:
                    one.until = NOW
            if self.shown(year, NOW) != before:
                self.mended.add(year)


LOADED = st.tuples(
    st.just("load"),
    st.sampled_from(DAYS),
    st.dictionaries(st.sampled_from(YEARS), st.integers(1, 3), min_size=1),
)
WITHDRAWN = st.tuples(st.just("withdraw"), st.integers(0, 5))


def shown(year, at=None):
    rows = Measurement.objects.filter(series=a_series(), period_end__year=year)
    rows = rows.filter(known_from__lte=at) if at else rows
    rows = [row for row in rows if row.known_until is None or (at and row.known_until > at)]
    assert len(rows) <= 1
    return int(rows[0].value) if rows else None


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@example(
    [
        ("load", -9, {2014: 1}), ("load", -9, {2014: 1}), ("withdraw", 0),
        ("load", -8, {2014: 1}), ("load", -9, {2014: 1}), ("withdraw", 2),
    ]
)  # fmt: skip
@given(st.lists(st.one_of(LOADED, LOADED, WITHDRAWN), min_size=2, max_size=9))
def test_the_record_shows_on_every_day_what_stood_then(steps):
    Measurement.objects.filter(series=a_series()).delete()
    model, loads = Model(), []
    for what, *given_ in steps:
        if what == "load":
            day, values = given_
            if model.forgets_when_it_counted(day, values):
                return
            rows = [figure(n, year, value) for n, (year, value) in enumerate(values.items(), 2)]
            standing = [one for said in map(model.said.get, values) for one in said
                        if one.until is None and one.day == day]  # fmt: skip
            try:
                loads.append(load(rows, day, is_back_load=True))
            except LoadRefused:
                # Two loads that stand may not say different things on one day.
                if standing:
                    continue
                raise
            model.load(loads[-1].pk, day, values)
        elif loads:
            bad = loads.pop(given_[0] % len(loads))
            withdraw(bad, by=None, reason="A slip.")
            model.withdraw(bad.pk, leaves_no_trace=bad.is_back_load)
        for year in YEARS:
            assert shown(year) == model.shown(year, NOW), ("now", year)
            for day in DAYS:
                at = released(day) + timedelta(hours=12)
                assert shown(year, at) == model.shown(year, day), (day, year)
