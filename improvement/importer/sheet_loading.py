"""A plan's spreadsheet from the file to the record: read, confirmed, loaded or forgotten."""

import io
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from improvement.changes.facts import (
    ActionLinks,
    first_due_columns,
    links_of,
    new_action_facts,
    set_links,
)
from improvement.changes.keeping import hold_action, lock_actions, put_action
from improvement.changes.recording import record, record_of_action
from improvement.importer.plan_sheet import WEB, SheetRow, read_sheet
from improvement.importer.sheet_compare import (
    Changed,
    Compared,
    columns_of,
    compare,
    read_record,
)
from improvement.models import Plan, PlanEvent, PlanLoad
from improvement.permissions import Person
from performance.importer.file_kinds import Limits
from performance.importer.held_back import refuse_if_held_back
from performance.importer.problems import (
    LONGEST_SHOWN,
    LoadRefused,
    Problem,
    as_kept,
    shown,
)

KEPT_FOR = timedelta(hours=24)
# Any other load of a plan waits here, and is then compared with what this one left.
LOCK_NUMBER = 0x9_1A0
State = PlanLoad.State


class NotWaiting(Exception):
    """The file was loaded, discarded or forgotten meanwhile."""


class ReadAnew(Exception):
    """The record changed since the file was read: nothing was loaded, and the report is new."""


@dataclass(frozen=True)
class Given:
    """A file as it was given."""

    name: str
    content: bytes
    sheet: str = ""
    limits: Limits = WEB


@dataclass
class Outcome:
    """What was read of a file: what would come of it, or every problem."""

    rows_read: int = 0
    compared: Compared = field(default_factory=Compared)
    problems: list[Problem] = field(default_factory=list)
    total: int = 0
    notes: tuple[str, ...] = ()

    def report(self) -> dict[str, Any]:
        """What is kept of it for as long as the file may be loaded."""
        if self.problems:
            return {"problems": [asdict(as_kept(problem)) for problem in self.problems]}
        return {**self.compared.as_json(), "notes": list(self.notes)}


def read_file(given: Given, plan: Plan) -> Outcome:
    """What would come of the file for the plan as it stands now. Never raises LoadRefused."""
    try:
        sheet = read_sheet(
            given.name, given.content, read_record(plan), sheet=given.sheet, limits=given.limits
        )
    except LoadRefused as refused:
        return Outcome(problems=refused.problems, total=len(refused.problems))
    compared = compare(sheet, plan)
    problems = sorted(sheet.problems, key=lambda one: one.row or 0)
    return Outcome(
        rows_read=len(sheet.table.rows),
        compared=compared,
        problems=problems,
        total=sheet.problems.total,
        notes=sheet.table.notes,
    )


def screen(given: Given, plan: Plan, *, by: Person) -> PlanLoad:
    """The load that waits to be confirmed, or was refused; the record is as it was."""
    outcome = read_file(given, plan)
    is_refused = bool(outcome.problems)
    return PlanLoad.objects.create(
        **_what_came(outcome),
        plan=plan,
        received_by=by,
        file_name=shown(given.name)[:255],
        sheet=given.sheet[:60],
        sha256=sha256(given.content).hexdigest(),
        size=len(given.content),
        content=None if is_refused else given.content,
        state=State.REFUSED if is_refused else State.SCREENED,
    )


def _what_came(outcome: Outcome) -> dict[str, Any]:
    return {
        "rows_read": outcome.rows_read,
        "rows_new": len(outcome.compared.new),
        "rows_changed": len(outcome.compared.changed),
        "rows_unchanged": outcome.compared.unchanged,
        "rows_absent": len(outcome.compared.absent),
        "problems": outcome.total,
        "report": outcome.report(),
    }


def confirm(
    load: PlanLoad, *, reason: str, by: Person, now: datetime, present: datetime
) -> Outcome:
    """What was loaded: the kept bytes, read again. `now` is the position's, `present` the clock's.

    Raises NotWaiting; HeldBack; ReadAnew where other changes would come of it than were reported,
    with the new report kept; then nothing was loaded.
    """
    with transaction.atomic():
        _take_the_lock()
        held = (
            PlanLoad.objects.select_for_update(of=("self",), no_key=True)
            .select_related("plan")
            .get(pk=load.pk)
        )
        if held.state != State.SCREENED or held.received_at < present - KEPT_FOR:
            raise NotWaiting("This file waits no more.")
        refuse_if_held_back(io.BytesIO(held.content or b""), held)
        lock_actions(held.plan)
        given = Given(held.file_name, bytes(held.content or b""), held.sheet)
        outcome = read_file(given, held.plan)
        is_as_reported = not outcome.problems and outcome.report() == held.report
        if is_as_reported:
            _load(outcome, held.plan, held.file_name, reason=reason, by=by, now=now)
            _forget(held, State.LOADED)
            held.loaded_at, held.loaded_by, held.reason = present, by, reason
        else:
            _keep_anew(held, outcome)
        held.save()
    if not is_as_reported:
        raise ReadAnew("The plan changed since this file was read. Nothing was loaded.")
    return outcome


def _keep_anew(held: PlanLoad, outcome: Outcome) -> None:
    for name, value in _what_came(outcome).items():
        setattr(held, name, value)
    if outcome.problems:
        held.state, held.content = State.REFUSED, None


def load_file(
    given: Given, plan: Plan, *, reason: str, by: Person, now: datetime, present: datetime
) -> Outcome:
    """The same at once, for the command, whose user has read the report of the dry run.

    Raises LoadRefused with every problem, and HeldBack; then nothing was loaded.
    """
    with transaction.atomic():
        _take_the_lock()
        refuse_if_held_back(io.BytesIO(given.content))
        lock_actions(plan)
        outcome = read_file(given, plan)
        if outcome.problems:
            raise LoadRefused(outcome.problems)
        _load(outcome, plan, given.name, reason=reason, by=by, now=now)
        PlanLoad.objects.create(
            **_what_came(outcome) | {"report": {}},
            plan=plan,
            received_by=by,
            loaded_by=by,
            loaded_at=present,
            file_name=shown(given.name)[:255],
            sheet=given.sheet[:60],
            sha256=sha256(given.content).hexdigest(),
            size=len(given.content),
            reason=reason,
            state=State.LOADED,
        )
    return outcome


def _take_the_lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_NUMBER])


def _load(
    outcome: Outcome, plan: Plan, name: str, *, reason: str, by: Person, now: datetime
) -> None:
    """Puts in what the report says, with an event for each change and one for the load."""
    for row in outcome.compared.new:
        _put_new(row, by=by, now=now, reason=reason)
    for one in outcome.compared.changed:
        _put_changed(one, by=by, now=now, reason=reason)
    counts = {
        "rows_read": outcome.rows_read,
        "new": len(outcome.compared.new),
        "changed": len(outcome.compared.changed),
        "unchanged": outcome.compared.unchanged,
    }
    kind, done = PlanEvent.Kind.PLAN, PlanEvent.Done.LOADED
    after = {"file": name[:LONGEST_SHOWN], **counts}
    record(kind, plan.slug, done, by=by, now=now, after=after, reason=reason)


def _put_new(row: SheetRow, *, by: Person, now: datetime, reason: str) -> None:
    names = ["title", "promised", "kind", "impact_sought", "owner_service", "owner_role", "cabinet",
             "note", "owner"]  # fmt: skip
    columns = {**columns_of(row, names), **first_due_columns(row.first_due)}
    links = ActionLinks(row.judgements, row.indicators)
    made = put_action(row.theme, row.reference, columns, links, now=now)
    after, done = new_action_facts(made), PlanEvent.Done.LOADED
    record_of_action(made, done, by=by, now=now, after=after, reason=reason)


def _put_changed(one: Changed, *, by: Person, now: datetime, reason: str) -> None:
    action, names = hold_action(one.action), list(one.after)
    columns = columns_of(one.row, names)
    for name, value in columns.items():
        setattr(action, name, value)
    action.save(update_fields=list(columns))
    held = links_of(action)
    set_links(
        action,
        ActionLinks(
            one.row.judgements if "judgements" in names else held.judgements,
            one.row.indicators if "indicators" in names else held.indicators,
        ),
    )
    done = PlanEvent.Done.LOADED
    record_of_action(
        action, done, by=by, now=now, before=one.before, after=one.after, reason=reason
    )


def discard(load: PlanLoad) -> bool:
    """Whether it was discarded now. False where it no longer waits."""
    with transaction.atomic():
        held = (
            PlanLoad.objects.select_for_update(of=("self",), no_key=True)
            .defer("content")
            .get(pk=load.pk)
        )
        if held.state != State.SCREENED:
            return False
        _forget(held, State.DISCARDED)
        held.save(update_fields=["state", "content", "report"])
    return True


def _forget(load: PlanLoad, state: str) -> None:
    load.state, load.content, load.report = state, None, {}


def forget_old_files(present: datetime) -> int:
    """Forgets the bytes and the words of files that were given a day ago and not loaded, and what
    was quoted of refused ones; how many there were."""
    old = PlanLoad.objects.filter(received_at__lt=present - KEPT_FOR)
    waiting = old.filter(state=State.SCREENED).update(state=State.LAPSED, content=None, report={})
    return waiting + old.filter(~Q(report={}), state=State.REFUSED).update(report={})
