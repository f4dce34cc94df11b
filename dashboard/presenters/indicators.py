"""The panel's indicators as a list, and what the plan has to do with one of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from improvement.models import Evidence
from performance.calculations.better_or_worse import Sense
from performance.calculations.direction import Directions
from performance.calculations.partial_date import PartialDate
from performance.calculations.periods import follow_a_gap
from performance.calculations.position import Position
from performance.calculations.process_reading import Change
from performance.calculations.rating import RatingState
from performance.charts import sparkline
from performance.models import Indicator
from performance.presenters import format_measurement
from performance.presenters.indicator import DAYS_ANNOUNCED_AHEAD
from performance.presenters.readings import IndicatorReading, SeriesReading
from performance.presenters.series_chart import charted

SPARKLINE_POINTS = 12
LAST = 999
# A yearly figure comes out up to eight months after its year, and the next a year later.
DAYS_UNTIL_OLD = 730

# What deserves a look comes first when a column is sorted.
RATING_ORDER = [
    RatingState.NOT_MET, RatingState.ABOVE_RANGE, RatingState.BELOW_RANGE, RatingState.CLOSE,
    RatingState.PART_WAY, RatingState.NO_YEAR_END, RatingState.NO_FIGURE, RatingState.WITHIN_RANGE,
    RatingState.MET, RatingState.NO_TARGET,
]  # fmt: skip
DIRECTION_ORDER = [Sense.WORSE, Sense.UP, Sense.DOWN, Sense.SAME, Sense.BETTER]
CHANGE_ORDER = [Change.REAL, Change.NONE, Change.TOO_SOON]


@dataclass(frozen=True)
class Due:
    """When the next figure is due, and whether that day has passed without one.

    `old_since` names the period of a figure that is old and after which none is announced.
    """

    on: date | None = None
    is_late: bool = False
    old_since: str = ""

    @property
    def words(self) -> str:
        if self.old_since:
            return f"nothing newer since {self.old_since}"
        if self.on is None:
            return ""
        day = PartialDate(self.on, "day")
        return f"late: was due {day}" if self.is_late else f"due {day}"


@dataclass(frozen=True)
class Moved:
    """What the movement means (`sense`) and which way it went: “up”, “down”, “same”."""

    sense: Sense | None = None
    way: str = ""


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator as a list shows it. Its words come from the series that speaks for it."""

    code: str
    title: str
    url: str
    is_key: bool
    judgement: str
    also: tuple[str, ...]
    judgements: tuple[str, ...]
    themes: tuple[str, ...]
    sentence: str
    text: str
    latest: str
    period: str
    source: str
    sparkline_svg: str
    rating: RatingState
    is_coloured: bool
    direction: Sense | None
    moved: str
    change: Change | None
    change_words: str
    due: Due

    @property
    def rating_words(self) -> str:
        """The state against a target, where there is one."""
        return "" if self.rating is RatingState.NO_TARGET else str(self.rating)

    @property
    def tone(self) -> str:
        """The mark beside it: “met”, “close”, “not-met”, or “plain” where no colour may be."""
        if not self.is_coloured:
            return "plain"
        return self.rating.name.lower().replace("_", "-")

    @property
    def rating_order(self) -> int:
        return _place_in(RATING_ORDER, self.rating)

    @property
    def direction_order(self) -> int:
        return _place_in(DIRECTION_ORDER, self.direction)

    @property
    def change_order(self) -> int:
        return _place_in(CHANGE_ORDER, self.change)

    @property
    def due_order(self) -> date:
        return self.due.on or date.max


def _place_in(order: Sequence[object], value: object) -> int:
    """What is not in the order comes last."""
    return order.index(value) if value in order else len(order)


@dataclass(frozen=True)
class EvidenceLinks:
    """The judgements and themes that each indicator speaks to, by its id."""

    main: dict[int, tuple[str, str]] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    judgements: dict[int, dict[str, str]] = field(default_factory=dict)
    themes: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def every_judgement(self) -> dict[str, str]:
        """Title by slug, for a filter."""
        return {slug: title for each in self.judgements.values() for slug, title in each.items()}

    @property
    def every_theme(self) -> dict[str, str]:
        return {slug: title for each in self.themes.values() for slug, title in each.items()}


def read_evidence_links() -> EvidenceLinks:
    """One query."""
    found = EvidenceLinks()
    rows = Evidence.objects.select_related("judgement", "theme").order_by(
        "judgement__order", "theme__number"
    )
    for row in rows:
        if row.judgement:
            named = row.judgement.short_title
            found.judgements.setdefault(row.indicator_id, {})[row.judgement.slug] = named
            if row.is_main:
                found.main[row.indicator_id] = (row.judgement.slug, named)
                found.places[row.indicator_id] = row.judgement.order
        elif row.theme:
            found.themes.setdefault(row.indicator_id, {})[row.theme.slug] = row.theme.short_title
    return found


def panel_indicators() -> QuerySet[Indicator]:
    """The panel's set, the key ones first."""
    return Indicator.objects.filter(in_panel_set=True).order_by("-is_key", "short_title")


def make_indicator_rows(
    readings: Sequence[IndicatorReading], links: EvidenceLinks, on: date
) -> list[IndicatorRow]:
    """The key ones first, then by judgement in Ofsted's order, then by title."""
    ordered = sorted(
        readings,
        key=lambda one: (
            not one.indicator.is_key,
            links.places.get(one.indicator.pk, LAST),
            one.indicator.short_title,
        ),
    )
    return [make_indicator_row(one, links, on) for one in ordered]


def make_indicator_row(one: IndicatorReading, links: EvidenceLinks, on: date) -> IndicatorRow:
    indicator, speaks = one.indicator, one.speaks
    reading = speaks.reading if speaks else None
    row = speaks.latest_row if speaks else None
    moved = find_moved(reading.directions) if reading else Moved()
    says_change = speaks is not None and speaks.sentence.change != ""
    return IndicatorRow(
        code=indicator.code,
        title=indicator.short_title,
        url=indicator_url(indicator.code),
        is_key=indicator.is_key,
        judgement=links.main.get(indicator.pk, ("", ""))[1],
        also=tuple(
            title
            for slug, title in links.judgements.get(indicator.pk, {}).items()
            if slug != links.main.get(indicator.pk, ("", ""))[0]
        ),
        judgements=tuple(links.judgements.get(indicator.pk, {})),
        themes=tuple(links.themes.get(indicator.pk, {})),
        sentence=_says_more(speaks) if speaks else "",
        text=speaks.sentence.text.removeprefix(f"{indicator.short_title}: ") if speaks else "",
        latest=format_measurement(row) if row else "no figure yet",
        period=row.period_label if row else "",
        source=speaks.credit.short if speaks else "",
        sparkline_svg=make_sparkline(speaks) if speaks else "",
        rating=reading.rating.state if reading else RatingState.NO_TARGET,
        is_coloured=bool(reading and reading.rating.is_coloured),
        direction=moved.sense,
        moved=moved.way,
        change=reading.process.change if reading and says_change else None,
        change_words=reading.process.words if reading and says_change else "",
        due=find_due(one, on),
    )


def indicator_url(code: str) -> str:
    return reverse("performance:indicator", args=[code])


def make_figure_rows(
    readings: Sequence[IndicatorReading], position: Position
) -> list[IndicatorRow]:
    """Those that have a figure or a target, the key ones and then those with a target first: what
    a judgement, a theme or an action shows of them."""
    held = [one for one in readings if one.speaks is not None]
    return [make_indicator_row(one, EvidenceLinks(), position.on)
            for one in sorted(held, key=weight)]  # fmt: skip


def weight(one: IndicatorReading) -> tuple[bool, bool, bool, str]:
    """What a reader looks for first: a key figure, a target, one of the panel's set."""
    return (
        not one.indicator.is_key,
        not any(series.targets for series in one.series),
        not one.indicator.in_panel_set,
        one.indicator.short_title,
    )


def find_moved(directions: Directions) -> Moved:
    """From a year back, where that may be said, so that seasons do not mislead; else from the
    figure before."""
    used = directions.long if directions.long.sense else directions.short
    if used.sense is None or used.change is None:
        return Moved()
    return Moved(used.sense, "up" if used.change > 0 else "down" if used.change < 0 else "same")


def _says_more(one: SeriesReading) -> str:
    """Its sentence, where that says more than the figure, which stands beside it."""
    sentence = one.sentence
    says_more = sentence.direction or sentence.target or not one.has_figure
    return sentence.short if says_more else ""


def make_sparkline(one: SeriesReading) -> str:
    """The last dozen figures of its line; empty with fewer than two, which have no course."""
    drawn = charted(one.rows)[-SPARKLINE_POINTS:]
    if sum(row.value is not None for row in drawn) < 2:
        return ""
    gaps = follow_a_gap([row.figure for row in drawn])
    breaks = [place for place, row in enumerate(drawn) if row.is_series_break or gaps[place]]
    return sparkline([row.value for row in drawn], breaks)


def find_due(one: IndicatorReading, on: date) -> Due:
    """The indicator's own day, else the source's; late when nothing came out since that day.

    A day far ahead of the page's was announced for another time.
    """
    speaks = one.speaks
    days = [one.indicator.next_due_on, speaks.series.next_published_on if speaks else None]
    day = next((day for day in days if day), None)
    if day is None or (day - on).days > DAYS_ANNOUNCED_AHEAD:
        return _find_old(speaks, on)
    newest = (
        max((localdate(row.known_from) for row in speaks.rows), default=None) if speaks else None
    )
    has_come = newest is not None and newest >= day
    return _find_old(speaks, on) if has_come else Due(day, day < on)


def _find_old(speaks: SeriesReading | None, on: date) -> Due:
    latest = speaks.reading.latest if speaks else None
    if latest is None or latest.is_undated or (on - latest.end).days <= DAYS_UNTIL_OLD:
        return Due()
    return Due(old_since=latest.label)
