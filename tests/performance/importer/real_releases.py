"""DfE's own releases dropped and loaded as a person does, and the record read back beside them."""

import hashlib
from typing import NamedTuple

from performance.importer.incoming import Source
from performance.importer.loading import Options, confirm, screen
from performance.importer.screening_report import ScreeningReport
from performance.models import Area, Load, Measurement
from tests.performance.importer import naive_published
from tests.performance.importer.naive_published import FILES, MEANINGS, Cell, Place, content
from tests.performance.load_factories import person

REASON = "DfE’s release."


class Held(NamedTuple):
    """A version on record: what it says, when it was known, and the loads that said it."""

    place: Place
    value: object
    symbol: str
    known_from: object
    known_until: object
    said_by: tuple[str, ...]


def cells(file):
    return naive_published.read(file).cells


def series_of(*files):
    return {place.series for file in files for place in cells(file)}


def empty(*files):
    """Takes every figure of the files' series off the record, and the loads of these files."""
    Measurement.objects.filter(series__code__in=series_of(*files)).delete()
    hashes = [hashlib.sha256(content(file)).hexdigest() for file in files]
    Load.objects.filter(sha256__in=hashes).delete()


def drop(file, name, **said):
    return screen(Source(name, content(file)), by=person(), options=Options(**said))


def drop_and_load(file, name, **said):
    """The load of a file that a person drops, reads the report of and loads."""
    load = drop(file, name, **said)
    assert load.state == Load.State.SCREENED, load.report["problems"]
    return confirm(load, by=person(), reason=REASON)


def said_of(load):
    return [str(problem) for problem in ScreeningReport.from_json(load.report).problems]


def record(*files):
    """Every version of the files' series, in order of place and of when it was known."""
    names = dict(Load.objects.values_list("pk", "file_name"))
    rows = Measurement.objects.filter(series__code__in=series_of(*files)).values_list(
        "series__code", "area__code", "period_start", "period_end", "value", "symbol",
        "known_from", "known_until", "load", "repeated_by",
    )  # fmt: skip
    return sorted(
        (
            Held(Place(*row[:4]), *row[4:8], tuple(sorted(names[one] for one in (row[8], *row[9]))))
            for row in rows
        ),
        key=lambda held: (held.place, held.known_from),
    )


def current(file):
    """What is current of the file's series, as the naive reading holds a cell."""
    rows = Measurement.objects.current().filter(series__code__in=series_of(file))
    return {
        Place(*row[:4]): Cell(*row[4:])
        for row in rows.values_list(
            "series__code", "area__code", "period_start", "period_end", "value",
            "symbol_as_published", "numerator", "denominator",
        )
    }  # fmt: skip


def meaning(file, cell):
    return MEANINGS[FILES[file]["format"]][cell.symbol] if cell.value is None else ""


def words(file, cell):
    """The cell as a report says it: “46.5”, or what its symbol means."""
    if cell.value is not None:
        return f"{cell.value.normalize():f}"
    return Measurement.Symbol(meaning(file, cell)).label.split(":")[0]


def changed_lines(load):
    """The report's revisions: series, area, period, and old and new or what else differs."""
    report = ScreeningReport.from_json(load.report)
    assert len(report.revisions) == report.revisions_total
    return sorted((one.series, one.area, one.period, one.change) for one in report.revisions)


def restated_lines(earlier, later):
    """The same by the plain comparison of the two files' cells."""
    areas = dict(Area.objects.values_list("code", "name"))
    labels = {
        Place(*row[:4]): row[4]
        for row in Measurement.objects.filter(series__code__in=series_of(later)).values_list(
            "series__code", "area__code", "period_start", "period_end", "period_label"
        )
    }
    return sorted(
        (place.series, areas[place.area], labels[place], _change(earlier, later, first, second))
        for place, first, second in naive_published.restatements(cells(earlier), cells(later))
    )


def _change(earlier, later, first, second):
    old, new = words(earlier, first), words(later, second)
    if old != new:
        return f"{old} → {new}"
    parts = [
        f"{name} {before.normalize():,f} → {after.normalize():,f}"
        for name, before, after in (
            ("numerator", first.numerator, second.numerator),
            ("denominator", first.denominator, second.denominator),
        )
        if before != after
    ]
    return f"{new} as before: {'; '.join(parts)}"
