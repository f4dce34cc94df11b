"""Which columns hold what people type, so that words can be taken out of them.

An app above adds its own with `register_texts` and `register_waiting` when it is ready. What a
test finds to be text and that stands neither here nor in its list of exceptions fails.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Model, Q, Value, When

from improvement.removal.matching import Words


@dataclass(frozen=True)
class Texts:
    """One table's texts: its columns by name with what a page calls each, and the lookup that
    tells of what a row is. `counter` is a column that grows when a text is hidden, so that an
    open window does not save over it. `read_with` is the permission without which no page shows
    any of them.

    What the site itself says names nobody and is never hidden: `own_facts` are names within a
    column of JSON whose values are such, `own_rows` says by column of which rows it is."""

    model: type[Model]
    noun: str
    columns: Mapping[str, str]
    of: str = "pk"
    counter: str = ""
    read_with: str = ""
    own_facts: Collection[str] = ()
    own_rows: Mapping[str, Q] = field(default_factory=dict)

    def looked_at(self, column: str) -> Any:
        """The column as a query asks for it: empty in rows where it is the site's own."""
        if column not in self.own_rows:
            return column
        return Case(When(self.own_rows[column], then=Value("")), default=column)

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def name_of(self, column: str) -> str:
        """The field that is kept in the column."""
        fields = self.model._meta.concrete_fields
        return next(field.name for field in fields if field.column == column)


@dataclass(frozen=True)
class Waiting:
    """What waits for a moment and is dropped whole: a file that is not loaded yet, a session.

    `count` and `discard` give how many hold the words; `discard` drops them: at once, or once a
    second person has confirmed, where somebody's work would be lost.
    """

    noun: str
    count: Callable[[Words], int]
    discard: Callable[[Words], int]
    at_once: bool = False


_texts: dict[str, Texts] = {}
_waiting: dict[str, Waiting] = {}


def register_texts(*added: Texts) -> None:
    """Adds tables, each once."""
    _texts.update({each.table: each for each in added})


def register_waiting(*added: Waiting) -> None:
    _waiting.update({each.noun: each for each in added})


def every_text() -> list[Texts]:
    return list(_texts.values())


def texts_of(table: str) -> Texts:
    return _texts[table]


def everything_waiting() -> list[Waiting]:
    return list(_waiting.values())
