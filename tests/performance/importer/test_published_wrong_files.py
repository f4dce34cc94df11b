"""Wrong cells and broken bytes of dropped files: told with their place, and never guessed at."""

import random

import pytest

from performance.importer.incoming import Source
from performance.importer.problems import LoadRefused
from performance.importer.published_reading import current_maps, read_published_file
from tests.performance.importer import naive_published
from tests.performance.importer.dropped import BOTH, C1, by_place, read_all, refused
from tests.performance.importer.naive_published import content

pytestmark = pytest.mark.django_db


@pytest.fixture
def maps():
    return current_maps()


WOLVERHAMPTON = ",336,E08000031,Wolverhampton,Referrals and Re-referrals,4451,925,20.8,"


def with_cells(new):
    text = content(C1).decode("utf-8-sig")
    assert text.count(WOLVERHAMPTON) == 1
    return Source("c1.csv", content=text.replace(WOLVERHAMPTON, new).encode())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("20.8", "n/a", "column rereferral_percent: found “n/a”; a number or one of c, z"),
        ("20.8", "#VALUE!", "column rereferral_percent: found “#VALUE!”; a number or one of"),
        ("20.8", "", "row 87, column rereferral_percent: a number or one of"),
        ("20.8", "2e1", "found “2e1”; a number or one of"),
        ("20.8", "2_0", "found “2_0”; a number or one of"),
        ("20.8", "２０", "found “２０”; a number or one of"),
        ("20.8", "20.1234567", "found “20.1234567”; a number of at most six decimals"),
        ("20.8", "9" * 15, "a number of at most 14 digits before the point was expected"),
        ("4451", "9" * 15, "a number of at most 14 digits before the point was expected"),
        ("20.8", "9" * 5000, "a number of at most 14 digits before the point was expected"),
        ("20.8", "500", "Re-referrals: a figure from 0 to 100% was expected"),
        ("20.8", "-5", "a figure from 0 to 100% was expected"),
        ("925", "many", "column rereferral_count: found “many”; a number or a symbol"),
        ("4451", "-1", "column referral_count: found “-1”; a number not below nought"),
        (",336,", ",337,", "column area: found “337”; no such area is known here"),
        (",336,", ",335,", "is of the same area and period: keep one, or mend the filters"),
        ("4451,", "4451,7,", "c1.csv, row 87, column V: found “"),
        ("4451,", "", "c1.csv, row 87, column T: found “"),
        ("Wolverhampton", '"Wolverhampton', "a quotation mark is not closed here"),
        ("Wolverhampton", "Wolver\x00hampton", "a NUL byte stands here"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_told_with_row_and_column(maps, old, new, said):
    found = refused(with_cells(WOLVERHAMPTON.replace(old, new)), maps)
    assert any(said in one for one in found), found
    assert any("row 87" in one for one in found), found


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("-40", "a figure not below 0 was expected"),
        ("12.5", "part of a child? A whole number was expected: is 12 or 13 meant?"),
    ],
)
def test_a_count_of_the_department_is_held_against_what_its_series_allows(maps, value, said):
    lines = content(BOTH[0][1]).decode("utf-8-sig").splitlines()
    at = lines[0].split(",").index("At31_episodes")
    row = next(n for n, line in enumerate(lines) if line.startswith("2025,") and ",336," in line)
    cells = lines[row].split(",")
    cells[at] = value
    lines[row] = ",".join(cells)
    source = Source("b1.csv", content="\n".join(lines).encode())
    [found] = refused(source, maps)
    assert found.startswith(f"b1.csv, row {row + 1}, column At31_episodes: found “{value}”; ")
    assert found.endswith(said)


def test_every_wrong_cell_of_a_column_is_told(maps):
    text = content(C1).decode("utf-8-sig").splitlines()
    wrong = [line.replace("Local authority", "Parish") for line in text]
    reading = read_published_file(Source("c1.csv", content="\n".join(wrong).encode()), maps)
    list(reading.figures)
    assert (len(reading.problems), reading.problems.total > 3000) == (1000, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends_say_nothing_else(maps, encoding, end):
    text = content("b1_children_in_need_2013_to_2025.csv").decode("utf-8-sig")
    text = end.join(text.replace("Bexley", "Béxley’s").splitlines())
    reading = read_published_file(Source("b1.csv", content=text.encode(encoding)), maps)
    cells, _ = by_place(reading.figures)
    assert cells == naive_published.read("b1_children_in_need_2013_to_2025.csv").cells


def broken(random_, whole):
    """The bytes with one to five of them changed, taken away or put in."""
    for _ in range(random_.randint(1, 5)):
        at = random_.randrange(len(whole))
        new = random_.choice([b"", bytes([random_.randrange(256)]), b",", b'"', b"\n", b"9" * 30])
        whole = whole[:at] + new + whole[at + random_.randint(0, 2) :]
    return whole


@pytest.mark.parametrize("seed", range(60))
def test_a_broken_file_is_read_or_refused_and_nothing_else(maps, seed):
    """No other error comes out, and no figure that is read has more digits than can be held."""
    random_ = random.Random(seed)
    whole = content("national_cla_adopted_average_time_between_adoption_process_stages.csv")
    if seed % 2:
        whole = b"\n".join(content(C1).splitlines()[:60])
    problems, figures = [], []
    try:
        figures = read_all(Source("x.csv", content=broken(random_, whole)), maps)
    except LoadRefused as refused:
        problems = refused.problems
    assert bool(figures) != bool(problems)
    assert all(one.expected for one in problems)
    assert all(one.value is None or abs(one.value) < 10**14 for one in figures)
