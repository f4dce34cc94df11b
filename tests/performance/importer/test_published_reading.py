"""DfE's files as they are dropped: every mapped cell as published, or a sentence that says why not.

The expected figures are read by `naive_published.py`, which shares no code with the importer.
"""

import hashlib
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from performance.importer.incoming import Source
from performance.importer.problems import LoadRefused
from performance.importer.published_reading import (
    current_maps,
    maps_folder,
    read_published_file,
)
from performance.models import Measurement
from tests.conftest import NATIONAL, position_on
from tests.performance.importer import naive_published
from tests.performance.importer.dropped import ADOPTED, BOTH, by_place, dropped, refused
from tests.performance.importer.naive_published import FILES, Cell, Place, content, restatements

pytestmark = pytest.mark.django_db

# How many of the mapped figures the releases of 2025 restate; DfE left the other three alone.
RESTATED = {"b1": 0, "c1": 0, "d3": 3, "d5": 0, "cs": 3, "cl": 457}
DFE_DATA = os.environ.get("DFE_DATA", "")


@pytest.fixture
def maps():
    return current_maps()


@pytest.mark.parametrize("file", FILES)
def test_every_mapped_cell_is_read_as_published(maps, file):
    reading = read_published_file(dropped(file), maps, release=file if file in ADOPTED else "")
    cells, rows = by_place(reading.figures)
    naive = naive_published.read(file)
    assert len(cells) >= 5
    assert cells == naive.cells
    assert rows == naive.rows
    assert list(reading.problems) == []
    assert reading.not_covered == naive.not_covered
    assert reading.title == FILES[file]["release"]
    assert reading.released_at.date() == date.fromisoformat(FILES[file]["released_on"])


@pytest.mark.parametrize("file", FILES)
def test_every_mapped_cell_is_on_record_as_at_the_release(file):
    day = date.fromisoformat(FILES[file]["released_on"])
    naive = naive_published.read(file).cells
    rows = Measurement.objects.at(position_on(day.year, day.month, day.day)).filter(
        series__code__in={place.series for place in naive}
    )
    held, ours = {}, {}
    for *of, value, symbol, numerator, denominator, meaning, load in rows.values_list(
        "series__code", "area__code", "period_start", "period_end", "value",
        "symbol_as_published", "numerator", "denominator", "symbol", "load__format",
    ):  # fmt: skip
        held[Place(*of)] = Cell(value, symbol, numerator, denominator)
        if load != "published":
            ours[Place(*of)] = meaning
    expected = {place: cell[:2] for place, cell in naive.items()}
    assert {place: held[place][:2] for place in naive if place not in ours} == {
        place: said for place, said in expected.items() if place not in ours
    }
    # A few figures were first entered in our own layout, which holds what a symbol means.
    for place in naive.keys() & ours.keys():
        meant = naive_published.MEANINGS[FILES[file]["format"]].get(naive[place].symbol, "")
        assert (held[place].value, ours[place]) == (naive[place].value, meant)
    parts = {
        place: cell for place, cell in naive.items()
        if cell.numerator is not None or cell.denominator is not None
    }  # fmt: skip
    for place, cell in parts.items():
        for expected, found in zip(cell[2:], held[place][2:], strict=True):
            assert expected in (None, found), place


@pytest.mark.parametrize("file", FILES)
def test_the_last_period_of_a_release_is_that_of_its_file(file):
    ends = {place.end for place in naive_published.read(file).cells}
    columns = {row["period_column"] for row in naive_published.table("dfe_maps")
               if row["file"] == file}  # fmt: skip
    assert len(columns) == 1
    assert max(ends).year == int(FILES[file]["last_period"])


def test_symbols_keep_their_meaning_by_source(maps):
    met = set()
    for file in ("SFR34_CLA2015.csv", "absence_la.csv", "csww_indicators_2017_to_2024.csv"):
        reading = read_published_file(dropped(file), maps)
        met |= {(file[:3], one.symbol_as_published, one.symbol) for one in reading.figures}
    assert {("SFR", "x", "suppressed"), ("abs", "x", "not_available")} <= met
    assert ("csw", "low", "rounds_to_zero") in met


@pytest.mark.parametrize(("earlier", "later"), BOTH)
def test_two_releases_differ_where_a_plain_comparison_says(maps, earlier, later):
    """Both are told apart by what is in them, and their figures differ as their cells do."""
    cells = []
    for file in (earlier, later):
        reading = read_published_file(dropped(file, "the same name.csv"), maps)
        assert reading.title == FILES[file]["release"]
        cells.append(by_place(reading.figures)[0])
    naive = [naive_published.read(file).cells for file in (earlier, later)]
    found = restatements(*cells)
    assert found == restatements(*naive)
    assert len(found) == RESTATED[later[:2]]
    assert all(first != second for _, first, second in found)


def test_a_restatement_that_is_known_is_among_them():
    england = [
        (first.value, second.value)
        for place, first, second in restatements(
            *(naive_published.read(file).cells for file in BOTH[2])
        )
        if (place.series, place.area, place.end) == ("second-plans.dfe", "970", date(2022, 3, 31))
    ]
    assert england == [(Decimal("23.3"), Decimal("22.7"))]


def test_a_part_that_is_no_longer_given_is_no_restatement():
    place = Place("re-referrals.dfe", "336", date(2024, 4, 1), date(2025, 3, 31))
    full, without = Cell(Decimal(20), "", Decimal(1), Decimal(5)), Cell(Decimal(20), "", None, None)
    assert restatements({place: full}, {place: without}) == []
    assert len(restatements({place: full}, {place: full._replace(numerator=Decimal(2))})) == 1
    assert len(restatements({place: full}, {place: full._replace(value=None, symbol="c")})) == 1
    assert restatements({place: full}, {}) == []


def test_the_maps_lie_where_the_setting_says(settings, tmp_path):
    assert maps_folder() == NATIONAL
    settings.MAPS_FOLDER = tmp_path
    with pytest.raises(LoadRefused) as problem:
        current_maps()
    assert "dfe_files.csv: the file is missing" in str(problem.value.problems[0])


KNOWN = {hashlib.sha256(content(file)).hexdigest(): file for file in FILES}


def files_given():
    return sorted(path for path in Path(DFE_DATA).rglob("*") if path.is_file()) if DFE_DATA else []


@pytest.mark.skipif(not DFE_DATA, reason="DFE_DATA names no folder of DfE's files")
@pytest.mark.parametrize("path", files_given(), ids=lambda path: path.name)
def test_every_file_of_a_folder_is_read_by_a_map_or_refused(maps, path, capsys):
    """Those that the project has maps for are read; every other is refused with its sentence."""
    source = Source(path.name, path=path)
    file = KNOWN.get(source.sha256, "")
    release = file if file in ADOPTED else ""
    if not file:
        said, *more = refused(source, maps)
        assert all(one.startswith((f"{path.name}: ", f"{path.name}, row")) for one in [said, *more])
        said += f" (and {len(more)} more)" if more else ""
    else:
        reading = read_published_file(source, maps, release=release)
        cells, _ = by_place(reading.figures)
        assert list(reading.problems) == []
        assert cells == naive_published.read(file).cells
        said = f"{len(cells):,} figures, {reading.not_covered:,} cells not covered"
    with capsys.disabled():
        print(f"\n{path.relative_to(DFE_DATA)} → {said}")
