"""Loads, repeats, back-loads, withdrawals and loads again, against the slow and obvious.

The model keeps who said what of a figure, on which day and until when it stood; a day shows what
the latest release of those says. Where an earlier release comes, or is taken back, after a
withdrawal of the same figure, the record no longer tells when each of them counted: there the model
speaks of now alone, and of past days only what must hold of any record.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from performance.importer.problems import LoadRefused
from performance.importer.withdrawal import foretell, withdraw
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
    """What each year's figure was said to be; `withdrawn`: years of which a load was;
    `mended`: those that this changed; `untold`: those whose past days it does not know."""

    def __init__(self):
        self.said = {year: [] for year in YEARS}
        self.heard = {year: [] for year in YEARS}
        self.withdrawn, self.mended, self.untold = set(), set(), set()

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

    def has_heard(self, year, day, value):
        """Whether a release up to the day said so, withdrawn or not; None was always so."""
        return value is None or any(
            one_day <= day and one_value == value for one_day, one_value in self.heard[year]
        )

    def load(self, number, day, values):
        for year, value in values.items():
            said = self.said[year]
            self.heard[year].append((day, value))
            if any(one.day > day for one in said if one.until is None):
                if year in self.withdrawn:
                    self.untold.add(year)
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
            if leaves_no_trace and any(one.load == number for one in said):
                said[:] = [one for one in said if one.load != number]
                if year in self.withdrawn:
                    self.untold.add(year)
                continue
            for one in said:
                if one.load == number:
                    one.until = NOW
                    self.withdrawn.add(year)
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
            rows = [figure(n, year, value) for n, (year, value) in enumerate(values.items(), 2)]
            standing = [one for said in map(model.said.get, values) for one in said
                        if one.until is None and one.day == day]  # fmt: skip
            try:
                loads.append(load(rows, day, is_back_load=True))
            except LoadRefused as refused:
                # Two loads that stand may not say different things on one day, and no day would
                # show what one says.
                if standing or "gave an earlier release" in refused.problems[0].expected:
                    continue
                raise
            model.load(loads[-1].pk, day, values)
        elif loads:
            bad = loads.pop(given_[0] % len(loads))
            foretold = foretell(bad).to_json()
            assert withdraw(bad, by=None, reason="A slip.").report == foretold
            model.withdraw(bad.pk, leaves_no_trace=bad.is_back_load)
        for year in YEARS:
            assert shown(year) == model.shown(year, NOW), ("now", year)
            for day in DAYS:
                value = shown(year, released(day) + timedelta(hours=12))
                assert model.has_heard(year, day, value), (day, year)
                if year not in model.untold:
                    assert value == model.shown(year, day), (day, year)
