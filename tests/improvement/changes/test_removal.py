"""Taking out words that lead to a person, by two people."""

import json
from contextlib import suppress

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import CharField, JSONField, TextField

from improvement.changes import (
    AlreadyDecided,
    DecideFirst,
    NeedsAnother,
    NothingFound,
    ReasonHoldsWords,
    TooCommon,
    TooManyWait,
    ask_removal,
    assign_action,
    confirm_removal,
    decline_removal,
    move_due_date,
    removal,
    return_update,
    save_draft,
    state_of,
)
from improvement.changes.recording import record, record_of_action
from improvement.models import Action, PlanEvent, Removal, SealedText, UpdateDraft
from improvement.removal.matching import Words
from improvement.removal.registry import every_text
from performance.calculations.partial_date import PartialDate
from performance.importer.screening_report import ScreeningReport
from performance.models import Annotation, Area, Load, PeriodLock
from tests.conftest import position_on
from tests.improvement.conftest import NOW, ON, say, words
from tests.performance.load_factories import figure, make_load

pytestmark = pytest.mark.django_db

NAME = "Zebedee Quill"
HIDDEN = "Hidden on 5 October 2016: being looked at for personal information"
REMOVED = "Removed on 5 October 2016: personal information"


@pytest.fixture
def clerk(people):
    return people("scrutiny-officer")


def ask(by, said=NAME, reason="It names a child."):
    return ask_removal(words=said, reason=reason, by=by, on=ON, now=NOW)


def confirm(removal, by, reason="It does."):
    return confirm_removal(removal=removal, reason=reason, by=by, on=ON, now=NOW)


def decline(removal, by, reason="It is the name of a street."):
    return decline_removal(removal=removal, reason=reason, by=by, now=NOW)


def everything() -> str:
    """All that the database holds in any table, as text; but for people's own sessions."""
    return json.dumps(
        [list(model._base_manager.values()) for model in apps.get_models()], default=str
    ).casefold()


@pytest.fixture
def named_everywhere(owned, officer, lead, director, clerk):
    """The name in every text of the plan that people type, and in some beside it."""
    name = NAME
    sent = say(
        owned, officer,
        words("at_risk", f"We saw {name}.", evidence_of_impact=f"{name} is safe.",
              evidence_links=f"https://example.org/{name.replace(' ', '-')}",
              reason=f"{name}’s worker left.", remedy=f"Ask {name}.",
              new_due=PartialDate(position_on(2016, 12, 31).on, "month"),
              new_due_reason=f"Waits for {name}."),
    )  # fmt: skip
    return_update(update=sent, reason=f"Do not name {name}.", by=lead, now=NOW)
    draft = {"narrative": "zebedee\n  QUILL again", "status": "on_track", "more": [{"a": name}]}
    save_draft(action=owned, by=officer, words=draft, opened_at=state_of(owned), revision=0)
    move_due_date(
        action=owned, to=PartialDate(position_on(2017, 1, 31).on, "month"),
        reason=f"For {name}.", by=lead, now=NOW,
    )  # fmt: skip
    assign_action(action=owned, owner=lead, by=director, now=NOW, reason=f"{name} moved.")
    record_of_action(
        owned, PlanEvent.Done.REWORDED, by=lead, now=NOW,
        before={"title": f"Help {name}"}, after={"title": f"Help {name} more"},
    )  # fmt: skip
    Action.objects.filter(pk=owned.pk).update(title=f"Help {name}", description=f"For {name}")
    owned.theme.title = "Help &lt;b&gt;Zebedee&nbsp;Quill&lt;/b&gt;"
    owned.theme.save()
    round = owned.theme.plan.rounds.get()
    round.title = f"Round of {name}"
    round.save()
    PeriodLock.objects.create(
        period_start="2016-01-01", period_end="2016-01-31", reason=name, locked_by=director
    )
    Annotation.objects.create(
        kind="period", area=Area.objects.get(code="336"), words=f"{name} left.", made_by=officer,
        period_start="2016-01-01", period_end="2016-01-31", period_label="January",
        known_from=NOW,
    )  # fmt: skip
    return sent


def test_a_name_is_hidden_at_once_and_found_nowhere_when_two_people_took_it_out(
    named_everywhere, officer, director
):
    removal = ask(officer)
    assert Removal.objects.get().texts.count() == 20
    hidden = json.dumps(
        [list(texts.model._base_manager.values(*texts.columns)) for texts in every_text()]
    )
    assert not Words(NAME).found_in(hidden)
    assert hidden.count(HIDDEN) == 21
    confirm(removal, director)
    assert not Words(NAME).found_in(everything())
    assert "zebedee" not in everything()
    named_everywhere.refresh_from_db()
    assert named_everywhere.narrative == named_everywhere.reason == REMOVED
    assert UpdateDraft.objects.get().words["status"] == "on_track"
    assert UpdateDraft.objects.get().words["more"] == [{"a": REMOVED}]
    held = Removal.objects.get()
    assert (held.words, held.left, held.asked_by, held.decided_by) == ("", [], officer, director)


def test_what_was_declined_is_exactly_as_it_was(named_everywhere, officer, director):
    before = {
        texts.table: list(texts.model._base_manager.order_by("pk").values(*texts.columns))
        for texts in every_text()
        if texts.model not in (PlanEvent, Removal)
    }
    events = list(PlanEvent.objects.order_by("pk").values_list("before", "after", "reason"))
    decline(ask(officer), director)
    after = {
        texts.table: list(texts.model._base_manager.order_by("pk").values(*texts.columns))
        for texts in every_text()
        if texts.model not in (PlanEvent, Removal)
    }
    assert after == before
    now = PlanEvent.objects.order_by("pk").values_list("before", "after", "reason")
    assert list(now)[: len(events)] == events
    assert not SealedText.objects.filter(original__isnull=False).exists()
    assert Removal.objects.get().words == ""


def test_each_step_leaves_an_event_without_the_words(named_everywhere, officer, director):
    confirm(ask(officer), director)
    events = list(PlanEvent.objects.filter(kind="removal").order_by("pk"))
    assert [(event.done, event.by, event.reason) for event in events] == [
        ("asked", officer, "It names a child."), ("confirmed", director, "It does."),
    ]  # fmt: skip
    assert events[0].after == {"texts": 20, "dropped": 0, "held": 0}
    assert events[1].after == {"texts": 20, "left": 0}


def test_whoever_asked_does_not_decide(named_everywhere, director):
    removal = ask(director)
    for decide in (confirm, decline):
        with pytest.raises(NeedsAnother):
            decide(removal, director)
    assert Removal.objects.get().outcome == ""


def test_it_is_decided_once(named_everywhere, officer, director, clerk):
    removal = ask(officer)
    decline(removal, director)
    with pytest.raises(AlreadyDecided):
        confirm(removal, clerk)


def test_a_reason_that_holds_the_words_is_refused(named_everywhere, officer, director):
    with pytest.raises(ReasonHoldsWords):
        ask(officer, reason="It names zebedee  quill.")
    removal = ask(officer)
    for decide in (confirm, decline):
        with pytest.raises(ReasonHoldsWords):
            decide(removal, director, reason=f"Yes, {NAME}.")


def test_words_that_stand_nowhere_or_only_outside_are_not_asked_for(officer):
    with pytest.raises(NothingFound) as found:
        ask(officer)
    assert found.value.outside == []
    officer.email = "zebedee.quill@panel.example"
    officer.save()
    with pytest.raises(NothingFound) as found:
        ask(officer)
    assert [place.count for place in found.value.outside] == [1]
    assert not Removal.objects.exists()


def test_what_is_left_is_told(owned, officer, director):
    officer.email = "zebedee.quill@panel.example"
    officer.save()
    say(owned, officer, words(narrative=f"Ask {NAME}."))
    removal = ask(officer)
    say(owned, officer, words(narrative=f"{NAME} again."))
    confirm(removal, director)
    assert Removal.objects.get().left == [["update 5.13: what changed", 1], ["user", 1]]


def test_a_file_that_waits_is_dropped_once_it_is_confirmed(owned, officer, director):
    load = Load.objects.create(
        file_name="f.csv", format="own", sha256="0" * 64, content=f"a,b\n1,{NAME}\n".encode(),
        received_by=officer, state="screened",
    )  # fmt: skip
    removal = ask(officer)
    load.refresh_from_db()
    assert load.state == "screened"
    confirm(removal, director)
    load.refresh_from_db()
    assert (load.content, load.state) == (None, "lapsed")
    assert Removal.objects.get().left == []


def test_a_file_that_waits_is_still_there_when_it_is_declined(owned, officer, director):
    load = Load.objects.create(
        file_name="f.csv", format="own", sha256="0" * 64, content=f"a,b\n1,{NAME}\n".encode(),
        received_by=officer, state="screened",
    )  # fmt: skip
    decline(ask(officer), director)
    load.refresh_from_db()
    assert NAME in bytes(load.content).decode()


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


def test_words_that_stand_in_too_many_texts_are_not_hidden_by_one_person(officer, director):
    for person in (officer, director):
        with pytest.raises(TooCommon), transaction.atomic():
            ask(person, "the")
    assert not SealedText.objects.exists()


def test_what_one_person_hides_counts_together_until_it_is_decided(
    owned, officer, director, monkeypatch
):
    monkeypatch.setattr(removal, "MOST_TEXTS_OF_ONE", 2)
    say(owned, officer, words(narrative="Barnaby came.", evidence_of_impact="Cordelia left."))
    say(owned, officer, words(narrative="Dorothea came."))
    first, _ = ask(officer, "Barnaby"), ask(officer, "Cordelia")
    with pytest.raises(TooManyWait) as refused, transaction.atomic():
        ask(officer, "Dorothea")
    assert str(refused.value).startswith("Others of yours wait to be decided: 2 texts are hidden")
    # Somebody else’s do not count, nor does what is decided.
    assert ask(director, "Dorothea").texts.count() == 1
    decline(first, director)
    assert ask(officer, "Barnaby").texts.count() == 1


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


def test_three_letters_are_asked_for_by_who_may_decide_alone(owned, officer, director):
    say(owned, officer, words(narrative="We saw Zeb."))
    with pytest.raises(TooCommon), transaction.atomic():
        ask(officer, "Zeb")
    assert not SealedText.objects.exists()
    assert ask(director, "Zeb").texts.count() == 1


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


def test_another_removal_of_the_same_words_waits_for_the_first(
    named_everywhere, owned, officer, director, clerk
):
    first = ask(officer, "Quill")
    say(owned, officer, words(narrative=f"{NAME} again."))
    second = ask(officer)
    assert second.texts.count() == 1
    with pytest.raises(DecideFirst):
        confirm(second, director)
    decline(first, director)
    # What came back at once was hidden again for the second.
    assert second.texts.count() == 21
    assert not Words(NAME).found_in(json.dumps(list(Action.objects.values("title"))))
    confirm(second, clerk)
    assert "zebedee" not in everything()


def test_of_two_removals_of_the_same_words_the_earlier_can_be_confirmed(owned, officer, director):
    say(owned, officer, words(narrative=f"About {NAME}."))
    first = ask(officer)
    say(owned, officer, words(narrative=f"{NAME} again."))
    second = ask(officer)
    with pytest.raises(DecideFirst):
        confirm(second, director)
    confirm(first, director)
    first.refresh_from_db()
    assert [f"removal {second.pk}, which waits", 1] in first.left
    confirm(second, director)
    assert "zebedee" not in everything()


def test_so_can_that_of_one_of_two_who_are_named_together(owned, officer, director):
    say(owned, officer, words(narrative="Zebedee and Oona Quill left."))
    first = ask(officer, "Zebedee")
    say(owned, officer, words(narrative="Zebedee and Oona Quill came back."))
    second = ask(officer, "Oona")
    confirm(first, director)
    confirm(second, director)
    assert "oona" not in everything()
    assert "zebedee" not in everything()


def test_a_text_that_was_changed_since_is_left_as_it_is(owned, officer, director):
    Action.objects.filter(pk=owned.pk).update(title=NAME)
    removal = ask(officer)
    Action.objects.filter(pk=owned.pk).update(title="Other words")
    decline(removal, director)
    owned.refresh_from_db()
    assert owned.title == "Other words"


def test_nothing_is_hidden_when_it_fails_half_way(named_everywhere, officer, monkeypatch):
    titles = list(Action.objects.values_list("title", flat=True))
    with pytest.raises(ReasonHoldsWords):
        ask(officer, reason=NAME)
    assert list(Action.objects.values_list("title", flat=True)) == titles
    assert not SealedText.objects.exists()


# Texts that nobody types in their own words, and why.
NO_WORDS = {
    "kind", "done", "status", "outcome", "made_by", "basis", "maker", "grade", "direction",
    "slug", "reference", "paragraph", "theme", "opened_at", "state", "format", "sha256",
    "published_basis", "known_from_basis", "first_due_basis", "completed_basis",
    "released_basis", "period_label", "local_wording", "publisher", "words", "left", "original",
    "table", "column",
}  # fmt: skip


def test_every_text_of_the_plan_is_looked_at():
    """A new column of words is added to `improvement/removal/columns.py`."""
    registered = {texts.model: set(texts.columns) for texts in every_text()}
    missing = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("improvement").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, (CharField, TextField, JSONField))
        and not field.choices
        and not field.name.endswith("_precision")
        and field.name not in NO_WORDS
        and field.name not in registered.get(model, set())
        # Reference data of the land: frameworks, judgements and titles of published papers.
        and model.__name__ not in {"Framework", "Judgement", "Correspondence"}
        and (model.__name__, field.name) != ("Paper", "title")
    ]
    assert missing == []


def test_every_text_has_room_for_the_sentence():
    for texts in every_text():
        for name in texts.columns:
            most = getattr(texts.model._meta.get_field(name), "max_length", None)
            assert most is None or most >= 72, (texts.noun, name)
