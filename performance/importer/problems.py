"""What is wrong with a file, said so that its owner can mend it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db import DataError, IntegrityError

if TYPE_CHECKING:
    from performance.importer.check import Checker

LONGEST_SHOWN = 80
# So many problems are kept to be read; the rest is counted.
MOST_KEPT = 1_000


def shown(cell: str) -> str:
    """The cell as a message quotes it: no longer than a line, without signs that do not print."""
    printed = _printable(cell[:LONGEST_SHOWN])
    return printed + "…" if len(cell) > LONGEST_SHOWN else printed


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where it is, what was found there and what was expected."""

    file: str
    row: int | None
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        found = f"found “{shown(self.found)}”; " if self.found else ""
        return f"{place}: {found}{self.expected}"


def as_kept(problem: Problem) -> Problem:
    """The problem as a load keeps it: what it quotes is cut short, and holds no sign, such as a
    NUL, that the database cannot."""
    return replace(
        problem,
        column=shown(problem.column),
        found=shown(problem.found),
        expected=_printable(problem.expected),
    )


class ProblemList(list[Problem]):
    """The first thousand problems, and how many there are in all; `kind` is of LoadRefused."""

    total = 0
    kind = ""

    def append(self, problem: Problem) -> None:
        self.total += 1
        if len(self) < MOST_KEPT:
            super().append(problem)

    def put_first(self, problem: Problem, kind: str) -> None:
        """What is wrong with the whole file, before all that is wrong with its rows."""
        self.total += 1
        self.kind = kind
        self.insert(0, problem)
        del self[MOST_KEPT:]


class LoadRefused(Exception):
    """Nothing was loaded. Carries every problem that was found.

    `kind` is of a file that is wrong as a whole: “loaded” already, “earlier” than what is on
    record, without the “day” it needs, of “no map”, or “too long”.
    """

    def __init__(self, problems: list[Problem], kind: str = "") -> None:
        given = problems if isinstance(problems, ProblemList) else ProblemList()
        total = max(given.total, len(problems))
        count = "1 problem" if total == 1 else f"{total:,} problems"
        if total > len(problems):
            count += f", of which the first {len(problems):,} are told"
        super().__init__(f"{count}; nothing was loaded.")
        self.problems, self.total, self.kind = problems, total, kind or given.kind


def unexplained(file: str, revised: int) -> LoadRefused:
    """The refusal of a load by the command that revises so many figures and does not say why."""
    figures = "1 figure is" if revised == 1 else f"{revised:,} figures are"
    expected = (
        f"{figures} revised, and members read why beside what is restated: give the reason, as in "
        '--reason "Three late returns."'
    )
    return LoadRefused([Problem(file, None, "", "", expected)])


@contextmanager
def told_by_the_database(name: str, check: "Checker") -> Iterator[None]:
    """The last net: what the database refuses in `name` is a problem, never a traceback.

    Raises LoadRefused with the problems found so far, which say more, or with the first line of
    the database's own message. Put it around the transaction, which must be rolled back first.
    """
    try:
        yield
    except (DataError, IntegrityError) as error:
        said = str(error).strip().partition("\n")[0]
        expected = f"the database refused what these files say ({said}): mend what it names"
        raise LoadRefused(check.problems or [Problem(name, None, "", "", expected)]) from error


@dataclass
class LoadReport:
    """What a load did, or would do: rows read, new, unchanged and revised; files not there.

    `describing`: those of the rows that say what areas, indicators and series there are, which
    are no facts with a history of their own. `repeats`: how many figures an earlier release had
    given it is on record only now that this file gave again; None where that was kept. `unsaid`:
    how many of those revised were on record before and need a reason; `locked`: how many are of a
    locked period; `left_out`: why nothing of the file was read, empty where it was.
    """

    read: int = 0
    new: int = 0
    unchanged: int = 0
    revised: int = 0
    describing: int = 0
    absent: list[str] = field(default_factory=list)
    repeats: int | None = None
    unsaid: int = 0
    locked: int = 0
    left_out: str = ""

    def count(self, outcome: str) -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)

    def __str__(self) -> str:
        if self.left_out:
            return f"left out: {self.left_out}"
        said = f"{self.read} {'row' if self.read == 1 else 'rows'} read: "
        if self.describing:
            said += (
                f"{self.describing} describe areas, neighbours, indicators and series; of figures "
                "and targets "
            )
        said += f"{self.new} new, {self.unchanged} unchanged, {self.revised} revised."
        if self.locked:
            said += f" Of those that change, {self.locked} of a locked period."
        if self.repeats is not None:
            figures = "figure" if self.repeats == 1 else "figures"
            said += f" Now on record: {self.repeats} {figures} that it gave again when loaded."
        if self.absent:
            said += f" Not in the folder, so what is on record stands: {', '.join(self.absent)}."
        return said
