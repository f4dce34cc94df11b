"""The scratch databases: the demonstration, and copies of it with more figures."""

import contextlib
import os
from collections.abc import Iterator

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from dashboard.models import User
from improvement.models import Evidence, Judgement
from measuring.pages import HOST
from performance.models import Indicator, Measurement, Series, Target

PANEL_SET = 300
YEARS = range(2011, 2017)
NOTE = "Made up for measuring."

# A wave of its own for each area and year, so that neither text nor numbers pack unusually well.
MADE_UP_FIGURES = f"""
INSERT INTO {Measurement._meta.db_table} (
    series_id, area_id, period_start, period_end, period_label, value, symbol,
    symbol_as_published, note, known_from, known_from_basis,
    is_provisional, is_revised, is_estimated, is_undated, is_series_break
)
SELECT
    s.id, a.id, make_date(year - 1, 4, 1), make_date(year, 3, 31),
    (year - 1) || '/' || right(year::text, 2), 50 + 40 * round(sin(s.id * a.id + year)::numeric, 3),
    '', '', %(note)s, make_timestamptz(year, 9, 1, 12, 0, 0), 'customary',
    false, false, false, false, false
FROM performance_series s, performance_area a, unnest(%(years)s) AS year
WHERE s.code LIKE 'measuring-%%'
"""


@contextlib.contextmanager
def scratch_database() -> Iterator[str]:
    """The name of a database with the demonstration, connected to; removed with its copies."""
    given = connection.settings_dict["NAME"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with open(os.devnull, "w") as quiet:
            call_command("demo", stdout=quiet)
        put_in_order()
        yield name
    finally:
        connect(name)
        connection.creation.destroy_test_db(given, verbosity=0)


@contextlib.contextmanager
def copied_database(name: str, suffix: str) -> Iterator[str]:
    """The name of a copy, connected to."""
    connect(name)
    connection.creation.clone_test_db(suffix, verbosity=0, autoclobber=True)
    copy = str(connection.creation.get_test_db_clone_settings(suffix)["NAME"])
    try:
        connect(copy)
        yield copy
    finally:
        connect(name)
        connection.creation.destroy_test_db(copy, verbosity=0, suffix=suffix)


def connect(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def put_in_order() -> None:
    """As the database itself does after a load: in its own time, which is not that of measuring."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def sign_in(username: str) -> Client:
    client = Client(SERVER_NAME=HOST)
    client.force_login(User.objects.get(username=username))
    return client


def make_staff() -> str:
    """The name of a person whom the admin lets in."""
    return User.objects.create_superuser("measuring").username


def add_indicators() -> int:
    """How many were added, to make 300 in the panel's set: each the main evidence for one of the
    plan's judgements, with a target, and with figures of six years for every area."""
    five = Judgement.objects.filter(kind=Judgement.Kind.JUDGEMENT, evidence__isnull=False)
    judgements = list(five.distinct().order_by("pk"))
    missing = PANEL_SET - Indicator.objects.filter(in_panel_set=True).count()
    indicators = Indicator.objects.bulk_create(_indicator(place) for place in range(missing))
    series = Series.objects.bulk_create(_series(indicator) for indicator in indicators)
    Evidence.objects.bulk_create(
        Evidence(
            indicator=indicator, judgement=judgements[place % len(judgements)], is_main=True
        )
        for place, indicator in enumerate(indicators)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(MADE_UP_FIGURES, {"note": NOTE, "years": list(YEARS)})
    Target.objects.bulk_create(
        Target(
            series_id=figure.series_id, area_id=figure.area_id, low=50, set_by=NOTE, basis=NOTE,
            period_start=figure.period_start, period_end=figure.period_end,
            period_label=figure.period_label, known_from=figure.known_from,
            known_from_basis=figure.known_from_basis,
        )
        for figure in Measurement.objects.for_area(settings.COUNCIL_CODE).filter(
            series__in=series, period_end__year=YEARS[-1]
        )
    )  # fmt: skip
    put_in_order()
    return len(indicators)


def _indicator(place: int) -> Indicator:
    return Indicator(
        code=f"measuring-{place}",
        title=f"Made up for measuring, number {place}, with a title as long as most",
        short_title=f"Made up for measuring, number {place}",
        definition=f"{NOTE} It counts nothing, and stands for a definition of common length.",
        why_it_matters=NOTE,
        good_looks_like=NOTE,
        unit="%",
        decimals=1,
        polarity=Indicator.Polarity.HIGHER,
        kind=Indicator.Kind.PERFORMANCE,
        in_panel_set=True,
    )


def _series(indicator: Indicator) -> Series:
    return Series(
        code=f"{indicator.code}.made-up",
        indicator=indicator,
        source=NOTE,
        source_short=NOTE,
        kind_of_figure=Series.KindOfFigure.IN_PERIOD,
        periods="financial year",
        suppression=Series.Suppression.AS_PUBLISHED,
    )
