from datetime import date

import pytest

from improvement.standing import LABELS, Standing, action_standing, count_standings
from performance.calculations.partial_date import PartialDate

PANEL = date(2016, 10, 5)
PASSED = PartialDate(date(2016, 9, 30), "month")
COMING = PartialDate(date(2016, 10, 31), "month")
NONE = PartialDate(None, "")


@pytest.mark.parametrize(
    ("status", "due", "standing"),
    [
        (None, NONE, "no_update"),
        (None, COMING, "not_yet_due"),
        (None, PASSED, "date_passed"),
        (None, PartialDate(None, "words", "imminently"), "no_update"),
        ("under_way", NONE, "under_way"),
        ("under_way", COMING, "under_way"),
        ("under_way", PASSED, "date_passed"),
        ("on_track", PASSED, "date_passed"),
        ("at_risk", COMING, "at_risk"),
        ("at_risk", PASSED, "date_passed"),
        ("off_track", PASSED, "off_track"),
        ("not_started", PASSED, "date_passed"),
        ("complete", PASSED, "complete"),
        ("complete_and_evidenced", PASSED, "complete_and_evidenced"),
        ("stopped", PASSED, "stopped"),
        (None, PartialDate(PANEL, "day"), "not_yet_due"),
    ],
)
def test_how_an_action_stands(status, due, standing):
    assert action_standing(status, due, PANEL) is Standing(standing)


def test_a_word_from_after_the_date_counts():
    third_of_october = date(2016, 10, 3)
    assert action_standing("under_way", PASSED, PANEL, third_of_october) is Standing.UNDER_WAY
    assert action_standing("under_way", PASSED, PANEL, PASSED.on) is Standing.DATE_PASSED


def test_every_standing_has_words():
    assert set(LABELS) == set(Standing)


def test_counts_leave_out_what_does_not_occur():
    counts = count_standings([Standing.COMPLETE, Standing.DATE_PASSED, Standing.COMPLETE])
    assert [(count.label, count.count) for count in counts] == [
        ("complete", 2),
        ("date passed, no update", 1),
    ]
