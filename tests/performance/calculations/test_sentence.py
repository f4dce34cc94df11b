"""What is said of real series, word for word: read them aloud before changing one."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.calculations.figures import Figure, Polarity, Symbol
from performance.calculations.reading import read
from performance.calculations.sentence import write_sentence
from tests.performance.calculations.figure_factories import on_day
from tests.performance.calculations.sentence_cases import (
    CASES,
    CHILDREN,
    beside,
    days,
    facts,
    neighbours,
    snapshot,
    target,
    years,
)

SAID = {
    "outside its range": (
        "Looked after children: 638 on 8 August 2016, down from 778 in 2014/15; 58 above the "
        "range of 550 to 580 that the council set for 2016/17. It is too soon to say whether "
        "the fall is a real change."
    ),
    "single value, target met": (
        "Young offenders in education or work: 58% in 2015/16, 3 percentage points above its "
        "target of 55%. Higher is better."
    ),
    "part-way": (
        "Adopters approved: 12 from April to August 2016, part-way to its target of 30 for "
        "2016/17, with the year still running. Higher is better."
    ),
    "no figure for the year's end": (
        "Adopters approved: 12 from April to August 2016, with no figure for the end of the "
        "year to set against its target of 30 for 2016/17. Higher is better."
    ),
    "target without a figure": ("New foster carers: no figure yet; the target is 30 for 2016/17."),
    "target without a figure, by a month": (
        "Staying put: no figure; the target was 15 by March 2017."
    ),
    "undated, with its target": (
        "Two-year-old offer: 71%, not dated in the paper, 1 percentage point above its target "
        "of 70%. Higher is better."
    ),
    "undated beside dated": ("Agency fostering: 264 children in April 2016. Lower is better."),
    "falling and good, printed with different digits": (
        "Persistent absence: 3.7% in 2014/15, down from 5.0% in 2013/14, which is better. It is"
        " too soon to say whether the fall is a real change."
    ),
    "month": ("Early-years education plans: 43% in July 2016. Higher is better."),
    "end of a month": (
        "Education plans, years 12–13: 82% at the end of June 2016. Higher is better."
    ),
    "none": ("Adoption breakdowns: none from April to August 2016. Lower is better."),
    "unit that the title does not name": (
        "Special guardianship: 24 orders in 2015/16. Higher is better."
    ),
    "below nought": (
        "Residential placements, change: minus 35% from the end of March 2014 to the end of "
        "March 2016. Lower is better."
    ),
    "money": ("Budget: £47.0 million in 2016/17."),
    "printed without its decimals": (
        "Missing education, admissions: 63.0% in 2015/16, down from 65.0% in 2014/15, which is "
        "better. It is too soon to say whether the fall is a real change."
    ),
    "rising and good, members": (
        "Children in Care Council: 13 members after the April 2016 campaign. Higher is better."
    ),
    "inspector's count": (
        "Looked after children: 635 at the inspection, January to February 2017, up from 626 on"
        " 30 September 2016; 55 above the range of 550 to 580 that the council set for 2016/17."
        " It is too soon to say whether the rise is a real change."
    ),
    "no good direction": (
        "Looked after children, rate: 73 per 10,000 children on 31 March 2025, down from 78 on "
        "31 March 2024. That is above England (67), but below the West Midlands (86) and the "
        "median of its ten statistical neighbours (97, May 2025 list). It is too soon to say "
        "whether the fall is a real change."
    ),
    "no good direction, ten years earlier": (
        "Looked after children, rate: 112 per 10,000 children on 31 March 2016. That is above "
        "England (60), the West Midlands (73) and the average of its ten statistical neighbours"
        " (92.4, May 2025 list)."
    ),
    "range that is not set for the day": (
        "Looked after children: 501 on 31 March 2025, down from 517 on 31 March 2024. It is too"
        " soon to say whether the fall is a real change. Neither higher nor lower is better in "
        "itself: the council sets a range."
    ),
    "better, and not a real change": (
        "Re-referrals: 20.8% in 2024/25, down from 21.3% in 2023/24, which is better, though "
        "not a real change. That is better than England (22.6%) and the median of its ten "
        "statistical neighbours (21.6%, May 2025 list), but worse than the West Midlands "
        "(19.5%)."
    ),
    "count without a good direction": (
        "Referrals: 4,451 in 2024/25, up from 3,660 in 2023/24, though not a real change."
    ),
    "second plans": (
        "Second or later plans: 22.9% in 2024/25, down from 27.4% in 2023/24, which is better, "
        "though not a real change. That is better than England (24.5%), the West Midlands "
        "(26.7%) and the median of its ten statistical neighbours (26.0%, May 2025 list)."
    ),
    "a better step in a real change for the worse, England": (
        "Second or later plans: 24.5% in 2024/25, down from 24.7% in 2023/24, which is better. "
        "Over a longer time there has been a real change for the worse."
    ),
    "a real change for the worse, Croydon": (
        "Re-referrals: 26.8% in 2024/25, up from 23.1% in 2023/24, a real change for the worse."
        " That is worse than England (22.6%)."
    ),
    "a real change for the better, Trafford": (
        "Re-referrals: 18.0% in 2024/25, down from 20.4% in 2023/24, a real change for the "
        "better. That is better than England (22.6%)."
    ),
    "part of a real change, Birmingham": (
        "Second or later plans: 25.9% in 2024/25, up from 25.5% in 2023/24, part of a real "
        "change for the worse. That is better than the West Midlands (26.7%), but worse than "
        "England (24.5%)."
    ),
    "a real change without a good direction, Croydon": (
        "Re-referrals: 26.8% in 2024/25, up from 23.1% in 2023/24, a real change. That is above"
        " England (22.6%)."
    ),
    "better than its neighbours, short of a stated target": (
        "Care leavers in education or work: 57% in 2024/25, up from 56% in 2023/24, which is "
        "better. That is better than England (54%), the West Midlands (54%) and the median of "
        "its ten statistical neighbours (47%, May 2025 list), but 3 percentage points below its"
        " target of 60%. It is too soon to say whether the rise is a real change."
    ),
    "falling and bad": (
        "Health assessments: 79% in 2024/25, down from 85% in 2023/24, which is worse. That is "
        "worse than England (90%), the West Midlands (84%) and the median of its ten "
        "statistical neighbours (94.5%, May 2025 list). It is too soon to say whether the fall "
        "is a real change."
    ),
    "worse than its neighbours, stated target met": (
        "Health assessments: 79% in 2024/25, down from 85% in 2023/24, which is worse. That is "
        "worse than England (90%), the West Midlands (84%) and the median of its ten "
        "statistical neighbours (94.5%, May 2025 list), but 4 percentage points above its "
        "target of 75%. It is too soon to say whether the fall is a real change."
    ),
    "close to a stated target": (
        "Health assessments: 79% in 2024/25, down from 85% in 2023/24, which is worse, and 1 "
        "percentage point below its target of 80%, which the council counts as close. It is too"
        " soon to say whether the fall is a real change."
    ),
    "rising and bad, level with some": (
        "Three or more placements: 10% in 2024/25, up from 7% in 2023/24, which is worse. That "
        "is the same as England (10%) and the West Midlands (10%) and worse than the median of "
        "its ten statistical neighbours (9.5%, May 2025 list). It is too soon to say whether "
        "the rise is a real change."
    ),
    "the same": (
        "Suitable homes: 92% in 2024/25, the same as in 2023/24; 2 percentage points above its "
        "target of 90%. That is better than England (89%), the West Midlands (90%) and the "
        "median of its ten statistical neighbours (90%, May 2025 list)."
    ),
    "suppressed as published": (
        "Convictions: not shown for 2024/25, because a small number could name a child; the "
        "last figure was 0% in 2022/23. Lower is better."
    ),
    "not available": (
        "Persistent absence: not available for 2019/20; the last figure was 9.7% in 2018/19. "
        "Lower is better."
    ),
    "missing": (
        "Not in touch: no figure for 2024/25, and its source does not say why; the last figure "
        "was 4% in 2023/24. Lower is better."
    ),
    "not applicable, Cumbria": (
        "Looked after children: no figure for 31 March 2024, because it does not apply; the "
        "last figure was 740 on 31 March 2023. Neither higher nor lower is better in itself: "
        "the council sets a range."
    ),
    "neighbours without a value": (
        "Plans of two years or more: 11.7% on 31 March 2025, up from 7.0% on 31 March 2024, "
        "which is worse. That is worse than England (2.3%), the West Midlands (2.3%) and the "
        "median of nine of its ten statistical neighbours (3.5%, May 2025 list). It is too soon"
        " to say whether the rise is a real change."
    ),
    "restated": (
        "Looked after children: 517 on 31 March 2024 (restated since: 522 before), up from 498 "
        "on 31 March 2023. It is too soon to say whether the rise is a real change. Neither "
        "higher nor lower is better in itself: the council sets a range."
    ),
    "year to September": (
        "Social worker turnover: 10.8% in the year to 30 September 2025, up from 9.6% in the "
        "year to 30 September 2024, which is worse. That is better than England (11.8%) and the"
        " West Midlands (11.5%), but worse than the median of its ten statistical neighbours "
        "(8.5%, May 2025 list). It is too soon to say whether the rise is a real change."
    ),
    "average": (
        "Caseload: 13.8 cases on 30 September 2025, down from 14.2 on 30 September 2024, which "
        "is better. That is better than England (15.2), the West Midlands (15.3) and the median"
        " of its ten statistical neighbours (15.3, May 2025 list). It is too soon to say "
        "whether the fall is a real change."
    ),
    "score": (
        "Attainment 8: 23.7 points in 2024/25, up from 20.9 in 2023/24, which is better. That "
        "is better than England (17.3), the West Midlands (19.3) and the median of its ten "
        "statistical neighbours (17.8, May 2025 list). It is too soon to say whether the rise "
        "is a real change."
    ),
    "after a gap": (
        "Key stage 2: 53% in 2023/24. That is better than England (34%) and the West Midlands "
        "(37%)."
    ),
    "months, England alone": (
        "Time to adoption: 27 months in 2024/25, down from 29 in 2023/24, which is better. It "
        "is too soon to say whether the fall is a real change."
    ),
    "below a stated ceiling": (
        "Agency social workers: 9.9% on 30 September 2025, down from 14.2% on 30 September "
        "2024, which is better, and within its target of no more than 10% for 2025/26. It is "
        "too soon to say whether the fall is a real change."
    ),
    "above a stated ceiling": (
        "Agency social workers: 14.2% on 30 September 2024, up from 10.5% on 30 September 2023,"
        " which is worse, and 4.2 percentage points above its target of no more than 10% for "
        "2024/25. It is too soon to say whether the rise is a real change."
    ),
    "target of a year that is over": (
        "Care leavers in education or work: 57% in 2024/25, up from 56% in 2023/24, which is "
        "better; 56% in 2023/24 was 1 percentage point above its target of 55%. It is too soon "
        "to say whether the rise is a real change."
    ),
    "hidden by the council, with what it was made of": (
        "Plans of two years or more: not shown for 31 March 2025, because a small number could "
        "name a child; the last figure was 7.0% on 31 March 2024. Lower is better."
    ),
    "provisional": (
        "Health assessments: a provisional 79% in 2024/25, down from 85% in 2023/24, which is "
        "worse. It is too soon to say whether the fall is a real change."
    ),
    "estimated": (
        "Health assessments: an estimated 79% in 2024/25, down from 85% in 2023/24, which is "
        "worse. It is too soon to say whether the fall is a real change."
    ),
    "rounds to zero": (
        "Convictions: close to 0% in 2020/21, though not quite none; the last figure was 2% in "
        "2019/20. Lower is better."
    ),
    "low reliability": (
        "Not in touch: not shown for 2023/24, because its source does not find it reliable "
        "enough; the last figure was 5% in 2022/23. Lower is better."
    ),
    "counted in a new way": (
        "Re-referrals: 20.8% in 2024/25, counted in a new way, so not compared with earlier "
        "figures. Lower is better."
    ),
    "twelve made one": ("Guardianship from care: 1 order in 2015/16. Higher is better."),
    "two years as if they were quarters": (
        "Assessments in 45 days: 87.9% in the second quarter of 2016/17, down from 88.1% in the"
        " first quarter of 2016/17, which is worse, and 2.1 percentage points below its target "
        "of 90% for 2016/17. It is too soon to say whether the fall is a real change."
    ),
}


def say(title, given):
    return write_sentence(title, read(given))


def test_every_case_has_its_sentence():
    assert SAID.keys() == CASES.keys()
    assert len(SAID) >= 30


@pytest.mark.parametrize("case", CASES)
def test_what_is_said(case):
    assert say(*CASES[case]).text == SAID[case]


@pytest.mark.parametrize("case", CASES)
def test_no_sentence_speaks_of_the_method(case):
    said = say(*CASES[case])
    words = " ".join([said.text, said.short, said.change, said.way]).lower()
    for word in ("xmr", "limit", "polarity", "quartile", "rag", "signal", "suppress"):
        assert f" {word}" not in words
    assert said.text.count(". ") <= 2
    assert said.text.startswith(CASES[case][0])
    assert said.text.endswith(".")
    assert "  " not in said.text
    assert ",," not in said.text


@pytest.mark.parametrize("case", CASES)
def test_order_of_figures_does_not_matter(case):
    title, given = CASES[case]
    mixed = list(given.figures)
    Random(7).shuffle(mixed)
    assert say(title, replace(given, figures=tuple(mixed))) == say(title, given)


@pytest.mark.parametrize("case", CASES)
def test_flipped_polarity_swaps_better_and_worse(case):
    title, given = CASES[case]
    other = {Polarity.HIGHER: Polarity.LOWER, Polarity.LOWER: Polarity.HIGHER}
    polarity = other.get(given.measure.polarity, given.measure.polarity)
    flipped = replace(given, measure=replace(given.measure, polarity=polarity))
    one, two = say(title, given), say(title, flipped)
    swap = {"better": "worse", "worse": "better"}
    assert two.direction.split() == [swap.get(word, word) for word in one.direction.split()]
    assert two.change.split() == [swap.get(word, word) for word in one.change.split()]
    for word, opposite in swap.items():
        assert (f"{word} than" in one.comparison) == (f"{opposite} than" in two.comparison)


@given(
    st.decimals(0, 5, places=1),
    st.integers(6, 400),
    st.integers(0, 99).map(Decimal),
)
def test_nothing_said_of_a_hidden_figure_depends_on_it(numerator, denominator, value):
    """Whatever it was made of or was before, and whatever stands beside it, the words are one."""
    measure = snapshot("%", Polarity.LOWER, 1)
    hidden = on_day("2025-03-31", None, "31 March 2025")
    behind = replace(hidden, numerator=numerator, denominator=Decimal(denominator))
    plain = say("Convictions", facts(measure, (hidden,)))
    told = say(
        "Convictions",
        facts(
            measure, (behind,), revised_from=value, beside=beside(str(value)),
            neighbours=neighbours(str(value)), target=target("50", end_year=2025),
        ),
    )  # fmt: skip
    assert told == plain
    assert not any(letter.isdigit() for letter in told.text.replace("31 March 2025", ""))
    assert (told.direction, told.target, told.comparison, told.change) == ("", "", "", "")


def test_hidden_figure_keeps_an_older_one_from_being_rated_in_its_place():
    figures = (*days(2024, "4.8", "09-30", "30 September"), on_day("2025-03-31", None))
    reading = read(
        facts(snapshot("%", Polarity.LOWER, 1), figures, target=target("4", end_year=2025))
    )
    assert (reading.target_figure, reading.rating.is_coloured) == (None, False)


def test_range_is_said_and_no_way_is_better():
    said = say("Looked after children", CASES["outside its range"][1])
    assert said.way == "The council has set a range."
    assert said.change == "too soon to say whether the fall is a real change"
    assert said.short == (
        "638 on 8 August 2016, down from 778 in 2014/15; 58 above the range of 550 to 580 that "
        "the council set for 2016/17"
    )
    assert "better" not in said.text
    assert "worse" not in said.text


def test_count_of_children_is_not_compared():
    given = facts(CHILDREN, days(2025, "501"), beside=beside("81770"), neighbours=neighbours("586"))
    assert say("Looked after children", given).comparison == ""


def test_neighbours_of_another_list_and_without_an_edition():
    measure = snapshot("%", Polarity.LOWER, 1)
    given = facts(
        measure, days(2025, "5"), neighbours=neighbours("6", n=3, of=12, title="nearby councils")
    )
    assert say("Plans", given).comparison == (
        "better than the median of three of its 12 nearby councils (6.0%)"
    )


@pytest.mark.parametrize("symbol", Symbol)
def test_every_symbol_is_said_without_an_underscore_or_a_comparison(symbol):
    figures = years(2024, f"5 {symbol.value}")
    said = say("Not in touch", facts(snapshot("%", Polarity.LOWER), figures, beside=beside("4")))
    assert "5% in 2023/24" in said.text
    assert "_" not in said.text
    assert (said.direction, said.comparison, said.change) == ("", "", "")


def test_source_that_dates_no_figure_gives_no_direction():
    figures: tuple[Figure, ...] = tuple(
        on_day(day, "70", "not dated in the paper", is_undated=True)
        for day in ("2016-05-31", "2016-06-30")
    )
    said = say("Take-up", facts(snapshot("%", Polarity.HIGHER), figures, beside=beside("68")))
    assert said.text == "Take-up: 70%, not dated in the paper. Higher is better."
