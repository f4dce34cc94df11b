from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from performance.calculations import figures
from performance.calculations.targets import Bounds
from performance.models.area import Area
from performance.models.closed_sets import closed_set
from performance.models.indicator import Series
from performance.models.load import Load, PeriodLock
from performance.models.versioned import Versioned, VersionedQuerySet


class Period(models.Model):
    """First and last day of what a figure is about, and how the source words it."""

    period_start = models.DateField()
    period_end = models.DateField()
    period_label = models.CharField(max_length=80)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_period_starts_before_it_ends",
                condition=Q(period_start__lte=F("period_end")),
            )
        ]


class MeasurementQuerySet(VersionedQuerySet):
    """Pages read figures through `shown.read_shown`, which hides small numbers."""

    def for_area(self, code: str) -> Self:
        return self.filter(area__code=code)

    def of_locked_periods(self) -> Self:
        """The council's own figures of periods that a lock in force holds."""
        locks = PeriodLock.objects.in_force().filter(
            period_start__lte=OuterRef("period_end"), period_end__gte=OuterRef("period_end")
        )
        return self.filter(Exists(locks), area__code=settings.COUNCIL_CODE)

    def with_series(self) -> Self:
        return self.select_related("series__indicator")


class Measurement(Versioned, Period):
    """One value, or the reason why there is none, of one series for one area and period."""

    class Symbol(models.TextChoices):
        SUPPRESSED = "suppressed", "suppressed: a small number could name a child"
        NOT_APPLICABLE = "not_applicable", "not applicable"
        NOT_AVAILABLE = "not_available", "not available"
        ROUNDS_TO_ZERO = "rounds_to_zero", "rounds to zero, but is not zero"
        LOW_RELIABILITY = "low_reliability", "low reliability"
        MISSING = "missing", "missing without a reason given"

    # The database keeps all three by triggers that look once at everything that a statement puts
    # in: looking row by row takes two thirds of the time of a large load.
    series = models.ForeignKey(
        Series, on_delete=models.PROTECT, related_name="measurements", db_constraint=False
    )
    # Its own index by area alone would repeat the first column of the one below.
    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        related_name="measurements",
        db_constraint=False,
        db_index=False,
    )
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    symbol = models.CharField(max_length=16, choices=Symbol.choices, blank=True)
    symbol_as_published = models.CharField(max_length=8, blank=True)
    is_provisional = models.BooleanField(default=False)
    is_revised = models.BooleanField(default=False)
    is_estimated = models.BooleanField(default=False)
    is_undated = models.BooleanField(default=False, help_text="The source gives no date.")
    is_series_break = models.BooleanField(default=False)
    numerator = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    note = models.TextField(blank=True)
    load = models.ForeignKey(
        Load,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="measurements",
        db_constraint=False,
        db_index=False,
    )
    repeated_by = ArrayField(
        models.BigIntegerField(),
        default=list,
        db_default=models.Value([], output_field=ArrayField(models.BigIntegerField())),
        editable=False,
        help_text="Later loads whose files gave the same figure again.",
    )

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        constraints = [
            *Versioned.Meta.constraints,
            *Period.Meta.constraints,
            models.CheckConstraint(
                name="performance_measurement_value_or_symbol",
                condition=Q(value__isnull=False, symbol="")
                | (Q(value__isnull=True) & ~Q(symbol="")),
                violation_error_message="A figure has either a value or the reason for none.",
            ),
            models.UniqueConstraint(
                name="performance_measurement_one_current",
                fields=["series", "area", "period_start", "period_end"],
                condition=Q(known_until__isnull=True),
            ),
            closed_set(
                "performance_measurement_symbol_is_known", "symbol", figures.Symbol, blank=True
            ),
            models.CheckConstraint(
                name="performance_measurement_denominator_not_negative",
                condition=Q(denominator__isnull=True) | Q(denominator__gte=0),
            ),
        ]
        indexes = [
            models.Index(
                fields=["area", "series", "-period_end"], name="performance_measurement_area"
            ),
            # A load's figures lie side by side, so that a few numbers a block tell where.
            BrinIndex(fields=["load"], name="performance_measurement_load"),
        ]

    @property
    def figure(self) -> figures.Figure:
        """What the rules are given of it."""
        return figures.Figure(
            start=self.period_start,
            end=self.period_end,
            label=self.period_label,
            value=self.value,
            symbol=figures.Symbol(self.symbol) if self.symbol else None,
            is_provisional=self.is_provisional,
            is_revised=self.is_revised,
            is_estimated=self.is_estimated,
            is_undated=self.is_undated,
            is_series_break=self.is_series_break,
            numerator=self.numerator,
            denominator=self.denominator,
            note=self.note,
        )

    def __str__(self) -> str:
        shown = self.get_symbol_display() if self.value is None else self.value
        return f"{self.series} {self.period_label}: {shown}"


class Target(Versioned, Period):
    """What a council means a series to reach in a period: a floor, a ceiling or a range."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="targets")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="targets")
    low = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    profile = models.JSONField(
        null=True, blank=True, help_text="Cumulative value expected by each day of the period."
    )
    basis = models.TextField(blank=True, help_text="Why this target, and in whose words.")
    set_by = models.CharField(max_length=120, blank=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        constraints = [
            *Versioned.Meta.constraints,
            *Period.Meta.constraints,
            models.UniqueConstraint(
                name="performance_target_one_current",
                fields=["series", "area", "period_start", "period_end"],
                condition=Q(known_until__isnull=True),
            ),
            models.CheckConstraint(
                name="performance_target_has_a_bound",
                condition=Q(low__isnull=False) | Q(high__isnull=False),
            ),
            models.CheckConstraint(
                name="performance_target_low_not_above_high",
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
            ),
        ]

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.low, self.high, self.period_end)

    def __str__(self) -> str:
        return f"{self.series} {self.period_label}: {self.low} to {self.high}"
