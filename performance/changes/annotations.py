"""What an officer says of a figure, a period or a break: made and closed, never changed.

The row itself holds who said it and who closed it, when and why, so it needs no event beside it.
"""

from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from performance.importer.versions import VersionRefused
from performance.models import Annotation, Area, DateBasis, Series


@transaction.atomic
def annotate(
    *,
    kind: str,
    area: Area,
    series: Series | None,
    period_start: date,
    period_end: date,
    period_label: str,
    words: str,
    by: AbstractBaseUser,
    now: datetime,
) -> Annotation:
    """The annotation, known from `now`. A break that stands already is kept as it is.

    Raises IntegrityError where it has no words, or no series and is not about a period.
    """
    key = {
        "kind": kind, "area": area, "series": series,
        "period_start": period_start, "period_end": period_end,
    }  # fmt: skip
    if series is not None:
        # Two people may say of the same period that its figures are counted differently.
        Series.objects.select_for_update(of=("self",)).get(pk=series.pk)
    if kind == Annotation.Kind.BREAK:
        standing = Annotation.objects.current().filter(**key).first()
        if standing is not None:
            return standing
    return Annotation.objects.create(
        **key,
        period_label=period_label,
        words=words,
        made_by=by,  # type: ignore[misc]  # the project's own model of people
        known_from=now,
        known_from_basis=DateBasis.STATED,
    )


@transaction.atomic
def close_annotation(
    *, annotation: Annotation, by: AbstractBaseUser, now: datetime, reason: str
) -> Annotation:
    """The annotation, shown on no day from `now`; as it is where somebody closed it before.

    Raises VersionRefused when it is known from `now` or later, IntegrityError without a reason.
    """
    held = Annotation.objects.select_for_update(of=("self",)).get(pk=annotation.pk)
    if held.known_until is not None:
        return held
    if now <= held.known_from:
        raise VersionRefused("it is known from that day or later")
    held.known_until, held.closed_by, held.closed_reason = now, by, reason  # type: ignore[assignment]
    held.save(update_fields=["known_until", "closed_by", "closed_reason"])
    return held
