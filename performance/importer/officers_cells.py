"""What an officer's cell means for the field that it goes into, or the question to ask.

Each function takes one raw cell and hands back its meaning, None where it is empty, or a Question
where it could mean two things or nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from performance.calculations.partial_date import MONTHS, PartialDate
from performance.importer.check import CONTROL, LONGEST_COMPARED
from performance.importer.number_formats import day_of
from performance.importer.problems import Problem, shown
from performance.importer.raw_tables import (
    Marked,
    PartOfDate,
    Percentage,
    Raw,
    Table,
    Unclear,
    text_of,
)

SPACES = "\u00a0\u2007\u2009\u202f"
PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?|\.[0-9]+")
PARTED = re.compile(rf"[1-9][0-9]{{0,2}}(?:([, {SPACES}])[0-9]{{3}})(?:\1[0-9]{{3}})*(\.[0-9]+)?")
ONE_OR_THOUSANDS = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{3})")
DIGITS_ONLY = re.compile(r"[0-9]+")
# Longer than any number that is stored.
LONGEST_NUMBER = 60
ISO = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})")
ENGLISH = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTH_AND_YEAR = re.compile(r"([A-Za-z]+)[ -][0-9]{2,4}")
DAY_IN_WORDS = re.compile(
    r"(?:([A-Za-z]+),?[ ])?([0-9]{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]+)\.?,?[ -]([0-9]{4}|[0-9]{2})",
    re.I,
)
MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
YEARS = range(1900, 2200)
# What is suggested for a year of two digits, which is never taken for granted.
CENTURY = 2000
A_DAY = "a day such as 5/10/2016, 5 October 2016 or 2016-10-05 was expected"


@dataclass(frozen=True)
class Question:
    """Why the cell was not read, and what would make it clear."""

    expected: str


@dataclass(frozen=True)
class Figure:
    """A number, or the symbol that stands in its place and how the source wrote it."""

    number: Decimal | None
    symbol: str = ""
    as_written: str = ""


@dataclass(frozen=True)
class Headers:
    """At which place each column stands, and what is wrong with the headers."""

    places: Mapping[str, int]
    problems: tuple[Problem, ...]


def read_text(value: Raw, *, is_prose: bool = False) -> str | Question:
    """The words, without spaces around them; “” where the cell is empty.

    `is_prose`: words to be read by people, in which a raised sign changes nothing.
    """
    if is_prose and isinstance(value, Marked) and not value.is_struck:
        value = value.found
    if isinstance(value, Unclear):
        return Question(value.question)
    if not isinstance(value, str):
        return text_of(value)
    if sign := CONTROL.search(value):
        return Question(f"a control character (U+{ord(sign[0]):04X}) stands here: write it again")
    return value.strip()


def read_number(
    value: Raw, *, is_percentage: bool = False, comma_parts_thousands: bool = True
) -> Decimal | Question | None:
    """The number exactly as written; 46% is 46 in a field that is a percentage.

    `comma_parts_thousands` is False for a file parted by semicolons, where 1,234 may be 1.234, and
    1.234 may be 1,234.
    """
    if isinstance(value, str):
        return _number_of_text(_bare(value), is_percentage, comma_parts_thousands)
    if isinstance(value, Unclear):
        return Question(value.question)
    if isinstance(value, Percentage):
        return value.shown if is_percentage else _no_percentage()
    if isinstance(value, bool):
        return Question("a number was expected and not TRUE or FALSE")
    if isinstance(value, date | PartOfDate):
        return Question(
            "a number was expected and the cell holds a date: did the spreadsheet make one of it?"
        )
    return value


def _no_percentage() -> Question:
    return Question("is a percentage meant? This field is not one: write the number without “%”")


def _number_of_text(
    text: str, is_percentage: bool, comma_parts_thousands: bool
) -> Decimal | Question | None:
    if not text:
        return None
    if len(text) > LONGEST_NUMBER:
        return Question("a number such as 43.6 was expected")
    sign, rest = "", text
    if text[0] in "+-\u2212":
        sign, rest = ("" if text[0] == "+" else "-"), text[1:]
    bare = rest.removesuffix("%").rstrip()
    has_percent = rest.endswith("%")
    parted = PARTED.fullmatch(bare)
    if not parted and not PLAIN.fullmatch(bare):
        return Question(_why_no_number(text))
    if not comma_parts_thousands and (asked := _which_of_two(bare)):
        return asked
    if has_percent and not is_percentage:
        return _no_percentage()
    digits = re.sub(rf"[, {SPACES}]", "", bare)
    return Decimal(sign + digits)


def _which_of_two(bare: str) -> Question | None:
    """The question about 1,234 or 1.234 where either sign may part thousands or be the point."""
    found = ONE_OR_THOUSANDS.fullmatch(bare)
    if found:
        # A fourth decimal makes it plain that the point parts no thousands.
        return Question(
            f"is it {found[1]}{found[2]} or {found[1]}.{found[2]}0? Write it as one of these two"
        )
    if "," in bare:
        return Question(f"is it {bare.replace(',', '')}? Write it without a comma")
    return None


def _why_no_number(text: str) -> str:
    """The question for what is nearly a number."""
    if re.fullmatch(r"\([^()]*[0-9][^()]*\)%?", text):
        return "is a number below nought meant by the brackets? Write it with a minus, such as -5"
    if re.fullmatch(r"[+-]?[0-9.]+[eE][+-]?[0-9]+", text):
        return "did the spreadsheet shorten the number? Write it in full"
    if text.startswith("#"):
        return "a number was expected and this is an error of the spreadsheet: mend the cell"
    if re.fullmatch(r"[+-]?(inf(inity)?|nan|∞)", text, re.I):
        return "a number was expected and this is none: leave it empty or write the symbol"
    if text[0] in "–—" or text.endswith("-"):
        return "is a number below nought meant? Write the minus as “-” before it"
    if text[0] in "<>~≈" or text.endswith("*"):
        return "the number itself was expected, or a symbol if it is hidden"
    if "," in text and re.fullmatch(r"[+-]?[0-9.,]+%?", text):
        return "is the comma a decimal point or does it part thousands? Write it without a comma"
    if text.count(".") > 1:
        return "a number with one decimal point was expected: is this a date, or a version?"
    return "a number such as 43.6 was expected"


def _bare(text: str) -> str:
    """Without spaces around it, or the apostrophe that makes a spreadsheet keep a text."""
    return text.strip().removeprefix("'").strip()


def read_day(value: Raw) -> date | Question | None:
    """The day, written the English way, in words, or as 2016-10-05."""
    if isinstance(value, date):
        day = day_of(value)
        if day is None:
            return Question("a day was expected and the cell holds a time of day too: take it away")
        return _made(day.year, day.month, day.day)
    if isinstance(value, Unclear):
        return Question(value.question)
    if isinstance(value, PartOfDate):
        return Question("which day is meant? The cell does not show all of it: write 5/10/2016")
    if isinstance(value, Decimal):
        return Question("is this number a date? Give the cell a date’s format, or write 5/10/2016")
    if not isinstance(value, str):
        return Question(A_DAY)
    text = MIDNIGHT.sub("", " ".join(_bare(value).split()))
    return _day_of_text(text) if text else None


def _day_of_text(text: str) -> date | Question:
    if len(text) > LONGEST_NUMBER:
        return Question(A_DAY)
    if found := ISO.fullmatch(text):
        return _made(int(found[1]), int(found[3]), int(found[4]))
    if found := ENGLISH.fullmatch(text):
        return _day_in_numbers(int(found[1]), int(found[3]), found[4])
    if found := DAY_IN_WORDS.fullmatch(text):
        return _day_in_words(found[1] or "", int(found[2]), found[3], found[4])
    if DIGITS_ONLY.fullmatch(text):
        return Question("is this number a date? Write it as 5/10/2016")
    if (found := MONTH_AND_YEAR.fullmatch(text)) and month_of(found[1]):
        return Question("which day of the month is meant? Write it as 5 October 2016")
    return Question(A_DAY)


def _day_in_numbers(first: int, second: int, year: str) -> date | Question:
    """Of two numbers and a year; of a year of two digits, what makes the day certain."""
    full = int(year) if len(year) == 4 else CENTURY + int(year)
    day, turned = _made(full, second, first), _made(full, first, second)
    if second > 12 and isinstance(turned, date):
        in_full = "" if len(year) == 4 else " and the year in full"
        return Question(
            f"is the month written first? Write the day first{in_full}: {second}/{first}/{full}"
        )
    if len(year) == 4 or isinstance(day, Question):
        return day
    if isinstance(turned, date) and turned != day:
        readings = " or ".join(str(PartialDate(each, "day")) for each in (day, turned))
        return Question(f"{readings}? Write the day first and the year in full")
    return Question(f"write the year in full: {first}/{second}/{full}")


def _day_in_words(weekday: str, day: int, month: str, year: str) -> date | Question:
    number = month_of(month)
    if number is None:
        near = get_close_matches(month.title(), MONTHS, n=1)
        hint = f": did you mean {near[0]}?" if near else ""
        return Question(f"“{shown(month)}” is no month{hint}")
    full = int(year) if len(year) == 4 else CENTURY + int(year)
    made = _made(full, number, day)
    if len(year) == 2 and isinstance(made, date):
        return Question(f"write the year in full: {PartialDate(made, 'day')}")
    if weekday and isinstance(made, date):
        named = WEEKDAYS[made.weekday()]
        if weekday.title() not in (named, named[:3]):
            return Question(f"that day is a {named}: which is meant, the day or the weekday?")
    return made


def month_of(word: str) -> int | None:
    """1 to 12, of a month's name in full or its first three letters; None for any other word."""
    for number, month in enumerate(MONTHS, start=1):
        if word.lower() in (month.lower(), month[:3].lower()):
            return number
    return 9 if word.lower() == "sept" else None


def _made(year: int, month: int, day: int) -> date | Question:
    if year not in YEARS:
        return Question(f"a year from {YEARS.start} to {YEARS.stop - 1} was expected")
    try:
        return date(year, month, day)
    except ValueError:
        return Question("there is no such day in the calendar")


def read_symbol(value: Raw, meanings: Mapping[str, str]) -> Figure | Question | None:
    """The symbol's meaning by the map that holds for this source; None where it is none of them.

    Capital letters count only where the map has a symbol written both ways.
    """
    if isinstance(value, Unclear):
        return Question(value.question)
    text = _bare(value) if isinstance(value, str) else text_of(value)
    if not text:
        return None
    if text in meanings:
        return Figure(None, meanings[text], text)
    found = {meanings[symbol] for symbol in meanings if symbol.lower() == text.lower()}
    if len(found) > 1:
        return Question("small and capital letter mean different things here: which is meant?")
    if found:
        return Figure(None, found.pop(), text)
    return None


def read_figure(
    value: Raw,
    meanings: Mapping[str, str],
    *,
    is_percentage: bool = False,
    comma_parts_thousands: bool = True,
) -> Figure | Question | None:
    """The cell's symbol or number; None where it is empty."""
    symbol = read_symbol(value, meanings)
    if symbol is not None:
        return symbol
    number = read_number(
        value, is_percentage=is_percentage, comma_parts_thousands=comma_parts_thousands
    )
    if isinstance(number, Decimal):
        return Figure(number)
    if isinstance(number, Question) and isinstance(value, str):
        return _symbol_meant(_bare(value), meanings) or number
    return number


def _symbol_meant(text: str, meanings: Mapping[str, str]) -> Question | None:
    """The question whether a word that is not a number is one of the symbols."""
    if any(sign.isdecimal() for sign in text) or text.startswith("#"):
        return None
    known = ", ".join(f"“{symbol}”" for symbol in meanings)
    plain = {_letters(symbol): symbol for symbol in meanings}
    near = plain.get(_letters(text))
    hint = f": did you mean “{near}”?" if near else ""
    return Question(f"a number or one of the symbols {known} was expected{hint}")


def _letters(symbol: str) -> str:
    """The symbol without what differs between hands: N/A is n.a., and “–” is “-”."""
    dashed = re.sub("[\u2010-\u2015\u2212]", "-", symbol.lower())
    return re.sub(r"[\s/.]", "", dashed) or dashed


def match_headers(table: Table, columns: Sequence[str], optional: Sequence[str] = ()) -> Headers:
    """Where each of the columns stands, whatever its case, spaces and underscores.

    A column that is missing, unknown or there twice is a problem of the row of headers.
    """
    named = {plain_header(name): name for name in (*columns, *optional)}
    places: dict[str, int] = {}
    problems: list[Problem] = []
    missing = [
        name for name in columns if plain_header(name) not in map(plain_header, table.headers)
    ]
    for place, header in enumerate(table.headers):
        cell = table.header_cell(place)
        name = named.get(plain_header(header))
        if name is None:
            problems.append(cell.problem(_unknown(header, named, missing)))
        elif name in places:
            first = table.letters[places[name]]
            problems.append(
                cell.problem(f"the column stands there twice, in {first} too: keep one")
            )
        else:
            places[name] = place
    problems += [
        Problem(table.file, table.header_row, name, "", "the column is missing") for name in missing
    ]
    return Headers(places, tuple(problems))


def plain_header(header: str) -> str:
    return " ".join(re.sub(r"[_\s\ufeff-]+", " ", header).split()).casefold()


def _unknown(header: str, named: Mapping[str, str], missing: Sequence[str]) -> str:
    wanted = [plain for plain, name in named.items() if name in missing] or list(named)
    near = get_close_matches(plain_header(header)[:LONGEST_COMPARED], wanted, n=1)
    hint = f": did you mean “{named[near[0]]}”?" if near else ": remove it or mend its name"
    return f"no such column is known here{hint}"
