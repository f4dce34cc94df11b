"""The plan as the table that loads back unchanged."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from improvement.importer.plan_sheet import ALL_COLUMNS, join_names
from improvement.models import Action, ActionJudgement
from performance.calculations.partial_date import write_partial_date
from performance.importer.formula_guard import guard
from performance.importer.own_export import Row
from performance.models import Indicator


def write_plan(actions: QuerySet[Action]) -> list[Row]:
    """The headers, and these actions as they stand today, in their order."""
    links = ActionJudgement.objects.select_related("judgement")
    written: Iterable[Action] = actions.select_related("theme", "owner").prefetch_related(
        Prefetch("action_judgements", links.order_by("-is_main", "judgement__order")),
        Prefetch("indicators", Indicator.objects.order_by("code")),
    )
    return [list(ALL_COLUMNS), *(_write_row(action) for action in written)]


def _write_row(action: Action) -> Row:
    due = action.first_due
    has_last_day = due.precision == "words" and due.on is not None
    cells = {
        "reference": action.reference,
        "theme": str(action.theme.number),
        "title": action.title,
        "promised": action.description,
        "kind": action.get_kind_display(),
        "judgements": join_names([one.judgement.slug for one in action.action_judgements.all()]),
        "owner_service": action.owner_service,
        "owner_role": action.owner_role,
        "owner": action.owner.get_username() if action.owner else "",
        "impact_sought": action.impact_sought,
        "first_due": write_partial_date(due),
        "first_due_last_day": due.on.isoformat() if has_last_day and due.on else "",
        "cabinet_on": write_partial_date(action.cabinet),
        "indicators": join_names([one.code for one in action.indicators.all()]),
        "note": action.note,
    }
    return [guard(cells[column].replace("\r\n", "\n")) for column in ALL_COLUMNS]
