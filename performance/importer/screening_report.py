"""What a load would do, or did, in words and figures that can be kept as JSON and shown."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from typing import Any, Self

from performance.importer.problems import Problem
from performance.models import Measurement


@dataclass(frozen=True)
class FigureLine:
    """One figure of the file as the report shows it, beside what stood there.

    `old` and `new` are the value as it is held (“46.5”) or the symbol's word, `old` empty where
    none is replaced; `last` and `last_period` the figure of the period before. `why` is one of
    WHYS. Where `old` and `new` are the same, `differs` says what is not: “numerator 12 → 13”.
    Of a back-load `old` is its own figure, and `new` what is current since.
    """

    indicator: str
    series: str
    unit: str
    area: str
    period: str
    old: str
    new: str
    file_row: int = 0
    last: str = ""
    last_period: str = ""
    why: str = ""
    differs: str = ""

    @property
    def change(self) -> str:
        """“46 → 48”; “46 as before: numerator 12 → 13” where the value is the same."""
        if self.differs:
            return f"{self.new} as before: {self.differs}"
        return f"{self.old or 'nothing'} → {self.new or 'nothing'}"

    @property
    def beside(self) -> str:
        """“46 on record, 48 in the file”, of a figure that the record may not yet give up."""
        if self.differs:
            return f"{self.new} as on record: {self.differs}"
        return f"{self.old or 'nothing'} on record, {self.new} in the file"

    @property
    def reason(self) -> str:
        """Why it is worth a second look, in words; empty where it is not."""
        return WHYS.get(self.why, "")


# In the order of their weight.
WHYS = {
    "outside": "outside the range that it has usually moved in",
    "ten_times": "more than ten times the last figure",
    "tenth": "less than a tenth of the last figure",
    "moved": "among the biggest movements",
}


@dataclass(frozen=True)
class SeriesCount:
    """How many figures of one series were new, revised and unchanged."""

    indicator: str
    series: str
    new: int
    revised: int
    unchanged: int


@dataclass
class ScreeningReport:
    """`revisions` and `problems` may be cut short; their totals are not.

    `locked`: revised or new figures of a locked period. `not_put_back`: figures that a withdrawal
    left, because they were replaced since; `given_again` those that it left because other loads
    (`given_again_by`) gave the same; `only_earlier` those that stay as they are today, and change
    on earlier days. `refused_as`: one of LoadRefused's kinds.
    """

    rows_read: int = 0
    new: int = 0
    unchanged: int = 0
    revised: int = 0
    refused: int = 0
    refused_as: str = ""
    not_covered: int = 0
    kept_hidden: int = 0
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    problems_total: int = 0
    revisions: list[FigureLine] = field(default_factory=list)
    revisions_total: int = 0
    movements: list[FigureLine] = field(default_factory=list)
    suspicious_total: int = 0
    by_series: list[SeriesCount] = field(default_factory=list)
    locked: list[FigureLine] = field(default_factory=list)
    locked_total: int = 0
    not_put_back: list[FigureLine] = field(default_factory=list)
    given_again: int = 0
    given_again_by: list[int] = field(default_factory=list)
    only_earlier: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The report again; what an older version of it did not hold is left empty."""
        known = {each.name for each in fields(cls)}
        made = {name: value for name, value in kept.items() if name in known}
        for name, kind in LISTS.items():
            made[name] = list(_made(kind, made.get(name, [])))
        return cls(**made)


LISTS: dict[str, type] = {
    "problems": Problem,
    "revisions": FigureLine,
    "movements": FigureLine,
    "by_series": SeriesCount,
    "locked": FigureLine,
    "not_put_back": FigureLine,
}


def _made(kind: type, rows: Iterable[Mapping[str, Any]]) -> Iterable[Any]:
    known = {each.name for each in fields(kind)}
    for row in rows:
        yield kind(**{name: value for name, value in row.items() if name in known})


def say(value: Decimal | None, symbol: str) -> str:
    """The value as it is held, without what no one wrote after the point, or the symbol's word."""
    if value is not None:
        return f"{value.normalize():f}"
    return Measurement.Symbol(symbol).label.partition(":")[0] if symbol else ""
