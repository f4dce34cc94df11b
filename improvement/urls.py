"""The plan's own pages: what officers say, who reviews it, how the plan and its record are kept.

All stand under /plan/, in the namespace `improvement`, beside the pages that members read.
"""

from django.urls import URLPattern, path, register_converter

from improvement.converters import ReferenceConverter
from improvement.views import (
    activity,
    keeping,
    plan_loads,
    plans,
    release,
    removals,
    reviews,
    rounds,
    updates,
    updates_all,
)

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
_ACTION = "keep/<reference:reference>"
_THEME = "keep/themes/<slug:plan>/<slug:slug>"
keeping_patterns: list[URLPattern] = [
    path("keep/", keeping.keep, name="keep"),
    path("keep/plans/<slug:plan>/follow/", plans.plan_add, name="plan-add"),
    path("keep/plans/<slug:plan>/add-theme/", plans.theme_add, name="theme-add"),
    path(f"{_THEME}/", plans.theme_change, name="theme-change"),
    path(f"{_THEME}/leads/", plans.theme_leads, name="theme-leads"),
    path(f"{_THEME}/add/", keeping.action_add, name="action-add"),
    path(f"{_ACTION}/", keeping.action_keep, name="action-keep"),
    path(f"{_ACTION}/reword/", keeping.action_reword, name="action-reword"),
    path(f"{_ACTION}/assign/", keeping.action_assign, name="action-assign"),
    path(f"{_ACTION}/split/", keeping.action_split, name="action-split"),
    path(f"{_ACTION}/stop/", keeping.action_stop, name="action-stop"),
    path(f"{_ACTION}/link/", keeping.action_link, name="action-link"),
    path(f"{_ACTION}/due/", keeping.action_due, name="action-due"),
    path("loads/", plan_loads.plan_loads, name="plan-loads"),
    path("loads/<int:number>/", plan_loads.plan_load, name="plan-load"),
    path("loads/<int:number>/confirm/", plan_loads.plan_load_confirm, name="plan-load-confirm"),
    path("loads/<int:number>/discard/", plan_loads.plan_load_discard, name="plan-load-discard"),
    path("loads/<int:number>/problems.csv", plan_loads.plan_load_problems,
         name="plan-load-problems"),
    path("export.<slug:kind>", plan_loads.plan_export, name="plan-export"),
]  # fmt: skip

# Who did what, and what was taken out.
record_patterns: list[URLPattern] = [
    path("activity/", activity.activity, name="activity"),
    path("removals/", removals.removals, name="removals"),
    path("removals/ask/", removals.removal_ask, name="removal-ask"),
    path("removals/<int:number>/", removals.removal, name="removal"),
]

urlpatterns = [*update_patterns, *review_patterns, *keeping_patterns, *record_patterns]
