"""How an action stands on a day: computed from what was said and from its dates."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from performance.calculations.partial_date import PartialDate


class Standing(StrEnum):
    """In the order in which a page lists them. The label is what the reader sees."""

    COMPLETE_AND_EVIDENCED = "complete_and_evidenced"
    COMPLETE = "complete"
    ON_TRACK = "on_track"
    UNDER_WAY = "under_way"
    NOT_YET_DUE = "not_yet_due"
    NOT_STARTED = "not_started"
    NO_UPDATE = "no_update"
    AT_RISK = "at_risk"
    DATE_PASSED = "date_passed"
    OFF_TRACK = "off_track"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Standing.COMPLETE_AND_EVIDENCED: "complete and evidenced",
    Standing.COMPLETE: "complete",
    Standing.ON_TRACK: "on track",
    Standing.UNDER_WAY: "under way, not rated",
    Standing.NOT_YET_DUE: "not yet due",
    Standing.NOT_STARTED: "not started",
    Standing.NO_UPDATE: "no update in the paper",
    Standing.AT_RISK: "at risk",
    Standing.DATE_PASSED: "date passed, no update",
    Standing.OFF_TRACK: "off track",
    Standing.STOPPED: "stopped",
}

# A date that passes undoes none of these: they are over, or already owned up to.
SETTLED = {
    Standing.COMPLETE_AND_EVIDENCED,
    Standing.COMPLETE,
    Standing.STOPPED,
    Standing.OFF_TRACK,
}
COMPLETE = {Standing.COMPLETE_AND_EVIDENCED, Standing.COMPLETE}


def action_standing(
    status: str | None, due: PartialDate, on: date, said_on: date | None = None
) -> Standing:
    """The standing on day `on`, from the latest approved status (None: nothing was said).

    A date that has passed is shown as passed, unless something was said of a later day
    (`said_on`), and never as overdue: that word is kept for an owner who was asked and did not
    answer.
    """
    said = Standing(status) if status else None
    if said in SETTLED:
        return said
    spoke_since = bool(said and said_on and due.on and said_on > due.on)
    if due.has_passed(on) and not spoke_since:
        return Standing.DATE_PASSED
    if said:
        return said
    # A date in words alone (“imminently”) is never over, so nothing can be said to be not yet due.
    return Standing.NOT_YET_DUE if due.on else Standing.NO_UPDATE


@dataclass(frozen=True)
class StandingCount:
    standing: Standing
    count: int

    @property
    def label(self) -> str:
        return self.standing.label


def count_standings(standings: Iterable[Standing]) -> list[StandingCount]:
    """One entry for each standing that occurs, in the order of `Standing`."""
    counts = Counter(standings)
    return [StandingCount(standing, counts[standing]) for standing in Standing if counts[standing]]
