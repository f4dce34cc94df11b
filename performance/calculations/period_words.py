"""Words for a period: read as its first and last day, and said in a sentence."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from performance.calculations.figures import Figure
from performance.calculations.partial_date import MONTHS, PartialDate

QUARTERS = {"1": "first", "2": "second", "3": "third", "4": "last"}
HAVE_THEIR_WORD = ("at ", "before ", "after ", "since ", "by ", "in ", "on ", "during ")

KINDS = ("day", "month", "quarter", "financial year", "academic year", "calendar year", "other")
MONTH_NUMBERS = {name: at for at, full in enumerate(MONTHS, start=1)
                 for name in (full.lower(), full[:3].lower())} | {"sept": 9}  # fmt: skip
QUARTER_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
YEARS = range(1900, 2200)
MONTH = r"(?P<month>[a-z]+)\.?"
YEAR = r"(?P<year>[0-9]{4})"
SPLIT_YEAR = r"(?P<year>[0-9]{4})[/-](?P<next>[0-9]{4}|[0-9]{2})"


class NamedPeriod(NamedTuple):
    """One reading of a period's words; `label` is how we write them."""

    start: date
    end: date
    kind: str
    label: str


def kind_of(start: date, end: date) -> str:
    """Which of KINDS the days make up; a quarter is one of a financial or a calendar year."""
    is_whole = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if start == end:
        return "day"
    if not is_whole:
        return "other"
    if months == 12:
        years = {1: "calendar year", 4: "financial year", 9: "academic year"}
        return years.get(start.month, "other")
    if months == 3 and start.month in (1, 4, 7, 10):
        return "quarter"
    return "month" if months == 1 else "other"


def read_period_words(words: str) -> list[NamedPeriod]:
    """Everything that the words can mean: none where they are free text, several where it depends.

    “2016/17” is a financial or an academic year, “2016” a calendar year or either of the others
    that begins or ends in it, “Q1 2016” begins in January or in April.
    """
    said = re.sub("[\u2010-\u2015]", "-", " ".join(words.split()).lower())
    found = []
    for reading in (_read_years, _read_parts_of_years, _read_months, _read_days):
        found += [each for each in reading(said) if each.end.year in YEARS]
    return list(dict.fromkeys(found))


def name_days(start: date, end: date) -> str:
    """“5 October 2016”, “1 April 2016 to 30 June 2016”."""
    first, last = PartialDate(start, "day"), PartialDate(end, "day")
    return str(first) if start == end else f"{first} to {last}"


def name_kind(period: NamedPeriod) -> str:
    """“the financial year 2016/17”, “the month April 2016”: which reading of the words it is."""
    if period.kind in ("day", "other"):
        return period.label
    return f"the {period.kind} {period.label}"


def follow(start: date, end: date) -> NamedPeriod | None:
    """The period of the same kind that comes next; None after a day, or a period of no kind."""
    kind, first = kind_of(start, end), end + timedelta(days=1)
    if kind in ("day", "other"):
        return None
    months = {"month": 1, "quarter": 3}.get(kind, 12)
    return name_months(first, months)


def name_months(first: date, months: int) -> NamedPeriod:
    """The period of so many months from `first`, the first day of one, as we write it."""
    end = _end_of_months(first.year, first.month, months)
    kind = kind_of(first, end)
    if kind in ("financial year", "academic year"):
        return NamedPeriod(first, end, kind, _split(first.year))
    if kind == "calendar year":
        return NamedPeriod(first, end, kind, str(first.year))
    if kind == "quarter":
        before = first.month < 4
        label = f"Q{(first.month - 4) // 3 % 4 + 1} {_split(first.year - before)}"
        return NamedPeriod(first, end, kind, label)
    if kind == "month":
        return NamedPeriod(first, end, kind, f"{MONTHS[first.month - 1]} {first.year}")
    of_first = "" if first.year == end.year else f" {first.year}"
    label = f"{MONTHS[first.month - 1]}{of_first} to {MONTHS[end.month - 1]} {end.year}"
    return NamedPeriod(first, end, kind, label)


def _split(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02}"


def _end_of_months(year: int, month: int, months: int) -> date:
    years, last = divmod(month - 1 + months - 1, 12)
    return date(year + years, last + 1, monthrange(year + years, last + 1)[1])


def _are_years(found: re.Match[str]) -> bool:
    """Whether the year is one that we read, and the one after it, where it is given, follows."""
    year, following = int(found["year"]), found.groupdict().get("next")
    follows = not following or int(following) == (year + 1) % 10 ** len(following)
    return follows and year in YEARS


def _year_from(year: int, month: int) -> NamedPeriod:
    return name_months(date(year, month, 1), 12)


def _read_years(said: str) -> Iterator[NamedPeriod]:
    """“2016/17”, “academic year 2016-17”, “2016/17 financial year”, “2016”."""
    kind = r"(?:(?P<kind>financial|academic|school|calendar) year )?"
    after = r"(?: (?P<after>financial|academic|school|calendar) year)?"
    found = re.fullmatch(rf"(?:the )?{kind}{SPLIT_YEAR}{after}", said)
    if found and _are_years(found) and not (found["kind"] and found["after"]):
        named = found["kind"] or found["after"]
        if named in (None, "financial"):
            yield _year_from(int(found["year"]), 4)
        if named in (None, "academic", "school"):
            yield _year_from(int(found["year"]), 9)
    found = re.fullmatch(rf"(?:(?P<kind>calendar) year )?{YEAR}", said)
    if found and _are_years(found):
        year = int(found["year"])
        yield _year_from(year, 1)
        if not found["kind"]:
            yield from (_year_from(each, month) for month in (4, 9) for each in (year - 1, year))


def _read_parts_of_years(said: str) -> Iterator[NamedPeriod]:
    """“Q1 2016/17”, “quarter 1 of 2016-17”, “2016/17 Q1”, “first quarter of 2016/17”, “Q1 2016”."""
    quarter = r"(?:q ?|quarter |qtr )(?P<number>[1-4])"
    word = rf"(?:the )?(?P<word>{'|'.join(QUARTER_WORDS)}) quarter"
    between = r",? (?:of |of the )?"
    for year in (SPLIT_YEAR, YEAR):
        forms = (f"{quarter}{between}{year}", f"{year},? {quarter}", f"{word}{between}{year}")
        for found in filter(None, (re.fullmatch(form, said) for form in forms)):
            given = found.groupdict()
            number = int(given.get("number") or QUARTER_WORDS[given["word"]])
            first = int(given["year"])
            if not _are_years(found):
                continue
            yield _quarter(first, number)
            if "next" not in given:
                yield name_months(date(first, number * 3 - 2, 1), 3)


def _quarter(year: int, number: int) -> NamedPeriod:
    """Of the financial year that begins in `year`."""
    month = number * 3 + 1
    return name_months(date(year + (month > 12), (month - 1) % 12 + 1, 1), 3)


def _read_months(said: str) -> Iterator[NamedPeriod]:
    """“April 2016”, “2016-04”, “April to August 2016”, “April 2016 to March 2017”."""
    if found := re.fullmatch(rf"{MONTH} {YEAR}", said):
        if (month := _first_of(found["month"], found["year"])) is not None:
            yield name_months(month, 1)
    elif (found := re.fullmatch(r"([0-9]{4})-([0-9]{2})", said)) and 1 <= int(found[2]) <= 12:
        if int(found[1]) in YEARS:
            yield name_months(date(int(found[1]), int(found[2]), 1), 1)
    elif found := re.fullmatch(rf"{MONTH}(?: (?P<early>[0-9]{{4}}))?(?: to |-| - )"
                               rf"(?P<last>[a-z]+)\.? {YEAR}", said):  # fmt: skip
        first = _first_of(found["month"], found["early"] or found["year"])
        last = _first_of(found["last"], found["year"])
        if first and last and first < last:
            yield name_months(first, (last.year - first.year) * 12 + last.month - first.month + 1)


def _first_of(month: str, year: str) -> date | None:
    number = MONTH_NUMBERS.get(month)
    return date(int(year), number, 1) if number and int(year) in YEARS else None


def _read_days(said: str) -> Iterator[NamedPeriod]:
    """“5 October 2016”, “end of June 2016”, “year to 30 September 2016”, “1 May to 4 June 2016”."""
    if (day := _day(said)) is not None:
        yield NamedPeriod(day, day, "day", name_days(day, day))
    elif found := re.fullmatch(rf"(?:the )?end (?:of )?{MONTH} {YEAR}", said):
        if (first := _first_of(found["month"], found["year"])) is not None:
            end = _end_of_months(first.year, first.month, 1)
            yield NamedPeriod(end, end, "day", f"end of {MONTHS[end.month - 1]} {end.year}")
    elif found := re.fullmatch(
        r"(?:the )?(?:year|12 months|twelve months) (?:to|ending|ended) (.+)", said
    ):
        yield from _read_year_to(found[1])
    elif (found := re.fullmatch(r"(.+?) (?:to|-) (.+)", said)) and (last := _day(found[2])):
        start = _day(found[1]) or _day(f"{found[1]} {last.year}")
        if start and start < last:
            yield NamedPeriod(start, last, kind_of(start, last), name_days(start, last))


def _read_year_to(said: str) -> Iterator[NamedPeriod]:
    """The twelve months to the end of a month: “30 September 2016”, “September 2016”."""
    end = _day(said)
    if end is None and (found := re.fullmatch(rf"(?:the )?(?:end of )?{MONTH} {YEAR}", said)):
        first = _first_of(found["month"], found["year"])
        end = _end_of_months(first.year, first.month, 1) if first else None
    if end is None or end.day != monthrange(end.year, end.month)[1]:
        return
    years, month = divmod(end.month, 12)
    start = date(end.year - 1 + years, month + 1, 1)
    yield NamedPeriod(start, end, kind_of(start, end), f"year to {name_days(end, end)}")


def _day(said: str) -> date | None:
    """The day, in words, the English way or as 2016-10-05; None for anything else."""
    found = re.fullmatch(rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? {MONTH} {YEAR}", said)
    english = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", said)
    iso = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", said)
    try:
        if found:
            return date(int(found["year"]), MONTH_NUMBERS.get(found["month"], 0), int(found["day"]))
        if english:
            return date(int(english[3]), int(english[2]), int(english[1]))
        return date(*map(int, iso.groups())) if iso else None
    except ValueError:
        return None


def say_when(figure: Figure) -> str:
    """“on 8 August 2016”, “in 2015/16”, “at the end of June 2016”, “from April to August 2016”."""
    words = name_period(figure)
    if words.startswith(HAVE_THEIR_WORD) or not _has_date(figure):
        return words
    if " to end of " in words:
        return f"from {words.replace(' to end of ', ' to the end of ')}"
    if words.startswith("the end of"):
        return f"at {words}"
    if re.match(r"[A-Z]\w+( \d{4})? to [A-Z]", words):
        return f"from {words}"
    is_day = figure.start == figure.end and re.match(r"\d{1,2} [A-Z]", words)
    return f"{'on' if is_day else 'in'} {words}"


def name_period(figure: Figure) -> str:
    """“8 August 2016”, “the first quarter of 2016/17”, “the end of June 2016”: after “for”."""
    label = figure.label
    quarter = re.fullmatch(r"Q([1-4]) (\d{4}/\d{2})", label)
    if quarter:
        return f"the {QUARTERS[quarter[1]]} quarter of {quarter[2]}"
    return f"the {label}" if label.startswith(("end of ", "year to ")) else label


def attach_when(said: str, figure: Figure) -> str:
    """“43% in July 2016”, “71%, not dated in the paper”."""
    return f"{said}{' ' if _has_date(figure) else ', '}{say_when(figure)}"


def _has_date(figure: Figure) -> bool:
    return not figure.label.startswith(("not dated", "no date"))
