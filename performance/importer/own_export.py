"""What we write in our own layout: the template to fill in, and the figures that load back."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
from django.db.models import Exists, OuterRef
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from performance.calculations.period_words import follow, kind_of, name_months
from performance.calculations.position import Position
from performance.importer.figures import FLAGS
from performance.importer.formula_guard import guard
from performance.importer.own_cells import HIDDEN_HERE
from performance.importer.own_periods import FIRST_MONTHS, kinds_of, label_of
from performance.models import Area, Load, Measurement, Series
from performance.plain_text import as_plain
from performance.shown import read_shown

Row = list[str]

TEMPLATE_COLUMNS = (
    "indicator series unit last_period last_value period value symbol numerator denominator flags "
    "note".split()
)
EXPORT_COLUMNS = (
    "indicator series unit area period period_start period_end value symbol numerator denominator "
    "flags note".split()
)
# Numbers are left to the spreadsheet; whatever else is typed stays as it is typed.
NUMBERS = {"value", "numerator", "denominator"}
WIDEST = 60


def write_template(series: Iterable[Series], area: Area, position: Position) -> list[Row]:
    """The headers, and a row for each series: its last figure, and the period that comes next.

    The period is empty where nothing says which comes next: after a figure on a day.
    """
    listed = list(series)
    last = _last_figures(listed, area, position)
    rows = [TEMPLATE_COLUMNS]
    for one in listed:
        measurement, is_hidden = last.get(one.pk, (None, False))
        made = dict.fromkeys(TEMPLATE_COLUMNS, "") | {
            "indicator": one.indicator.short_title,
            "series": one.code,
            "unit": one.indicator.unit,
            "period": next_period(one, measurement, position.on),
        }
        if measurement is not None:
            made["last_period"] = measurement.period_label
            made["last_value"] = HIDDEN_HERE if is_hidden else _say_figure(measurement)
        rows.append([guard(cell) for cell in made.values()])
    return rows


def reported_series() -> list[Series]:
    """For each indicator of the panel's set, the series whose figures the council itself reports.

    It is none that a file of the Department's was read into, nor one whose source says when it is
    next published; of several the one that speaks first for the indicator.
    """
    published = Measurement.objects.filter(
        series=OuterRef("pk"), load__format__in=[Load.Format.PUBLISHED, Load.Format.LAIT]
    )
    own = Series.objects.filter(
        ~Exists(published), indicator__in_panel_set=True, next_published_on=None
    )
    first: dict[int, Series] = {}
    for series in own.select_related("indicator").order_by("order", "code"):
        first.setdefault(series.indicator_id, series)
    return sorted(first.values(), key=lambda series: series.indicator.short_title.casefold())


def _last_figures(
    series: Sequence[Series], area: Area, position: Position
) -> dict[int, tuple[Measurement, bool]]:
    """By series, the latest figure as it may be shown, and whether that hides it."""
    asked = Measurement.objects.at(position).filter(area=area, series__in=series)
    rows = asked.with_series().order_by("period_end", "-period_start")
    return {row.series_id: (row, is_hidden) for row, is_hidden in _with_hiding(rows, position)}


def _with_hiding(
    asked: Iterable[Measurement], position: Position
) -> list[tuple[Measurement, bool]]:
    """Each row as it may be shown, and whether that says less than the record does."""
    rows = list(asked)
    shown = read_shown(rows, position)
    return [(one, _says(one) != _says(row)) for row, one in zip(rows, shown, strict=True)]


def _says(row: Measurement) -> tuple[object, ...]:
    return row.value, row.symbol, row.numerator, row.denominator, row.note


def next_period(series: Series, last: Measurement | None, on: date) -> str:
    """The words for the period after the last figure's; “” where nothing says which that is, or
    where it is not over on the day: the loader would refuse it."""
    if last is None:
        return _latest_whole_period(series, on)
    if last.is_undated or series.kind_of_figure == Series.KindOfFigure.ROLLING:
        return ""
    start, end = last.period_start, last.period_end
    to_date = series.kind_of_figure == Series.KindOfFigure.YEAR_TO_DATE
    if to_date and kind_of(start, end) not in FIRST_MONTHS:
        months = (end.year - start.year) * 12 + end.month - start.month + 2
        is_whole = start.day == 1 and (end + timedelta(days=1)).day == 1
        following = name_months(start, months) if is_whole and months <= 12 else None
    else:
        following = follow(start, end)
    return following.label if following and following.end <= on else ""


def _latest_whole_period(series: Series, on: date) -> str:
    """The last period of the first kind that the series allows which was over on the day."""
    for kind in kinds_of(series.periods):
        if kind in FIRST_MONTHS:
            begun = on.year if on.month >= FIRST_MONTHS[kind] else on.year - 1
            return name_months(date(begun - 1, FIRST_MONTHS[kind], 1), 12).label
        if kind in ("month", "quarter"):
            months = 1 if kind == "month" else 3
            # Counted in months from the year 0.
            begun = (on.year * 12 + on.month - 1) // months * months - months
            return name_months(date(begun // 12, begun % 12 + 1, 1), months).label
    return ""


def write_export(position: Position, area: Area) -> list[Row]:
    """The headers, and every figure of the area at the position; read again they are the same.

    A figure that is hidden here, because it is small or would give a small one away, says so in
    place of its value, and nothing else.
    """
    asked = Measurement.objects.at(position).filter(area=area).with_series()
    ordered = asked.order_by("series__code", "period_start", "period_end")
    return [
        EXPORT_COLUMNS,
        *(_export_row(row, area, is_hidden) for row, is_hidden in _with_hiding(ordered, position)),
    ]


def _export_row(row: Measurement, area: Area, is_hidden: bool) -> Row:
    texts = [row.series.indicator.short_title, row.series.code, row.series.indicator.unit]
    days = [row.period_start.isoformat(), row.period_end.isoformat()]
    period = row.period_label or label_of(row.period_start, row.period_end)
    key = [*map(guard, texts), area.code, guard(period), *days]
    if is_hidden:
        return [*key, HIDDEN_HERE, "", "", "", "", ""]
    flags = "; ".join(words for words, field in FLAGS.items() if getattr(row, field))
    return [
        *key,
        say_number(row.value),
        _say_symbol(row),
        say_number(row.numerator),
        say_number(row.denominator),
        flags,
        guard(row.note),
    ]


def say_number(number: Decimal | None) -> str:
    """“46.5”: every digit that is held, and none that is not."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _say_symbol(row: Measurement) -> str:
    return row.symbol.replace("_", " ")


def _say_figure(row: Measurement) -> str:
    return _say_symbol(row) if row.value is None else say_number(row.value)


def as_csv(rows: Iterable[Row]) -> bytes:
    """With the mark by which a spreadsheet knows the encoding."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def as_workbook(rows: Sequence[Row], title: str = "Figures") -> bytes:
    """A sheet of that name. Headers in bold that stay in sight; what is typed below stays text but
    for numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append([as_plain(cell) for cell in row])
    sheet.freeze_panes = "A2"
    for place, cells in enumerate(sheet.iter_cols(max_row=len(rows)), start=1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width = min(max(len(str(cell.value or "")) for cell in cells) + 2, WIDEST)
        cells[0].font = Font(bold=True)
        if rows[0][place - 1] not in NUMBERS:
            column.number_format = "@"
            for cell in cells:
                cell.number_format = "@"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
