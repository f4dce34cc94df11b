from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from performance.models.closed_sets import closed_set


class PersonDone(models.TextChoices):
    ADDED = "added", "added"
    INVITED = "invited", "invited"
    INVITED_AGAIN = "invited_again", "invited again"
    JOINED = "joined", "chose a password"
    ROLES = "roles", "roles changed"
    THEMES = "themes", "themes changed"
    LAST_DAY = "last_day", "last day changed"
    DEACTIVATED = "deactivated", "deactivated"
    REACTIVATED = "reactivated", "let in again"
    SECOND_FACTOR_RESET = "second_factor_reset", "second factor taken off"


class PersonEvent(models.Model):
    """What was done to a person's sign-in, by whom, from what to what, and why.

    It names the person by their user name, with no foreign key. Rows are only ever added; a
    trigger refuses the rest. `by` is nobody where it was done by a command on the server.
    """

    Done = PersonDone

    at = models.DateTimeField(db_default=Now(), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    whom = models.CharField(max_length=150, help_text="The person's user name.")
    done = models.CharField(max_length=20, choices=PersonDone.choices)
    before = models.JSONField(default=dict, blank=True, help_text="Only what changed.")
    after = models.JSONField(default=dict, blank=True, help_text="Only what changed.")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["whom", "-id"], name="dashboard_personevent_whom")]
        constraints = [
            closed_set("dashboard_personevent_done_is_known", "done", PersonDone),
            models.CheckConstraint(
                name="dashboard_personevent_has_a_reason",
                condition=~Q(done__in=["second_factor_reset", "deactivated"]) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.whom}: {self.get_done_display()}"
