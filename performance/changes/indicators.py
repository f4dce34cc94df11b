"""Indicators, their series, and which of them the panel looks at."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from performance.changes.recording import (
    Facts,
    facts_of,
    record,
    record_added,
    refuse_if_changed,
    state_of,
)
from performance.models import Indicator, ReferenceEvent, Series

Kind = ReferenceEvent.Kind
CHANGED = ReferenceEvent.Done.CHANGED

# A page of figures for a meeting holds no more than a dozen.
MOST_KEY = 12
PANEL_SET = "panel-set"


class PanelSetRefused(ValueError):
    """The set cannot be as asked; says why."""


class IndicatorFacts(TypedDict, total=False):
    title: str
    short_title: str
    definition: str
    why_it_matters: str
    good_looks_like: str
    unit: str
    decimals: int
    polarity: str
    polarity_basis: str
    tolerance: Decimal | None
    kind: str
    owner: str
    next_due_on: date | None
    counts_children: bool
    part_of: Indicator | None


class SeriesFacts(TypedDict, total=False):
    source: str
    source_short: str
    definition: str
    kind_of_figure: str
    periods: str
    rounding: str
    suppression: str
    threshold: int | None
    lowest: Decimal | None
    highest: Decimal | None
    order: int
    next_published_on: date | None


INDICATOR_FACTS = tuple(IndicatorFacts.__annotations__)
SERIES_FACTS = (*SeriesFacts.__annotations__, "comparable_with")


def indicator_facts(indicator: Indicator) -> Facts:
    return facts_of(indicator, INDICATOR_FACTS)


def series_facts(series: Series) -> Facts:
    return {"indicator": series.indicator.code, **facts_of(series, SERIES_FACTS)}


@transaction.atomic
def add_indicator(
    *, code: str, by: AbstractBaseUser, reason: str, **facts: Unpack[IndicatorFacts]
) -> Indicator:
    """The new indicator; it has no series yet and is not in the panel's set."""
    indicator = Indicator.objects.create(code=code, **facts)
    record_added(Kind.INDICATOR, code, indicator_facts(indicator), by=by, reason=reason)
    return indicator


@transaction.atomic
def change_indicator(
    *,
    indicator: Indicator,
    by: AbstractBaseUser,
    reason: str,
    opened_at: str | None = None,
    **facts: Unpack[IndicatorFacts],
) -> ReferenceEvent | None:
    """The event, or None where nothing changed. Its code never changes.

    Raises ChangedSince when it is no longer as `opened_at` says.
    """
    held = Indicator.objects.select_for_update().get(pk=indicator.pk)
    before = indicator_facts(held)
    refuse_if_changed(Kind.INDICATOR, held.code, before, opened_at)
    for name, value in facts.items():
        setattr(held, name, value)
    held.save(update_fields=facts)
    after = indicator_facts(held)
    return record(
        Kind.INDICATOR, held.code, CHANGED, by=by, reason=reason, before=before, after=after
    )


@transaction.atomic
def add_series(
    *,
    code: str,
    indicator: Indicator,
    by: AbstractBaseUser,
    reason: str,
    comparable_with: Iterable[Series] = (),
    **facts: Unpack[SeriesFacts],
) -> Series:
    """The new series of the indicator; it holds no figure yet."""
    series = Series.objects.create(code=code, indicator=indicator, **facts)
    series.comparable_with.set(comparable_with)
    record_added(Kind.SERIES, code, series_facts(series), by=by, reason=reason)
    return series


@transaction.atomic
def change_series(
    *,
    series: Series,
    by: AbstractBaseUser,
    reason: str,
    opened_at: str | None = None,
    comparable_with: Iterable[Series] | None = None,
    **facts: Unpack[SeriesFacts],
) -> ReferenceEvent | None:
    """The event, or None where nothing changed. Its code and its indicator never change.

    Raises ChangedSince when it is no longer as `opened_at` says.
    """
    held = Series.objects.select_for_update(of=("self",)).get(pk=series.pk)
    before = series_facts(held)
    refuse_if_changed(Kind.SERIES, held.code, before, opened_at)
    for name, value in facts.items():
        setattr(held, name, value)
    held.save(update_fields=facts)
    if comparable_with is not None:
        held.comparable_with.set(comparable_with)
    after = series_facts(held)
    return record(Kind.SERIES, held.code, CHANGED, by=by, reason=reason, before=before, after=after)


def panel_set_problem(in_set: Collection[str], key: Collection[str]) -> str:
    """Why the set cannot be so, in a sentence; empty where it can."""
    if len(set(key)) > MOST_KEY:
        return f"{len(set(key))} indicators are chosen as key: choose at most twelve."
    if outside := sorted(set(key) - set(in_set)):
        return f"A key indicator is in the panel’s set: put in {outside[0]}, or do not make it key."
    return ""


def panel_set_facts(indicators: Iterable[Indicator]) -> Facts:
    held = list(indicators)
    return {
        "in_set": sorted(one.code for one in held if one.in_panel_set),
        "key": sorted(one.code for one in held if one.is_key),
    }


def panel_set_state() -> str:
    """What the form of the panel's set carries; see `state_of`."""
    return state_of(Kind.PANEL_SET, PANEL_SET, panel_set_facts(Indicator.objects.all()))


@transaction.atomic
def choose_panel_set(
    *,
    in_set: Collection[str],
    key: Collection[str],
    by: AbstractBaseUser,
    reason: str,
    opened_at: str | None = None,
) -> ReferenceEvent | None:
    """Which indicators, by code, the panel looks at, and which of them are shown first.

    The event, or None where nothing changed. Raises PanelSetRefused for more than twelve key
    ones, a key one outside the set and an unknown code, ChangedSince when the set is no longer as
    `opened_at` says.
    """
    if problem := panel_set_problem(in_set, key):
        raise PanelSetRefused(problem)
    held = list(Indicator.objects.select_for_update().order_by("pk"))
    if unknown := sorted({*in_set, *key} - {one.code for one in held}):
        raise PanelSetRefused(f"There is no indicator “{unknown[0]}”.")
    before = panel_set_facts(held)
    refuse_if_changed(Kind.PANEL_SET, PANEL_SET, before, opened_at)
    for one in held:
        one.in_panel_set, one.is_key = one.code in in_set, one.code in key
    Indicator.objects.bulk_update(held, ["in_panel_set", "is_key"])
    after = panel_set_facts(held)
    return record(
        Kind.PANEL_SET, PANEL_SET, CHANGED, by=by, reason=reason, before=before, after=after
    )
