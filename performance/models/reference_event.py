from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from performance.models.closed_sets import closed_set


class EventKind(models.TextChoices):
    INDICATOR = "indicator", "indicator"
    SERIES = "series", "series"
    TARGET = "target", "target"
    PANEL_SET = "panel_set", "the panel’s set"
    COMPARATOR_GROUP = "comparator_group", "comparator group"


class EventDone(models.TextChoices):
    ADDED = "added", "added"
    CHANGED = "changed", "changed"


class ReferenceEventQuerySet(models.QuerySet):
    def about(self, kind: str, key: str) -> Self:
        return self.filter(kind=kind, key=key)


class ReferenceEvent(models.Model):
    """Who changed what in the reference data, when, from what to what, and why.

    It names the thing by its code, with no foreign key: it outlives whatever it is about. Rows
    are only ever added; triggers refuse the rest.
    """

    Kind = EventKind
    Done = EventDone

    at = models.DateTimeField(db_default=Now(), editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=200, help_text="The code of what was added or changed.")
    done = models.CharField(max_length=10, choices=Done.choices)
    before = models.JSONField(default=dict, blank=True, help_text="Only what changed.")
    after = models.JSONField(default=dict, blank=True, help_text="Only what changed.")
    reason = models.TextField()

    objects = ReferenceEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "key", "-id"], name="performance_refevent_about")]
        constraints = [
            closed_set("performance_referenceevent_kind_is_known", "kind", EventKind),
            closed_set("performance_referenceevent_done_is_known", "done", EventDone),
            models.CheckConstraint(
                name="performance_referenceevent_has_a_reason", condition=~Q(reason="")
            ),
            models.CheckConstraint(
                name="performance_referenceevent_holds_a_change",
                condition=~Q(before=F("after")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}: {self.done}"
