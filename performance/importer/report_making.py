"""The report of a file that was checked: counts, what is revised, what moved most, what is odd."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.utils.timezone import localtime

from performance.calculations.suspicion import is_a_tenth, is_outside, is_ten_times
from performance.importer.back_loads import Content, Key
from performance.importer.checking import Checked
from performance.importer.figure_lines import Names, Said, say_difference
from performance.importer.problems import LoadRefused, as_kept
from performance.importer.screening_report import FigureLine, ScreeningReport, SeriesCount, say
from performance.importer.staging import HELD_FLAGS, TABLE
from performance.models import Area, PeriodLock

# So many are kept with a load; the totals beside them are of all.
MOST_REVISIONS = 2_000
MOST_MOVEMENTS = 20
MOST_LOCKED = 200
CHANGES = "('revised', 'again')"

BY_SERIES = """
SELECT s.series_id,
    count(*) FILTER (WHERE c.outcome IS NULL OR c.outcome = 'again'),
    count(*) FILTER (WHERE c.outcome = 'revised'),
    count(*) FILTER (WHERE c.outcome = 'unchanged')
FROM staged s LEFT JOIN compared c USING (place) GROUP BY s.series_id
"""
# What is on record and what the file says. What the file is silent about stands as it is.
BOTH = f"""
m.value, m.symbol, m.numerator, m.denominator, m.note, {HELD_FLAGS},
    s.value, s.symbol, coalesce(s.numerator, m.numerator),
    coalesce(s.denominator, m.denominator), coalesce(s.note, m.note),
    coalesce(s.flags, {HELD_FLAGS})
"""
REVISED = f"""
SELECT s.series_id, s.area_id, s.period_label, s.file_row, {BOTH}
FROM compared c JOIN staged s USING (place) JOIN {TABLE} m ON m.id = c.current_id
WHERE c.outcome = 'revised'
ORDER BY s.area_id <> %(area)s, s.file_row LIMIT %(most)s
"""
# The council's own figures: what the record holds and what the file brings, the newest last.
HISTORY = f"""
SELECT series_id, period_end, period_start, period_label, value, symbol, file_row, is_changed,
    replaced
FROM (
    SELECT s.series_id, s.period_end, s.period_start, s.period_label, s.value, s.symbol,
        s.file_row, c.outcome IS NULL OR c.outcome IN {CHANGES} AS is_changed,
        CASE WHEN c.outcome = 'revised' THEN held.value END AS replaced
    FROM staged s LEFT JOIN compared c USING (place)
        LEFT JOIN {TABLE} held ON held.id = c.current_id
    WHERE s.area_id = %(area)s
    UNION ALL
    SELECT m.series_id, m.period_end, m.period_start, m.period_label, m.value, m.symbol, 0, false,
        NULL
    FROM {TABLE} m
    WHERE m.area_id = %(area)s AND m.known_until IS NULL
        AND m.series_id IN (SELECT DISTINCT series_id FROM staged WHERE area_id = %(area)s)
        AND NOT EXISTS (
            SELECT FROM staged s WHERE s.area_id = %(area)s AND s.series_id = m.series_id
                AND s.period_start = m.period_start AND s.period_end = m.period_end
        )
) AS figures
ORDER BY series_id, period_end, period_start
"""
LOCKED = f"""
SELECT s.series_id, s.area_id, s.period_label, s.file_row, count(*) OVER (), m.id, {BOTH}
FROM staged s LEFT JOIN compared c USING (place) LEFT JOIN {TABLE} m ON m.id = c.current_id
WHERE s.area_id = %(area)s AND (c.outcome IS NULL OR c.outcome IN ('revised', 'again', 'earlier'))
    AND EXISTS (
        SELECT FROM performance_periodlock l
        WHERE l.lifted_at IS NULL AND s.period_end BETWEEN l.period_start AND l.period_end
    )
ORDER BY s.file_row LIMIT %(most)s
"""


class _Figure(NamedTuple):
    series: int
    end: date
    start: date
    label: str
    value: Decimal | None
    symbol: str
    file_row: int
    is_changed: bool
    replaced: Decimal | None


def make_refusal(refused: LoadRefused) -> ScreeningReport:
    """The report of a file that was refused: its problems, and nothing else that is certain."""
    return ScreeningReport(
        problems=[as_kept(problem) for problem in refused.problems],
        problems_total=refused.total,
        refused=refused.total,
        refused_as=refused.kind,
    )


def make_report(checked: Checked) -> ScreeningReport:
    """Everything that the person who loads the file must see before it counts. Inside the
    transaction in which it was checked."""
    reading = checked.reading
    report = ScreeningReport(
        rows_read=reading.rows_read,
        new=checked.new,
        unchanged=checked.unchanged,
        revised=checked.revised,
        not_covered=reading.not_covered,
        kept_hidden=reading.kept_hidden,
        notes=list(reading.notes),
    )
    with connection.cursor() as cursor:
        cursor.execute(BY_SERIES)
        counts = cursor.fetchall()
    names = Names.of(row[0] for row in counts)
    report.by_series = sorted(
        (SeriesCount(names.series[row[0]].indicator.short_title, names.series[row[0]].code,
                     *row[1:]) for row in counts),
        key=lambda count: (count.indicator, count.series),
    )  # fmt: skip
    council = Area.objects.get(code=settings.COUNCIL_CODE).pk
    _add_revisions(report, checked, names, council)
    _add_movements(report, names, council)
    if PeriodLock.objects.in_force().exists():
        _add_locked(report, checked, names, council)
    return report


def _add_revisions(report: ScreeningReport, checked: Checked, names: Names, council: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(REVISED, {"area": council, "most": MOST_REVISIONS})
        for series, area, period, row, *given in cursor.fetchall():
            held, new = Said(*given[:6]), Said(*given[6:])
            report.revisions.append(names.change(series, area, period, held, new, file_row=row))
    sooner = _say_sooner(checked)
    for key, said, current in checked.rewriting.changed[:MOST_REVISIONS]:
        report.revisions.append(_earlier_line(names, key, said, current, sooner))
    report.revisions_total = checked.revised


def _say_sooner(checked: Checked) -> str:
    """Of an earlier release that says what is on record: nothing but its day is new."""
    return f"known from {localtime(checked.released_at).date():%-d %B %Y} already"


def _earlier_line(
    names: Names, key: Key, said: Content, current: Content | None, sooner: str
) -> FigureLine:
    """What an earlier release said on its day, and what is current since."""
    old, now = Said.of(said), Said.of(current) if current else None
    differs = ""
    if now and now.words == old.words:
        differs = say_difference(old, now) or sooner
    return names.change(key.series, key.area, said.label, old, now, differs=differs)


def _add_movements(report: ScreeningReport, names: Names, council: int) -> None:
    """The newest changed figure of each series of the council beside what it replaces, or the one
    before it, and every changed figure that is odd."""
    odd: list[FigureLine] = []
    moved: list[tuple[Decimal, FigureLine]] = []
    for history in _histories(council):
        for line, share in _lines_of(history, names, council):
            if line.why == "moved":
                moved.append((share, line))
            else:
                odd.append(line)
    report.suspicious_total = len(odd)
    moved.sort(key=lambda each: each[0], reverse=True)
    report.movements = [*odd[:MOST_REVISIONS], *(line for _, line in moved[:MOST_MOVEMENTS])]


def _histories(council: int) -> Iterator[list[_Figure]]:
    """The figures of each series of the council that the file brings something of."""
    found: dict[int, list[_Figure]] = {}
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, {"area": council})
        for row in cursor.fetchall():
            found.setdefault(row[0], []).append(_Figure(*row))
    yield from found.values()


def _lines_of(
    history: list[_Figure], names: Names, council: int
) -> Iterator[tuple[FigureLine, Decimal]]:
    valued = [figure for figure in history if figure.value is not None]
    for place, figure in enumerate(valued):
        assert figure.value is not None
        last = valued[place - 1] if place else None
        if not figure.is_changed or last is None or last.value is None:
            continue
        before = [each.value for each in valued[:place] if each.value is not None]
        is_newest = place == len(valued) - 1
        held = last.value if figure.replaced is None else figure.replaced
        why = _why(before, figure.value, held, is_newest=is_newest)
        if not why:
            continue
        more = {"file_row": figure.file_row, "last": say(last.value, ""),
                "last_period": last.label, "why": why}  # fmt: skip
        old, new = say(figure.replaced, ""), say(figure.value, "")
        line = names.line(figure.series, council, figure.label, old, new, **more)
        yield line, _how_far(held, figure.value, line.unit)


def _how_far(held: Decimal, value: Decimal, unit: str) -> Decimal:
    """In points of a percentage, and in percent of anything else; nothing is one of nothing."""
    if unit == "%":
        return abs(value - held)
    return abs(value - held) / abs(held) * 100 if held else Decimal(0)


def _why(before: list[Decimal], value: Decimal, held: Decimal, *, is_newest: bool) -> str:
    """The weightiest reason to look at the figure again; empty where there is none. `held` is what
    it replaces, or the figure of the period before."""
    if is_newest and is_outside(before, value):
        return "outside"
    if is_ten_times(before[-1], value):
        return "ten_times"
    if is_a_tenth(before[-1], value):
        return "tenth"
    return "moved" if is_newest and value != held else ""


def _add_locked(report: ScreeningReport, checked: Checked, names: Names, council: int) -> None:
    sooner = _say_sooner(checked)
    with connection.cursor() as cursor:
        cursor.execute(LOCKED, {"area": council, "most": MOST_LOCKED})
        for series, area, period, row, total, held_id, *given in cursor.fetchall():
            report.locked_total = total
            held, new = None if held_id is None else Said(*given[:6]), Said(*given[6:])
            differs = sooner if held == new else ""
            report.locked.append(
                names.change(series, area, period, held, new, file_row=row, differs=differs)
            )
