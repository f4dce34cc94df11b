"""What a removal looks through, and what it never hides."""

from contextlib import suppress
from uuid import UUID

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import CharField, JSONField, TextField

from improvement.changes import (
    AlreadySplit,
    NothingFound,
    Part,
    save_draft,
    split_action,
    state_of,
)
from improvement.changes.recording import record
from improvement.models import Action, PlanEvent, SealedText, UpdateDraft
from improvement.removal.registry import every_text
from performance.importer.screening_report import ScreeningReport
from tests.improvement.conftest import NOW, ON, say, words
from tests.improvement.removals import HIDDEN, NAME, ask
from tests.performance.load_factories import figure, make_load

pytestmark = pytest.mark.django_db


def test_a_session_is_ended_by_what_was_typed_and_not_by_how_its_person_signed_in(
    owned, officer, sign_in
):
    browser = sign_in("officer")
    say(owned, officer, words(narrative=f"{NAME}, of the PeopleBackend."))
    ask(officer, "PeopleBackend")
    assert browser.get("/plan/my-updates/").status_code == 200
    session = browser.session
    session["kept_form"] = f"narrative={NAME}"
    session.save()
    ask(officer)
    assert browser.get("/plan/my-updates/").status_code == 302


def test_a_session_is_not_ended_by_the_names_that_the_site_gives_what_it_keeps(
    owned, officer, sign_in
):
    browser = sign_in("officer")
    session = browser.session
    session["kept_form"] = {"evidence_links": "none"}
    session.save()
    say(owned, officer, words(narrative="The kept form, with evidence links."))
    for said in ("kept form", "evidence links"):
        ask(officer, said)
    assert browser.get("/plan/my-updates/").status_code == 200


@pytest.mark.parametrize("kind", ["action", "theme", "plan", "removal"])
def test_what_the_site_calls_a_thing_by_is_never_hidden(owned, officer, director, kind):
    key = {"action": "10.02a", "theme": "barnaby-plan/theme", "plan": "barnaby-plan",
           "removal": "Removal 1"}[kind]  # fmt: skip
    record(kind, key, "changed", by=director, now=NOW, after={"x": 1}, reason="10.02a, Removal 1")
    said = {"action": "10.02a", "removal": "Removal 1"}.get(kind, "Barnaby")
    Action.objects.filter(pk=owned.pk).update(title=said)
    ask(officer, said)
    assert PlanEvent.objects.filter(kind=kind, key=key).exists()


def test_the_title_of_a_round_is_hidden_where_an_event_calls_it_by_that(owned, officer, director):
    key = "Round of Barnaby (the-plan/1)"
    record("round", key, "opened", by=director, now=NOW, after={"x": 1})
    ask(officer, "Barnaby")
    assert PlanEvent.objects.get(kind="round", done="opened", after={"x": 1}).key == HIDDEN


def test_the_sites_own_words_in_a_report_are_not_hidden(owned, officer):
    line = figure(indicator="Barnaby’s figure", why="moved", old="suppressed")
    load = make_load(report=ScreeningReport(movements=[line]))
    for said in ("moved", "suppressed", "movements", "screened"):
        with suppress(NothingFound), transaction.atomic():
            ask(officer, said)
        assert not SealedText.objects.filter(table="performance_load").exists()
    ask(officer, "Barnaby")
    load.refresh_from_db()
    kept = load.report["movements"][0]
    assert (kept["indicator"], kept["why"], kept["old"]) == (HIDDEN, "moved", "suppressed")


def test_the_choices_of_a_draft_are_not_hidden(owned, officer):
    draft = {"status": "at_risk", "narrative": "Barnaby is at risk."}
    save_draft(action=owned, by=officer, words=draft, opened_at=state_of(owned), revision=0)
    ask(officer, "Barnaby is at risk")
    assert UpdateDraft.objects.get().words == {"status": "at_risk", "narrative": HIDDEN}
    with pytest.raises(NothingFound), transaction.atomic():
        ask(officer, "narrative")


def test_the_number_of_a_form_is_not_hidden_and_still_tells_a_double_click(owned, officer, lead):
    """Part of it may read as a word does."""
    action = Action.objects.get(reference="5.18")
    sent = {
        "action": action, "parts": [Part("5.90a", "One", "The one half.")], "is_stopped": False,
        "reason": "Two teams do it.", "by": lead, "opened_at": state_of(action), "on": ON,
        "now": NOW, "submission": UUID("facade00-cafe-4bed-8bad-0000deadbeef"),
    }  # fmt: skip
    made = split_action(**sent)
    say(owned, officer, words(narrative="The café and the Cafe have closed."))
    ask(officer, "cafe")
    with pytest.raises(AlreadySplit) as already:
        split_action(**sent)
    assert already.value.parts == made


# Texts that nobody types in their own words, and why.
NO_WORDS = {
    "kind", "done", "status", "outcome", "made_by", "basis", "maker", "grade", "direction",
    "slug", "reference", "paragraph", "theme", "opened_at", "state", "format", "sha256",
    "published_basis", "known_from_basis", "first_due_basis", "completed_basis",
    "released_basis", "period_label", "local_wording", "publisher", "words", "left", "original",
    "table", "column",
}  # fmt: skip


# Reference data of the land and of the figures, which only the setup folder changes, and what
# people are called by. Where words stand in them is told to who may decide (`find_outside`).
OTHER_MODELS = {
    "Framework", "Judgement", "Correspondence", "Area", "AreaCode", "ComparatorGroup",
    "ComparatorMember", "Indicator", "Series", "SeriesLink", "SetAside", "Measurement", "Target",
    "User",
}  # fmt: skip
OTHER_COLUMNS = {
    "Paper.title", "ReferenceEvent.key", "ReferenceEvent.before", "ReferenceEvent.after",
    "PersonEvent.whom", "QueuedMessage.address", "QueuedMessage.key",
}  # fmt: skip


@pytest.mark.parametrize("app", ["improvement", "performance", "dashboard"])
def test_every_text_is_looked_at(app):
    """A new column of words is registered: see `improvement/removal/columns.py`."""
    registered = {texts.model: set(texts.columns) for texts in every_text()}
    missing = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, (CharField, TextField, JSONField))
        and not field.choices
        and not field.name.endswith("_precision")
        and field.name not in NO_WORDS
        and field.name not in registered.get(model, set())
        and model.__name__ not in OTHER_MODELS
        and f"{model.__name__}.{field.name}" not in OTHER_COLUMNS
    ]
    assert missing == []


def test_every_text_has_room_for_the_sentence():
    for texts in every_text():
        for name in texts.columns:
            most = getattr(texts.model._meta.get_field(name), "max_length", None)
            assert most is None or most >= 72, (texts.noun, name)
