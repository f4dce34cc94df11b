"""Sealing a text: what stood in its column is kept apart, and a sentence stands there instead."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F

from improvement.models import Removal, SealedText
from improvement.removal.finding import Found
from improvement.removal.matching import Words
from improvement.removal.registry import every_text, texts_of
from improvement.removal.sentences import (
    hidden_sentence,
    is_hidden_of,
    removed_sentence,
    replace_hidden,
)

LOCK_NUMBER = 0x9_1B0


def take_turns() -> None:
    """One removal is asked for or decided after the other: those of one person count together,
    and each of several that are of the same words must see what became of the others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_NUMBER])


def hold_rows(places: Iterable[tuple[str, int]]) -> None:
    """Locks these rows of tables until the end, before any is written: table after table as
    `every_text` has them, and by their keys.

    It is the order in which everything that holds several rows takes them: a load of a plan its
    own row, the plan and then its actions; a release its round and then actions; a save of an
    update its action and then the draft. So nobody waits for somebody who waits for them.
    """
    rows: dict[str, set[int]] = {}
    for table, row in places:
        rows.setdefault(table, set()).add(row)
    for texts in every_text():
        if numbers := rows.get(texts.table):
            locked = texts.model._base_manager.select_for_update(of=("self",), no_key=True)
            list(locked.filter(pk__in=numbers).order_by("pk").values_list("pk"))


def not_sealed(found: Iterable[Found]) -> list[Found]:
    """Those of them that no removal has sealed."""
    open_seals = SealedText.objects.filter(original__isnull=False)
    sealed = set(open_seals.values_list("table", "row", "column"))
    return [each for each in found if place_of(each) not in sealed]


def seal_texts(removal: Removal, words: Words, found: Collection[Found]) -> int:
    """How many texts it sealed and hid. Of one that another removal has sealed it hides the rest
    of what holds the words, and it waits for that one."""
    hold_rows((each.texts.table, each.row) for each in found)
    free, count = set(map(place_of, not_sealed(found))), 0
    for each in found:
        value = _stands(each)
        sentence = hidden_sentence(removal.hidden_on)
        hidden = words.replaced(value, sentence, left_out=each.texts.own_facts)
        if value is None or hidden == value:
            continue
        table, row, column = place = place_of(each)
        if place in free:
            SealedText.objects.create(
                removal=removal, original=value, table=table, row=row, column=column
            )
            count += 1
        write(each, hidden)
    return count


def place_of(found: Found) -> tuple[str, int, str]:
    field: Any = found.texts.model._meta.get_field(found.column)
    return found.texts.table, found.row, field.column


def sealed_by(removal: Removal) -> list[SealedText]:
    sealed = removal.texts.filter(original__isnull=False)
    return list(sealed.order_by("pk"))


def as_they_stand(sealed: Iterable[SealedText]) -> Iterator[tuple[SealedText, Found]]:
    """Each of these, locked, with what stands in its place; without those whose row is gone."""
    sealed = list(sealed)
    hold_rows((text.table, text.row) for text in sealed)
    for text in sealed:
        texts = texts_of(text.table)
        name = texts.name_of(text.column)
        for stands in texts.model._base_manager.filter(pk=text.row).values_list(name, flat=True):
            yield text, Found(texts, text.row, name, "", stands)


def take_out(removal: Removal, words: Words, on: date) -> list[Found]:
    """Puts the sentence that says so into each text that it has sealed, and destroys what stood
    there. Gives those of which others hid more than holds the words: the rest of these reads again
    as it did."""
    shared = []
    for text, found in as_they_stand(sealed_by(removal)):
        was, stands = text.original, found.value
        sentence = hidden_sentence(removal.hidden_on)
        alone = words.replaced(was, sentence, left_out=found.texts.own_facts)
        if is_hidden_of(stands, was) and alone not in (was, stands):
            write(found, alone)
            shared.append(found)
            stands = alone
        said = replace_hidden(stands, was, removed_sentence(on))
        if said != stands:
            write(found, said)
    removal.texts.update(original=None)
    return shared


def put_back(removal: Removal) -> tuple[int, list[Found]]:
    """How many texts it had sealed, and those that read again as they did: not those that were
    changed since."""
    back = []
    for text, found in as_they_stand(sealed_by(removal)):
        if is_hidden_of(found.value, text.original):
            write(found, text.original)
            back.append(found)
    return removal.texts.update(original=None), back


def write(found: Found, value: Any) -> None:
    texts = found.texts
    grown = {texts.counter: F(texts.counter) + 1} if texts.counter else {}
    texts.model._base_manager.filter(pk=found.row).update(**{found.column: value}, **grown)


def _stands(found: Found) -> Any:
    rows = found.texts.model._base_manager.filter(pk=found.row)
    return rows.values_list(found.column, flat=True).first()
