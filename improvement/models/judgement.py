from typing import Self

from django.db import models
from django.db.models import F, Q

from improvement.models.paper import Paper
from improvement.models.partial_dates import CalendarPrecision
from performance.calculations.partial_date import PartialDate
from performance.models import DateBasis, Versioned, VersionedQuerySet, closed_set


class Framework(models.Model):
    """A set of judgements that an inspectorate uses for a time."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    short_title = models.CharField(max_length=80)
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True, blank=True)
    inspections_complete_by = models.DateField(
        null=True, blank=True, help_text="The last day of the month by which all are inspected."
    )
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["in_force_from"]
        constraints = [
            models.CheckConstraint(
                name="improvement_framework_starts_before_it_ends",
                condition=Q(in_force_until__isnull=True)
                | Q(in_force_until__gte=F("in_force_from")),
            )
        ]

    def __str__(self) -> str:
        return self.title


class JudgementQuerySet(models.QuerySet):
    def in_order(self) -> Self:
        return self.order_by("framework__in_force_from", "order")


class JudgementKind(models.TextChoices):
    JUDGEMENT = "judgement", "judgement"
    OVERALL = "overall", "overall effectiveness"
    BOARD = "board", "review of the safeguarding children board"


class Judgement(models.Model):
    """One heading that a framework grades."""

    Kind = JudgementKind

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="judgements")
    slug = models.SlugField()
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    short_title = models.CharField(max_length=80)
    local_wording = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    is_key = models.BooleanField(default=False, help_text="A key judgement of its framework.")
    note = models.TextField(blank=True)
    corresponds_to = models.ManyToManyField(
        "self", through="Correspondence", symmetrical=False, related_name="corresponds_from"
    )

    objects = JudgementQuerySet.as_manager()

    class Meta:
        ordering = ["framework", "order"]
        constraints = [
            closed_set("improvement_judgement_kind_is_known", "kind", JudgementKind),
            models.UniqueConstraint(
                fields=["framework", "slug"], name="improvement_judgement_slug_once_per_framework"
            ),
            models.UniqueConstraint(
                fields=["framework", "order"], name="improvement_judgement_order_once_per_framework"
            ),
        ]

    def __str__(self) -> str:
        return self.short_title


class Correspondence(models.Model):
    """`judgement` covers, in part or wholly, what `other` does under another framework."""

    judgement = models.ForeignKey(
        Judgement, on_delete=models.CASCADE, related_name="correspondences"
    )
    other = models.ForeignKey(Judgement, on_delete=models.CASCADE, related_name="correspondents")
    note = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["judgement", "other"], name="improvement_correspondence_once"
            ),
            models.CheckConstraint(
                name="improvement_correspondence_not_itself",
                condition=~Q(judgement=F("other")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judgement} – {self.other}"


class AssessmentGrade(models.TextChoices):
    OUTSTANDING = "outstanding", "Outstanding"
    GOOD = "good", "Good"
    REQUIRES_IMPROVEMENT = "requires_improvement", "Requires improvement"
    ADEQUATE = "adequate", "Adequate"
    INADEQUATE = "inadequate", "Inadequate"


class AssessmentMaker(models.TextChoices):
    INSPECTION = "inspection", "Ofsted"
    SELF_ASSESSMENT = "self_assessment", "the council itself"
    PEER_REVIEW = "peer_review", "peer review"
    PARTNERSHIP_BOARD = "partnership_board", "the safeguarding board itself"


class Assessment(Versioned):
    """A grade that somebody gave for a judgement, describing one day, published on another."""

    Maker = AssessmentMaker

    Grade = AssessmentGrade

    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, related_name="assessments")
    maker = models.CharField(max_length=20, choices=Maker.choices)
    grade = models.CharField(max_length=20, choices=Grade.choices)
    position_on = models.DateField(help_text="The day that the grade describes.")
    position_precision = models.CharField(max_length=5, choices=CalendarPrecision.choices)
    published_on = models.DateField()
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="assessments")
    note = models.TextField(blank=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        ordering = ["position_on", "id"]
        constraints = [
            *Versioned.Meta.constraints,
            closed_set("improvement_assessment_maker_is_known", "maker", AssessmentMaker),
            closed_set("improvement_assessment_grade_is_known", "grade", AssessmentGrade),
            closed_set(
                "improvement_assessment_known_from_basis_is_known", "known_from_basis", DateBasis
            ),
            closed_set(
                "improvement_assessment_position_precision_is_known",
                "position_precision",
                CalendarPrecision,
            ),
            models.UniqueConstraint(
                name="improvement_assessment_one_current",
                fields=["judgement", "maker", "position_on"],
                condition=Q(known_until__isnull=True),
            ),
            models.CheckConstraint(
                name="improvement_assessment_published_after_position",
                condition=Q(published_on__gte=F("position_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judgement}: {self.get_grade_display()} ({self.get_maker_display()})"

    @property
    def position(self) -> PartialDate:
        return PartialDate(self.position_on, self.position_precision)  # type: ignore[arg-type]


class FindingKind(models.TextChoices):
    STRENGTH = "strength", "strength"
    AREA_TO_DEVELOP = "area_to_develop", "area to develop"


class Finding(Versioned):
    """A strength or an area to develop that an assessment names.

    It stands under a judgement, a maker and a day, as the assessment does, and not under one
    version of it: a revised grade leaves its findings where they are.
    """

    Kind = FindingKind

    reference = models.CharField(max_length=20)
    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, related_name="findings")
    maker = models.CharField(max_length=20, choices=Assessment.Maker.choices)
    position_on = models.DateField(help_text="The day that the grade it stands under describes.")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    text = models.TextField()
    evidence = models.TextField(blank=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            *Versioned.Meta.constraints,
            closed_set(
                "improvement_finding_known_from_basis_is_known", "known_from_basis", DateBasis
            ),
            closed_set("improvement_finding_maker_is_known", "maker", AssessmentMaker),
            closed_set("improvement_finding_kind_is_known", "kind", FindingKind),
            models.UniqueConstraint(
                name="improvement_finding_one_current",
                fields=["reference"],
                condition=Q(known_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class StatementDirection(models.TextChoices):
    IMPROVING = "improving", "said to be improving"
    GOOD = "good", "said to be good"
    RISING = "rising", "said to be rising"
    NO_EFFECT = "no_effect_yet", "said to have had no effect yet"
    MAJORITY = "majority", "said to be most"


class Statement(Versioned):
    """A claim with a direction and no figure: shown as “no figure given”, never as a zero."""

    Direction = StatementDirection

    reference = models.CharField(max_length=20)
    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, related_name="statements")
    indicator = models.ForeignKey(
        "performance.Indicator",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="statements",
    )
    claim = models.TextField()
    direction = models.CharField(max_length=15, choices=Direction.choices)
    note = models.TextField(blank=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            *Versioned.Meta.constraints,
            closed_set(
                "improvement_statement_known_from_basis_is_known", "known_from_basis", DateBasis
            ),
            closed_set("improvement_statement_direction_is_known", "direction", StatementDirection),
            models.UniqueConstraint(
                name="improvement_statement_one_current",
                fields=["reference"],
                condition=Q(known_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.claim
