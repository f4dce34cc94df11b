"""Sealing a text: what stood in its column is kept apart, and a sentence stands there instead."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import F

from improvement.models import Removal, SealedText
from improvement.removal.finding import Found
from improvement.removal.matching import Words
from improvement.removal.registry import every_text, texts_of
from improvement.removal.sentences import hidden_sentence, is_hidden_of

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
    """How many texts it sealed and hid. One that another removal has sealed waits for that."""
    hold_rows((each.texts.table, each.row) for each in found)
    count = 0
    for each in not_sealed(found):
        value = _stands(each)
        sentence = hidden_sentence(removal.hidden_on)
        hidden = words.replaced(value, sentence, left_out=each.texts.own_facts)
        if value is None or hidden == value:
            continue
        table, row, column = place_of(each)
        SealedText.objects.create(
            removal=removal, original=value, table=table, row=row, column=column
        )
        write(each, hidden)
        count += 1
    return count


def place_of(found: Found) -> tuple[str, int, str]:
    field: Any = found.texts.model._meta.get_field(found.column)
    return found.texts.table, found.row, field.column


def sealed_by(removal: Removal) -> Iterator[tuple[SealedText, Found]]:
    """Each text that it has sealed, locked, with what stands in its place; without those whose
    row is gone."""
    sealed = list(removal.texts.filter(original__isnull=False).order_by("pk"))
    hold_rows((text.table, text.row) for text in sealed)
    for text in sealed:
        texts = texts_of(text.table)
        found = Found(texts, text.row, texts.name_of(text.column), "", None)
        rows = texts.model._base_manager.filter(pk=text.row)
        for stands in rows.values_list(found.column, flat=True):
            yield text, Found(texts, text.row, found.column, "", stands)


def put_back(removal: Removal) -> tuple[int, list[Found]]:
    """How many texts it had sealed, and those that read again as they did: not those that were
    changed since."""
    back = []
    for text, found in sealed_by(removal):
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
