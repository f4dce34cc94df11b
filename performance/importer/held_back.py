"""Files that may not be loaded for now. An app above says which, and why."""

from collections.abc import Callable

from django.db.models import Model

# Of the load and the bytes that wait with it; empty where nothing holds it back.
WhyHeld = Callable[[Model, bytes], str]

_asked: list[WhyHeld] = []


class HeldBack(Exception):
    """The file waits on: its words say for what. Nothing was loaded and nothing is lost."""


def hold_back_where(why: WhyHeld) -> None:
    """Adds somebody to ask, once."""
    if why not in _asked:
        _asked.append(why)


def refuse_if_held_back(load: Model, content: bytes) -> None:
    """Raises HeldBack where anybody says that this file is not to be loaded now."""
    for why in _asked:
        if said := why(load, content):
            raise HeldBack(said)
