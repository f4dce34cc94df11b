"""How standings and grades are painted, once for every page."""

from improvement.standing import LABELS, Standing
from performance.charts import Category, Tone

STANDING_TONES = {
    Standing.COMPLETE_AND_EVIDENCED: Tone("#0a2543"),
    Standing.COMPLETE: Tone("#12436D"),
    Standing.ON_TRACK: Tone("#28A197", ink="#0b0c0c"),
    Standing.UNDER_WAY: Tone("#6BACE6", ink="#0b0c0c"),
    Standing.NOT_YET_DUE: Tone("#ffffff", "outline", ink="#0b0c0c"),
    Standing.NOT_STARTED: Tone("#A285D1", ink="#0b0c0c"),
    Standing.NO_UPDATE: Tone("#d8dde0", ink="#0b0c0c"),
    Standing.AT_RISK: Tone("#F46A25", ink="#0b0c0c"),
    Standing.DATE_PASSED: Tone("#801650", "hatch", ink="#801650"),
    Standing.OFF_TRACK: Tone("#801650"),
    Standing.STOPPED: Tone("#3D3D3D"),
}

GRADE_COLOURS = {
    "outstanding": "#12436D",
    "good": "#28A197",
    "requires_improvement": "#F46A25",
    "adequate": "#F46A25",
    "inadequate": "#801650",
}


def standing_category(standing: Standing) -> Category:
    return Category(LABELS[standing], STANDING_TONES[standing])
