"""What a fact of the plan is called, in a form, in a report and beside a newer one alike."""

from datetime import date
from typing import Any

from performance.calculations.partial_date import PartialDate, read_partial_date

LABELS = {
    "reference": "Reference",
    "theme": "Theme",
    "title": "Title",
    "promised": "What is promised",
    "kind": "Kind",
    "impact_sought": "What it is meant to change",
    "owner_service": "Service that answers for it",
    "owner_role": "Post or body that answers for it",
    "owner": "Who is asked for its updates",
    "cabinet": "Goes to Cabinet",
    "note": "Note",
    "judgements": "Judgements, the main one first",
    "indicators": "Figures that it should move",
    "first_due": "First due date",
    "comes_from": "Comes from",
    "number": "Number",
    "short_title": "Short title",
    "paragraph": "Paragraph of the paper",
    "lead_service": "Service that leads it",
    "leads": "Who leads it",
    "needs_approval": "A lead approves its updates",
}
PARTIAL_DATES = {"cabinet"}


def say_fact(name: str, value: Any) -> str:
    """A fact of an event in words: “5 October 2016”, “yes”, “nothing”."""
    if value in (None, "", []):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return str(read_partial_date(value)) if name in PARTIAL_DATES else str(value)


def say_day(day: date) -> str:
    return str(PartialDate(day, "day"))
