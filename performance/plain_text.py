"""Text as every form, page and file can hold it."""

import re

# The line break and the page break that a word processor leaves in what is pasted from it.
BREAKS = str.maketrans("\x0b\x0c\x85", "\n\n\n")
# What nobody sees, and what XML 1.0, and so a workbook, has no way to hold. A NUL, which no column
# holds, stays: the forms say of it that it is wrong.
UNHOLDABLE = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")


def as_plain(text: str) -> str:
    """The text with every break as a line break, and without what no workbook can hold."""
    return UNHOLDABLE.sub("", text.translate(BREAKS))
