"""What the plan's pages print, by page."""

from improvement.presenters.plan import (
    GRADE_PLACES,
    OWN_MAKERS,
    ActionLine,
    GradeLine,
    JudgementGrades,
    bullet_url,
    current_due,
    latest_update,
    make_action_line,
    make_action_lines,
    make_judgement_grades,
)

__all__ = [
    "GRADE_PLACES",
    "OWN_MAKERS",
    "ActionLine",
    "GradeLine",
    "JudgementGrades",
    "bullet_url",
    "current_due",
    "latest_update",
    "make_action_line",
    "make_action_lines",
    "make_judgement_grades",
]
