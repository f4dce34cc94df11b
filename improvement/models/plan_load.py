"""A spreadsheet of the plan that was given on a page or to the command."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from performance.models import closed_set


class PlanLoadState(models.TextChoices):
    REFUSED = "refused", "refused"
    SCREENED = "screened", "read, not loaded"
    LOADED = "loaded", "loaded"
    DISCARDED = "discarded", "discarded"
    LAPSED = "lapsed", "not loaded in time"


class PlanLoad(models.Model):
    """A spreadsheet of the plan: who gave it and when, and what became of it.

    Its bytes are kept only while it waits to be loaded; what was read in it, the words of a report
    or a refusal, is forgotten with them or a day later. What a load changed is told by its events.
    """

    State = PlanLoadState

    plan = models.ForeignKey("improvement.Plan", on_delete=models.PROTECT, related_name="loads")
    received_at = models.DateTimeField(db_default=Now(), editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    loaded_at = models.DateTimeField(null=True, blank=True)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    file_name = models.CharField(max_length=255)
    sheet = models.CharField(max_length=80, blank=True, help_text="Which sheet was asked for.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(default=0, help_text="In bytes.")
    content = models.BinaryField(null=True, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_absent = models.PositiveIntegerField(default=0)
    problems = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=PlanLoadState.choices)

    class Meta:
        ordering = ["-id"]
        constraints = [
            closed_set("improvement_planload_state_is_known", "state", PlanLoadState),
            models.CheckConstraint(
                name="improvement_planload_sha256_is_hex",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="improvement_planload_keeps_bytes_only_while_screened",
                condition=Q(content__isnull=True) | Q(state="screened"),
            ),
            models.CheckConstraint(
                name="improvement_planload_keeps_words_only_while_read",
                condition=Q(report={}) | Q(state__in=["screened", "refused"]),
            ),
            models.CheckConstraint(
                name="improvement_planload_loaded_has_an_instant_and_a_reason",
                condition=~Q(state="loaded") | Q(loaded_at__isnull=False) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Plan load {self.pk}: {self.file_name}"
