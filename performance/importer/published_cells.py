"""From the rows of a published file to figures: which area, which period, which value."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import partial

import pandas as pd

from performance.importer.check import Checker
from performance.importer.incoming import IncomingFigure
from performance.importer.problems import Problem
from performance.importer.published_maps import Maps, Publication, PublishedFile, SeriesMap
from performance.importer.published_periods import KINDS, PublishedPeriod, year_of

# The Local Authority Interactive Tool holds binary numbers written out in full, such as
# 9.3699999999999992. No figure is published to more than six decimals: what lies beyond is noise.
DECIMALS_HELD = 6
# A wrong map is wrong in every row; this many problems of one map are enough to mend it.
ENOUGH = 20


@dataclass(frozen=True)
class Value:
    """A number, or the reason why there is none and how the source wrote it."""

    number: Decimal | None
    symbol: str = ""
    as_published: str = ""


def read_number(text: str, decimals: int | None = None) -> Decimal | None:
    """The number exactly as written, less binary noise; None where the text is not a number.

    With `decimals`, what the publisher says it rounds to, it is rounded half up to that many.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    places = DECIMALS_HELD if decimals is None else decimals
    if -int(number.as_tuple().exponent) > places:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return number


def read_months(text: str) -> Decimal | None:
    """“02:05”, two years and five months, as 29 months; None where the text is not such a time."""
    years, colon, months = text.partition(":")
    if not (colon and years.isdecimal() and months.isdecimal() and int(months) < 12):
        return None
    return Decimal(int(years) * 12 + int(months))


def read_value(text: str, series_map: SeriesMap) -> Value | None:
    """The cell's number or symbol; None where it is neither."""
    if text in series_map.symbols:
        return Value(None, series_map.symbols[text], text)
    if series_map.form == "years:months":
        number = read_months(text)
    else:
        number = read_number(text, series_map.decimals)
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
    """Reads one series from a file; what is wrong is noted with file, row and column."""

    def __init__(
        self, file: PublishedFile, series_map: SeriesMap, maps: Maps, check: Checker
    ) -> None:
        self.file = file
        self.map = series_map
        self.maps = maps
        self.check = check
        self.found = 0
        self.seen: dict[tuple[int, int], int] = {}
        self.periods: dict[int, PublishedPeriod] = {}

    def read(self, frame: pd.DataFrame) -> Iterator[IncomingFigure]:
        """Every figure of the series, for each area and each of the map's years."""
        for cell in self._cells(frame):
            if self.found >= ENOUGH:
                return
            year = self._year(cell)
            if year is None or year not in self.map.years or cell.area in self.file.areas_left_out:
                continue
            if made := self._figure(cell, year):
                yield made
        if not self.seen and not self.found:
            self.check.wrong(self.map.row, "filters", "no row of the file matches: mend the map")

    def _cells(self, frame: pd.DataFrame) -> Iterator[_Cell]:
        chosen = frame
        for column, value in self.map.filters.items():
            chosen = chosen[chosen[column] == value]
        nothing = [""] * len(chosen)
        columns = [
            (chosen.index + 2).tolist(),
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
        if year is None:
            expected = f"a year written as {self.map.year_form} was expected"
            self._wrong(cell, self.map.period_column, cell.year, expected)
        return year

    def _figure(self, cell: _Cell, year: int) -> IncomingFigure | None:
        area = self.maps.areas.get(cell.area)
        if area is None:
            expected = "no such area is known here: add it to areas.csv, or leave it out by name"
            self._wrong(cell, "area", cell.area, expected)
            return None
        value = read_value(cell.value, self.map)
        if value is None:
            symbols = ", ".join(self.map.symbols)
            expected = f"a number or one of {symbols} was expected"
            self._wrong(cell, self.map.value, cell.value, expected)
            return None
        if (first := self.seen.setdefault((area, year), cell.row)) != cell.row:
            expected = f"row {first} is of the same area and period: mend the map's filters"
            self._wrong(cell, self.map.value, cell.value, expected)
            return None
        publication = self._publication(year)
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

    def _part(self, cell: _Cell, column: str, text: str) -> Decimal | None:
        """Numerator or denominator: none where the file has no column, or a symbol, for it."""
        if not column or text in self.map.symbols:
            return None
        number = read_number(text)
        if number is None:
            self._wrong(cell, column, text, "a number or a symbol was expected")
        return number

    def _period(self, year: int) -> PublishedPeriod:
        if year not in self.periods:
            self.periods[year] = KINDS[self.map.period](year)
        return self.periods[year]

    def _publication(self, year: int) -> Publication | None:
        """When the period was first published; told once a year where it is not known."""
        publication = self.maps.publications.get((self.map.dataset, year))
        if publication and publication.at <= self.file.released_at:
            return publication
        expected = f"dfe_publications.csv does not say when {year} was first published"
        if publication:
            expected = f"{year} cannot be published first after this file was released: mend a day"
        known = {problem.expected for problem in self.check.problems}
        if expected not in known:
            self.found += 1
            self.check.wrong(self.map.row, "dataset", expected)
        return None

    def _wrong(self, cell: _Cell, column: str, found: str, expected: str) -> None:
        self.found += 1
        self.check.problems.append(Problem(self.file.name, cell.row, column, found, expected))
