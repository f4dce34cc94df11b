"""Cells held against the fields that they go into, before anything is made of them."""

from collections.abc import Mapping

from django.db import models

from improvement.importer.loading import Loading
from improvement.models import (
    Action,
    Assessment,
    Bullet,
    Finding,
    Framework,
    Judgement,
    Paper,
    Plan,
    ProgressUpdate,
    Statement,
    Theme,
)

MODELS: dict[str, type[models.Model]] = {
    "papers": Paper,
    "frameworks": Framework,
    "judgements": Judgement,
    "grades": Assessment,
    "plans": Plan,
    "themes": Theme,
    "actions": Action,
    "updates": ProgressUpdate,
    "statements": Statement,
    "findings": Finding,
    "bullets": Bullet,
}
# Columns whose field has another name; the rest share it.
FIELDS = {
    ("actions", "due_words"): "first_due_words",
}


def check_cells(loading: Loading) -> None:
    """What is too long, too large or written with the wrong signs is told with its place."""
    for table, rows in loading.tables.items():
        fields = _fields(table)
        for row in rows:
            for column in row.cells:
                loading.checker.storable(row, column, fields.get(column))


def _fields(table: str) -> Mapping[str, models.Field]:
    """The plain fields of the table's model by column: those whose cell goes in as it stands."""
    model = MODELS.get(table)
    if model is None:
        return {}
    plain = {
        field.name: field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.IntegerField) and not field.choices
    }
    others = {column: plain[name] for (of, column), name in FIELDS.items() if of == table}
    return plain | others
