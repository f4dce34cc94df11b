"""What the pages about taking personal information out print."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from improvement.models import (
    PlanEvent,
    ProgressUpdate,
    Removal,
    SealedText,
    UpdateDraft,
    UpdateReview,
)
from improvement.permissions import Person, may_decide_removal, may_read_sealed
from improvement.removal.finding import Place, say_place
from improvement.removal.matching import Words
from improvement.removal.registry import texts_of
from performance.calculations.partial_date import PartialDate

# What may not be released yet: who decides reads enough to judge, and not the whole.
OTHERS_WORDS = {UpdateDraft, ProgressUpdate, UpdateReview, PlanEvent}
WORDS_AROUND = 8
STATES = {
    "": "hidden, waits for a second person",
    Removal.Outcome.CONFIRMED: "taken out",
    Removal.Outcome.DECLINED: "put back",
}


@dataclass(frozen=True)
class RemovalLine:
    """One removal as the list shows it: who, when and why, and never what."""

    number: int
    url: str
    state: str
    asked: str
    reason: str
    texts: int
    decided: str
    decided_reason: str


@dataclass(frozen=True)
class SealedLine:
    """Where something stood, and what; empty for those who may not read it."""

    place: str
    words: list[str]


@dataclass(frozen=True)
class RemovalPage:
    line: RemovalLine
    is_decided: bool
    was_taken_out: bool
    words: str
    sealed: list[SealedLine]
    left: list[Place]
    may_decide: bool
    is_mine: bool


def make_removal_lines() -> list[RemovalLine]:
    """Newest first; what waits for a decision before all others."""
    removals = Removal.objects.select_related("asked_by", "decided_by").annotate(
        sealed=Count("texts")
    )
    ordered = sorted(removals, key=lambda removal: (bool(removal.outcome), -removal.pk))
    return [_line(removal, removal.sealed) for removal in ordered]


def make_removal_page(removal: Removal, reader: Person) -> RemovalPage:
    texts = list(removal.texts.all())
    may_read = may_read_sealed(reader, removal)
    return RemovalPage(
        line=_line(removal, len(texts)),
        is_decided=bool(removal.outcome),
        was_taken_out=removal.outcome == Removal.Outcome.CONFIRMED,
        words=removal.words if may_read or reader.pk == removal.asked_by_id else "",
        sealed=list(_sealed_lines(texts, Words(removal.words) if may_read else None)),
        left=[Place(what, count) for what, count in removal.left],
        may_decide=may_decide_removal(reader, removal),
        is_mine=reader.pk == removal.asked_by_id,
    )


def _line(removal: Removal, texts: int) -> RemovalLine:
    return RemovalLine(
        number=removal.pk,
        url=reverse("improvement:removal", args=[removal.pk]),
        state=STATES[removal.outcome],
        asked=_by(removal.asked_by, removal.asked_at),
        reason=removal.reason,
        texts=texts,
        decided=_by(removal.decided_by, removal.decided_at) if removal.decided_at else "",
        decided_reason=removal.decided_reason,
    )


def _by(person: Person, at: datetime) -> str:
    day = PartialDate(timezone.localtime(at).date(), "day")
    return f"{person.get_username()}, {day}"


def _sealed_lines(texts: list[SealedText], words: Words | None) -> Iterable[SealedLine]:
    """By table, each with of what it is; where the row is gone meanwhile, without."""
    of: dict[tuple[str, int], str] = {}
    for table in dict.fromkeys(text.table for text in texts):
        rows = [text.row for text in texts if text.table == table]
        model, of_what = texts_of(table).model, texts_of(table).of
        for row, said in model._base_manager.filter(pk__in=rows).values_list("pk", of_what):
            of[table, row] = str(said)
    for text in texts:
        registered = texts_of(text.table)
        name = registered.name_of(text.column)
        place = say_place(registered, name, of.get((text.table, text.row), "that is gone"))
        most = WORDS_AROUND if registered.model in OTHERS_WORDS else 0
        yield SealedLine(place, _holding(text.original, words, most) if words else [])


def _holding(value: Any, words: Words, most: int) -> list[str]:
    """The texts in a column that hold the words; with `most`, only so many words around them."""
    if isinstance(value, str):
        if not words.found_in(value):
            return []
        return [words.around(value, most) if most else value]
    within = value.values() if isinstance(value, dict) else value or []
    is_more = isinstance(value, (dict, list))
    return [text for it in within for text in _holding(it, words, most)] if is_more else []
