"""Which plan the site shows, and whether anything was known of it by then."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404

from improvement.models import Plan
from performance.calculations.position import Position


def plans_shown(position: Position) -> QuerySet[Plan]:
    """The plan that the site shows stands first: for a query that asks more of it at once."""
    plans = Plan.objects.all()
    if settings.COUNCIL_PLAN:
        plans = plans.filter(slug=settings.COUNCIL_PLAN)
    return plans.newest_known(position)


def find_plan(position: Position) -> Plan | None:
    """The plan that the site shows: COUNCIL_PLAN's, else the newest known at the position.

    Where none was known by then it is the newest of all, and `is_plan_known` says so. None where
    there is none yet.
    """
    return plans_shown(position).select_related("framework", "paper").first()


def get_plan(position: Position) -> Plan:
    """As find_plan, for the pages of what is in a plan. Http404 if there is none."""
    plan = find_plan(position)
    if plan is None and settings.COUNCIL_PLAN:
        raise Http404(
            f"No plan is called “{settings.COUNCIL_PLAN}”: load it with load_plan, or mend "
            "COUNCIL_PLAN."
        )
    if plan is None:
        raise Http404("No plan has been loaded yet: an officer loads one with load_plan.")
    return plan


def is_plan_known(plan: Plan, position: Position) -> bool:
    return plan.is_known(position)
