"""The overview's opening paragraph: every word of it computed."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.words import capitalised, in_words, join_words
from improvement.models import Judgement, Paper, Plan
from improvement.presenters import GradeLine, JudgementGrades
from performance.calculations.partial_date import PartialDate
from performance.calculations.position import Position
from performance.calculations.targets import TargetState
from performance.presenters import TargetLine


@dataclass(frozen=True)
class Opening:
    """A heading, and the sentences beneath it."""

    heading: str
    sentences: list[str]


def make_opening(
    plan: Plan,
    grades: Sequence[JudgementGrades],
    targets: Sequence[TargetLine],
    passed: Sequence[str],
    position: Position,
) -> Opening:
    five = [line for line in grades if line.judgement.kind == Judgement.Kind.JUDGEMENT]
    framework = plan.framework.short_title
    own = [(line, line.own) for line in five if line.own]
    inspected = [
        (line, grade) for line in five if (grade := line.latest_inspection(framework)) is not None
    ]
    sentences = []
    if inspected:
        heading = f"Ofsted: {grade_summary(inspected, 'its', len(five))}"
        sentences.append(_inspected_sentence(inspected, own, len(five)))
        sentences.append(_later_sentence(grades, inspected[0][1]))
    elif own:
        heading = capitalised(grade_summary(own, "Ofsted’s", len(five)))
        sentences.append(f"That is the council’s own view, {_as_of(own[0][1])}.")
        sentences.append(_not_yet_inspected(plan, five))
    else:
        heading = f"No grade was known for the five judgements on {PartialDate(position.on, 'day')}"
    sentences += [_targets_sentence(targets), _passed_sentence(passed)]
    if plan.paper and plan.paper.not_held and _is_known(plan.paper, position):
        sentences.append(plan.paper.not_held)
    return Opening(heading, [sentence for sentence in sentences if sentence])


def grade_summary(
    graded: Sequence[tuple[JudgementGrades, GradeLine | None]], whose: str, of: int
) -> str:
    """“Good on three of Ofsted’s five judgements, Requires improvement on two: A and B”."""
    groups: dict[str, list[str]] = {}
    for line, grade in graded:
        if grade:
            groups.setdefault(grade.grade_label, []).append(line.judgement.short_title.lower())
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    parts = []
    for place, (label, names) in enumerate(ordered):
        count = in_words(len(names))
        which = f"{count} of {whose} {in_words(of)} judgements" if place == 0 else count
        named = f": {join_words(names)}" if place and place == len(ordered) - 1 else ""
        parts.append(f"{label} on {which}{named}")
    return ", ".join(parts)


def _as_of(grade: GradeLine | None) -> str:
    if grade is None:
        return ""
    when = str(grade.position)
    return f"at the end of {when}" if grade.position.precision == "month" else f"on {when}"


def _inspected_sentence(inspected: Sequence, own: Sequence, of: int) -> str:
    first: GradeLine = inspected[0][1]
    published = PartialDate(first.published_on, "day")
    sentence = f"That is the inspector’s view, published on {published}."
    if own:
        mine: GradeLine = own[0][1]
        months = months_between(mine.position, first.position)
        sentence += (
            f" The council’s own, {_as_of(mine)}, {in_words(months)} months before, was "
            f"{grade_summary(own, 'the', of)}."
        )
    return sentence


def _later_sentence(grades: Sequence[JudgementGrades], present: GradeLine) -> str:
    """What Ofsted has graded since, under a framework that came later: each heading once."""
    later = {
        (grade.judgement or line.judgement.title): grade
        for line in grades
        for grade in line.grades
        if grade.is_inspection
        and grade.framework != present.framework
        and grade.published_on > present.published_on
    }
    if not later:
        return ""
    newest = max(later.values(), key=lambda grade: grade.published_on)
    parts = [
        f"{title[:1].lower()}{title[1:]} {grade.grade_label}"
        for title, grade in later.items()
        if grade.published_on == newest.published_on
    ]
    when = _as_of(newest)
    return (
        f"Under the later framework ({newest.framework}) Ofsted graded {when}: {join_words(parts)}."
    )


def months_between(earlier: PartialDate, later: PartialDate) -> int:
    """Whole months from one day to another."""
    if earlier.on is None or later.on is None:
        return 0
    months = (later.on.year - earlier.on.year) * 12 + later.on.month - earlier.on.month
    # The last day of a month counts as its end, however long the later month is.
    return months if later.on.day >= min(earlier.on.day, 28) or months == 0 else months - 1


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


def _passed_sentence(passed: Sequence[str]) -> str:
    if not passed:
        return ""
    if len(passed) == 1:
        return "One line carries a date that has passed and does not say what happened: ask."
    return (
        f"{capitalised(in_words(len(passed)))} lines carry a date that has passed and do not say "
        "what happened: ask."
    )


def _is_known(paper: Paper, position: Position) -> bool:
    return paper.known_from <= position.known_at
