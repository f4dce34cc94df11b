"""Cells held against the fields that they go into, before anything is made of them."""

from collections.abc import Mapping

from django.db import models

from performance.importer.check import Checker
from performance.importer.read import Row
from performance.models import (
    Area,
    AreaCode,
    ComparatorGroup,
    ComparatorMember,
    Indicator,
    Measurement,
    Series,
    SeriesLink,
    Target,
)

MODELS: dict[str, type[models.Model]] = {
    "areas": Area,
    "area_codes": AreaCode,
    "comparator_groups": ComparatorGroup,
    "comparator_members": ComparatorMember,
    "indicators": Indicator,
    "series": Series,
    "series_links": SeriesLink,
    "targets": Target,
    "figures": Measurement,
}


def check_cells(
    tables: Mapping[str, list[Row]],
    model_of: Mapping[str, type[models.Model]],
    check: Checker,
    field_of: Mapping[tuple[str, str], str] | None = None,
) -> None:
    """What is too long, too large or written with the wrong signs is told with its place.

    `field_of`: by table and column, the fields whose name is not the column's.
    """
    for table, rows in tables.items():
        fields = _fields(table, model_of.get(table), field_of or {})
        for row in rows:
            for column in row.cells:
                check.storable(row, column, fields.get(column))


def _fields(
    table: str, model: type[models.Model] | None, field_of: Mapping[tuple[str, str], str]
) -> dict[str, models.Field]:
    """The plain fields of the table's model by column: those whose cell goes in as it stands."""
    if model is None:
        return {}
    plain: dict[str, models.Field] = {
        field.name: field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.IntegerField | models.DecimalField)
        and not field.choices
    }
    return plain | {column: plain[name] for (of, column), name in field_of.items() if of == table}
