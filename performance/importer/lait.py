"""All of the Department's Local Authority Interactive Tool: its long table, read into figures.

A file of it has two thirds of a million rows, so that a row costs four look-ups and a tuple.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from difflib import get_close_matches
from typing import Any

from performance.importer.allowed import not_allowed, outside
from performance.importer.check import NUMBER, start_of_day
from performance.importer.incoming import IncomingFigure, Reading, Source
from performance.importer.lait_dictionary import Dictionary, make_codes
from performance.importer.lait_table import AREA, COLUMNS, MEASURE, VALUE, YEAR, is_lait, read_rows
from performance.importer.lait_years import DatedYear, date_year
from performance.importer.officers_cells import Question
from performance.importer.own_names import SeriesNames
from performance.importer.own_periods import SeriesRule
from performance.importer.problems import LoadRefused, Problem
from performance.importer.published_cells import DECIMALS_HELD
from performance.importer.published_periods import PublishedPeriod
from performance.models import Area, Load, Measurement

__all__ = ["COLUMNS", "is_lait", "read_figure", "read_lait", "read_measures"]

# The tool writes this for every value that it does not give, whatever the reason.
NOTHING = "-"
# A binary number is written with 17 digits, of which the last two may be noise.
DIGITS_WITHOUT_NOISE = 15
# The column for a figure's value holds 14 digits before the point.
LARGEST = Decimal(10) ** 14
# Texts of values that are kept with what they mean; past this the memory would grow with the file.
MOST_KEPT = 100_000

# Number, symbol, and the symbol as it is published.
Value = tuple[Decimal | None, str, str]
NOT_GIVEN: Value = (None, Measurement.Symbol.NOT_AVAILABLE.value, NOTHING)


def read_figure(text: str, decimals: int | None) -> Decimal | None:
    """The number without binary noise, rounded half up; None where the text is not a number.

    Noise goes first: 1.3549999999999998 is 1.355, and to two decimals 1.36, as the tool shows it.
    """
    if not NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    if len(number.as_tuple().digits) > DIGITS_WITHOUT_NOISE:
        number = Decimal(f"{number:.{DIGITS_WITHOUT_NOISE}g}")
    if number and number.adjusted() > LARGEST.adjusted():
        return None
    places = DECIMALS_HELD if decimals is None else decimals
    if -int(number.as_tuple().exponent) > places:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return number if abs(number) < LARGEST else None


class Values(dict[str, Value | None]):
    """What each text means where the dictionary has that many decimals and the series allows so
    much; None for what is wrong."""

    def __init__(self, decimals: int | None, rule: SeriesRule) -> None:
        super().__init__({NOTHING: NOT_GIVEN})
        self.decimals, self.rule = decimals, rule

    def __missing__(self, text: str) -> Value | None:
        if len(self) >= MOST_KEPT:
            self.clear()
            self[NOTHING] = NOT_GIVEN
        number = read_figure(text or "", self.decimals)
        found = None if number is None or self.not_allowed(text) else (number, "", "")
        self[text] = found
        return found

    def not_allowed(self, text: str) -> Question | None:
        """The question about a number that no figure of the series can be, before it is rounded.

        Where the dictionary names no decimals a count may have some: the tool's pupils eligible
        for the pupil premium are of the funding, and half a pupil is among them.
        """
        number = read_figure(text, None)
        if number is None:
            return None
        return not_allowed(self.rule, number) if self.decimals == 0 else outside(self.rule, number)


class _Areas(dict[Any, int | None]):
    """The id of the area behind each number, as the file writes it: 336.0, “336” or “336.0”."""

    def __init__(self) -> None:
        super().__init__()
        self.known = {code: (pk, name) for pk, code, name in
                      Area.objects.values_list("pk", "code", "name")}  # fmt: skip

    def __missing__(self, number: Any) -> int | None:
        found = self.known.get(_code(number))
        self[number] = found[0] if found else None
        return self[number]

    def expected(self, number: Any) -> str:
        near = get_close_matches(_code(number), self.known, n=1)
        suggestion = f": did you mean “{near[0]}” {self.known[near[0]][1]}?" if near else ""
        return f"the number of an area on record was expected{suggestion}"


def _code(number: Any) -> str:
    return re.sub(r"\.0+$", "", str(number).strip())


@dataclass(frozen=True)
class _Place:
    """Where the rows of one measure and year belong."""

    series: int
    indicator: str
    period: PublishedPeriod
    flags: str
    values: Values


Places = dict[tuple[Any, Any], _Place | None]


def read_measures(source: Source) -> list[str]:
    """The short names of the measures in the file, in its order."""
    return list(dict.fromkeys(measure for measure, _ in _read_pairs(source) if measure))


def read_lait(source: Source, *, dictionary: Dictionary, released_on: date | None) -> Reading:
    """The long table in the course of being read; its series must be on record.

    Without `released_on` its figures are known from the moment they are loaded. What the tool says
    of no period, or twice of the same, is left out, counted and noted, by measure and spelling.
    Raises LoadRefused where the file is not the table or a series is missing.
    """
    reading = Reading(
        file=source.name,
        format=Load.Format.LAIT,
        title="Local Authority Interactive Tool",
        figures=iter(()),
        period_column=YEAR,
        released_at=None if released_on is None else start_of_day(released_on),
    )
    pairs = _read_pairs(source)
    years = _Years(source.name, dictionary, reading)
    for measure, spellings in _by_measure(pairs).items():
        years.add(measure, spellings)
    if years.problems:
        raise LoadRefused(years.problems)
    # Nothing is asked of the database while it takes the figures.
    reading.figures = _read_figures(source, years, _Areas(), reading)
    return reading


def _read_pairs(source: Source) -> dict[tuple[Any, ...], None]:
    """Each measure with each of its years, once: the file is gone through for these alone, since
    which of two spellings stands cannot be told before both were seen."""
    pairs: dict[tuple[Any, ...], None] = {}
    for batch in read_rows(source, (MEASURE, YEAR)):
        pairs |= dict.fromkeys(batch)
    return pairs


def _by_measure(pairs: Iterable[tuple[Any, ...]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for measure, year in pairs:
        found.setdefault(measure, []).append(year)
    return found


class _Years:
    """Which series and period each measure and year is of, and why the others are none."""

    def __init__(self, file: str, dictionary: Dictionary, reading: Reading) -> None:
        self.file = file
        self.dictionary = dictionary
        self.reading = reading
        self.codes = make_codes(dictionary)
        self.series = SeriesNames().rules
        self.values: dict[tuple[object, ...], Values] = {}
        self.places: Places = {}
        self.left_out: dict[tuple[Any, Any], str] = {}
        self.problems: list[Problem] = []

    def add(self, name: Any, spellings: list[Any]) -> None:
        measure = self.dictionary.get(name)
        if measure is None:
            return self._leave_out(name, spellings, "the dictionary does not have this measure")
        kind = measure.kind_of_year
        if kind is None:
            words = f"the dictionary counts by “{measure.year_type}”, a kind of year not known here"
            return self._leave_out(name, spellings, words)
        series = self.series.get(self.codes[name])
        if series is None:
            expected = f"its series {self.codes[name]} is not on record: load the dictionary's"
            return self._wrong(MEASURE, name, f"{expected} series first")
        values = self._values_of(measure.dps, series)
        dated = {spelling: date_year(spelling or "", kind) for spelling in spellings}
        for spelling in self._standing(name, dated):
            year = dated[spelling]
            if year is None:
                self._leave_out(name, [spelling], "names no period")
            else:
                place = _Place(series.pk, series.indicator, year.period, year.mark.flags, values)
                self.places[name, spelling] = place
        return None

    def _values_of(self, decimals: int | None, rule: SeriesRule) -> Values:
        """Series that allow the same share what their texts mean."""
        alike = decimals, rule.lowest, rule.highest, rule.counts_children, rule.is_percentage
        return self.values.setdefault(alike, Values(decimals, rule))

    def _standing(self, name: Any, dated: dict[Any, DatedYear | None]) -> list[Any]:
        """The spellings, without those whose period another says with more standing."""
        best: dict[tuple[date, date], Any] = {}
        for spelling, year in dated.items():
            if year is None:
                continue
            days = year.period.start, year.period.end
            other = best.setdefault(days, spelling)
            if other == spelling:
                continue
            standing = year.mark.standing - _standing_of(dated[other])
            if standing == 0:
                expected = f"“{other}” names the same period: which of the two is meant?"
                self._wrong(YEAR, f"{name} {spelling}", expected)
            best[days] = spelling if standing > 0 else other
        stands = set(best.values())
        for spelling, year in dated.items():
            if year is not None and spelling not in stands:
                instead = best[year.period.start, year.period.end]
                self._leave_out(name, [spelling], f"“{instead}” of the same period stands instead")
        return [one for one, year in dated.items() if year is None or one in stands]

    def _leave_out(self, name: Any, spellings: Iterable[Any], why: str) -> None:
        for spelling in spellings:
            self.places[name, spelling] = None
            self.left_out[name, spelling] = why

    def _wrong(self, column: str, found: str, expected: str) -> None:
        self.problems.append(Problem(self.file, None, column, found, expected))


def _standing_of(year: DatedYear | None) -> int:
    return -1 if year is None else year.mark.standing


def _read_figures(
    source: Source, years: _Years, areas: _Areas, reading: Reading
) -> Iterator[IncomingFigure]:
    places, make = years.places, tuple.__new__
    left_out: Counter[tuple[Any, Any]] = Counter()
    with_numbers: Counter[tuple[Any, Any]] = Counter()
    without_value = 0
    for batch in read_rows(source):
        for row, (measure, year, number, text) in enumerate(batch, start=reading.rows_read + 2):
            place = places[measure, year]
            if place is None:
                left_out[measure, year] += 1
                with_numbers[measure, year] += text != NOTHING
                continue
            area, value = areas[number], place.values[text]
            if area is None or value is None:
                wrong = _wrong_area(areas, number) if area is None else _wrong_value(place, text)
                reading.problems.append(Problem(source.name, row, *wrong))
                continue
            if value[0] is None:
                without_value += 1
            # Half the cost of calling it by its name, which counts here.
            yield make(
                IncomingFigure,
                (row, VALUE, text, place.series, area, place.period, *value,
                 None, None, None, place.flags, None, "stated"),
            )  # fmt: skip
        reading.rows_read += len(batch)
    reading.not_covered = left_out.total()
    reading.notes += [
        _say_left_out(measure, year, years.left_out[measure, year], count,
                      with_numbers[measure, year])
        for (measure, year), count in left_out.items()
    ]  # fmt: skip
    if without_value:
        reading.notes.append(
            f"{without_value:,} figures are “-”: the tool does not say why it gives none."
        )


def _wrong_area(areas: _Areas, number: Any) -> tuple[str, str, str]:
    """The column, what was found there, and what was expected."""
    return AREA, str(number), areas.expected(number)


def _wrong_value(place: _Place, text: Any) -> tuple[str, str, str]:
    """As `_wrong_area`."""
    expected = "a number, or “-” where there is none, was expected"
    if read_figure(text or "", place.values.decimals) is not None:
        question = place.values.not_allowed(text)
        expected = f"{place.indicator}: {question.expected}" if question else expected
    return VALUE, str(text or ""), expected


def _say_left_out(measure: Any, year: Any, why: str, count: int, with_numbers: int) -> str:
    rows = "1 row is" if count == 1 else f"{count:,} rows are"
    holding = "none holds a number" if not with_numbers else f"{with_numbers:,} with a number"
    return f"{measure}, “{year}”: {why}; {rows} left out, {holding}."
