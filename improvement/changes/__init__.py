"""Changes of the plan: each in one transaction, with its event, by a person."""

from improvement.changes.keeping import assign_action, choose_leads
from improvement.changes.recording import Facts, record, record_of_action
from improvement.changes.reviews import (
    AlreadyReviewed,
    NothingToRelease,
    ReleaseChanged,
    Reviewed,
    approve_updates,
    release_approved,
    release_round,
    return_update,
)
from improvement.changes.rounds import (
    NewerRound,
    RoundReleased,
    RoundUnderWay,
    change_round,
    open_round,
    round_facts,
    round_state,
)
from improvement.changes.updates import (
    MoveRefused,
    NewerDraft,
    NewerUpdate,
    UpdateWords,
    discard_draft,
    move_due_date,
    save_draft,
    state_of,
    status_now,
    submit_update,
)

__all__ = [
    "AlreadyReviewed",
    "Facts",
    "MoveRefused",
    "NewerDraft",
    "NewerRound",
    "NewerUpdate",
    "NothingToRelease",
    "ReleaseChanged",
    "Reviewed",
    "RoundReleased",
    "RoundUnderWay",
    "UpdateWords",
    "approve_updates",
    "assign_action",
    "change_round",
    "choose_leads",
    "discard_draft",
    "move_due_date",
    "open_round",
    "record",
    "record_of_action",
    "release_approved",
    "release_round",
    "return_update",
    "round_facts",
    "round_state",
    "save_draft",
    "state_of",
    "status_now",
    "submit_update",
]
