"""What a fact of the reference data is called, in a form, in a history and in a problem alike."""

from datetime import date
from typing import Any

from performance.calculations.partial_date import PartialDate
from performance.models import ComparatorGroup, Indicator, Series

NO_CHILD = "Do not name or describe a child."

LABELS = {
    "code": "Code",
    "slug": "Code",
    "title": "Title",
    "short_title": "Short title",
    "definition": "What it counts",
    "why_it_matters": "Why it matters",
    "good_looks_like": "What good looks like",
    "unit": "Unit",
    "decimals": "Decimal places",
    "polarity": "Which way is good",
    "polarity_basis": "Who decided which way is good, and why",
    "tolerance": "How close is close to the target",
    "kind": "Performance or context",
    "owner": "Service that answers for it",
    "next_due_on": "Next figure due on",
    "counts_children": "It is a count of children",
    "part_of": "Part of which total",
    "indicator": "Indicator",
    "source": "Source",
    "source_short": "Source in short",
    "kind_of_figure": "Kind of figure",
    "periods": "Periods",
    "rounding": "Rounding",
    "suppression": "Small numbers",
    "threshold": "Largest number that is hidden",
    "lowest": "No figure is below",
    "highest": "No figure is above",
    "order": "Order",
    "next_published_on": "Next published on",
    "comparable_with": "May be compared with",
    "series": "Series",
    "period_start": "First day",
    "period_end": "Last day",
    "period_label": "Period in words",
    "low": "At least",
    "high": "At most",
    "profile": "Expected along the way",
    "basis": "Why this target, and in whose words",
    "set_by": "Set by",
    "in_set": "In the panel’s set",
    "key": "Key, shown first",
    "in_force_from": "In force from",
    "statistic": "Average in sentences",
    "members": "Neighbours, nearest first",
    "reason": "Why this is being saved",
}

CHOICES = {
    "polarity": Indicator.Polarity,
    "kind": Indicator.Kind,
    "kind_of_figure": Series.KindOfFigure,
    "suppression": Series.Suppression,
    "statistic": ComparatorGroup.Statistic,
}
DAYS = {"next_due_on", "next_published_on", "in_force_from", "period_start", "period_end"}


def say_fact(name: str, value: Any) -> str:
    """A fact of an event in words: “lower is better”, “5 October 2016”, “yes”, “nothing”."""
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, dict):
        return "; ".join(f"{amount} by {say_day(day)}" for day, amount in sorted(value.items()))
    if name in DAYS:
        return say_day(value)
    if name in CHOICES and value in CHOICES[name].values:
        return str(CHOICES[name](value).label)
    return str(value)


def say_day(text: str) -> str:
    return str(PartialDate(date.fromisoformat(text), "day"))
