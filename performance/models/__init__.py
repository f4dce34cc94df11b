"""Figures, where they come from and what they are measured against, by noun."""

from performance.models.annotation import Annotation
from performance.models.area import Area, AreaCode, ComparatorGroup, ComparatorMember
from performance.models.closed_sets import closed_set
from performance.models.indicator import Indicator, Series, SeriesLink
from performance.models.load import Load, PeriodLock, SetAside
from performance.models.measurement import Measurement, MeasurementQuerySet, Target
from performance.models.reference_event import ReferenceEvent
from performance.models.versioned import DateBasis, Versioned, VersionedQuerySet, known_at, known_by

__all__ = [
    "Annotation",
    "Area",
    "AreaCode",
    "ComparatorGroup",
    "ComparatorMember",
    "DateBasis",
    "Indicator",
    "Load",
    "Measurement",
    "MeasurementQuerySet",
    "PeriodLock",
    "ReferenceEvent",
    "Series",
    "SeriesLink",
    "SetAside",
    "Target",
    "Versioned",
    "VersionedQuerySet",
    "closed_set",
    "known_at",
    "known_by",
]
