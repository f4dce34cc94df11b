"""Which period a row of our own layout is of, by its words and by the kinds its series allows."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache

from performance.calculations.figures import KindOfFigure
from performance.calculations.partial_date import MONTHS
from performance.calculations.period_words import (
    KINDS,
    MONTH_NUMBERS,
    QUARTER_WORDS,
    NamedPeriod,
    kind_of,
    name_days,
    name_kind,
    name_months,
    read_period_words,
)
from performance.calculations.periods import a_year_before
from performance.importer.formula_guard import unguard
from performance.importer.officers_cells import A_DAY, Question, read_day, read_text
from performance.importer.published_periods import PublishedPeriod
from performance.importer.raw_tables import PartOfDate, Raw

LONGEST_LABEL = 80
FIRST_MONTHS = {"financial year": 4, "academic year": 9, "calendar year": 1}
SAID = {
    "day": "a day",
    "month": "a month",
    "quarter": "a quarter",
    "financial year": "a financial year",
    "academic year": "an academic year",
    "calendar year": "a calendar year",
    "other": "another length of time",
}
EXAMPLES = {
    "financial year": "2016/17",
    "academic year": "2016/17",
    "calendar year": "2016",
    "quarter": "Q1 2016/17",
    "month": "April 2016",
    "day": "5 October 2016",
}
# A month that a cell shows in figures is written as a year is that ends in the next.
LIKE_A_YEAR = re.compile(r"[0-9]{4}[/-][0-9]{2,4}")
WORD = re.compile(r"[A-Za-z]{3,}")
# In full before in short, so that of two that are as near the whole month is meant.
WORDS = [*map(str.lower, MONTHS), *MONTH_NUMBERS, *QUARTER_WORDS, "quarter", "qtr", "financial",
         "academic", "school", "calendar", "year", "months", "twelve", "ending", "ended", "end",
         "the"]  # fmt: skip
SHORT_YEAR = re.compile(r"([A-Za-z]+)[ -]'?([0-9]{2})")


@dataclass(frozen=True)
class SeriesRule:
    """What a row must keep to for its series. `periods` holds those that were read already.

    `per`: 100 for a percentage, 10,000 for a rate per 10,000, None for what is counted otherwise;
    `decimals`: how many its figures are printed with.
    """

    pk: int
    kinds: tuple[str, ...]
    kind_of_figure: KindOfFigure
    per: int | None
    lowest: Decimal | None
    highest: Decimal | None
    decimals: int = 0
    counts_children: bool = False
    indicator: str = ""
    periods: dict[tuple[str, str, str], PublishedPeriod] = field(default_factory=dict)

    @property
    def is_percentage(self) -> bool:
        return self.per == 100

    def allows(self, start: date, end: date) -> bool:
        """Also a year to date, or any twelve months, where the series counts so."""
        if kind_of(start, end) in self.kinds:
            return True
        if self.kind_of_figure == KindOfFigure.ROLLING:
            return start == a_year_before(end + timedelta(days=1))
        if self.kind_of_figure != KindOfFigure.YEAR_TO_DATE:
            return False
        years = [FIRST_MONTHS[kind] for kind in self.kinds if kind in FIRST_MONTHS] or [4]
        starts_a_year = start.day == 1 and start.month in years
        return starts_a_year and a_year_before(end + timedelta(days=1)) <= start


def kinds_of(periods: str) -> tuple[str, ...]:
    """The kinds that a series' words for its periods name, in the order of KINDS."""
    named = {part.strip().lower() for part in periods.split(";") if part.strip()}
    # Words of another kind, such as “half year”, allow what has no name of its own.
    known = {kind if kind in KINDS else "other" for kind in named}
    return tuple(kind for kind in KINDS if kind in known)


@dataclass(frozen=True)
class WrongPeriod:
    """The column in which to mend it, and the question."""

    column: str
    question: Question


def read_period(
    rule: SeriesRule, words: Raw, first: Raw, last: Raw
) -> PublishedPeriod | WrongPeriod:
    """The period that the words name, or the days that are given beside them."""
    text = _text_of_period(words)
    if isinstance(text, Question):
        return WrongPeriod("period", text)
    start, end = read_day(first), read_day(last)
    for column, day in (("period_start", start), ("period_end", end)):
        if isinstance(day, Question):
            return WrongPeriod(column, day)
    if isinstance(start, date) and isinstance(end, date):
        return _with_days(rule, text, start, end)
    if start is None and end is None:
        return _by_words(rule, text)
    missing = "period_start" if start is None else "period_end"
    return WrongPeriod(missing, Question("both the first and the last day were expected, or none"))


def _text_of_period(words: Raw) -> str | Question:
    """The words; a workbook's date is the day that it holds, or the part of it that it shows."""
    if isinstance(words, PartOfDate):
        return _question_of_part(words) or words.shown
    if isinstance(words, date):
        day = read_day(words)
        return name_days(day, day) if isinstance(day, date) else day or ""
    text = read_text(words)
    if isinstance(text, Question):
        return text
    text = " ".join(unguard(text).split())
    if len(text) > LONGEST_LABEL:
        return Question(f"at most {LONGEST_LABEL} letters were expected")
    return text


def _question_of_part(words: PartOfDate) -> Question | None:
    """The question about a month that reads as a year: “2011/12”, of a day of December 2011."""
    readings = read_period_words(words.shown) if LIKE_A_YEAR.fullmatch(words.shown) else []
    if all(reading.kind == "month" for reading in readings):
        return None
    month = name_months(words.held.replace(day=1), 1).label
    return Question(
        f"the cell shows “{words.shown}” and holds a day of {month}: is the month or the year "
        "meant? Write it as a text"
    )


def _with_days(
    rule: SeriesRule, text: str, start: date, end: date
) -> PublishedPeriod | WrongPeriod:
    """The days that are given define the period; words that name other days are a question."""
    if end < start:
        return WrongPeriod("period_end", Question("the period ends before it starts"))
    readings = read_period_words(text)
    if readings and not any(_agrees(rule, reading, start, end) for reading in readings):
        expected = (
            f"the words are {_either(readings)} and the days beside them are "
            f"{name_days(start, end)}: which is meant?"
        )
        return WrongPeriod("period", Question(expected))
    if not rule.allows(start, end):
        return WrongPeriod("period", _not_allowed(rule, start, end))
    return PublishedPeriod(start, end, text or label_of(start, end))


def _agrees(rule: SeriesRule, reading: NamedPeriod, start: date, end: date) -> bool:
    """“2014/15” also agrees with its last day where figures are counted on a day."""
    if rule.kind_of_figure == KindOfFigure.ON_A_DAY and start == end == reading.end:
        return True
    return (reading.start, reading.end) == (start, end)


def label_of(start: date, end: date) -> str:
    """“2016/17”, “April to August 2016”, “5 October 2016”: the days as we write them."""
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if start.day == 1:
        named = name_months(start, months)
        if named.end == end:
            return named.label
    return name_days(start, end)


def _by_words(rule: SeriesRule, text: str) -> PublishedPeriod | WrongPeriod:
    if not text:
        return WrongPeriod(
            "period", Question(f"a period was expected{_examples(rule, ', such as ')}")
        )
    readings = read_period_words(text) or _read_day(rule, text)
    if isinstance(readings, Question):
        return WrongPeriod("period", readings)
    fitting = [reading for reading in readings if rule.allows(reading.start, reading.end)]
    if len(fitting) > 1:
        return WrongPeriod("period", Question(f"is {_either(fitting)} meant?"))
    if not fitting:
        return WrongPeriod("period", _not_allowed(rule, readings[0].start, readings[0].end))
    return PublishedPeriod(fitting[0].start, fitting[0].end, fitting[0].label)


def _examples(rule: SeriesRule, before: str) -> str:
    """“, such as 2016/17 or April 2016”: of the kinds that the series allows; empty for others."""
    written = list(dict.fromkeys(EXAMPLES[kind] for kind in EXAMPLES if kind in rule.kinds))
    return before + _or(written) if written else ""


def _read_day(rule: SeriesRule, text: str) -> list[NamedPeriod] | Question:
    """The ways of writing a day that the pure rule leaves to the reader of officers' cells."""
    day = read_day(text)
    if isinstance(day, date):
        return [NamedPeriod(day, day, "day", name_days(day, day))]
    found = SHORT_YEAR.fullmatch(text) if "month" in rule.kinds else None
    if found and (month := MONTH_NUMBERS.get(found[1].lower())):
        # A spreadsheet shows the first of August 2016 as “Aug-16”.
        return Question(f"is {name_months(date(2000 + int(found[2]), month, 1), 1).label} meant?")
    if isinstance(day, Question) and day.expected != A_DAY:
        return day
    unknown = "this is no period that is known here"
    if near := [each for each in _read_nearest(text) if rule.allows(each.start, each.end)]:
        return Question(f"{unknown}: did you mean {_or([each.label for each in near])}?")
    return Question(
        f"{unknown}: {_examples(rule, 'write ') or 'name it'}, or give its first and last day in "
        "period_start and period_end"
    )


def _read_nearest(text: str) -> list[NamedPeriod]:
    """What the words would mean with each unknown one spelt as the nearest that is known."""
    return read_period_words(" ".join(WORD.sub(_nearest, text.replace(",", " ")).split()))


def _nearest(found: re.Match[str]) -> str:
    return _nearest_word(found[0].lower())


@lru_cache(maxsize=1000)
def _nearest_word(word: str) -> str:
    near = [] if word in WORDS else get_close_matches(word, WORDS, n=1, cutoff=0.75)
    return near[0] if near else word


def _either(readings: list[NamedPeriod]) -> str:
    """“the financial year 2016/17 or the academic year 2016/17”."""
    return _or([name_kind(reading) for reading in readings])


def _or(names: list[str]) -> str:
    """“a, b or c”."""
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _not_allowed(rule: SeriesRule, start: date, end: date) -> Question:
    said = _or([SAID[kind] for kind in rule.kinds])
    expected = f"the series allows {said}, and this is {SAID[kind_of(start, end)]}"
    if start == end and start.day == 1 and "month" in rule.kinds:
        expected += f": is {name_months(start, 1).label} meant?"
    return Question(expected)
