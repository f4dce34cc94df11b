"""What stands where words about a person were taken out, told from words that people type."""

import re

HIDDEN = re.compile(r"Hidden on .{5,20}: being looked at for personal information")
REMOVED = re.compile(r"Removed on .{5,20}: personal information")


def is_taken_out(words: str) -> bool:
    """Whether it holds a sentence that stands for words that were hidden or removed. Nobody types
    one: it was copied, and would stay when the words are put back or taken out for good."""
    return bool(HIDDEN.search(words) or REMOVED.search(words))
