"""Series of real figures, for the sentences that are said of them.

Each year's value is as printed in the source that a case names; DfE's files lie in fixtures/dfe.
Contains public sector information licensed under the Open Government Licence v3.0.
"""

from datetime import date
from decimal import Decimal

from performance.calculations.comparison import Comparison
from performance.calculations.figures import KindOfFigure, Measure, Polarity
from performance.calculations.reading import BesideArea, Facts, TargetHeld
from performance.calculations.targets import Bounds
from tests.performance.calculations.figure_factories import make_figure, on_day

ON = date(2026, 1, 31)
PANEL = date(2016, 10, 5)
LATEST_LIST = "Statistical neighbours, May 2025"

HIGHER, LOWER, NEITHER, RANGE = (
    Polarity.HIGHER, Polarity.LOWER, Polarity.NEITHER, Polarity.RANGE,
)  # fmt: skip

# DfE, tables C1 and D3 of its children in need release, 2012/13 to 2024/25: Wolverhampton where
# no other area is named.
RE_REFERRALS = "32.6 26.9 26.8 20.7 24.3 24.8 23.8 20.9 7.3 19.5 21.2 21.3 20.8"
REFERRALS = "3701 6998 3801 4010 5983 5368 4013 3327 2838 3481 3937 3660 4451"
SECOND_PLANS = "9 12.5 12.6 17.9 16.5 16.3 17.3 22.3 21.2 21.4 19.2 27.4 22.9"
ENGLAND_SECOND_PLANS = "14.9 15.8 16.6 17.9 18.7 20.2 20.8 21.9 22.1 22.7 23.6 24.7 24.5"
CROYDON = "20.7 15.2 15 20 18.5 20 19.4 17.9 18.6 18.9 19.6 23.1 26.8"
TRAFFORD = "29.1 31.2 28.1 26.1 23.8 25.9 26.9 31.8 17.2 21.4 19.9 20.4 18"
BIRMINGHAM = "20.3 21.5 20.5 20.8 21.6 24 22.3 21 26.4 23.8 23.8 25.5 25.9"


def measure(unit, polarity, decimals=0, kind=KindOfFigure.IN_PERIOD, **fields):
    return Measure(
        title="", unit=unit, decimals=decimals, polarity=polarity, kind_of_figure=kind,
        source="", **fields,
    )  # fmt: skip


def snapshot(unit, polarity, decimals=0, **fields):
    return measure(unit, polarity, decimals, KindOfFigure.ON_A_DAY, **fields)


def years(first_end, values, start="04-01", end="03-31", **latest):
    """One figure a year, the first year ending in `first_end`; `latest` for the last one.

    A word in place of a value is the symbol.
    """
    cells = values.split()
    figures = []
    for place, cell in enumerate(cells):
        year = first_end + place
        flags = latest if place == len(cells) - 1 else {}
        is_number = cell.replace(".", "").isdecimal()
        figures.append(
            make_figure(
                f"{year - 1}-{start}", f"{year}-{end}", cell if is_number else None,
                f"{year - 1}/{year % 100:02}", **({} if is_number else {"symbol": cell}), **flags,
            )
        )  # fmt: skip
    return tuple(figures)


def school_years(first_end, values, **latest):
    return years(first_end, values, "09-01", "08-31", **latest)


def days(first_year, values, day="03-31", words="31 March", **latest):
    cells = values.split()
    return tuple(
        on_day(
            f"{first_year + place}-{day}", cell if cell[0].isdecimal() else None,
            f"{words} {first_year + place}",
            **({} if cell[0].isdecimal() else {"symbol": cell}),
            **(latest if place == len(cells) - 1 else {}),
        )
        for place, cell in enumerate(cells)
    )  # fmt: skip


def facts(measure, figures, on=ON, **fields):
    return Facts(measure=measure, figures=tuple(figures), on=on, **fields)


def beside(england=None, west_midlands=None):
    pairs = (("England", england), ("the region", west_midlands))
    names = {"the region": "West Midlands"}
    return tuple(
        BesideArea(names.get(name, name), Decimal(value)) for name, value in pairs if value
    )


def neighbours(median, mean=None, n=10, of=10, title=LATEST_LIST):
    """The group's middle; its ends are said nowhere."""
    middle = Decimal(median)
    return Comparison(title, "", Decimal(mean or median), middle, middle, middle, n, of)


def target(low=None, high=None, end_year=2017, when=None):
    """A target for the financial year that ends in `end_year`."""
    low, high = (None if bound is None else Decimal(bound) for bound in (low, high))
    words = f"for {end_year - 1}/{end_year % 100:02}" if when is None else when
    return TargetHeld(Bounds(low, high, date(end_year, 3, 31)), date(end_year - 1, 4, 1), words)


CHILDREN = snapshot("children", RANGE, counts_children=True)
ADOPTERS = measure("adopters", HIGHER, kind=KindOfFigure.YEAR_TO_DATE)
EARLIER = make_figure("2015-04-01", "2016-03-31", "18", "2015/16")
TO_AUGUST = make_figure("2016-04-01", "2016-08-31", "12", "April to August 2016")
LOOKED_AFTER = (
    on_day("2015-03-31", "778", "2014/15"),
    on_day("2016-08-08", "638", "8 August 2016"),
)
NOT_DATED = {"label": "not dated in the paper", "is_undated": True}
SHARE_LOWER_1 = measure("%", LOWER, 1)
SHARE_HIGHER = measure("%", HIGHER)
EET = years(2016, "41 56 56 61 57 46 56 56 56 57")
HEALTH = years(2018, "88 93 96 86 90 90 85 79")

# The panel's paper of 5 October 2016 (fixtures/figures.csv and targets.csv).
PAPER = {
    "outside its range": ("Looked after children", facts(
        CHILDREN, LOOKED_AFTER, PANEL, target=target("550", "580"))),
    "single value, target met": ("Young offenders in education or work", facts(
        SHARE_HIGHER, years(2016, "58"), PANEL, target=target("55", end_year=2016))),
    "part-way": ("Adopters approved", facts(
        ADOPTERS, (EARLIER, TO_AUGUST), PANEL, target=target("30"))),
    "no figure for the year's end": ("Adopters approved", facts(
        ADOPTERS, (EARLIER, TO_AUGUST), date(2017, 4, 1), target=target("30"))),
    "target without a figure": ("New foster carers", facts(
        measure("carers", HIGHER, kind=KindOfFigure.YEAR_TO_DATE), (), PANEL,
        target=target("30"))),
    "target without a figure, by a month": ("Staying put", facts(
        measure("young people", HIGHER, kind=KindOfFigure.YEAR_TO_DATE), (), date(2017, 6, 1),
        target=target("15", when="by March 2017"))),
    "undated, with its target": ("Two-year-old offer", facts(
        snapshot("%", HIGHER), (on_day("2016-06-30", "71", **NOT_DATED),), PANEL,
        target=TargetHeld(
            Bounds(Decimal(70), None, date(2016, 6, 30)), date(2016, 6, 30), ""),
        beside=beside("68"))),
    "undated beside dated": ("Agency fostering", facts(
        snapshot("children", LOWER, counts_children=True), (
            make_figure("2016-04-01", "2016-04-30", "264", "April 2016"),
            on_day("2016-06-30", "252", **NOT_DATED)), PANEL)),
    "falling and good, printed with different digits": ("Persistent absence", facts(
        SHARE_LOWER_1, school_years(2013, "5.6 5 3.7"), PANEL)),
    "month": ("Early-years education plans", facts(
        snapshot("%", HIGHER), (make_figure("2016-07-01", "2016-07-31", "43", "July 2016"),),
        PANEL)),
    "end of a month": ("Education plans, years 12–13", facts(
        snapshot("%", HIGHER), (on_day("2016-06-30", "82", "end of June 2016"),), PANEL)),
    "none": ("Adoption breakdowns", facts(
        measure("breakdowns", LOWER, kind=KindOfFigure.YEAR_TO_DATE, counts_children=True),
        (make_figure("2016-04-01", "2016-08-31", "0", "April to August 2016"),), PANEL)),
    "unit that the title does not name": ("Special guardianship", facts(
        measure("orders", HIGHER, counts_children=True), years(2016, "24"), PANEL)),
    "below nought": ("Residential placements, change", facts(
        measure("%", LOWER), (make_figure(
            "2014-04-01", "2016-03-31", "-35", "end of March 2014 to end of March 2016"),),
        PANEL)),
    "money": ("Budget", facts(
        measure("£ million", NEITHER, 1, is_context=True), years(2017, "47.0"), PANEL)),
    "printed without its decimals": ("Missing education, admissions", facts(
        SHARE_LOWER_1, years(2014, "71 65 63"), PANEL)),
    "rising and good, members": ("Children in Care Council", facts(
        snapshot("members", HIGHER, counts_children=True), (
            on_day("2016-03-31", "7", "before the April 2016 campaign", is_undated=True),
            make_figure("2016-04-01", "2016-04-30", "13", "after the April 2016 campaign")),
        PANEL)),
    "inspector's count": ("Looked after children", facts(
        CHILDREN, (
            on_day("2016-09-30", "626", "30 September 2016"),
            make_figure("2017-01-16", "2017-02-09", "635",
                        "at the inspection, January to February 2017")),
        date(2017, 4, 1), target=target("550", "580"))),
}  # fmt: skip

# DfE's files, Wolverhampton beside England, the West Midlands and its neighbours of May 2025.
DFE = {
    "no good direction": ("Looked after children, rate", facts(
        snapshot("per 10,000 children", NEITHER),
        days(2016, "112 108 108 103 96 88 83 78 78 73"),
        beside=beside("67", "86"), neighbours=neighbours("97", "107.7"))),
    "no good direction, ten years earlier": ("Looked after children, rate", facts(
        snapshot("per 10,000 children", NEITHER), days(2016, "112"),
        beside=beside("60", "73"), neighbours=neighbours("90.5", "92.4"),
        neighbours_statistic="mean")),
    "range that is not set for the day": ("Looked after children", facts(
        CHILDREN, days(2016, "654 638 649 625 588 540 512 498 517 501"),
        beside=beside("81770"))),
    "better, and not a real change": ("Re-referrals", facts(
        SHARE_LOWER_1, years(2013, RE_REFERRALS), beside=beside("22.6", "19.5"),
        neighbours=neighbours("21.55", "22"))),
    "count without a good direction": ("Referrals", facts(
        measure("referrals", NEITHER), years(2013, REFERRALS), beside=beside("632830"))),
    "second plans": ("Second or later plans", facts(
        SHARE_LOWER_1, years(2013, SECOND_PLANS), beside=beside("24.5", "26.7"),
        neighbours=neighbours("26", "25.84"))),
    "a better step in a real change for the worse, England": ("Second or later plans", facts(
        SHARE_LOWER_1, years(2013, ENGLAND_SECOND_PLANS))),
    "a real change for the worse, Croydon": ("Re-referrals", facts(
        SHARE_LOWER_1, years(2013, CROYDON), beside=beside("22.6"))),
    "a real change for the better, Trafford": ("Re-referrals", facts(
        SHARE_LOWER_1, years(2013, TRAFFORD), beside=beside("22.6"))),
    "part of a real change, Birmingham": ("Second or later plans", facts(
        SHARE_LOWER_1, years(2013, BIRMINGHAM), beside=beside("24.5", "26.7"))),
    "a real change without a good direction, Croydon": ("Re-referrals", facts(
        measure("%", LOWER, 1, is_context=True), years(2013, CROYDON), beside=beside("22.6"))),
    "better than its neighbours, short of a stated target": (
        "Care leavers in education or work", facts(
            SHARE_HIGHER, EET, beside=beside("54", "54"),
            neighbours=neighbours("47"), target=target("60", end_year=2025))),
    "falling and bad": ("Health assessments", facts(
        SHARE_HIGHER, HEALTH, beside=beside("90", "84"), neighbours=neighbours("94.5"))),
    "worse than its neighbours, stated target met": ("Health assessments", facts(
        SHARE_HIGHER, HEALTH, beside=beside("90", "84"), neighbours=neighbours("94.5"),
        target=target("75", end_year=2025))),
    "close to a stated target": ("Health assessments", facts(
        measure("%", HIGHER, tolerance=Decimal(2)), HEALTH, target=target("80", end_year=2025))),
    "rising and bad, level with some": ("Three or more placements", facts(
        measure("%", LOWER), years(2016, "13 13 16 14 9 6 6 6 7 10"), beside=beside("10", "10"),
        neighbours=neighbours("9.5", "10.1"))),
    "the same": ("Suitable homes", facts(
        SHARE_HIGHER, years(2022, "87 89 92 92"), beside=beside("89", "90"),
        neighbours=neighbours("90"), target=target("90", end_year=2025))),
    "suppressed as published": ("Convictions", facts(
        measure("%", LOWER), years(2020, "2 suppressed suppressed 0 suppressed suppressed"),
        beside=beside("2", "1"), neighbours=neighbours("3", n=7))),
    "not available": ("Persistent absence", facts(
        SHARE_LOWER_1, school_years(2017, "10.7 6.6 9.7 not_available"),
        date(2021, 4, 1), beside=beside("12.1"))),
    "missing": ("Not in touch", facts(
        measure("%", LOWER), years(2023, "5 4 missing"), beside=beside("4", "3"))),
    "not applicable, Cumbria": ("Looked after children", facts(
        CHILDREN, days(2022, "734 740 not_applicable"))),
    "neighbours without a value": ("Plans of two years or more", facts(
        snapshot("%", LOWER, 1), days(2021, "5.1 5.6 4.8 7 11.7"), beside=beside("2.3", "2.3"),
        neighbours=neighbours("3.5", "3.43", n=9))),
    "restated": ("Looked after children", facts(
        CHILDREN, days(2021, "540 512 498 517", is_revised=True), date(2025, 12, 1),
        revised_from=Decimal(522))),
    "year to September": ("Social worker turnover", facts(
        SHARE_LOWER_1, (
            make_figure("2023-10-01", "2024-09-30", "9.6", "year to 30 September 2024"),
            make_figure("2024-10-01", "2025-09-30", "10.8", "year to 30 September 2025")),
        beside=beside("11.8", "11.5"), neighbours=neighbours("8.45", "10.08"))),
    "average": ("Caseload", facts(
        snapshot("cases", LOWER, 1), days(2023, "13.9 14.2 13.8", "09-30", "30 September"),
        beside=beside("15.2", "15.3"), neighbours=neighbours("15.3", "15.71"))),
    "score": ("Attainment 8", facts(
        measure("points", HIGHER, 1), school_years(2023, "23.8 20.9 23.7"),
        beside=beside("17.3", "19.3"), neighbours=neighbours("17.75"))),
    "after a gap": ("Key stage 2", facts(
        SHARE_HIGHER, school_years(2022, "suppressed suppressed 53"), date(2025, 4, 1),
        beside=beside("34", "37"))),
    "months, England alone": ("Time to adoption", facts(
        measure("months", LOWER), years(2021, "26 27 29 29 27"))),
    "below a stated ceiling": ("Agency social workers", facts(
        snapshot("%", LOWER, 1), days(2023, "10.5 14.2 9.9", "09-30", "30 September"),
        target=target(high="10.0", end_year=2026))),
    "above a stated ceiling": ("Agency social workers", facts(
        snapshot("%", LOWER, 1), days(2023, "10.5 14.2", "09-30", "30 September"),
        target=target(high="10.0", end_year=2025))),
    "target of a year that is over": ("Care leavers in education or work", facts(
        SHARE_HIGHER, EET, target=target("55", end_year=2024))),
}  # fmt: skip

# Real series with the alteration that the case's name states.
ALTERED = {
    "hidden by the council, with what it was made of": ("Plans of two years or more", facts(
        snapshot("%", LOWER, 1), (
            *days(2023, "4.8 7"),
            on_day("2025-03-31", None, "31 March 2025",
                   numerator=Decimal(25), denominator=Decimal(213))),
        beside=beside("2.3"), neighbours=neighbours("3.5"), target=target("5", end_year=2025),
        revised_from=Decimal("11.7"))),
    "provisional": ("Health assessments", facts(
        SHARE_HIGHER, years(2024, "85 79", is_provisional=True))),
    "estimated": ("Health assessments", facts(
        SHARE_HIGHER, years(2024, "85 79", is_estimated=True))),
    "rounds to zero": ("Convictions", facts(
        measure("%", LOWER), years(2019, "3 2 rounds_to_zero"))),
    "low reliability": ("Not in touch", facts(
        measure("%", LOWER), years(2023, "5 low_reliability"))),
    "counted in a new way": ("Re-referrals", facts(
        SHARE_LOWER_1, years(2013, RE_REFERRALS, is_series_break=True))),
    "twelve made one": ("Guardianship from care", facts(
        measure("orders", HIGHER, counts_children=True), years(2016, "1"), PANEL)),
    "two years as if they were quarters": ("Assessments in 45 days", facts(
        measure("%", HIGHER, 1), (
            make_figure("2016-04-01", "2016-06-30", "88.1", "Q1 2016/17"),
            make_figure("2016-07-01", "2016-09-30", "87.9", "Q2 2016/17")), PANEL,
        target=target("90"))),
}  # fmt: skip

CASES = {**PAPER, **DFE, **ALTERED}
