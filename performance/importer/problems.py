"""What is wrong with a file, said so that its owner can mend it."""

from dataclasses import dataclass


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
        found = f"found “{self.found}”; " if self.found else ""
        return f"{place}: {found}{self.expected}"


class LoadRefused(Exception):
    """Nothing was loaded. Carries every problem that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems; nothing was loaded.")
        self.problems = problems


@dataclass
class LoadReport:
    """What a load did, or would do: rows read, new, unchanged and revised."""

    read: int = 0
    new: int = 0
    unchanged: int = 0
    revised: int = 0

    def count(self, outcome: str) -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)

    def __str__(self) -> str:
        return (
            f"{self.read} rows read: {self.new} new, {self.unchanged} unchanged, "
            f"{self.revised} revised."
        )
