"""What stands where words were taken out. The database knows both sentences by their shape."""

from datetime import date
from typing import Any

from performance.calculations.partial_date import PartialDate
from performance.calculations.taken_out import HIDDEN, REMOVED


def hidden_sentence(day: date) -> str:
    return f"Hidden on {PartialDate(day, 'day')}: being looked at for personal information"


def removed_sentence(day: date) -> str:
    return f"Removed on {PartialDate(day, 'day')}: personal information"


def stands_hidden(text: Any) -> bool:
    """Whether nothing is there but the sentence that hides a text."""
    return isinstance(text, str) and HIDDEN.fullmatch(text) is not None


def is_a_sentence_of_ours(text: str) -> bool:
    """Whether nothing is there but one of the two."""
    return stands_hidden(text) or REMOVED.fullmatch(text) is not None
