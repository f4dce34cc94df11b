"""Which release a dropped file is: by what is in it, by what its owner says, or by asking."""

import lzma
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from performance.importer.incoming import Source
from performance.importer.published_reading import current_maps, read_published_file
from performance.importer.published_release import recognise
from tests.performance.importer.dropped import BOTH, C1, dropped, refused
from tests.performance.importer.naive_published import FILES, content

pytestmark = pytest.mark.django_db

HERE = Path(__file__).parent


@pytest.fixture
def maps():
    return current_maps()


def test_headers_of_two_releases_are_recognised_as_both(maps):
    headers = content(BOTH[0][0]).decode().splitlines()[0].split(",")
    assert {file.name for file in recognise(headers, maps)} == set(BOTH[0])
    assert recognise(["series", "area", "value"], maps) == []


def test_a_file_that_may_be_two_releases_is_asked_about(maps):
    (said,) = refused(dropped("SFR36_ADP2014.csv"), maps)
    assert said.startswith("b1 (3).csv: which release is it? It could be SFR36_ADP2014.csv, ‘")
    assert "or SFR34_ADP2015.csv" in said
    reading = read_published_file(
        dropped("SFR36_ADP2014.csv"), maps, release="SFR34_ADP2015.csv"
    )  # fmt: skip
    assert reading.title == FILES["SFR34_ADP2015.csv"]["release"]


def test_the_release_that_is_given_must_fit(maps):
    (said,) = refused(dropped(C1), maps, release="ks2_la.csv")
    assert "It is like ‘Key stage 2’" in said
    assert "has no column `social_care_group`" in said
    assert "no release “c1.csv” is known" in refused(dropped(C1), maps, release="c1.csv")[0]
    (said,) = refused(dropped(BOTH[0][1]), maps, release=BOTH[0][0])
    assert "last period is 2024, but its own last period is 2025: a map" in said


def next_year(file=C1):
    """The release of 2025 with each year called the next one: what DfE may publish in 2026."""
    lines = content(file).decode("utf-8-sig").splitlines()
    body = [f"{int(line[:4]) + 1}{line[4:]}" for line in lines[1:]]
    return Source("download.csv", content="\n".join([lines[0], *body]).encode())


def test_a_new_release_asks_for_its_day(maps):
    (said,) = refused(next_year(), maps)
    assert said == (
        "download.csv: this is a new release of ‘Referrals and re-referrals’: its last period is "
        "2026; on which day was it released? Give the day of release: on the page of the load, or "
        "as --released-on to the command"
    )
    (said,) = refused(next_year(), maps, released_on=date(2025, 10, 30))
    assert "has a day after 30 October 2025" in said


def test_a_new_release_is_read_by_the_newest_map(maps):
    reading = read_published_file(next_year(), maps, released_on=date(2026, 10, 29))
    assert (
        reading.title == "new release of ‘Referrals and re-referrals’, released on 29 October 2026"
    )
    assert reading.released_at.date() == date(2026, 10, 29)
    known = {one.period.end.year: one.known_from.date() for one in reading.figures}
    assert list(reading.problems) == []
    assert (known[2025], known[2026]) == (date(2025, 10, 30), date(2026, 10, 29))


def test_a_new_release_whose_last_period_is_not_over_is_refused(maps):
    said = refused(next_year(), maps, released_on=date(2026, 3, 31))
    assert any("the period was not over when the file was released" in one for one in said)


def test_a_new_release_with_the_columns_of_an_old_one_is_not_read(maps):
    (said,) = refused(next_year(next_year_of := BOTH[1][0]), maps)
    assert next_year_of.endswith("2024.csv")
    # 2025 is the newest release's last period, and this file has an older one's columns.
    assert "its own last period is 2025: a map for that release must be added" in said


def test_a_corrected_file_has_its_own_day(maps):
    reading = read_published_file(dropped(C1), maps, released_on=date(2025, 12, 1))
    assert reading.title == "Children in need, reporting year 2025, corrected on 1 December 2025"
    assert (reading.released_at.date(), reading.released_basis) == (date(2025, 12, 1), "stated")
    assert refused(dropped(C1), maps, released_on=date(2025, 10, 1))[0].startswith(
        "b1 (3).csv: found “1 October 2025”; ‘Referrals and re-referrals’"
    )
    same = read_published_file(dropped(C1), maps, released_on=date(2025, 10, 30))
    assert same.title == "Children in need, reporting year 2025"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rereferral_percent", "rereferral_rate",
         "It is like ‘Referrals and re-referrals’ (Children in need, reporting year 2025) but has "
         "no column `rereferral_percent`: DfE renames columns"),
        ("rereferral_percent", "referral_count", "has the column `referral_count` 2 times"),
        ("2025,Reporting", "2030,Reporting", "this is a new release"),
    ],
)  # fmt: skip
def test_a_column_that_is_renamed_is_named(maps, old, new, said):
    text = content(C1).decode("utf-8-sig").replace(old, new)
    (found,) = refused(Source("c1.csv", content=text.encode()), maps)
    assert said in found


def test_a_group_that_is_renamed_is_named(maps):
    text = content("la_care_leavers_accommodation_suitability.csv").decode("utf-8-sig")
    text = text.replace("Accommodation considered suitable", "Suitable")
    (found,) = refused(Source("care.csv", content=text.encode()), maps)
    assert "has no row where `breakdown` is “Accommodation considered suitable”" in found


# Files that no map is for: excerpts, in files/

NO_MAP = "no map covers this file: the page About the data lists"
OTHERS = {
    "c3_factors.csv": NO_MAP,
    "csww_headline_measures_2017_to_2022.csv": NO_MAP,
    "la_cla_school_moves.csv": NO_MAP,
    "la_cla_swcount.csv": NO_MAP,
    "cla_time_series_1994_2024.csv": NO_MAP,
    "number_and_legal_status_of_adopters.csv": NO_MAP,
    "ons_mid_year_population_estimates.csv": NO_MAP,
    "SFR36_CEA2014.csv": "but also `CLA_ceamal`, so it is another file",
    "SFR36_FormerCareLeavers2014.csv": NO_MAP,
    "SFR34_OC22015.csv": NO_MAP,
    "sn_model_2025_wide.csv": NO_MAP,
    "statistical_neighbours_2021.csv": NO_MAP,
    "lait_data_dictionary.csv": NO_MAP,
}  # fmt: skip


@pytest.mark.parametrize("file", OTHERS)
def test_a_file_without_a_map_is_refused_with_its_sentence(maps, file):
    whole = lzma.decompress((HERE / "files" / f"{file}.xz").read_bytes())
    (said,) = refused(Source(file, content=whole), maps)
    assert OTHERS[file] in said


def test_a_workbook_is_refused(maps, tmp_path):
    book = openpyxl.Workbook()
    for line in content(C1).decode("utf-8-sig").splitlines()[:9]:
        book.active.append(line.split(","))
    book.save(tmp_path / "c1.xlsx")
    (said,) = refused(Source("c1.xlsx", path=tmp_path / "c1.xlsx"), maps)
    assert "Drop the CSV as it was downloaded" in said
