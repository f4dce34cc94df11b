"""The table under every picture: the same facts, read by everyone."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ChartCell:
    text: str
    href: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class ChartTable:
    """Rows × headers; the first cell of a row is its header."""

    caption: str
    headers: Sequence[str]
    rows: Sequence[Sequence[ChartCell]]

    @property
    def labelled_rows(self) -> list[list[tuple[str, ChartCell]]]:
        """Each cell with its column's header, which a narrow screen prints beside it."""
        return [list(zip(self.headers, row, strict=True)) for row in self.rows]


def check_href(href: str) -> str:
    """The link, if it stays on this site. Raises ValueError otherwise."""
    if href and (not href.startswith("/") or href.startswith("//")):
        raise ValueError(f"A chart links only within the site, not to {href}.")
    return href
