"""A series of the council's own making for tests, and versions of its figures."""

from datetime import date, datetime, time

from django.contrib.auth import get_user_model
from django.utils import timezone

from performance.models import Area, Indicator, Load, Measurement, Series

COUNCIL = "336"


def at_noon(day):
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), time(12)))


def person(name="officer"):
    return get_user_model().objects.get(username=name)


def make_series(code="made-up", **fields):
    """A percentage in the panel's set, shown as published."""
    indicator = Indicator.objects.create(
        code=code, title=f"{code} in full", short_title=code.capitalize(), definition="Made up.",
        unit="%", polarity="higher", kind="performance", in_panel_set=True,
        **{key: fields.pop(key) for key in ("next_due_on", "counts_children") if key in fields},
    )  # fmt: skip
    return Series.objects.create(**{
        "code": f"{code}.council", "indicator": indicator, "source": "Made up",
        "source_short": "Council", "kind_of_figure": "in_period", "periods": "quarter",
        "suppression": "as_published", **fields,
    })  # fmt: skip


def make_load(reason="", form="own", **fields):
    load = Load(
        file_name="quarter.csv", sha256=f"{Load.objects.count() + 1:064x}", format=form,
        state="loaded", reason=reason, loaded_at=at_noon("2016-09-01"),
        released_at=at_noon("2016-09-01"),
    )  # fmt: skip
    for name, value in fields.items():
        setattr(load, name, value)
    load.save()
    return load


def make_year(series, year, value, *, known="2016-09-01", until=None, load=None, **fields):
    """The figure of the year to 31 March; without a value it is not available."""
    return Measurement.objects.create(
        series=series, area=Area.objects.get(code=COUNCIL), value=value,
        symbol="" if value is not None else fields.pop("symbol", "not_available"), load=load,
        period_start=date(year - 1, 4, 1), period_end=date(year, 3, 31),
        period_label=f"{year - 1}/{year % 100:02}", known_from=at_noon(known),
        known_from_basis="stated", known_until=at_noon(until) if until else None, **fields,
    )  # fmt: skip


def make_years(series, first, values, **fields):
    return [make_year(series, first + n, value, **fields) for n, value in enumerate(values)]
