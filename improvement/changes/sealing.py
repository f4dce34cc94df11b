"""Sealing a text: what stood in its place is kept apart, and a sentence stands there instead."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef

from improvement.models import Removal, SealedText
from improvement.removal.finding import Found
from improvement.removal.leaves import Path, texts_within, with_texts
from improvement.removal.matching import Words
from improvement.removal.registry import every_text, texts_of
from improvement.removal.sentences import (
    hidden_sentence,
    is_a_sentence_of_ours,
    removed_sentence,
    stands_hidden,
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


def named_in(found: Found, words: Words) -> dict[Path, str]:
    """The texts within the column that hold the words."""
    return _named_in(found, found.value, words)


def seal_texts(removal: Removal, words: Words, found: Collection[Found]) -> int:
    """In how many of these it sealed and hid what holds the words. What another removal has hidden
    holds them no longer, and waits for that one."""
    hold_rows((each.texts.table, each.row) for each in found)
    sentence, count = hidden_sentence(removal.hidden_on), 0
    for each in found:
        stands = _stands(each)
        if not (named := _named_in(each, stands, words)):
            continue
        table, row, column = place_of(each)
        SealedText.objects.bulk_create(
            SealedText(
                removal=removal, table=table, row=row, column=column, path=list(path), original=text
            )
            for path, text in named.items()
        )
        _write(each, with_texts(stands, dict.fromkeys(named, sentence)))
        count += 1
    return count


def take_out(removal: Removal, on: date) -> None:
    """Puts the sentence that says so in the place of each text that it has sealed, and destroys
    what stood there."""
    sentence = removed_sentence(on)
    for found, originals in _hidden_by(removal):
        _write(found, with_texts(found.value, dict.fromkeys(originals, sentence)))
    removal.texts.update(original=None)


def count_written_over(removal: Removal) -> int:
    """Of how many texts that it has sealed something else stands in their place now."""
    hidden = sum(len(originals) for _, originals in _hidden_by(removal))
    return removal.texts.waiting().count() - hidden


def put_back(removal: Removal) -> list[Found]:
    """Puts each text that it had sealed back where it stood, and gives where: not where something
    else was written meanwhile."""
    back = []
    for found, originals in _hidden_by(removal):
        _write(found, with_texts(found.value, originals))
        back.append(found)
    removal.texts.update(original=None)
    return back


def _hidden_by(removal: Removal) -> Iterator[tuple[Found, dict[Path, str]]]:
    """Each column in which it has sealed, locked, and what stood there by the way to it; without
    what was written over since, or sealed by another after that."""
    same_place = {name: OuterRef(name) for name in ("table", "row", "column", "path")}
    later = SealedText.objects.filter(pk__gt=OuterRef("pk"), **same_place)
    sealed = list(removal.texts.waiting().exclude(Exists(later)).order_by("pk"))
    hold_rows((text.table, text.row) for text in sealed)
    columns: dict[tuple[str, int, str], dict[Path, Any]] = {}
    for text in sealed:
        place = (text.table, text.row, text.column)
        columns.setdefault(place, {})[tuple(text.path)] = text.original
    for (table, row, column), originals in columns.items():
        texts = texts_of(table)
        found = Found(texts, row, texts.name_of(column), "", None)
        stands = _stands(found)
        said = dict(texts_within(stands))
        hidden = {path: was for path, was in originals.items() if stands_hidden(said.get(path))}
        if hidden:
            yield replace(found, value=stands), hidden


def _named_in(found: Found, value: Any, words: Words) -> dict[Path, str]:
    within = texts_within(value, left_out=found.texts.own_facts)
    return {
        path: text
        for path, text in within
        if words.found_in(text) and not is_a_sentence_of_ours(text)
    }


def place_of(found: Found) -> tuple[str, int, str]:
    field: Any = found.texts.model._meta.get_field(found.column)
    return found.texts.table, found.row, field.column


def _write(found: Found, value: Any) -> None:
    texts = found.texts
    grown = {texts.counter: F(texts.counter) + 1} if texts.counter else {}
    texts.model._base_manager.filter(pk=found.row).update(**{found.column: value}, **grown)


def _stands(found: Found) -> Any:
    """None where the row is gone meanwhile."""
    rows = found.texts.model._base_manager.filter(pk=found.row)
    return rows.values_list(found.column, flat=True).first()
