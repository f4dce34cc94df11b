"""A second reading of files that may be broken: what their figures are, or that they are wrong.

It shares no code with the importer. `read_own` reads our own layout and `read_published` DfE’s,
each from rows of text; both raise Wrong where any row that matters says nothing, or two things.
"""

import csv
import io
import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tests.conftest import NATIONAL
from tests.performance.importer import naive_published
from tests.performance.importer.naive_published import Place

MONTHS = (
    "January February March April May June July August September October November December".split()
)
# Thousands may be parted, by commas or by one kind of space.
NUMBER = re.compile(
    r"[-+−]?([0-9]+|[1-9][0-9]{0,2}([, \u00a0\u2007\u2009\u202f])[0-9]{3}(\2[0-9]{3})*)?"
    r"(\.[0-9]+)?"
)
# Far longer than any number that is held.
LONGEST_NUMBER = 100
SYMBOLS = {
    "suppressed", "not applicable", "not available", "low reliability", "rounds to zero", "missing",
}  # fmt: skip
LETTERS = {
    "c": "suppressed", "z": "not applicable", "x": "not available", "u": "low reliability",
    "k": "rounds to zero", "low": "rounds to zero",
}  # fmt: skip
READ = {
    "series", "period", "value", "symbol", "area", "numerator", "denominator", "note", "flags",
    "period start", "period end", "indicator", "unit", "last period", "last value",
}  # fmt: skip

# What says something of a figure: a row without any of it was left as the template had it.
FILLED = ("value", "symbol", "numerator", "denominator", "note", "flags")


class Figure(NamedTuple):
    """What a row says: a value or a symbol; None for what it does not give."""

    value: Decimal | None
    symbol: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    note: str | None = None


Figures = dict[Place, Figure]
Rows = list[list[str]]


class Wrong(Exception):
    """The file cannot be read as it stands: it must be refused."""


def _series():
    found = {}
    for folder in (NATIONAL, NATIONAL.parent / "demonstration"):
        with (folder / "series.csv").open(newline="") as series:
            found |= {row["code"]: row for row in csv.DictReader(series)}
    return found


def _indicators():
    found = {}
    for folder in (NATIONAL, NATIONAL.parent / "demonstration"):
        with (folder / "indicators.csv").open(newline="") as indicators:
            found |= {row["code"]: row for row in csv.DictReader(indicators)}
    return found


def _known_ahead():
    """The series of which the demonstration has a figure that was known before its period ended."""
    with (NATIONAL.parent / "demonstration" / "figures.csv").open(newline="") as figures:
        return {row["series"] for row in csv.DictReader(figures)
                if row["period_end"] > row["known_from"]}  # fmt: skip


def _areas():
    found = {}
    for row in naive_published.table("areas"):
        found |= {row[key].casefold(): row["code"] for key in ("code", "ons_code", "name")}
    return {text: code for text, code in found.items() if text}


SERIES, AREAS, INDICATORS, KNOWN_AHEAD = _series(), _areas(), _indicators(), _known_ahead()
COUNCILS = {row["code"] for row in naive_published.table("areas") if row["kind"] == "council"}
# On which the tests' site stands, and a year later.
TODAY, IN_A_YEAR = date(2016, 10, 5), date(2017, 10, 5)


def rows_of(content: bytes, delimiter: str) -> Rows:
    """The rows of a CSV. Raises Wrong where its bytes or its quotation marks make no sense."""
    try:
        encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text or "\ufffd" in text:
        raise Wrong("bytes")
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [row for row in rows if any(map(str.strip, row))]
    except csv.Error as error:
        raise Wrong("quotation marks") from error


def _plain(header: str) -> str:
    return " ".join(re.sub(r"[_\s\ufeff-]+", " ", header).split()).casefold()


def lines_of(rows: Rows, plain=_plain) -> list[dict[str, str]]:
    """Each row by its headers, which may stand under a title. Raises Wrong for a ragged row."""
    filled = [row for row in rows if any(map(str.strip, row))]
    if filled and sum(bool(cell.strip()) for cell in filled[0]) == 1:
        filled = filled[1:]
    if not filled:
        raise Wrong("nothing in it")
    headers = [plain(header) for header in filled[0]]
    while headers and not headers[-1]:
        headers.pop()
    lines = []
    for row in filled[1:]:
        if len(row) < len(headers) or any(map(str.strip, row[len(headers) :])):
            raise Wrong(f"ragged: {row}"[:200])
        line = dict(zip(headers, row, strict=False))
        if line.pop("", "").strip():
            raise Wrong("a cell without a header")
        lines.append(line)
    named = [header for header in headers if header]
    if len(named) != len(set(named)):
        raise Wrong("a header twice")
    return lines


def read_own(rows: Rows, *, comma: bool = True) -> Figures:
    """The figures of our own layout; `comma`: whether one may part thousands."""
    lines = lines_of(rows)
    found: Figures = {}
    for line in lines:
        if not {"series", "period", "value"} <= line.keys() <= READ:
            raise Wrong(f"headers {sorted(line)}"[:200])
        if line["value"].strip().casefold() == "hidden here":
            continue
        if not any(line.get(name, "").strip() for name in FILLED):
            continue
        place, figure = _read_line(line, comma)
        if found.setdefault(place, figure) != figure:
            raise Wrong(f"twice: {place}")
    if not found:
        raise Wrong("no figure")
    return found


def _read_line(line: dict[str, str], comma: bool) -> tuple[Place, Figure]:
    series = SERIES.get(" ".join(line["series"].split()))
    if series is None:
        raise Wrong(f"series {line['series']!r}"[:200])
    area = AREAS.get(" ".join(line.get("area", "").split() or ["336"]).casefold())
    if area is None:
        raise Wrong(f"area {line['area']!r}"[:200])
    start, end = _read_period(line, series)
    if end > TODAY and (series["code"] not in KNOWN_AHEAD or start > IN_A_YEAR):
        raise Wrong(f"not over: {end}")
    value, symbol = line["value"].strip(), line.get("symbol", "").strip()
    if bool(value) == bool(symbol):
        raise Wrong("value or symbol")
    said = (value or symbol).casefold()
    said = LETTERS.get(said, said.replace("_", " "))
    if (value or symbol).casefold() == "x" and end.year <= 2017:
        said = "suppressed"
    parts = [_part(line.get(name, ""), comma) for name in ("numerator", "denominator")]
    note = _read_note(line["note"]) if "note" in line else None
    place = Place(series["code"], area, start, end)
    if said in SYMBOLS:
        return place, Figure(None, said.replace(" ", "_"), *parts, note)
    if symbol:
        raise Wrong(f"symbol {symbol!r}"[:200])
    number = read_number(value, comma, is_percentage=series["highest"] == "100")
    _check_allowed(series, number)
    indicator = INDICATORS[series["indicator"]]
    if area in COUNCILS and None not in parts and _is_unlike(number, *parts, indicator):
        raise Wrong(f"{number} of {parts}"[:200])
    return place, Figure(number, "", *parts, note)


def _check_allowed(series: dict[str, str], number: Decimal) -> None:
    for bound, sign in (("lowest", 1), ("highest", -1)):
        if series[bound] and (number - Decimal(series[bound])) * sign < 0:
            raise Wrong(f"outside the series: {number}")
    counts_children = INDICATORS[series["indicator"]]["counts_children"] == "yes"
    if counts_children and number != number.to_integral_value():
        raise Wrong(f"part of a child: {number}")


def _is_unlike(number: Decimal, numerator, denominator, indicator: dict[str, str]) -> bool:
    """Whether it is not the share of the two, give or take one and a half of its last place."""
    rate = re.fullmatch("per ([0-9,]+) .*", indicator["unit"])
    if indicator["unit"] != "%" and rate is None:
        return False
    if denominator == 0:
        return True
    per = 100 if rate is None else int(rate[1].replace(",", ""))
    printed = f"{number:f}".rstrip("0").partition(".")[2] if "." in str(number) else ""
    places = min(len(printed), int(indicator["decimals"]))
    share = Fraction(numerator) * per / Fraction(denominator)
    return abs(share - Fraction(number)) * 2 > Fraction(3, 10**places)


def _read_note(note: str) -> str:
    if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", note):
        raise Wrong("a control character")
    note = note.strip()
    return note[1:] if re.match(r"'+[=+\-@\t\r]", note) else note


def _part(text: str, comma: bool) -> Decimal | None:
    return read_number(text, comma, is_percentage=False) if text.strip() else None


def read_number(text: str, comma: bool, *, is_percentage: bool) -> Decimal:
    """Raises Wrong for whatever is not plainly one number of our tables."""
    bare = text.strip().removeprefix("'").strip()
    if is_percentage and bare.endswith("%"):
        bare = bare[:-1].rstrip()
    if len(bare) > LONGEST_NUMBER or not NUMBER.fullmatch(bare) or not re.search("[0-9]", bare):
        raise Wrong(f"number {text!r}"[:200])
    thousands = re.fullmatch(r"[-+−]?[1-9][0-9]{0,2}\.[0-9]{3}", bare)
    if not comma and ("," in bare or thousands):
        raise Wrong(f"number {text!r}"[:200])
    number = Decimal(re.sub(r"[,\s]", "", bare).replace("−", "-"))
    if abs(number) >= 10**14 or number != round(number, 6):
        raise Wrong(f"number {text!r} cannot be held"[:200])
    return number


def _read_period(line: dict[str, str], series: dict[str, str]) -> tuple[date, date]:
    first, last = line.get("period start", "").strip(), line.get("period end", "").strip()
    try:
        if first or last:
            return date.fromisoformat(first), date.fromisoformat(last)
        return _days_of(" ".join(line["period"].split()), series)
    except ValueError as error:
        raise Wrong(f"period {line['period']!r}"[:200]) from error


def _days_of(words: str, series: dict[str, str]) -> tuple[date, date]:
    """The days that one of four plain ways of writing names. Raises ValueError."""
    kinds = series["periods"].split("; ")
    if found := re.fullmatch(r"([0-9]{4})[/–-]([0-9]{2}|[0-9]{4})", words):
        year = int(found[1])
        if "financial year" in kinds and str(year + 1).endswith(found[2]):
            return date(year, 4, 1), date(year + 1, 3, 31)
    if found := re.fullmatch("([A-Za-z]+) ([0-9]{4})", words):
        month, year = _month(found[1]), int(found[2])
        if "month" in kinds:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    day = None
    if found := re.fullmatch("([0-9]{1,2}) ([A-Za-z]+) ([0-9]{4})", words):
        day = date(int(found[3]), _month(found[2]), int(found[1]))
    elif found := re.fullmatch("([0-9]{1,2})([-/. ])([0-9]{1,2})\\2([0-9]{4})", words):
        day = date(int(found[4]), int(found[3]), int(found[1]))
    elif re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", words):
        day = date.fromisoformat(words)
    if day is None or "day" not in kinds or not 1900 <= day.year < 2200:
        raise ValueError(words)
    return day, day


def _month(word: str) -> int:
    for number, month in enumerate(MONTHS, start=1):
        if word.casefold() in (month.casefold(), month[:3].casefold()):
            return number
    raise ValueError(word)


def read_published(rows: Rows, file: str) -> Figures:
    """The figures of a file of Explore Education Statistics, by the maps of `file`."""
    lines = lines_of([[cell.strip() for cell in row] for row in rows], str)
    found: Figures = {}
    for one in (row for row in naive_published.table("dfe_maps") if row["file"] == file):
        for line in lines:
            for place, figure in _read_published_line(line, one, file):
                if place in found:
                    raise Wrong(f"twice: {place}")
                found[place] = figure
    if not found:
        raise Wrong("no figure")
    return found


def _read_published_line(line, one, file):
    try:
        place = naive_published._place(line, one, naive_published.FILES[file])
        if place is None:
            return
        cell = naive_published._cell(line, one, naive_published.FILES[file])
    except (KeyError, ValueError) as error:
        raise Wrong(f"{error!r}"[:200]) from error
    known = naive_published.MEANINGS[one["symbols"]]
    if place.area not in AREAS.values():
        raise Wrong(f"area {place.area}")
    if cell.symbol and cell.symbol not in known:
        raise Wrong(f"symbol {cell.symbol!r}"[:200])
    if cell.value is not None:
        _check_allowed(SERIES[place.series], cell.value)
    yield place, Figure(cell.value, known.get(cell.symbol, ""), cell.numerator, cell.denominator)
