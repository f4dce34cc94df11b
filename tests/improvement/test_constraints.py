"""Every rule that the database keeps of the plan and the judgements, broken once."""

from datetime import date, timedelta

import pytest

from improvement.models import (
    Action,
    ActionJudgement,
    Assessment,
    Bullet,
    BulletOutcome,
    Correspondence,
    DateChange,
    Evidence,
    Finding,
    Framework,
    Judgement,
    Paper,
    Plan,
    ProgressUpdate,
    Statement,
    Theme,
    UpdateReview,
)
from tests.conftest import position_on
from tests.constraints import constraint_names, refused_by

pytestmark = pytest.mark.django_db

LONG_AGO = date(1990, 1, 1)


def date_change():
    return DateChange(
        action=Action.objects.first(), from_on=date(2016, 9, 30), from_precision="month",
        to_on=date(2016, 12, 31), to_precision="month", reason="Staff.",
        known_from=position_on(2016, 10, 1).known_at,
    )  # fmt: skip


def under_way():
    return ProgressUpdate.objects.filter(status="under_way").first()


def cited(kind):
    return BulletOutcome.objects.filter(kind=kind).first()


def main_evidence():
    return Evidence.objects.filter(is_main=True).first()


def theme_evidence():
    return Evidence.objects.filter(theme__isnull=False).first()


def main_link():
    return ActionJudgement.objects.filter(is_main=True).first()


def first(model):
    return lambda: model.objects.first()


def new_action(**changes):
    return {"reference": "new", **changes}


# What refuses, of what row, changed how. A function is asked when the test runs.
CASES = [
    ("framework_starts_before_it_ends", first(Framework), {"in_force_until": LONG_AGO}),
    ("judgement_kind_is_known", first(Judgement), {"kind": "other"}),
    ("judgement_slug_once_per_framework", first(Judgement), {"order": 99}),
    ("judgement_order_once_per_framework", first(Judgement), {"slug": "new"}),
    ("correspondence_once", first(Correspondence), {}),
    ("correspondence_not_itself", first(Correspondence),
     {"other_id": lambda row: row.judgement_id}),
    ("assessment_known_until_after_known_from", first(Assessment),
     {"known_until": lambda row: row.known_from}),
    ("assessment_known_from_basis_is_known", first(Assessment), {"known_from_basis": "other"}),
    ("assessment_maker_is_known", first(Assessment), {"maker": "other"}),
    ("assessment_grade_is_known", first(Assessment), {"grade": "excellent"}),
    ("assessment_position_precision_is_known", first(Assessment),
     {"position_precision": "words"}),
    ("assessment_one_current", first(Assessment), {}),
    ("assessment_published_after_position", first(Assessment), {"published_on": LONG_AGO}),
    ("finding_known_until_after_known_from", first(Finding),
     {"known_until": lambda row: row.known_from}),
    ("finding_known_from_basis_is_known", first(Finding), {"known_from_basis": "other"}),
    ("finding_maker_is_known", first(Finding), {"maker": "other"}),
    ("finding_kind_is_known", first(Finding), {"kind": "other"}),
    ("finding_one_current", first(Finding), {}),
    ("statement_known_until_after_known_from", first(Statement),
     {"known_until": lambda row: row.known_from}),
    ("statement_known_from_basis_is_known", first(Statement), {"known_from_basis": "other"}),
    ("statement_direction_is_known", first(Statement), {"direction": "up"}),
    ("statement_one_current", first(Statement), {}),
    ("paper_about_precision_is_known", first(Paper), {"slug": "new", "about_precision": "words"}),
    ("paper_published_basis_is_known", first(Paper), {"slug": "new", "published_basis": "other"}),
    ("bullet_reference_once_per_paper", first(Bullet), {}),
    ("bulletoutcome_key_fits_its_kind", lambda: cited("action"), {"kind": "figure"}),
    ("bulletoutcome_key_fits_its_kind", lambda: cited("figure"), {"kind": "other"}),
    ("bulletoutcome_key_fits_its_kind", lambda: cited("figure"), {"period_start": None}),
    ("bulletoutcome_key_fits_its_kind", lambda: cited("figure"), {"area_id": None}),
    ("bulletoutcome_key_fits_its_kind", lambda: cited("statement"), {"reference": ""}),
    ("bulletoutcome_once", lambda: cited("action"), {}),
    ("bulletoutcome_once", lambda: cited("figure"), {}),
    ("bulletoutcome_once", lambda: cited("finding"), {}),
    ("plan_starts_before_it_ends", first(Plan), {"slug": "new", "ends_on": LONG_AGO}),
    ("theme_number_once_per_plan", first(Theme), {"slug": "new"}),
    ("theme_slug_once_per_plan", first(Theme), {"number": 99}),
    ("action_kind_is_known", first(Action), new_action(kind="other")),
    ("action_first_due_precision_is_known", first(Action),
     new_action(first_due_precision="week")),
    ("action_first_due_basis_is_known", first(Action), new_action(first_due_basis="other")),
    ("action_cabinet_precision_is_known", first(Action), new_action(cabinet_precision="words")),
    ("action_due_date_has_a_precision", first(Action),
     new_action(first_due_on=LONG_AGO, first_due_precision="")),
    ("action_due_in_words_has_words", first(Action),
     new_action(first_due_precision="words", first_due_words="")),
    ("actionjudgement_once", main_link, {"is_main": False}),
    ("actionjudgement_one_main", main_link,
     {"judgement_id": lambda row: Judgement.objects.exclude(
         action_judgements__action=row.action).first().pk}),
    ("evidence_judgement_or_theme", main_evidence, {"judgement_id": None}),
    ("evidence_judgement_once", main_evidence, {"is_main": False}),
    ("evidence_theme_once", theme_evidence, {}),
    ("evidence_one_main_judgement", main_evidence,
     {"judgement_id": lambda row: Judgement.objects.exclude(
         evidence__indicator=row.indicator).first().pk}),
    ("progressupdate_status_is_known", under_way, {"status": "other"}),
    ("progressupdate_completed_precision_is_known", under_way, {"completed_precision": "week"}),
    ("progressupdate_completed_basis_is_known", under_way, {"completed_basis": "other"}),
    ("update_at_risk_needs_a_reason", under_way, {"status": "at_risk"}),
    ("update_at_risk_needs_a_reason", under_way, {"status": "off_track"}),
    ("update_complete_needs_a_date", under_way, {"status": "complete"}),
    ("update_evidenced_needs_evidence", under_way,
     {"status": "complete_and_evidenced", "completed_basis": "by_report"}),
    ("update_from_a_person_or_a_paper", under_way, {"paper_id": None}),
    ("updatereview_outcome_is_known", first(UpdateReview), {"outcome": "other"}),
    ("review_returned_needs_a_reason", first(UpdateReview), {"outcome": "returned"}),
    ("datechange_from_precision_is_known", date_change, {"from_precision": "week"}),
    ("datechange_to_precision_is_known", date_change, {"to_precision": "week"}),
    ("datechange_has_a_reason", date_change, {"reason": ""}),
    ("datechange_moves", date_change, {"to_on": lambda row: row.from_on}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "find", "changes"), CASES)
def test_the_database_refuses(name, find, changes):
    row = find()
    made = {field: value(row) if callable(value) else value for field, value in changes.items()}
    assert refused_by(row, **made) == f"improvement_{name}"


def test_every_constraint_has_its_case():
    assert {f"improvement_{name}" for name, _, _ in CASES} == constraint_names("improvement")


def test_a_version_may_follow_one_that_was_replaced():
    old = Statement.objects.first()
    old.known_until = old.known_from + timedelta(days=1)
    old.save()
    assert refused_by(old, known_from=old.known_until, known_until=None) == ""
