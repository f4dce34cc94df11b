"""Charts with the figures that DfE publishes for one council, and edges around them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from performance.charts import (
    Annotation,
    Band,
    ChartPoint,
    Comparator,
    ComparatorPoint,
    LimitLines,
    LineChart,
    Panel,
    SmallMultiples,
    Strip,
    StripMark,
)

NASTY = '<b onclick="x()">R&D</b>'


def make_points(words, start=2016):
    """One a year on 31 March; a dash stands for a suppressed figure."""
    return [
        ChartPoint(
            date(start + place, 3, 31),
            f"31 March {start + place}",
            None if word == "-" else Decimal(word),
            "suppressed" if word == "-" else "",
        )
        for place, word in enumerate(words.split())
    ]


def make_comparator(label, words, start=2016):
    points = [
        ComparatorPoint(point.on, point.label, point.value, point.symbol_label)
        for point in make_points(words, start)
    ]
    return Comparator(label, points)


def make_line(points, **words):
    given = {"title": "Children in care", "summary": "501 on 31 March 2025.",
             "label": "Our council", "unit": "children", "decimals": 0}  # fmt: skip
    return LineChart(points=points, **(given | words))


CARE = make_points("654 638 649 625 588 540 512 498 517 501")
CARE[0] = replace(CARE[0], signal="high", is_outside=True)
CARE[7] = replace(CARE[7], signal="low", is_outside=True, note="counted on 31 March")
CARE[9] = replace(CARE[9], is_provisional=True)
CARE_LIMITS = LimitLines(
    Decimal("572.2"), Decimal("509.2466667"), Decimal("635.1533333"), True,
    date(2016, 3, 31), date(2025, 3, 31),
)  # fmt: skip
RANGE = Band(date(2016, 4, 1), date(2017, 3, 31), Decimal(550), Decimal(580), "550 to 580")
CARE_LINE = make_line(CARE, bands=[RANGE], limits=[CARE_LIMITS])
RATES = make_line(
    make_points("112 106 106 101 95 87 80 76 77 73"),
    unit="per 10,000 children",
    comparators=[
        make_comparator("West Midlands", "73 75 78 82 84 86 88 88 88 86"),
        make_comparator("England", "60 62 64 65 67 68 70 71 70 67"),
        make_comparator("Neighbours", "92.4 96 99 103 107 109 110 109 - 107.7"),
    ],
)
GAPS = make_points("20.7 24.3 - - 20.9 7.3 19.5")
GAPS[5] = replace(GAPS[5], breaks_before=True, break_label="a new definition")
BROKEN = make_line(
    GAPS,
    unit="%",
    decimals=1,
    bands=[Band(date(2016, 4, 1), date(2022, 3, 31), None, Decimal(20), "at most 20%")],
    limits=[
        LimitLines(Decimal("20.5"), Decimal("-3.1"), Decimal("104"), False,
                   date(2016, 3, 31), date(2022, 3, 31))
    ],
    annotations=[Annotation(date(2020, 3, 23), "the first national lockdown")],
)  # fmt: skip
LINES = {
    "care": CARE_LINE,
    "rates": RATES,
    "broken": BROKEN,
    "one": make_line(make_points("43"), unit="%"),
    "suppressed": make_line(make_points("- - -")),
    "only others": make_line(make_points("-"), comparators=[make_comparator("England", "7")]),
    "nasty": make_line(make_points("3 4"), label=NASTY, unit=NASTY, bands=[
        replace(RANGE, label=NASTY)], comparators=[make_comparator(NASTY, "5 6")]),
}  # fmt: skip

NEIGHBOURS = [
    StripMark("Sandwell", Decimal(89)),
    StripMark("Walsall", Decimal(97)),
    StripMark("Derby", None, "suppressed"),
]
STRIP = Strip(
    title="Where we stand", summary="73, near the middle.", period="31 March 2025",
    own=StripMark("Our council", Decimal(73)), unit="per 10,000 children", decimals=0,
    councils=[StripMark(f"Council {rate}", Decimal(rate)) for rate in range(30, 130, 4)],
    councils_median=Decimal(74), neighbours=NEIGHBOURS, neighbours_label="Neighbours, 2025 list",
    neighbours_median=Decimal(93), rank="9th of 26", good="lower",
)  # fmt: skip
MULTIPLES = SmallMultiples(
    "By council", "Three councils.", "%", 1,
    [Panel("Sandwell", GAPS), Panel("Derby", make_points("- -")), Panel(NASTY, [])],
)  # fmt: skip
EVERY = {**LINES, "strip": STRIP, "multiples": MULTIPLES}
