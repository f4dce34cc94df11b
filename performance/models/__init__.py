"""Figures, where they come from and what they are measured against, by noun."""

from performance.models.area import Area, AreaCode, ComparatorGroup, ComparatorMember
from performance.models.closed_sets import closed_set
from performance.models.indicator import Indicator, Series, SeriesLink
from performance.models.measurement import Load, Measurement, MeasurementQuerySet, Target
from performance.models.reference_event import ReferenceEvent
from performance.models.versioned import DateBasis, Versioned, VersionedQuerySet, known_at, known_by

__all__ = [
    "Area",
    "AreaCode",
    "ComparatorGroup",
    "ComparatorMember",
    "DateBasis",
    "Indicator",
    "Load",
    "Measurement",
    "MeasurementQuerySet",
    "ReferenceEvent",
    "Series",
    "SeriesLink",
    "Target",
    "Versioned",
    "VersionedQuerySet",
    "closed_set",
    "known_at",
    "known_by",
]
