"""Takes a load back: what it replaced stands again, and what it said is kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from performance.clock import moment
from performance.importer import back_loads
from performance.importer.back_loads import Content, HeldVersion, Key, Rewriting
from performance.importer.entering import take_the_lock
from performance.importer.figure_lines import Names, Said
from performance.importer.repeats import may_have_repeated
from performance.importer.screening_report import FigureLine, ScreeningReport
from performance.importer.staging import LOADS, TABLE
from performance.models import Area, Load, Measurement

MOST_LISTED = 2_000

# What the load brought, or repeats where none who brought it says so any more, or where only its
# own later day puts it before what another release says. Takes the load three times.
TOUCHED = f"""
FROM {TABLE} t
WHERE t.load_id = %s OR t.repeated_by @> ARRAY[%s::bigint] AND (
    t.load_id IN (SELECT id FROM {LOADS} WHERE state = 'withdrawn' OR format = 'withdrawal')
    OR t.known_until IS NULL AND EXISTS (
        SELECT FROM {TABLE} o
        JOIN {LOADS} other ON other.id = ANY (o.repeated_by || o.load_id)
        JOIN {LOADS} brought ON brought.id = t.load_id
        WHERE (o.series_id, o.area_id, o.period_start, o.period_end)
            = (t.series_id, t.area_id, t.period_start, t.period_end)
            AND o.id <> t.id AND other.state = 'loaded' AND other.id <> %s
            AND other.released_at > brought.released_at
    )
)
"""
# Every version of each such figure.
OF_LOAD = f"""
WHERE (m.series_id, m.area_id, m.period_start, m.period_end) IN (
    SELECT t.series_id, t.area_id, t.period_start, t.period_end {TOUCHED}
)
ORDER BY m.series_id, m.area_id, m.period_start, m.period_end, m.known_from
"""
FORGET_REPEATS = f"""
UPDATE {TABLE} SET repeated_by = array_remove(repeated_by, %s::bigint)
WHERE repeated_by @> ARRAY[%s::bigint]
"""
CLOSE = f"UPDATE {TABLE} SET known_until = %s WHERE id = ANY (%s)"
COLUMNS = (
    "series_id, area_id, period_start, period_end, period_label, value, symbol, "
    f"symbol_as_published, numerator, denominator, note, {back_loads.FLAG_COLUMNS}"
)
PUT_BACK = f"""
INSERT INTO {TABLE} ({COLUMNS}, known_from, known_from_basis, load_id, repeated_by)
SELECT {COLUMNS}, %s, 'stated', %s, ARRAY(
    SELECT l.id FROM {LOADS} l WHERE l.id = ANY (repeated_by || load_id)
        AND l.state = 'loaded' AND l.format NOT IN ('folder', 'withdrawal') ORDER BY l.id
)
FROM {TABLE} WHERE id = ANY (%s)
"""
SET_ASIDE = f"""
INSERT INTO performance_setaside (load_id, withdrawal_id, figure)
SELECT %s, %s, to_jsonb(m) FROM {TABLE} m WHERE m.id = ANY (%s)
"""


@dataclass
class Plan:
    """What a withdrawal says and writes: the versions that it closes, those that it puts back, and
    what becomes of those that nobody could have read on an earlier day."""

    report: ScreeningReport
    closed: list[int] = field(default_factory=list)
    restored: list[int] = field(default_factory=list)
    rewriting: Rewriting | None = None


class NotLoaded(Exception):
    """Only what is loaded, and is no withdrawal itself, can be withdrawn."""


class LockedFigures(Exception):
    """The withdrawal would change figures of a locked period, and nobody said why it may."""


class RepeatsNotKept(Exception):
    """Later loads may have given the same figures again, and that is not on record."""


def count_locked(load: Load) -> int:
    """How many figures of the council, of periods that are locked, a withdrawal would change."""
    touched = RawSQL(f"SELECT t.id {TOUCHED}", [load.pk] * 3)
    found = Measurement.objects.filter(pk__in=touched).of_locked_periods()
    at = _instant(load)
    # What was replaced since is left as it is, but for what is set aside on earlier days too.
    if not _is_unread(load, at):
        found = found.filter(Q(known_until=None) | Q(load=load, known_from__gte=at))
    return found.values("series", "period_start", "period_end").distinct().count()


def foretell(load: Load) -> ScreeningReport:
    """What a withdrawal of the load would say as the record stands; nothing is written."""
    return _plan(load, _instant(load)).report


def withdraw(
    load: Load, *, by: AbstractBaseUser | None, reason: str, unlock_reason: str = ""
) -> Load:
    """The withdrawal, a load of its own.

    Figures of the load that are current are closed, and what the latest release says that still
    stands is put back; figures that were replaced since stay as they are and are listed. What
    nobody could have read on an earlier day (a back-load's figures, those of a release still to
    come, or a folder's of such a day) is set aside instead, and the record is what it would have
    been without it.
    `unlock_reason` comes only of somebody who may unlock a period. Raises NotLoaded,
    LockedFigures where that is needed, and RepeatsNotKept with the loads to be read again first.
    """
    with transaction.atomic():
        take_the_lock()
        load = Load.objects.select_for_update(of=("self",)).get(pk=load.pk)
        if load.state != Load.State.LOADED or load.withdraws_id:
            raise NotLoaded(load.get_state_display())
        if unread := may_have_repeated(load):
            raise RepeatsNotKept(unread)
        if not unlock_reason and (locked := count_locked(load)):
            raise LockedFigures(locked)
        at = _instant(load)
        withdrawal = Load.objects.create(
            withdraws=load,
            file_name=load.file_name,
            format=Load.Format.WITHDRAWAL,
            title=f"Withdrawal of load {load.pk}",
            received_by_id=by.pk if by else None,
            loaded_by_id=by.pk if by else None,
            loaded_at=timezone.now(),
            released_at=at,
            reason=reason,
            unlock_reason=unlock_reason,
            state=Load.State.LOADED,
        )
        load.state = Load.State.WITHDRAWN
        load.save()
        report = _take_out(withdrawal, _plan(load, at))
        withdrawal.report = report.to_json()
        withdrawal.rows_read, withdrawal.rows_new = report.rows_read, report.new
        withdrawal.rows_revised = report.revised
        withdrawal.save()
    return withdrawal


def _instant(load: Load) -> datetime:
    """When it is withdrawn: now, and on a site that stands on a day at least after the load."""
    at = moment()
    released = load.released_at
    if released and timezone.localdate(released) == timezone.localdate(at):
        at = max(at, released + timedelta(microseconds=1))
    return at


def _plan(load: Load, at: datetime) -> Plan:
    held = back_loads.read_held(OF_LOAD, [load.pk] * 3)
    plan = Plan(ScreeningReport(rows_read=len(held)))
    is_unread = _is_unread(load, at)
    # A day still to come may be that of a folder's figure, which has one of its own.
    unread = {
        key: versions
        for key, versions in held.items()
        if is_unread or any(one.load == load.pk and one.known_from >= at for one in versions)
    }
    _plan_back(plan, load, {key: held[key] for key in held if key not in unread})
    if is_unread or unread:
        _plan_aside(plan, load, unread)
    report = plan.report
    report.unchanged = report.given_again + report.only_earlier
    report.revisions_total, report.refused = report.revised, len(report.not_put_back)
    _cut(report)
    return plan


def _take_out(withdrawal: Load, plan: Plan) -> ScreeningReport:
    load, at = withdrawal.withdraws_id, withdrawal.released_at
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, [at, plan.closed])
        cursor.execute(PUT_BACK, [at, withdrawal.pk, plan.restored])
        if plan.rewriting is not None:
            cursor.execute(SET_ASIDE, [load, withdrawal.pk, plan.rewriting.removed])
            cursor.execute(FORGET_REPEATS, [load, load])
            back_loads.write(plan.rewriting)
    return plan.report


def _is_unread(load: Load, at: datetime) -> bool:
    """Whether nobody could have read any of it on an earlier day: a back-load, or one still to
    come."""
    if load.format == Load.Format.FOLDER:
        return False
    was_known = load.released_at is not None and load.released_at < at
    return load.is_back_load or not was_known


def _plan_back(plan: Plan, load: Load, held: dict[Key, list[HeldVersion]]) -> None:
    report, names = plan.report, Names.of(key.series for key in held)
    for key, versions in held.items():
        current = versions[-1] if versions[-1].known_until is None else None
        last, said_by = _last_standing(versions, load.pk)
        own = [n for n, version in enumerate(versions) if version.load == load.pk]
        if current and (last is None or last.content != current.content):
            plan.closed.append(current.id)
            if last is not None:
                plan.restored.append(last.id)
                report.revisions.append(_line(names, key, current.content, last.content))
        elif own and versions[own[-1]].known_until is not None:
            later = next(iter(versions[own[-1] + 1 :]), None)
            report.not_put_back.append(
                _line(names, key, versions[own[-1]].content, later.content if later else None)
            )
        elif current:
            report.given_again += 1
            if said_by and said_by not in report.given_again_by:
                report.given_again_by.append(said_by)
    report.revised = len(plan.restored)
    report.new = len(plan.closed) - len(plan.restored)


def _cut(report: ScreeningReport) -> None:
    """The council's own figures first, and no more than a report holds."""
    council = Area.objects.get(code=settings.COUNCIL_CODE).name
    for lines in (report.revisions, report.not_put_back):
        lines.sort(key=lambda line: line.area != council)
        del lines[MOST_LISTED:]


def _last_standing(versions: Iterable[HeldVersion], without: int) -> tuple[HeldVersion | None, int]:
    """The version that the latest release gave of those that stand without one load, and the load
    that gave it."""
    standing = [
        (saying.rank, version.id, saying.load, version)
        for version in versions
        for saying in version.said
        if saying.until is None and saying.load != without
    ]
    if not standing:
        return None, 0
    *_, load, version = max(standing, key=lambda each: each[:3])
    return version, load


def _plan_aside(plan: Plan, load: Load, held: dict[Key, list[HeldVersion]]) -> None:
    report, names = plan.report, Names.of(key.series for key in held)
    plan.rewriting = back_loads.plan_removal(held, load.pk)
    standing = _current_after(held, plan.rewriting)
    for key, versions in held.items():
        stood, stands = versions[-1], standing.get(key)
        if stood.known_until is not None or stood.content == stands:
            report.only_earlier += 1
        elif stands is None:
            report.new += 1
        else:
            report.revised += 1
            report.revisions.append(_line(names, key, stood.content, stands))
    gone = len(plan.rewriting.removed)
    versions_were = "1 version was" if gone == 1 else f"{gone:,} versions were"
    report.notes.append(
        f"{versions_were} set aside: no earlier day shows what this load said any more."
    )


def _current_after(held: dict[Key, list[HeldVersion]], rewriting: Rewriting) -> dict[Key, Content]:
    """What is current of each key once the plan is written; none of those that have nothing."""
    open_rows = {row for row, _, _, known_until, *_ in rewriting.moved if known_until is None}
    found = {key: each.content for key, versions in held.items() for each in versions
             if each.id in open_rows}  # fmt: skip
    return found | {key: content for key, content, version, _ in rewriting.added
                    if version.known_until is None}  # fmt: skip


def _line(names: Names, key: Key, own: Content, other: Content | None) -> FigureLine:
    """What the withdrawn load said, and what stands in its place."""
    stands = Said.of(other) if other else None
    return names.change(key.series, key.area, own.label, Said.of(own), stands)
