"""All of DfE's Local Authority Interactive Tool, as figures outside the panel's set.

A measuring load only: each measure becomes an indicator and a series under its short name, known
from long ago so that every page could see it. The real door is the importer's.
"""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pyarrow.parquet
from django.db import connection, transaction
from django.utils.text import slugify

from measuring.data import put_in_order
from measuring.periods import FIRST_MADE_UP_DAY, date_spellings
from performance.models import Area, Indicator, Load, Measurement, Series

COLUMNS = ["Short Desc", "Years", "LA Number", "Values"]
KNOWN_FROM = datetime(2001, 1, 1, tzinfo=UTC)
NOTE = "DfE’s Local Authority Interactive Tool, loaded for measuring."
COPIED = (
    "series_id, area_id, period_start, period_end, period_label, value, symbol, "
    "symbol_as_published, note, known_from, known_from_basis, load_id, "
    "is_undated, is_provisional, is_revised, is_estimated, is_series_break"
)
Row = tuple[str, str, float, str]


def read_rows(path: str) -> list[Row]:
    """Measure, year, council's number and value, of each row of the file."""
    table = pyarrow.parquet.read_table(path, columns=COLUMNS)
    return list(zip(*(table[column].to_pylist() for column in COLUMNS), strict=True))


@transaction.atomic
def _load_rows(rows: list[Row], file_name: str) -> int:
    load = Load.objects.create(
        file_name=file_name,
        sha256="0" * 64,
        format=Load.Format.LAIT,
        rows_read=len(rows),
        state=Load.State.LOADED,
        loaded_at=KNOWN_FROM,
        released_at=KNOWN_FROM,
    )
    series = _make_series(sorted({row[0] for row in rows}))
    areas = dict(Area.objects.values_list("code", "pk"))
    lines = "".join(_lines(rows, series, areas, load.pk))
    with connection.cursor() as cursor:
        table = Measurement._meta.db_table
        cursor.cursor.copy_expert(f"COPY {table} ({COPIED}) FROM STDIN", io.StringIO(lines))
    return Measurement.objects.filter(load=load).count()


def load_file(path: str) -> tuple[int, int]:
    """How many rows the file has, and how many figures the database then holds of it."""
    rows = read_rows(path)
    held = _load_rows(rows, path.rpartition("/")[2])
    put_in_order()
    return len(rows), held


def _make_series(measures: list[str]) -> dict[str, int]:
    indicators = Indicator.objects.bulk_create(
        Indicator(
            # With its place: two short names differ in their capitals alone.
            code=f"lait-{place:03}-{slugify(measure)}",
            title=measure,
            short_title=measure,
            definition=NOTE,
            unit="as DfE counts it",
            polarity=Indicator.Polarity.NEITHER,
            kind=Indicator.Kind.CONTEXT,
        )
        for place, measure in enumerate(measures)
    )
    series = Series.objects.bulk_create(
        Series(
            code=indicator.code,
            indicator=indicator,
            source=NOTE,
            source_short="DfE’s Interactive Tool",
            kind_of_figure=Series.KindOfFigure.IN_PERIOD,
            periods="year",
            suppression=Series.Suppression.AS_PUBLISHED,
        )
        for indicator in indicators
    )
    return {one.indicator.title: one.pk for one in series}


def _lines(
    rows: list[Row], series: dict[str, int], areas: dict[str, int], load: int
) -> Iterator[str]:
    """Each row in PostgreSQL's text format."""
    periods = _date_measures(rows)
    for measure, year, number, text in rows:
        start, end = periods[measure][year]
        # “-” is all that the tool says of a figure that is not there.
        value, symbol = (r"\N", "not_available\t-") if text == "-" else (text, "\t")
        undated = "t" if start.year == FIRST_MADE_UP_DAY.year else "f"
        yield (
            f"{series[measure]}\t{areas[f'{number:03.0f}']}\t{start}\t{end}\t{year}\t{value}\t"
            f"{symbol}\t\t{KNOWN_FROM}\tcustomary\t{load}\t{undated}\tf\tf\tf\tf\n"
        )


def _date_measures(rows: list[Row]) -> dict[str, dict[str, tuple[date, date]]]:
    spellings: dict[str, dict[str, None]] = {}
    for measure, year, _, _ in rows:
        spellings.setdefault(measure, {})[year] = None
    return {measure: date_spellings(list(years)) for measure, years in spellings.items()}
