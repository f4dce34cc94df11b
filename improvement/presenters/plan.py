"""What the plan's pages print of an action, a date and a grade."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from improvement.models import (
    Action,
    Assessment,
    Correspondence,
    Judgement,
    Plan,
    ProgressUpdate,
)
from improvement.standing import Standing, action_standing
from performance.calculations.partial_date import PartialDate
from performance.calculations.position import Position


@dataclass(frozen=True)
class ActionLine:
    """One action as a list shows it, on the page's day."""

    reference: str
    title: str
    promise: str
    theme_number: int
    theme: str
    theme_slug: str
    judgement: str
    judgement_slug: str
    other_judgements: tuple[str, ...]
    kind: str
    owner: str
    standing: Standing
    first_due: PartialDate
    due: PartialDate
    moves: int
    said: str
    said_on: date | None
    is_rated: bool
    bullet: str

    @property
    def url(self) -> str:
        """Worked out where it is printed: most lists of a page only count."""
        return reverse("improvement:action", args=[self.reference])

    @property
    def order(self) -> tuple[int, str]:
        return self.theme_number, self.reference

    @property
    def due_order(self) -> tuple[date, str]:
        """By the last day that the date can mean; what has no date comes last."""
        return self.due.on or date.max, self.reference

    @property
    def standing_order(self) -> tuple[int, tuple[int, str]]:
        return list(Standing).index(self.standing), self.order

    @property
    def bullet_url(self) -> str:
        return bullet_url(self.theme_slug, self.bullet)


def bullet_url(theme_slug: str, reference: str) -> str:
    """The line of the paper on its theme's page."""
    return f"{reverse('improvement:theme', args=[theme_slug])}#bullet-{reference}"


def current_due(action: Action) -> PartialDate:
    """The due date that counts: the last move known, else the first date."""
    changes = action.known_date_changes  # type: ignore[attr-defined]
    return changes[0].moved_to if changes else action.first_due


def latest_update(action: Action) -> ProgressUpdate | None:
    updates = action.known_updates  # type: ignore[attr-defined]
    return updates[0] if updates else None


def make_action_lines(plan: Plan, position: Position) -> list[ActionLine]:
    """Every action of the plan that was known at the position, in the paper's order."""
    actions = Action.objects.of(plan).with_progress(position).in_order()
    return [make_action_line(action, position.on) for action in actions]


def make_action_line(action: Action, on: date) -> ActionLine:
    update, due = latest_update(action), current_due(action)
    # A list that names no judgements is read without them.
    links = getattr(action, "known_judgements", [])
    # The loader refuses an action without a main judgement; the page outlives one all the same.
    main = next((link.judgement for link in links if link.is_main), None)
    return ActionLine(
        reference=action.reference,
        title=action.title,
        promise=action.description,
        theme_number=action.theme.number,
        theme=action.theme.short_title,
        theme_slug=action.theme.slug,
        judgement=main.short_title if main else "",
        judgement_slug=main.slug if main else "",
        other_judgements=tuple(link.judgement.slug for link in links if not link.is_main),
        kind=action.get_kind_display(),
        owner=action.owner_role or action.owner_service,
        standing=action_standing(
            update.status if update else None, due, on, update.effective_on if update else None
        ),
        first_due=action.first_due,
        due=due,
        moves=sum(move.is_move for move in action.known_date_changes),  # type: ignore[attr-defined]
        said=update.narrative if update else "",
        said_on=update.effective_on if update else None,
        # By somebody who answers for it, and not read from a paper.
        is_rated=bool(update and update.made_by_id),
        bullet=action.bullet or "",  # type: ignore[attr-defined]
    )


@dataclass(frozen=True)
class GradeLine:
    """One grade: by whom, what it was, of when, published when, and for what."""

    maker: str
    maker_label: str
    grade: str
    grade_label: str
    position: PartialDate
    published_on: date
    published_basis: str
    framework: str
    judgement: str
    short_title: str
    kind: str
    note: str

    @property
    def is_inspection(self) -> bool:
        return self.maker == Assessment.Maker.INSPECTION


OWN_MAKERS = {Assessment.Maker.SELF_ASSESSMENT, Assessment.Maker.PARTNERSHIP_BOARD}

# From the lowest grade to the highest; “Adequate” is what the third grade was called until 2012.
GRADE_PLACES = {
    "inadequate": 0,
    "adequate": 1,
    "requires_improvement": 1,
    "good": 2,
    "outstanding": 3,
}


@dataclass(frozen=True)
class JudgementGrades:
    """A judgement of the plan's framework and every grade that speaks to it, oldest first."""

    judgement: Judgement
    grades: list[GradeLine]

    @property
    def own(self) -> GradeLine | None:
        """The council's (or the board's) latest grade of its own; a peer's is nobody's own."""
        return next((line for line in reversed(self.grades) if line.maker in OWN_MAKERS), None)

    @property
    def inspector(self) -> GradeLine | None:
        return next((line for line in reversed(self.grades) if line.is_inspection), None)

    @property
    def url(self) -> str:
        return reverse("judgement", args=[self.judgement.slug])


def make_judgement_grades(plan: Plan, position: Position) -> list[JudgementGrades]:
    """For each judgement of the plan's framework, in order: its grades and those given under
    other frameworks for what corresponds to it. Three queries."""
    judgements = list(plan.framework.judgements.order_by("order"))
    links: dict[int, dict[int, str]] = {judgement.pk: {} for judgement in judgements}
    for link in Correspondence.objects.all():
        for one, other in ((link.judgement_id, link.other_id), (link.other_id, link.judgement_id)):
            if one in links:
                links[one][other] = link.note
    assessments = list(
        Assessment.objects.at(position)
        .select_related("judgement__framework", "paper")
        .order_by("position_on", "id")
    )
    return [
        JudgementGrades(
            judgement,
            [
                _grade_line(assessment, judgement, links[judgement.pk])
                for assessment in assessments
                if assessment.judgement_id in {judgement.pk, *links[judgement.pk]}
            ],
        )
        for judgement in judgements
    ]


def _grade_line(assessment: Assessment, judgement: Judgement, links: dict[int, str]) -> GradeLine:
    given_for = assessment.judgement
    return GradeLine(
        maker=assessment.maker,
        maker_label=assessment.get_maker_display(),
        grade=assessment.grade,
        grade_label=assessment.get_grade_display(),
        position=assessment.position,
        published_on=assessment.published_on,
        published_basis=assessment.known_from_basis,
        framework=given_for.framework.short_title,
        judgement="" if given_for.pk == judgement.pk else given_for.title,
        short_title=given_for.short_title,
        kind=given_for.kind,
        note=links.get(given_for.pk, "") or assessment.note,
    )
