"""The plan's own pages: what officers say, who reviews it, how the plan and its record are kept.

All stand under /plan/, in the namespace `improvement`, beside the pages that members read.
"""

from django.urls import URLPattern, path, register_converter

from improvement.converters import ReferenceConverter
from improvement.views import release, reviews, rounds, updates, updates_all

register_converter(ReferenceConverter, "reference")

# An officer's own: my updates, an update of an action.
update_patterns: list[URLPattern] = [
    path("my-updates/", updates.my_updates, name="my-updates"),
    path("my-updates/all/", updates_all.my_updates_all, name="my-updates-all"),
    path("actions/<reference:reference>/update/", updates.action_update, name="action-update"),
    path("actions/<reference:reference>/draft/", updates.action_draft, name="action-draft"),
]

# Review, release, rounds and how well the plan is owned.
review_patterns: list[URLPattern] = [
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:number>/return/", reviews.update_return, name="update-return"),
    path("release/", release.release, name="release"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/open/", rounds.round_open, name="round-open"),
    path("rounds/<int:number>/", rounds.round_page, name="round"),
    path("rounds/<int:number>/change/", rounds.round_change, name="round-change"),
]

# Adding, rewording, assigning, splitting and stopping; a plan from a spreadsheet.
keeping_patterns: list[URLPattern] = []

# Who did what, and what was taken out.
record_patterns: list[URLPattern] = []

urlpatterns = [*update_patterns, *review_patterns, *keeping_patterns, *record_patterns]
