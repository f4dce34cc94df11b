"""Cells held against the fields that they go into, before anything is made of them."""

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
from performance.importer import cells

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
    cells.check_cells(loading.tables, MODELS, loading.checker, FIELDS)
