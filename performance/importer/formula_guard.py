"""Texts that a spreadsheet would take for a formula get an apostrophe in our own files."""

import re

GUARDED = re.compile(r"'+[=+\-@\t\r]")
NEEDS_GUARD = re.compile(r"'*[=+\-@\t\r]")


def guard(text: str) -> str:
    """The text as a spreadsheet may open it."""
    return f"'{text}" if NEEDS_GUARD.match(text) else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    return text[1:] if GUARDED.match(text) else text
