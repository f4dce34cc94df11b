"""Taking out words that lead to a person: who asked, who decided, and the texts meanwhile."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from performance.models import closed_set


class RemovalOutcome(models.TextChoices):
    CONFIRMED = "confirmed", "taken out"
    DECLINED = "declined", "put back"


class RemovalQuerySet(models.QuerySet):
    def undecided(self) -> Self:
        return self.filter(outcome="")


class Removal(models.Model):
    """One person asked for words to be taken out; another decides. Who, when and why are kept.

    `words` are what was looked for: they are gone once it is decided. Triggers keep the rest.
    """

    Outcome = RemovalOutcome

    words = models.TextField(blank=True)
    reason = models.TextField(help_text="Why, without the words.")
    hidden_on = models.DateField(help_text="The day that stands in the hidden texts.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_reason = models.TextField(blank=True)
    left = models.JSONField(
        default=list, blank=True, help_text="Where the words were found after they were taken out."
    )

    objects = RemovalQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            closed_set(
                "improvement_removal_outcome_is_known", "outcome", RemovalOutcome, blank=True
            ),
            models.CheckConstraint(
                name="improvement_removal_by_two_people",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="improvement_removal_words_until_decided",
                condition=~Q(words="")
                & Q(outcome="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(words="", decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(outcome="")
                & ~Q(decided_reason=""),
            ),
            models.CheckConstraint(
                name="improvement_removal_has_a_reason", condition=~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"Removal {self.pk}"


def print_of(texts: Iterable["SealedText"]) -> str:
    """By which a form says which texts somebody has read; another where there are others."""
    numbers = sorted(text.pk for text in texts)
    return sha256(" ".join(map(str, numbers)).encode()).hexdigest()


class SealedTextQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Those whose removal was not decided."""
        return self.filter(original__isnull=False)

    def places(self) -> models.QuerySet[Any, dict[str, Any]]:
        """The columns of rows in which they stand, each once: what the pages call a text."""
        return self.order_by().values("removal", "table", "row", "column").distinct()


class SealedText(models.Model):
    """A text that stood in one column of one row, until it is decided; no page, admin or file shows
    it.

    The database takes it only as it stands there, so that nothing else can be put back, and
    lets it be emptied only when it was decided. Where a text was changed and is sealed again, by
    another removal, the later one tells.
    """

    removal = models.ForeignKey(Removal, on_delete=models.PROTECT, related_name="texts")
    table = models.CharField(max_length=63, db_column="of_table")
    row = models.BigIntegerField(db_column="of_row")
    column = models.CharField(max_length=63, db_column="of_column")
    path = ArrayField(
        models.TextField(),
        default=list,
        blank=True,
        help_text="The way to it within the column; empty where it is all that stands there.",
    )
    original = models.JSONField(null=True)

    objects = SealedTextQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["table", "row", "column"], name="improvement_sealedtext_place")
        ]

    def __str__(self) -> str:
        return f"{self.table}.{self.column} {self.row}"
