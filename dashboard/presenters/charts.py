"""The charts of the overview and the plan, described from what the pages already fetched."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from dashboard.presenters.tones import GRADE_COLOURS, standing_category
from dashboard.templatetags.dashboard_tags import keep_day
from dashboard.words import capitalised, in_words, join_words, plural
from improvement.models import Assessment, Judgement
from improvement.presenters import ActionLine, GradeLine, JudgementGrades
from improvement.standing import COMPLETE, Standing
from performance.calculations.partial_date import PartialDate
from performance.charts import (
    Bar,
    DateKind,
    DateMark,
    Lane,
    Maker,
    Mark,
    Move,
    OrdinalHistory,
    StackedBars,
    Timeline,
)

MAKERS = {
    Assessment.Maker.SELF_ASSESSMENT: Maker("the council itself", "circle"),
    Assessment.Maker.INSPECTION: Maker("Ofsted", "square"),
    Assessment.Maker.PEER_REVIEW: Maker("peer review", "diamond"),
    Assessment.Maker.PARTNERSHIP_BOARD: Maker("the safeguarding board itself", "triangle"),
}


def describe_grades(grades: Sequence[JudgementGrades], as_at: date | None) -> OrdinalHistory:
    """Grades of the five judgements in the order of the days that they describe."""
    five = [line for line in grades if line.judgement.kind == Judgement.Kind.JUDGEMENT]
    days = sorted({_column(grade) for line in five for grade in line.grades})
    columns = [str(PartialDate(day, "month")) for day in days]
    used = [maker for maker in MAKERS if any(
        grade.maker == maker for line in five for grade in line.grades)]  # fmt: skip
    marks = [
        Mark(
            lane=place,
            column=days.index(_column(grade)),
            maker=used.index(Assessment.Maker(grade.maker)),
            label=grade.grade_label,
            colour=GRADE_COLOURS[grade.grade],
        )
        for place, line in enumerate(five)
        for grade in line.grades
    ]  # fmt: skip
    return OrdinalHistory(
        title="Grades over time, by who gave them",
        summary=_grades_sentence(five),
        columns=columns,
        lanes=[Lane(line.judgement.short_title, keep_day(line.url, as_at)) for line in five],
        makers=[MAKERS[maker] for maker in used],
        marks=marks,
    )


def _column(grade: GradeLine) -> date:
    assert grade.position.on
    return grade.position.on


def _grades_sentence(five: Sequence[JudgementGrades]) -> str:
    """What each maker said last, and where the two differ."""
    graded = [line for line in five if line.grades]
    if not graded:
        return "No grade was known on this day."
    differ = [
        line.judgement.short_title.lower()
        for line in graded
        # A grade of an older and wider judgement is no disagreement.
        if line.own
        and line.inspector
        and line.own.framework == line.inspector.framework
        and line.own.grade_label != line.inspector.grade_label
    ]
    without = [line.judgement.short_title.lower() for line in five if not line.inspector]
    parts = []
    if differ:
        parts.append(f"The council’s and Ofsted’s latest grades differ on {join_words(differ)}.")
    if without:
        parts.append(f"Ofsted had given no separate grade for {join_words(without)}.")
    parts.append("The columns are in order of date and not to scale.")
    return " ".join(parts)


def describe_standings(
    title: str,
    heading: str,
    groups: Sequence[tuple[str, str, str, Sequence[ActionLine]]],
    as_at: date | None,
) -> StackedBars:
    """Actions by standing, a bar a group: (label, link, filter for the plan's list, actions)."""
    every = [line for group in groups for line in group[3]]
    used = [standing for standing in Standing if any(line.standing is standing for line in every)]
    bars = []
    for label, href, query, lines in groups:
        counts = [sum(line.standing is standing for line in lines) for standing in used]
        links = [
            keep_day(f"{reverse('improvement:plan')}?{query}&standing={standing.value}", as_at)
            + "#actions"
            for standing in used
        ]
        bars.append(Bar(label, counts, keep_day(href, as_at), links))
    return StackedBars(
        title=title,
        summary=_standings_sentence(every, groups),
        unit="actions",
        heading=heading,
        identity="standings",
        categories=[standing_category(standing) for standing in used],
        bars=bars,
    )


def _standings_sentence(every: Sequence[ActionLine], groups: Sequence) -> str:
    if not every:
        return "No action was known on this day."
    complete = sum(line.standing in COMPLETE for line in every)
    under_way = sum(line.standing is Standing.UNDER_WAY for line in every)
    passed = sum(line.standing is Standing.DATE_PASSED for line in every)
    sentence = (
        f"Of {plural(len(every), 'action')}, {complete} are complete and {under_way} under way "
        f"without a rating"
    )
    sentence += f"; the date of {passed} has passed without an update." if passed else "."
    by_group = {label: _passed(lines) for label, _, _, lines in groups if _passed(lines)}
    worst = [label for label, count in by_group.items() if count == max(by_group.values())]
    if len(by_group) > 1 and len(worst) == 1:
        most = by_group[worst[0]]
        share = "Most of those" if 2 * most > passed else "The largest number"
        sentence += f" {share}, {in_words(most)}, are under {worst[0].lower()}."
    return sentence


def _passed(lines: Sequence[ActionLine]) -> int:
    return sum(line.standing is Standing.DATE_PASSED for line in lines)


DATE_KINDS = {
    "passed": DateKind("passed, no update", "diamond", "#801650"),
    "coming": DateKind("not yet passed", "circle", "#ffffff"),
    "complete": DateKind("complete", "square", "#12436D"),
}


def describe_timeline(
    themes: Sequence[tuple[str, str, Sequence[ActionLine]]], on: date, as_at: date | None
) -> Timeline:
    """Due dates by theme, with every move from the first date: (label, link, actions)."""
    kinds = list(DATE_KINDS)
    counts: dict[tuple[int, date, int], list[ActionLine]] = {}
    moves = []
    for lane, (_, _, lines) in enumerate(themes):
        for line in lines:
            if line.due.on is None:
                continue
            day = _drawn_on(line.due)
            kind = "complete" if line.standing in COMPLETE else (
                "passed" if line.standing is Standing.DATE_PASSED else "coming"
            )  # fmt: skip
            counts.setdefault((lane, day, kinds.index(kind)), []).append(line)
            if line.moves and line.first_due.on and line.first_due.on != line.due.on:
                moves.append(Move(lane, _drawn_on(line.first_due), day))
    marks = [
        DateMark(lane, day, kind, len(lines), str(lines[0].due))
        for (lane, day, kind), lines in counts.items()
    ]
    dated = sum(mark.count for mark in marks)
    passed = sum(mark.count for mark in marks if mark.kind == kinds.index("passed"))
    moved = "No date has been moved."
    if moves:
        have = "has" if len(moves) == 1 else "have"
        moved = f"{capitalised(in_words(len(moves)))} of the dates {have} been moved."
    return Timeline(
        title="Due dates, and how they have moved",
        summary=f"{plural(dated, 'action carries', 'actions carry')} a date; {_how_many(passed)} "
        f"passed without an update. {moved}",
        lanes=[(label, keep_day(href, as_at)) for label, href, _ in themes],
        kinds=list(DATE_KINDS.values()),
        marks=marks,
        moves=moves,
        today=on,
    )


def _how_many(passed: int) -> str:
    """“none of the dates has”, “one of the dates has”, “two of the dates have”."""
    return (
        f"{in_words(passed) if passed else 'none'} of the dates {'have' if passed > 1 else 'has'}"
    )


def _drawn_on(due: PartialDate) -> date:
    """Where a date stands in the picture: a month at its middle, so that it lies under its name."""
    assert due.on
    return due.on.replace(day=15) if due.precision == "month" else due.on


def judgement_query(slug: str) -> str:
    return urlencode({"judgement": slug})
