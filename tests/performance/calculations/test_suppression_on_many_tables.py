"""Thousands of made-up tables, and every real one, against a solver that tries to work them out.

`SUPPRESSION_SEED` starts the made-up tables elsewhere: SUPPRESSION_SEED=7000000 script/test.
"""

import csv
import lzma
import os
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performance.calculations.counts_shown import Hiding, SeriesRule
from performance.calculations.figures import Symbol
from performance.calculations.possible_counts import Sum
from performance.calculations.suppression import suppress
from tests.conftest import NATIONAL
from tests.performance.calculations.count_solver import (
    NoTableError,
    Shown,
    counts_worked_out,
)
from tests.performance.calculations.made_up_tables import (
    LOCAL,
    PUBLISHED,
    Table,
    cell,
    make_table,
    percentage,
    shown_to_a_reader,
)

SEED = int(os.environ.get("SUPPRESSION_SEED", "20161005"))


def hide_small_counts_only(table):
    """The mistake that the rule is there to prevent: primary suppression, and nothing more."""
    limits = {rule.code: rule.threshold if rule.per is None else 0 for rule in table.rules}
    return [
        replace(
            each,
            figure=replace(each.figure, value=None, symbol=Symbol.SUPPRESSED),
            hiding=Hiding.PRIMARY,
        )
        if each.figure.value is not None and 1 <= each.figure.value <= limits[each.series]
        else each
        for each in table.cells
    ]


def worked_out(cells, table):
    return counts_worked_out(*shown_to_a_reader(cells, table.rules, table.sums))


# What the solver itself must find, worked by hand.


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ({"all": (53, 53), "a": (1, 5), "b": (50, 50)}, ["a"]),
        ({"all": (55, 55), "a": (1, 5), "b": (0, None)}, []),
        ({"all": (10, 10), "a": (1, 5), "b": (1, 5)}, ["a", "b"]),
        ({"all": (9, 9), "a": (1, 5), "b": (1, 5)}, []),
    ],
)
def test_solver_of_one_sum(counts, found):
    hidden = [name for name, (low, high) in counts.items() if low != high]
    assert counts_worked_out(Shown(counts, [("all", ["a", "b"])]), hidden) == found


def test_solver_reads_a_percentage_both_ways():
    """6% of 50 is 3 and no other; 3 of a base of 40 to 60 that is 6% is one of 47 to 54."""
    percentages = [("a", "all", 6, 0, 100)]
    assert counts_worked_out(Shown({"all": (50, 50), "a": (0, None)}, [], percentages), ["a"]) == [
        "a"
    ]
    base = Shown({"all": (40, 60), "a": (3, 3)}, [], percentages)
    assert counts_worked_out(base, ["all"]) == []
    narrow = Shown({"all": (54, 60), "a": (3, 3)}, [], percentages)
    assert counts_worked_out(narrow, ["all"]) == ["all"]


def test_solver_tries_what_no_single_sum_rules_out():
    """a + b, b + c and a + c are 10, 12 and 14: 6, 4 and 8, though each sum alone allows many."""
    shown = Shown(
        {"ab": (10, 10), "bc": (12, 12), "ac": (14, 14), **dict.fromkeys("abc", (0, None))},
        [("ab", ["a", "b"]), ("bc", ["b", "c"]), ("ac", ["a", "c"])],
    )
    assert counts_worked_out(shown, ["a", "b", "c"]) == ["a", "b", "c"]


def test_solver_says_when_what_is_shown_contradicts_itself():
    with pytest.raises(NoTableError):
        counts_worked_out(Shown({"all": (3, 3), "a": (4, 4)}, [("all", ["a"])]), ["a"])


small = st.integers(0, 4)


@settings(max_examples=100, deadline=None)
@given(st.tuples(*[small] * 4), st.tuples(*[small] * 4), st.sampled_from([0, 1]))
def test_solver_agrees_with_trying_every_table(true, most, decimals):
    """Two totals that share a part, and a percentage of one, by trying all 5^4 tables."""
    a, b, c, d = true
    limits = {name: (0, max(*pair)) for name, *pair in zip("abcd", true, most, strict=True)}
    share = percentage(a, a + b, decimals) if a + b else None
    shown = Shown(
        {**limits, "ab": (a + b, a + b), "bcd": (b + c + d, b + c + d)},
        [("ab", ["a", "b"]), ("bcd", ["b", "c", "d"])],
        [] if share is None else [("a", "ab", share, decimals, 100)],
    )
    tables = [
        table
        for table in product(*(range(high + 1) for _, high in limits.values()))
        if table[0] + table[1] == a + b and sum(table[1:]) == b + c + d
        if share is None
        or abs(Decimal(100 * table[0]) / (a + b) - share) <= Decimal(1).scaleb(-decimals) / 2
    ]
    expected = [
        name for place, name in enumerate("abcd") if len({table[place] for table in tables}) == 1
    ]
    assert counts_worked_out(shown, list("abcd")) == expected


# Made-up tables.


def test_solver_works_out_made_up_tables_in_which_only_small_counts_are_hidden():
    tables = [make_table(seed) for seed in range(SEED, SEED + 200)]
    # Where a publisher withheld counts, who knows what else is small.
    local = [table for table in tables if table.rules[0].suppression == LOCAL]
    leaks = [table for table in local if worked_out(hide_small_counts_only(table), table)]
    assert len(leaks) > len(local) / 4


def check_made_up_tables(first, last):
    given_away = {}
    for seed in range(first, last):
        table = make_table(seed)
        safe = suppress(table.cells, table.rules, table.sums)
        if found := worked_out(safe, table):
            given_away[seed] = found
    assert given_away == {}


def test_suppression_on_a_thousand_made_up_tables():
    check_made_up_tables(SEED, SEED + 1_000)


@pytest.mark.slow
def test_suppression_on_ten_thousand_made_up_tables():
    check_made_up_tables(SEED + 1_000, SEED + 11_000)


# Real tables: DfE, Children in need, and Children looked after in England including adoptions,
# 2025. Contains public sector information licensed under the Open Government Licence v3.0.

DURATIONS = [
    "3_months_or_less",
    "more_than_3_months_6_months",
    "more_than_6_months_less_than_1_year",
    "1_year_less_than_2_years",
    "2_years_or_more",
]
IN_WORK_OR_LEARNING = [
    "Education other than higher education",
    "Higher education i.e. studies beyond A level",
    "In an apprenticeship",
    "In training or employment",
    "In training or employment (excl. apprenticeship)",
]
NOT_IN_WORK_OR_LEARNING = [
    f"Not in education, training or employment, owing to {reason}"
    for reason in ("illness or disability", "other reasons", "pregnancy or parenting")
]
TOTALS = [
    f"Total {what}"
    for what in (
        "in education, employment or training",
        "not in education, employment or training",
        "information not known",
    )
]
# “In training or employment” and the two that took its place never stand together: one is “z”.
ACTIVITY_SUMS = [
    Sum("Total", tuple(TOTALS)),
    Sum(TOTALS[0], tuple(IN_WORK_OR_LEARNING)),
    Sum(TOTALS[1], tuple(NOT_IN_WORK_OR_LEARNING)),
]
SYMBOLS = {
    "c": Symbol.SUPPRESSED,
    "z": Symbol.NOT_APPLICABLE,
    "x": Symbol.NOT_AVAILABLE,
    "k": Symbol.ROUNDS_TO_ZERO,
    "u": Symbol.LOW_RELIABILITY,
}


def rows_of(name):
    with lzma.open(NATIONAL / "dfe" / f"{name}.csv.xz", "rt", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def real_cell(series, printed, base=None):
    symbol = SYMBOLS.get(printed)
    return cell(series, None if symbol else printed, None, base, symbol)


def real_table(row_level, printed, total, sums, decimals, suppression):
    """A table of counts and percentages by name; regions and England are rounded to ten."""
    rounded_to = 1 if row_level == "Local authority" else 10
    base = printed[total][0]
    base = None if base in SYMBOLS else base
    cells, rules = [], []
    for name, (count, share) in printed.items():
        rules.append(SeriesRule(name, suppression, rounded_to=rounded_to))
        cells.append(real_cell(name, count))
        if name != total:
            rules.append(
                SeriesRule(
                    f"{name} %",
                    suppression,
                    per=100,
                    decimals=decimals,
                    count_code=name,
                    out_of=total,
                    rounded_to=rounded_to,
                )
            )
            cells.append(real_cell(f"{name} %", share, base))
    return Table(cells, rules, sums)


@cache
def plans_by_duration(suppression=PUBLISHED):
    """Children with a protection plan at 31 March by how long, 2013 to 2025: every area."""
    return [
        real_table(
            row["geographic_level"],
            {"CPP_At31": (row["CPP_At31"], "100")}
            | {name: (row[name], row[f"{name}_percent"]) for name in DURATIONS},
            "CPP_At31",
            [Sum("CPP_At31", tuple(DURATIONS))],
            1,
            suppression,
        )
        for row in rows_of("d5_cpps_at31march_by_duration_2013_to_2025")
    ]


@cache
def care_leavers_by_activity(suppression=PUBLISHED):
    """Care leavers aged 17 to 18 and 19 to 21 by what they do, 2021 to 2025: every area."""
    tables = {}
    for row in rows_of("la_care_leavers_activity"):
        place = tuple(row[part] for part in ("region_code", "new_la_code", "geographic_level"))
        table = tables.setdefault((row["time_period"], row["care_leaver_age"], *place), {})
        table[row["breakdown"]] = row["care_leaver_count"], row["care_leaver_percent"]
    return [
        real_table(key[-1], printed, "Total", ACTIVITY_SUMS, 0, suppression)
        for key, printed in tables.items()
    ]


def outcomes(tables, make_safe):
    """How many of these tables give a suppressed count away, contradict themselves, or are safe."""
    found = Counter()
    for table in tables:
        cells = make_safe(table)
        if not any(each.is_suppressed for each in cells):
            found["nothing suppressed"] += 1
            continue
        try:
            found["given away" if worked_out(cells, table) else "safe"] += 1
        except NoTableError:
            found["contradicts itself"] += 1
    return found


def as_it_is(table):
    return table.cells


def by_our_rule(table):
    return suppress(table.cells, table.rules, table.sums)


@pytest.mark.parametrize("real", [plans_by_duration, care_leavers_by_activity])
def test_suppression_on_every_real_table(real):
    """Every council, region and England, every year: nothing withheld can be worked out."""
    found = outcomes(real(), by_our_rule)
    assert found.keys() == {"safe", "nothing suppressed"}
    assert found["safe"] > 700


@pytest.mark.slow
@pytest.mark.parametrize("real", [plans_by_duration, care_leavers_by_activity])
def test_suppression_on_every_real_table_by_the_local_rule(real):
    """The same figures as though a council had loaded them as its own."""
    assert outcomes(real(LOCAL), by_our_rule).keys() == {"safe", "nothing suppressed"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("real", "given_away"), [(plans_by_duration, 0), (care_leavers_by_activity, 2)]
)
def test_solver_on_every_real_table_as_published(real, given_away):
    assert outcomes(real(), as_it_is)["given away"] == given_away


@pytest.mark.parametrize(
    ("real", "touched"), [(plans_by_duration, 17), (care_leavers_by_activity, 5)]
)
def test_suppression_as_published_leaves_nearly_every_real_table_as_it_was(real, touched):
    """Seventeen protection plans' totals are withheld beside percentages of them."""
    more = [
        table
        for table in real()
        if any(each.hiding in (Hiding.SECONDARY, Hiding.WHOLE_TABLE) for each in by_our_rule(table))
    ]
    assert len(more) == touched
