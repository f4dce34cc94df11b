"""Areas, neighbours, indicators and series in our own layout: checked and put in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from performance.importer.check import Checker
from performance.importer.read import Row
from performance.models import (
    Area,
    AreaCode,
    ComparatorGroup,
    ComparatorMember,
    Indicator,
    Series,
    SeriesLink,
)

AREA_CODE = re.compile(r"[0-9]{3}")

Tables = Mapping[str, list[Row]]


@dataclass(frozen=True)
class Reference:
    """What figures and targets may name, by code."""

    areas: dict[str, Area]
    series: dict[str, Series]


def load_reference(tables: Tables, check: Checker) -> Reference:
    """Puts the reference rows in; rows may name what is on record as well as each other.

    Raises LoadRefused with every problem found in them.
    """
    areas = _load_areas(tables["areas"], check)
    _load_area_codes(tables["area_codes"], areas, check)
    groups = _load_comparator_groups(tables["comparator_groups"], check)
    _load_comparator_members(tables["comparator_members"], groups, areas, check)
    indicators = _load_indicators(tables["indicators"], check)
    series = _load_series(tables["series"], indicators, check)
    # A series whose row has a problem is known all the same: its links are not wrong for that.
    known = dict.fromkeys(row["code"] for row in tables["series"]) | series
    _load_series_links(tables["series_links"], known, check)
    # A row that names something unknown cannot be put in; say all that is wrong first.
    check.refuse_if_wrong()
    return Reference(areas, series)


def _load_areas(rows: list[Row], check: Checker) -> dict[str, Area]:
    check.once(rows, lambda row: row["code"], "code")
    areas = {area.code: area for area in Area.objects.all()}
    for row in rows:
        facts = {
            "name": check.text(row, "name"),
            "kind": check.choice(row, "kind", Area.Kind),
            "ons_code": row["ons_code"],
            "note": row["note"],
        }
        if not AREA_CODE.fullmatch(row["code"]):
            check.wrong(row, "code", "a code of three digits was expected")
            continue
        areas[row["code"]] = Area.objects.update_or_create(code=row["code"], defaults=facts)[0]
    for row in rows:
        if row["region"] and row["code"] in areas:
            area = areas[row["code"]]
            area.region = check.lookup(row, "region", areas, "an area")
            area.save(update_fields=["region"])
    return areas


def _load_area_codes(rows: list[Row], areas: Mapping[str, Area], check: Checker) -> None:
    check.once(rows, lambda row: (row["area"], row["ons_code"]), "ons_code")
    for row in rows:
        first, last = check.day(row, "from"), check.day(row, "until")
        check.ordered(row, "until", first, last)
        if area := check.lookup(row, "area", areas, "an area"):
            AreaCode.objects.update_or_create(
                area=area,
                ons_code=check.text(row, "ons_code"),
                defaults={"valid_from": first, "valid_until": last},
            )


def _load_comparator_groups(rows: list[Row], check: Checker) -> dict[str, ComparatorGroup]:
    groups = {group.slug: group for group in ComparatorGroup.objects.all()}
    check.once(rows, lambda row: row["slug"], "slug")
    for row in rows:
        facts = {
            "title": check.text(row, "title"),
            "source": check.text(row, "source"),
            "in_force_from": check.day(row, "in_force_from"),
            "statistic": check.choice(row, "statistic", ComparatorGroup.Statistic),
        }
        slug = check.text(row, "slug")
        groups[slug] = ComparatorGroup.objects.update_or_create(slug=slug, defaults=facts)[0]
    return groups


def _load_comparator_members(
    rows: list[Row],
    groups: Mapping[str, ComparatorGroup],
    areas: Mapping[str, Area],
    check: Checker,
) -> None:
    """In one statement: two lists of ten neighbours for every council are three thousand rows."""
    members = []
    for row in rows:
        group = check.lookup(row, "group", groups, "a comparator group")
        for_area = check.lookup(row, "for_area", areas, "an area")
        area = check.lookup(row, "area", areas, "an area")
        rank = check.whole(row, "rank")
        if area and area == for_area:
            check.wrong(row, "area", "another area was expected: none is its own neighbour")
        if group and for_area and area and rank is not None:
            members.append(
                ComparatorMember(
                    group=group,
                    for_area=for_area,
                    rank=rank,
                    area=area,
                    closeness=row["closeness"],
                )
            )
    check.once(rows, lambda row: (row["group"], row["for_area"], row["rank"]), "rank")
    check.once(rows, lambda row: (row["group"], row["for_area"], row["area"]), "area")
    if check.problems:
        return
    ComparatorMember.objects.bulk_create(
        members,
        update_conflicts=True,
        unique_fields=["group", "for_area", "rank"],
        update_fields=["area", "closeness"],
    )


def _load_indicators(rows: list[Row], check: Checker) -> dict[str, Indicator]:
    indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
    check.once(rows, lambda row: row["code"], "code")
    for row in rows:
        facts = _indicator_facts(row, check)
        if facts["is_key"] and not facts["in_panel_set"]:
            check.wrong(row, "key", "a key indicator is in the panel's set: mend one of the two")
            continue
        code = check.text(row, "code")
        indicators[code] = Indicator.objects.update_or_create(code=code, defaults=facts)[0]
    for row in rows:
        if row["part_of"] and row["part_of"] == row["code"]:
            check.wrong(row, "part_of", "another indicator was expected: none is part of itself")
        elif row["part_of"] and row["code"] in indicators:
            part = indicators[row["code"]]
            part.part_of = check.lookup(row, "part_of", indicators, "an indicator")
            part.save(update_fields=["part_of"])
    return indicators


def _indicator_facts(row: Row, check: Checker) -> dict[str, Any]:
    return {
        "title": check.text(row, "title"),
        "short_title": check.text(row, "short_title"),
        "definition": check.text(row, "definition"),
        "why_it_matters": row["why_it_matters"],
        "good_looks_like": row["good_looks_like"],
        "unit": check.text(row, "unit"),
        "decimals": _decimals(row, check),
        "polarity": check.choice(row, "polarity", Indicator.Polarity),
        "polarity_basis": row["polarity_basis"],
        "tolerance": _tolerance(row, check),
        "kind": check.choice(row, "kind", Indicator.Kind),
        "owner": row["owner"],
        "next_due_on": check.day(row, "next_due_on"),
        "in_panel_set": check.yes(row, "in_panel_set"),
        "is_key": check.yes(row, "key"),
        "counts_children": check.yes(row, "counts_children"),
    }


def _decimals(row: Row, check: Checker) -> int:
    decimals = check.whole(row, "decimals") or 0
    if decimals > 6:
        check.wrong(row, "decimals", "at most 6 were expected: no figure is kept more finely")
    return decimals


def _tolerance(row: Row, check: Checker) -> Decimal | None:
    tolerance = check.number(row, "tolerance")
    if tolerance is not None and tolerance < 0:
        check.wrong(row, "tolerance", "a distance from the target was expected: not below nought")
        return None
    return tolerance


def _load_series(
    rows: list[Row], indicators: Mapping[str, Indicator], check: Checker
) -> dict[str, Series]:
    series = {one.code: one for one in Series.objects.select_related("indicator")}
    check.once(rows, lambda row: row["code"], "code")
    for row in rows:
        facts = _series_facts(row, check)
        threshold = facts["threshold"]
        local = facts["suppression"] == Series.Suppression.LOCAL_THRESHOLD
        if local and threshold is None:
            check.wrong(row, "threshold", "the local rule needs the largest number that it hides")
        elif local and threshold is not None and threshold < 2:
            expected = "2 or more was expected: hiding only ones says that they are ones"
            check.wrong(row, "threshold", expected)
        elif threshold is not None and not local:
            check.wrong(row, "threshold", "only the local rule has a threshold: empty this cell")
        indicator = check.lookup(row, "indicator", indicators, "an indicator")
        code = check.text(row, "code")
        # The database refuses what it cannot hold before the other problems could be told.
        if indicator and not check.problems:
            facts["indicator"] = indicator
            series[code] = Series.objects.update_or_create(code=code, defaults=facts)[0]
    if check.problems:
        return series
    for row in rows:
        if row["code"] in series:
            others = check.lookup_many(row, "comparable_with", series, "a series")
            series[row["code"]].comparable_with.set(others)
    return series


def _series_facts(row: Row, check: Checker) -> dict[str, Any]:
    return {
        "source": check.text(row, "source"),
        "source_short": check.text(row, "source_short"),
        "definition": row["definition"],
        "kind_of_figure": check.choice(row, "kind_of_figure", Series.KindOfFigure),
        "periods": check.text(row, "periods"),
        "rounding": row["rounding"],
        "suppression": check.choice(row, "suppression", Series.Suppression),
        "threshold": check.whole(row, "threshold") if row["threshold"] else None,
        **_limits_of_figures(row, check),
        "order": check.whole(row, "order"),
        "next_published_on": check.day(row, "next_published_on"),
    }


def _limits_of_figures(row: Row, check: Checker) -> dict[str, Decimal | None]:
    """Below and above which no figure of the series can be; None where nothing is certain."""
    lowest, highest = check.number(row, "lowest"), check.number(row, "highest")
    if lowest is not None and highest is not None and lowest > highest:
        check.wrong(row, "highest", "the highest figure is below the lowest: mend one of the two")
    return {"lowest": lowest, "highest": highest}


def _load_series_links(
    rows: list[Row], series: Mapping[str, Series | None], check: Checker
) -> None:
    """How counts are linked: small numbers are hidden with all that would give them away."""
    check.once(
        rows, lambda row: (row["series"], row["role"], row["of"], row["breakdown"]), "series"
    )
    links = []
    for row in rows:
        one = check.lookup(row, "series", series, "a series")
        of = check.lookup(row, "of", series, "a series")
        role = check.choice(row, "role", SeriesLink.Role)
        is_part = role == SeriesLink.Role.PART_OF
        if one and one == of:
            check.wrong(row, "of", "another series was expected: none is linked to itself")
        if role and is_part != bool(row["breakdown"]):
            check.wrong(
                row,
                "breakdown",
                "the name of the parts that add up was expected, such as by-activity"
                if is_part
                else "only parts have a breakdown: empty this cell",
            )
        if one and of and role:
            links.append(SeriesLink(series=one, role=role, of=of, breakdown=row["breakdown"]))
    _check_origins(rows, check)
    if not check.problems:
        # What is on record already is passed over; whatever else would be was refused above.
        SeriesLink.objects.bulk_create(links, ignore_conflicts=True)


def _check_origins(rows: list[Row], check: Checker) -> None:
    """That no series is made from, or out of, two counts, and no part from its own total."""
    held = SeriesLink.objects.values_list("series__code", "role", "of__code")
    found = {(one, role): of for one, role, of in held if role != SeriesLink.Role.PART_OF}
    wholes = {(one, of) for one, role, of in held if role == SeriesLink.Role.PART_OF}
    named = [(row, row["role"].lower().replace("is ", "").replace(" ", "_")) for row in rows]
    wholes |= {(row["series"], row["of"]) for row, role in named if role == "part_of"}
    for row, role in named:
        if role in ("made_from", "out_of"):
            first = found.setdefault((row["series"], role), row["of"])
            if first != row["of"]:
                check.wrong(row, "of", f"only one was expected, and it is “{first}” already")
    for row, role in named:
        pair = (row["series"], row["of"])
        if role == "made_from" and {pair, pair[::-1]} & wholes:
            expected = "another series was expected: none is made from its own total or part"
            check.wrong(row, "of", expected)
