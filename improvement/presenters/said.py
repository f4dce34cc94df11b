"""What was said of an action, as a page prints it: a member's, an officer's, a preview alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse

from improvement.models import ProgressUpdate, UpdateCitation
from performance.calculations.partial_date import PartialDate
from performance.models import Indicator


@dataclass(frozen=True)
class Said:
    """One update in words. `paper` is the title of the paper that it was read from, or empty."""

    status: str
    narrative: str
    reason: str
    remedy: str
    evidence: str
    links: Sequence[str]
    cited: Sequence[tuple[str, str]]
    completed: PartialDate
    is_by_report: bool
    on: date
    paper: str
    note: str


def make_said(update: ProgressUpdate, cited: Sequence[Indicator] = ()) -> Said:
    return Said(
        status=update.get_status_display(),
        narrative=update.narrative,
        reason=update.reason,
        remedy=update.remedy,
        evidence=update.evidence_of_impact,
        links=update.evidence_links.split(),
        cited=[
            (one.short_title, reverse("performance:indicator", args=[one.code])) for one in cited
        ],
        completed=update.completed,
        is_by_report=update.completed_basis == "by_report",
        on=update.effective_on,
        paper=update.paper.title if update.paper else "",
        note=update.note,
    )


def make_all_said(updates: Sequence[ProgressUpdate]) -> list[Said]:
    """Each of them with the figures that it cites: one query."""
    citations = UpdateCitation.objects.select_related("indicator")
    prefetch_related_objects(list(updates), Prefetch("citations", citations, to_attr="cited"))
    return [make_said(update, [row.indicator for row in update.cited])  # type: ignore[attr-defined]
            for update in updates]  # fmt: skip
