"""Puts what was staged and compared into the record: what is new, what replaces, what repeats."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from performance.importer.staging import LOADS, TABLE
from performance.models import Load

REPEAT = f"""
UPDATE {TABLE} m SET repeated_by = m.repeated_by || %(load)s::bigint
FROM compared c
WHERE m.id = c.current_id AND c.outcome = 'unchanged'
    AND m.load_id IS DISTINCT FROM %(load)s AND NOT m.repeated_by @> ARRAY[%(load)s::bigint]
"""
CLOSE = f"""
UPDATE {TABLE} m SET known_until = c.at
FROM compared c WHERE m.id = c.current_id AND c.outcome = 'revised'
"""
# What is new is known from its own day, where the source says which; a figure that comes again
# after a withdrawal cannot be known before that.
ENTER = f"""
INSERT INTO {TABLE} (
    series_id, area_id, period_start, period_end, period_label, value, symbol,
    symbol_as_published, numerator, denominator, note, known_from, known_from_basis, load_id,
    is_provisional, is_revised, is_estimated, is_undated, is_series_break
)
SELECT
    s.series_id, s.area_id, s.period_start, s.period_end, s.period_label, s.value, s.symbol,
    s.symbol_as_published, s.numerator, s.denominator, coalesce(s.note, ''),
    coalesce(c.at, s.known_from, %(released)s),
    CASE WHEN c.outcome IS NULL AND s.known_from IS NOT NULL THEN s.known_from_basis
        ELSE %(basis)s END,
    %(load)s,
    coalesce(position('p' IN s.flags), 0) > 0, coalesce(position('r' IN s.flags), 0) > 0,
    coalesce(position('e' IN s.flags), 0) > 0, coalesce(position('u' IN s.flags), 0) > 0,
    coalesce(position('b' IN s.flags), 0) > 0
FROM staged s LEFT JOIN compared c USING (place)
WHERE c.outcome IS NULL OR c.outcome IN ('revised', 'again')
-- In the order of the indexes, which then grow at their end.
ORDER BY s.series_id, s.area_id, s.period_start
"""

# Any other load waits here, and is then compared with what this one left.
LOCK_NUMBER = 0x10AD


class CountsDiffer(Exception):
    """The database holds another number of rows than were to be put in; nothing stays."""


def take_the_lock() -> None:
    """Waits for any other load; given back when the transaction ends, however it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_NUMBER])


def enter(load: Load, released_at: datetime, basis: str, counts: Mapping[str, int]) -> None:
    """Enters what was staged as versions of the load, as `counts` (of `compare`) foresee.

    Call it inside the transaction that holds the lock. Raises CountsDiffer.
    """
    given: dict[str, datetime | str | int] = {
        "released": released_at,
        "basis": basis,
        "load": load.pk,
    }
    expected = {
        CLOSE: counts.get("revised", 0),
        ENTER: sum(counts.get(outcome, 0) for outcome in ("new", "again", "revised")),
    }
    with connection.cursor() as cursor:
        cursor.execute(REPEAT, given)
        for statement, rows in expected.items():
            cursor.execute(statement, given)
            if cursor.rowcount != rows:
                raise CountsDiffer(f"{cursor.rowcount} rows where {rows} were foreseen")


def refresh_statistics() -> None:
    """So that the first pages after a large load are planned for the rows that are there now."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TABLE}, {LOADS}")
