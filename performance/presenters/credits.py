"""Where the figures that a page shows came from: another place, perhaps, than their series says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Case, F, Func, JSONField, OuterRef, Q, Subquery, When
from django.db.models.functions import JSONObject
from django.utils.timezone import localdate

from performance.calculations.partial_date import PartialDate
from performance.calculations.release_words import names_release
from performance.models import Load, Measurement, Series

FACTS = {"format": "format", "title": "title", "at": "released_at", "is_back": "is_back_load"}
IS_REPEAT = Func(
    F("pk"),
    OuterRef("repeated_by"),
    template="%(expressions)s)",
    arg_joiner=" = ANY(",
    output_field=BooleanField(),
)
# Of a figure whose load was withdrawn, or that a withdrawal put back, another load's word stands.
STANDING = (
    Load.objects.filter(IS_REPEAT, state=Load.State.LOADED, withdraws=None)
    .order_by("released_at", "pk")
    .values_list(JSONObject(**FACTS))[:1]
)
# What a row is read with, so that it can be said who gave it; part of its query. Whose word stands
# is the other part: `note_standing` asks for it where a page has a query to spare.
GIVER_FACTS = {f"load_{name}": F(f"load__{field}") for name, field in FACTS.items()} | {
    "load_state": F("load__state")
}
STANDING_FACTS = {
    "load_standing": Case(
        When(
            Q(load__state=Load.State.WITHDRAWN) | Q(load__format=Load.Format.WITHDRAWAL),
            then=Subquery(STANDING),
        ),
        default=None,
        output_field=JSONField(),
    ),
}
MOST_NAMED = 2


def note_standing(rows: Iterable[Measurement]) -> None:
    """Adds to the rows, read with GIVER_FACTS, what STANDING_FACTS would have: one query where a
    figure of theirs was withdrawn or put back and another load gave the same, and else none."""
    repeated = [
        row
        for row in rows
        if row.repeated_by
        and (_fact(row, "state") == Load.State.WITHDRAWN
             or _fact(row, "format") == Load.Format.WITHDRAWAL)
    ]  # fmt: skip
    if not repeated:
        return
    loads = {load for row in repeated for load in row.repeated_by}
    standing = list(
        Load.objects.filter(pk__in=loads, state=Load.State.LOADED, withdraws=None)
        .order_by("released_at", "pk")
        .values_list("pk", JSONObject(**FACTS))
    )
    for row in repeated:
        row.load_standing = next(  # type: ignore[attr-defined]
            (facts for load, facts in standing if load in row.repeated_by), None
        )


def _fact(row: Measurement, name: str) -> Any:
    return getattr(row, f"load_{name}", None)


@dataclass(frozen=True)
class Credit:
    """Where one figure came from, in words; `is_own`: by the council's own layout, `is_source`:
    as its series' source says. `on` is the day of its load or release."""

    words: str
    is_own: bool = False
    is_source: bool = False
    on: date | None = None


@dataclass(frozen=True)
class CreditLine:
    """`words` go after “Source: ”, without the last stop. `short` is the series' short source,
    and since when it does not hold. `is_as_named`: the latest figure is as the words give it."""

    words: str
    short: str
    is_as_named: bool


def credit_figure(row: Measurement, series: Series) -> Credit:
    """What came by a folder of reference data, or by no load, is as the series' source says."""
    facts: dict[str, Any] = _fact(row, "standing") or {name: _fact(row, name) for name in FACTS}
    form, at = facts["format"], facts["at"]
    on = localdate(datetime.fromisoformat(at) if isinstance(at, str) else at) if at else None
    if form == Load.Format.OWN and on:
        loaded = "loaded later, as known on" if facts["is_back"] else "loaded on"
        return Credit(
            f"The council’s own figures, {loaded} {PartialDate(on, 'day')}", is_own=True, on=on
        )
    title = facts["title"]
    if form == Load.Format.PUBLISHED and title and not names_release(series.source, title):
        return Credit(f"Department for Education: {title}", on=on)
    return Credit(series.source, is_source=True)


def make_credit_line(
    rows: Sequence[Measurement], latest: Measurement | None, series: Series
) -> CreditLine:
    """Who gave the latest figure and, where others gave earlier ones, who gave those.

    `rows` come oldest first. Without a figure, the series' source.
    """
    if latest is None:
        return CreditLine(series.source, series.source_short, is_as_named=False)
    first = credit_figure(latest, series)
    others: list[Credit] = []
    for row in reversed(rows):
        credit = credit_figure(row, series)
        if not any(_is_alike(credit, each) for each in (first, *others)):
            others.append(credit)
    words = first.words
    if others:
        words += f". Earlier figures: {_list(others)}"
    elif first.is_own:
        words += f". Kept under the source {series.source}"
    return CreditLine(words, _short(first, series), not first.is_own)


def _is_alike(one: Credit, other: Credit) -> bool:
    return one.words == other.words or (one.is_own and other.is_own)


def _list(credits: Sequence[Credit]) -> str:
    named = [each.words for each in credits[:MOST_NAMED]]
    if more := len(credits) - len(named):
        named.append("and one more release" if more == 1 else f"and {more} more releases")
    return "; ".join(named)


def _short(latest: Credit, series: Series) -> str:
    if latest.is_source or latest.on is None:
        return series.source_short
    came = "loaded" if latest.is_own else "released"
    return f"{series.source_short}; latest figure {came} on {PartialDate(latest.on, 'day')}"
