"""Small releases of one made series, to be loaded in whatever order a test wants."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from performance.importer.entering import take_the_lock
from performance.importer.incoming import IncomingFigure, Reading
from performance.importer.loading import load_reading
from performance.importer.published_periods import PublishedPeriod
from performance.models import Area, Load, Measurement, Series

FIRST_DAY = datetime(2016, 10, 1, tzinfo=UTC)


def a_series(code="assessments-45-days.council"):
    return Series.objects.get(code=code)


def period(year):
    return PublishedPeriod(date(year - 1, 4, 1), date(year, 3, 31), f"{year - 1}/{year % 100:02}")


def released(day):
    return FIRST_DAY + timedelta(days=day)


def figure(row, year, value, *, series=None, published=None, **more):
    symbol = value if isinstance(value, str) else ""
    return IncomingFigure(
        file_row=row, column="value", text=str(value), series=(series or a_series()).pk,
        area=Area.objects.get(code="336").pk, period=period(year),
        value=None if symbol else Decimal(value), symbol=symbol, known_from=published, **more,
    )  # fmt: skip


def reading(figures, day, name="release.csv"):
    made = Reading(name, "published", f"release of day {day}", iter(figures), released(day))
    made.rows_read = len(figures)
    return made


def load(figures, day, *, is_back_load=False, by=None, reason="a test", **given):
    """Loads the figures as the release of that day; its Load."""
    made = Load(
        file_name=f"day-{day}.csv", sha256=f"{day + 100:064x}", format="published",
        is_back_load=is_back_load, state="screened", released_at=released(day),
    )  # fmt: skip
    made.save()
    take_the_lock()
    load_reading(reading(figures, day), made, by=by, reason=reason, **given)
    return made


def versions(series=None):
    """Every version of the series' figures: period, value or symbol, known from and until."""
    rows = Measurement.objects.filter(series=series or a_series())
    return [
        (row.period_label, row.symbol or str(row.value), row.known_from, row.known_until)
        for row in rows.order_by("area", "period_end", "known_from")
    ]


def sayers(series=None):
    """By version, the loads that said it, by file name."""
    names = dict(Load.objects.values_list("pk", "file_name"))
    rows = Measurement.objects.filter(series=series or a_series())
    return {
        (row.period_label, row.known_from): sorted(
            names[pk] for pk in (row.load_id, *row.repeated_by)
        )
        for row in rows
    }
