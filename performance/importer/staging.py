"""Puts many figures in at once: copied to one side, compared, then entered as versions."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from performance.importer.incoming import IncomingFigure
from performance.models import Load, Measurement

TABLE = Measurement._meta.db_table

CREATE = """
CREATE TEMPORARY TABLE staged_figure (
    place integer PRIMARY KEY, series_id bigint, area_id bigint,
    period_start date, period_end date, period_label text,
    value numeric(20, 6), symbol text, symbol_as_published text,
    numerator numeric(20, 6), denominator numeric(20, 6), note text,
    known_from timestamptz, known_from_basis text, outcome text
)
"""
COPIED = (
    "place, series_id, area_id, period_start, period_end, period_label, value, symbol, "
    "symbol_as_published, numerator, denominator, note, known_from, known_from_basis"
)
SAME_KEY = """
    m.series_id = s.series_id AND m.area_id = s.area_id
    AND m.period_start = s.period_start AND m.period_end = s.period_end
"""

# A file is compared with what was on record on its own day, so that an older release that is
# loaded again says nothing new; one that would replace a later version is refused.
COMPARE = f"""
UPDATE staged_figure SET outcome = compared.outcome
FROM (
    SELECT s.place, CASE
        WHEN bool_or(
            m.known_from <= %(released)s
            AND (m.known_until IS NULL OR m.known_until > %(released)s)
            AND m.value IS NOT DISTINCT FROM s.value AND m.symbol = s.symbol
            AND (s.numerator IS NULL OR m.numerator = s.numerator)
            AND (s.denominator IS NULL OR m.denominator = s.denominator)
        ) THEN 'unchanged'
        WHEN count(m.id) = 0 THEN 'new'
        WHEN max(m.known_from) < %(released)s AND bool_or(m.known_until IS NULL) THEN 'revised'
        ELSE 'refused'
    END AS outcome
    FROM staged_figure s LEFT JOIN {TABLE} m ON {SAME_KEY}
    GROUP BY s.place
) AS compared
WHERE compared.place = staged_figure.place
"""
CLOSE = f"""
UPDATE {TABLE} m SET known_until = %(released)s
FROM staged_figure s
WHERE s.outcome = 'revised' AND m.known_until IS NULL AND {SAME_KEY}
"""
ENTER = f"""
INSERT INTO {TABLE} (
    series_id, area_id, period_start, period_end, period_label, value, symbol,
    symbol_as_published, numerator, denominator, note, known_from, known_from_basis, load_id,
    is_provisional, is_revised, is_estimated, is_undated, is_series_break
)
SELECT
    series_id, area_id, period_start, period_end, period_label, value, symbol,
    symbol_as_published, numerator, denominator, note,
    CASE outcome WHEN 'new' THEN known_from ELSE %(released)s END,
    CASE outcome WHEN 'new' THEN known_from_basis ELSE %(basis)s END,
    %(load)s, false, false, false, false, false
FROM staged_figure WHERE outcome IN ('new', 'revised')
"""


StagedRow = IncomingFigure


@dataclass(frozen=True)
class Entered:
    """How many figures were new, unchanged and revised; those refused, which were not entered."""

    new: int
    unchanged: int
    revised: int
    refused: list[StagedRow]


def enter_figures(
    rows: Sequence[StagedRow], load: Load, released_at: datetime, released_basis: str
) -> Entered:
    """Enters figures as versions known from their first publication.

    One that differs from what is on record replaces it from `released_at`; one that is older
    than what is on record is refused. Call it inside a transaction.
    """
    given: dict[str, datetime | str | int] = {
        "released": released_at,
        "basis": released_basis,
        "load": load.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(CREATE)
        cursor.cursor.copy_expert(f"COPY staged_figure ({COPIED}) FROM STDIN", _lines(rows))
        cursor.execute("ANALYZE staged_figure")
        cursor.execute(COMPARE, given)
        cursor.execute(CLOSE, given)
        cursor.execute(ENTER, given)
        cursor.execute("SELECT outcome, count(*) FROM staged_figure GROUP BY outcome")
        counts = dict(cursor.fetchall())
        cursor.execute("SELECT place FROM staged_figure WHERE outcome = 'refused' ORDER BY place")
        refused = [rows[place] for (place,) in cursor.fetchall()]
        cursor.execute("DROP TABLE staged_figure")
    return Entered(
        counts.get("new", 0), counts.get("unchanged", 0), counts.get("revised", 0), refused
    )


def _lines(rows: Iterable[StagedRow]) -> io.StringIO:
    """The rows in PostgreSQL's text format."""
    return io.StringIO("".join(_line(place, row) for place, row in enumerate(rows)))


def _line(place: int, row: StagedRow) -> str:
    """One line, written in one go: a load has tens of thousands, with fourteen cells each."""
    period = row.period
    return (
        f"{place}\t{row.series}\t{row.area}\t{period.start}\t{period.end}\t{period.label}\t"
        f"{_number(row.value)}\t{row.symbol}\t{_text(row.symbol_as_published)}\t"
        f"{_number(row.numerator)}\t{_number(row.denominator)}\t{_text(row.note)}\t"
        f"{row.known_from}\t{row.known_from_basis}\n"
    )


def _number(value: Decimal | None) -> str:
    return r"\N" if value is None else f"{value:f}"


def _text(text: str | None) -> str:
    return (text or "").replace("\\", "\\\\").replace("\t", " ").replace("\n", " ")
