"""The texts of the plan and of the figures beneath it."""

from improvement import models as plan
from improvement.removal.registry import Texts, register_texts, register_waiting
from improvement.removal.waiting import LOADS, PLAN_LOADS, SESSIONS, why_held
from performance import models as figures
from performance.importer.held_back import hold_back_where

TEXTS = (
    Texts(
        plan.ProgressUpdate,
        "update",
        {
            "narrative": "what changed",
            "evidence_of_impact": "evidence of impact",
            "evidence_links": "links",
            "reason": "why",
            "remedy": "what is being done about it",
            "new_due_reason": "why the date moves",
            "completed_words": "when it was complete, in words",
            "note": "note",
        },
        of="action__reference",
    ),
    Texts(plan.UpdateDraft, "draft", {"words": "its boxes"}, "action__reference", "revision"),
    Texts(plan.UpdateReview, "review", {"reason": "why"}, "update__action__reference"),
    Texts(
        plan.DateChange,
        "move of a date",
        {"reason": "why", "from_words": "date before", "to_words": "date after"},
        of="action__reference",
    ),
    Texts(
        plan.PlanEvent,
        "record of who did what",
        {"key": "what it is about", "before": "before", "after": "after", "reason": "why"},
        read_with="improvement.view_activity",
    ),
    Texts(
        plan.Action,
        "action",
        {
            "title": "title",
            "description": "what was promised",
            "impact_sought": "impact sought",
            "owner_service": "service",
            "owner_role": "owner",
            "first_due_words": "first due date, in words",
            "note": "note",
        },
        of="reference",
    ),
    Texts(
        plan.Theme,
        "theme",
        {"title": "title", "short_title": "short title", "lead_service": "lead service"},
        of="slug",
    ),
    Texts(plan.Plan, "plan", {"title": "title"}, of="slug"),
    Texts(
        plan.PlanLoad,
        "load of a plan",
        {
            "file_name": "name of the file",
            "sheet": "its sheet",
            "report": "report",
            "reason": "why",
        },
        read_with="improvement.keep_plan",
    ),
    Texts(plan.UpdateRound, "round of updates", {"title": "title"}),
    Texts(plan.Removal, "removal", {"reason": "why", "decided_reason": "why it was decided so"}),
    Texts(
        plan.Paper,
        "paper",
        {
            "considered_by": "considered by",
            "recommendations": "recommendations",
            "not_held": "not held",
            "note": "note",
        },
    ),
    Texts(plan.Bullet, "line of a paper", {"statement": "words", "note": "note"}, "reference"),
    Texts(plan.Finding, "finding", {"text": "words", "evidence": "evidence"}, "reference"),
    Texts(plan.Statement, "statement", {"claim": "words", "note": "note"}, "reference"),
    Texts(plan.Assessment, "grade", {"note": "note"}),
    Texts(
        figures.Annotation,
        "explanation of a figure",
        {"words": "words", "closed_reason": "why it was taken back"},
    ),
    Texts(figures.PeriodLock, "lock", {"reason": "why", "lifted_reason": "why it was lifted"}),
    Texts(
        figures.Load,
        "load of figures",
        {
            "file_name": "name of the file",
            "title": "what it was read as",
            "options": "what was said of it",
            "report": "report",
            "reason": "why",
            "unlock_reason": "why a locked period was changed",
        },
        read_with="performance.view_load",
    ),
    Texts(
        figures.ReferenceEvent,
        "history of the reference data",
        {"reason": "why"},
        of="key",
        read_with="performance.view_referenceevent",
    ),
)


def register() -> None:
    register_texts(*TEXTS)
    register_waiting(SESSIONS, LOADS, PLAN_LOADS)
    hold_back_where(why_held)
