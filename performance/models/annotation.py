from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from performance.models.area import Area
from performance.models.closed_sets import closed_set
from performance.models.indicator import Series
from performance.models.measurement import Period
from performance.models.versioned import Versioned, VersionedQuerySet


class AnnotationKind(models.TextChoices):
    VALUE = "value", "about one figure"
    PERIOD = "period", "about a period, whatever the figure"
    BREAK = "break", "from this period on figures are counted differently"


class AnnotationQuerySet(VersionedQuerySet):
    def about(self, series: Iterable[Series], area_code: str) -> Self:
        """What is said of any of the series, or of a period of every series, for the area."""
        return self.filter(Q(series__in=series) | Q(series__isnull=True), area__code=area_code)


class Annotation(Versioned, Period):
    """What an officer says of a figure, a period or a break, and why. It is closed, never changed.

    A break parts a series: figures before it are not compared with those from it on.
    """

    Kind = AnnotationKind

    kind = models.CharField(max_length=8, choices=AnnotationKind.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="annotations")
    series = models.ForeignKey(
        Series,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="annotations",
        help_text="Empty only where it is about a period of every series.",
    )
    words = models.TextField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_reason = models.TextField(blank=True)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["-period_end", "-id"]
        constraints = [
            *Versioned.Meta.constraints,
            *Period.Meta.constraints,
            closed_set("performance_annotation_kind_is_known", "kind", AnnotationKind),
            models.CheckConstraint(name="performance_annotation_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="performance_annotation_only_a_period_has_no_series",
                condition=Q(series__isnull=False) | Q(kind="period"),
            ),
            models.CheckConstraint(
                name="performance_annotation_closed_whole",
                condition=Q(known_until__isnull=True, closed_by__isnull=True, closed_reason="")
                | (Q(known_until__isnull=False, closed_by__isnull=False) & ~Q(closed_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.period_label}"
