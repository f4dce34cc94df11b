"""Figures and measures with the fewest fields, for the tests of the rules."""

from datetime import date, timedelta
from decimal import Decimal

from performance.calculations.figures import Figure, KindOfFigure, Measure, Polarity, Symbol


def make_figure(start, end, value, label="", **flags):
    """A figure of a period given as `2016-04-01`; without a value it is suppressed."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    if value is None:
        flags.setdefault("symbol", Symbol.SUPPRESSED)
    return Figure(first, last, label or end, None if value is None else Decimal(value), **flags)


def on_day(day, value, label="", **flags):
    return make_figure(day, day, value, label, **flags)


def on_31_march(first_year, values, **flags):
    """One figure a year, on 31 March, from `first_year`."""
    return [
        on_day(f"{first_year + index}-03-31", value, str(first_year + index), **flags)
        for index, value in enumerate(values)
    ]


def make_quarters(first_year, values):
    """Quarters of the financial year, from April to June of `first_year`."""
    figures = []
    for index, value in enumerate(values):
        month = 3 * index + 3
        start = date(first_year + month // 12, month % 12 + 1, 1)
        after = month + 3
        end = date(first_year + after // 12, after % 12 + 1, 1) - timedelta(days=1)
        year = start.year - (start.month < 4)
        label = f"Q{(start.month - 4) % 12 // 3 + 1} {year}/{(year + 1) % 100}"
        figures.append(make_figure(start.isoformat(), end.isoformat(), value, label))
    return figures


def make_measure(polarity=Polarity.HIGHER, kind=KindOfFigure.IN_PERIOD, unit="%", **fields):
    return Measure(
        title="A measure",
        unit=unit,
        decimals=fields.pop("decimals", 0),
        polarity=polarity,
        kind_of_figure=kind,
        source="A source",
        **fields,
    )
