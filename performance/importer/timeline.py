"""The versions of one figure, as the releases that say it make them, in whatever order they come.

Each release says a value on its day. While releases repeat a value it stays one version, known
from the day on which the first of them said it; the first version of all is known from the day on
which its period was first published. So the versions follow from what was said alone, and a
release that is loaded late, or taken out again, leaves what there would have been otherwise. What
was withdrawn stood until then; from there on the latest of those that still stand counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Generic, TypeVar

Said = TypeVar("Said")


@dataclass(frozen=True)
class Saying(Generic[Said]):
    """What one load, released on a day, says of the figure: shown from `at`, until it is withdrawn.

    `withdrawn_by` is the load that took it back. `is_own_day`: of a folder, or of no load; its day
    is the figure's own, so that it cannot stand among those that repeat a value.
    """

    at: datetime
    load: int
    says: Said
    released: datetime | None = None
    until: datetime | None = None
    withdrawn_by: int = 0
    is_own_day: bool = False

    @property
    def rank(self) -> tuple[datetime, int]:
        return self.released or self.at, self.load

    def stands(self, at: datetime) -> bool:
        return self.at <= at and (self.until is None or at < self.until)


@dataclass(frozen=True)
class Version(Generic[Said]):
    """A value, who said it first and who repeated it, and from and until when it was known.

    Of a value that counts again since another was withdrawn, `load` is the withdrawal.
    """

    says: Said
    load: int
    repeated_by: tuple[int, ...]
    known_from: datetime
    known_until: datetime | None


class SaidTwice(Exception):
    """Two loads that stand say different things of the figure on the same day."""


def make_versions(
    sayings: Iterable[Saying[Said]], first_known: datetime | None = None
) -> list[Version[Said]]:
    """The versions, from the earliest to the one that is current, if one is.

    `first_known`: when the period was first published, where that was before the first of the
    sayings. Raises SaidTwice.
    """
    ordered = sorted(sayings, key=lambda saying: saying.rank)
    standing = [saying for saying in ordered if saying.until is None]
    for one, other in pairwise(standing):
        if one.rank[0] == other.rank[0] and one.says != other.says:
            raise SaidTwice
    runs: list[tuple[datetime, Said | None, list[Saying[Said]]]] = []
    for at in sorted({each for saying in ordered for each in (saying.at, saying.until) if each}):
        shown = next((saying.says for saying in reversed(ordered) if saying.stands(at)), None)
        agreeing = [saying for saying in ordered if saying.stands(at) and saying.says == shown]
        beginning = [saying for saying in agreeing if saying.at == at]
        if runs and runs[-1][1] == shown:
            runs[-1][2].extend(beginning)
        else:
            runs.append((at, shown, beginning or agreeing))
    if not runs:
        return []
    starts = [start for start, *_ in runs]
    if first_known is not None:
        starts[0] = min(starts[0], first_known)
    return [
        _make_version(says, start, until, _beginning(at, agreeing, ordered), agreeing)
        for (at, says, agreeing), start, until in zip(
            runs, starts, [*starts[1:], None], strict=True
        )
        if says is not None
    ]


def _beginning(
    at: datetime, agreeing: Iterable[Saying[Said]], ordered: Iterable[Saying[Said]]
) -> int:
    """The load, or the withdrawal, from which a value is known."""
    for saying in agreeing:
        if saying.at == at:
            return saying.load
    return next(saying.withdrawn_by for saying in ordered if saying.until == at)


def _make_version(
    says: Said,
    known_from: datetime,
    known_until: datetime | None,
    load: int,
    agreeing: Sequence[Saying[Said]],
) -> Version[Said]:
    repeats = (saying.load for saying in agreeing if not saying.is_own_day)
    repeated_by = tuple(dict.fromkeys(each for each in repeats if each != load))
    return Version(says, load, repeated_by, known_from, known_until)
