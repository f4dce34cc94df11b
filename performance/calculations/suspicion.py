"""What makes a figure worth a second look before it is believed: a slip of the keyboard, say.

None of it says that a figure is wrong. A screened file and the data quality page ask the same.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from performance.calculations.process import FEWEST_FOR_LIMITS, make_limits

TIMES = 10


def is_ten_times(last: Decimal | None, new: Decimal | None) -> bool:
    """Whether `new` is over ten times `last`; False where one is missing or `last` is nought.

    Of negative amounts (money, say) the sizes are held against each other.
    """
    if last is None or new is None or not last:
        return False
    return abs(new) > TIMES * abs(last)


def is_a_tenth(last: Decimal | None, new: Decimal | None) -> bool:
    """Whether `new` is under a tenth of `last`, nought included: an empty cell is often read as 0.

    False where one is missing or `last` is nought.
    """
    if last is None or new is None:
        return False
    return TIMES * abs(new) < abs(last)


def is_outside(history: Sequence[Decimal | None], new: Decimal | None) -> bool:
    """Whether `new` lies outside the process limits of the values before it, in order of time.

    `history` has None where a period is missing. False with fewer than six values: what is usual
    is then not known. Six to twelve are enough to ask, though not to claim a change.
    """
    if new is None or sum(value is not None for value in history) < FEWEST_FOR_LIMITS:
        return False
    if not any(one is not None and next_one is not None for one, next_one in pairwise(history)):
        return False
    limits = make_limits(history)
    return not limits.lower <= new <= limits.upper
