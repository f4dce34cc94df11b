"""The cells of our own layout that say how much: value, symbol, what it was made from, flags."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from performance.importer.allowed import not_allowed
from performance.importer.figures import FLAGS
from performance.importer.officers_cells import (
    Figure,
    Question,
    read_figure,
    read_number,
    read_symbol,
    read_text,
)
from performance.importer.own_periods import SeriesRule
from performance.importer.problems import shown
from performance.importer.raw_tables import Raw, is_blank, text_of
from performance.models import Measurement

# What our own export writes in place of a figure that it may not show.
HIDDEN_HERE = "hidden here"
WORDS = {symbol.value.replace("_", " "): symbol.value for symbol in Measurement.Symbol}
# The Government's list for official statistics, as it stands.
LETTERS = {
    "c": "suppressed", "z": "not_applicable", "x": "not_available", "u": "low_reliability",
    "k": "rounds_to_zero", "low": "rounds_to_zero",
}  # fmt: skip
MEANINGS = WORDS | LETTERS
# What the Department suppressed was an “x” up to 2017: the letter of such a period says that.
LAST_YEAR_OF_ITS_X = 2017
MEANINGS_THEN = MEANINGS | {"x": "suppressed"}
LABELS = {symbol.label: symbol.value for symbol in Measurement.Symbol} | {
    symbol.value: symbol.value for symbol in Measurement.Symbol
}
FLAG_LETTERS = {
    "provisional": "p", "revised": "r", "estimated": "e", "undated in the source": "u",
    "series break": "b",
}  # fmt: skip
assert FLAG_LETTERS.keys() == FLAGS.keys()
# Before and after the point: what numeric(20, 6) holds.
MOST_WHOLE, MOST_DECIMALS = 14, 6
EITHER = "either a value or a symbol was expected"


@dataclass(frozen=True)
class Given:
    """What a row says of its figure: a number, a symbol, or that it is hidden here."""

    value: Decimal | None = None
    symbol: str = ""
    as_published: str = ""
    is_hidden_here: bool = False


@dataclass(frozen=True)
class WrongCell:
    """The column in which to mend it, and the question."""

    column: str
    question: Question


def read_given(
    rule: SeriesRule,
    end: date | None,
    value: Raw,
    symbol: Raw,
    *,
    comma_parts_thousands: bool,
) -> Given | WrongCell:
    """The row's value or symbol: exactly one of the two, within what the series allows. `end` is
    the last day of its period, None where that cannot be told."""
    has_value, has_symbol = not is_blank(value), not is_blank(symbol)
    if has_value and has_symbol:
        return WrongCell("value", Question(f"{EITHER}, not both"))
    if not has_value and not has_symbol:
        return WrongCell("value", Question(EITHER))
    cell = value if has_value else symbol
    if isinstance(cell, str) and cell.strip().casefold() == HIDDEN_HERE:
        return Given(is_hidden_here=True)
    meanings = MEANINGS_THEN if end and end.year <= LAST_YEAR_OF_ITS_X else MEANINGS
    if has_symbol:
        found = _read_symbol(symbol, meanings)
        return WrongCell("symbol", found) if isinstance(found, Question) else found
    read = read_symbol(value, LABELS) or read_figure(
        value,
        meanings,
        is_percentage=rule.is_percentage,
        comma_parts_thousands=comma_parts_thousands,
    )
    if isinstance(read, Question):
        return WrongCell("value", read)
    if read is None:
        return WrongCell("value", Question(EITHER))
    if read.number is None:
        return _given_symbol(read)
    wrong = too_fine(read.number) or not_allowed(rule, read.number)
    return WrongCell("value", wrong) if wrong else Given(read.number)


def _read_symbol(cell: Raw, meanings: Mapping[str, str]) -> Given | Question:
    found = read_symbol(cell, LABELS) or read_symbol(cell, meanings)
    if isinstance(found, Figure):
        return _given_symbol(found)
    known = ", ".join(f"“{word}”" for word in (*WORDS, *LETTERS))
    near = get_close_matches(text_of(cell).strip().casefold()[:40], meanings, n=1)
    hint = f": did you mean “{near[0]}”?" if near else ""
    return found or Question(f"one of the symbols {known} was expected{hint}")


def _given_symbol(figure: Figure) -> Given:
    """Our own words are no symbols of a publisher."""
    letter = figure.as_written if figure.as_written.lower() in LETTERS else ""
    return Given(None, figure.symbol, letter)


def too_fine(number: Decimal) -> Question | None:
    """The refusal of a number with more digits than can be held: it is never rounded."""
    whole, _, decimals = f"{abs(number):f}".partition(".")
    if len(whole.lstrip("0")) <= MOST_WHOLE and len(decimals.rstrip("0")) <= MOST_DECIMALS:
        return None
    return Question(
        f"at most {MOST_WHOLE} digits before the point and {MOST_DECIMALS} after it were expected: "
        "a number is never rounded here"
    )


def unlike_its_parts(
    rule: SeriesRule, value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None
) -> Question | None:
    """The question about a percentage, or a rate, that its own numerator and denominator do not
    make: one and a half units of its last printed place are left to however it was rounded."""
    if rule.per is None or value is None or numerator is None or denominator is None:
        return None
    out_of = f"{_plainly(numerator)} out of {_plainly(denominator)}"
    unit = "%" if rule.is_percentage else f" per {rule.per:,}"
    if not denominator:
        return Question(f"{out_of} is no share of anything: which number is meant?")
    places = min(rule.decimals, max(0, -int(value.normalize().as_tuple().exponent)))
    made, one = numerator * rule.per / denominator, Decimal(1).scaleb(-places)
    if abs(made - value) <= one * 3 / 2:
        return None
    made = made.quantize(one / 10) if made.adjusted() < MOST_WHOLE else made
    return Question(
        f"{out_of} is {_plainly(made)}{unit}, and the value says {_plainly(value)}{unit}: which is "
        "right? Mend the value, the numerator or the denominator"
    )


def _plainly(number: Decimal) -> str:
    """“1,204.5”: without what no one wrote after the point."""
    return f"{number.normalize():,f}"


def read_part(cell: Raw, *, comma_parts_thousands: bool) -> Decimal | Question | None:
    """A numerator or a denominator; None where the cell is empty."""
    number = read_number(cell, comma_parts_thousands=comma_parts_thousands)
    return too_fine(number) or number if isinstance(number, Decimal) else number


def read_denominator(cell: Raw, *, comma_parts_thousands: bool) -> Decimal | Question | None:
    number = read_part(cell, comma_parts_thousands=comma_parts_thousands)
    if isinstance(number, Decimal) and number < 0:
        return Question("a number not below nought was expected")
    return number


def read_flags(cell: Raw) -> str | Question:
    """Their letters, as an IncomingFigure has them."""
    text = read_text(cell)
    if isinstance(text, Question):
        return text
    letters = set()
    for flag in filter(None, (part.strip().lower() for part in text.split(";"))):
        if flag not in FLAG_LETTERS:
            near = get_close_matches(flag[:40], FLAG_LETTERS, n=1)
            hint = f": did you mean “{near[0]}”?" if near else ""
            known = ", ".join(f"“{each}”" for each in FLAG_LETTERS)
            return Question(f"“{shown(flag)}” is not a flag; known are {known}{hint}")
        letters.add(FLAG_LETTERS[flag])
    return "".join(letter for letter in FLAG_LETTERS.values() if letter in letters)
