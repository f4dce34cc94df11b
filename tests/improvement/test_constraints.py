"""Every rule that the database keeps of the plan and the judgements, broken once."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from improvement.changes.recording import record
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
    PlanEvent,
    PlanLoad,
    ProgressUpdate,
    Removal,
    Statement,
    Theme,
    UpdateCitation,
    UpdateDraft,
    UpdateReview,
    UpdateRound,
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


def said_by_a_person():
    return ProgressUpdate(
        action=Action.objects.first(), status="on_track", narrative="Said.",
        made_by=somebody(), submission=uuid4(), effective_on=date(2016, 10, 5),
    )  # fmt: skip


def somebody():
    return get_user_model().objects.get(username="officer")


def stored(row):
    row.save()
    return row


def citation():
    update, cited = stored(said_by_a_person()), Evidence.objects.first().indicator
    return stored(UpdateCitation(update=update, indicator=cited))


def draft():
    return stored(UpdateDraft(action=Action.objects.first(), person=somebody(), opened_at="0-0"))


def release():
    update = stored(said_by_a_person())
    known_from = position_on(2016, 10, 5).known_at
    return stored(UpdateReview(update=update, outcome="released", known_from=known_from))


def event():
    return PlanEvent.objects.filter(kind="round").first()


def plan_load():
    return PlanLoad(
        plan=Plan.objects.first(), file_name="plan.csv", sha256="0" * 64, state="discarded"
    )


def removal():
    now, by = position_on(2016, 10, 5).known_at, somebody()
    asked = stored(
        Removal(words="x", reason="y", hidden_on=date(2016, 10, 5), asked_by=by, asked_at=now)
    )
    record(
        PlanEvent.Kind.REMOVAL, str(asked), PlanEvent.Done.ASKED, by=by, now=now,
        after={"texts": 0},
    )  # fmt: skip
    return asked


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
    ("update_from_a_person_or_a_paper", said_by_a_person, {"made_by_id": None}),
    ("update_of_a_person_came_by_a_form", said_by_a_person, {"submission": None}),
    ("update_at_risk_says_what_is_done", said_by_a_person,
     {"status": "at_risk", "reason": "Staff."}),
    ("progressupdate_new_due_precision_is_known", said_by_a_person,
     {"new_due_on": LONG_AGO, "new_due_precision": "week", "new_due_reason": "Staff."}),
    ("update_new_due_has_a_reason", said_by_a_person,
     {"new_due_on": LONG_AGO, "new_due_precision": "day"}),
    ("update_new_due_has_a_reason", said_by_a_person,
     {"new_due_precision": "day", "new_due_reason": "Staff."}),
    ("updatecitation_once", citation, {}),
    ("updatedraft_one_each", draft, {}),
    ("updatereview_released_once", release, {}),
    ("updateround_one_under_way", first(UpdateRound), {}),
    ("updateround_dates_in_order", first(UpdateRound), {"opens_on": date(2030, 1, 1)}),
    ("updateround_dates_in_order", first(UpdateRound), {"figures_due_on": date(2030, 1, 1)}),
    ("updateround_released_by_somebody", first(UpdateRound),
     {"released_at": lambda row: row.opened_at}),
    ("planevent_kind_is_known", event, {"kind": "other"}),
    ("planevent_done_is_known", event, {"done": "other"}),
    ("planevent_holds_a_change", event, {"after": {}}),
    ("planload_state_is_known", plan_load, {"state": "other"}),
    ("planload_sha256_is_hex", plan_load, {"sha256": "x" * 64}),
    ("planload_keeps_bytes_only_while_screened", plan_load, {"content": b"x"}),
    ("planload_keeps_words_only_while_read", plan_load, {"report": {"new": []}}),
    ("planload_loaded_has_an_instant_and_a_reason", plan_load, {"state": "loaded"}),
    ("removal_outcome_is_known", removal, {"outcome": "other"}),
    ("removal_by_two_people", removal, {"decided_by_id": lambda row: row.asked_by_id}),
    ("removal_words_until_decided", removal, {"words": ""}),
    ("removal_has_a_reason", removal, {"reason": ""}),
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
