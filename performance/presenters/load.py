"""What the page of one load prints: its report, cut to what a page can hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from performance.calculations.partial_date import PartialDate
from performance.charts import ChartView, Movement, Movements, make_chart_view
from performance.importer.problems import Problem, shown
from performance.importer.screening_report import WHYS, FigureLine, ScreeningReport, SeriesCount
from performance.models import Area, Load
from performance.presenters.load_words import (
    is_cut_short,
    is_waiting,
    lapses_at,
    number_in,
    number_of,
    say_by,
    say_figure,
    say_read_as,
    say_size,
    say_state,
    say_what_happened,
    say_when,
    say_withdrawal,
    verb_for,
)
from performance.presenters.loads import tone_of

MOST_PROBLEMS = 100
MOST_LINES = 50
FEW_LINES = 10
MOST_DRAWN = 12
SUSPICIOUS = ("outside", "ten_times", "tenth")

State = Load.State


@dataclass(frozen=True)
class FigureRow:
    """A figure of the report in words: what it is, what stands or stood, what the file says."""

    title: str
    about: str
    old: str
    new: str
    why: str = ""


@dataclass(frozen=True)
class FigureTable:
    """The first of the figures, and in words how many more there are."""

    rows: list[FigureRow]
    total: int

    @property
    def left_out(self) -> str:
        left_out = self.total - len(self.rows)
        return f"{left_out:,}" if left_out else ""

    @property
    def total_said(self) -> str:
        return number_of(self.total, "figure")

    @property
    def many(self) -> str:
        """“1 figure is”, “12 figures are”."""
        return f"{number_of(self.total, 'figure')} {'is' if self.total == 1 else 'are'}"


@dataclass(frozen=True)
class ProblemRow:
    row: str
    column: str
    found: str
    expected: str


@dataclass(frozen=True)
class LoadPage:
    """One load. Where `has_values` is false, its reader sees counts and words, and no figure."""

    number: int
    title: str
    caption: str
    state: str
    tone: str
    facts: list[tuple[str, str]]
    report: ScreeningReport
    has_values: bool
    is_waiting: bool
    is_refused: bool
    is_loaded: bool
    is_over: bool
    is_withdrawal: bool
    is_back_load: bool
    until: str
    button: str
    what_happened: str
    links: list[tuple[str, str]]
    counts: str
    problems: list[ProblemRow]
    problems_said: str
    refused_as: str
    mend: str
    problems_left_out: str
    problems_file: str
    revisions: FigureTable
    revisions_elsewhere: FigureTable
    suspicious: FigureTable
    locked: FigureTable
    not_put_back: FigureTable
    by_series: Sequence[SeriesCount]
    chart: ChartView | None


def make_load_page(load: Load, *, has_values: bool, now: datetime) -> LoadPage:
    """The load with its report, cut to what a page can hold."""
    report = ScreeningReport.from_json(load.report)
    suspicious = [line for line in report.movements if line.why in SUSPICIOUS]
    own, others = _parted(report.revisions)
    elsewhere = report.revisions_total - len(own)
    return LoadPage(
        number=load.pk,
        title=load.file_name if not load.withdraws else f"Withdrawal of load {load.withdraws.pk}",
        caption=f"Load {load.pk}",
        state=say_state(load, now),
        tone=tone_of(load, now),
        facts=[*_facts(load), *_passed_over(report)],
        report=report,
        has_values=has_values,
        is_waiting=is_waiting(load, now),
        is_refused=load.state == State.REFUSED,
        is_loaded=load.state == State.LOADED and load.withdraws is None,
        is_over=load.state == State.LAPSED
        or (load.state == State.SCREENED and not is_waiting(load, now)),
        is_withdrawal=load.withdraws is not None,
        is_back_load=load.is_back_load,
        until=say_when(lapses_at(load)),
        button=_say_button(report),
        what_happened=say_what_happened(load, now),
        links=_links(load, report.refused_as),
        counts=_say_counts(load, report, is_waiting(load, now)),
        problems=[_problem(one) for one in report.problems[:MOST_PROBLEMS]],
        problems_said=_say_problems(report, has_values),
        refused_as=report.refused_as,
        mend=WHOLE.get(report.refused_as, ("", "Mend the file and drop it again"))[1],
        problems_left_out=_say_left_out(report.problems_total - MOST_PROBLEMS),
        problems_file=_say_problems_file(report),
        revisions=_figures(own, report.revisions_total - (elsewhere if others else 0)),
        revisions_elsewhere=_figures(others, elsewhere if others else 0),
        suspicious=_figures(suspicious, max(report.suspicious_total, len(suspicious)), "last"),
        locked=_figures(report.locked, report.locked_total),
        not_put_back=_figures(report.not_put_back, len(report.not_put_back)),
        by_series=report.by_series,
        chart=_chart(report.movements) if has_values else None,
    )


def _facts(load: Load) -> list[tuple[str, str]]:
    given = f"{say_when(load.received_at)}, by {say_by(load.received_by)}"
    facts = [("Received", given)] if load.withdraws is None else []
    if load.withdraws is None:
        if read_as := say_read_as(load):
            facts.append(("Read as", read_as))
        facts.append(("Size", say_size(load.size)))
    if load.loaded_at:
        done = "Withdrawn" if load.withdraws else "Loaded"
        facts.append((done, f"{say_when(load.loaded_at)}, by {say_by(load.loaded_by)}"))
    if load.released_at and load.withdraws is None:
        known = str(PartialDate(timezone.localdate(load.released_at), "day"))
        if load.is_back_load:
            known += ": a back-load, of an earlier release after a later one"
        facts.append(("Known from", known))
    elif load.is_back_load:
        facts.append(("Given as", "an earlier release: a back-load"))
    for label, words in (("Why", load.reason), ("Why a lock was passed", load.unlock_reason)):
        if words:
            facts.append((label, words))
    return facts


def _passed_over(report: ScreeningReport) -> list[tuple[str, str]]:
    """The cells of the file that say nothing of any figure on record."""
    facts = []
    if report.not_covered:
        facts.append(
            ("Not taken in", f"{number_of(report.not_covered, 'cell')}: no indicator is kept of it")
        )
    if report.kept_hidden:
        said = number_of(report.kept_hidden, "cell")
        facts.append(("Left as on record", f"{said} where the file hides the figure"))
    return facts


# What is said first of a file that is wrong as a whole, and over the form for the next.
WHOLE = {
    "loaded": ("This file has been loaded already.", "Give another file"),
    "earlier": ("Its figures are older than what is on record.", "Give it again"),
    "day": ("The day from which its figures were known is missing or to come.", "Give it again"),
    "too long": (
        "The file has more rows than are taken here: part it, or have it loaded by the command.",
        "Give a part of it",
    ),
    "no map": ("This is none of the files that are read here.", "Give another file"),
}


def _say_problems(report: ScreeningReport, may_mend: bool) -> str:
    if report.refused_as in WHOLE:
        return WHOLE[report.refused_as][0]
    total = report.problems_total
    said = "One thing is wrong" if total == 1 else f"{total:,} things are wrong"
    if not may_mend:
        return f"{said} with the file."
    mend = "mend it and give the file again" if total == 1 else "mend them and give it again"
    return f"{said} with the file: {mend}."


def _say_left_out(left_out: int) -> str:
    return f"And {left_out:,} more." if left_out > 0 else ""


def _say_problems_file(report: ScreeningReport) -> str:
    """What the link to the file of problems says: it holds only those that were kept."""
    kept = len(report.problems)
    which = f"The first {kept:,}" if report.problems_total > kept else "All of them"
    return f"{which} as a CSV file"


def _links(load: Load, refused_as: str) -> list[tuple[str, str]]:
    """The other load that it has to do with, or the page that says what is read."""
    if refused_as == "no map":
        return [("About the data: the sources that are read", reverse("about-the-data"))]
    links = []
    if refused_as == "loaded":
        same = Load.objects.filter(sha256=load.sha256, state=State.LOADED)
        for number in same.exclude(format=Load.Format.FOLDER).values_list("pk", flat=True)[:1]:
            links.append((f"The load of this file: load {number}", number))
    if load.withdraws:
        links.append((f"The load that was withdrawn: load {load.withdraws.pk}", load.withdraws.pk))
    withdrawal = getattr(load, "withdrawal", None)
    if withdrawal:
        links.append((f"Withdrawn by load {withdrawal.pk}", withdrawal.pk))
    return [(words, reverse("performance:load", args=[number])) for words, number in links]


def _say_button(report: ScreeningReport) -> str:
    """“Load these 12 figures”: what is on record already is not loaded again."""
    changed = report.new + report.revised
    if changed == 0:
        return "Record that nothing is new"
    return "Load this figure" if changed == 1 else f"Load these {number_of(changed, 'figure')}"


def _say_counts(load: Load, report: ScreeningReport, waits: bool) -> str:
    """What the load does, did or would have done to the record, in a sentence; empty where that
    was never found out."""
    if is_cut_short(load):
        return ""
    if load.withdraws:
        return say_withdrawal(report, is_done=True)
    new, revised, unchanged = report.new, report.revised, report.unchanged
    if not report.rows_read:  # The demonstration's loads keep their counts and no report.
        new, revised, unchanged = load.rows_new, load.rows_revised, load.rows_unchanged
    is_done = load.state in (State.LOADED, State.WITHDRAWN)
    verb = "were" if is_done else "are" if waits else "would have been"
    verbs = f"{verb} new", f"{verb} revised"
    parts = [
        f"{number_of(new, 'figure')} {verb_for(verbs[0], new)}",
        f"{revised:,} {verb_for(verbs[1], revised)}",
        f"{unchanged:,} as on record",
    ]
    rows = report.rows_read or load.rows_read
    read = f"{number_of(rows, 'row')} read: " if rows or not (new or revised or unchanged) else ""
    return f"{read}{', '.join(parts)}."


def _problem(problem: Problem) -> ProblemRow:
    return ProblemRow(
        row="" if problem.row is None else f"{problem.row:,}",
        column=problem.column,
        found=shown(problem.found),
        expected=problem.expected,
    )


def _figures(lines: Sequence[FigureLine], total: int, before: str = "old") -> FigureTable:
    rows = [_figure(line, before) for line in lines[:MOST_LINES]]
    return FigureTable(rows, max(total, len(lines)))


def _parted(lines: Sequence[FigureLine]) -> tuple[list[FigureLine], list[FigureLine]]:
    """The council's own figures, and the others', which are folded away; a few are one list."""
    if len(lines) <= FEW_LINES:
        return list(lines), []
    council = Area.objects.get(code=settings.COUNCIL_CODE).name
    own = [line for line in lines if line.area == council]
    return own, [line for line in lines if line.area != council]


def _figure(line: FigureLine, before: str) -> FigureRow:
    old = say_figure(line.old, line.unit)
    if before == "last":
        old = say_figure(line.last, line.unit)
        old += f" ({line.last_period})" if line.last_period else ""
    return FigureRow(
        title=line.indicator,
        about=", ".join(filter(None, [line.area, line.period, line.series])),
        old=old,
        new=f"as before; {line.differs}" if line.differs else say_figure(line.new, line.unit),
        why=WHYS.get(line.why, line.why),
    )


def _chart(movements: Sequence[FigureLine]) -> ChartView | None:
    """The biggest movements that can be measured; None where there are none."""
    rows = [row for row in map(_movement, movements) if row is not None][:MOST_DRAWN]
    if not rows:
        return None
    most = max(rows, key=lambda row: abs(row.extent))
    moves = "is revised" if most.is_revised else "moves"
    moves += "" if len(rows) == 1 else " most"
    summary = f"{most.label} {moves}: from {most.say(most.last)} to {most.say(most.new)}, "
    summary += f"{most.change}."
    return make_chart_view(
        "movements", Movements("Figures of the file beside those before", summary, rows)
    )


def _movement(line: FigureLine) -> Movement | None:
    """The figure beside what it replaces, or the one of the period before; None where one of the
    two is no number, or has no percentage."""
    replaced, new = number_in(line.old), number_in(line.new)
    is_revised = replaced is not None and replaced != new
    last = replaced if is_revised else number_in(line.last)
    if new is None or last is None or (last == 0 and line.unit != "%"):
        return None
    return Movement(
        label=line.indicator,
        about=line.area,
        unit=line.unit,
        last=last,
        last_period="on record" if is_revised else line.last_period,
        new=new,
        period=line.period,
        why=WHYS.get(line.why, ""),
        is_revised=is_revised,
    )
