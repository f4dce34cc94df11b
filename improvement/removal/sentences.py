"""What stands where words were taken out. The database knows both sentences by their shape."""

from datetime import date
from typing import Any

from performance.calculations.partial_date import PartialDate
from performance.calculations.taken_out import HIDDEN


def hidden_sentence(day: date) -> str:
    return f"Hidden on {PartialDate(day, 'day')}: being looked at for personal information"


def removed_sentence(day: date) -> str:
    return f"Removed on {PartialDate(day, 'day')}: personal information"


def replace_hidden(value: Any, was: Any, sentence: str) -> Any:
    """`value` with the sentence in the place of each text that is hidden in it and was not in
    `was`."""
    if isinstance(value, str):
        return sentence if value != was and HIDDEN.fullmatch(value) else value
    if isinstance(value, dict) and isinstance(was, dict):
        return {name: replace_hidden(it, was.get(name), sentence) for name, it in value.items()}
    if isinstance(value, list) and isinstance(was, list) and len(value) == len(was):
        return [replace_hidden(one, old, sentence) for one, old in zip(value, was, strict=True)]
    return value


def is_hidden_of(value: Any, was: Any) -> bool:
    """Whether `value` is what was, with something hidden in it and nothing else changed."""
    return value != was and _only_hidden(value, was)


def _only_hidden(value: Any, was: Any) -> bool:
    if value == was:
        return True
    if isinstance(value, str) and isinstance(was, str):
        return HIDDEN.fullmatch(value) is not None
    if isinstance(value, dict) and isinstance(was, dict):
        return value.keys() == was.keys() and all(_only_hidden(value[n], was[n]) for n in was)
    if isinstance(value, list) and isinstance(was, list):
        return len(value) == len(was) and all(map(_only_hidden, value, was))
    return False
