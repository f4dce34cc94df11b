"""What every page fetches first: the plan, and whether anything was known of it by then."""

from improvement.reading import find_plan, get_plan, is_plan_known, plans_shown

__all__ = ["find_plan", "get_plan", "is_plan_known", "plans_shown"]
