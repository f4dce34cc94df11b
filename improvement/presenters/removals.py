"""What the pages about taking personal information out print."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from improvement.models import (
    PlanEvent,
    ProgressUpdate,
    Removal,
    SealedText,
    UpdateDraft,
    UpdateReview,
    print_of,
)
from improvement.permissions import (
    Person,
    may_confirm_removals,
    may_decide_removal,
    may_read_places,
    may_read_sealed,
)
from improvement.removal.finding import Found, Place, readable, say_place, say_waits
from improvement.removal.matching import Words
from improvement.removal.registry import texts_of
from performance.calculations.partial_date import PartialDate
from performance.calculations.position import Position

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
    """One removal as the list shows it: who, when and why, and never what. `texts` is how many, for
    who may decide."""

    number: int
    url: str
    state: str
    asked: str
    reason: str
    texts: str
    decided: str
    decided_reason: str


@dataclass(frozen=True)
class SealedLine:
    """Where something stood, and what; empty for those who may not read it."""

    place: str
    words: list[str]


@dataclass(frozen=True)
class RemovalPage:
    """`sealed`, `waited` and `left` are of what the reader may know; `is_whole` where that is all
    there is."""

    line: RemovalLine
    is_decided: bool
    was_taken_out: bool
    words: str
    sealed: list[SealedLine]
    texts_print: str
    also_taken_out: str
    waited: list[str]
    is_whole: bool
    left: list[Place]
    may_decide: bool
    is_mine: bool


def make_removal_lines(reader: Person) -> list[RemovalLine]:
    """Newest first; what waits for a decision before all others."""
    removals = Removal.objects.select_related("asked_by", "decided_by")
    ordered = sorted(removals, key=lambda removal: (bool(removal.outcome), -removal.pk))
    if not may_confirm_removals(reader):
        return [_line(removal) for removal in ordered]
    texts = Counter(place["removal"] for place in SealedText.objects.places())
    return [_line(removal, _count(texts[removal.pk], "text")) for removal in ordered]


def make_removal_page(removal: Removal, reader: Person, position: Position) -> RemovalPage:
    may_read, is_whole = may_read_sealed(reader, removal), may_read_places(reader, removal)
    texts = list(removal.texts.order_by("pk"))
    places = list(_places(texts))
    told = places if is_whole else readable(places, reader, position)
    return RemovalPage(
        line=_line(removal),
        is_decided=bool(removal.outcome),
        was_taken_out=removal.outcome == Removal.Outcome.CONFIRMED,
        words=removal.words if may_read or reader.pk == removal.asked_by_id else "",
        sealed=[_sealed_line(found, Words(removal.words) if may_read else None) for found in told],
        texts_print=print_of(texts),
        also_taken_out=_say_also_taken_out(removal) if is_whole else "",
        waited=_say_waited(removal, len(places)) if is_whole else [],
        is_whole=is_whole,
        left=[Place(what, count) for what, count in removal.left if is_whole],
        may_decide=may_decide_removal(reader, removal),
        is_mine=reader.pk == removal.asked_by_id,
    )


def _say_also_taken_out(removal: Removal) -> str:
    """By which others words of what this one hid were taken out meanwhile: their own words are
    gone, and whoever decides should know."""
    if removal.outcome:
        return ""
    taken_out = Removal.objects.filter(outcome=Removal.Outcome.CONFIRMED)
    others = taken_out.filter(left__contains=[[say_waits(removal.pk), 1]]).order_by("pk")
    return ", ".join(map(str, others))


def _say_waited(removal: Removal, texts: int) -> list[str]:
    """What became of the files and sessions that held the words, as the event of asking has it."""
    asked = PlanEvent.objects.about(PlanEvent.Kind.REMOVAL, str(removal))
    event = asked.filter(done=PlanEvent.Done.ASKED).first()
    after = event.after if event else {}
    said = []
    if held := after.get("held"):
        files = _count(held, "file")
        until = "it was" if removal.outcome else "it is"
        said.append(f"{files} not loaded yet: held back until {until} decided")
    if dropped := after.get("dropped"):
        said.append(f"{_count(dropped, 'sign-in session')}: ended")
    if not texts and not said:
        said.append("No text of its own: another removal had hidden them already")
    return said


def _line(removal: Removal, texts: str = "") -> RemovalLine:
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


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _by(person: Person, at: datetime) -> str:
    day = PartialDate(timezone.localtime(at).date(), "day")
    return f"{person.get_username()}, {day}"


def _places(sealed: Iterable[SealedText]) -> Iterable[Found]:
    """Each column in which something was sealed as what was found: all that was sealed in it, with
    of what it is; where the row is gone meanwhile, without."""
    columns: dict[tuple[str, int, str], list[Any]] = {}
    for text in sealed:
        columns.setdefault((text.table, text.row, text.column), []).append(text.original)
    of: dict[tuple[str, int], str] = {}
    for table in dict.fromkeys(table for table, _, _ in columns):
        rows = {row for other, row, _ in columns if other == table}
        model, of_what = texts_of(table).model, texts_of(table).of
        for row, said in model._base_manager.filter(pk__in=rows).values_list("pk", of_what):
            of[table, row] = str(said)
    for (table, row, column), originals in columns.items():
        registered = texts_of(table)
        said = of.get((table, row), "that is gone")
        yield Found(registered, row, registered.name_of(column), said, originals)


def _sealed_line(found: Found, words: Words | None) -> SealedLine:
    """With `OTHERS_WORDS` only the words around those that were looked for."""
    place = say_place(found.texts, found.column, found.of)
    if words is None:
        return SealedLine(place, [])
    most = WORDS_AROUND if found.texts.model in OTHERS_WORDS else 0
    return SealedLine(place, [words.around(text, most) if most else text for text in found.value])
