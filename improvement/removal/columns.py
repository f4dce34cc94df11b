"""The texts of the plan and of the figures beneath it."""

from django.db.models import Q

from improvement import models as plan
from improvement.removal.registry import Texts, register_texts, register_waiting
from improvement.removal.waiting import LOADS, PLAN_LOADS, SESSIONS, why_held
from performance import models as figures
from performance.importer.held_back import hold_back_where

SLUG = "[-A-Za-z0-9_]+"
# What an event calls a thing by: but a round, or something older, by the title that it had.
KEYS = {
    plan.PlanEvent.Kind.ACTION: "[0-9A-Za-z][0-9A-Za-z.-]*",
    plan.PlanEvent.Kind.THEME: f"{SLUG}/{SLUG}",
    plan.PlanEvent.Kind.PLAN: SLUG,
    plan.PlanEvent.Kind.REMOVAL: "(Removal [0-9]+|found .+)",
}
OWN_KEYS = Q()
for kind, key in KEYS.items():
    OWN_KEYS |= Q(kind=kind, key__regex=f"^{key}$")

# Choices, references, slugs, codes, counts and the numbers of forms in columns of JSON.
OF_DRAFTS = frozenset("status cites corrects opened_at submission revision".split())
OF_EVENTS = frozenset(
    "kind status judgements indicators framework paper plan into became comes_from follows "
    "submission carries".split()
)
OF_PLANS = frozenset("reference kind judgements indicators".split())
# Of each figure that a report lists: what it was, what it is, and why it is listed.
OF_FIGURES = frozenset("format release released_on refused_as old new last why".split())

# In the order in which rows are locked: see `hold_rows`.
TEXTS = (
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
        own_facts=OF_FIGURES,
    ),
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
        own_facts=OF_PLANS,
    ),
    Texts(plan.Plan, "plan", {"title": "title"}, of="slug"),
    Texts(
        plan.UpdateRound,
        "round of updates",
        {"title": "title"},
        read_with="improvement.open_round",
    ),
    Texts(
        plan.Theme,
        "theme",
        {"title": "title", "short_title": "short title", "lead_service": "lead service"},
        of="slug",
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
    Texts(
        plan.UpdateDraft,
        "draft",
        {"words": "its boxes"},
        of="action__reference",
        counter="revision",
        own_facts=OF_DRAFTS,
    ),
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
        own_facts=OF_EVENTS,
        own_rows={"key": OWN_KEYS},
    ),
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
    Texts(
        figures.PeriodLock,
        "lock",
        {"reason": "why", "lifted_reason": "why it was lifted"},
        read_with="performance.add_periodlock",
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
