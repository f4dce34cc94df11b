"""Breaks a good file, by a seed: what was done to it, and what its figures now truly are."""

import random
from dataclasses import dataclass

from tests.performance.importer.breakages import CELLS, TEXT, Done, Mutation
from tests.performance.importer.good_files import Good
from tests.performance.importer.naive_own import Figures, Wrong, rows_of
from tests.performance.importer.workbook_breakages import PARTS

# What is done to the bytes of a text may be done to those of a zip.
OF_BYTES = ("flip bytes", "insert bytes", "delete bytes", "duplicate bytes", "truncate",
            "another kind of file")  # fmt: skip
NAMES = [
    "quarter.csv",
    "quarter.xlsx",
    "quarter.xls",
    "quarter",
    "q.pdf",
    "é ½ “q”.csv",
    "q.csv.exe",
]


@dataclass(frozen=True)
class Broken:
    """`figures`: what the file says, all of it; None where it must be refused. `may_say`: those
    are its figures or it is refused; with `must_load` it may not be."""

    number: int
    good: Good
    mutation: str
    name: str
    content: bytes
    done: str
    figures: Figures | None
    must_load: bool

    def __str__(self) -> str:
        return f"file {self.number}, {self.good.name}: {self.mutation}: {self.done}"


def mutations_of(good: Good) -> dict[str, Mutation]:
    """The breakages that a kind of file can have."""
    if good.is_text:
        return TEXT | CELLS
    return PARTS | CELLS | {f"zip: {name}": TEXT[name] for name in OF_BYTES}


def break_file(goods: list[Good], seed: int, number: int) -> Broken:
    """The file of that number, the same each time. Each breakage's turn comes round."""
    random_ = random.Random(f"{seed}:{number}")
    good = random_.choice(goods)
    every = mutations_of(good)
    mutation = random_.choice(list(every))
    done = every[mutation](good, random_)
    figures = _figures_of(good, done)
    name = random_.choice(NAMES)
    return Broken(
        number, good, mutation, name, done.content, done.what, figures, done.is_same
    )  # fmt: skip


def _figures_of(good: Good, done: Done) -> Figures | None:
    """What the broken file says, read anew by the plain second reading; None where it is wrong."""
    if done.is_wrong:
        return None
    try:
        if done.rows is not None:
            return good.read(done.rows)
        # A zip whose parts still hold what they held says what it said.
        return good.read(rows_of(done.content, good.delimiter)) if good.is_text else good.figures
    except Wrong:
        return None
