"""The overview's opening paragraph: every word of it computed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.words import capitalised, in_words, join_words
from improvement.models import Judgement, Paper, Plan
from improvement.presenters import GradeLine, JudgementGrades
from performance.calculations.partial_date import PartialDate, months_between
from performance.calculations.position import Position
from performance.calculations.targets import TargetState
from performance.presenters import TargetLine


@dataclass(frozen=True)
class Opening:
    """A heading, and the paragraphs beneath it: the grades, the targets, what to ask."""

    heading: str
    paragraphs: list[str]


def make_opening(
    plan: Plan,
    grades: Sequence[JudgementGrades],
    targets: Sequence[TargetLine],
    passed: int,
    position: Position,
) -> Opening:
    """`passed`: how many actions' dates have passed without a word of what happened."""
    five = [line for line in grades if line.judgement.kind == Judgement.Kind.JUDGEMENT]
    own = [(line.judgement.short_title, line.own) for line in five if line.own]
    inspections = inspections_newest_first(grades)
    framework = plan.framework.short_title
    if inspections and inspections[0][0].published_on >= plan.framework.in_force_from:
        heading = _inspection_heading(inspections[0])
        about = [_inspection_sentence(inspections[0], own, framework)]
        about += [_earlier_sentence(earlier) for earlier in inspections[1:2]]
    elif own:
        heading = capitalised(grade_summary(own, "Ofsted’s", len(five)))
        about = [f"That is the council’s own view, {_as_of(own[0][1])}."]
        about.append(_not_yet_inspected(plan, five))
    else:
        day = PartialDate(position.on, "day")
        heading = f"No grade was known for the {in_words(len(five))} judgements on {day}"
        about = []
    return Opening(
        heading,
        [
            paragraph
            for paragraph in (
                " ".join(about),
                _targets_sentence(targets),
                " ".join([_passed_sentence(passed), _not_held(plan.paper, position)]).strip(),
            )
            if paragraph
        ],
    )


def inspections_newest_first(grades: Sequence[JudgementGrades]) -> list[list[GradeLine]]:
    """Each inspection's grades, each heading once however many judgements it corresponds to."""
    found: dict[date, dict[str, GradeLine]] = {}
    for line in grades:
        for grade in line.grades:
            if grade.is_inspection:
                found.setdefault(grade.published_on, {})[grade.short_title] = grade
    return [list(found[day].values()) for day in sorted(found, reverse=True)]


def grade_summary(graded: Sequence[tuple[str, GradeLine]], whose: str, of: int) -> str:
    """“Good on three of Ofsted’s five judgements, Requires improvement on two: A and B”."""
    groups: dict[str, list[str]] = {}
    for title, grade in graded:
        groups.setdefault(grade.grade_label, []).append(title[:1].lower() + title[1:])
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    parts = []
    for place, (label, names) in enumerate(ordered):
        count = in_words(len(names))
        which = f"{count} of {whose} {in_words(of)} judgements" if place == 0 else count
        named = f": {join_words(names)}" if place and place == len(ordered) - 1 else ""
        parts.append(f"{label} on {which}{named}")
    return ", ".join(parts)


def _as_of(grade: GradeLine) -> str:
    """“at the end of June 2016”, “on 28 March 2022”."""
    when = str(grade.position)
    return f"at the end of {when}" if grade.position.precision == "month" else f"on {when}"


def _headings(inspection: Sequence[GradeLine]) -> list[tuple[str, GradeLine]]:
    return [(grade.short_title, grade) for grade in inspection if grade.kind == "judgement"]


def _inspection_heading(inspection: Sequence[GradeLine]) -> str:
    """“Ofsted, 28 March 2022: Good on two of its three judgements, Outstanding on one: …”."""
    headings = _headings(inspection)
    return (
        f"Ofsted, {inspection[0].position}: {grade_summary(headings, 'its', len(headings))}"
        f"{_overall(inspection)}"
    )


def _overall(inspection: Sequence[GradeLine]) -> str:
    overall = [grade.grade_label for grade in inspection if grade.kind == "overall"]
    return f"; {overall[0]} overall" if overall else ""


def _inspection_sentence(
    inspection: Sequence[GradeLine], own: Sequence[tuple[str, GradeLine]], framework: str
) -> str:
    first = inspection[0]
    published = PartialDate(first.published_on, "day")
    sentence = f"That is the inspector’s view, published on {published}."
    if first.framework != framework:
        sentence = (
            f"That is the inspector’s view under a later framework ({first.framework}), "
            f"published on {published}."
        )
    if own:
        mine = own[0][1]
        months = months_between(mine.position, first.position)
        order = f"{in_words(abs(months))} months {'before' if months > 0 else 'after'}"
        apart = f"{order} the inspection ended, " if months else ""
        summary = grade_summary(own, "the", len(own))
        sentence += f" The council’s own, {_as_of(mine)}, {apart}was {summary}."
    return sentence


def _earlier_sentence(inspection: Sequence[GradeLine]) -> str:
    """What the inspection before said, in a sentence."""
    headings = _headings(inspection)
    if not headings:
        return ""
    when = inspection[0].position.in_a_sentence()
    named = join_words([f"{title[:1].lower()}{title[1:]} {grade.grade_label}"
                        for title, grade in headings])  # fmt: skip
    if len(headings) > 2:
        named = grade_summary(headings, "its", len(headings))
    return f"The inspection before it ended {when} ({inspection[0].framework}): {named}."


def _not_yet_inspected(plan: Plan, five: Sequence[JudgementGrades]) -> str:
    """When Ofsted last came, and by when it comes under the plan's own framework."""
    earlier = [grade for line in five for grade in line.grades if grade.is_inspection]
    last = f"Ofsted last inspected in {earlier[-1].position}, before the present framework" if (
        earlier
    ) else "Ofsted has not inspected under any framework held here"  # fmt: skip
    due = PartialDate(plan.framework.inspections_complete_by, "month")
    return f"{last}, and is due to inspect under it by {due}." if due.on else f"{last}."


ORDER = {
    TargetState.MET: "met",
    TargetState.WITHIN_RANGE: "within its range",
    TargetState.PART_WAY: "part-way",
    TargetState.OUTSIDE_RANGE: "outside its range",
    TargetState.NOT_MET: "not met",
    TargetState.NO_YEAR_END: "without a figure for the year’s end",
    TargetState.NO_FIGURE: "without a figure yet",
}


def _targets_sentence(targets: Sequence[TargetLine]) -> str:
    if not targets:
        return ""
    parts = []
    for state, words in ORDER.items():
        count = sum(line.state is state for line in targets)
        if count:
            parts.append(f"{in_words(count)} {'is' if count == 1 else 'are'} {words}")
    total = in_words(len(targets))
    noun = "target" if len(targets) == 1 else "targets"
    return f"Of {total} {noun} in the report {join_words(parts)}."


def _passed_sentence(passed: int) -> str:
    if not passed:
        return ""
    if passed == 1:
        return "One action carries a date that has passed, with no word of what happened: ask."
    return (
        f"{capitalised(in_words(passed))} actions carry a date that has passed, with no word of "
        "what happened: ask."
    )


def _not_held(paper: Paper | None, position: Position) -> str:
    """What the paper refers to and is not held here: said until its meeting is over."""
    if paper is None or not paper.is_known(position):
        return ""
    is_over = paper.meeting_on is not None and paper.meeting_on < position.on
    return "" if is_over else paper.not_held
