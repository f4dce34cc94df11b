from typing import Self

from django.db import models
from django.db.models import Q

from improvement.models.partial_dates import DatePrecision
from performance.calculations.partial_date import PartialDate
from performance.calculations.position import Position
from performance.models import DateBasis


class PaperQuerySet(models.QuerySet):
    def at(self, position: Position) -> Self:
        return self.filter(known_from__lte=position.known_at)


class Paper(models.Model):
    """A report that facts were read from: a panel's paper, an inspection report."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=250)
    publisher = models.CharField(max_length=120)
    meeting_on = models.DateField(null=True, blank=True)
    about_on = models.DateField(null=True, blank=True, help_text="The day whose position it gives.")
    about_precision = models.CharField(max_length=5, choices=DatePrecision.choices, blank=True)
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

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> PartialDate:
        return PartialDate(self.about_on, self.about_precision)  # type: ignore[arg-type]


class Bullet(models.Model):
    """One line of a paper, in short, with its number and place in it."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="bullets")
    theme = models.ForeignKey("improvement.Theme", on_delete=models.PROTECT, related_name="bullets")
    reference = models.CharField(max_length=10)
    order = models.PositiveIntegerField()
    line = models.PositiveIntegerField(help_text="Line of the paper's text.")
    statement = models.TextField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["paper", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "reference"], name="improvement_bullet_reference_once_per_paper"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.statement}"


_OUTCOMES = ("action", "measurement", "target", "statement", "finding")


def _exactly_one(fields: tuple[str, ...]) -> Q:
    """Exactly one of the nullable keys is set."""
    condition = Q()
    for chosen in fields:
        condition |= Q(**{f"{field}__isnull": field != chosen for field in fields})
    return condition


class BulletOutcome(models.Model):
    """What a bullet became: an action, a figure, a target, a statement or a finding."""

    bullet = models.ForeignKey(Bullet, on_delete=models.PROTECT, related_name="outcomes")
    action = models.ForeignKey(
        "improvement.Action",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bullet_outcomes",
    )
    measurement = models.ForeignKey(
        "performance.Measurement",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bullet_outcomes",
    )
    target = models.ForeignKey(
        "performance.Target",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bullet_outcomes",
    )
    statement = models.ForeignKey(
        "improvement.Statement",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bullet_outcomes",
    )
    finding = models.ForeignKey(
        "improvement.Finding",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bullet_outcomes",
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="improvement_bulletoutcome_is_exactly_one", condition=_exactly_one(_OUTCOMES)
            ),
            *[
                models.UniqueConstraint(
                    fields=["bullet", field], name=f"improvement_bulletoutcome_{field}_once"
                )
                for field in _OUTCOMES
            ],
        ]

    def __str__(self) -> str:
        became = next(getattr(self, field) for field in _OUTCOMES if getattr(self, f"{field}_id"))
        return f"{self.bullet.reference} → {became}"
