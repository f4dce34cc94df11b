"""The one table of moves."""

import pytest

from improvement.moves import MOVES, allowed_moves
from improvement.standing import Standing


def test_every_status_that_an_update_can_have_has_its_moves():
    from improvement.models import ProgressUpdate

    assert set(MOVES) - {None} == {Standing(status) for status in ProgressUpdate.Status}


def test_nobody_says_under_way_not_rated_or_what_is_computed():
    said = {after for moves in MOVES.values() for after in moves}
    assert said == {
        Standing.NOT_STARTED, Standing.ON_TRACK, Standing.AT_RISK, Standing.OFF_TRACK,
        Standing.COMPLETE, Standing.COMPLETE_AND_EVIDENCED, Standing.STOPPED,
    }  # fmt: skip


@pytest.mark.parametrize("before", [None, "on_track", "at_risk", "complete", "not_started"])
def test_only_who_keeps_the_theme_stops_an_action(before):
    assert Standing.STOPPED not in allowed_moves(before, keeps=False)
    assert allowed_moves(before, keeps=True)[Standing.STOPPED].asks == {"reason"}


def test_a_stopped_action_is_started_again_by_who_keeps_the_theme():
    assert allowed_moves("stopped", keeps=False) == {}
    assert allowed_moves("stopped", keeps=True)[Standing.ON_TRACK].asks == {"reason"}


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [
        (None, "on_track", set()),
        ("on_track", "at_risk", {"reason", "remedy"}),
        ("on_track", "off_track", {"reason", "remedy"}),
        ("on_track", "complete", {"completed_on"}),
        ("complete", "complete_and_evidenced", {"completed_on", "evidence_of_impact"}),
        ("complete_and_evidenced", "complete", {"completed_on", "reason"}),
        ("complete", "on_track", {"reason"}),
        ("complete_and_evidenced", "at_risk", {"reason", "remedy"}),
    ],
)
def test_what_a_move_asks(before, after, asks):
    assert allowed_moves(before, keeps=False)[Standing(after)].asks == asks


def test_what_was_started_is_never_said_not_to_be():
    for before in ("under_way", "on_track", "at_risk", "off_track", "complete"):
        assert Standing.NOT_STARTED not in allowed_moves(before, keeps=True)
