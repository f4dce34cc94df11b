"""Numbers and lists as a person would write them."""

from collections.abc import Sequence

_SMALL = (
    "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def in_words(number: int) -> str:
    """“no”, “one”, “twenty-one”; from a hundred on, the figures."""
    if not 0 <= number < 100:
        return f"{number:,}"
    if number < 20:
        return _SMALL[number]
    tens, units = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_SMALL[units]}" if units else "")


def join_words(words: Sequence[str]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def plural(number: int, singular: str, plural_form: str = "") -> str:
    """“1 action”, “3 actions”."""
    return f"{number:,} {singular if number == 1 else plural_form or singular + 's'}"


def capitalised(text: str) -> str:
    """The text with its first letter a capital and the rest untouched."""
    return text[:1].upper() + text[1:]
