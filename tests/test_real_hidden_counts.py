"""Of DfE's care leavers by activity nobody can work out a count that is not shown.

The real table of every council, 2021 to 2025, held against the published file itself: what DfE
withheld (c), and what had to be hidden beside it, keeps two possible values at least.
"""

import csv
import io
import lzma
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

import pytest

from performance.models import Area, Measurement
from performance.shown import read_shown
from tests.conftest import NATIONAL, position_on
from tests.pages_read_back import as_number, read_csv, read_indicator_page
from tests.performance.calculations.count_solver import Shown, counts_worked_out

pytestmark = pytest.mark.django_db

WORK = "In training or employment"
NOT_AT_WORK = "Not in education, training or employment, owing to "
SERIES = {
    "Total": "care-leavers-number.dfe",
    "Total in education, employment or training": "care-leavers-eet-number.dfe",
    "Total not in education, employment or training": "care-leavers-neet-number.dfe",
    "Total information not known": "care-leavers-unknown-number.dfe",
    "Education other than higher education": "care-leavers-other-education-number.dfe",
    "Higher education i.e. studies beyond A level": "care-leavers-higher-education-number.dfe",
    "In an apprenticeship": "care-leavers-apprenticeship-number.dfe",
    f"{WORK} (excl. apprenticeship)": "care-leavers-work-number.dfe",
    WORK: "care-leavers-work-number.dfe-with-apprenticeships",
    f"{NOT_AT_WORK}illness or disability": "care-leavers-neet-illness-number.dfe",
    f"{NOT_AT_WORK}pregnancy or parenting": "care-leavers-neet-parenting-number.dfe",
    f"{NOT_AT_WORK}other reasons": "care-leavers-neet-other-number.dfe",
}
NAMES = list(SERIES)
SUMS = [(NAMES[0], NAMES[1:4]), (NAMES[1], NAMES[4:9]), (NAMES[2], NAMES[9:])]
SHARES = {"care-leavers-eet.dfe-19-21": NAMES[1], "care-leavers-neet.dfe": NAMES[2]}
YEARS = range(2021, 2026)


@pytest.fixture
def later(settings):
    settings.POSITION_DATE = position_on(2025, 12, 31).on


def published(ages="19 to 21 years"):
    """The counts that DfE printed, by council's code and year, by breakdown."""
    packed = NATIONAL / "dfe" / "la_care_leavers_activity.csv.xz"
    text = lzma.decompress(packed.read_bytes()).decode("utf-8-sig")
    tables = defaultdict(dict)
    for row in csv.DictReader(io.StringIO(text)):
        if row["geographic_level"] == "Local authority" and row["care_leaver_age"] == ages:
            where = row["old_la_code"], int(row["time_period"])
            tables[where][row["breakdown"]] = row["care_leaver_count"]
    return tables


def shown_everywhere():
    """What `read_shown` leaves of each series, by council's code and year; None is no number."""
    position = position_on(2025, 12, 31)
    wanted = Measurement.objects.at(position).filter(
        series__code__in=[*SERIES.values(), *SHARES],
        area__kind=Area.Kind.COUNCIL,
        period_end__gte=date(2021, 3, 31),
    )
    tables = defaultdict(dict)
    for row in read_shown(wanted.with_series().select_related("area"), position):
        tables[row.area.code, row.period_end.year][row.series.code] = row.value
    return tables


def given_away(printed, shown):
    """The counts not shown that follow from the rest, and how many there are.

    DfE's z is a part that there is not: none of the total, where the table has figures at all.
    """
    counts, hidden = {}, []
    for name, code in SERIES.items():
        value = shown[code]
        if value is not None:
            counts[name] = int(value), int(value)
        elif printed[name] == "z":
            counts[name] = 0, 0
        else:
            counts[name] = 0, None
            hidden.append(name)
    shares = [(name, "Total", Decimal(shown[code]), 0, 100) for code, name in SHARES.items()
              if shown.get(code) is not None]  # fmt: skip
    worked_out = counts_worked_out(Shown(counts, SUMS, shares), hidden) if hidden else []
    return worked_out, len(hidden)


def check_tables(tables, shown):
    """How many counts DfE withheld, how many more are hidden, and where; none can be had."""
    leaks, seen, beside = {}, Counter(), Counter()
    for where, printed in tables.items():
        values = shown[where]
        for name, code in SERIES.items():
            if values[code] is not None:
                assert values[code] == Decimal(printed[name]), (where, name)
                seen["shown"] += 1
            elif printed[name] not in ("c", "z"):
                beside[where] += 1
            seen["withheld"] += printed[name] == "c"
        worked_out, hidden = given_away(printed, values)
        seen["hidden"] += hidden
        if worked_out:
            leaks[where] = worked_out
    assert leaks == {}
    assert seen["hidden"] == seen["withheld"] + beside.total()
    return seen["withheld"], seen["shown"], dict(beside)


def test_no_council_s_hidden_count_can_be_worked_out():
    assert check_tables(published(), shown_everywhere()) == (1255, 6965, {})


def put_younger_in_their_place(tables):
    """The tables of 17 and 18 year olds as the figures of the same series."""
    asked = Measurement.objects.filter(period_end__gte=date(2021, 3, 31))
    asked.filter(series__code__in=SHARES).delete()
    rows = asked.filter(series__code__in=SERIES.values(), area__kind=Area.Kind.COUNCIL)
    names = {code: name for name, code in SERIES.items()}
    symbols = {"c": "suppressed", "z": "not_applicable"}
    younger = []
    for row in rows.select_related("series", "area"):
        said = tables[row.area.code, row.period_end.year][names[row.series.code]]
        row.pk = None
        row.value = None if said in symbols else Decimal(said)
        row.symbol = symbols.get(said, "")
        row.symbol_as_published = said if said in symbols else ""
        younger.append(row)
    rows.delete()
    Measurement.objects.bulk_create(younger)


@pytest.mark.slow
def test_what_dfe_s_table_of_younger_care_leavers_gives_away_is_hidden():
    """Doncaster's of 2021 and Peterborough's of 2022 say what they withhold; ours do not."""
    tables = published("17 to 18 years")
    put_younger_in_their_place(tables)
    beside = {("371", 2021): 1, ("874", 2022): 1}
    assert check_tables(tables, shown_everywhere()) == (2856, 5362, beside)


@pytest.mark.parametrize(
    ("ages", "councils"),
    [("19 to 21 years", []), ("17 to 18 years", [("371", 2021), ("874", 2022)])],
)
def test_solver_finds_what_dfe_s_own_table_gives_away(ages, councils):
    """The check itself can fail: of what DfE printed for the younger it finds two tables."""
    found = []
    for where, printed in published(ages).items():
        as_printed = {code: int(printed[name]) if printed[name].isdigit() else None
                      for name, code in SERIES.items()}  # fmt: skip
        if given_away(printed, as_printed)[0]:
            found.append(where)
    assert sorted(found) == councils


def printed_on_pages(client):
    """What the pages, pictures and files of the table say for the council, by series and year."""
    found = defaultdict(dict)
    for series, breakdown in [*((code, name) for name, code in SERIES.items()), *SHARES.items()]:
        address = f"/performance/indicators/{series.partition('.')[0]}/"
        page = client.get(address).content.decode()
        rows = read_csv(client.get(address, {"_export": "csv"}))
        source = {"care-leavers-eet.dfe-19-21": "DfE, ages 19 to 21"}.get(
            series, "DfE, with apprenticeships" if breakdown == WORK else "DfE"
        )
        for year in YEARS:
            label, day = f"{year - 1}/{year % 100}", f"{year}-03-31"
            read = read_indicator_page(page, label, day, "Wolverhampton")[source]
            assert read, (series, year)
            # A percentage's sentences name the region's and England's as well.
            read = set() if series in SHARES else read
            mine = [row for row in rows if row["To"] == day and row["Source"] == source]
            read |= {as_number(row["Value"]) for row in mine}
            numbers = {Decimal(each) for each in read if each is not None}
            assert len(numbers) <= 1, (series, year, read)
            found[year][series] = numbers.pop() if numbers else None
    return found


@pytest.mark.slow
def test_pages_of_wolverhampton_do_not_give_a_hidden_count_away(councillor, later):
    tables, shown = published(), printed_on_pages(councillor)
    hidden = 0
    for year in YEARS:
        printed = tables["336", year]
        for name, code in SERIES.items():
            expected = Decimal(printed[name]) if printed[name].isdigit() else None
            assert shown[year][code] == expected, (year, name)
        worked_out, number = given_away(printed, shown[year])
        assert worked_out == []
        hidden += number
    assert hidden == 4
