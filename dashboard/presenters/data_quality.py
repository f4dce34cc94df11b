"""What is late, missing, suppressed, restated, suspicious and explained among the figures."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from dashboard.presenters.indicators import find_due, indicator_url
from dashboard.words import capitalised, in_words, plural
from performance.calculations.lateness import expected_by
from performance.calculations.partial_date import PartialDate
from performance.calculations.periods import follow_a_gap
from performance.calculations.position import Position
from performance.calculations.suspicion import is_a_tenth, is_outside, is_ten_times
from performance.models import Annotation, Load, Measurement, Series
from performance.presenters import format_measurement
from performance.presenters.indicator import explain_url
from performance.presenters.notes import KIND_WORDS, Notes, notes_of, read_notes
from performance.presenters.readings import (
    IndicatorReading,
    SeriesReading,
    make_series_readings,
)
from performance.presenters.series_chart import SYMBOL_WORDS, charted

DAYS_LATELY = 365


@dataclass(frozen=True)
class QualityRow:
    """What is to be said of a series; `explain_url` is empty where it has no figure."""

    title: str
    url: str
    source: str
    words: str
    more: str = ""
    explain_url: str = ""


@dataclass(frozen=True)
class QualityTable:
    """One question, its answer in a sentence, and a row for each case."""

    anchor: str
    heading: str
    sentence: str
    column: str
    rows: list[QualityRow]


@dataclass(frozen=True)
class QualityPage:
    sentence: str
    tables: list[QualityTable]


@dataclass(frozen=True)
class _Looked:
    """A series, what officers said of it, and the row of its table without its words."""

    one: SeriesReading
    notes: Notes

    def row(self, words: str, about: Measurement | None = None, more: str = "") -> QualityRow:
        series = self.one.series
        return QualityRow(
            title=series.indicator.short_title,
            url=f"{indicator_url(series.indicator.code)}#series-{series.pk}",
            source=series.source_short,
            words=words,
            more=more,
            explain_url=explain_url(series, about or self.one.latest_row) if self.one.rows else "",
        )


def series_looked_at(load: Load | None, area_code: str, *, is_all: bool) -> QuerySet[Series]:
    """Those of which a load gave figures of the area, or those of the panel's set, or all."""
    if load is not None:
        of_load = Q(measurements__load=load) | Q(measurements__repeated_by__contains=[load.pk])
        found = Series.objects.filter(of_load, measurements__area__code=area_code)
        return Series.objects.filter(pk__in=found.values("pk"))
    return Series.objects.all() if is_all else Series.objects.filter(indicator__in_panel_set=True)


def make_quality_page(asked: QuerySet[Series], area_code: str, position: Position) -> QualityPage:
    """The council's figures of the series at the position, in five queries at most."""
    readings = make_series_readings(asked, area_code, position, are_compared=False)
    readings.sort(key=lambda one: one.indicator.short_title)
    series = [one for reading in readings for one in reading.series]
    found = read_notes([one.series for one in series], area_code, position)
    looked = [_Looked(one, notes_of(one.series, found)) for one in series]
    held = sum(bool(one.rows) for one in series)
    return QualityPage(
        sentence=(
            f"{plural(held, 'series', 'series')} {'holds' if held == 1 else 'hold'} figures of the "
            "council on this day. What is odd here may be right: look, and say why."
        ),
        tables=[
            _late(readings, looked, position),
            _missing(looked),
            _suppressed(looked),
            _restated(looked, position),
            _suspicious(looked),
            _explained(looked, found),
        ],
    )


def _table(
    anchor: str, column: str, rows: list[QualityRow], none: str, some: str, one: str
) -> QualityTable:
    """`some` follows a number in words: “Three figures are late.”"""
    count = len(rows)
    said = f"{capitalised(in_words(count))} {one if count == 1 else some}." if count else none
    return QualityTable(anchor, anchor.replace("-", " ").capitalize(), said, column, rows)


def _late(
    readings: Sequence[IndicatorReading], looked: Sequence[_Looked], position: Position
) -> QualityTable:
    of_series = {each.one.series.pk: each for each in looked}
    rows = []
    for reading in readings:
        speaks = reading.speaks
        words = _say_late(reading, position)
        first = speaks or next(iter(reading.series), None)
        if words and first:
            rows.append(of_series[first.series.pk].row(words, more=_last(first)))
    return _table(
        "late", "What is late", rows, "Nothing is late.", "indicators are late",
        "indicator is late",
    )  # fmt: skip


def _say_late(reading: IndicatorReading, position: Position) -> str:
    """By the day that was announced, else by the rhythm of the series that speaks."""
    due = find_due(reading, position.on)
    if due.is_late:
        return f"Was due on {PartialDate(due.on, 'day')}." if due.on else ""
    if due.on is not None or reading.speaks is None:
        return ""
    drawn = charted(reading.speaks.rows)
    known_on = max((localdate(row.known_from) for row in drawn), default=None)
    if known_on is None:
        return ""
    expected = expected_by([row.figure for row in drawn], known_on)
    if expected is not None and expected < position.on:
        return f"By its rhythm, the next figure should have come by {PartialDate(expected, 'day')}."
    return "Nothing has come for over two years." if due.old_since else ""


def _last(one: SeriesReading) -> str:
    row = one.latest_row
    return f"The last is for {row.period_label}." if row else "There is no figure yet."


def _missing(looked: Sequence[_Looked]) -> QualityTable:
    rows = []
    for each in looked:
        drawn = charted(each.one.rows)
        gaps = follow_a_gap([row.figure for row in drawn])
        rows += [
            each.row(f"Nothing is held between {before.period_label} and {row.period_label}.", row)
            for (before, row), follows in zip(pairwise(drawn), gaps[1:], strict=True)
            if follows
        ]
    return _table(
        "missing", "What is missing", rows, "No period is missing between two others.",
        "periods are missing between two others", "period is missing between two others",
    )  # fmt: skip


def _suppressed(looked: Sequence[_Looked]) -> QualityTable:
    rows = []
    for each in looked:
        without = [row for row in each.one.rows if row.value is None]
        counts = Counter(SYMBOL_WORDS[row.figure.symbol] for row in without if row.figure.symbol)
        if counts:
            words = "; ".join(
                f"{words} ({plural(count, 'figure')})" for words, count in counts.most_common()
            )
            more = f"Of {plural(len(each.one.rows), 'figure')}; the latest is for "
            rows.append(each.row(capitalised(words), without[-1],
                                 f"{more}{without[-1].period_label}."))  # fmt: skip
    return _table(
        "suppressed", "Figures without a value", rows, "Every figure has a value.",
        "series have figures that are suppressed or have no value",
        "series has figures that are suppressed or have no value",
    )  # fmt: skip


def _restated(looked: Sequence[_Looked], position: Position) -> QualityTable:
    since = position.on - min(timedelta(days=DAYS_LATELY), position.on - date.min)
    found = [(each, one) for each in looked for one in each.one.restated if since <= one.on]
    found.sort(key=lambda pair: pair[1].at, reverse=True)
    stands = {each.one.series.pk: {(row.period_start, row.period_end): row
                                   for row in each.one.rows} for each in looked}  # fmt: skip
    rows = [
        each.row(
            f"{one.period}: {one.words}.", stands[each.one.series.pk].get(one.span), more=one.why
        )
        for each, one in found
    ]
    return _table(
        "restated", "What was restated or withdrawn", rows,
        "Nothing was restated or withdrawn in the last twelve months.",
        "restatements or withdrawals were made in the last twelve months",
        "restatement or withdrawal was made in the last twelve months",
    )  # fmt: skip


def _suspicious(looked: Sequence[_Looked]) -> QualityTable:
    rows = []
    for each in looked:
        latest = next(iter(reversed(charted(each.one.rows))), None)
        if latest is not None and (words := " ".join(_say_suspicious(each.one))):
            said = " ".join(each.notes.beside(latest))
            rows.append(each.row(words, latest, f"Explained: {said}" if said else ""))
    return _table(
        "suspicious", "What is odd", rows, "No latest figure looks odd.",
        "latest figures look odd: they may be right", "latest figure looks odd: it may be right",
    )  # fmt: skip


def _say_suspicious(one: SeriesReading) -> Iterator[str]:
    """What is odd about the latest figure of its line, since the last break."""
    drawn = charted(one.rows)
    start = max((n for n, row in enumerate(drawn) if row.is_series_break), default=0)
    *earlier, latest = drawn[start:]
    gaps = follow_a_gap([row.figure for row in drawn[start:]])
    history = [
        value
        for row, follows in zip(earlier, gaps, strict=False)
        for value in ([None, row.value] if follows else [row.value])
    ]
    before = next((row for row in reversed(earlier) if row.value is not None), None)
    now = f"{format_measurement(latest)} for {latest.period_label}"
    if before and is_ten_times(before.value, latest.value):
        yield f"{now} is over ten times the {format_measurement(before)} before it."
    elif before and is_a_tenth(before.value, latest.value):
        yield f"{now} is under a tenth of the {format_measurement(before)} before it."
    if is_outside(history, latest.value):
        yield f"{now} lies outside the range of the figures before it."


def _explained(
    looked: Sequence[_Looked], found: dict[int | None, list[Annotation]]
) -> QualityTable:
    rows = [
        each.row(
            f"{KIND_WORDS[Annotation.Kind(note.kind)]}, {note.period_label}: {note.words}",
            next((row for row in each.one.rows if (row.period_start, row.period_end)
                  == (note.period_start, note.period_end)), None),
        )
        for each in looked
        for note in found.get(each.one.series.pk, [])
    ]  # fmt: skip
    return _table(
        "explained", "What officers said", rows, "Nothing has been explained.",
        "explanations stand", "explanation stands",
    )  # fmt: skip
