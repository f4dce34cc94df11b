from django.db import models
from django.db.models import Q

from performance.calculations import figures
from performance.models.closed_sets import closed_set


class Indicator(models.Model):
    """What is measured, and which way is good. Its values live in series, one per source."""

    class Polarity(models.TextChoices):
        HIGHER = "higher", "higher is better"
        LOWER = "lower", "lower is better"
        NEITHER = "neither", "neither way is better"
        RANGE = "range", "the council has set a range"

    class Kind(models.TextChoices):
        PERFORMANCE = "performance", "performance"
        CONTEXT = "context", "context"

    code = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    short_title = models.CharField(max_length=100)
    definition = models.TextField()
    why_it_matters = models.TextField(blank=True)
    good_looks_like = models.TextField(blank=True)
    unit = models.CharField(max_length=40, help_text="“%”, “children”, “carers”, …")
    decimals = models.PositiveSmallIntegerField(default=0)
    polarity = models.CharField(max_length=10, choices=Polarity.choices)
    polarity_basis = models.TextField(
        blank=True, help_text="Who decided which way is good, and why, where it is not plain."
    )
    tolerance = models.DecimalField(
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="How far from its target a figure still counts as close to it, in the "
        "indicator's unit. Empty where the council has agreed none.",
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    owner = models.CharField(max_length=120, blank=True, help_text="A service, never a person.")
    next_due_on = models.DateField(null=True, blank=True)
    in_panel_set = models.BooleanField(default=False)
    is_key = models.BooleanField(default=False, help_text="One of the dozen shown first.")
    counts_children = models.BooleanField(
        default=False, help_text="A count of children: a small number could name a child."
    )
    part_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            # Blank while a load is read: a row whose polarity is wrong is written before the
            # whole load is refused.
            closed_set(
                "performance_indicator_polarity_is_known", "polarity", figures.Polarity, blank=True
            ),
            models.CheckConstraint(
                name="performance_indicator_key_is_in_panel_set",
                condition=Q(is_key=False) | Q(in_panel_set=True),
            ),
            models.CheckConstraint(
                name="performance_indicator_not_part_of_itself",
                condition=Q(part_of__isnull=True) | ~Q(part_of=models.F("id")),
            ),
            models.CheckConstraint(
                name="performance_indicator_tolerance_not_negative",
                condition=Q(tolerance__isnull=True) | Q(tolerance__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.short_title


class Series(models.Model):
    """An indicator from one source under one version of its definition.

    The same fact from two sources, or under a changed definition, is two series: neither
    revises the other, and only series named in `comparable_with` are ever compared.
    """

    class KindOfFigure(models.TextChoices):
        IN_PERIOD = "in_period", "in the period"
        YEAR_TO_DATE = "year_to_date", "year to date"
        ROLLING = "rolling", "rolling twelve months"
        ON_A_DAY = "on_a_day", "on a day"

    class Suppression(models.TextChoices):
        AS_PUBLISHED = "as_published", "shown as published"
        LOCAL_THRESHOLD = "local_threshold", "small numbers hidden by the local rule"

    code = models.CharField(max_length=100, unique=True)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="series")
    source = models.TextField()
    source_short = models.CharField(max_length=80)
    definition = models.TextField(blank=True, help_text="Where it differs from the indicator's.")
    kind_of_figure = models.CharField(max_length=15, choices=KindOfFigure.choices)
    periods = models.CharField(max_length=120, help_text="Kinds of period allowed.")
    rounding = models.CharField(max_length=80, blank=True)
    suppression = models.CharField(max_length=20, choices=Suppression.choices)
    threshold = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Counts from 1 to this are hidden by the local rule.",
    )
    lowest = models.DecimalField(
        max_digits=20,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="No figure of it can be below this; empty where nothing is certain.",
    )
    highest = models.DecimalField(
        max_digits=20,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="No figure of it can be above this; empty where nothing is certain.",
    )
    order = models.PositiveSmallIntegerField(
        default=100, help_text="The lowest speaks for the indicator where only one series can."
    )
    next_published_on = models.DateField(
        null=True, blank=True, help_text="When the source is next published, where it says so."
    )
    comparable_with = models.ManyToManyField("self", blank=True)

    class Meta:
        ordering = ["indicator", "order", "code"]
        verbose_name_plural = "series"
        constraints = [
            models.CheckConstraint(
                name="performance_series_local_rule_has_a_threshold",
                condition=Q(suppression="as_published", threshold__isnull=True)
                # From 2: hiding only ones would say that they are ones. Without the first of the
                # two an empty threshold is neither true nor false, and the database lets it pass.
                | Q(suppression="local_threshold", threshold__isnull=False, threshold__gte=2),
            ),
            models.CheckConstraint(
                name="performance_series_lowest_not_above_highest",
                condition=Q(lowest__isnull=True)
                | Q(highest__isnull=True)
                | Q(lowest__lte=models.F("highest")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.source_short}"

    @property
    def measure(self) -> figures.Measure:
        """What the rules are told of it and of its indicator."""
        indicator = self.indicator
        return figures.Measure(
            title=indicator.short_title,
            unit=indicator.unit,
            decimals=indicator.decimals,
            polarity=figures.Polarity(indicator.polarity),
            kind_of_figure=figures.KindOfFigure(self.kind_of_figure),
            source=self.source_short,
            is_context=indicator.kind == Indicator.Kind.CONTEXT,
            tolerance=indicator.tolerance,
            counts_children=indicator.counts_children,
        )

    @property
    def is_under_local_rule(self) -> bool:
        return self.suppression == self.Suppression.LOCAL_THRESHOLD


class SeriesLink(models.Model):
    """What one series' counts have to do with another's, so that neither gives the other away.

    Parts of a total under one breakdown add up to it; a percentage or rate may be made from a
    count that another series shows, or be out of one.
    """

    class Role(models.TextChoices):
        PART_OF = "part_of", "is a part of"
        MADE_FROM = "made_from", "is made from"
        OUT_OF = "out_of", "is out of"

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="links")
    role = models.CharField(max_length=10, choices=Role.choices)
    of = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="linked_from")
    breakdown = models.SlugField(
        blank=True, help_text="Which parts add up: “by-activity”, “by-duration”. For parts only."
    )

    class Meta:
        ordering = ["of", "breakdown", "series"]
        constraints = [
            closed_set(
                "performance_serieslink_role_is_known", "role", ["part_of", "made_from", "out_of"]
            ),
            models.UniqueConstraint(
                fields=["series", "role", "of", "breakdown"], name="performance_serieslink_once"
            ),
            models.UniqueConstraint(
                fields=["series", "role"],
                condition=~Q(role="part_of"),
                name="performance_serieslink_one_numerator_and_denominator",
            ),
            models.CheckConstraint(
                name="performance_serieslink_not_to_itself", condition=~Q(series=models.F("of"))
            ),
            models.CheckConstraint(
                name="performance_serieslink_only_parts_have_a_breakdown",
                condition=Q(role="part_of") & ~Q(breakdown="")
                | (~Q(role="part_of") & Q(breakdown="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.get_role_display()} {self.of}"
