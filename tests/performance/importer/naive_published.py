"""A second reading of the published files, straight from the tables of maps: slow and plain.

It shares no code with the importer: the csv module, the maps' cells as text, and dictionaries.
"""

import csv
import io
import lzma
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import NamedTuple

from tests.conftest import NATIONAL

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE]-?[0-9]+)?")
REGIONS_OF_SFR = dict(zip("999 A B C D E F G H I J K".split(),
    "970 980 981 982 983 984 985 986 987 988 989 990".split(), strict=True))  # fmt: skip
ABOUT = {
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name",
    "region_code", "region_name", "old_la_code", "new_la_code", "la_name", "LA_order",
    "New_geog_code", "geog_l", "geog_c", "geog_n", "Short Desc", "Years", "LA and Regions",
    "LA Number",
}  # fmt: skip


class Cell(NamedTuple):
    """What a file says of one series, area and period."""

    value: Decimal | None
    symbol: str
    numerator: Decimal | None
    denominator: Decimal | None


class Place(NamedTuple):
    series: str
    area: str
    start: date
    end: date


class Naive(NamedTuple):
    """A file's cells by place, the row of each, and how many cells no map is for."""

    cells: dict[Place, Cell]
    rows: dict[Place, int]
    not_covered: int


class Restatement(NamedTuple):
    place: Place
    first: Cell
    second: Cell


def table(name):
    """A table of the maps."""
    with (NATIONAL / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


MEANINGS: dict[str, dict[str, str]] = {}
for _row in table("dfe_symbols"):
    MEANINGS.setdefault(_row["symbols"], {})[_row["symbol"]] = _row["meaning"].replace(" ", "_")
FILES = {row["file"]: row for row in table("dfe_files")}


def content(file):
    """The file's bytes as they were published."""
    return lzma.decompress((NATIONAL / "dfe" / f"{file}.xz").read_bytes())


@cache
def read(file):
    """Every mapped cell of one of the project's own files."""
    rows = list(csv.reader(io.StringIO(content(file).decode("utf-8-sig"), newline="")))
    headers = [header.strip() for header in rows[0]]
    lines = [
        (number, dict(zip(headers, map(str.strip, row), strict=True)))
        for number, row in enumerate(rows[1:], start=2)
        if any(row)
    ]
    maps = [row for row in table("dfe_maps") if row["file"] == file]
    cells, places, covered = {}, {}, set()
    for one in maps:
        for number, row in lines:
            place = _place(row, one, FILES[file])
            if place is None:
                continue
            assert place not in cells
            cells[place] = _cell(row, one, FILES[file])
            places[place] = number
            covered |= {(number, one[part]) for part in ("value", "numerator", "denominator")}
    return Naive(cells, places, _count(lines, maps, FILES[file]) - len(_named(covered)))


def restatements(first, second):
    """Where two releases' cells of the same series, area and period differ, in order of place.

    A numerator or denominator that the second does not give is no restatement of it.
    """
    found = []
    for place in sorted(first.keys() & second.keys()):
        old, new = first[place], second[place]
        if old[:2] != new[:2] or any(
            after is not None and before != after
            for before, after in zip(old[2:], new[2:], strict=True)
        ):
            found.append(Restatement(place, old, new))
    return found


def _named(covered):
    return {(number, column) for number, column in covered if column}


def _filters(one):
    return [part.strip().split("=", 1) for part in one["filters"].split(";") if part.strip()]


def _place(row, one, file):
    if any(row[column] != value for column, value in _filters(one)):
        return None
    if not one["period_column"]:
        year = int(one["years"])
    else:
        year = int(row[one["period_column"]][:4]) + (one["year_form"] == "202425")
    first, _, last = one["years"].partition("-")
    if one["years"] and not int(first) <= year <= int(last or first):
        return None
    area = _area(row, file["format"])
    if area in file["areas_left_out"].split("; "):
        return None
    return Place(one["series"], area, *_days(one["period"], year))


def _days(period, year):
    return {
        "31 March": (date(year, 3, 31), date(year, 3, 31)),
        "30 September": (date(year, 9, 30), date(year, 9, 30)),
        "financial year": (date(year - 1, 4, 1), date(year, 3, 31)),
        "academic year": (date(year - 1, 9, 1), date(year, 8, 31)),
        "year to 30 September": (date(year - 1, 10, 1), date(year, 9, 30)),
    }[period]


_BY_ONS = {
    row["ons_code"]: row["code"] for row in table("areas") if row["kind"].lower() != "council"
}


def _area(row, layout):
    if layout == "local authority interactive tool":
        return row["LA Number"]
    if layout == "statistical first release":
        return REGIONS_OF_SFR.get(row["geog_c"], row["geog_c"])
    if row["geographic_level"] == "Local authority":
        return row["old_la_code"]
    level = "country_code" if row["geographic_level"] == "National" else "region_code"
    return _BY_ONS[row[level]]


def _cell(row, one, file):
    text = row[one["value"]]
    if not _is_number(text, one):
        return Cell(None, text, _part(row, one["numerator"]), _part(row, one["denominator"]))
    if one["form"] == "years:months":
        years, months = text.split(":")
        value = Decimal(int(years) * 12 + int(months))
    else:
        value = Decimal(text)
    if file["format"] == "local authority interactive tool":
        places = Decimal(1).scaleb(-int(one["decimals"] or 6))
        value = value.quantize(places, rounding=ROUND_HALF_UP)
    return Cell(value, "", _part(row, one["numerator"]), _part(row, one["denominator"]))


def _part(row, column):
    return Decimal(row[column]) if column and NUMBER.fullmatch(row[column]) else None


def _is_number(text, one):
    if one["form"] == "years:months" and re.fullmatch("[0-9]+:[0-9]+", text):
        return True
    return bool(NUMBER.fullmatch(text))


def _count(lines, maps, file):
    """Cells that hold a number or a symbol, in columns that do not say what the row is about."""
    filters = {column for one in maps for column, _ in _filters(one)}
    symbols = {
        row["symbol"] for row in table("dfe_symbols") if row["symbols"] == maps[0]["symbols"]
    }
    has_months = any(one["form"] == "years:months" for one in maps)
    form = {"form": "years:months" if has_months else "number"}
    return sum(
        column not in ABOUT | filters and (_is_number(text, form) or text in symbols)
        for _, row in lines
        for column, text in row.items()
    )
