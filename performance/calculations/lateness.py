"""Whether a figure that has always come again has not come."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from performance.calculations.figures import Figure

FEWEST_FOR_A_RHYTHM = 3


def expected_by(figures: Sequence[Figure], last_known_on: date) -> date | None:
    """The last day on which the figure after these could still come in its rhythm.

    `figures` in order of time, of periods of one length; `last_known_on` the day on which the last
    of them became known. The rhythm is the median time between them, and half as long again is
    allowed, as between two periods (`follow_a_gap`). None with fewer than three figures.
    """
    if len(figures) < FEWEST_FOR_A_RHYTHM:
        return None
    rhythm = median((later.end - earlier.end).days for earlier, later in pairwise(figures))
    return last_known_on + timedelta(days=int(rhythm * 3 / 2))
