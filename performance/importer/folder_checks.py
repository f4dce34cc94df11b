"""What a folder's figures must keep to, by the checks that a file's figures go through."""

from collections.abc import Iterator, Mapping, Sequence

from performance.importer.allowed import not_allowed
from performance.importer.check import Checker
from performance.importer.checking import check_over, stage
from performance.importer.figure_lines import Names
from performance.importer.figures import Given
from performance.importer.incoming import IncomingFigure, Reading
from performance.importer.own_cells import unlike_its_parts
from performance.importer.own_names import SeriesNames
from performance.importer.own_periods import SeriesRule
from performance.importer.published_periods import PublishedPeriod
from performance.importer.screening_report import FigureLine, say
from performance.models import Area, Load, Measurement


def check_figures(given: Sequence[Given], check: Checker) -> None:
    """Notes each figure that its series does not allow, or that is of a period that was not over
    when it was known.

    Inside a transaction, with the series on record.
    """
    if not given:
        return
    rules = SeriesNames().rules
    for one in given:
        if one.key and one.facts["value"] is not None:
            _check_value(one, rules[one.key["series"].code], check)
    reading = Reading("figures.csv", Load.Format.FOLDER, "", _staged(given), None,
                      period_column="period_end", problems=check.problems)  # fmt: skip
    stage(reading)
    check_over(reading)


def _check_value(one: Given, rule: SeriesRule, check: Checker) -> None:
    assert one.key is not None
    value = one.facts["value"]
    question = not_allowed(rule, value)
    # Outside councils a publisher rounds the one and not the other.
    if question is None and one.key["area"].kind == Area.Kind.COUNCIL:
        question = unlike_its_parts(rule, value, one.facts["numerator"], one.facts["denominator"])
    if question:
        check.wrong(one.row, "value", f"{rule.indicator}: {question.expected}")


def _staged(given: Sequence[Given]) -> Iterator[IncomingFigure]:
    """The rows whose days can be read; what is wrong with the others has been noted."""
    for one in given:
        if one.key is None or one.known_from is None:
            continue
        start, end = one.key["period_start"], one.key["period_end"]
        yield IncomingFigure(
            file_row=one.row.number,
            column="period_end",
            text="",
            series=one.key["series"].pk,
            area=one.key["area"].pk,
            period=PublishedPeriod(start, end, one.facts["period_label"]),
            value=None,
            note=one.facts["note"],
            known_from=one.known_from,
        )


def find_locked(load: Load, rows: Mapping[int, int]) -> list[FigureLine]:
    """The figures of the load that are of a locked period, in the order of their rows, by id."""
    found = Measurement.objects.filter(load=load).of_locked_periods()
    names = Names.of(found.values_list("series", flat=True))
    lines = [
        names.line(
            one.series_id,
            one.area_id,
            one.period_label,
            "",
            say(one.value, one.symbol),
            file_row=rows[one.pk],
        )
        for one in found
    ]
    return sorted(lines, key=lambda line: line.file_row)
