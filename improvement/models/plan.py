from collections.abc import Iterable
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.urls import reverse

from improvement.models.judgement import Framework, Judgement
from improvement.models.paper import BulletOutcome, Paper
from improvement.models.partial_dates import CalendarPrecision, DateBasis, DatePrecision
from improvement.models.progress import DateChange, ProgressUpdate
from performance.calculations.partial_date import PartialDate
from performance.calculations.position import Position
from performance.models import closed_set, known_by


class PlanQuerySet(models.QuerySet):
    def newest_known(self, position: Position) -> Self:
        """Newest first; what was not known at the position comes after all that was.

        A plan is known from the day of its paper; one without a paper was always known. Where it
        follows another it is known from the day on which it starts, and no sooner: until then the
        plan that it follows stays.
        """
        return self.annotate(
            was_known=ExpressionWrapper(_known(position), BooleanField()),
            has_started=ExpressionWrapper(_has_started(position), BooleanField()),
        ).order_by("-was_known", "-has_started", "-starts_on", "slug")

    def known(self, position: Position) -> Self:
        """Those that members may read of at the position."""
        return self.filter(_known(position))

    def kept(self, on: date) -> Self:
        """Those that somebody keeps on the day: none that another has taken the place of."""
        followed = Plan.objects.filter(follows=OuterRef("pk"), starts_on__lte=on)
        return self.exclude(Exists(followed))


def _has_started(position: Position) -> Q:
    return Q(follows__isnull=True) | Q(starts_on__lte=position.on)


def _known(position: Position) -> Q:
    # Said of both, since what is compared with no paper's day is neither true nor false.
    is_out = Q(paper__isnull=True) | Q(paper__isnull=False) & known_by(position, "paper__")
    return _has_started(position) & is_out


class Plan(models.Model):
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="plans")
    paper = models.ForeignKey(
        Paper, null=True, blank=True, on_delete=models.PROTECT, related_name="plans"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "slug"]
        constraints = [
            models.CheckConstraint(
                name="improvement_plan_starts_before_it_ends",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def taken_over_by(self, on: date) -> "Plan | None":
        """The plan that has taken this one's place by the day."""
        return self.followed_by.filter(starts_on__lte=on).order_by("starts_on", "pk").first()

    def is_known(self, position: Position) -> bool:
        """What `known` asks of the database, of a plan that has been fetched."""
        has_started = self.follows_id is None or self.starts_on <= position.on
        return has_started and (self.paper is None or self.paper.is_known(position))


class Theme(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="themes")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField()
    title = models.CharField(max_length=200)
    short_title = models.CharField(max_length=80)
    paragraph = models.CharField(max_length=20, blank=True, help_text="Where the paper tells it.")
    lead_service = models.CharField(max_length=120, blank=True)
    leads = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="themes_led")
    needs_approval = models.BooleanField(
        default=True, help_text="A lead approves each update before it can be released."
    )

    class Meta:
        ordering = ["plan", "number"]
        permissions = [
            ("keep_actions", "Can add, reword, assign, split, link and stop actions"),
            ("keep_plan", "Can load a plan, and keep its themes and their leads"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="improvement_theme_number_once_per_plan"
            ),
            models.UniqueConstraint(
                fields=["plan", "slug"], name="improvement_theme_slug_once_per_plan"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("improvement:theme", args=[self.slug])

    @property
    def key(self) -> str:
        """As events call it: a later plan may have a theme of the same name."""
        return f"{self.plan.slug}/{self.slug}"


class ActionQuerySet(models.QuerySet):
    def of(self, plan: Plan) -> Self:
        return self.filter(theme__plan=plan)

    def in_order(self) -> Self:
        """As the paper has them: by theme, then by the reference's place within it."""
        return self.order_by("theme__number", "order", "id")

    def known(self, position: Position) -> Self:
        return self.filter(known_by(position))

    def not_in(self, statuses: Iterable[str], on: date) -> Self:
        """Of which none of these is what its owner would say stands on the day, released or not."""
        said = ProgressUpdate.objects.filter(action=OuterRef("pk")).in_force(on)
        return self.annotate(in_force=Subquery(said.values("status")[:1])).exclude(
            in_force__in=list(statuses)
        )

    def with_progress(self, position: Position) -> Self:
        """For a list: `known_updates` holds the latest alone."""
        return self.with_standing(position).prefetch_related(known_judgements())

    def with_standing(self, position: Position) -> Self:
        """For a list that names no judgements: a query less."""
        return self._with(position, ProgressUpdate.objects.latest_of_each(position))

    def with_history(self, position: Position) -> Self:
        """For an action's own page: `known_updates` holds every one, newest first."""
        updates = ProgressUpdate.objects.at(position).select_related("paper")
        return self._with(position, updates).prefetch_related(known_judgements())

    def _with(self, position: Position, updates: QuerySet[ProgressUpdate]) -> Self:
        """Each with `known_updates`, `known_date_changes` (newest first), its theme and `bullet`,
        the reference of the first line of the paper that it comes from: all that its standing
        needs, in three queries.
        """
        first_bullet = (
            BulletOutcome.objects.filter(action=OuterRef("pk"))
            .order_by("id")
            .values("bullet__reference")[:1]
        )
        return (
            self.known(position)
            .select_related("theme")
            .annotate(bullet=Subquery(first_bullet))
            .prefetch_related(
                Prefetch("updates", queryset=updates, to_attr="known_updates"),
                Prefetch(
                    "date_changes",
                    queryset=DateChange.objects.at(position),
                    to_attr="known_date_changes",
                ),
            )
        )


def known_judgements() -> Prefetch:
    """An action's judgements as `known_judgements`, the main one first."""
    links = ActionJudgement.objects.select_related("judgement")
    return Prefetch(
        "action_judgements",
        queryset=links.order_by("-is_main", "judgement__order"),
        to_attr="known_judgements",
    )


class ActionKind(models.TextChoices):
    ACTION = "action", "action"
    MILESTONE = "milestone", "milestone"
    STANDING_ARRANGEMENT = "standing_arrangement", "standing arrangement"


class Action(models.Model):
    """What was promised. Its reference is never reused and its first due date never changes."""

    Kind = ActionKind

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="actions")
    reference = models.CharField(max_length=12, unique=True)
    order = models.PositiveIntegerField(help_text="Place among the plan's actions.")
    title = models.CharField(max_length=120)
    description = models.TextField(help_text="What was promised.")
    impact_sought = models.TextField(blank=True)
    owner_service = models.CharField(max_length=120, blank=True)
    owner_role = models.CharField(max_length=120, blank=True, help_text="A role or a body.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="actions_owned",
        help_text="Who is asked for its updates; members read the service.",
    )
    comes_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="became",
        help_text="The action it was split from, or that it carries on in a later plan.",
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    first_due_on = models.DateField(null=True, blank=True)
    first_due_precision = models.CharField(max_length=5, choices=DatePrecision.choices, blank=True)
    first_due_words = models.CharField(max_length=80, blank=True)
    first_due_basis = models.CharField(max_length=10, choices=DateBasis.choices)
    cabinet_on = models.DateField(null=True, blank=True)
    cabinet_precision = models.CharField(
        max_length=5, choices=CalendarPrecision.choices, blank=True
    )
    judgements = models.ManyToManyField(
        Judgement, through="ActionJudgement", related_name="actions"
    )
    indicators = models.ManyToManyField("performance.Indicator", blank=True, related_name="actions")
    note = models.TextField(blank=True)
    known_from = models.DateTimeField()

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["theme", "order", "id"]
        constraints = [
            closed_set("improvement_action_kind_is_known", "kind", ActionKind),
            closed_set(
                "improvement_action_first_due_precision_is_known",
                "first_due_precision",
                DatePrecision,
                blank=True,
            ),
            closed_set("improvement_action_first_due_basis_is_known", "first_due_basis", DateBasis),
            closed_set(
                "improvement_action_cabinet_precision_is_known",
                "cabinet_precision",
                CalendarPrecision,
                blank=True,
            ),
            models.CheckConstraint(
                name="improvement_action_due_date_has_a_precision",
                condition=Q(first_due_on__isnull=True) | ~Q(first_due_precision=""),
            ),
            models.CheckConstraint(
                name="improvement_action_due_in_words_has_words",
                condition=~Q(first_due_precision="words") | ~Q(first_due_words=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("improvement:action", args=[self.reference])

    def is_known(self, position: Position) -> bool:
        """What `known` asks of the database, of an action that has been fetched."""
        return self.known_from <= position.known_at

    @property
    def first_due(self) -> PartialDate:
        return PartialDate(self.first_due_on, self.first_due_precision, self.first_due_words)  # type: ignore[arg-type]

    @property
    def cabinet(self) -> PartialDate:
        return PartialDate(self.cabinet_on, self.cabinet_precision)  # type: ignore[arg-type]


class ActionJudgement(models.Model):
    """Which judgements an action serves; one of them is its main one."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="action_judgements")
    judgement = models.ForeignKey(
        Judgement, on_delete=models.PROTECT, related_name="action_judgements"
    )
    is_main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["action", "judgement"], name="improvement_actionjudgement_once"
            ),
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(is_main=True),
                name="improvement_actionjudgement_one_main",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action.reference}: {self.judgement}"


class Evidence(models.Model):
    """An indicator that speaks to a judgement or to a theme."""

    indicator = models.ForeignKey(
        "performance.Indicator", on_delete=models.PROTECT, related_name="evidence"
    )
    judgement = models.ForeignKey(
        Judgement, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    theme = models.ForeignKey(
        Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    is_main = models.BooleanField(default=False, help_text="The indicator's one main judgement.")

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                name="improvement_evidence_judgement_or_theme",
                condition=Q(judgement__isnull=False, theme__isnull=True)
                | Q(judgement__isnull=True, theme__isnull=False, is_main=False),
            ),
            models.UniqueConstraint(
                fields=["indicator", "judgement"], name="improvement_evidence_judgement_once"
            ),
            models.UniqueConstraint(
                fields=["indicator", "theme"], name="improvement_evidence_theme_once"
            ),
            models.UniqueConstraint(
                fields=["indicator"],
                condition=Q(is_main=True),
                name="improvement_evidence_one_main_judgement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} for {self.judgement or self.theme}"
