"""A figure's line in a report: what it is of, what stood there, what stands, and what differs."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, Self

from performance.importer.back_loads import Content
from performance.importer.screening_report import FigureLine, say
from performance.models import Area, Series

FLAG_WORDS = {
    "p": "provisional",
    "r": "marked as revised",
    "e": "estimated",
    "u": "undated in the source",
    "b": "a break in the series",
}


class Said(NamedTuple):
    """What two versions of a figure may differ in."""

    value: Decimal | None
    symbol: str
    numerator: Decimal | None
    denominator: Decimal | None
    note: str
    flags: str

    @classmethod
    def of(cls, content: Content) -> "Said":
        return cls(content.value, content.symbol, content.numerator, content.denominator,
                   content.note, content.flags)  # fmt: skip

    @property
    def words(self) -> str:
        return say(self.value, self.symbol)


@dataclass(frozen=True)
class Names:
    """What a report calls series and areas."""

    series: dict[int, Series]
    areas: dict[int, str]

    @classmethod
    def of(cls, series: Iterable[int]) -> Self:
        """The names of these series, by their ids, and of every area."""
        found = Series.objects.filter(pk__in=set(series)).select_related("indicator")
        areas = dict(Area.objects.values_list("pk", "name"))
        return cls({one.pk: one for one in found}, areas)

    def line(
        self, series: int, area: int, period: str, old: str, new: str, **more: Any
    ) -> FigureLine:
        one = self.series[series]
        return FigureLine(
            indicator=one.indicator.short_title,
            series=one.code,
            unit=one.indicator.unit,
            area=self.areas[area],
            period=period,
            old=old,
            new=new,
            **more,
        )

    def change(
        self, series: int, area: int, period: str, old: Said | None, new: Said | None, **more: Any
    ) -> FigureLine:
        """The line of one that becomes the other; where the value is the same, with what is not."""
        if old and new and not more.get("differs"):
            more["differs"] = say_difference(old, new)
        words = (said.words if said else "" for said in (old, new))
        return self.line(series, area, period, *words, **more)


def say_difference(old: Said, new: Said) -> str:
    """“numerator 12 → 13; no longer provisional” of two whose values are the same; else empty."""
    if old.words != new.words:
        return ""
    parts = [
        f"{name} {_in_thousands(before)} → {_in_thousands(after)}"
        for name, before, after in (
            ("numerator", old.numerator, new.numerator),
            ("denominator", old.denominator, new.denominator),
        )
        if before != after
    ]
    if old.note != new.note:
        parts.append(f"note “{old.note}” → “{new.note}”")
    parts += [f"now {FLAG_WORDS[flag]}" for flag in new.flags if flag not in old.flags]
    parts += [f"no longer {FLAG_WORDS[flag]}" for flag in old.flags if flag not in new.flags]
    return "; ".join(parts)


def _in_thousands(number: Decimal | None) -> str:
    return "none" if number is None else f"{Decimal(say(number, '')):,f}"
