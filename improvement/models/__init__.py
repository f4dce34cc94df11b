"""The plan, what became of it, and the grades, by noun."""

from improvement.models.judgement import (
    Assessment,
    Correspondence,
    Finding,
    Framework,
    Judgement,
    Statement,
)
from improvement.models.paper import Bullet, BulletOutcome, Paper
from improvement.models.partial_dates import DateBasis, DatePrecision
from improvement.models.plan import Action, ActionJudgement, Evidence, Plan, Theme
from improvement.models.plan_event import PlanEvent
from improvement.models.plan_load import PlanLoad
from improvement.models.progress import (
    DateChange,
    ProgressUpdate,
    UpdateCitation,
    UpdateReview,
)
from improvement.models.removal import Removal, SealedText, print_of
from improvement.models.rounds import UpdateDraft, UpdateRound

__all__ = [
    "Action",
    "ActionJudgement",
    "Assessment",
    "Bullet",
    "BulletOutcome",
    "Correspondence",
    "DateBasis",
    "DateChange",
    "DatePrecision",
    "Evidence",
    "Finding",
    "Framework",
    "Judgement",
    "Paper",
    "Plan",
    "PlanEvent",
    "PlanLoad",
    "ProgressUpdate",
    "Removal",
    "SealedText",
    "Statement",
    "Theme",
    "UpdateCitation",
    "UpdateDraft",
    "UpdateReview",
    "UpdateRound",
    "print_of",
]
