"""The report of a file that was checked: counts, what is revised, what moved most, what is odd."""

from django.conf import settings
from django.db import connection
from django.utils.timezone import localtime

from performance.importer.back_loads import Content, Key
from performance.importer.checking import Checked
from performance.importer.figure_lines import Names, Said, say_difference
from performance.importer.movements import add_movements
from performance.importer.problems import LoadRefused, as_kept
from performance.importer.screening_report import FigureLine, ScreeningReport, SeriesCount
from performance.importer.staging import HELD_FLAGS, TABLE
from performance.models import Area, PeriodLock

# So many are kept with a load; the totals beside them are of all.
MOST_REVISIONS = 2_000
MOST_LOCKED = 200

BY_SERIES = """
SELECT s.series_id,
    count(*) FILTER (WHERE c.outcome IS NULL OR c.outcome = 'again'),
    count(*) FILTER (WHERE c.outcome IN ('revised', 'earlier')),
    count(*) FILTER (WHERE c.outcome IN ('unchanged', 'stays'))
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
    add_movements(report, names, council)
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
