"""A file's figures beside the record: streamed into a table of their own, then compared with it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TextIO, cast

from django.db import connection
from django.db.backends.utils import CursorWrapper

from performance.importer.incoming import IncomingFigure
from performance.models import Load, Measurement

TABLE = Measurement._meta.db_table
LOADS = Load._meta.db_table
NULL = r"\N"
# Rows handed to the database at a time.
BLOCK = 2_000

CREATE = """
CREATE TEMPORARY TABLE staged (
    place integer, file_row integer, file_column text, series_id bigint, area_id bigint,
    period_start date, period_end date, period_label text, value numeric(20, 6), symbol text,
    symbol_as_published text, numerator numeric(20, 6), denominator numeric(20, 6), note text,
    flags text, known_from timestamptz, known_from_basis text
) ON COMMIT DROP
"""
KEY = "series_id, area_id, period_start, period_end"
SAME_KEY = """
    m.series_id = s.series_id AND m.area_id = s.area_id
    AND m.period_start = s.period_start AND m.period_end = s.period_end
"""
HELD_FLAGS = """
    CASE WHEN m.is_provisional THEN 'p' ELSE '' END || CASE WHEN m.is_revised THEN 'r' ELSE ''
    END || CASE WHEN m.is_estimated THEN 'e' ELSE '' END || CASE WHEN m.is_undated THEN 'u'
    ELSE '' END || CASE WHEN m.is_series_break THEN 'b' ELSE '' END
"""
# A number that one of the two does not give is no difference, in whichever order they come.
SAME_FIGURE = f"""
    m.value IS NOT DISTINCT FROM s.value AND m.symbol = s.symbol
    AND coalesce(m.numerator = s.numerator, true)
    AND coalesce(m.denominator = s.denominator, true)
    AND (s.note IS NULL OR m.note = s.note)
    AND (s.flags IS NULL OR s.flags = {HELD_FLAGS})
"""
FLAGS = "preub"  # provisional, revised, estimated, undated, break

# A folder's figures each have their own day; every other load has one, on which all that it
# brought or repeated was said. Where that was withdrawn, or put back by a withdrawal, the latest
# of all that still stand is what was said last.
LAST_STANDING = f"""
    SELECT max(CASE WHEN hl.id IS NULL OR hl.format = 'folder' THEN h.known_from
        ELSE hl.released_at END)
    FROM {TABLE} h CROSS JOIN unnest(h.repeated_by || coalesce(h.load_id, 0)) AS said_by
    LEFT JOIN {LOADS} hl ON hl.id = said_by
    WHERE h.series_id = m.series_id AND h.area_id = m.area_id
        AND h.period_start = m.period_start AND h.period_end = m.period_end
        AND (hl.id IS NULL OR hl.state = 'loaded' AND hl.format <> 'withdrawal')
"""
LAST_SAID = f"""
    coalesce(
        CASE WHEN l.format = 'withdrawal' OR l.state = 'withdrawn' THEN ({LAST_STANDING})
        ELSE greatest(
            CASE WHEN l.id IS NULL OR l.format = 'folder' THEN m.known_from
                ELSE l.released_at END,
            CASE WHEN m.repeated_by <> '{{}}' THEN (
                SELECT max(released_at) FROM {LOADS}
                WHERE id = ANY (m.repeated_by) AND state = 'loaded'
            ) END
        ) END,
        '-infinity')
"""

# A version cannot have been given before it was known.
LAST_SAID_OF = f"""
SELECT greatest({LAST_SAID}, m.known_from)
FROM {TABLE} m LEFT JOIN {LOADS} l ON l.id = m.load_id WHERE m.id = %s
"""

# Only figures that have been on record before: for the others there is nothing to compare.
# “again”: was on record and was withdrawn. “earlier”: on record from a later release. `at`: from
# when the figure is known; one that replaces what came after a withdrawal, from now.
COMPARE = f"""
CREATE TEMPORARY TABLE compared ON COMMIT DROP AS
SELECT place, id AS current_id, same,
    CASE WHEN known_from < %(released)s THEN %(released)s::timestamptz
        ELSE greatest(%(present)s, known_from + interval '1 microsecond') END AS at,
    CASE
        WHEN last_said > %(released)s THEN 'earlier'
        WHEN same THEN 'unchanged'
        WHEN last_said = %(released)s THEN 'same day'
        ELSE 'revised'
    END AS outcome
FROM (
    SELECT s.place, m.id, m.known_from, {LAST_SAID} AS last_said, ({SAME_FIGURE}) AS same
    FROM staged s JOIN {TABLE} m ON {SAME_KEY} AND m.known_until IS NULL
    LEFT JOIN {LOADS} l ON l.id = m.load_id
) AS held
UNION ALL
SELECT s.place, NULL, false, greatest(%(released)s, max(m.known_until)), 'again'
FROM staged s JOIN {TABLE} m ON {SAME_KEY}
GROUP BY s.place
HAVING bool_and(m.known_until IS NOT NULL)
"""
# A site that stands on a day reads the figures of that day, some of which a release that comes
# later restates: to say them again changes nothing.
SETTLE_KNOWN = f"""
UPDATE compared c SET outcome = 'unchanged', current_id = m.id
FROM staged s JOIN {TABLE} m ON {SAME_KEY}
WHERE c.place = s.place AND c.outcome = 'earlier' AND m.known_from <= %(released)s
    AND (m.known_until IS NULL OR m.known_until > %(released)s) AND {SAME_FIGURE}
"""
IS_ANY_ON_RECORD = f"""
SELECT EXISTS (
    SELECT FROM {TABLE} WHERE series_id IN (SELECT DISTINCT series_id FROM staged)
)
"""
IS_ANY_TWICE = f"SELECT EXISTS (SELECT FROM staged GROUP BY {KEY} HAVING count(*) > 1)"
# Rows are told apart as records, of which two without a number are alike.
TWICE = f"""
SELECT min(file_row), max(file_row), min(file_column), array_remove(ARRAY[
    CASE WHEN count(DISTINCT (value, symbol)) > 1 THEN 'value' END,
    CASE WHEN count(DISTINCT ROW(numerator)) > 1 THEN 'numerator' END,
    CASE WHEN count(DISTINCT ROW(denominator)) > 1 THEN 'denominator' END,
    CASE WHEN count(DISTINCT ROW(note)) > 1 THEN 'note' END,
    CASE WHEN count(DISTINCT ROW(flags)) > 1 THEN 'flags' END
], NULL)
FROM staged GROUP BY {KEY} HAVING count(*) > 1 ORDER BY 2
"""
# Numbered within each key: a file of one row, a hundred thousand times over, is no more work than
# any other.
KEEP_FIRST = f"""
DELETE FROM staged WHERE place IN (
    SELECT place FROM (
        SELECT place, row_number() OVER (PARTITION BY {KEY} ORDER BY place) AS nth FROM staged
    ) AS numbered WHERE nth > 1
)
"""


class Lines:
    """The figures in PostgreSQL's text format, as a file that is read once from its start.

    The database takes one block while the next is made, so that no more than that is in memory.
    """

    def __init__(self, figures: Iterable[IncomingFigure]) -> None:
        self.figures = enumerate(figures)
        self.count = 0
        # Few different ones stand in many rows.
        self._days: dict[datetime | None, str] = {None: NULL}
        self._flags: dict[str | None, str] = {None: NULL}
        self._columns: dict[str, str] = {}

    def read(self, size: int = -1) -> str:
        return "".join(self._block())

    def _block(self) -> Iterator[str]:
        days, all_flags, columns = self._days, self._flags, self._columns
        for place, figure in islice(self.figures, BLOCK):
            (row, column, _, series, area, period, value, symbol, published, numerator,
             denominator, note, flags, known_from, basis) = figure  # fmt: skip
            day = days.get(known_from) or days.setdefault(known_from, str(known_from))
            marked = all_flags.get(flags) or all_flags.setdefault(flags, _in_order(flags or ""))
            named = columns.get(column) or columns.setdefault(column, _text(column))
            self.count += 1
            yield (
                f"{place}\t{row}\t{named}\t{series}\t{area}\t{period.as_copied}\t"
                f"{NULL if value is None else value}\t{symbol}\t"
                f"{published and _text(published)}\t{NULL if numerator is None else numerator}\t"
                f"{NULL if denominator is None else denominator}\t"
                f"{NULL if note is None else _text(note)}\t"
                f"{marked}\t{day}\t{basis}\n"
            )


def _in_order(flags: str) -> str:
    return "".join(flag for flag in FLAGS if flag in flags)


def _text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def stage(figures: Iterable[IncomingFigure]) -> int:
    """Puts the figures into the table “staged” of this transaction; how many there were."""
    lines = Lines(figures)
    with connection.cursor() as cursor:
        # A large file is sorted and joined in memory; given back when the transaction ends.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("DROP TABLE IF EXISTS staged, compared")
        cursor.execute(CREATE)
        cursor.cursor.copy_expert("COPY staged FROM STDIN", cast(TextIO, lines))
        cursor.execute("ANALYZE staged")
    return lines.count


def find_twice() -> list[tuple[int, int, str, list[str]]]:
    """Keys that stand in the file more than once: first and last row, the column, and in what
    their rows differ: value, numerator, denominator, note, flags."""
    with connection.cursor() as cursor:
        # Nearly always nothing is, which is found sooner than what is.
        cursor.execute(IS_ANY_TWICE)
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(TWICE)
        return cursor.fetchall()


def keep_first_of_same() -> None:
    """Of rows that say the same twice, only the first stays staged."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX ON staged ({KEY})")
        cursor.execute(KEEP_FIRST)


def settle_known(released_at: datetime) -> dict[str, int]:
    """Counts as `compare`, once what was known on that day and is said again is unchanged."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE_KNOWN, {"released": released_at})
        return _count(cursor)


def said_last(current: Measurement) -> datetime:
    """When the last of those whose word stands gave the figure that is current."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_SAID_OF, [current.pk])
        return cursor.fetchone()[0]


def compare(released_at: datetime, present: datetime) -> dict[str, int]:
    """Holds every staged figure against the record, in the table “compared”; counts by outcome:
    new, again, unchanged, revised, same day, earlier."""
    with connection.cursor() as cursor:
        cursor.execute(IS_ANY_ON_RECORD)
        nothing = "" if cursor.fetchone()[0] else " WITH NO DATA"
        cursor.execute(COMPARE + nothing, {"released": released_at, "present": present})
        cursor.execute("CREATE UNIQUE INDEX ON compared (place)")
        cursor.execute("ANALYZE compared")
        return _count(cursor)


def _count(cursor: CursorWrapper) -> dict[str, int]:
    cursor.execute("SELECT outcome, count(*) FROM compared GROUP BY outcome")
    counts = dict(cursor.fetchall())
    cursor.execute("SELECT count(*) FROM staged")
    counts["new"] = cursor.fetchone()[0] - sum(counts.values())
    return counts
