"""What a browser test said and released is gone again, for the tests after it."""

from typing import Any

from django.apps import apps
from django.db import connection

from improvement.models import UpdateDraft, UpdateRound

KEPT = ["UpdateReview", "DateChange", "PlanEvent", "UpdateCitation", "ProgressUpdate"]


def newest_kept() -> dict[Any, int]:
    """The last row of each table whose rows are never deleted."""
    models = [apps.get_model("improvement", name) for name in KEPT]
    return {model: getattr(model.objects.order_by("-pk").first(), "pk", 0) for model in models}


def put_back(newest: dict[Any, int]) -> None:
    """As it was: what is never deleted is, by the owner of the tables and in the tests alone."""
    UpdateDraft.objects.all().delete()
    tables = [model._meta.db_table for model in (*newest, UpdateRound)]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for model, last in newest.items():
            # A correction before what it corrects.
            for row in model.objects.filter(pk__gt=last).order_by("-pk"):
                row.delete()
        UpdateRound.objects.update(released_at=None, released_by=None)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
