"""Rounds in which officers are asked, and what they have typed and not sent."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from improvement.models.plan import Plan


class UpdateRoundQuerySet(models.QuerySet):
    def asking(self, on: date) -> Self:
        """Those that ask on the day: opened by then, not released, and of a plan that no other has
        taken the place of."""
        kept = Plan.objects.kept(on)
        return self.filter(opens_on__lte=on, released_at__isnull=True, plan__in=kept)

    def current(self, plan_id: int, on: date) -> Self:
        """The plan's round that asks on the day."""
        return self.asking(on).filter(plan=plan_id)


class UpdateRound(models.Model):
    """Before a panel meeting, officers are asked how their actions stand; it ends with a release,
    or when another plan takes the place of its own.

    The dates are what was asked for; `released_at` is when the Director released, once.
    """

    plan = models.ForeignKey("improvement.Plan", on_delete=models.PROTECT, related_name="rounds")
    title = models.CharField(max_length=120)
    opens_on = models.DateField()
    updates_due_on = models.DateField()
    figures_due_on = models.DateField()
    release_on = models.DateField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)

    objects = UpdateRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "-id"]
        permissions = [
            ("open_round", "Can open a round of updates and change its dates"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(released_at__isnull=True),
                name="improvement_updateround_one_under_way",
            ),
            models.CheckConstraint(
                name="improvement_updateround_dates_in_order",
                condition=Q(opens_on__lte=F("updates_due_on"))
                & Q(updates_due_on__lte=F("release_on"))
                & Q(opens_on__lte=F("figures_due_on"))
                & Q(figures_due_on__lte=F("release_on")),
            ),
            models.CheckConstraint(
                name="improvement_updateround_released_by_somebody",
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """As events call it: two rounds may have one title."""
        return f"{self.title} ({self.plan.slug}/{self.pk})"


class UpdateDraft(models.Model):
    """What a person has typed of an action and not yet sent. It changes; nobody else reads it.

    `opened_at` is what stood when the box was opened (see `changes.updates.state_of`), `revision`
    grows with every save, so that one of two windows never saves over the other.
    """

    action = models.ForeignKey(
        "improvement.Action", on_delete=models.PROTECT, related_name="drafts"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="update_drafts"
    )
    words = models.JSONField(default=dict, help_text="What stands in each box, by its name.")
    opened_at = models.CharField(max_length=40)
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["action", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "person"], name="improvement_updatedraft_one_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.action}: draft"
