"""The plan's own pages: what officers say, who reviews it, how the plan and its record are kept.

All stand under /plan/, in the namespace `improvement`, beside the pages that members read.
"""

from django.urls import URLPattern, path

from improvement.views import activity, removals

# An officer's own: my updates, an update of an action.
update_patterns: list[URLPattern] = []

# Review, release, rounds and how well the plan is owned.
review_patterns: list[URLPattern] = []

# Adding, rewording, assigning, splitting and stopping; a plan from a spreadsheet.
keeping_patterns: list[URLPattern] = []

# Who did what, and what was taken out.
record_patterns: list[URLPattern] = [
    path("activity/", activity.activity, name="activity"),
    path("removals/", removals.removals, name="removals"),
    path("removals/ask/", removals.removal_ask, name="removal-ask"),
    path("removals/<int:number>/", removals.removal, name="removal"),
]

urlpatterns = [*update_patterns, *review_patterns, *keeping_patterns, *record_patterns]
