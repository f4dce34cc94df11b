"""One message a person with all that waits for them, once a day, and never a word of an update."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from dashboard.mail.sending import deliver
from dashboard.models import QueuedMessage, User
from dashboard.reminders import make_reminders, queue_reminder
from improvement.changes import (
    add_plan,
    approve_updates,
    assign_action,
    choose_leads,
    return_update,
)
from improvement.models import Action
from tests.conftest import position_on
from tests.improvement.conftest import NOW, ON, person_with, say, words

pytestmark = pytest.mark.django_db

DUE = position_on(2016, 10, 19).on
DAY = timedelta(days=1)
SECRET = "Words that are for the lead alone."
OWNED = ["5.13", "5.18", "5.19a", "5.22", "5.24b", "5.27a"]


@pytest.fixture
def people(db):
    """The demonstration's people with addresses; nobody is asked who has none."""
    for person in User.objects.all():
        person.email = f"{person.username}@council.example"
        person.save()
    return lambda username: User.objects.get(username=username)


@pytest.fixture
def plan(db):
    return Action.objects.get(reference="5.13").theme.plan


@pytest.fixture
def officer(people):
    return people("officer")


def send_all(officer, references=OWNED):
    said = words(narrative=SECRET)
    return [say(Action.objects.get(reference=one), officer, said) for one in references]


def reminded(plan, on):
    return {one.to.username: one.subject.partition(": ")[2] for one in make_reminders(plan, on)}


def run(**options):
    out = io.StringIO()
    call_command("send_reminders", stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (DUE - 8 * DAY, {}),
        (DUE - 7 * DAY, {"officer": "6 due"}),
        (DUE - 6 * DAY, {}),
        (DUE, {"officer": "6 due"}),
        (DUE + DAY, {"officer": "6 late"}),
        (DUE + 2 * DAY, {}),
        (DUE + 8 * DAY, {"officer": "6 late"}),
    ],
)
def test_updates_are_told_a_week_before_on_the_day_and_each_week_once_late(plan, people, on, said):
    assert reminded(plan, on) == said


def test_what_was_answered_is_not_asked_about(plan, officer, people):
    send_all(officer, OWNED[:2])
    assert reminded(plan, DUE)["officer"] == "4 due"


def test_what_waits_for_a_review_is_told_to_the_lead_the_day_after_and_each_week(
    plan, officer, people
):
    send_all(officer)
    told = [reminded(plan, ON + days * DAY) for days in range(10)]
    assert [one.get("theme-lead") for one in told] == [
        None, "6 to review", None, None, None, None, None, None, "6 to review", None,
    ]  # fmt: skip
    assert "director" not in told[1]


def test_a_theme_that_no_lead_may_review_is_told_to_the_director(plan, officer, people):
    sent = send_all(officer, ["5.13"])[0]
    choose_leads(
        theme=sent.action.theme, leads=[], needs_approval=True, by=people("director"), now=NOW
    )
    assert reminded(plan, ON + DAY) == {"director": "1 to review"}


@pytest.mark.parametrize("without", [{"email": ""}, {"last_day": ON - DAY}])
def test_what_waits_for_a_lead_who_cannot_be_written_to_is_told_to_the_director(
    plan, officer, people, without
):
    send_all(officer, ["5.13"])
    User.objects.filter(username="theme-lead").update(**without)
    assert reminded(plan, ON + DAY) == {"director": "1 to review"}


def test_a_leads_own_words_are_told_to_the_director(plan, people):
    send_all(people("theme-lead"), ["5.13"])
    assert reminded(plan, ON + DAY) == {"director": "1 to review"}


def test_what_was_sent_back_is_told_to_who_owns_the_action_now(plan, officer, people):
    send_all(officer)
    lead, action = people("theme-lead"), Action.objects.get(reference="5.13")
    update = action.updates.get(made_by=officer)
    return_update(update=update, reason=SECRET, by=lead, now=NOW)
    assert reminded(plan, ON + DAY)["officer"] == "1 sent back"
    other = person_with("other-officer", "Officer")
    other.email = "other@council.example"
    other.save()
    assign_action(action=action, owner=other, by=lead, now=NOW)
    found = reminded(plan, ON + DAY)
    assert found["other-officer"] == "1 sent back"
    assert "officer" not in found
    say(action, other, words(narrative=SECRET))
    assert "other-officer" not in reminded(plan, ON + DAY)


def test_what_a_lead_sent_and_the_director_sent_back_is_told_to_both(plan, officer, people):
    update = send_all(people("theme-lead"), ["5.13"])[0]
    return_update(update=update, reason=SECRET, by=people("director"), now=NOW)
    assert reminded(plan, ON + DAY) == {
        "officer": "1 sent back, 5 due", "theme-lead": "1 sent back",
    }  # fmt: skip


def test_what_waits_under_a_plan_that_was_followed_is_still_told(plan, officer, people):
    director = people("director")
    returned, _ = send_all(officer, OWNED[:2])
    return_update(update=returned, reason=SECRET, by=people("theme-lead"), now=NOW)
    new = add_plan(
        slug="plan-2017", title="The plan of 2017", framework=plan.framework, starts_on=ON + DAY,
        ends_on=None, follows=plan, paper=None, carries_themes=True, carries_actions=False,
        reason="A new year.", by=director, on=ON, now=NOW,
    )  # fmt: skip
    assert reminded(new, ON + DAY) == {"officer": "1 sent back", "theme-lead": "1 to review"}


def test_one_message_holds_everything(plan, officer, people):
    send_all(officer, OWNED[:2])
    update = Action.objects.get(reference="5.13").updates.get(made_by=officer)
    return_update(update=update, reason=SECRET, by=people("theme-lead"), now=NOW)
    (reminder,) = [one for one in make_reminders(plan, DUE) if one.to == officer]
    assert reminder.subject.endswith(": 1 sent back, 4 due")
    for body in (reminder.text, reminder.html):
        assert "https://panel.example/plan/actions/5.13/" in body
        assert "Refresh the Sufficiency Strategy" in body
        assert "19 October 2016" in body
        assert body.count("https://panel.example/plan/actions/") == 5
    assert reminder.html.startswith("<!doctype html>")
    assert "<" not in reminder.text


def test_no_message_holds_a_word_of_an_update_or_of_a_review(plan, officer, people):
    updates = send_all(officer)
    return_update(update=updates[0], reason=SECRET, by=people("theme-lead"), now=NOW)
    every = [one for days in range(30) for one in make_reminders(plan, ON + days * DAY)]
    assert len(every) > 5
    for one in every:
        assert SECRET not in one.subject + one.text + one.html


def test_a_title_is_written_as_it_is_in_text_and_escaped_in_html(plan, people):
    Action.objects.filter(reference="5.13").update(title="Foster & adopt <now>")
    (reminder,) = make_reminders(plan, DUE)
    assert "Foster & adopt <now>" in reminder.text
    assert "Foster &amp; adopt &lt;now&gt;" in reminder.html


def change_address(person):
    person.email = ""


def deactivate(person):
    person.is_active = False


def end(person):
    person.last_day = DUE - DAY


@pytest.mark.parametrize("change", [change_address, deactivate, end])
def test_who_cannot_be_written_to_or_sign_in_is_not_reminded(plan, officer, change):
    change(officer)
    officer.save()
    assert reminded(plan, DUE) == {}


def test_who_may_not_send_updates_any_more_is_not_asked(plan, officer):
    officer.groups.clear()
    assert reminded(plan, DUE) == {}


def test_nothing_is_said_once_all_is_approved(plan, officer, people):
    updates = send_all(officer)
    approve_updates(updates=updates, by=people("theme-lead"), now=NOW)
    assert [reminded(plan, ON + days * DAY) for days in range(30)] == [{}] * 30


def test_a_reminder_is_queued_once_a_day(plan, officer, people):
    for reminder in make_reminders(plan, DUE):
        assert queue_reminder(reminder)
        assert not queue_reminder(reminder)
    (queued,) = QueuedMessage.objects.all()
    assert (queued.to, queued.address, queued.kind) == (officer, officer.email, "reminder")
    (next_day,) = make_reminders(plan, DUE + DAY)
    assert queue_reminder(next_day)


def test_send_reminders_sends_once_however_often_it_runs(settings, mailoutbox, officer, people):
    settings.POSITION_DATE = DUE
    said = "Queued to officer <officer@council.example>: Updates of the improvement plan: 6 due\n"
    assert run() == said
    assert run() == ""
    settings.MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver()
    deliver()
    (message,) = mailoutbox
    assert message.to == ["officer@council.example"]
    assert message.alternatives[0].mimetype == "text/html"


def test_send_reminders_is_quiet_where_nothing_is_to_be_said(people):
    assert run() == ""
    assert not QueuedMessage.objects.exists()


def test_send_reminders_dry_run_says_who_would_get_what_and_queues_nothing(people):
    said = run(dry_run=True, on=DUE)
    assert "Would send to officer <officer@council.example>" in said
    assert "Refresh the Sufficiency Strategy" in said
    assert not QueuedMessage.objects.exists()


def test_another_day_is_for_trying_out(people):
    with pytest.raises(CommandError, match="give --dry-run with it"):
        run(on=DUE)


def test_send_reminders_needs_the_sites_address(settings, people):
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="SITE_URL is not set"):
        run()


def test_reminders_queries_do_not_grow_with_what_waits(
    plan, officer, people, django_assert_max_num_queries
):
    send_all(officer)
    with django_assert_max_num_queries(16):
        assert "theme-lead" in {one.to.username for one in make_reminders(plan, ON + DAY)}
