"""Where words are: in texts that can be taken out, in what waits, and outside of both."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import CharField, Exists, JSONField, Model, OuterRef, QuerySet, TextField

from improvement.models import (
    Action,
    DateChange,
    Plan,
    PlanEvent,
    ProgressUpdate,
    Removal,
    SealedText,
    Theme,
    UpdateDraft,
    UpdateReview,
)
from improvement.permissions import (
    Person,
    actions_read,
    events_read,
    may_read_unreleased,
    plans_read,
    themes_read,
)
from improvement.removal.matching import Words
from improvement.removal.registry import Texts, every_text, everything_waiting, texts_of
from performance.calculations.position import Position

# These hold what is looked for on purpose, or are looked at otherwise (`waiting`).
NOT_SEARCHED: dict[type[Model], set[str]] = {
    Removal: {"words"},
    SealedText: {"original"},
    Session: {"session_key", "session_data"},
}
# Figures by the hundred thousand: asked in the database, where a row is not read for nothing.
MANY = {"performance.measurement", "performance.setaside"}


OF_UPDATES: tuple[type[Model], ...] = (ProgressUpdate, UpdateReview)
RELEASES = UpdateReview.objects.filter(outcome=UpdateReview.Outcome.RELEASED)


@dataclass(frozen=True)
class Found:
    """A column of a row that holds the words; `value` is all that stands there."""

    texts: Texts
    row: int
    column: str
    of: str
    value: Any


@dataclass(frozen=True)
class Place:
    """So many of a kind of thing hold the words."""

    what: str
    count: int


def find_texts(words: Words) -> list[Found]:
    """Every text that can be taken out, by table and row."""
    return [found for texts in every_text() for found in _in_table(texts, words)]


def find_readable(words: Words, reader: Person, position: Position) -> list[Found]:
    """Those of them that the reader may read anyhow: a search must tell nothing of what others
    type, nor of what is not released, nor of a plan that has not started."""
    return readable(find_texts(words), reader, position)


def readable(texts: Iterable[Found], reader: Person, position: Position) -> list[Found]:
    """Those that a page or a list shows to the reader anyhow."""
    found = [
        each for each in texts if not each.texts.read_with or reader.has_perm(each.texts.read_with)
    ]
    told = _told(found, reader, position)
    return [
        each for each in found if each.texts.model not in told or each.row in told[each.texts.model]
    ]


def _told(found: list[Found], reader: Person, position: Position) -> dict[type[Model], set[int]]:
    """Of the tables whose rows are not all for everybody, those that the reader may read."""
    rows = {
        model: [each.row for each in found if each.texts.model is model] for model in OF_UPDATES
    }
    of_review = dict(
        UpdateReview.objects.filter(pk__in=rows[UpdateReview]).values_list("pk", "update_id")
    )
    actions = actions_read(reader, position)
    updates = _updates_told([*rows[ProgressUpdate], *of_review.values()], reader, actions)
    # What speaks of an update that few may read is not listed: the update or its review is.
    unsaid = PlanEvent.objects.why_unsaid().exclude(reason="")
    return {
        UpdateDraft: _numbers(UpdateDraft.objects.filter(person=reader)),
        ProgressUpdate: updates,
        UpdateReview: {review for review, update in of_review.items() if update in updates},
        PlanEvent: _numbers(events_read(reader, position).exclude(pk__in=unsaid)),
        Plan: _numbers(plans_read(reader, position)),
        Theme: _numbers(themes_read(reader, position)),
        Action: _numbers(actions),
        DateChange: _numbers(DateChange.objects.filter(action__in=actions)),
    }


def _numbers(rows: QuerySet[Any]) -> set[int]:
    return set(rows.values_list("pk", flat=True))


def _updates_told(numbers: list[int], reader: Person, actions: QuerySet[Action]) -> set[int]:
    updates = (
        ProgressUpdate.objects.filter(pk__in=numbers, action__in=actions)
        .annotate(is_out=Exists(RELEASES.filter(update=OuterRef("pk"))))
        .select_related("action__theme")
        .prefetch_related("action__theme__leads")
    )
    return {
        update.pk
        for update in updates
        if update.paper_id is not None or update.is_out or may_read_unreleased(reader, update)
    }


def _in_table(texts: Texts, words: Words) -> Iterator[Found]:
    names = list(texts.columns)
    asked = map(texts.looked_at, names)
    rows = texts.model._base_manager.order_by("pk").values_list("pk", texts.of, *asked)
    for row, of, *values in rows.iterator():
        for name, value in zip(names, values, strict=True):
            if value and is_found(words, value, texts):
                yield Found(texts, row, name, str(of), value)


def is_found(words: Words, value: Any, texts: Texts) -> bool:
    """Whether a column of the table holds the words where somebody may have typed them."""
    return words.found_within(value, in_names=False, left_out=texts.own_facts)


def find_outside(words: Words, *, in_addresses: bool = True) -> list[Place]:
    """What is not taken out here: names of people who sign in, titles of indicators, files. The
    address of a plan or a theme that has not started is told to few: not where nothing is asked."""
    taken = {texts.model: set(texts.columns) for texts in every_text()}
    if not in_addresses:
        taken = {**taken, **{model: {*taken[model], "slug"} for model in (Plan, Theme)}}
    places = [
        _outside(model, names, words)
        for model in apps.get_models()
        if (names := _other_texts(model, taken.get(model, set())))
    ]
    return [place for place in places if place.count]


def _other_texts(model: type[Model], taken: set[str]) -> list[str]:
    left_out = taken | NOT_SEARCHED.get(model, set())
    return [
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, (CharField, TextField, JSONField)) and field.name not in left_out
    ]


def _outside(model: type[Model], names: Iterable[str], words: Words) -> Place:
    rows = model._base_manager.values_list(*names)
    if model._meta.label_lower in MANY:
        rows = rows.distinct()
    count = sum(words.found_within(list(values)) for values in rows.iterator())
    return Place(str(model._meta.verbose_name), count)


def find_waiting(words: Words) -> list[Place]:
    places = [Place(each.noun, each.count(words)) for each in everything_waiting()]
    return [place for place in places if place.count]


def seals_elsewhere(words: Words, removal: Removal) -> list[SealedText]:
    """What other undecided removals sealed that holds the words."""
    others = Removal.objects.undecided().exclude(pk=removal.pk)
    sealed = SealedText.objects.waiting().filter(removal__in=others)
    return [
        text
        for text in sealed.order_by("pk").iterator()
        if is_found(words, text.original, texts_of(text.table))
    ]


def sealed_elsewhere(words: Words, removal: Removal) -> list[int]:
    """Numbers of the other undecided removals that are of the words too: by what was looked for
    or by a text that they sealed."""
    others = Removal.objects.undecided().exclude(pk=removal.pk)
    asked = {other.pk for other in others if words.found_in(other.words)}
    return sorted(asked | {text.removal_id for text in seals_elsewhere(words, removal)})


def to_decide_first(words: Words, removal: Removal) -> list[int]:
    """Those of them that are decided before it. Where each is of the other's words the earlier goes
    first: else neither could be."""
    mine = [text.original for text in removal.texts.waiting()]
    numbers = sealed_elsewhere(words, removal)
    return [
        other.pk
        for other in Removal.objects.filter(pk__in=numbers).order_by("pk")
        if other.pk < removal.pk or not _hold(mine, removal, Words(other.words))
    ]


def _hold(originals: list[Any], removal: Removal, words: Words) -> bool:
    return words.found_in(removal.words) or any(map(words.found_within, originals))


def count_places(found: Iterable[Found]) -> list[Place]:
    """“update of 5.13: what changed”, each with how many."""
    counts: dict[str, int] = {}
    for each in found:
        what = say_place(each.texts, each.column, each.of)
        counts[what] = counts.get(what, 0) + 1
    return [Place(what, count) for what, count in counts.items()]


def say_waits(number: int) -> str:
    return f"removal {number}, which waits"


def say_place(texts: Texts, column: str, of: str) -> str:
    return f"{texts.noun} {of}: {texts.columns[column]}"
