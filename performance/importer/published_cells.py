"""From the rows of a published file to figures: which area, which period, which value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

import pandas as pd
from django.utils.timezone import localtime

from performance.importer.allowed import not_allowed
from performance.importer.check import NUMBER, Checker
from performance.importer.incoming import IncomingFigure
from performance.importer.own_names import rule_of
from performance.importer.problems import Problem
from performance.importer.published_maps import (
    ALL_YEARS,
    INTERACTIVE_TOOL,
    Maps,
    Publication,
    PublishedFile,
    SeriesMap,
)
from performance.importer.published_periods import KINDS, PublishedPeriod, year_of

# The Local Authority Interactive Tool holds binary numbers written out in full, such as
# 9.3699999999999992. No figure is published to more than six decimals: what lies beyond is noise.
DECIMALS_HELD = 6
# As the database holds it: twenty digits, six of them decimals.
DIGITS_BEFORE_POINT = 14
# Binary noise of a nought is far above this.
SMALLEST_NOISE = -40
# A wrong map is wrong in every row; this many problems of one map are enough to mend it.
ENOUGH = 20
PLAIN = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True)
class Value:
    """A number, or the reason why there is none and how the source wrote it."""

    number: Decimal | None
    symbol: str = ""
    as_published: str = ""


def read_number(text: str, decimals: int | None = None, *, noisy: bool = False) -> Decimal | None:
    """The number exactly as written; None where the text is not a number.

    With `decimals`, what the publisher says it rounds to, it is rounded half up to that many.
    `noisy`: it may be a binary number written out in full, whose noise is taken away.
    """
    if not NUMBER.fullmatch(text) or ("e" in text.lower() and not noisy):
        return None
    number = Decimal(text)
    if decimals is None and not noisy:
        return number
    places = DECIMALS_HELD if decimals is None else decimals
    # Outside these it cannot be held, and is refused as it stands.
    is_held = SMALLEST_NOISE <= number.adjusted() < DIGITS_BEFORE_POINT
    if is_held and -int(number.as_tuple().exponent) > places:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return number


def why_not_held(number: Decimal) -> str:
    """Why the number cannot be kept exactly as it stands; empty where it can."""
    if number.adjusted() >= DIGITS_BEFORE_POINT and number:
        return f"a number of at most {DIGITS_BEFORE_POINT} digits before the point was expected"
    if number.adjusted() < SMALLEST_NOISE or number != round(number, DECIMALS_HELD):
        return "a number of at most six decimals was expected"
    return ""


def read_months(text: str) -> Decimal | None:
    """“02:05”, two years and five months, as 29 months; None where the text is not such a time."""
    years, colon, months = text.partition(":")
    if not (colon and PLAIN.fullmatch(years) and PLAIN.fullmatch(months) and int(months) < 12):
        return None
    return Decimal(int(years) * 12 + int(months))


def read_value(text: str, series_map: SeriesMap, *, noisy: bool) -> Value | None:
    """The cell's number or symbol; None where it is neither."""
    if text in series_map.symbols:
        return Value(None, series_map.symbols[text], text)
    if series_map.form == "years:months":
        number = read_months(text)
    else:
        number = read_number(text, series_map.decimals, noisy=noisy)
    return None if number is None else Value(number)


@dataclass(frozen=True)
class _Cell:
    """The file's words for one figure, and the row that a spreadsheet numbers."""

    row: int
    area: str
    year: str
    value: str
    numerator: str
    denominator: str


class SeriesReader:
    """Reads one series from a file; what is wrong is noted with file, row and column.

    `name`: what the file was called when it was given. `enough`: after so many problems of the
    series no more is read. `covered`: by column, the rows whose cells are part of a figure.
    """

    def __init__(
        self,
        file: PublishedFile,
        series_map: SeriesMap,
        maps: Maps,
        check: Checker,
        *,
        name: str = "",
        enough: int | None = ENOUGH,
    ) -> None:
        self.file = file
        self.map = series_map
        self.rule = rule_of(series_map.series)
        self.maps = maps
        self.check = check
        self.name = name or file.name
        self.enough = enough
        self.noisy = file.format == INTERACTIVE_TOOL
        self.found = 0
        self.published: dict[int, Publication | None] = {}
        self.seen: dict[tuple[int, int], int] = {}
        self.periods: dict[int, PublishedPeriod] = {}
        used = (series_map.value, series_map.numerator, series_map.denominator)
        self.covered: dict[str, set[int]] = {column: set() for column in used if column}

    def read(self, frame: pd.DataFrame) -> Iterator[IncomingFigure]:
        """Every figure of the series, for each area and each of the map's years."""
        for cell in self._cells(frame):
            if self.enough is not None and self.found >= self.enough:
                return
            year = self._year(cell)
            if year is None or year not in self.map.years or cell.area in self.file.areas_left_out:
                continue
            if made := self._figure(cell, year):
                for rows in self.covered.values():
                    rows.add(cell.row)
                yield made
        if not self.seen and not self.found:
            self.check.wrong(self.map.row, "filters", "no row of the file matches: mend the map")

    def _cells(self, frame: pd.DataFrame) -> Iterator[_Cell]:
        chosen = frame
        for column, value in self.map.filters.items():
            chosen = chosen[chosen[column] == value]
        nothing = [""] * len(chosen)
        columns = [
            chosen.index.tolist(),
            self._area_codes(chosen),
            *(
                chosen[column].tolist() if column else nothing
                for column in (
                    self.map.period_column,
                    self.map.value,
                    self.map.numerator,
                    self.map.denominator,
                )
            ),
        ]
        yield from map(_Cell, *columns)

    def _area_codes(self, chosen: pd.DataFrame) -> list[str]:
        """Each row's code, from the column that its level keeps it in."""
        areas = self.file.areas
        levels = chosen[areas.level].tolist() if areas.level else [""] * len(chosen)
        codes = {column: chosen[column].tolist() for column in set(areas.code.values())}
        found = [
            codes[areas.code[level]][place] if level in areas.code else f"{level} ?"
            for place, level in enumerate(levels)
        ]
        return [areas.own_codes.get(code, code) for code in found]

    def _year(self, cell: _Cell) -> int | None:
        if not self.map.period_column:
            return self.map.years.start
        year = year_of(cell.year, self.map.year_form)
        if year is None or year not in ALL_YEARS:
            expected = f"a year written as {self.map.year_form} was expected"
            self._wrong(cell, self.map.period_column, cell.year, expected)
            return None
        return year

    def _figure(self, cell: _Cell, year: int) -> IncomingFigure | None:
        area, value = self._area(cell), self._value(cell)
        if area is None or value is None:
            return None
        if (first := self.seen.setdefault((area, year), cell.row)) != cell.row:
            expected = f"row {first} is of the same area and period: keep one, or mend the filters"
            self._wrong(cell, self.map.value, cell.value, expected)
            return None
        publication = self._publication(cell, year)
        if publication is None:
            return None
        part = partial(self._part, cell)
        return IncomingFigure(
            file_row=cell.row,
            column=self.map.value,
            text=cell.value,
            series=self.map.series.pk,
            area=area,
            period=self._period(year),
            value=value.number,
            symbol=value.symbol,
            symbol_as_published=value.as_published,
            numerator=part(self.map.numerator, cell.numerator),
            denominator=part(self.map.denominator, cell.denominator),
            note=self.maps.note(self.map.series.code, cell.area, year) or None,
            known_from=publication.at,
            known_from_basis=publication.basis,
        )

    def _area(self, cell: _Cell) -> int | None:
        area = self.maps.areas.get(cell.area)
        if area is None:
            expected = "no such area is known here: add it to areas.csv, or leave it out by name"
            self._wrong(cell, "area", cell.area, expected)
        return area

    def _value(self, cell: _Cell) -> Value | None:
        value = read_value(cell.value, self.map, noisy=self.noisy)
        if value is None:
            symbols = ", ".join(self.map.symbols)
            expected = f"a number or one of {symbols} was expected"
            self._wrong(cell, self.map.value, cell.value, expected)
        elif value.number is not None and (why := self._why_not(value.number)):
            self._wrong(cell, self.map.value, cell.value, why)
            return None
        return value

    def _why_not(self, number: Decimal) -> str:
        """Why the number is no figure of the series; empty where it can be one."""
        if why := why_not_held(number):
            return why
        question = not_allowed(self.rule, number)
        return f"{self.rule.indicator}: {question.expected}" if question else ""

    def _part(self, cell: _Cell, column: str, text: str) -> Decimal | None:
        """Numerator or denominator: none where the file has no column, or a symbol, for it."""
        if not column or text in self.map.symbols:
            return None
        number = read_number(text, noisy=self.noisy)
        if number is None:
            self._wrong(cell, column, text, "a number or a symbol was expected")
        elif why := why_not_held(number):
            self._wrong(cell, column, text, why)
            return None
        elif number < 0 and column == self.map.denominator:
            self._wrong(cell, column, text, "a number not below nought was expected")
        return number

    def _period(self, year: int) -> PublishedPeriod:
        if year not in self.periods:
            self.periods[year] = KINDS[self.map.period](year)
        return self.periods[year]

    def _publication(self, cell: _Cell, year: int) -> Publication | None:
        """When the period was first published; told once a year where it is not known."""
        if year not in self.published:
            self.published[year] = self._find_publication(cell, year)
        return self.published[year]

    def _find_publication(self, cell: _Cell, year: int) -> Publication | None:
        publication = self.maps.publications.get((self.map.dataset, year))
        if publication is None and self.file.is_new:
            publication = Publication(self.file.released_at, self.file.released_basis)
        if publication is None:
            expected = f"dfe_publications.csv does not say when {year} was first published"
        elif publication.at > self.file.released_at:
            expected = f"{year} cannot be published first after this file was released: mend a day"
        elif self._period(year).end >= localtime(publication.at).date():
            expected = "the period was not over when the file was released: mend the year or day"
        else:
            return publication
        self._wrong(cell, self.map.period_column or self.map.value, cell.year, expected)
        return None

    def _wrong(self, cell: _Cell, column: str, found: str, expected: str) -> None:
        self.found += 1
        self.check.problems.append(Problem(self.name, cell.row, column, found, expected))
