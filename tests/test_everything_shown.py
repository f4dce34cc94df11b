"""Nobody can work a hidden count out of everything that the site shows of its table.

Made-up tables are loaded as a council's own, fetched as a councillor from every page and export,
read back from their words alone, and given to a solver.
"""

from decimal import Decimal

import pytest

from performance.models import Area, Measurement
from performance.shown import read_shown
from tests.conftest import position_on
from tests.pages_read_back import as_number, read_csv, read_indicator_page, read_list, read_xlsx
from tests.performance.calculations.count_solver import Shown, counts_worked_out
from tests.performance.calculations.made_up_tables import LOCAL, make_table
from tests.performance.stored_tables import PERIOD, store_table

pytestmark = pytest.mark.django_db

START, END, LABEL = PERIOD
DAY = END.isoformat()


def true_values(table):
    return {cell.series: cell.figure.value for cell in table.cells}


def as_the_solver_takes_it(table, stored, printed):
    """What is printed of each of the table's series (None: hidden), and the counts suppressed.

    The reader is made to know more than he is shown: which counts were hidden for being small.
    """
    true = true_values(table)
    # Where a whole table is hidden, zeros too, nobody can tell which of its counts were small.
    hides_zeros = any(true[code] == 0 for code, said in printed.items() if said is None)
    is_whole = hides_zeros or not any(printed.values())
    counts, percentages, hidden, as_counts = {}, [], set(), set()
    for rule in table.rules:
        said = printed[rule.code]
        known = (0, None)
        if said is None:
            hidden.add(rule.count)
            if rule.per is None and true[rule.code] is not None and not is_whole:
                known = told_by_hiding(rule, true[rule.code])
        elif rule.per is None:
            as_counts.add(rule.count)
            known = (int(said), int(said))
        else:
            decimals = max(rule.decimals, len(said.partition(".")[2]))
            percentages.append((rule.count, rule.out_of, Decimal(said), decimals, rule.per))
        if rule.per is None or rule.count not in counts:
            counts[rule.count] = known
    bases = {base for _, base, *_ in percentages}
    counts = dict.fromkeys(bases, (0, None)) | counts
    return Shown(counts, stored.sums, percentages), sorted(hidden - as_counts)


def told_by_hiding(rule, true):
    if rule.suppression != LOCAL:
        return 1, None
    return (1, rule.threshold) if true <= rule.threshold else (rule.threshold + 1, None)


def worked_out(table, stored, printed):
    """The suppressed counts that the solver works out, and how many there were."""
    shown, suppressed = as_the_solver_takes_it(table, stored, printed)
    known = {name for total, parts in shown.sums for name in (total, *parts)}
    for name in known - shown.counts.keys():
        shown.counts[name] = (0, None)
    return (counts_worked_out(shown, suppressed) if suppressed else []), len(suppressed)


def store(seed, area):
    table = make_table(seed)
    return table, store_table(table, area, f"made-up-{seed}", earlier=2 + seed % 6)


# Through the pages.


def printed_on_pages(client, stored, area):
    """Every number that the pages and exports of the table give for the period, by series."""
    found = {one.code: set() for one in stored.series.values()}
    for indicator in stored.indicators:
        address = f"/performance/indicators/{indicator.code}/"
        page = client.get(address).content.decode()
        for source, values in read_indicator_page(page, LABEL, DAY, area.name).items():
            found[source] |= values
        rows = read_csv(client.get(address, {"_export": "csv"}))
        for row in rows:
            if row["To"] == DAY:
                found[row["Series"]].add(as_number(row["Value"]))
                if not row["Value"]:
                    assert row["Note"] == ""
        assert rows == read_xlsx(client.get(address, {"_export": "xlsx"}))
    return found


def printed_on_lists(client):
    """The same of the list, as a page and as a file, by the indicator's title."""
    found = read_list(client.get("/performance/", {"show": "all"}).content.decode(), LABEL)
    for row in read_csv(client.get("/performance/", {"show": "all", "_export": "csv"})):
        if row["Period"] == LABEL:
            found[row["Indicator"]].add(as_number(row["Latest figure"]))
    return found


def one_number(values):
    """What is printed, None where everything is silent; a failure where two places differ."""
    numbers = {Decimal(value) for value in values if value is not None}
    assert len(numbers) <= 1
    if not numbers:
        return None
    assert None not in values, "One page shows what another hides."
    return max((value for value in values), key=len)


def check_pages(client, first, last):
    area = Area.objects.get(code="336")
    tables = [store(seed, area) for seed in range(first, last)]
    listed = printed_on_lists(client)
    given_away, suppressed = {}, 0
    for seed, (table, stored) in enumerate(tables, first):
        found = printed_on_pages(client, stored, area)
        for indicator in stored.indicators:
            speaks = indicator.series.order_by("order").first()
            found[speaks.code] |= listed[indicator.short_title]
        printed = {code: one_number(found[series.code]) for code, series in stored.series.items()}
        shown = shown_of(stored)
        assert {code for code, said in printed.items() if said} == {
            code for code, series in stored.series.items() if shown[series.pk] is not None
        }, "The reader of the pages overlooks a number, or finds one that is hidden."
        leaks, hidden = worked_out(table, stored, printed)
        suppressed += hidden
        if leaks:
            given_away[seed] = leaks
    assert given_away == {}
    assert suppressed > last - first


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_pages_of_forty_made_up_tables(councillor, first):
    check_pages(councillor, first, first + 10)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(40, 400, 10))
def test_pages_of_hundreds_of_made_up_tables(councillor, first):
    check_pages(councillor, first, first + 10)


# Through the one door of every page.


def shown_of(*tables):
    """The value of each series of the tables, None where it is hidden, by its id."""
    asked = [series for stored in tables for series in stored.series.values()]
    position = position_on(2016, 10, 5)
    rows = Measurement.objects.at(position).filter(series__in=asked, period_end=END)
    return {row.series_id: row.value for row in read_shown(rows.with_series(), position)}


def check_shown(first, last):
    """A table in each council, so that what is read is as large as all of them."""
    areas = list(Area.objects.filter(kind=Area.Kind.COUNCIL)[: last - first])
    tables = [store(seed, area) for seed, area in zip(range(first, last), areas, strict=True)]
    values = shown_of(*(stored for _, stored in tables))
    given_away, suppressed = {}, 0
    for seed, (table, stored) in enumerate(tables, first):
        shown = {code: values[series.pk] for code, series in stored.series.items()}
        printed = {code: None if value is None else f"{value.normalize():f}"
                   for code, value in shown.items()}  # fmt: skip
        leaks, hidden = worked_out(table, stored, printed)
        suppressed += hidden
        if leaks:
            given_away[seed] = leaks
    assert given_away == {}
    assert suppressed > last - first


def test_shown_of_a_hundred_made_up_tables(db):
    check_shown(1_000, 1_100)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(2_000, 12_000, 100))
def test_shown_of_ten_thousand_made_up_tables(db, first):
    check_shown(first, first + 100)


def test_solver_finds_what_hiding_small_counts_alone_gives_away(db):
    """The check itself can fail: with nothing hidden beside the small counts it finds leaks."""
    leaks = 0
    for seed in range(40):
        table = make_table(seed)
        if table.rules[0].suppression != LOCAL:
            continue
        stored = store_table(table, Area.objects.get(code="336"), f"made-up-{seed}")
        true = true_values(table)
        limits = {rule.code: rule.threshold if rule.per is None else 0 for rule in table.rules}
        printed = {code: None if 1 <= value <= limits[code] else str(value)
                   for code, value in true.items()}  # fmt: skip
        leaks += bool(worked_out(table, stored, printed)[0])
    assert leaks > 5
