"""What a cell of a workbook means by the format that it is shown in."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from performance.importer.date_formats import shown_of
from performance.importer.number_sections import doubt_of, doubt_of_text, split_sections
from performance.importer.raw_tables import PartOfDate, Percentage, Raw, Unclear

# Excel itself keeps fifteen digits of a number; a sixteenth and seventeenth are binary noise.
DIGITS_KEPT = ".15g"
# Words and signs that a format only prints: "…", \x, and _x or *x, which are spaces.
PRINTED = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]')
PLACES = re.compile(r"[0#?]|General", re.I)
SCALING = re.compile(r"[0#?],+(?![0#?,])")

Form = Literal["plain", "percentage", "percentage as held", "scaled", "mixed"]
# What a format says in place of the number, beside it or without its sign.
DOUBTS = {
    "nothing": "shows nothing: is the number meant to be there?",
    "instead": "shows “{shown}” in place of the number: which is meant? Write that, or",
    "digits": "shows “{shown}” among the number’s own digits: which number is meant?",
    "no minus": "hides the number’s minus: is a number below nought meant?",
    "minus": "shows a minus or brackets that the number has not: is one below nought meant?",
    "about": "puts “{shown}” to the number: is the number itself meant?",
    "scale": "puts “{shown}” to the number: is it meant as it stands, or in thousands or millions?",
}
DOUBTS_OF_TEXT = {
    "nothing": "shows nothing: is the text meant to be there?",
    "instead": "shows “{shown}” in place of the text: which is meant?",
    "digits": "shows “{shown}” beside the text: is that meant too?",
}


@lru_cache(maxsize=1000)
def form_of(number_format: str) -> Form:
    """How the format shows a number: 0.46 as 46% (“percentage”), 46 as 46% (“as held”), or 12,000
    as 12 (“scaled”)."""
    parts = [(part, PRINTED.sub("", part)) for part in split_sections(number_format)]
    forms = {_form_of_part(part, bare) for part, bare in parts if PLACES.search(bare)}
    if len(forms) > 1:
        return "mixed"
    return forms.pop() if forms else "plain"


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
    if number_format in ("", "General"):
        return number
    if said := _why_unclear(number, number_format):
        said = f"the cell’s format {said} Give it the format “General”"
        return Unclear(f"{number:f}", said.replace("or Give", "or give"))
    form = form_of(number_format)
    if form == "percentage":
        return Percentage(number.scaleb(2))
    return Percentage(number) if form == "percentage as held" else number


def _why_unclear(number: Decimal, number_format: str) -> str:
    """What the format does to the number, as a question; “” where it shows it."""
    doubt, shown = doubt_of(number, number_format)
    if doubt:
        return DOUBTS[doubt].format(shown=shown)
    form = form_of(number_format)
    if form == "scaled":
        return "shows it in thousands or millions: which is meant?"
    if form == "mixed":
        return "shows some numbers as percentages or in thousands, and some not: which is meant?"
    return ""


def read_cell(value: Any, number_format: str) -> Raw:
    """What openpyxl hands over, as one of our own raw values. Raises ValueError as read_number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, date):
        shown = shown_of(value, number_format)
        return PartOfDate(shown, value) if shown else value
    if isinstance(value, int | float):
        return read_number(value, number_format)
    if isinstance(value, time | timedelta):
        return Unclear(str(value), "the cell’s format shows a time: what is meant?")
    return _read_text(str(value), number_format)


def _read_text(text: str, number_format: str) -> Raw:
    """The text; Unclear where its format shows another, or none."""
    doubt, shown = doubt_of_text(number_format)
    if not doubt or not text.strip():
        return text
    said = DOUBTS_OF_TEXT[doubt].format(shown=shown)
    return Unclear(text, f"the cell’s format {said} Give it the format “General”")


def day_of(value: date) -> date | None:
    """The day; None where the cell also holds a time of day, or no day that is plausible."""
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else None
    return value
