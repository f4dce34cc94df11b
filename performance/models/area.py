from django.db import models
from django.db.models import Q


class Area(models.Model):
    """A council, a region or the country. Its 3-digit code outlives changes of ONS code."""

    class Kind(models.TextChoices):
        COUNCIL = "council", "council"
        REGION = "region", "region"
        COUNTRY = "country", "country"

    code = models.CharField(max_length=3, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ons_code = models.CharField(max_length=9, blank=True)
    region = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="councils"
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="performance_area_code_is_three_digits", condition=Q(code__regex=r"^[0-9]{3}$")
            )
        ]

    def __str__(self) -> str:
        return self.name


class AreaCode(models.Model):
    """An ONS code that an area had for a time; files of those years carry it."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="former_codes")
    ons_code = models.CharField(max_length=9)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "ons_code"], name="performance_areacode_once_per_area"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ons_code} ({self.area})"


class ComparatorGroup(models.Model):
    """One published list of neighbours; a later list is another group, never an update."""

    class Statistic(models.TextChoices):
        MEAN = "mean", "mean"
        MEDIAN = "median", "median"

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    source = models.TextField()
    in_force_from = models.DateField(null=True, blank=True)
    statistic = models.CharField(
        max_length=6,
        choices=Statistic.choices,
        default=Statistic.MEDIAN,
        help_text="Which average a sentence uses; a page names it and gives both.",
    )

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title


class ComparatorMember(models.Model):
    """`area` is the `rank`th nearest neighbour of `for_area` in the group's model."""

    group = models.ForeignKey(ComparatorGroup, on_delete=models.CASCADE, related_name="members")
    for_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="neighbour_lists")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="neighbour_of")
    rank = models.PositiveSmallIntegerField()
    closeness = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["group", "for_area", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "for_area", "rank"], name="performance_comparator_one_per_rank"
            ),
            models.UniqueConstraint(
                fields=["group", "for_area", "area"], name="performance_comparator_area_once"
            ),
            models.CheckConstraint(
                name="performance_comparator_not_itself",
                condition=~Q(area=models.F("for_area")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.area}"
