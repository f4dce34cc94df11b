"""One indicator in full: what it says, how it has gone, how others stand, where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import localdate

from performance.calculations.figures import Polarity
from performance.calculations.partial_date import PartialDate
from performance.calculations.position import Position
from performance.calculations.process import Stage
from performance.calculations.process_reading import ProcessReading
from performance.calculations.wording import format_value
from performance.charts import ChartView, make_chart_view
from performance.models import Annotation, DateBasis, Indicator, Measurement, Series
from performance.presenters.comparison import (
    Compared,
    ComparisonRow,
    describe_multiples,
    describe_strip,
    make_comparators,
    make_compared,
    make_comparison_rows,
    read_beside,
    say_compared,
)
from performance.presenters.figures import TargetLine, format_measurement, make_target_line
from performance.presenters.notes import KIND_WORDS, Notes, notes_of, read_notes
from performance.presenters.readings import (
    IndicatorReading,
    SeriesReading,
    make_series_readings,
)
from performance.presenters.restatements import Restated
from performance.presenters.series_chart import charted, describe_series, round_average


@dataclass(frozen=True)
class HeldFigure:
    """A figure that no line joins: its source gives no date, or it is of another length."""

    text: str
    period: str
    note: str


@dataclass(frozen=True)
class RestatedLine:
    """“2015/16”, “46% until 30 October 2016, now 48%”, and why; or how it was withdrawn."""

    period: str
    words: str
    why: str


@dataclass(frozen=True)
class RestatedSection:
    """The newest three, and the rest, which the page folds, under what happened to them."""

    heading: str
    first: list[RestatedLine]
    rest: list[RestatedLine]


@dataclass(frozen=True)
class StandingNote:
    """An annotation in force, for whoever may close it."""

    kind: str
    period: str
    words: str
    close_url: str


@dataclass(frozen=True)
class Explaining:
    """Where a figure of the series is explained; `url` is empty where it has none."""

    url: str
    notes: list[StandingNote]


@dataclass(frozen=True)
class SeriesSection:
    """One source's figures. `how` is what “How do we know?” opens.

    `source_short` is what the series is called, `source` and `heading` who gave its figures;
    `is_as_named`: the latest one is as that source gives it.
    """

    anchor: str
    source_short: str
    heading: str
    source: str
    is_as_named: bool
    definition: str
    sentence: str
    kind_of_figure: str
    chart: ChartView | None
    also: list[HeldFigure]
    targets: list[TargetLine]
    rule: str
    published: str
    next_published: str
    how: list[str]
    restated: RestatedSection
    said: list[str]
    explaining: Explaining


@dataclass(frozen=True)
class IndicatorPage:
    """`restated` is filled where every figure was withdrawn; else each section has its own."""

    indicator: Indicator
    readings: IndicatorReading
    lead: str
    restated: RestatedSection | None = None
    main: SeriesSection | None = None
    others: list[SeriesSection] = field(default_factory=list)
    comparison: list[ComparisonRow] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    why_no_comparison: str = ""
    strip: ChartView | None = None
    multiples: ChartView | None = None

    @property
    def definition(self) -> str:
        """The indicator's own, unless the figures over it have said the same."""
        said = self.main.definition if self.main else ""
        return "" if said == self.indicator.definition else self.indicator.definition


def make_indicator_page(indicator: Indicator, area_code: str, position: Position) -> IndicatorPage:
    """The page at the position; without any figure it says so and shows the definition."""
    mine = Series.objects.filter(indicator=indicator)
    made = make_series_readings(mine, area_code, position, are_compared=False)
    readings = made[0] if made else IndicatorReading(indicator, [])
    speaks = readings.speaks
    if speaks is None:
        return _page_without_figures(indicator, readings, position)
    held = [one for one in readings.series if one.has_figure or one.targets or one.restated]
    found = read_notes([one.series for one in held], area_code, position)
    beside = read_beside(speaks, area_code, position, readings.links)
    for row in (row for one in readings.series for row in one.rows):
        row.area = beside.own_area
    compared = make_compared(beside, speaks)
    main = say_compared(compared) if compared else speaks
    others = [
        _section(one, beside.own_area.name, position.on, None, notes_of(one.series, found))
        for one in held
        if one is not speaks
    ]
    return IndicatorPage(
        indicator=indicator,
        readings=readings,
        lead=main.sentence.text,
        main=_section(
            main,
            beside.own_area.name,
            position.on,
            compared,
            notes_of(main.series, found),
            is_main=True,
        ),
        others=others,
        comparison=make_comparison_rows(compared) if compared else [],
        lists=[each.title for each in beside.lists],
        why_no_comparison=beside.why_none,
        strip=_strip(compared, position.on),
        multiples=_multiples(compared, position.on),
    )


def _page_without_figures(
    indicator: Indicator, readings: IndicatorReading, position: Position
) -> IndicatorPage:
    day = PartialDate(position.on, "day")
    withdrawn = [line for one in readings.series for line in one.restated]
    said = f"No figure stood on {day}: what had been held was withdrawn."
    return IndicatorPage(
        indicator,
        readings,
        said if withdrawn else f"No figure had been published by {day}.",
        restated=_restated(withdrawn),
    )


def _strip(compared: Compared | None, on: date) -> ChartView | None:
    chart = describe_strip(compared) if compared else None
    return make_chart_view("strip", chart, _source(compared), on) if chart else None


def _multiples(compared: Compared | None, on: date) -> ChartView | None:
    chart = describe_multiples(compared) if compared else None
    return make_chart_view("neighbours", chart, _source(compared), on) if chart else None


def _source(compared: Compared | None) -> str:
    return f"Source: {compared.source}." if compared else ""


def _section(
    one: SeriesReading,
    area: str,
    on: date,
    compared: Compared | None,
    notes: Notes,
    *,
    is_main: bool = False,
) -> SeriesSection:
    series = one.series
    targets = [make_target_line(target, list(reversed(one.rows)), on) for target in one.targets]
    # Several pictures of one page need names of their own.
    title = series.indicator.title
    chart = describe_series(
        title if is_main else f"{title}: {series.source_short}",
        area,
        series.measure,
        one.rows,
        one.targets,
        make_comparators(compared) if compared else [],
        notes,
        {each.span for each in one.restated if each.is_latest and not each.is_withdrawn},
    )
    identity = f"series-{series.pk}"
    credit = one.credit
    return SeriesSection(
        anchor=identity,
        source_short=series.source_short,
        heading=credit.short,
        source=credit.words,
        is_as_named=credit.is_as_named,
        definition=series.definition or series.indicator.definition,
        sentence=one.sentence.text,
        kind_of_figure=series.get_kind_of_figure_display(),
        chart=make_chart_view(f"{identity}-chart", chart, f"Source: {credit.words}.", on)
        if chart
        else None,
        also=_also(one, notes),
        targets=targets,
        rule=_rule(one),
        published=_published(one.latest_row),
        next_published=_next(series.next_published_on, on),
        how=explain(one.reading.process, one),
        restated=_restated(one.restated),
        said=notes.elsewhere(one.rows, charted(one.rows)),
        explaining=_explaining(one, notes),
    )


def _restated(found: Sequence[Restated]) -> RestatedSection:
    lines = [RestatedLine(one.period, one.words, one.why) for one in found]
    happened = {"withdrawn" if one.is_withdrawn else "restated" for one in found}
    heading = f"Figures that were {' or '.join(sorted(happened))}"
    return RestatedSection(heading, lines[:MOST_RESTATED], lines[MOST_RESTATED:])


def _explaining(one: SeriesReading, notes: Notes) -> Explaining:
    return Explaining(
        url=explain_url(one.series, one.latest_row) if one.rows else "",
        notes=[
            StandingNote(
                KIND_WORDS[Annotation.Kind(note.kind)],
                note.period_label,
                note.words,
                reverse("performance:annotation-close", args=[note.pk]),
            )
            for note in notes.held
        ],
    )


def explain_url(series: Series, row: Measurement | None) -> str:
    """The form about the row's period, or about a figure of the series that is chosen there."""
    asked = {"series": series.code}
    if row is not None:
        asked |= {"start": row.period_start.isoformat(), "end": row.period_end.isoformat()}
    return f"{reverse('performance:annotation-add')}?{urlencode(asked)}"


def _rule(one: SeriesReading) -> str:
    """“Met at 70% or more.”, and why there is no colour where there is none."""
    if not one.reading.rating.rule:
        return ""
    measure = one.series.measure
    if measure.is_context:
        why = " No colour: it is not a measure of performance."
    elif measure.polarity is Polarity.RANGE:
        why = " No colour: the range is the council’s own choice."
    elif measure.polarity is Polarity.NEITHER:
        why = " No colour: neither more nor less is better."
    else:
        why = ""
    return f"{one.reading.rating.rule}.{why}"


def _also(one: SeriesReading, notes: Notes) -> list[HeldFigure]:
    drawn = {row.pk for row in charted(one.rows)}
    return [
        HeldFigure(
            format_measurement(row),
            row.period_label,
            " ".join(filter(None, [row.note, *notes.beside(row)])),
        )
        for row in reversed(one.rows)
        if row.pk not in drawn
    ]


def _published(row: Measurement | None) -> str:
    """“22 November 2015 (the customary day: the source does not state it)”."""
    if row is None:
        return ""
    day = str(PartialDate(localdate(row.known_from), "day"))
    if row.known_from_basis == DateBasis.CUSTOMARY:
        return f"{day} (the customary day: the source does not state it)"
    return day


MOST_RESTATED = 3
# A day that was announced for today's calendar says nothing about a day years ago.
DAYS_ANNOUNCED_AHEAD = 400


def _next(day: date | None, on: date) -> str:
    if day is None or (day - on).days > DAYS_ANNOUNCED_AHEAD:
        return ""
    return f"{PartialDate(day, 'day')}{'' if day >= on else ', which has passed'}"


def explain(process: ProcessReading, one: SeriesReading) -> list[str]:
    """How a page knows whether a change is real, for whoever asks, in sentences."""
    measure = one.series.measure
    said = []
    if process.limits:
        low, high, mean = (
            format_value(
                round_average(value, measure.decimals), measure.unit, measure.decimals
            ).replace("-", "−")
            for value in (process.limits.lower, process.limits.upper, process.limits.mean)
        )
        said.append(
            f"From {process.n} figures, the usual range is {low} to {high} around an average of "
            f"{mean}: the average, and 2.66 times the average step from one figure to the next on "
            "either side (an XmR chart, as NHS England’s Making Data Count draws it)."
        )
    else:
        said.append(f"No usual range is drawn. {process.why_no_limits}")
    if process.stage is Stage.TRIAL:
        said.append(
            "With fewer than thirteen figures the range is on trial: no change is called real yet."
        )
    elif process.stage is Stage.SIGNALS:
        said.append(
            "A change is called real when a figure lies outside the range, seven in a row rise or "
            "fall, seven in a row lie on one side of the average, or two of three lie close to "
            "the same end of the range."
        )
    directions = one.reading.directions
    said += [
        f"{when}: {direction.words}." if direction.words else f"{when}: {direction.why_not}"
        for when, direction in (
            ("Against the figure before", directions.short),
            ("Against a year earlier", directions.long),
        )
        if direction.words or direction.why_not
    ]
    if process.assurance:
        said.append(f"If nothing changes, the target is one it {process.assurance.value}.")
    return said
