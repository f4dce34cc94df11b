"""Actions and what was said of their progress."""

from datetime import datetime
from typing import Any

from improvement.importer.loading import Loading
from improvement.models import (
    Action,
    ActionJudgement,
    DateBasis,
    Judgement,
    ProgressUpdate,
    Theme,
    UpdateReview,
)
from performance.importer.check import Checker
from performance.importer.read import Row
from performance.importer.versions import known_from_never_changes


def load_actions(loading: Loading) -> None:
    check = loading.checker
    rows = loading.tables["actions"]
    check.once(rows, lambda row: row["reference"], "reference")
    themes = {row["reference"]: row["theme"] for row in loading.tables["bullets"]}
    for order, row in enumerate(rows, start=1):
        number = check.lookup(row, "bullet", themes, "a bullet")
        if number is None:
            continue
        theme = check.lookup(row, "bullet", loading.themes, "a theme of a bullet", number)
        if theme:
            _load_action(loading, row, theme, order)


def _load_action(loading: Loading, row: Row, theme: Theme, order: int) -> None:
    check = loading.checker
    assert loading.plan
    assert loading.plan.paper
    due = check.partial(row, "due", words="due_words")
    cabinet = check.partial(row, "cabinet_on")
    indicators = check.lookup_many(row, "indicators", loading.indicators, "an indicator")
    facts = {
        "theme": theme,
        "order": order,
        "title": check.text(row, "title"),
        "description": check.text(row, "promised"),
        "impact_sought": row["impact_sought"],
        "owner_service": row["owner_service"],
        "owner_role": row["owner_role"],
        "kind": check.choice(row, "kind", Action.Kind),
        "cabinet_on": cabinet.on,
        "cabinet_precision": cabinet.precision,
        "note": row["note"],
    }
    first_due = {
        "first_due_on": due.on,
        "first_due_precision": due.precision,
        "first_due_words": due.words,
        "first_due_basis": check.choice(row, "due_basis", DateBasis),
    }
    judgements = _judgements(loading, row)
    earlier = (
        Action.objects.filter(reference=row["reference"]).select_related("theme__plan").first()
    )
    if earlier and earlier.theme.plan != loading.plan:
        check.wrong(row, "reference", f"an action of “{earlier.theme.plan}” has it already")
    elif earlier:
        _check_first_due(loading, row, earlier, first_due)
    if check.problems:
        return
    # What is kept for ever is said once, when the action is new.
    once = {} if earlier else {**first_due, "known_from": loading.plan.paper.known_from}
    action = loading.put(Action, {"reference": row["reference"]}, facts | once)
    action.indicators.set(indicators)
    loading.actions[row["reference"]] = action
    _load_action_judgements(loading, action, judgements)


def _check_first_due(
    loading: Loading, row: Row, earlier: Action, first_due: dict[str, Any]
) -> None:
    """The first due date is kept for ever: a later date is a move, with its reason."""
    changed = {field for field, value in first_due.items() if getattr(earlier, field) != value}
    if changed == {"first_due_basis"}:
        loading.checker.wrong(
            row, "due_basis", f"the first due date of this action is on record as "
            f"{earlier.get_first_due_basis_display()}, and that never changes"
        )  # fmt: skip
    elif changed:
        loading.checker.wrong(
            row, "due", f"the first due date of this action is "
            f"{earlier.first_due or 'not stated'} and never changes: record the move as a date "
            "change"
        )  # fmt: skip


def _judgements(loading: Loading, row: Row) -> list[Judgement]:
    """The judgements that the action serves, the main one first; without one it is refused."""
    found = loading.checker.lookup_many(row, "judgements", loading.plan_judgements(), "a judgement")
    if not loading.checker.many(row, "judgements"):
        loading.checker.wrong(row, "judgements", "at least one judgement, the main one first")
    return found


def _load_action_judgements(loading: Loading, action: Action, found: list[Judgement]) -> None:
    links = ActionJudgement.objects.filter(action=action)
    links.exclude(judgement__in=found).delete()
    # Two main ones are refused, even for a moment: the old one goes before the new one comes.
    links.exclude(judgement=found[0]).filter(is_main=True).update(is_main=False)
    for place, judgement in enumerate(found):
        key = {"action": action, "judgement": judgement}
        loading.put(ActionJudgement, key, {"is_main": place == 0})


def load_updates(loading: Loading) -> None:
    check = loading.checker
    for row in loading.tables["updates"]:
        action = check.lookup(row, "action", loading.actions, "an action")
        paper = check.lookup(row, "paper", loading.papers, "a paper")
        completed = check.partial(row, "completed", words="completed_words")
        basis = check.choice(row, "completed_basis", DateBasis, blank=True)
        status = check.choice(row, "status", ProgressUpdate.Status)
        _check_said(check, row, status, completed.on is None and basis != DateBasis.BY_REPORT)
        effective_on = check.day(row, "effective_on", required=True)
        known_from = check.instant(row, "known_from")
        key = {"action": action, "paper": paper, "status": status, "effective_on": effective_on}
        facts = {
            "narrative": check.text(row, "says"),
            "evidence_of_impact": row["impact"],
            "reason": row["reason"],
            "completed_on": completed.on,
            "completed_precision": completed.precision,
            "completed_words": completed.words,
            "completed_basis": basis,
            "note": row["note"],
        }
        if known_from and not check.problems:
            _keep_update(loading, row, key | facts, known_from)


def _check_said(check: Checker, row: Row, status: str, is_undated: bool) -> None:
    """What the database asks of an update, told with its place in the file."""
    if status.startswith("complete") and is_undated:
        check.wrong(row, "completed", "when it was completed, or the basis by the report's date")
    if status == ProgressUpdate.Status.COMPLETE_AND_EVIDENCED and not row["impact"]:
        check.wrong(row, "impact", "complete and evidenced needs the evidence of its impact")
    at_risk = (ProgressUpdate.Status.AT_RISK, ProgressUpdate.Status.OFF_TRACK)
    if status in at_risk and not row["reason"]:
        check.wrong(row, "reason", "at risk and off track need the reason")


def _keep_update(loading: Loading, row: Row, said: dict[str, Any], known_from: datetime) -> None:
    """An update never changes: the same words are the same update, other words a new one."""
    reviews = UpdateReview.objects.filter(
        update__in=ProgressUpdate.objects.filter(**said), by__isnull=True
    )
    days = list(reviews.values_list("known_from", flat=True))
    if known_from in days:
        loading.report.count("unchanged")
        return
    if days:
        loading.checker.wrong(row, "known_from", known_from_never_changes(days[0]))
        return
    update = ProgressUpdate.objects.create(**said)
    # What a paper says counts from its publication: nobody approves it again here.
    UpdateReview.objects.create(
        update=update, outcome=UpdateReview.Outcome.APPROVED, known_from=known_from
    )
    loading.report.count("new")
