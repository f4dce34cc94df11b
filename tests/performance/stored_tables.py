"""Tables of linked counts in the database, as series that a council would load."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from performance.models import Area, Indicator, Measurement, Series, SeriesLink

KNOWN_FROM = datetime(2016, 1, 4, tzinfo=UTC)
PERIOD = (date(2014, 4, 1), date(2015, 3, 31), "2014/15")


@dataclass
class Stored:
    """A table of the database: its series by the table's own code, and its two indicators."""

    area: Area
    series: dict[str, Series]
    indicators: list[Indicator]
    sums: list[tuple[str, list[str]]]


def make_indicator(code, unit="children", **facts):
    shared = {"polarity": "lower", "kind": "performance", "in_panel_set": True}
    facts = {"decimals": 0} | shared | facts
    counts = {"counts_children": unit == "children"}
    title = {"title": f"Made up: {code}", "short_title": f"Made up {code}", "definition": "None."}
    return Indicator.objects.create(code=code, unit=unit, **(title | counts | facts))


def make_series(indicator, code, threshold=5, **facts):
    """Under the local rule, or as published without a threshold."""
    rule = Series.Suppression.LOCAL_THRESHOLD if threshold else Series.Suppression.AS_PUBLISHED
    shared = {"source": "Made up", "source_short": "Made up", "kind_of_figure": "in_period"}
    facts = shared | {"periods": "financial year", "threshold": threshold} | facts
    return Series.objects.create(code=code, indicator=indicator, suppression=rule, **facts)


def a_row(series, area, value, period=PERIOD, **facts):
    """A row not saved yet; no value is a suppressed one."""
    start, end, label = period
    symbol = Measurement.Symbol.SUPPRESSED if value is None else ""
    facts = {"known_from": KNOWN_FROM, "known_from_basis": "stated", "symbol": symbol} | facts
    period_facts = {"period_start": start, "period_end": end, "period_label": label}
    return Measurement(series=series, area=area, value=value, **(period_facts | facts))


def add_row(*given, **facts):
    row = a_row(*given, **facts)
    row.save()
    return row


def link(series, role, of, breakdown=""):
    return SeriesLink.objects.create(series=series, role=role, of=of, breakdown=breakdown)


def year(first):
    return date(first, 4, 1), date(first + 1, 3, 31), f"{first}/{(first + 1) % 100:02}"


def store_table(table, area, name, earlier=0):
    """Puts a made-up table into the database, and years before it in which no count is small.

    A count is a series of one indicator and a percentage of another. A sum is declared when each
    of its counts is a series.
    """
    shares = [rule for rule in table.rules if rule.per]
    counted = make_indicator(f"{name}-counts")
    shared = make_indicator(f"{name}-shares", "%", decimals=shares[0].decimals) if shares else None
    series, of_count = {}, {}
    for order, rule in enumerate(table.rules):
        threshold = rule.threshold if rule.suppression == "local_threshold" else None
        indicator = shared if rule.per else counted
        facts = {"order": order, "source_short": f"{name}-{rule.code}"}
        made = make_series(indicator, f"{name}-{rule.code}", threshold, **facts)
        series[rule.code] = made
        of_count.setdefault(rule.count, made)
    for rule in shares:
        if of_count[rule.count] != series[rule.code]:
            link(series[rule.code], "made_from", of_count[rule.count])
        if rule.out_of in of_count:
            link(series[rule.code], "out_of", of_count[rule.out_of])
    declared = [(each.total, list(each.parts)) for each in table.sums
                if {each.total, *each.parts} <= of_count.keys()]  # fmt: skip
    for total, parts in declared:
        for part in parts:
            link(of_count[part], "part_of", of_count[total], "parts")
    rows = [
        a_row(
            series[cell.series],
            area,
            cell.figure.value,
            numerator=cell.figure.numerator,
            denominator=cell.figure.denominator,
            note="Read from a made-up table." if cell.figure.value is not None else "",
        )
        for cell in table.cells
    ]
    percentages = {rule.code for rule in shares}
    rows += [
        _earlier_row(series[cell.series], area, cell, back, cell.series in percentages)
        for cell in table.cells
        for back in range(1, earlier + 1)
        if cell.figure.value is not None
    ]
    Measurement.objects.bulk_create(rows)
    return Stored(area, series, [counted, *([shared] if shared else [])], declared)


def _earlier_row(series, area, cell, back, is_share):
    """The same table many times over: it adds up, its percentages hold, and nothing is small."""
    times, figure = 100 + 10 * back, cell.figure
    base = figure.denominator
    return a_row(
        series,
        area,
        figure.value if is_share else figure.value * times,
        year(2014 - back),
        numerator=None if figure.numerator is None else figure.numerator * times,
        denominator=None if base is None else base * times,
    )
