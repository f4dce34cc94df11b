from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performance.calculations.counts_shown import Hiding, SeriesRule
from performance.calculations.figures import Symbol
from performance.calculations.possible_counts import Sum
from performance.calculations.suppression import suppress
from tests.performance.calculations.count_solver import counts_worked_out
from tests.performance.calculations.made_up_tables import (
    LOCAL,
    PUBLISHED,
    cell,
    percentage,
    shown_to_a_reader,
)


def shown(counts, suppression=LOCAL, sums=None, **rule):
    """What is shown of counts by name, where the first is the total of the others: a dict."""
    names = list(counts)
    rules = [SeriesRule(name, suppression, **rule) for name in names]
    cells = [
        cell(name, None, symbol=count)
        if isinstance(count, Symbol)
        else cell(name, None if count == "c" else count)
        for name, count in counts.items()
    ]
    safe = suppress(cells, rules, sums or [Sum(names[0], tuple(names[1:]))])
    return {
        each.series: each.hiding or each.figure.symbol or int(each.figure.value) for each in safe
    }


P, S, C, W = Hiding.PRIMARY, Hiding.SECONDARY, Hiding.AS_PUBLISHED, Hiding.WHOLE_TABLE


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"all": 50, "a": 20, "b": 30}, {"all": 50, "a": 20, "b": 30}),
        # Zero is shown; one to five are hidden; six is not small.
        ({"all": 6, "a": 0, "b": 6}, {"all": 6, "a": 0, "b": 6}),
        # One small count is a subtraction away, so the smallest of the others goes with it.
        ({"all": 53, "a": 3, "b": 20, "c": 30}, {"all": 53, "a": P, "b": S, "c": 30}),
        # Two small ones that hide each other need no third.
        ({"all": 35, "a": 2, "b": 3, "c": 30}, {"all": 35, "a": P, "b": P, "c": 30}),
        # 5 + 5: each is five at most and the total says ten, so both would be known.
        ({"all": 40, "a": 5, "b": 5, "c": 30}, {"all": 40, "a": P, "b": P, "c": S}),
        # 1 + 1 likewise, from below.
        ({"all": 32, "a": 1, "b": 1, "c": 30}, {"all": 32, "a": P, "b": P, "c": S}),
        # 1 + 6: the six is known to be above five, so the one would be known.
        ({"all": 37, "a": 1, "b": 6, "c": 30}, {"all": 37, "a": P, "b": S, "c": S}),
        # 5 + 17 beside a shown 17: the hidden one was the smallest, so it is 17 at most.
        ({"all": 39, "a": 5, "b": 17, "c": 17}, {"all": 39, "a": P, "b": S, "c": S}),
        # No other part to hide but zeros, which are known as zeros: the total goes.
        ({"all": 9, "a": 4, "b": 5, "c": 0}, {"all": 9, "a": P, "b": P, "c": 0}),
        ({"all": 10, "a": 5, "b": 5, "c": 0}, {"all": S, "a": P, "b": P, "c": 0}),
        ({"all": 20, "a": 20, "b": 0}, {"all": 20, "a": 20, "b": 0}),
        ({"all": 3, "a": 3, "b": 0}, {"all": P, "a": P, "b": 0}),
        # Five small parts and a small total are 1 each and 5: nothing is left but to hide it all.
        (
            {"all": 5, "a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 0},
            dict.fromkeys(["all", "a", "b", "c", "d", "e", "f"], W),
        ),
    ],
)
def test_suppression_local_threshold(counts, expected):
    assert shown(counts) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # What its publisher shows stays, however small.
        ({"all": 12, "a": 2, "b": 10}, {"all": 12, "a": 2, "b": 10}),
        # Two withheld with a sum of 40 guard each other.
        ({"all": 90, "a": "c", "b": "c", "c": 50}, {"all": 90, "a": C, "b": C, "c": 50}),
        # One withheld alone is a subtraction away.
        ({"all": 90, "a": "c", "b": 30, "c": 50}, {"all": 90, "a": C, "b": S, "c": 50}),
        # A publisher may withhold zeros, so a sum of one guards two; a sum of none does not.
        ({"all": 51, "a": "c", "b": "c", "c": 50}, {"all": 51, "a": C, "b": C, "c": 50}),
        ({"all": 50, "a": "c", "b": "c", "c": 50}, {"all": 50, "a": C, "b": C, "c": S}),
        # The total withheld, all parts shown: it is their sum.
        ({"all": "c", "a": 7, "b": 9}, {"all": C, "a": S, "b": 9}),
        # A part that does not apply is none of the total; one that is not available could be any.
        (
            {"all": 52, "a": "c", "b": Symbol.NOT_APPLICABLE, "c": 50},
            {"all": 52, "a": C, "b": Symbol.NOT_APPLICABLE, "c": S},
        ),
        (
            {"all": 52, "a": "c", "b": Symbol.NOT_AVAILABLE, "c": 50},
            {"all": 52, "a": C, "b": Symbol.NOT_AVAILABLE, "c": 50},
        ),
    ],
)
def test_suppression_as_published(counts, expected):
    assert shown(counts, PUBLISHED) == expected


def test_suppression_leaves_posts_flats_and_cohorts_alone():
    counts = {"all": 53, "a": 3, "b": 50}
    assert shown(counts, counts_children=False) == counts
    withheld = shown({"all": 53, "a": "c", "b": 50}, PUBLISHED, counts_children=False)
    assert withheld == {"all": 53, "a": C, "b": 50}


def test_suppression_goes_up_through_nested_totals():
    """A total that has to be hidden is a part of another, where a sibling must go with it."""
    counts = {"all": 70, "a": 10, "b": 60, "a1": 5, "a2": 5}
    sums = [Sum("all", ("a", "b")), Sum("a", ("a1", "a2"))]
    assert shown(counts, sums=sums) == {"all": 70, "a": S, "b": S, "a1": P, "a2": P}


def test_suppression_prefers_a_count_that_guards_two_sums_at_once():
    """3 is in both totals; 40 is too, so that one hidden count guards both, where 20 guards one."""
    counts = {"x": 63, "y": 73, "both": 3, "also both": 40, "x only": 20, "y only": 30}
    sums = [Sum("x", ("both", "also both", "x only")), Sum("y", ("both", "also both", "y only"))]
    hidden = {name for name, value in shown(counts, sums=sums).items() if value in (P, S)}
    assert hidden == {"both", "also both"}


def test_suppression_in_a_grid_needs_a_rectangle():
    """A hidden cell of a row and a column needs a second in each, and those need a fourth."""
    counts = {
        "all": 78,
        "boys": 33,
        "girls": 45,
        "young": 23,
        "old": 55,
        "young boys": 3,
        "old boys": 30,
        "young girls": 20,
        "old girls": 25,
    }
    sums = [
        Sum("all", ("boys", "girls")),
        Sum("boys", ("young boys", "old boys")),
        Sum("girls", ("young girls", "old girls")),
        Sum("young", ("young boys", "young girls")),
        Sum("old", ("old boys", "old girls")),
    ]
    hidden = {name for name, value in shown(counts, sums=sums).items() if value in (P, S)}
    assert hidden == {"young boys", "old boys", "young girls", "old girls"}


def shares(parts, base, suppression=LOCAL, decimals=0, **rule):
    """Percentages of a base as cells and rules; the counts are shown nowhere else."""
    rules = [
        SeriesRule(name, suppression, per=100, decimals=decimals, out_of="base", **rule)
        for name in parts
    ]
    cells = [
        cell(name, None if count is None else percentage(count, base, decimals), None, base)
        for name, count in parts.items()
    ]
    return cells, rules


def hidden_of(cells):
    return {each.series for each in cells if each.is_suppressed}


def test_suppression_of_a_percentage_whose_base_gives_its_numerator():
    """6% of 50 is 3 children and no other number; what is hidden loses its amounts and note."""
    cells, rules = shares({"a": 3, "b": 47}, 50)
    safe = suppress(cells, rules, [])
    assert hidden_of(safe) == {"a"}
    figure = safe[0].figure
    assert (figure.value, figure.numerator, figure.denominator, figure.note) == (None,) * 3 + ("",)


def test_suppression_of_percentages_that_are_the_rest_of_100():
    """With the parts declared, 100% less the siblings is the hidden one: the smallest goes too."""
    cells, rules = shares({"a": 3, "b": 20, "c": 27}, 50)
    assert hidden_of(suppress(cells, rules, [Sum("base", ("a", "b", "c"))])) == {"a", "b"}


def test_suppression_leaves_a_rounded_percentage_that_gives_nothing_away():
    """40% and 58% of 9,000 are within 90 children each: the withheld part can be many numbers."""
    cells, rules = shares({"a": None, "b": 3600, "c": 5220}, 9000, PUBLISHED)
    assert hidden_of(suppress(cells, rules, [Sum("base", ("a", "b", "c"))])) == {"a"}


def test_suppression_of_a_percentage_beside_its_count():
    """The same count in two series: hidden in both, and nothing else is lost."""
    rules = [
        SeriesRule("base", LOCAL),
        SeriesRule("count", LOCAL),
        SeriesRule("share", LOCAL, per=100, count_code="count", out_of="base"),
    ]
    cells = [cell("base", 50), cell("count", 4), cell("share", 8, 4, 50)]
    safe = suppress(cells, rules, [])
    assert hidden_of(safe) == {"count", "share"}
    assert safe[2].figure.numerator is safe[2].figure.denominator is None


def test_suppression_of_a_base_takes_its_percentages():
    """Four care leavers: 75% of them is hidden with the four, and 0% too, which names the base."""
    rules = [
        SeriesRule("base", LOCAL),
        *(SeriesRule(code, LOCAL, per=100, out_of="base") for code in ("in", "out")),
    ]
    cells = [cell("base", 4), cell("in", 100, 4, 4), cell("out", 0, 0, 4)]
    safe = suppress(cells, rules, [Sum("base", ("in", "out"))])
    assert hidden_of(safe) == {"base", "in", "out"}


def test_suppression_of_a_withheld_total_takes_the_percentages_that_lead_to_it():
    """20 children are 13.2%: so there are 151 or 152, and the withheld total is no secret."""
    rules = [
        SeriesRule("all", PUBLISHED),
        SeriesRule("a", PUBLISHED),
        SeriesRule("a-share", PUBLISHED, per=100, decimals=1, count_code="a", out_of="all"),
    ]
    safe = suppress([cell("all", None), cell("a", 20), cell("a-share", "13.2")], rules, [])
    assert [each.hiding for each in safe] == [C, None, S]


def test_suppression_of_a_rate_with_a_shown_population():
    """0.7 per 10,000 of 58,000 children is four of them."""
    rule = SeriesRule("rate", LOCAL, per=10_000, decimals=1)
    safe = suppress([cell("rate", "0.7", None, 58_000)], [rule], [])
    assert hidden_of(safe) == {"rate"}


def test_suppression_of_a_percentage_that_rounds_to_zero_but_is_none():
    cells = [cell("share", None, None, 400, Symbol.ROUNDS_TO_ZERO)]
    assert hidden_of(suppress(cells, [SeriesRule("share", LOCAL, per=100)], [])) == {"share"}


def test_suppression_of_counts_rounded_to_ten_reads_them_as_ranges():
    """Regions: 10 + c of 60 can be 0 to 10 more or less, so the withheld one is not known."""
    rules = [SeriesRule(code, PUBLISHED, rounded_to=10) for code in ("all", "a", "b")]
    cells = [cell("all", 60), cell("a", 10), cell("b", None)]
    safe = suppress(cells, rules, [Sum("all", ("a", "b"))])
    assert hidden_of(safe) == {"b"}


def test_suppression_keeps_periods_apart_and_the_order_of_cells():
    rules = [SeriesRule(code, LOCAL) for code in ("all", "a", "b")]
    later = date(2025, 6, 30)
    cells = [
        cell("all", 53),
        cell("all", 60, end=later),
        cell("a", 3),
        cell("a", 20, end=later),
        cell("b", 50),
        cell("b", 40, end=later),
    ]
    safe = suppress(cells, rules, [Sum("all", ("a", "b"))])
    assert [each.key for each in safe] == [each.key for each in cells]
    assert [each.hiding for each in safe] == [None, None, P, None, S, None]


@pytest.mark.parametrize(
    ("codes", "rules", "sums", "message"),
    [
        (["a"], [], [], "No rule for hiding small numbers in a."),
        (["a", "a"], [SeriesRule("a", LOCAL)], [], "two figures for one period"),
        (["a"], [SeriesRule("a", LOCAL)], [Sum("all", ("a", "a"))], "names a count twice"),
        (
            ["a", "b"],
            [SeriesRule("a", LOCAL), SeriesRule("b", LOCAL, counts_children=False)],
            [Sum("all", ("a", "b"))],
            "mixes children with other counts",
        ),
        (
            ["a", "b"],
            [
                SeriesRule("a", LOCAL),
                SeriesRule("b", LOCAL, counts_children=False, count_code="a"),
            ],
            [],
            "children in one series and not in another",
        ),
    ],
)
def test_suppression_refuses_what_it_could_not_guard(codes, rules, sums, message):
    with pytest.raises(ValueError, match=message):
        suppress([cell(code, 7) for code in codes], rules, sums)


def test_suppression_refuses_a_threshold_that_says_what_it_hides():
    with pytest.raises(ValueError, match="below two"):
        SeriesRule("a", LOCAL, threshold=1)


tables = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30), min_size=2)


@settings(max_examples=150, deadline=None)
@given(tables, st.integers(2, 10))
def test_suppression_shows_no_small_count_and_gives_none_away(parts, threshold):
    counts = {"all": sum(parts.values()), **parts}
    rules = [SeriesRule(name, LOCAL, threshold=threshold) for name in counts]
    sums = [Sum("all", tuple(parts))]
    cells = [cell(name, count) for name, count in counts.items()]
    safe = suppress(cells, rules, sums)
    for before, after in zip(cells, safe, strict=True):
        assert after.figure.value in (before.figure.value, None)
        assert not 1 <= (after.figure.value or 0) <= threshold
    assert counts_worked_out(*shown_to_a_reader(safe, rules, sums)) == []


@settings(max_examples=75, deadline=None)
@given(tables, st.randoms())
def test_suppression_of_what_is_safe_already_hides_nothing_more(parts, chance):
    """Nor does the order in which cells arrive matter."""
    counts = {"all": sum(parts.values()), **parts}
    rules = [SeriesRule(name, LOCAL) for name in counts]
    sums = [Sum("all", tuple(parts))]
    cells = [cell(name, count) for name, count in counts.items()]
    safe = suppress(cells, rules, sums)
    shuffled = chance.sample(cells, len(cells))
    assert hidden_of(suppress(shuffled, rules, sums)) == hidden_of(safe)
    if not any(each.hiding == W for each in safe):
        published = [SeriesRule(name, PUBLISHED) for name in counts]
        assert hidden_of(suppress(safe, published, sums)) == hidden_of(safe)
