"""How the periods of two figures lie to each other.

Lengths are held against each other with a little slack, because months, quarters and years are
not all of a length: 28 to 31 days, 90 to 92, 365 or 366.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from statistics import median

from performance.calculations.figures import Figure

# A figure on a day is asked for "about a year" earlier: the same month, or within this many days
# of the anniversary (30 September against 1 October).
DAYS_ABOUT_A_YEAR = 7


def in_order(figures: Iterable[Figure]) -> list[Figure]:
    """The figures from the earliest to the latest; of two that end together, the longer first."""
    return sorted(figures, key=lambda figure: (figure.end, figure.start))


def days_in(figure: Figure) -> int:
    """The days that its period covers: 1 for a figure on a day."""
    return (figure.end - figure.start).days + 1


def have_same_length(one: Figure, other: Figure) -> bool:
    """Whether both are months, or both quarters, or both years: within 3 days and a tenth."""
    shorter, longer = sorted((days_in(one), days_in(other)))
    return longer - shorter <= 3 and shorter * 10 >= longer * 9


def overlap(one: Figure, other: Figure) -> bool:
    """Whether some day is in both periods."""
    return one.start <= other.end and other.start <= one.end


def is_period_before(earlier: Figure, later: Figure) -> bool:
    """Whether `earlier` is the period of the same length that ends where `later` begins.

    A gap of less than half a period is allowed: a school's terms do not touch.
    """
    gap = (later.start - earlier.end).days - 1
    return have_same_length(earlier, later) and 0 <= gap * 2 < days_in(later)


def follow_a_gap(figures: Sequence[Figure]) -> list[bool]:
    """For each figure in order of time, whether a period without any row lies before it.

    The rhythm of a series is the median time between its figures; a step of more than one and a
    half of it has left a period out.
    """
    steps = [(later.end - earlier.end).days for earlier, later in pairwise(figures)]
    if not steps:
        return [False] * len(figures)
    rhythm = median(steps)
    return [False, *(step * 2 > rhythm * 3 for step in steps)]


def a_year_before(day: date) -> date:
    """The same day of the year before; 28 February for 29 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def is_year_earlier(earlier: Figure, later: Figure) -> bool:
    """Whether `earlier` covers the same part of the year before, give or take a leap day."""
    return (
        abs((earlier.end - a_year_before(later.end)).days) <= 3
        and abs((earlier.start - a_year_before(later.start)).days) <= 3
        and have_same_length(earlier, later)
    )


def days_from_year_earlier(earlier: Figure, later: Figure) -> int:
    """How many days `earlier` ends from the anniversary of the end of `later`."""
    return abs((earlier.end - a_year_before(later.end)).days)


def is_about_year_earlier(earlier: Figure, later: Figure) -> bool:
    """The looser rule for figures on a day: the same month a year before, or a week from it."""
    same_month = (earlier.end.year + 1, earlier.end.month) == (later.end.year, later.end.month)
    return same_month or days_from_year_earlier(earlier, later) <= DAYS_ABOUT_A_YEAR
