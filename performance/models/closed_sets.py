"""Closed sets, held by the database as well as by the forms."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q


def closed_set(
    name: str, field: str, choices: Iterable[str], *, blank: bool = False
) -> models.CheckConstraint:
    """A constraint `name` that `field` holds one of `choices`, or nothing where it may be blank.

    `choices` on a field are only what a form offers: a load or plain SQL passes them by.
    """
    allowed = [*(str(choice) for choice in choices), *([""] if blank else [])]
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": allowed}))
