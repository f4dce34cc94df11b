from datetime import date
from typing import Self

from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, When

from improvement.models.partial_dates import CalendarPrecision
from performance.calculations.partial_date import PartialDate
from performance.calculations.position import Position
from performance.models import DateBasis, Measurement, Target, closed_set, known_by


class PaperQuerySet(models.QuerySet):
    def at(self, position: Position) -> Self:
        return self.filter(known_by(position))


class Paper(models.Model):
    """A report that facts were read from: a panel's paper, an inspection report."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=250)
    publisher = models.CharField(max_length=120)
    meeting_on = models.DateField(null=True, blank=True)
    about_on = models.DateField(null=True, blank=True, help_text="The day whose position it gives.")
    about_precision = models.CharField(max_length=5, choices=CalendarPrecision.choices, blank=True)
    published_on = models.DateField()
    published_basis = models.CharField(max_length=10, choices=DateBasis.choices)
    known_from = models.DateTimeField()
    considered_by = models.TextField(blank=True)
    recommendations = models.TextField(blank=True)
    not_held = models.TextField(blank=True, help_text="Parts that it refers to and we do not have.")
    note = models.TextField(blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["published_on", "slug"]
        constraints = [
            closed_set(
                "improvement_paper_about_precision_is_known",
                "about_precision",
                CalendarPrecision,
                blank=True,
            ),
            closed_set("improvement_paper_published_basis_is_known", "published_basis", DateBasis),
        ]

    def __str__(self) -> str:
        return self.title

    def is_known(self, position: Position) -> bool:
        """What `at` asks of the database, of a paper that has been fetched."""
        return self.known_from <= position.known_at

    @property
    def about(self) -> PartialDate:
        return PartialDate(self.about_on, self.about_precision)  # type: ignore[arg-type]


class BulletQuerySet(models.QuerySet):
    def at(self, position: Position) -> Self:
        return self.filter(known_by(position, "paper__"))


class Bullet(models.Model):
    """One line of a paper, in short, with its number and place in it."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="bullets")
    theme = models.ForeignKey("improvement.Theme", on_delete=models.PROTECT, related_name="bullets")
    reference = models.CharField(max_length=10)
    order = models.PositiveIntegerField()
    line = models.PositiveIntegerField(help_text="Line of the paper's text.")
    statement = models.TextField()
    note = models.TextField(blank=True)

    objects = BulletQuerySet.as_manager()

    class Meta:
        ordering = ["paper", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "reference"], name="improvement_bullet_reference_once_per_paper"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.statement}"


PeriodKey = tuple[int | None, int | None, date | None, date | None]

_PERIOD = ("series", "area", "period_start", "period_end")
_PERIOD_SET = {f"{field}__isnull": False for field in _PERIOD}
_PERIOD_UNSET = {f"{field}__isnull": True for field in _PERIOD}


class BulletOutcomeQuerySet(models.QuerySet):
    def with_versions(self, position: Position) -> Self:
        """Each with `figure_id` and `target_id`: the version known at the position, or None."""
        key = {field: OuterRef(field) for field in _PERIOD}
        figures = Measurement.objects.at(position).filter(**key)
        targets = Target.objects.at(position).filter(**key)
        return self.annotate(
            figure_id=Case(When(kind="figure", then=Subquery(figures.values("pk")[:1]))),
            target_id=Case(When(kind="target", then=Subquery(targets.values("pk")[:1]))),
        )


class BulletOutcome(models.Model):
    """What a bullet became: an action, a figure, a target, a statement or a finding.

    A fact that can be revised is cited by its key and never by one version of it: what a page
    shows is the version that was known at the page's position.
    """

    class Kind(models.TextChoices):
        ACTION = "action", "action"
        FIGURE = "figure", "figure"
        TARGET = "target", "target"
        STATEMENT = "statement", "statement"
        FINDING = "finding", "finding"

    bullet = models.ForeignKey(Bullet, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    action = models.ForeignKey(
        "improvement.Action",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bullet_outcomes",
    )
    series = models.ForeignKey(
        "performance.Series",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bullet_outcomes",
    )
    area = models.ForeignKey(
        "performance.Area",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bullet_outcomes",
    )
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    reference = models.CharField(
        max_length=20, blank=True, help_text="Of the statement or the finding."
    )

    objects = BulletOutcomeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="improvement_bulletoutcome_key_fits_its_kind",
                condition=Q(kind="action", action__isnull=False, reference="", **_PERIOD_UNSET)
                | Q(kind__in=["figure", "target"], action__isnull=True, reference="", **_PERIOD_SET)
                | Q(Q(kind__in=["statement", "finding"], action__isnull=True, **_PERIOD_UNSET),
                    ~Q(reference="")),
            ),
            models.UniqueConstraint(
                name="improvement_bulletoutcome_once",
                fields=["bullet", "kind", "action", "series", "area", "period_start",
                        "period_end", "reference"],
                nulls_distinct=False,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        became = self.action or self.reference or f"{self.series}, {self.period_end}"
        return f"{self.bullet.reference} → {became}"

    @property
    def period_key(self) -> PeriodKey:
        """What a figure or a target is of; its versions share it."""
        return self.series_id, self.area_id, self.period_start, self.period_end
