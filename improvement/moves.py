"""From which status an action may go to which, and what each move asks: one table."""

from dataclasses import dataclass

from improvement.standing import Standing

# What a form asks beyond the narrative, by the box's name.
REASON, REMEDY, WHEN, EVIDENCE = "reason", "remedy", "completed_on", "evidence_of_impact"


@dataclass(frozen=True)
class Move:
    """One allowed move: what it asks, and whether only who keeps the theme may make it."""

    asks: frozenset[str] = frozenset()
    for_keepers: bool = False


# What a status asks, wherever the action comes from.
ASKED = {
    Standing.NOT_STARTED: frozenset[str](),
    Standing.ON_TRACK: frozenset[str](),
    Standing.AT_RISK: frozenset({REASON, REMEDY}),
    Standing.OFF_TRACK: frozenset({REASON, REMEDY}),
    Standing.COMPLETE: frozenset({WHEN}),
    Standing.COMPLETE_AND_EVIDENCED: frozenset({WHEN, EVIDENCE}),
    Standing.STOPPED: frozenset({REASON}),
}
OPEN = (Standing.ON_TRACK, Standing.AT_RISK, Standing.OFF_TRACK)
COMPLETES = (Standing.COMPLETE, Standing.COMPLETE_AND_EVIDENCED)
_GOES_ON = (*OPEN, *COMPLETES)

# “Under way, not rated” is how a paper without ratings is read: a person rates.
_TO = {
    None: (Standing.NOT_STARTED, *_GOES_ON),
    Standing.NOT_STARTED: (Standing.NOT_STARTED, *_GOES_ON),
    Standing.UNDER_WAY: _GOES_ON,
    Standing.ON_TRACK: _GOES_ON,
    Standing.AT_RISK: _GOES_ON,
    Standing.OFF_TRACK: _GOES_ON,
    Standing.COMPLETE: (*COMPLETES, *OPEN),
    Standing.COMPLETE_AND_EVIDENCED: (Standing.COMPLETE_AND_EVIDENCED, Standing.COMPLETE, *OPEN),
    Standing.STOPPED: (Standing.STOPPED, Standing.NOT_STARTED, *OPEN),
}


def _goes_back(before: Standing | None, after: Standing) -> bool:
    """Whether something that was said to be over is not, or no longer has its evidence."""
    if before is None or after == before:
        return False
    if before == Standing.STOPPED or (before in COMPLETES and after in OPEN):
        return True
    return before == Standing.COMPLETE_AND_EVIDENCED and after == Standing.COMPLETE


def _make_move(before: Standing | None, after: Standing) -> Move:
    why = frozenset({REASON}) if _goes_back(before, after) else frozenset[str]()
    stops_or_starts = Standing.STOPPED in (before, after)
    return Move(ASKED[after] | why, for_keepers=stops_or_starts)


MOVES = {
    before: {
        after: _make_move(before, after)
        for after in (*allowed, *([] if before == Standing.STOPPED else [Standing.STOPPED]))
    }
    for before, allowed in _TO.items()
}


def allowed_moves(before: str | None, *, keeps: bool) -> dict[Standing, Move]:
    """By status, in the order in which a form lists them, each move that is allowed from `before`
    (None: nothing was said yet) to somebody who keeps the theme or does not."""
    moves = MOVES[Standing(before) if before else None]
    return {after: move for after, move in moves.items() if keeps or not move.for_keepers}
