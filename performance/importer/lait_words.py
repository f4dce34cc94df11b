"""What the words of the Interactive Tool's dictionary say of a measure, and no more than that."""

import re

from performance.importer.lait_years import (
    ACADEMIC_YEAR,
    CALENDAR_YEAR,
    FINANCIAL_YEAR,
    JANUARY,
    ON_30_SEPTEMBER,
    ON_31_MARCH,
    YEAR_TO_SEPTEMBER,
)

UNIT_UNSAID = "as DfE counts it"
LONGEST_UNIT = 40

# What the axis of the tool's chart says is counted. Abbreviations are not spelled out here: a unit
# that reads well and means something else is worse than none.
COUNTED = {
    "annual reviews": "reviews",
    "assessments": "assessments",
    "care leavers (19-21)": "care leavers",
    "care leavers eet": "care leavers",
    "cases": "cases",
    "ceased plans": "plans",
    "children": "children",
    "children looked after": "children",
    "children subject to cpp": "children",
    "foster places": "places",
    "foster places filled": "places",
    "leavers": "care leavers",
    "pupils": "pupils",
    "requests": "requests",
    "2 yr olds": "children",
    "3 & 4 yr olds": "children",
}
OF_CHILDREN = ("children", "care leavers", "pupils")
RATE = re.compile(r"rate per ([0-9][0-9,]*)\s*(.*)", re.IGNORECASE)
PER_CHILDREN = re.compile(r"per ([0-9][0-9,]*) children", re.IGNORECASE)
OVER_A_YEAR = ("during the year", "throughout year", "turnover")


def read_unit(axis: str, title: str, description: str) -> str:
    """“%”, “per 10,000 children”, “children”, “£ a week”, from the axis and title of its chart."""
    if axis.startswith("%") or "(%)" in title:
        return "%"
    if rate := RATE.fullmatch(axis):
        return _rate(rate, f"{title} {description}")
    if axis == "Spend":
        return "£"
    if axis == "Unit Cost":
        return "£ a week" if "weekly unit cost" in title else "£"
    if "(FTE)" in title and axis != "Case Load":
        return "full-time equivalents"
    if axis.lower().endswith("score") or axis == "Score per pupil":
        return "points"
    if axis in ("Case Load", "Total cases"):
        return "cases"
    return COUNTED.get(axis.lower().removeprefix("number of "), UNIT_UNSAID)


def _rate(rate: re.Match[str], words: str) -> str:
    """Of whom, where the axis or else the title or description says so."""
    many = rate[1] if "," in rate[1] else f"{int(rate[1]):,}"
    of = rate[2]
    if not of and any(found[1] == many for found in PER_CHILDREN.finditer(words)):
        of = "children"
    return f"per {many} {of}".strip()[:LONGEST_UNIT]


def read_decimals(dps: int | None, unit: str) -> int:
    """How many decimals a page shows.

    Where the dictionary does not say, none for what is counted and one for the rest: of those
    measures nearly all figures have no more, and a figure that has keeps its own.
    """
    if dps is not None:
        return dps
    return 0 if unit in {*COUNTED.values(), "£"} else 1


def read_kind_of_year(year_type: str, titles: str) -> str | None:
    """Which years a measure is counted by, one of YEARS; None for a kind that is not known.

    The tool calls a count on 31 March “Financial Year” in most measures, though the title says on
    which day; for a measure's count *during* the year no day is meant, whatever else it names.
    """
    words = titles.lower()
    over_a_year = any(said in words for said in OVER_A_YEAR)
    if year_type == "Financial Year":
        return ON_31_MARCH if "31 march" in words and not over_a_year else FINANCIAL_YEAR
    if year_type == "Annual (end of Sept)":
        return YEAR_TO_SEPTEMBER if over_a_year else ON_30_SEPTEMBER
    # Five measures, children in need, on a plan and looked after: four descriptions name 31 March,
    # and the fifth agrees with the Department's own release at that day.
    plain = {
        "Annual": ON_31_MARCH,
        "Annual - January": JANUARY,
        "Calendar Year": CALENDAR_YEAR,
        "Academic Year": ACADEMIC_YEAR,
    }
    return plain.get(year_type)
