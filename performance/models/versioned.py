"""Facts that are replaced, never overwritten: known from, known until, recorded at."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from performance.calculations.position import Position


def known_by(position: Position, prefix: str = "") -> Q:
    """What had become known by `position`, through the relation `prefix__`: for what is never
    replaced, or whose replacement does not matter."""
    return Q(**{f"{prefix}known_from__lte": position.known_at})


def known_at(position: Position, prefix: str = "") -> Q:
    """The rows that a reader at `position` could have had, through the relation `prefix__`."""
    end = f"{prefix}known_until"
    return known_by(position, prefix) & (
        Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": position.known_at})
    )


class VersionedQuerySet(models.QuerySet):
    def at(self, position: Position) -> Self:
        """What was known at `position`: neither later news nor what had been replaced by then."""
        return self.filter(known_at(position))

    def current(self) -> Self:
        return self.filter(known_until__isnull=True)


class DateBasis(models.TextChoices):
    STATED = "stated", "stated in the source"
    CUSTOMARY = "customary", "the customary day; the source does not state one"


class Versioned(models.Model):
    known_from = models.DateTimeField(
        help_text="When the council could first read it: publication, release or approval."
    )
    known_from_basis = models.CharField(max_length=10, choices=DateBasis.choices)
    known_until = models.DateTimeField(
        null=True, blank=True, help_text="When a later version replaced it; empty while current."
    )
    recorded_at = models.DateTimeField(
        db_default=Now(), editable=False, help_text="When the row entered the database; for audit."
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_known_until_after_known_from",
                condition=Q(known_until__isnull=True) | Q(known_until__gt=models.F("known_from")),
                violation_error_message="A version can only be replaced after it became known.",
            ),
        ]
