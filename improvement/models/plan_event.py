from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Now
from django.db.models.lookups import Contains

from performance.calculations.position import Position
from performance.models import closed_set, known_by


class EventKind(models.TextChoices):
    PLAN = "plan", "plan"
    THEME = "theme", "theme"
    ACTION = "action", "action"
    ROUND = "round", "round of updates"
    REMOVAL = "removal", "personal information"


class EventDone(models.TextChoices):
    ADDED = "added", "added"
    LOADED = "loaded", "loaded from a file"
    REWORDED = "reworded", "reworded"
    ASSIGNED = "assigned", "given to somebody"
    LINKED = "linked", "linked"
    SPLIT = "split", "split"
    DATE_MOVED = "date_moved", "date moved"
    SUBMITTED = "submitted", "sent an update of"
    APPROVED = "approved", "approved an update of"
    RETURNED = "returned", "returned an update of"
    RELEASED = "released", "released"
    OPENED = "opened", "opened"
    CHANGED = "changed", "changed"
    ASKED = "asked", "asked to take out"
    CONFIRMED = "confirmed", "confirmed taking out"
    DECLINED = "declined", "put back"


WHY_UNSAID = [EventDone.SUBMITTED, EventDone.APPROVED, EventDone.RETURNED, EventDone.SPLIT]


class PlanEventQuerySet(models.QuerySet):
    def about(self, kind: str, key: str) -> Self:
        return self.filter(kind=kind, key=key)

    def at(self, position: Position) -> Self:
        return self.filter(known_by(position))

    def why_unsaid(self) -> Self:
        """Those whose reason speaks of, or stands in, an update that others may not read yet."""
        # Where an action goes on beside what it was split into no update stops it.
        going_on = Q(done=EventDone.SPLIT, after__contains={"goes_on": True})
        return self.filter(done__in=WHY_UNSAID).exclude(going_on)


class PlanEvent(models.Model):
    """Who did what to the plan, when, from what to what, and why.

    It names the thing by its reference, slug or title, with no foreign key: it outlives whatever
    it is about. Rows are only ever added; triggers refuse the rest. `at` is the clock's,
    `known_from` the position's, as everywhere.
    """

    Kind = EventKind
    Done = EventDone

    at = models.DateTimeField(db_default=Now(), editable=False)
    known_from = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Nobody where it was done from the command line.",
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=200, help_text="Its reference, slug or title.")
    theme = models.CharField(
        max_length=50, blank=True, help_text="Slug of its theme, where it has one."
    )
    done = models.CharField(max_length=12, choices=Done.choices)
    before = models.JSONField(default=dict, blank=True, help_text="Only what changed.")
    after = models.JSONField(default=dict, blank=True, help_text="Only what changed.")
    reason = models.TextField(blank=True)

    objects = PlanEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [
            ("view_activity", "Can read who did what to the plan"),
            ("ask_removal", "Can ask to take personal information out"),
            ("confirm_removal", "Can confirm taking out, or put back"),
        ]
        indexes = [models.Index(fields=["kind", "key", "-id"], name="improvement_event_about")]
        constraints = [
            closed_set("improvement_planevent_kind_is_known", "kind", EventKind),
            closed_set("improvement_planevent_done_is_known", "done", EventDone),
            models.CheckConstraint(
                name="improvement_planevent_holds_a_change",
                # Two words that were taken out read the same.
                condition=~Q(before=F("after"))
                | Q(Contains(Cast("after", models.TextField()), "personal information")),
            ),
        ]

    @property
    def is_why_unsaid(self) -> bool:
        """What `why_unsaid` asks of the database, of an event that has been fetched."""
        goes_on = self.done == EventDone.SPLIT and self.after.get("goes_on") is True
        return self.done in WHY_UNSAID and not goes_on

    def __str__(self) -> str:
        return f"{self.get_done_display()} {self.get_kind_display()} {self.key}"
