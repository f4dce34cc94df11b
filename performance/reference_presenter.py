"""What the pages of the reference data print: what there is, and who changed what."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from performance.calculations.partial_date import PartialDate
from performance.calculations.wording import format_bounds
from performance.changes import MOST_KEY
from performance.forms.words import LABELS, say_fact
from performance.models import Area, ComparatorGroup, Indicator, ReferenceEvent, Series, Target

Kind = ReferenceEvent.Kind
LATELY = 5
ON_A_PAGE = 50


@dataclass(frozen=True)
class ChangedFact:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class EventLine:
    """One event in a sentence, and each fact from what to what; `url` is the thing's page."""

    sentence: str
    url: str
    when: str
    reason: str
    facts: list[ChangedFact]
    is_new: bool


@dataclass(frozen=True)
class SeriesLine:
    code: str
    source: str
    url: str


@dataclass(frozen=True)
class IndicatorLine:
    title: str
    code: str
    url: str
    unit: str
    polarity: str
    panel: str
    series: list[SeriesLine]


@dataclass(frozen=True)
class TargetLine:
    title: str
    source: str
    period: str
    bounds: str
    set_by: str
    url: str


@dataclass(frozen=True)
class GroupLine:
    title: str
    url: str
    statistic: str
    members: int


@dataclass(frozen=True)
class ReferencePage:
    sentence: str
    key_problem: str
    indicators: list[IndicatorLine]
    targets: list[TargetLine]
    groups: list[GroupLine]
    events: list[EventLine]
    area: str


@dataclass(frozen=True)
class HistoryPage:
    """`newer` and `older` are the numbers of the pages before and after, where there are such."""

    events: list[EventLine]
    total: int
    newer: int | None
    older: int | None


@dataclass(frozen=True)
class FormPage:
    """What stands around a form: its heading, its button, and what was done before."""

    title: str
    caption: str
    button: str
    lead: str = ""
    events: tuple[EventLine, ...] = ()
    history_url: str = ""
    withdraw_url: str = ""


def make_reference_page(area: Area) -> ReferencePage:
    """Every indicator with its series, and the targets and neighbours of one council."""
    series = Prefetch("series", queryset=Series.objects.order_by("order", "code"))
    indicators = list(Indicator.objects.order_by("short_title").prefetch_related(series))
    in_set = sum(one.in_panel_set for one in indicators)
    key = sum(one.is_key for one in indicators)
    targets = Target.objects.current().filter(area=area).select_related("series__indicator")
    groups = ComparatorGroup.objects.annotate(
        size=Count("members", filter=Q(members__for_area=area))
    )
    return ReferencePage(
        sentence=(
            f"{len(indicators)} indicators are held; {in_set} are in the panel’s set, and {key} "
            "of those are key."
        ),
        key_problem=(
            f"At most {MOST_KEY} can be key: choose which." if key > MOST_KEY else ""
        ),
        indicators=[_indicator_line(one) for one in indicators],
        targets=[
            _target_line(target)
            for target in targets.order_by("series__indicator__short_title", "period_start")
        ],
        groups=[_group_line(group, group.size) for group in groups],
        events=make_event_lines(ReferenceEvent.objects.select_related("by")[:LATELY]),
        area=area.name,
    )  # fmt: skip


def _indicator_line(indicator: Indicator) -> IndicatorLine:
    panel = "key" if indicator.is_key else "in the set" if indicator.in_panel_set else "no"
    return IndicatorLine(
        title=indicator.short_title,
        code=indicator.code,
        url=reverse("performance:indicator-change", args=[indicator.code]),
        unit=indicator.unit,
        polarity=indicator.get_polarity_display(),
        panel=panel,
        series=[
            SeriesLine(
                one.code, one.source_short, reverse("performance:series-change", args=[one.code])
            )
            for one in indicator.series.all()
        ],
    )


def _target_line(target: Target) -> TargetLine:
    indicator = target.series.indicator
    return TargetLine(
        title=indicator.short_title,
        source=target.series.source_short,
        period=target.period_label,
        bounds=say_target(target),
        set_by=target.set_by,
        url=reverse("performance:target-change", args=[target.pk]),
    )


def say_target(target: Target) -> str:
    """“550 to 580 children”, “at least 70%”."""
    unit = target.series.indicator.unit
    said = format_bounds(target.low, target.high, unit, target.series.indicator.decimals)
    return said if unit == "%" or unit.startswith("£") else f"{said} {unit}"


def _group_line(group: ComparatorGroup, size: int) -> GroupLine:
    return GroupLine(
        title=group.title,
        url=reverse("performance:comparator-change", args=[group.slug]),
        statistic=group.get_statistic_display(),
        members=size,
    )


def make_history_page(kind: str, key: str, number: str) -> HistoryPage:
    """Fifty events of that kind and code, newest first; empty words are no filter."""
    events = ReferenceEvent.objects.select_related("by")
    if kind:
        events = events.filter(kind=kind)
    if key:
        events = events.filter(Q(key__iexact=key) | Q(key__istartswith=f"{key}/"))
    page = Paginator(events, ON_A_PAGE).get_page(number)
    return HistoryPage(
        events=make_event_lines(page.object_list),
        total=page.paginator.count,
        newer=page.previous_page_number() if page.has_previous() else None,
        older=page.next_page_number() if page.has_next() else None,
    )


def make_thing_events(kind: str, key: str) -> tuple[EventLine, ...]:
    """The last few events about one thing."""
    events = ReferenceEvent.objects.about(kind, key).select_related("by")
    return tuple(make_event_lines(events[:LATELY]))


def history_url(kind: str, key: str) -> str:
    return reverse("performance:reference-history", query={"kind": kind, "key": key})


def make_event_lines(events: Iterable[ReferenceEvent]) -> list[EventLine]:
    """A line for each event; the events come with who did it."""
    shown = list(events)
    titles = _titles(shown)
    return [_event_line(event, titles) for event in shown]


def _titles(events: Iterable[ReferenceEvent]) -> dict[str, str]:
    """What the indicators and series named in the events are called now."""
    codes = {event.key.split("/")[0] for event in events}
    series = Series.objects.filter(code__in=codes).select_related("indicator")
    return {
        **{one.code: one.short_title for one in Indicator.objects.filter(code__in=codes)},
        **{one.code: f"{one.indicator.short_title}, {one.source_short}" for one in series},
    }


def _event_line(event: ReferenceEvent, titles: dict[str, str]) -> EventLine:
    at = timezone.localtime(event.at)
    thing, url = _thing(event, titles)
    return EventLine(
        sentence=f"{event.by.get_username()} {_done(event)} {thing}",
        url=url,
        when=f"{PartialDate(at.date(), 'day')}, {at:%H:%M}",
        reason=event.reason,
        facts=_facts(event),
        is_new=event.done == ReferenceEvent.Done.ADDED,
    )


def _done(event: ReferenceEvent) -> str:
    is_withdrawn = event.kind == Kind.TARGET and not any(event.after.values())
    return "withdrew" if is_withdrawn else event.get_done_display()


def _thing(event: ReferenceEvent, titles: dict[str, str]) -> tuple[str, str]:
    """The thing in words, and its page where an address can be made of its code."""
    code, *rest = event.key.split("/")
    called = f"“{titles.get(code, code)}”"
    if event.kind == Kind.PANEL_SET:
        return "the panel’s set", reverse("performance:panel-set-choose")
    if event.kind == Kind.INDICATOR:
        return f"the indicator {called}", reverse("performance:indicator-change", args=[code])
    if event.kind == Kind.SERIES:
        return f"the series {called}", reverse("performance:series-change", args=[code])
    if event.kind == Kind.TARGET:
        days = " to ".join(say_fact("period_start", day) for day in rest[1:])
        return f"the target of {called} for {days}", ""
    return f"the comparator group {called}", reverse("performance:comparator-change", args=[code])


def _facts(event: ReferenceEvent) -> list[ChangedFact]:
    if event.kind == Kind.PANEL_SET:
        return [fact for name in event.after for fact in _moved(name, event)]
    return [
        ChangedFact(
            LABELS[name], say_fact(name, event.before.get(name)), say_fact(name, event.after[name])
        )
        for name in LABELS
        if name in event.after
    ]


def _moved(name: str, event: ReferenceEvent) -> list[ChangedFact]:
    """Which indicators went in and out; the whole list before and after would hide it."""
    before, after = set(event.before.get(name, [])), set(event.after[name])
    return [ChangedFact(
        LABELS[name],
        f"out: {say_fact(name, sorted(before - after))}",
        f"in: {say_fact(name, sorted(after - before))}",
    )]  # fmt: skip
