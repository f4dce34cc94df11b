"""Which series and which area a cell of our own layout names, or what it may have meant."""

from collections.abc import Mapping
from difflib import get_close_matches

from performance.calculations.figures import KindOfFigure
from performance.importer.check import LONGEST_COMPARED
from performance.importer.officers_cells import Question
from performance.importer.own_periods import SeriesRule, kinds_of
from performance.importer.problems import shown
from performance.models import Area, AreaCode, Series
from performance.shown import per_how_many


class SeriesNames:
    """Every series by its code; an indicator is recognised, and its series are suggested."""

    def __init__(self) -> None:
        self.rules: dict[str, SeriesRule] = {}
        self._codes: dict[str, str] = {}
        self._of_indicator: dict[str, list[str]] = {}
        for series in Series.objects.select_related("indicator").order_by("order", "code"):
            self.rules[series.code] = rule_of(series)
            self._codes[series.code.casefold()] = series.code
            indicator = series.indicator
            for name in {indicator.code, indicator.title, indicator.short_title}:
                self._of_indicator.setdefault(name.casefold(), []).append(series.code)

    def find(self, text: str, *, suggest: bool = True) -> SeriesRule | Question:
        """`suggest` is False where nobody will read what was meant, and looking takes long."""
        if not text:
            return Question("the code of a series was expected")
        if (rule := self.rules.get(text)) is not None:
            return rule
        plain = text.casefold()[:LONGEST_COMPARED]
        if not suggest:
            return Question(f"“{shown(text)}” is not a series")
        if of_indicator := self._of_indicator.get(plain):
            return _series_of_indicator(text, of_indicator)
        near = get_close_matches(plain, self._codes, n=1)
        hint = f": did you mean “{self._codes[near[0]]}”?" if near else ""
        return Question(f"“{shown(text)}” is not a series{hint}")


def rule_of(series: Series) -> SeriesRule:
    """What a figure of the series must keep to. Its indicator is read too."""
    return SeriesRule(
        pk=series.pk,
        kinds=kinds_of(series.periods),
        kind_of_figure=KindOfFigure(series.kind_of_figure),
        per=per_how_many(series.indicator.unit),
        lowest=series.lowest,
        highest=series.highest,
        decimals=series.indicator.decimals,
        counts_children=series.indicator.counts_children,
        indicator=series.indicator.short_title,
    )


def _series_of_indicator(text: str, codes: list[str]) -> Question:
    said = f"“{shown(text)}” is an indicator, and a series was expected"
    if len(codes) == 1:
        return Question(f"{said}: did you mean “{codes[0]}”?")
    quoted = [f"“{code}”" for code in codes]
    return Question(f"{said}: which of {', '.join(quoted[:-1])} and {quoted[-1]} is meant?")


class AreaNames:
    """Every area by its three-digit code, its ONS codes, those of old too, and its name."""

    def __init__(self) -> None:
        self._found: dict[str, dict[int, Area]] = {}
        self._written: dict[str, str] = {}
        areas = {area.pk: area for area in Area.objects.all()}
        self.councils = {pk for pk, area in areas.items() if area.kind == Area.Kind.COUNCIL}
        for area in areas.values():
            for key in (area.code, area.ons_code, area.name):
                self._add(key, area)
        former: dict[str, dict[int, Area]] = {}
        for code in AreaCode.objects.all():
            former.setdefault(code.ons_code, {})[code.area_id] = areas[code.area_id]
        # A code that is in force goes before one that another area had once.
        for ons_code, had in former.items():
            if ons_code.casefold() not in self._found:
                for area in had.values():
                    self._add(ons_code, area)

    def _add(self, key: str, area: Area) -> None:
        if key:
            self._found.setdefault(key.casefold(), {})[area.pk] = area
            self._written[key.casefold()] = key

    def find(self, text: str, *, suggest: bool = True) -> int | Question:
        found = self._found.get(text.casefold(), {})
        if len(found) == 1:
            return next(iter(found))
        if found:
            return Question(f"“{shown(text)}” is {_each(found)}: which is meant? Write its code")
        plain = text.casefold()[:LONGEST_COMPARED]
        near = get_close_matches(plain, self._found, n=1) if suggest else []
        hint = f": did you mean {self._name(near[0])}?" if near else ""
        return Question(f"“{shown(text)}” is not an area{hint}")

    def _name(self, key: str) -> str:
        """The code and the name, or only the name where that is what was nearly written."""
        written, [area, *_] = self._written[key], self._found[key].values()
        return f"“{written}”" + ("" if written == area.name else f" {area.name}")


def _each(areas: Mapping[int, Area]) -> str:
    return " or ".join(f"{area.name} ({area.code})" for area in sorted(areas.values(), key=str))
