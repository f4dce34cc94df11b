"""Holds a file's figures against the record: what would change, and what may not."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils import timezone
from psycopg2 import DataError

from performance.calculations.partial_date import PartialDate
from performance.clock import moment, today, wall_clock
from performance.importer import back_loads, repeats, staging
from performance.importer.back_loads import Rewriting
from performance.importer.file_kinds import refusal
from performance.importer.incoming import Reading
from performance.importer.problems import MOST_KEPT, LoadRefused, Problem
from performance.importer.screening_report import say
from performance.models import Load

SAME_DAY = f"""
SELECT s.file_row, s.file_column, s.value, s.symbol, m.value, m.symbol
FROM compared c JOIN staged s USING (place) JOIN {staging.TABLE} m ON m.id = c.current_id
WHERE c.outcome = 'same day' ORDER BY s.file_row
"""
# A folder's figures each have a day of their own.
DAY = """
CASE WHEN %(own_days)s THEN (s.known_from AT TIME ZONE %(zone)s)::date ELSE %(day)s::date END
"""
RUNNING = f"SELECT DISTINCT s.series_id FROM staged s WHERE s.period_end > {DAY}"
# The council's budget is known before its year is over; so is whatever was on record so before.
KNOWN_AHEAD = f"""
SELECT DISTINCT series_id FROM {staging.TABLE}
WHERE series_id IN ({RUNNING}) AND known_until IS NULL
    AND period_end > (known_from AT TIME ZONE %(zone)s)::date
"""
# A folder is how a budget first comes on record: each row says so in its note, and no figure of
# its series is known only when its period is over.
SAID_AHEAD = f"""
SELECT s.series_id FROM staged s WHERE %(own_days)s AND NOT EXISTS (
    SELECT FROM {staging.TABLE} m WHERE m.series_id = s.series_id
        AND m.period_end <= (m.known_from AT TIME ZONE %(zone)s)::date
)
GROUP BY s.series_id HAVING bool_and(s.period_end > {DAY} AND s.note <> '')
"""
NOT_OVER = f"""
SELECT s.file_row, s.period_label, s.period_start, s.period_end, {DAY}, i.short_title,
    count(*) OVER ()
FROM staged s JOIN performance_series one ON one.id = s.series_id
    JOIN performance_indicator i ON i.id = one.indicator_id
WHERE s.period_end > {DAY} AND (
    s.series_id <> ALL (%(ahead)s) OR s.period_start > {DAY} + interval '1 year'
)
ORDER BY s.file_row LIMIT %(most)s
"""


@dataclass
class Checked:
    """A file whose figures are staged and compared. `counts` are by outcome, as `compare` says."""

    reading: Reading
    released_at: datetime
    counts: dict[str, int]
    earlier: int = 0
    rewriting: Rewriting = field(default_factory=Rewriting)

    @property
    def new(self) -> int:
        return self.counts.get("new", 0) + self.counts.get("again", 0)

    @property
    def revised(self) -> int:
        return self.counts.get("revised", 0) + len(self.rewriting.changed)

    @property
    def unchanged(self) -> int:
        return self.counts.get("unchanged", 0) + len(self.rewriting.unchanged)


def check(reading: Reading, load: int, *, is_back_load: bool) -> Checked:
    """Stages and compares what is read. Call it inside a transaction.

    Raises LoadRefused with every problem of the file and of what it says against the record.
    """
    if is_back_load:
        _refuse_without_day(reading)
    staged = stage(reading)
    if not (staged or reading.problems or reading.kept_hidden):
        expected = "there is no figure in it: was the right file dropped?"
        reading.problems.append(Problem(reading.file, None, "", "", expected))
    _check_once(reading)
    check_over(reading)
    _check_day(reading)
    if reading.problems:
        raise LoadRefused(reading.problems)
    released_at = reading.released_at or known_from_now()
    checked = Checked(reading, released_at, staging.compare(released_at, known_from_now()))
    if reading.released_at is None and checked.counts.get("earlier"):
        checked.counts = staging.settle_known(released_at)
    _check_order(checked, load, is_back_load=is_back_load)
    _check_nothing_hidden(checked)
    if reading.problems:
        is_earlier = checked.earlier and not (is_back_load or checked.counts.get("same day"))
        raise LoadRefused(reading.problems, "earlier" if is_earlier else "")
    return checked


def _refuse_without_day(reading: Reading) -> None:
    """A back-load without a day would count from now, in the place of what stands."""
    if reading.released_at is None:
        expected = (
            "it is given as a back-load, and a back-load has a day from which its figures were "
            "known: give that day as “Released on” (--released-on to the command), or say that it "
            "is no back-load"
        )
        raise refusal(reading.file, expected, kind="day")


def _check_day(reading: Reading) -> None:
    """From a day to come nothing is known; and until then nothing could be corrected."""
    if reading.released_at is None:
        return
    day, present = timezone.localdate(reading.released_at), _present_day(reading)
    if day <= present:
        return
    expected = (
        f"its figures would be known from {PartialDate(day, 'day')}, and it is "
        f"{PartialDate(present, 'day')}: is another day meant? Give the day on which they could "
        "first be read"
    )
    if not reading.problems:
        reading.problems.kind = "day"
    reading.problems.append(Problem(reading.file, None, "", "", expected))


def stage(reading: Reading) -> int:
    """Stages what is read; how many figures. Raises LoadRefused where the database cannot."""
    try:
        return staging.stage(reading.figures)
    except DataError as error:  # psycopg2's own: what is copied goes past Django
        # The readers let nothing by that a column cannot hold; were one to, nothing is loaded.
        said = str(error).strip().partition("\n")[0]
        reading.problems.append(
            Problem(reading.file, None, "", "", f"the database cannot hold what it says: {said}")
        )
        raise LoadRefused(reading.problems) from error


def known_from_now() -> datetime:
    """From when what is loaded now is known: after all that is known already on a day that stands.

    A site that stands on a day takes the time from the clock, which is another every real day.
    """
    present = moment()
    if not settings.POSITION_DATE:
        return present
    loads = Load.objects.filter(released_at__date=today())
    last = loads.aggregate(last=Max("released_at"))["last"]
    return max(present, last + timedelta(microseconds=1)) if last else present


def _check_once(reading: Reading) -> None:
    twice = staging.find_twice()
    for first, last, column, differ in twice:
        if differ:
            # Where the value is another, so is most of what goes with it.
            other = "value" if "value" in differ else " and another ".join(differ)
            expected = (
                f"row {first} gives another {other} for the same series, area and period: which "
                "is right? Keep one"
            )
            reading.problems.append(Problem(reading.file, last, column, "", expected))
    same = sum(not differ for *_, differ in twice)
    if same and not reading.problems:
        staging.keep_first_of_same()
        rows = "1 figure stands" if same == 1 else f"{same:,} figures stand"
        reading.notes.append(f"{rows} in the file more than once, with the same value: read once.")


def check_over(reading: Reading) -> None:
    """Notes what is staged of a period that is not over: what is counted over it cannot be known
    yet."""
    given: dict[str, Any] = {
        "day": _last_day(reading),
        "own_days": reading.format == Load.Format.FOLDER,
        "most": MOST_KEPT,
        "zone": settings.TIME_ZONE,
    }
    with connection.cursor() as cursor:
        cursor.execute(RUNNING, given)
        if cursor.fetchone() is None:
            return
        cursor.execute(f"{KNOWN_AHEAD} UNION {SAID_AHEAD}", given)
        cursor.execute(NOT_OVER, {**given, "ahead": [series for (series,) in cursor.fetchall()]})
        not_over = cursor.fetchall()
    for row, label, start, end, day, indicator, _ in not_over:
        expected = f"{indicator}: {_say_not_over(reading, day, start, end)}"
        problem = Problem(reading.file, row, reading.period_column, label, expected)
        reading.problems.append(problem)
    if not_over:
        reading.problems.total += not_over[0][-1] - len(not_over)


def _present_day(reading: Reading) -> date:
    """A published file is of its own day, whatever day a site is on."""
    return today() if reading.format == Load.Format.OWN else timezone.localdate(wall_clock())


def _last_day(reading: Reading) -> date:
    """On which a period may end."""
    present = _present_day(reading)
    if reading.released_at is None:
        return present
    return min(timezone.localdate(reading.released_at), present)


def _say_not_over(reading: Reading, day: date, start: date, end: date) -> str:
    said = (
        f"the period ends on {PartialDate(end, 'day')} and was not over on "
        f"{PartialDate(day, 'day')}, from when its figure would be known: "
    )
    if reading.format == Load.Format.FOLDER:
        return said + (
            "is another period, or another known_from, meant? Of what is decided ahead, such as a "
            "budget, each row of the series says so in its note"
        )
    if reading.format != Load.Format.OWN:
        return said + "is another year, or another day of release, meant?"
    if start > day:
        return said + "is another year meant?"
    return said + "name the part of it that the figure is of, or give it once the period is over"


def _check_order(checked: Checked, load: int, *, is_back_load: bool) -> None:
    """An earlier release is entered in its place where it is said to be one, and else refused."""
    reading, counts = checked.reading, checked.counts
    checked.earlier = counts.get("earlier", 0)
    if counts.get("same day"):
        _tell_same_day(reading)
    if not checked.earlier:
        return
    if not is_back_load:
        day = timezone.localtime(checked.released_at).date()
        expected = (
            f"{checked.earlier:,} of its figures are on record from a later release, or from a "
            f"later day, than {day:%-d %B %Y}: is it the right file? If an earlier release is "
            "meant to be added to the history, say that it is a back-load"
        )
        reading.problems.append(Problem(reading.file, None, "", "", expected))
        return
    back_loads.settle_same(checked.released_at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM compared WHERE outcome = 'unchanged'")
        counts["unchanged"] = cursor.fetchone()[0]
    counts.pop("earlier")
    checked.rewriting = back_loads.plan_back_load(load, checked.released_at)
    for row, column, content, hides in checked.rewriting.refused:
        found = say(content.value, content.symbol)
        expected = "another figure of the same release is on record: is it the right file?"
        if hides:
            expected = (
                f"load {hides} gave an earlier release of it again after a withdrawal, and no day "
                f"would show that any more: withdraw load {hides}, load this file, then that one"
            )
        reading.problems.append(Problem(reading.file, row, column, found, expected))


def _check_nothing_hidden(checked: Checked) -> None:
    """No later release may have given again what would change, without that being on record."""
    reading = checked.reading
    if reading.released_at is None or not checked.revised:
        return
    count, loads = repeats.may_have_said_later(reading.released_at)
    if count:
        expected = repeats.say_why_not(count, loads)
        reading.problems.append(Problem(reading.file, None, "", "", expected))


def _tell_same_day(reading: Reading) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SAME_DAY)
        for row, column, value, symbol, held, held_symbol in cursor.fetchall():
            found = say(value, symbol)
            expected = (
                f"{say(held, held_symbol)} is on record from the same day: a later day, or the "
                "withdrawal of that load, is needed to change it"
            )
            reading.problems.append(Problem(reading.file, row, column, found, expected))
