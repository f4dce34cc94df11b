"""Which way a figure has gone, and whether that is a real change, as it is said."""

from performance.calculations.better_or_worse import Sense
from performance.calculations.direction import Direction
from performance.calculations.figure_words import places_of, say_value
from performance.calculations.period_words import attach_when, say_when
from performance.calculations.process_reading import CHANGE_WORDS, Change
from performance.calculations.process_signals import Orientation
from performance.calculations.reading import Reading

SENSE_OF = {
    Orientation.IMPROVEMENT: Sense.BETTER,
    Orientation.CONCERN: Sense.WORSE,
    Orientation.NEUTRAL_HIGH: Sense.UP,
    Orientation.NEUTRAL_LOW: Sense.DOWN,
}


def direction_said(reading: Reading) -> Direction | None:
    """From the figure before or, where that may not be compared, from a year earlier."""
    both = reading.directions
    return next((one for one in (both.short, both.long) if one.sense is not None), None)


def say_moved(reading: Reading) -> str:
    """“down from 778 in 2014/15”, “the same as in 2023/24”; empty without a direction."""
    direction = direction_said(reading)
    if direction is None or direction.earlier is None or direction.change is None:
        return _say_break(reading)
    earlier = direction.earlier
    if direction.sense is Sense.SAME:
        return f"the same as {say_when(earlier)}"
    value = say_value(earlier, reading.facts.measure, places_of(reading))
    return f"{'up' if direction.change > 0 else 'down'} from {attach_when(value, earlier)}"


def say_verdict(reading: Reading) -> str:
    """“which is better”; empty where neither way is."""
    direction = direction_said(reading)
    is_judged = direction is not None and direction.sense in (Sense.BETTER, Sense.WORSE)
    return (
        f"which is {direction.sense.value}" if is_judged and direction and direction.sense else ""
    )


def is_this_move_real(reading: Reading) -> bool:
    """Whether there is a real change and the last step goes the same way."""
    direction, orientation = direction_said(reading), _orientation(reading)
    return bool(direction and orientation and SENSE_OF[orientation] is direction.sense)


def say_change(reading: Reading) -> str:
    """“a real change for the better”, “not a real change”, “too soon to say whether …”.

    Empty without an earlier figure to change from, and where nothing changed.
    """
    direction, orientation = direction_said(reading), _orientation(reading)
    if direction is None or direction.change is None:
        return ""
    if orientation is not None:
        which = CHANGE_WORDS[orientation]
        if not is_this_move_real(reading):
            return f"over a longer time, a real change {which}"
        is_neutral = SENSE_OF[orientation] in (Sense.UP, Sense.DOWN)
        real = "a real change" if is_neutral else f"a real change {which}"
        return f"part of {real}" if _has_lasted(reading, orientation) else real
    if direction.sense is Sense.SAME:
        return ""
    if reading.process.change is Change.NONE:
        return "not a real change"
    moved = "rise" if direction.change > 0 else "fall"
    return f"too soon to say whether the {moved} is a real change"


def _orientation(reading: Reading) -> Orientation | None:
    """Which way the real change goes that the latest figure is part of, if it is."""
    point = reading.process.latest
    is_latest = point is not None and point.figure == reading.latest
    if point is None or not is_latest or reading.process.change is not Change.REAL:
        return None
    return point.signal.orientation if point.signal else None


def _has_lasted(reading: Reading, orientation: Orientation) -> bool:
    """Whether the figure before was part of it already."""
    points = [point for point in reading.process.points if point.figure.value is not None]
    before = points[-2].signal if len(points) > 1 else None
    return before is not None and before.orientation is orientation


def _say_break(reading: Reading) -> str:
    latest = reading.latest
    if latest is None or latest.value is None or latest.is_undated or not latest.is_series_break:
        return ""
    if len(reading.facts.figures) == 1:
        return ""
    return "counted in a new way, so not compared with earlier figures"
