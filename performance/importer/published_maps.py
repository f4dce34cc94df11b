"""How published files are read, as data: which column of which file is which series."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from performance.importer.check import Checker
from performance.importer.published_periods import KINDS, YEAR_FORMS
from performance.importer.read import Layout, Row, read_tables
from performance.models import Area, DateBasis, Measurement, Series

LAYOUTS = [
    Layout(
        "dfe_files.csv",
        "file title publisher release released_on released_basis last_period without format "
        "areas_left_out note".split(),
    ),
    Layout(
        "dfe_maps.csv",
        "file series value filters numerator denominator form decimals period period_column "
        "year_form years dataset symbols".split(),
    ),
    Layout("dfe_publications.csv", "dataset year published_on published_basis custom".split()),
    Layout("dfe_symbols.csv", "symbols symbol meaning".split()),
    Layout("dfe_notes.csv", "series area year note".split()),
]

# Every year of a file unless the map names some.
ALL_YEARS = range(1900, 2200)
FORMS = ("number", "years:months")
# The one format whose numbers carry binary noise.
INTERACTIVE_TOOL = "local authority interactive tool"


@dataclass(frozen=True)
class AreaColumns:
    """Where a format says which area a row is of: its level, its code by level.

    `own_codes`: the format's own codes of regions and England, and ours for each. `about`: the
    columns that say what a row is about; no figure stands in them.
    """

    level: str
    code: Mapping[str, str]
    own_codes: Mapping[str, str] = field(default_factory=dict)
    about: frozenset[str] = frozenset()

    @property
    def columns(self) -> list[str]:
        return [column for column in (self.level, *self.code.values()) if column]


_EXPLORE = frozenset(
    "time_period time_identifier geographic_level country_code country_name region_code "
    "region_name old_la_code new_la_code la_name".split()
)

# By format. A council's 3-digit code outlives its ONS codes, so councils are never matched by
# those; regions and England have ONS codes alone. In SFR50/2017 the Isles of Scilly have no level.
FORMATS = {
    "explore education statistics": AreaColumns(
        "geographic_level",
        {
            "National": "country_code",
            "Regional": "region_code",
            "Local authority": "old_la_code",
        },
        about=_EXPLORE,
    ),
    "explore education statistics: England": AreaColumns(
        "geographic_level", {"National": "country_code"}, about=_EXPLORE
    ),
    "statistical first release": AreaColumns(
        "geog_l",
        dict.fromkeys(("NATIONAL", "REGION", "LA", ""), "geog_c"),
        # Inner and Outer London carry London's ONS code, so only the letters tell them apart.
        dict(
            zip(
                ("999", *"ABCDEFGHIJK"),
                "970 980 981 982 983 984 985 986 987 988 989 990".split(),
                strict=True,
            )
        ),
        about=frozenset(("LA_order", "New_geog_code", "geog_l", "geog_c", "geog_n")),
    ),
    INTERACTIVE_TOOL: AreaColumns(
        "",
        {"": "LA Number"},
        about=frozenset(("Short Desc", "Years", "LA and Regions", "LA Number")),
    ),
}


@dataclass(frozen=True)
class PublishedFile:
    """A file as its publisher released it.

    `last_period`: the year in which its last period ends. `without`: columns by which another
    file, with the same columns beside them, is told from it. `is_new`: the maps have an earlier
    release of the same data set, and this one is read as they say.
    """

    row: Row
    released_at: datetime
    released_basis: str
    format: str
    areas_left_out: frozenset[str]
    last_period: int = 0
    without: frozenset[str] = frozenset()
    is_new: bool = False

    @property
    def name(self) -> str:
        return self.row["file"]

    @property
    def title(self) -> str:
        """What the data set is called, in each of its releases alike."""
        return self.row["title"]

    @property
    def words(self) -> str:
        return f"‘{self.title}’ ({self.row['release']})"

    @property
    def areas(self) -> AreaColumns:
        return FORMATS[self.format]


@dataclass(frozen=True)
class SeriesMap:
    """Which cells of a file are a series, and what their text means."""

    row: Row
    series: Series
    value: str
    filters: Mapping[str, str]
    numerator: str
    denominator: str
    form: str
    decimals: int | None
    period: str
    period_column: str
    year_form: str
    years: range
    dataset: str
    symbols: Mapping[str, str]

    @property
    def columns(self) -> list[str]:
        named = [self.value, *self.filters, self.numerator, self.denominator, self.period_column]
        return [column for column in named if column]


@dataclass(frozen=True)
class Publication:
    """From when the council could read a period of a data set, and how sure that day is."""

    at: datetime
    basis: str


@dataclass
class Maps:
    """Everything that says how the published files are read."""

    files: list[PublishedFile]
    by_file: dict[str, list[SeriesMap]]
    publications: dict[tuple[str, int], Publication]
    notes: dict[tuple[str, str, int], str]
    areas: dict[str, int] = field(default_factory=dict)

    def note(self, series: str, area: str, year: int) -> str | None:
        """What a reader must know of this cell; a note without an area is for every area."""
        return self.notes.get((series, area, year)) or self.notes.get((series, "", year))

    def columns(self, file: str) -> list[str]:
        """The columns that the maps of the file name, each once; where the area stands is not."""
        named = [column for one in self.by_file.get(file, []) for column in one.columns]
        return list(dict.fromkeys(named))


def read_maps(folder: Path, check: Checker) -> Maps:
    """The maps beside the published files; problems are left with `check`.

    Raises LoadRefused at once where one of the tables is missing or has a wrong header.
    """
    tables = read_tables(folder, LAYOUTS)
    series = {one.code: one for one in Series.objects.select_related("indicator")}
    symbols = _read_symbols(tables["dfe_symbols"], check)
    check.once(tables["dfe_files"], lambda row: row["file"], "file")
    files = [made for row in tables["dfe_files"] if (made := _read_file(row, check))]
    known = {row["file"]: row for row in tables["dfe_files"]}
    by_file: dict[str, list[SeriesMap]] = {}
    for row in tables["dfe_maps"]:
        check.lookup(row, "file", known, "a published file")
        if made_map := _read_map(row, series, symbols, check):
            by_file.setdefault(row["file"], []).append(made_map)
    return Maps(
        files=files,
        by_file=by_file,
        publications=_read_publications(tables["dfe_publications"], check),
        notes=_read_notes(tables["dfe_notes"], series, check),
        areas=known_areas(),
    )


def known_areas() -> dict[str, int]:
    """Areas' ids by 3-digit code, and of regions and England by ONS code too."""
    codes = {}
    for area in Area.objects.all():
        codes[area.code] = area.pk
        if area.kind != Area.Kind.COUNCIL:
            codes[area.ons_code] = area.pk
    return codes


def _read_file(row: Row, check: Checker) -> PublishedFile | None:
    released_at = check.past_instant(row, "released_on")
    basis = check.choice(row, "released_basis", DateBasis)
    known_format = check.lookup(row, "format", FORMATS, "a format")
    for column in ("title", "publisher", "release"):
        check.text(row, column)
    last_period = check.whole(row, "last_period")
    if released_at is None or known_format is None or last_period is None:
        return None
    return PublishedFile(
        row,
        released_at,
        basis,
        row["format"],
        areas_left_out=frozenset(check.many(row, "areas_left_out")),
        last_period=last_period,
        without=frozenset(check.many(row, "without")),
    )


def _read_map(
    row: Row,
    series: Mapping[str, Series],
    symbols: Mapping[str, Mapping[str, str]],
    check: Checker,
) -> SeriesMap | None:
    found = check.lookup(row, "series", series, "a series")
    meanings = check.lookup(row, "symbols", symbols, "a set of symbols")
    check.lookup(row, "period", KINDS, "a kind of period")
    check.lookup(row, "form", dict.fromkeys(FORMS, ""), "a form of value")
    years = _read_years(row, check)
    if row["period_column"]:
        check.lookup(row, "year_form", dict.fromkeys(YEAR_FORMS, ""), "a form of year")
    elif years is None or len(years) != 1:
        check.wrong(row, "years", "a file without a column of periods needs its one year here")
    if found is None or meanings is None or years is None:
        return None
    return SeriesMap(
        row=row,
        series=found,
        value=check.text(row, "value"),
        filters=_read_filters(row, check),
        numerator=row["numerator"],
        denominator=row["denominator"],
        form=row["form"],
        decimals=check.whole(row, "decimals") if row["decimals"] else None,
        period=row["period"],
        period_column=row["period_column"],
        year_form=row["year_form"],
        years=years,
        dataset=check.text(row, "dataset"),
        symbols=meanings,
    )


def _read_filters(row: Row, check: Checker) -> dict[str, str]:
    filters = {}
    for part in check.many(row, "filters"):
        column, equals, value = part.partition("=")
        if not equals or not column.strip():
            check.wrong(row, "filters", "column=value was expected, parted by “; ”")
            continue
        filters[column.strip()] = value.strip()
    return filters


def _read_years(row: Row, check: Checker) -> range | None:
    """“2016-2019”, “2016”, or empty for every year there is."""
    if not row["years"]:
        return ALL_YEARS
    first, _, last = row["years"].partition("-")
    if first.isdecimal() and (last or first).isdecimal() and int(first) <= int(last or first):
        return range(int(first), int(last or first) + 1)
    check.wrong(row, "years", "a year such as 2016 or years such as 2016-2019 were expected")
    return None


def _read_symbols(rows: list[Row], check: Checker) -> dict[str, dict[str, str]]:
    check.once(rows, lambda row: (row["symbols"], row["symbol"]), "symbol")
    symbols: dict[str, dict[str, str]] = {}
    for row in rows:
        meaning = check.choice(row, "meaning", Measurement.Symbol)
        symbols.setdefault(check.text(row, "symbols"), {})[check.text(row, "symbol")] = meaning
    return symbols


def _read_publications(rows: list[Row], check: Checker) -> dict[tuple[str, int], Publication]:
    check.once(rows, lambda row: (row["dataset"], row["year"]), "year")
    publications = {}
    for row in rows:
        year, at = check.whole(row, "year"), check.past_instant(row, "published_on")
        basis = check.choice(row, "published_basis", DateBasis)
        if year is not None and at is not None:
            publications[check.text(row, "dataset"), year] = Publication(at, basis)
    return publications


def _read_notes(
    rows: list[Row], series: Mapping[str, Series], check: Checker
) -> dict[tuple[str, str, int], str]:
    notes = {}
    for row in rows:
        check.lookup(row, "series", series, "a series")
        year = check.whole(row, "year")
        if year is not None:
            notes[row["series"], row["area"], year] = check.text(row, "note")
    return notes
