"""Changes of reference data: each in one transaction with its event, by a person, for a reason.

Annotations are made and closed here too."""

from performance.changes.annotations import annotate, close_annotation
from performance.changes.comparators import (
    Neighbour,
    add_comparator_group,
    change_comparator_group,
    group_facts,
    neighbours_of,
)
from performance.changes.indicators import (
    MOST_KEY,
    PANEL_SET,
    PanelSetRefused,
    add_indicator,
    add_series,
    change_indicator,
    change_series,
    choose_panel_set,
    indicator_facts,
    panel_set_facts,
    panel_set_problem,
    panel_set_state,
    series_facts,
)
from performance.changes.recording import ChangedSince, Facts, as_json, state_of
from performance.changes.targets import (
    key_of,
    set_target,
    target_facts,
    target_state,
    withdraw_target,
)

__all__ = [
    "MOST_KEY",
    "PANEL_SET",
    "ChangedSince",
    "Facts",
    "Neighbour",
    "PanelSetRefused",
    "add_comparator_group",
    "add_indicator",
    "add_series",
    "annotate",
    "as_json",
    "change_comparator_group",
    "change_indicator",
    "change_series",
    "choose_panel_set",
    "close_annotation",
    "group_facts",
    "indicator_facts",
    "key_of",
    "neighbours_of",
    "panel_set_facts",
    "panel_set_problem",
    "panel_set_state",
    "series_facts",
    "set_target",
    "state_of",
    "target_facts",
    "target_state",
    "withdraw_target",
]
