"""The Interactive Tool's dictionary: what it says of each measure, and the series made of that."""

import csv
import hashlib
import io
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.text import slugify

from performance.changes.indicators import indicator_facts, series_facts
from performance.changes.recording import record_added
from performance.importer.file_kinds import refusal
from performance.importer.incoming import Source
from performance.importer.lait_words import (
    OF_CHILDREN,
    read_decimals,
    read_kind_of_year,
    read_unit,
)
from performance.importer.lait_years import (
    ACADEMIC_YEAR,
    CALENDAR_YEAR,
    FINANCIAL_YEAR,
    JANUARY,
    ON_30_SEPTEMBER,
    ON_31_MARCH,
)
from performance.models import Indicator, ReferenceEvent, Series

Kind = ReferenceEvent.Kind
REASON = "From the dictionary of the Interactive Tool, for its figures."
COLUMNS = [
    "Topic", "Measure", "Chart_title", "Measure_short", "Polarity", "y_axis_name", "Description",
    "Last Update", "Next Update", "Methodology", "dps", "Year_Type",
]  # fmt: skip
SOURCE = "Department for Education, Local Authority Interactive Tool"
SOURCE_SHORT = "DfE’s Interactive Tool"
BLANK = ("", "NA", "-")
# Its days are Excel's serial numbers, counted from here; what is no number is a word such as TBC.
DAY_NOUGHT = date(1899, 12, 30)
LONGEST_TITLE, LONGEST_SHORT_TITLE, LONGEST_CODE = 200, 100, 80
ROUNDINGS = {None: "", 0: "to whole numbers", 1: "to one decimal", 2: "to two decimals"}
POLARITIES = {"High": Indicator.Polarity.HIGHER, "Low": Indicator.Polarity.LOWER}


@dataclass(frozen=True)
class Measure:
    """One measure as the dictionary has it. Blank cells, “NA” and “-” are empty here."""

    name: str
    title: str
    chart_title: str
    topics: tuple[str, ...]
    polarity: str
    axis: str
    description: str
    methodology: str
    dps: int | None
    year_type: str
    last_update: date | None
    next_update: date | None

    @property
    def unit(self) -> str:
        return read_unit(self.axis, self.chart_title, self.description)

    @property
    def kind_of_year(self) -> str | None:
        """One of `lait_years.YEARS`; None where the dictionary names a kind that is not known."""
        return read_kind_of_year(self.year_type, f"{self.title} {self.chart_title}")


Dictionary = Mapping[str, Measure]


@dataclass(frozen=True)
class NewSeries:
    """The indicator and the series that a measure becomes, under one code."""

    measure: str
    code: str
    title: str
    short_title: str
    definition: str
    unit: str
    decimals: int
    polarity: str
    kind: str
    counts_children: bool
    kind_of_figure: str
    periods: str
    rounding: str
    methodology: str
    next_published_on: date | None


def read_dictionary(source: Source) -> Dictionary:
    """Each measure by its short name; raises LoadRefused where this is not the dictionary.

    A measure that stands under two topics has two records: the one updated last speaks, and the
    other fills in what that leaves blank.
    """
    try:
        text = source.read().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        expected = f"the Interactive Tool’s dictionary in CSV was expected ({error})"
        raise refusal(source.name, expected) from error
    missing = [column for column in COLUMNS if not rows or column not in rows[0]]
    if missing:
        expected = f"the Interactive Tool’s dictionary has a column {', '.join(missing)}"
        raise refusal(source.name, f"{expected}: give lait_data_dictionary.csv as DfE has it")
    found: dict[str, list[Measure]] = {}
    for row in rows:
        if None in row.values() or not (row["Measure_short"] or "").strip():
            raise refusal(source.name, "a record is cut short: fetch the dictionary again")
        measure = _read_measure(row)
        found.setdefault(measure.name, []).append(measure)
    return {name: _join(records) for name, records in found.items()}


def _read_measure(row: Mapping[str, str]) -> Measure:
    cells = {name: "" if row[name].strip() in BLANK else row[name].strip() for name in COLUMNS}
    return Measure(
        name=cells["Measure_short"],
        title=_one_line(cells["Measure"]),
        chart_title=_one_line(cells["Chart_title"]),
        topics=(cells["Topic"],),
        polarity=cells["Polarity"],
        axis=_one_line(cells["y_axis_name"]),
        description=_paragraphs(cells["Description"]),
        methodology=_paragraphs(cells["Methodology"]),
        dps=int(cells["dps"]) if re.fullmatch("[0-6]", cells["dps"]) else None,
        year_type=cells["Year_Type"],
        last_update=_day(cells["Last Update"]),
        next_update=_day(cells["Next Update"]),
    )


def _join(records: Sequence[Measure]) -> Measure:
    """One measure of its records; the topics of all of them."""
    newest, *others = sorted(records, key=lambda one: one.last_update or date.min, reverse=True)
    topics = tuple(dict.fromkeys(topic for one in records for topic in one.topics))
    facts = vars(newest) | {"topics": topics}
    for other in others:
        filled = {name: value for name, value in vars(other).items() if facts[name] in ("", None)}
        facts |= filled
    return Measure(**facts)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _paragraphs(text: str) -> str:
    """Without the runs of blank lines that the dictionary's cells are full of."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n\n".join(line for line in lines if line)


def _day(text: str) -> date | None:
    return DAY_NOUGHT + timedelta(days=int(text)) if re.fullmatch("[0-9]{5}", text) else None


def make_series(dictionary: Dictionary, measures: Iterable[str]) -> list[NewSeries]:
    """A series for each of the measures that the dictionary has, with codes that are its own."""
    codes = make_codes(dictionary)
    return [_new_series(dictionary[name], codes[name]) for name in measures if name in dictionary]


def make_codes(names: Iterable[str]) -> dict[str, str]:
    """A code for each short name, made of the name alone, wherever it stands.

    Names that give the same code, as those that differ in their capitals, each get the beginning
    of their own name's SHA-256.
    """
    plain = {name: _plain_code(name) for name in names}
    times: dict[str, int] = {}
    for code in plain.values():
        times[code] = times.get(code, 0) + 1
    return {
        name: code if times[code] == 1 else f"{code}-{_print_of(name)}"
        for name, code in plain.items()
    }


def _plain_code(name: str) -> str:
    # A share and a count of the same thing often differ in this sign alone.
    words = name.replace("%", " percent ").replace("&", " and ").replace("<", " under ")
    slug = slugify(re.sub(r"[_/.(),+]", " ", words))
    code = f"lait-{slug or _print_of(name)}"
    if len(code) > LONGEST_CODE - 9:
        code = f"{code[: LONGEST_CODE - 18]}-{_print_of(name)}"
    return code


def _print_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def _new_series(measure: Measure, code: str) -> NewSeries:
    unit = measure.unit
    title = measure.chart_title or measure.title or measure.name
    polarity = POLARITIES.get(measure.polarity, Indicator.Polarity.NEITHER)
    is_context = polarity == Indicator.Polarity.NEITHER
    kind_of_figure, periods = _periods(measure.kind_of_year)
    return NewSeries(
        measure=measure.name,
        code=code,
        title=_shorten(title, LONGEST_TITLE),
        short_title=_shorten(measure.title or title, LONGEST_SHORT_TITLE),
        definition=measure.description or "The tool’s dictionary does not describe it.",
        unit=unit,
        decimals=read_decimals(measure.dps, unit),
        polarity=polarity,
        kind=Indicator.Kind.CONTEXT if is_context else Indicator.Kind.PERFORMANCE,
        counts_children=unit in OF_CHILDREN,
        kind_of_figure=kind_of_figure,
        periods=periods,
        rounding=ROUNDINGS.get(measure.dps, f"to {measure.dps} decimals"),
        methodology=measure.methodology,
        next_published_on=measure.next_update,
    )


def _periods(kind_of_year: str | None) -> tuple[str, str]:
    """The kind of figure, and the kinds of period that its series holds.

    A span of three years stands beside single years of the same measure in no file so far; the
    series allows it all the same.
    """
    if kind_of_year in (ON_31_MARCH, ON_30_SEPTEMBER):
        return Series.KindOfFigure.ON_A_DAY, "day"
    if kind_of_year == JANUARY:
        return Series.KindOfFigure.ON_A_DAY, "month"
    if kind_of_year in (CALENDAR_YEAR, FINANCIAL_YEAR, ACADEMIC_YEAR):
        return Series.KindOfFigure.IN_PERIOD, f"{kind_of_year}; other"
    return Series.KindOfFigure.IN_PERIOD, "other"


def _shorten(text: str, longest: int) -> str:
    """Cut between words."""
    return text if len(text) <= longest else f"{text[: longest - 1].rpartition(' ')[0]}…"


@transaction.atomic
def load_series(new: Iterable[NewSeries], by: AbstractBaseUser | None = None) -> list[Series]:
    """The series that were made, each with its indicator, outside the panel's set.

    What is on record already stands as it is. Where a person made them the history says so.
    """
    held = set(Series.objects.filter(code__startswith="lait-").values_list("code", flat=True))
    missing = [one for one in new if one.code not in held]
    known = Indicator.objects.in_bulk([one.code for one in missing], field_name="code")
    made = [_indicator(one) for one in missing if one.code not in known]
    known |= {one.code: one for one in Indicator.objects.bulk_create(made)}
    series = Series.objects.bulk_create(_series(one, known[one.code]) for one in missing)
    if by is not None:
        _record(series, {one.code for one in made}, by)
    return series


def _indicator(new: NewSeries) -> Indicator:
    return Indicator(
        code=new.code,
        title=new.title,
        short_title=new.short_title,
        definition=new.definition,
        unit=new.unit,
        decimals=new.decimals,
        polarity=new.polarity,
        polarity_basis="As the Interactive Tool’s dictionary says."
        if new.polarity != Indicator.Polarity.NEITHER
        else "The Interactive Tool’s dictionary does not say which way is better.",
        kind=new.kind,
        counts_children=new.counts_children,
    )


def _record(series: Iterable[Series], new_indicators: Container[str], by: AbstractBaseUser) -> None:
    for one in series:
        if one.code in new_indicators:
            facts = indicator_facts(one.indicator)
            record_added(Kind.INDICATOR, one.code, facts, by=by, reason=REASON)
        record_added(Kind.SERIES, one.code, series_facts(one), by=by, reason=REASON)


def _series(new: NewSeries, indicator: Indicator) -> Series:
    return Series(
        code=new.code,
        indicator=indicator,
        source=f"{SOURCE}, measure {new.measure}",
        source_short=SOURCE_SHORT,
        definition=new.methodology,
        kind_of_figure=new.kind_of_figure,
        periods=new.periods,
        rounding=new.rounding,
        suppression=Series.Suppression.AS_PUBLISHED,
        # Of shares and rates it is not certain: some changes among them lie below nought.
        lowest=0 if new.counts_children else None,
        next_published_on=new.next_published_on,
    )
