"""Areas, indicators, series, targets and figures in our own layout: read, check, load."""

from pathlib import Path

from django.db import transaction

from performance.importer import read
from performance.importer.check import Checker
from performance.importer.problems import LoadReport
from performance.importer.read import Layout, Row
from performance.importer.versions import EarlierThanCurrent, keep_version
from performance.models import (
    Area,
    AreaCode,
    ComparatorGroup,
    ComparatorMember,
    DateBasis,
    Indicator,
    Load,
    Measurement,
    Series,
    Target,
)

LAYOUTS = [
    Layout("areas.csv", "code name kind ons_code region note".split()),
    Layout("area_codes.csv", "area ons_code from until".split()),
    Layout("comparator_groups.csv", "slug title source in_force_from".split()),
    Layout("comparator_members.csv", "group for_area rank area closeness".split()),
    Layout(
        "indicators.csv",
        "code title short_title definition why_it_matters unit decimals polarity kind owner "
        "in_panel_set key counts_children part_of".split(),
    ),
    Layout(
        "series.csv",
        "code indicator source source_short definition kind_of_figure periods rounding "
        "suppression comparable_with".split(),
    ),
    Layout(
        "targets.csv",
        "series area period_start period_end period_label low high profile basis set_by "
        "known_from known_from_basis".split(),
    ),
    Layout(
        "figures.csv",
        "series area period_start period_end period_label value symbol flags numerator "
        "denominator note known_from known_from_basis".split(),
    ),
]

FLAGS = {
    "provisional": "is_provisional",
    "revised": "is_revised",
    "estimated": "is_estimated",
    "undated in the source": "is_undated",
    "series break": "is_series_break",
}


def load_performance(folder: Path, *, commit: bool) -> LoadReport:
    """Loads the folder's files, all or nothing; without `commit`, only says what would change.

    Raises LoadRefused with every problem that was found.
    """
    tables = read.read_tables(folder, LAYOUTS)
    with transaction.atomic():
        loading = _Loading(tables)
        loading.load_reference()
        loading.load_targets()
        load = Load.objects.create(
            file_name=folder.name, sha256=read.digest(folder, LAYOUTS), format="our own layout"
        )
        loading.load_figures(load)
        loading.checker.refuse_if_wrong()
        loading.record(load)
        if not commit:
            transaction.set_rollback(True)
    return loading.report


class _Loading:
    """One load under way: what was read, what is known so far, what is wrong."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.tables = tables
        self.checker = Checker()
        self.report = LoadReport(read=sum(map(len, tables.values())))

    def record(self, load: Load) -> None:
        if not (self.report.new or self.report.revised):
            load.delete()
            return
        load.rows_read, load.rows_new = self.report.read, self.report.new
        load.rows_unchanged, load.rows_revised = self.report.unchanged, self.report.revised
        load.save()

    def load_reference(self) -> None:
        self.areas = self._load_areas()
        self._load_area_codes()
        self._load_comparators()
        self.indicators = self._load_indicators()
        self.series = self._load_series()
        # A row that names something unknown cannot be put in; say all that is wrong first.
        self.checker.refuse_if_wrong()

    def _load_areas(self) -> dict[str, Area]:
        check = self.checker
        check.once(self.tables["areas"], lambda row: row["code"], "code")
        areas = {}
        for row in self.tables["areas"]:
            facts = {
                "name": check.text(row, "name"),
                "kind": check.choice(row, "kind", Area.Kind),
                "ons_code": row["ons_code"],
                "note": row["note"],
            }
            if not (row["code"].isdecimal() and len(row["code"]) == 3):
                check.wrong(row, "code", "a code of three digits was expected")
                continue
            areas[row["code"]] = Area.objects.update_or_create(code=row["code"], defaults=facts)[0]
        for row in self.tables["areas"]:
            if row["region"] and row["code"] in areas:
                area = areas[row["code"]]
                area.region = check.lookup(row, "region", areas, "an area")
                area.save(update_fields=["region"])
        return areas

    def _load_area_codes(self) -> None:
        for row in self.tables["area_codes"]:
            if area := self.checker.lookup(row, "area", self.areas, "an area"):
                AreaCode.objects.update_or_create(
                    area=area,
                    ons_code=self.checker.text(row, "ons_code"),
                    defaults={
                        "valid_from": self.checker.day(row, "from"),
                        "valid_until": self.checker.day(row, "until"),
                    },
                )

    def _load_comparators(self) -> None:
        check, groups = self.checker, {}
        for row in self.tables["comparator_groups"]:
            facts = {
                "title": check.text(row, "title"),
                "source": check.text(row, "source"),
                "in_force_from": check.day(row, "in_force_from"),
            }
            slug = check.text(row, "slug")
            groups[slug] = ComparatorGroup.objects.update_or_create(slug=slug, defaults=facts)[0]
        for row in self.tables["comparator_members"]:
            group = check.lookup(row, "group", groups, "a comparator group")
            for_area = check.lookup(row, "for_area", self.areas, "an area")
            area = check.lookup(row, "area", self.areas, "an area")
            rank = check.whole(row, "rank")
            if group and for_area and area and rank is not None:
                ComparatorMember.objects.update_or_create(
                    group=group,
                    for_area=for_area,
                    rank=rank,
                    defaults={"area": area, "closeness": row["closeness"]},
                )

    def _load_indicators(self) -> dict[str, Indicator]:
        check, indicators = self.checker, {}
        check.once(self.tables["indicators"], lambda row: row["code"], "code")
        for row in self.tables["indicators"]:
            facts = {
                "title": check.text(row, "title"),
                "short_title": check.text(row, "short_title"),
                "definition": check.text(row, "definition"),
                "why_it_matters": row["why_it_matters"],
                "unit": check.text(row, "unit"),
                "decimals": check.whole(row, "decimals") or 0,
                "polarity": check.choice(row, "polarity", Indicator.Polarity),
                "kind": check.choice(row, "kind", Indicator.Kind),
                "owner": row["owner"],
                "in_panel_set": check.yes(row, "in_panel_set"),
                "is_key": check.yes(row, "key"),
                "counts_children": check.yes(row, "counts_children"),
            }
            if facts["is_key"] and not facts["in_panel_set"]:
                check.wrong(
                    row, "key", "a key indicator is in the panel's set: mend one of the two"
                )
                continue
            code = check.text(row, "code")
            indicators[code] = Indicator.objects.update_or_create(code=code, defaults=facts)[0]
        for row in self.tables["indicators"]:
            if row["part_of"] and row["code"] in indicators:
                part = indicators[row["code"]]
                part.part_of = check.lookup(row, "part_of", indicators, "an indicator")
                part.save(update_fields=["part_of"])
        return indicators

    def _load_series(self) -> dict[str, Series]:
        check, series = self.checker, {}
        check.once(self.tables["series"], lambda row: row["code"], "code")
        for row in self.tables["series"]:
            indicator = check.lookup(row, "indicator", self.indicators, "an indicator")
            facts = {
                "indicator": indicator,
                "source": check.text(row, "source"),
                "source_short": check.text(row, "source_short"),
                "definition": row["definition"],
                "kind_of_figure": check.choice(row, "kind_of_figure", Series.KindOfFigure),
                "periods": check.text(row, "periods"),
                "rounding": row["rounding"],
                "suppression": self._suppression(row),
            }
            if indicator:
                series[row["code"]] = Series.objects.update_or_create(
                    code=check.text(row, "code"), defaults=facts
                )[0]
        for row in self.tables["series"]:
            if row["code"] in series:
                others = check.lookup_many(row, "comparable_with", series, "a series")
                series[row["code"]].comparable_with.set(others)
        return series

    def _suppression(self, row: Row) -> str:
        return self.checker.choice(row, "suppression", Series.Suppression)

    def _key(self, row: Row) -> dict | None:
        """Series, area and period: what a figure or a target is of."""
        check = self.checker
        series = check.lookup(row, "series", self.series, "a series")
        area = check.lookup(row, "area", self.areas, "an area")
        start = check.day(row, "period_start", required=True)
        end = check.day(row, "period_end", required=True)
        if start and end and start > end:
            check.wrong(row, "period_end", "the period ends before it starts")
            return None
        if not (series and area and start and end):
            return None
        return {"series": series, "area": area, "period_start": start, "period_end": end}

    def _keep(
        self,
        model: type[Measurement] | type[Target],
        row: Row,
        key: dict | None,
        facts: dict,
        load: Load | None = None,
    ) -> None:
        known_from = self.checker.instant(row, "known_from")
        if key is None or known_from is None or self.checker.problems:
            return
        facts["period_label"] = self.checker.text(row, "period_label")
        facts["known_from_basis"] = self.checker.choice(row, "known_from_basis", DateBasis)
        try:
            made, outcome = keep_version(model, key, facts, known_from)
        except EarlierThanCurrent:
            self.checker.wrong(row, "known_from", "a later version is already on record")
            return
        if load and outcome != "unchanged":
            Measurement.objects.filter(pk=made.pk).update(load=load)
        self.report.count(outcome)

    def load_targets(self) -> None:
        check = self.checker
        check.once(self.tables["targets"], _period_key, "series")
        for row in self.tables["targets"]:
            low, high = check.number(row, "low"), check.number(row, "high")
            if low is None and high is None:
                check.wrong(row, "low", "a target needs a low or a high bound")
            elif low is not None and high is not None and low > high:
                check.wrong(row, "high", "the high bound is below the low one")
            facts = {"low": low, "high": high, "basis": row["basis"], "set_by": row["set_by"]}
            self._keep(Target, row, self._key(row), facts)

    def load_figures(self, load: Load) -> None:
        check = self.checker
        check.once(self.tables["figures"], _period_key, "series")
        for row in self.tables["figures"]:
            value = check.number(row, "value")
            symbol = check.choice(row, "symbol", Measurement.Symbol, blank=True)
            if bool(row["value"]) == bool(row["symbol"]):
                check.wrong(row, "value", "either a value or a symbol was expected, not both")
            flags = dict.fromkeys(FLAGS.values(), False)
            for flag in check.many(row, "flags"):
                if field := check.lookup(row, "flags", FLAGS, "a flag", flag):
                    flags[field] = True
            facts = {
                "value": value,
                "symbol": symbol,
                "numerator": check.number(row, "numerator"),
                "denominator": check.number(row, "denominator"),
                "note": row["note"],
                **flags,
            }
            self._keep(Measurement, row, self._key(row), facts, load)


def _period_key(row: Row) -> tuple[str, ...]:
    return row["series"], row["area"], row["period_start"], row["period_end"]
