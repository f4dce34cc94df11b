"""The budgets, and how a figure stands against its own: pure, so that it is tested."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

QUERIES, QUERIES_OF_MANY_THINGS = 12, 18
TIMES_THE_ADMIN, TIMES_ITSELF_WITH_LAIT = 2, 1.3
PAGE_KB, ALL_KB = 60, 120
# A quarter of the rows a second is four times as long.
TIMES_COPY_WITH_KEYS, TIMES_BARE_COPY, TIMES_MEMORY = 4, 12, 1.2

# One of the session, one of the person, and two of permissions: the person's and the groups'.
BESIDE_THE_PAGE = {"django_session": 1, "dashboard_user": 1, "auth_permission": 2}


@dataclass(frozen=True)
class Figure:
    """A measured figure, and what it must not exceed, or equal, where there is such a must."""

    value: float
    at_most: float | None = None
    same_as: float | None = None
    decimals: int = 0

    @property
    def is_over(self) -> bool:
        """As measured, not as printed: 2.004 is over 2."""
        too_much = self.at_most is not None and self.value > self.at_most
        return too_much or (self.same_as is not None and self.value != self.same_as)

    def __str__(self) -> str:
        number = f"{self.value:.{self.decimals}f}"
        if self.at_most is None and self.same_as is None:
            return number
        return f"{number} {'OVER' if self.is_over else 'ok'}"


@dataclass(frozen=True)
class Column:
    heading: str
    figures: dict[str, Figure]


def count_beyond(statements: Iterable[str]) -> int:
    """How many of a request's SQL statements are the page's own."""
    left = Counter(BESIDE_THE_PAGE)
    own = 0
    for statement in statements:
        found = re.search(r'\bFROM "?(\w+)', statement)
        table = found[1] if found else ""
        if left[table] > 0:
            left[table] -= 1
        else:
            own += 1
    return own


def ratio(times: Sequence[float], to: Sequence[float]) -> float:
    """How many times as long the one takes, by their medians."""
    return median(times) / median(to)


def print_table(columns: Sequence[Column]) -> list[str]:
    """The lines of a table: a page a line, a dash where a column has no figure for it."""
    pages = list(dict.fromkeys(page for column in columns for page in column.figures))
    cells = [["page", *pages]]
    for column in columns:
        said = [str(column.figures[page]) if page in column.figures else "–" for page in pages]
        cells.append([column.heading, *said])
    widths = [max(map(len, column)) for column in cells]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in zip(*cells, strict=True)
    ]


def list_over(columns: Sequence[Column]) -> list[str]:
    """“the plan: SQL ≤ 12 is 14”, for each figure that breaks its must."""
    return [
        f"{page}: {column.heading} is {figure.value:.{figure.decimals}f}"
        for column in columns
        for page, figure in column.figures.items()
        if figure.is_over
    ]
