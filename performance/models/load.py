import json
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from performance.models.closed_sets import closed_set
from performance.models.versioned import DateBasis


class LoadState(models.TextChoices):
    REFUSED = "refused", "refused"
    SCREENED = "screened", "screened, not loaded"
    LOADED = "loaded", "loaded"
    WITHDRAWN = "withdrawn", "withdrawn"
    LAPSED = "lapsed", "not loaded in time"


class LoadFormat(models.TextChoices):
    OWN = "own", "our own layout"
    PUBLISHED = "published", "published by the Department for Education"
    LAIT = "lait", "the Department’s Local Authority Interactive Tool"
    FOLDER = "folder", "a folder of our own files"
    WITHDRAWAL = "withdrawal", "withdrawal of a load"


class Load(models.Model):
    """A file that was read, or a withdrawal: who and when, what it held and what became of it.

    The bytes of a file are kept only while it is screened and waits to be loaded.
    """

    State = LoadState
    Format = LoadFormat

    received_at = models.DateTimeField(db_default=Now(), editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    loaded_at = models.DateTimeField(null=True, blank=True)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="In bytes.")
    format = models.CharField(max_length=12, choices=LoadFormat.choices)
    title = models.CharField(max_length=300, blank=True, help_text="What the file was read as.")
    content = models.BinaryField(null=True, blank=True)
    options = models.JSONField(
        default=dict, blank=True, help_text="What whoever gave the file said of it."
    )
    released_at = models.DateTimeField(
        null=True, blank=True, help_text="From when what it says was known; empty until loaded."
    )
    released_basis = models.CharField(
        max_length=10, choices=DateBasis.choices, default=DateBasis.STATED
    )
    is_back_load = models.BooleanField(default=False)
    repeats_are_kept = models.BooleanField(
        default=True,
        editable=False,
        help_text="Not of a file read before it was kept which figures a file gives again.",
    )
    rows_read = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_revised = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict, blank=True)
    reason = models.TextField(
        blank=True, help_text="Why figures were revised or withdrawn; members read it."
    )
    unlock_reason = models.TextField(
        blank=True, help_text="Why figures of a locked period were changed."
    )
    state = models.CharField(max_length=10, choices=LoadState.choices, default=LoadState.SCREENED)
    withdraws = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="withdrawal"
    )

    class Meta:
        ordering = ["-id"]
        permissions = [
            ("back_load", "Can load an earlier release after a later one"),
            ("withdraw_load", "Can withdraw a load"),
        ]
        constraints = [
            models.CheckConstraint(
                name="performance_load_sha256_is_hex",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
                | Q(withdraws__isnull=False, sha256=""),
            ),
            closed_set("performance_load_state_is_known", "state", LoadState),
            closed_set("performance_load_format_is_known", "format", LoadFormat),
            models.CheckConstraint(
                name="performance_load_loaded_has_its_instants",
                condition=~Q(state__in=["loaded", "withdrawn"])
                | Q(loaded_at__isnull=False, released_at__isnull=False),
            ),
            models.CheckConstraint(
                name="performance_load_keeps_bytes_only_while_screened",
                condition=Q(content__isnull=True) | Q(state="screened"),
            ),
            models.CheckConstraint(
                name="performance_load_withdrawal_has_a_reason",
                condition=Q(withdraws__isnull=True) | ~Q(reason=""),
            ),
            models.UniqueConstraint(
                name="performance_load_file_once",
                fields=["sha256"],
                condition=Q(state="loaded", format="own"),
            ),
        ]

    @property
    def report_print(self) -> str:
        """Tells the report from another that the same load carried before, or will."""
        return sha256(json.dumps(self.report, sort_keys=True).encode()).hexdigest()

    def __str__(self) -> str:
        return f"Load {self.pk}: {self.file_name}"


class SetAside(models.Model):
    """A figure that a withdrawal took out of the record, whole: nobody could have read it on an
    earlier day, so no earlier day shows it either. Kept for audit alone."""

    load = models.ForeignKey(Load, on_delete=models.PROTECT, related_name="+")
    withdrawal = models.ForeignKey(Load, on_delete=models.PROTECT, related_name="set_aside")
    figure = models.JSONField()

    class Meta:
        verbose_name_plural = "figures set aside"

    def __str__(self) -> str:
        return f"A figure of {self.load}, set aside"


class PeriodLockQuerySet(models.QuerySet):
    def in_force(self) -> "PeriodLockQuerySet":
        return self.filter(lifted_at__isnull=True)


class PeriodLock(models.Model):
    """The council's own figures of periods that end within these days may not change any more."""

    period_start = models.DateField()
    period_end = models.DateField()
    reason = models.TextField()
    locked_at = models.DateTimeField(db_default=Now(), editable=False)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_reason = models.TextField(blank=True)

    objects = PeriodLockQuerySet.as_manager()

    class Meta:
        ordering = ["-period_end", "-id"]
        permissions = [("unlock_period", "Can change figures of a locked period, with a reason")]
        constraints = [
            models.CheckConstraint(
                name="performance_periodlock_starts_before_it_ends",
                condition=Q(period_start__lte=F("period_end")),
            ),
            models.CheckConstraint(
                name="performance_periodlock_has_a_reason", condition=~Q(reason="")
            ),
            models.CheckConstraint(
                name="performance_periodlock_lifted_whole",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Locked: {self.period_start} to {self.period_end}"
