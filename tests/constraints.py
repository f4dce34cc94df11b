"""What the tests of the database's constraints share."""

from django.apps import apps
from django.db import IntegrityError, models, transaction


def constraint_names(app):
    """Every named constraint of the app's tables."""
    return {
        constraint.name
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
    }


def refused_by(row: models.Model, **changes) -> str:
    """The constraint that refuses a copy of `row` with these changes; empty where none does."""
    copy = type(row)(**{
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        # When a row was recorded is the database's to say.
        if not (field.primary_key or field.generated or field.has_db_default())
    })  # fmt: skip
    for name, value in changes.items():
        setattr(copy, name, value)
    try:
        with transaction.atomic():
            copy.save(force_insert=True)
    except IntegrityError as refused:
        return refused.__cause__.diag.constraint_name
    return ""
