"""What the pages of a plan's spreadsheets print, and what the command prints in their words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse

from improvement.importer.sheet_loading import KEPT_FOR
from improvement.models import PlanLoad
from improvement.presenters.fact_words import LABELS, say_fact
from performance.presenters.load_words import number_of, say_by, say_when

State = PlanLoad.State
# What a page lists; the counts above say how many there are in all.
MOST_LISTED = 500


@dataclass(frozen=True)
class FactLine:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ActionLine:
    """An action in a report, with its row in the file (none where it is not there)."""

    reference: str
    title: str
    row: int | None = None
    facts: list[FactLine] = field(default_factory=list)


@dataclass(frozen=True)
class PersonalLine:
    row: int
    column: str
    phrases: str


@dataclass(frozen=True)
class ProblemLine:
    row: str
    column: str
    found: str
    expected: str


@dataclass(frozen=True)
class Report:
    """What would come of a file, or what is wrong with it."""

    counts: str
    new: list[ActionLine]
    changed: list[ActionLine]
    absent: list[ActionLine]
    personal: list[PersonalLine]
    notes: list[str]
    problems: list[ProblemLine]


def make_report(report: dict[str, Any]) -> Report:
    """From the report as it is kept; an empty one has nothing to tell."""
    new, changed = report.get("new", []), report.get("changed", [])
    absent, unchanged = report.get("absent", []), report.get("unchanged", 0)
    return Report(
        counts=say_counts(len(new), len(changed), unchanged, len(absent)),
        new=[_new_line(one) for one in new],
        changed=[_changed_line(one) for one in changed],
        absent=[ActionLine(one["reference"], one["title"]) for one in absent],
        personal=[
            PersonalLine(one["row"], LABELS[one["column"]], _quoted(one["phrases"]))
            for one in report.get("personal", [])
        ],
        notes=report.get("notes", []),
        problems=[
            ProblemLine(str(one["row"] or ""), one["column"], one["found"], one["expected"])
            for one in report.get("problems", [])
        ],
    )


def _quoted(phrases: list[str]) -> str:
    return ", ".join(f"“{phrase}”" for phrase in phrases)


def say_counts(new: int, changed: int, unchanged: int, absent: int) -> str:
    """“1 new action, 2 changed, 114 as on record; 3 actions on record are not in the file.”"""
    said = f"{number_of(new, 'new action')}, {changed:,} changed, {unchanged:,} as on record"
    if absent:
        are = "is" if absent == 1 else "are"
        return f"{said}; {number_of(absent, 'action')} on record {are} not in the file."
    return f"{said}."


def _new_line(one: dict[str, Any]) -> ActionLine:
    facts = [
        FactLine(LABELS[name], "", say_fact(name, value))
        for name, value in one["facts"].items()
        if value not in ("", []) and name != "title"
    ]
    return ActionLine(one["reference"], one["title"], one["row"], facts)


def _changed_line(one: dict[str, Any]) -> ActionLine:
    facts = [
        FactLine(LABELS[name], say_fact(name, one["before"][name]), say_fact(name, value))
        for name, value in one["after"].items()
    ]
    return ActionLine(one["reference"], one["title"], one["row"], facts)


def is_waiting(load: PlanLoad, now: datetime) -> bool:
    return load.state == State.SCREENED and now < load.received_at + KEPT_FOR


@dataclass(frozen=True)
class LoadLine:
    number: int
    url: str
    file: str
    plan: str
    when: str
    by: str
    state: str
    tone: str
    counts: str


@dataclass(frozen=True)
class PlanLoadPage:
    """One file: what was read in it and what became of it."""

    number: int
    line: LoadLine
    report: Report
    what_happened: str
    reason: str
    until: str
    is_waiting: bool
    is_refused: bool
    is_over: bool
    problems: str


def make_load_line(load: PlanLoad, now: datetime) -> LoadLine:
    has_lapsed = load.state == State.SCREENED and not is_waiting(load, now)
    state = PlanLoad.State.LAPSED if has_lapsed else PlanLoad.State(load.state)
    tones = {State.DISCARDED: "lapsed", State.LAPSED: "lapsed"}
    counts = say_counts(load.rows_new, load.rows_changed, load.rows_unchanged, load.rows_absent)
    return LoadLine(
        number=load.pk,
        url=reverse("improvement:plan-load", args=[load.pk]),
        file=load.file_name,
        plan=load.plan.title,
        when=say_when(load.received_at),
        by=say_by(load.received_by),
        state=str(state.label),
        tone=tones.get(state, str(state)),
        counts=number_of(load.problems, "problem") if state == State.REFUSED else counts,
    )


def make_plan_load_page(load: PlanLoad, now: datetime) -> PlanLoadPage:
    """`now` is the real instant, by which files lapse."""
    waits = is_waiting(load, now)
    is_refused = load.state == State.REFUSED
    return PlanLoadPage(
        number=load.pk,
        line=make_load_line(load, now),
        report=make_report(load.report),
        what_happened=_say_what_happened(load, waits),
        reason=load.reason,
        until=say_when(load.received_at + KEPT_FOR),
        is_waiting=waits,
        is_refused=is_refused,
        is_over=not waits and not is_refused and load.state != State.LOADED,
        problems=number_of(load.problems, "problem"),
    )


def _say_what_happened(load: PlanLoad, waits: bool) -> str:
    if load.state == State.LOADED:
        by = f"{say_by(load.loaded_by)} loaded it on {say_when(load.loaded_at)}."
        return f"{by} What it changed stands in the history of each action."
    if load.state == State.DISCARDED:
        return "This file was discarded. Nothing of it was loaded."
    if load.state == State.REFUSED or waits:
        return ""
    return "This file was not loaded within 24 hours, so it is no longer kept. Give it again."


def say_report(report: Report) -> list[str]:
    """The report in lines, for the command."""
    lines = [report.counts, *report.notes]
    for one in report.new:
        lines.append(f"New, row {one.row}: {one.reference} {one.title}")
    for one in report.changed:
        lines.append(f"Changed, row {one.row}: {one.reference} {one.title}")
        lines += [f"    {fact.label}: {fact.before} → {fact.after}" for fact in one.facts]
    lines += [
        f"Not in the file, left as it is: {one.reference} {one.title}" for one in report.absent
    ]
    lines += [
        f"Look at row {one.row}, {one.column}: {one.phrases} could describe a child."
        for one in report.personal
    ]
    return lines
