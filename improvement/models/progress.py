from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Now

from improvement.models.paper import Paper
from improvement.models.partial_dates import DateBasis, DatePrecision
from performance.calculations.partial_date import PartialDate
from performance.calculations.position import Position
from performance.calculations.taken_out import HIDDEN, REMOVED
from performance.models import closed_set, known_by


class ProgressUpdateQuerySet(models.QuerySet):
    def at(self, position: Position) -> Self:
        """Approved by then and about a day not after it; the one that counts comes first.

        What counts is the last review that was known by then: an approval that was withdrawn
        later, or given again, changes nothing of an earlier day. A paper's publication approves
        and releases what it says; a person's words count once the Director has released them.
        The latest update is by effective day, then by that review, then by id.
        """
        # By number, not by instant: under POSITION_DATE each real day tells the same hours again.
        last_review = UpdateReview.objects.filter(
            known_by(position), update=OuterRef("pk")
        ).order_by("-id")
        released = Q(reviews__outcome=UpdateReview.Outcome.RELEASED) | Q(
            reviews__outcome=UpdateReview.Outcome.APPROVED, paper__isnull=False
        )
        return (
            self.filter(
                released,
                reviews=Subquery(last_review.values("pk")[:1]),
                effective_on__lte=position.on,
            )
            .annotate(known_from=F("reviews__known_from"))
            .order_by("-effective_on", "-known_from", "-id")
        )

    def latest_of_each(self, position: Position) -> Self:
        """The one that counts for each action, and nothing of its history."""
        return (
            self.at(position)
            .order_by("action_id", "-effective_on", "-known_from", "-id")
            .distinct("action_id")
        )

    def to_release_with(self, plan: Any) -> Self:
        """Of the plan and of every one that began before it: what was sent before another plan
        took over is not lost, however many have since."""
        return self.filter(action__theme__plan__starts_on__lte=plan.starts_on)

    def sent(self) -> Self:
        """What people have sent, whatever became of it: not for members. Newest first.

        Each with `last_outcome` (empty while nobody has looked) and `is_replaced`: whoever wrote
        it, or somebody else, has sent a correction of it since.
        """
        last = UpdateReview.objects.filter(update=OuterRef("pk")).order_by("-id")
        correction = ProgressUpdate.objects.filter(corrects=OuterRef("pk"))
        return (
            self.filter(made_by__isnull=False)
            .annotate(
                last_outcome=Coalesce(Subquery(last.values("outcome")[:1]), Value("")),
                is_replaced=Exists(correction),
            )
            .order_by("-id")
        )

    def awaiting_review(self) -> Self:
        return self.sent().filter(last_outcome="", is_replaced=False)

    def awaiting_release(self) -> Self:
        """Approved, and not yet read by members."""
        approved = UpdateReview.Outcome.APPROVED
        return self.sent().filter(last_outcome=approved, is_replaced=False)

    def to_send_back(self, *, also_approved: bool) -> Self:
        """What waits for a review, and with `also_approved` what waits for the release."""
        outcomes = ["", UpdateReview.Outcome.APPROVED] if also_approved else [""]
        return self.sent().filter(last_outcome__in=outcomes, is_replaced=False)

    def returned(self) -> Self:
        """Sent back, and not yet answered."""
        return self.sent().filter(last_outcome=UpdateReview.Outcome.RETURNED, is_replaced=False)

    def unread(self) -> Self:
        """What was sent, was not corrected since, and has not been released."""
        return (
            self.sent()
            .filter(is_replaced=False)
            .exclude(last_outcome=UpdateReview.Outcome.RELEASED)
        )

    def in_force(self, on: date | None = None) -> Self:
        """What an action's owner would say stands: the newest that was not sent back, released or
        not. For the officers' own pages; newest first. `on`: by that day, where a paper of a later
        one may have been loaded."""
        last = UpdateReview.objects.filter(update=OuterRef("pk")).order_by("-id")
        said = self if on is None else self.filter(effective_on__lte=on)
        return (
            said.annotate(last_outcome=Coalesce(Subquery(last.values("outcome")[:1]), Value("")))
            .exclude(last_outcome=UpdateReview.Outcome.RETURNED)
            .order_by("-effective_on", "-id")
        )


class UpdateStatus(models.TextChoices):
    COMPLETE_AND_EVIDENCED = "complete_and_evidenced", "complete and evidenced"
    COMPLETE = "complete", "complete"
    ON_TRACK = "on_track", "on track"
    AT_RISK = "at_risk", "at risk"
    OFF_TRACK = "off_track", "off track"
    UNDER_WAY = "under_way", "under way, not rated"
    NOT_STARTED = "not_started", "not started"
    STOPPED = "stopped", "stopped"


class ProgressUpdate(models.Model):
    """What was said of an action's progress, once; a correction is a new update."""

    Status = UpdateStatus

    action = models.ForeignKey(
        "improvement.Action", on_delete=models.PROTECT, related_name="updates"
    )
    status = models.CharField(max_length=25, choices=Status.choices)
    narrative = models.TextField()
    evidence_of_impact = models.TextField(blank=True)
    evidence_links = models.TextField(blank=True, help_text="Addresses, one a line.")
    indicators = models.ManyToManyField(
        "performance.Indicator", through="UpdateCitation", related_name="cited_by_updates"
    )
    reason = models.TextField(
        blank=True, help_text="Why it is at risk or off track, stopped, or no longer complete."
    )
    remedy = models.TextField(blank=True, help_text="What is being done about it.")
    effective_on = models.DateField()
    completed_on = models.DateField(null=True, blank=True)
    completed_precision = models.CharField(max_length=5, choices=DatePrecision.choices, blank=True)
    completed_words = models.CharField(max_length=80, blank=True)
    completed_basis = models.CharField(max_length=10, choices=DateBasis.choices, blank=True)
    paper = models.ForeignKey(
        Paper, null=True, blank=True, on_delete=models.PROTECT, related_name="updates"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT
    )
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    round = models.ForeignKey(
        "improvement.UpdateRound",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="updates",
    )
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    new_due_on = models.DateField(null=True, blank=True)
    new_due_precision = models.CharField(max_length=5, choices=DatePrecision.choices, blank=True)
    new_due_reason = models.TextField(blank=True)
    submission = models.UUIDField(
        null=True, blank=True, unique=True, help_text="Of the form: sent twice, it is one update."
    )
    note = models.TextField(blank=True)

    objects = ProgressUpdateQuerySet.as_manager()

    class Meta:
        ordering = ["action", "-effective_on", "-id"]
        permissions = [("every_theme", "Can do for every theme what a lead can for their own")]
        constraints = [
            closed_set(
                "improvement_progressupdate_new_due_precision_is_known",
                "new_due_precision",
                DatePrecision,
                blank=True,
            ),
            models.CheckConstraint(
                name="improvement_update_new_due_has_a_reason",
                condition=Q(new_due_on__isnull=True, new_due_precision="")
                | Q(new_due_on__isnull=False) & ~Q(new_due_precision="") & ~Q(new_due_reason=""),
            ),
            models.CheckConstraint(
                name="improvement_update_at_risk_says_what_is_done",
                condition=~Q(status__in=["at_risk", "off_track"])
                | Q(paper__isnull=False)
                | ~Q(remedy=""),
            ),
            models.CheckConstraint(
                name="improvement_update_of_a_person_came_by_a_form",
                condition=Q(paper__isnull=False) | Q(submission__isnull=False),
            ),
            closed_set("improvement_progressupdate_status_is_known", "status", UpdateStatus),
            closed_set(
                "improvement_progressupdate_completed_precision_is_known",
                "completed_precision",
                DatePrecision,
                blank=True,
            ),
            closed_set(
                "improvement_progressupdate_completed_basis_is_known",
                "completed_basis",
                DateBasis,
                blank=True,
            ),
            models.CheckConstraint(
                name="improvement_update_at_risk_needs_a_reason",
                condition=~Q(status__in=["at_risk", "off_track"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="improvement_update_complete_needs_a_date",
                condition=~Q(status__in=["complete", "complete_and_evidenced"])
                | Q(completed_on__isnull=False)
                | Q(completed_basis="by_report"),
            ),
            models.CheckConstraint(
                name="improvement_update_evidenced_needs_evidence",
                condition=~Q(status="complete_and_evidenced") | ~Q(evidence_of_impact=""),
            ),
            models.CheckConstraint(
                name="improvement_update_from_a_person_or_a_paper",
                condition=Q(paper__isnull=False, made_by__isnull=True)
                | Q(paper__isnull=True, made_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}: {self.narrative}"

    @property
    def texts(self) -> tuple[str, ...]:
        return (
            self.narrative, self.evidence_of_impact, self.evidence_links, self.reason, self.remedy,
            self.new_due_reason, self.completed_words, self.note,
        )  # fmt: skip

    @property
    def is_hidden(self) -> bool:
        """Whether one of its texts is hidden until somebody has decided about words in it."""
        return any(map(HIDDEN.fullmatch, self.texts))

    @property
    def was_taken_out(self) -> bool:
        """Whether one of its texts was removed."""
        return any(map(REMOVED.fullmatch, self.texts))

    @property
    def completed(self) -> PartialDate:
        return PartialDate(self.completed_on, self.completed_precision, self.completed_words)  # type: ignore[arg-type]

    @property
    def new_due(self) -> PartialDate:
        return PartialDate(self.new_due_on, self.new_due_precision)  # type: ignore[arg-type]


class UpdateCitation(models.Model):
    """An indicator that an update offers as evidence; its figure is read on the page's own day."""

    update = models.ForeignKey(ProgressUpdate, on_delete=models.PROTECT, related_name="citations")
    indicator = models.ForeignKey(
        "performance.Indicator", on_delete=models.PROTECT, related_name="update_citations"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["update", "indicator"], name="improvement_updatecitation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} for {self.update}"


class ReviewOutcome(models.TextChoices):
    APPROVED = "approved", "approved"
    RETURNED = "returned", "returned"
    RELEASED = "released", "released"


class UpdateReview(models.Model):
    """Approval, return or release of an update; a paper's publication approves what it says."""

    Outcome = ReviewOutcome

    update = models.ForeignKey(ProgressUpdate, on_delete=models.PROTECT, related_name="reviews")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT
    )
    known_from = models.DateTimeField(help_text="The day of approval or publication.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        permissions = [
            ("review_updates", "Can approve and return updates"),
            ("release_updates", "Can release updates to members"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["update"],
                condition=Q(outcome="released"),
                name="improvement_updatereview_released_once",
            ),
            closed_set("improvement_updatereview_outcome_is_known", "outcome", ReviewOutcome),
            models.CheckConstraint(
                name="improvement_review_returned_needs_a_reason",
                condition=~Q(outcome="returned") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.update}"


class DateChangeQuerySet(models.QuerySet):
    def at(self, position: Position) -> Self:
        return self.filter(known_by(position)).order_by("-known_from", "-id")

    def moves(self) -> Self:
        """Those that moved a date: not what gave the first one to an action that had none."""
        return self.exclude(from_precision="")


class DateChange(models.Model):
    """One change of an action's due date, with its reason. Today's due date is the last one's."""

    action = models.ForeignKey(
        "improvement.Action", on_delete=models.PROTECT, related_name="date_changes"
    )
    from_on = models.DateField(null=True, blank=True)
    from_precision = models.CharField(max_length=5, choices=DatePrecision.choices, blank=True)
    from_words = models.CharField(max_length=80, blank=True)
    to_on = models.DateField(null=True, blank=True)
    to_precision = models.CharField(max_length=5, choices=DatePrecision.choices)
    to_words = models.CharField(max_length=80, blank=True)
    reason = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT
    )
    update = models.ForeignKey(
        ProgressUpdate,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="date_changes",
        help_text="The update that asked for it, released with it.",
    )
    known_from = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = DateChangeQuerySet.as_manager()

    class Meta:
        ordering = ["action", "id"]
        constraints = [
            closed_set(
                "improvement_datechange_from_precision_is_known",
                "from_precision",
                DatePrecision,
                blank=True,
            ),
            closed_set(
                "improvement_datechange_to_precision_is_known", "to_precision", DatePrecision
            ),
            models.CheckConstraint(
                name="improvement_datechange_has_a_reason", condition=~Q(reason="")
            ),
            models.CheckConstraint(
                name="improvement_datechange_moves",
                condition=Q(from_on__isnull=True) | Q(to_on__isnull=True) | ~Q(from_on=F("to_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: due date moved to {self.moved_to}"

    @property
    def is_move(self) -> bool:
        """As `moves` of the query."""
        return bool(self.moved_from)

    @property
    def moved_from(self) -> PartialDate:
        return PartialDate(self.from_on, self.from_precision, self.from_words)  # type: ignore[arg-type]

    @property
    def moved_to(self) -> PartialDate:
        return PartialDate(self.to_on, self.to_precision, self.to_words)  # type: ignore[arg-type]
