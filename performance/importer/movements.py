"""Which figures of a load moved most, and which are odd: beside what they replace, and beside the
period before."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from performance.calculations.process import FEWEST_FOR_LIMITS
from performance.calculations.suspicion import TIMES, is_a_tenth, is_outside, is_ten_times
from performance.importer.figure_lines import Names
from performance.importer.screening_report import FigureLine, ScreeningReport, say
from performance.importer.staging import IS_ANY_ON_RECORD, SAME_KEY, TABLE

MOST_ODD = 2_000
MOST_MOVEMENTS = 20
MOST_ELSEWHERE = 50
# So many values before a figure tell what is usual, of a series that is counted every day too.
LONGEST_ASKED = 60
CHANGES = "('revised', 'again')"

# The council's own figures: what the record holds and what the file brings, the newest last.
HISTORY = f"""
SELECT series_id, period_end, period_start, period_label, value, symbol, file_row, is_changed,
    replaced, held_label
FROM (
    SELECT s.series_id, s.period_end, s.period_start, s.period_label, s.value, s.symbol,
        s.file_row, c.outcome IS NULL OR c.outcome IN {CHANGES} AS is_changed,
        CASE WHEN c.outcome = 'revised' THEN held.value END AS replaced,
        held.period_label AS held_label
    FROM staged s LEFT JOIN compared c USING (place)
        LEFT JOIN {TABLE} held ON held.id = c.current_id
    WHERE s.area_id = %(area)s
    UNION ALL
    SELECT m.series_id, m.period_end, m.period_start, m.period_label, m.value, m.symbol, 0, false,
        NULL, NULL
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


def _is_odd(before: str) -> str:
    """As is_ten_times and is_a_tenth, for the database: half a million figures are asked so."""
    return (
        f"({before} <> 0 AND (abs(value) > {TIMES} * abs({before})"
        f" OR {TIMES} * abs(value) < abs({before})))"
    )


def _times(before: str) -> str:
    """How many times the larger of the two is the smaller, where that is one or more."""
    larger, smaller = f"greatest(abs(value), abs({before}))", f"least(abs(value), abs({before}))"
    return f"CASE WHEN {_is_odd(before)} THEN {larger} / greatest({smaller}, 1) ELSE 0 END"


# What is on record of other areas' series that the file changes something of.
ON_RECORD = f"""
UNION ALL
SELECT m.series_id, m.area_id, m.period_end, m.period_start, m.period_label, m.value, 0, false,
    NULL, NULL
FROM {TABLE} m JOIN (
    SELECT DISTINCT s.series_id, s.area_id FROM staged s LEFT JOIN compared c USING (place)
    WHERE s.area_id <> %(area)s AND s.value IS NOT NULL
        AND (c.outcome IS NULL OR c.outcome IN {CHANGES})
) AS changed USING (series_id, area_id)
WHERE m.known_until IS NULL AND m.value IS NOT NULL
    AND NOT EXISTS (SELECT FROM staged s WHERE {SAME_KEY})
"""
# Other areas' figures that are over ten times, or under a tenth, in one pass over the file's.
ELSEWHERE = f"""
SELECT series_id, area_id, period_label, value, file_row, replaced, held_label, last, last_label,
    count(*) OVER ()
FROM (
    SELECT figures.*, lag(value) OVER before AS last, lag(period_label) OVER before AS last_label
    FROM (
        SELECT s.series_id, s.area_id, s.period_end, s.period_start, s.period_label, s.value,
            s.file_row, c.outcome IS NULL OR c.outcome IN {CHANGES} AS is_changed,
            held.value AS replaced, held.period_label AS held_label
        FROM staged s LEFT JOIN compared c USING (place)
            LEFT JOIN {TABLE} held ON held.id = c.current_id AND c.outcome = 'revised'
        WHERE s.area_id <> %(area)s AND s.value IS NOT NULL
        {{on_record}}
    ) AS figures
    WINDOW before AS (PARTITION BY series_id, area_id ORDER BY period_end, period_start)
) AS beside
WHERE is_changed AND ({_is_odd("last")} OR {_is_odd("replaced")})
ORDER BY greatest({_times("last")}, {_times("replaced")}) DESC, file_row LIMIT %(most)s
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
    held_label: str | None


class _Before(NamedTuple):
    """A value that a figure is held against, and what its period is called."""

    value: Decimal
    label: str


def add_movements(report: ScreeningReport, names: Names, council: int) -> None:
    """The figure of each series of the council that moved most lately, every changed figure of it
    that is odd, and of other areas the oddest."""
    odd: list[FigureLine] = []
    moved: list[tuple[Decimal, FigureLine]] = []
    for history in _histories(council):
        of_series = []
        for line, share in _lines_of(history, names, council):
            if line.why == "moved":
                of_series.append((share, line))
            else:
                odd.append(line)
        if of_series:
            moved.append(_weightiest(of_series, history[-1].label))
    elsewhere, total = _find_elsewhere(names, council)
    report.suspicious_total = len(odd) + total
    moved.sort(key=lambda each: each[0], reverse=True)
    report.movements = [
        *odd[:MOST_ODD], *elsewhere, *(line for _, line in moved[:MOST_MOVEMENTS])
    ]  # fmt: skip


def _weightiest(
    moved: Sequence[tuple[Decimal, FigureLine]], newest: str
) -> tuple[Decimal, FigureLine]:
    """The newest figure, where it moved, and else the revision that moved most."""
    if moved[-1][1].period == newest:
        return moved[-1]
    return max(moved, key=lambda each: each[0])


def _histories(council: int) -> Iterator[list[_Figure]]:
    """The figures of each series of the council that the file brings something of."""
    found: dict[int, list[_Figure]] = {}
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, {"area": council})
        for row in cursor.fetchall():
            found.setdefault(row[0], []).append(_Figure(*row))
    yield from found.values()


def _lines_of(
    history: Sequence[_Figure], names: Names, council: int
) -> Iterator[tuple[FigureLine, Decimal]]:
    valued = [figure for figure in history if figure.value is not None]
    values = [figure.value for figure in valued if figure.value is not None]
    for place, figure in enumerate(valued):
        befores = _befores(valued, place)
        if not figure.is_changed or not befores:
            continue
        is_newest, is_revised = place == len(valued) - 1, figure.replaced is not None
        others = _others(values, place, is_newest=is_newest, is_revised=is_revised)
        asked_of = is_newest or is_revised
        why, before = _why(others, values[place], befores, may_move=asked_of)
        if not why:
            continue
        more = {"file_row": figure.file_row, "last": say(before.value, ""),
                "last_period": before.label, "why": why}  # fmt: skip
        old, new = say(figure.replaced, ""), say(figure.value, "")
        line = names.line(figure.series, council, figure.label, old, new, **more)
        yield line, _how_far(befores[-1].value, values[place], line.unit)


def _befores(valued: Sequence[_Figure], place: int) -> list[_Before]:
    """The figure of the period before and the one that is replaced, whichever there are."""
    figure, befores = valued[place], []
    if place and (last := valued[place - 1]).value is not None:
        befores.append(_Before(last.value, last.label))
    if figure.replaced is not None:
        befores.append(_Before(figure.replaced, figure.held_label or figure.label))
    return befores


def _others(
    values: Sequence[Decimal], place: int, *, is_newest: bool, is_revised: bool
) -> Sequence[Decimal]:
    """The values that say what is usual: those before, and where a revised figure has too few, all
    others."""
    if is_newest:
        return values[:place]
    if is_revised and place < FEWEST_FOR_LIMITS:
        return [*values[:place], *values[place + 1 :]][:LONGEST_ASKED]
    return values[max(0, place - LONGEST_ASKED) : place]


def _why(
    others: Sequence[Decimal], value: Decimal, befores: Sequence[_Before], *, may_move: bool
) -> tuple[str, _Before]:
    """The weightiest reason to look at the figure again, empty where there is none, and what it is
    held against. `may_move`: whether it is among those of which the biggest movements are shown."""
    if is_outside(others, value):
        return "outside", befores[0]
    for why, is_so in (("ten_times", is_ten_times), ("tenth", is_a_tenth)):
        for before in befores:
            if is_so(before.value, value):
                return why, before
    return "moved" if may_move and value != befores[-1].value else "", befores[0]


def _how_far(held: Decimal, value: Decimal, unit: str) -> Decimal:
    """In points of a percentage, and in percent of anything else; nothing is one of nothing."""
    if unit == "%":
        return abs(value - held)
    return abs(value - held) / abs(held) * 100 if held else Decimal(0)


def _find_elsewhere(names: Names, council: int) -> tuple[list[FigureLine], int]:
    """The oddest figures of other areas, and how many there are in all."""
    with connection.cursor() as cursor:
        # A series' first load has nothing to be joined with, and is the largest there is.
        cursor.execute(IS_ANY_ON_RECORD)
        on_record = ON_RECORD if cursor.fetchone()[0] else ""
        statement = ELSEWHERE.format(on_record=on_record)
        cursor.execute(statement, {"area": council, "most": MOST_ELSEWHERE})
        rows = cursor.fetchall()
    return [_elsewhere_line(names, *row[:-1]) for row in rows], rows[0][-1] if rows else 0


def _elsewhere_line(
    names: Names,
    series: int,
    area: int,
    label: str,
    value: Decimal,
    row: int,
    *befores: Decimal | str | None,
) -> FigureLine:
    """`befores`: what is replaced and the period before, each with its label; None where none."""
    replaced, held_label, last, last_label = befores
    given = [(last, last_label), (replaced, held_label)]
    held = [_Before(each, str(of)) for each, of in given if isinstance(each, Decimal)]
    why, before = _why((), value, held, may_move=False)
    old = say(replaced, "") if isinstance(replaced, Decimal) else ""
    more = {"file_row": row, "last": say(before.value, ""), "last_period": before.label, "why": why}
    return names.line(series, area, label, old, say(value, ""), **more)
