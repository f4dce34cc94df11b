"""What a cell of a workbook means by the format that it is shown in."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from performance.importer.raw_tables import Percentage, Raw, Unclear

# Excel itself keeps fifteen digits of a number; a sixteenth and seventeenth are binary noise.
DIGITS_KEPT = ".15g"
# Words and signs that a format only prints: "…", \x, and _x or *x, which are spaces.
PRINTED = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]')
PLACES = re.compile(r"[0#?]")
SCALING = re.compile(r"[0#?],+(?![0#?,])")

Form = Literal["plain", "percentage", "percentage as held", "scaled", "hidden", "mixed"]


@lru_cache(maxsize=1000)
def form_of(number_format: str) -> Form:
    """How the format shows a number: 0.46 as 46% (“percentage”), 46 as 46% (“as held”), or 12,000
    as 12 (“scaled”)."""
    parts = [(part, PRINTED.sub("", part)) for part in _sections(number_format)]
    if not any(bare.strip() or part.strip() for part, bare in parts):
        return "hidden" if number_format else "plain"
    forms = {_form_of_part(part, bare) for part, bare in parts if PLACES.search(bare)}
    if len(forms) > 1:
        return "mixed"
    return forms.pop() if forms else "plain"


def _sections(number_format: str) -> list[str]:
    """Parts for positive and negative numbers, nought and text; a quoted “;” parts nothing."""
    quoted = re.split(r'("[^"]*"|\\.)', number_format)
    marked = "".join(part if n % 2 else part.replace(";", "\x00") for n, part in enumerate(quoted))
    return marked.split("\x00")


def _form_of_part(part: str, bare: str) -> Form:
    if "%" in bare:
        return "percentage"
    if SCALING.search(bare):
        return "scaled"
    return "percentage as held" if "%" in part else "plain"


def read_number(value: int | float, number_format: str) -> Raw:
    """The number as its cell shows it, exactly; Unclear where format and number part ways.

    Raises ValueError for a number that is not finite.
    """
    number = Decimal(value) if isinstance(value, int) else Decimal(format(value, DIGITS_KEPT))
    if not number.is_finite():
        raise ValueError("the number is not finite")
    form = form_of(number_format)
    if form == "percentage":
        return Percentage(number.scaleb(2))
    if form == "percentage as held":
        return Percentage(number)
    if form == "plain":
        return number
    said = {
        "scaled": "shows it in thousands or millions: which is meant?",
        "hidden": "shows nothing: is the number meant to be there?",
        "mixed": "shows some numbers as percentages or in thousands, and some not: which is meant?",
    }[form]
    return Unclear(f"{number:f}", f"the cell’s format {said} Give it the format “General”")


def read_cell(value: Any, number_format: str) -> Raw:
    """What openpyxl hands over, as one of our own raw values. Raises ValueError as read_number."""
    if value is None:
        return ""
    if isinstance(value, bool | date):
        return value
    if isinstance(value, int | float):
        return read_number(value, number_format)
    if isinstance(value, time | timedelta):
        return Unclear(str(value), "the cell’s format shows a time: what is meant?")
    return str(value)


def day_of(value: date) -> date | None:
    """The day; None where the cell also holds a time of day, or no day that is plausible."""
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else None
    return value
