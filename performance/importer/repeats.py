"""Loads made before the record kept which figures a file gives again (`Measurement.repeated_by`).

Until the file of such a load is read again, nobody can tell what it said beside what it brought.
So a load that came before it is not withdrawn, and no earlier release changes figures that it may
have given again. A folder's figures never stand among those that repeat a value, so only published
files are such loads.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from performance.importer.staging import LOADS, SAME_FIGURE, SAME_KEY, TABLE
from performance.models import Load, Measurement

MOST_NAMED = 5
# What it said was on record on the day of its release, from another load.
KEEP = f"""
UPDATE {TABLE} m SET repeated_by = m.repeated_by || %(load)s::bigint
FROM staged s
WHERE {SAME_KEY} AND {SAME_FIGURE}
    AND m.known_from <= %(released)s AND (m.known_until IS NULL OR m.known_until > %(released)s)
    AND m.load_id IS DISTINCT FROM %(load)s AND NOT m.repeated_by @> ARRAY[%(load)s::bigint]
"""
# A file gave again only what published files before it had brought.
COUNT_CHANGED = f"""
SELECT count(*) FROM staged s JOIN compared c USING (place)
WHERE c.outcome IN ('revised', 'earlier') AND EXISTS (
    SELECT FROM {TABLE} m JOIN {LOADS} l ON l.id = m.load_id
    WHERE {SAME_KEY} AND l.format = 'published' AND l.id < %s
)
"""


def loads_to_read_again() -> QuerySet[Load]:
    """Those that count and of which it is not on record what they gave again, the first first."""
    return Load.objects.filter(state=Load.State.LOADED, repeats_are_kept=False).order_by("id")


def may_have_repeated(load: Load) -> list[int]:
    """The loads whose files may have given again what this one brought, which is not on record."""
    after = list(loads_to_read_again().filter(pk__gt=load.pk).values_list("pk", flat=True))
    if not after:
        return []
    brought = Measurement.objects.filter(load=load).order_by().values("series").distinct()
    of_published = Measurement.objects.filter(
        series__in=brought, load__format=Load.Format.PUBLISHED
    )
    return after if of_published.exists() else []


def may_have_said_later(released_at: datetime) -> tuple[int, list[int]]:
    """How many of the figures that are compared and would change a later release may have given
    again without that being on record, and the loads of those releases."""
    later = list(
        loads_to_read_again().filter(released_at__gte=released_at).values_list("pk", flat=True)
    )
    if not later:
        return 0, []
    with connection.cursor() as cursor:
        cursor.execute(COUNT_CHANGED, [later[-1]])
        return cursor.fetchone()[0], later


def keep_repeats(load: Load) -> int:
    """Puts on record what the load gave again, of its file as it is staged; how many figures."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP, {"load": load.pk, "released": load.released_at})
        count = cursor.rowcount
    load.repeats_are_kept = True
    load.save(update_fields=["repeats_are_kept"])
    return count


def say_loads(numbers: Sequence[int]) -> str:
    """“load 7”, “loads 7, 8 and 9”, or of more “16 loads (the first is 11, the last 26)”."""
    if len(numbers) > MOST_NAMED:
        return f"{len(numbers)} loads (the first is {numbers[0]}, the last {numbers[-1]})"
    *first, last = map(str, numbers)
    return f"loads {', '.join(first)} and {last}" if first else f"load {last}"


def say_why_not(count: int, loads: Sequence[int]) -> str:
    """Why an earlier release may not change so many figures, and what to do about it."""
    figures = "1 figure" if count == 1 else f"{count:,} figures"
    were, files = ("was", "its file") if len(loads) == 1 else ("were", "their files")
    return (
        f"{figures} would change that a later release may have given again: that was not kept "
        f"when {say_loads(loads)} {were} made. Have {files} read again first, by “manage.py "
        "load_published_files FOLDER --commit”: the guide to running the dashboard says how, "
        "under “After an upgrade”"
    )
