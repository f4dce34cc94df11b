"""Where a council stands among all councils: only where more, or less, is better."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from performance.calculations.better_or_worse import has_good_direction, polarity_of
from performance.calculations.figures import Measure, Polarity

FEWEST_FOR_QUARTILES = 4
QUARTERS = {1: "best", 2: "second best", 3: "third best", 4: "last"}


@dataclass(frozen=True)
class Rank:
    """`place` 1 is the best of the `of` areas that have a value; those that tie share a place.

    `quartile` 1 is the best quarter, by place; None among fewer than four.
    """

    place: int
    of: int
    is_shared: bool
    quartile: int | None

    @property
    def words(self) -> str:
        """“3rd of 150”, “joint 3rd of 150”."""
        return f"{'joint ' if self.is_shared else ''}{format_ordinal(self.place)} of {self.of}"

    @property
    def quartile_words(self) -> str:
        """“in the best quarter”; empty where there are no quarters."""
        return "" if self.quartile is None else f"in the {QUARTERS[self.quartile]} quarter"


def find_rank(values: Mapping[str, Decimal | None], area: str, measure: Measure) -> Rank | None:
    """The rank of `area` among all the areas in `values` that have a value, itself included.

    None where it has no value, and for a measure without a good direction: DfE's Local Authority
    Interactive Tool ranks none either. `values` are of one period of comparable series.
    """
    own = values.get(area)
    if own is None or not has_good_direction(measure):
        return None
    present = [value for value in values.values() if value is not None]
    is_higher_better = polarity_of(measure) is Polarity.HIGHER
    ahead = sum((value > own) if is_higher_better else (value < own) for value in present)
    of = len(present)
    return Rank(
        place=ahead + 1,
        of=of,
        is_shared=present.count(own) > 1,
        quartile=ahead * 4 // of + 1 if of >= FEWEST_FOR_QUARTILES else None,
    )


def format_ordinal(number: int) -> str:
    """“1st”, “2nd”, “3rd”, “11th”, “112th”."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
