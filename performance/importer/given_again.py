"""A file that is given again, byte for byte: when it was loaded, and what became of its figures."""

from django.db import connection
from django.utils import timezone

from performance.importer.file_kinds import refusal
from performance.importer.incoming import Source
from performance.importer.repeats import say_loads
from performance.importer.staging import LOADS, TABLE
from performance.models import Load

# How many figures that the load said are not current any more, and who says those that are.
# An earlier release that was loaded later than what is current was never revised, but preceded it.
REVISED_SINCE = f"""
SELECT count(DISTINCT said.id), array_agg(DISTINCT l.id ORDER BY l.id) FROM {TABLE} m
JOIN {TABLE} said ON said.series_id = m.series_id AND said.area_id = m.area_id
    AND said.period_start = m.period_start AND said.period_end = m.period_end
    AND said.known_until IS NULL
JOIN {LOADS} l ON l.id = ANY (said.repeated_by || coalesce(said.load_id, 0))
WHERE m.known_until IS NOT NULL
    AND (m.load_id = %(load)s OR m.repeated_by @> ARRAY[%(load)s::bigint])
    AND said.load_id IS DISTINCT FROM %(load)s
    AND NOT said.repeated_by @> ARRAY[%(load)s::bigint]
    AND l.id > %(load)s AND l.state = 'loaded' AND l.format <> 'withdrawal'
"""


def refuse_if_loaded(source: Source) -> None:
    """Raises LoadRefused for a file that has been loaded and not withdrawn: when and by whom, and
    which loads have revised its figures since."""
    loaded = Load.objects.filter(
        sha256=source.sha256, state=Load.State.LOADED
    ).exclude(format=Load.Format.FOLDER).select_related("loaded_by").first()  # fmt: skip
    if loaded is None or loaded.loaded_at is None:
        return
    day = timezone.localtime(loaded.loaded_at)
    by = f" by {loaded.loaded_by}" if loaded.loaded_by else ""
    said = f"this file was loaded on {day:%-d %B %Y at %H:%M}{by}, as load {loaded.pk}"
    raise refusal(source.name, said + _say_what_became(loaded), kind="loaded")


def _say_what_became(loaded: Load) -> str:
    with connection.cursor() as cursor:
        cursor.execute(REVISED_SINCE, {"load": loaded.pk})
        count, loads = cursor.fetchone()
    if not count:
        return ": there is nothing new in it"
    figures = "1 of its figures was" if count == 1 else f"{count:,} of its figures were"
    return (
        f", and {figures} revised since by {say_loads(loads)}: withdraw what was wrong, or give "
        "the figures that are right in a new file, with a reason"
    )
