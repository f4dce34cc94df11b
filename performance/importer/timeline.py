"""The versions of one figure, as the releases that say it make them, in whatever order they come.

Each release says a value on its day. While releases repeat a value it stays one version, known
from the day on which the first of them said it; the first version of all is known from the day on
which its period was first published. So the versions follow from what was said alone, and a
release that is loaded late, or taken out again, leaves what there would have been otherwise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Generic, TypeVar

Said = TypeVar("Said")


@dataclass(frozen=True)
class Saying(Generic[Said]):
    """What one load says of the figure on a day; None that nothing is known any more."""

    at: datetime
    load: int
    says: Said | None


@dataclass(frozen=True)
class Version(Generic[Said]):
    """A value, who said it first and who repeated it, and from and until when it was known."""

    says: Said
    load: int
    repeated_by: tuple[int, ...]
    known_from: datetime
    known_until: datetime | None


class SaidTwice(Exception):
    """Two loads say different things of the figure on the same day."""


def make_versions(
    sayings: Iterable[Saying[Said]], first_known: datetime | None = None
) -> list[Version[Said]]:
    """The versions, from the earliest to the one that is current, if one is.

    `first_known`: when the period was first published, where that was before the first of the
    sayings. Raises SaidTwice.
    """
    ordered = sorted(sayings, key=lambda saying: (saying.at, saying.load))
    for one, other in pairwise(ordered):
        if one.at == other.at and one.says != other.says:
            raise SaidTwice
    runs = [list(run) for _, run in groupby(ordered, key=lambda saying: saying.says)]
    if not runs:
        return []
    starts: list[datetime] = [run[0].at for run in runs]
    if first_known is not None:
        starts[0] = min(starts[0], first_known)
    return [
        _make_version(run, start, until)
        for run, start, until in zip(runs, starts, [*starts[1:], None], strict=True)
        if run[0].says is not None
    ]


def _make_version(
    run: Sequence[Saying[Said]], known_from: datetime, known_until: datetime | None
) -> Version[Said]:
    first, *repeats = run
    assert first.says is not None
    repeated_by = tuple(saying.load for saying in repeats)
    return Version(first.says, first.load, repeated_by, known_from, known_until)
