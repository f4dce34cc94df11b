"""Every box for an officer's own words asks before words are sent that could describe a child."""

import re
from html import unescape

import pytest

from performance.forms.asking import HAVE_LOOKED
from performance.models import Annotation, Indicator, Load, Measurement, PeriodLock
from performance.views.loads import LoadConfirmForm
from tests.performance.load_factories import INTERVIEWS, LOADS, REVISED, give, person, quarter, read

pytestmark = pytest.mark.django_db

PERSONAL = "He is aged 14 and in placement."
ASKED = (
    "This looks as if it could describe a child: “aged 14”. Change the words, or tick that you "
    "have looked."
)
NEW = f"/performance/annotations/new/?series={INTERVIEWS}"


def july():
    row = Measurement.objects.current().get(series__code=INTERVIEWS, period_label="July 2016")
    return f"{row.period_start}/{row.period_end}"


def lock():
    return PeriodLock.objects.create(
        period_start="2016-07-01", period_end="2016-07-31", locked_by=person(), reason="Agreed."
    )


def note():
    row = Measurement.objects.current().get(series__code=INTERVIEWS, period_label="July 2016")
    return Annotation.objects.create(
        kind="value", series=row.series, area=row.area, period_start=row.period_start,
        period_end=row.period_end, period_label="July 2016", words="Late.", made_by=person(),
        known_from=row.known_from, known_from_basis="stated",
    )  # fmt: skip


def explain(client):
    return NEW, {"period": july(), "kind": "value"}, "words", Annotation.objects.exists


def take_back(client):
    made = note()
    return (f"/performance/annotations/{made.pk}/close/", {}, "reason",
            lambda: not Annotation.objects.current().exists())  # fmt: skip


def revise(client):
    give(client, quarter(REVISED))
    load = Load.objects.latest("id")
    return (f"{LOADS}{load.pk}/confirm/", read(load), "reason",
            lambda: Load.objects.get(pk=load.pk).reason == PERSONAL)  # fmt: skip


def unlock(client):
    lock()
    give(client, quarter(REVISED))
    load = Load.objects.latest("id")
    return (f"{LOADS}{load.pk}/confirm/", read(load, reason="Late returns."), "unlock_reason",
            lambda: Load.objects.get(pk=load.pk).unlock_reason == PERSONAL)  # fmt: skip


def withdraw(client):
    give(client)
    load = Load.objects.latest("id")
    client.post(f"{LOADS}{load.pk}/confirm/", read(load))
    return (f"{LOADS}{load.pk}/withdraw/", {}, "reason",
            lambda: Load.objects.get(pk=load.pk).state == "withdrawn")  # fmt: skip


def lock_days(client):
    days = {"period_start": "2016-04-01", "period_end": "2016-06-30"}
    return f"{LOADS}locks/", days, "reason", PeriodLock.objects.exists


def lift(client):
    where = f"{LOADS}locks/{lock().pk}/lift/"
    return where, {}, "reason", lambda: not PeriodLock.objects.in_force().exists()


def choose_the_set(client):
    where = "/performance/reference/panel-set/"
    form = client.get(where).context["form"]
    sent = {"opened_at": form["opened_at"].value(), "key": form["key"].value()}
    dropped = next(code for code in form["in_set"].value() if code not in sent["key"])
    sent["in_set"] = [code for code in form["in_set"].value() if code != dropped]
    return where, sent, "reason", lambda: not Indicator.objects.get(code=dropped).in_panel_set


EVERY = [explain, take_back, revise, unlock, withdraw, lock_days, lift, choose_the_set]


def box(body, name):
    """What the box holds on the page."""
    return unescape(re.search(rf'<textarea name="{name}".*?>(.*?)</textarea>', body, re.S)[1])


def tick_of(body):
    """The name of the tick; None where the page has none."""
    match = re.search(r'name="(have-looked-\w+)"', body)
    return match and match[1]


@pytest.mark.parametrize("make", EVERY)
def test_a_box_asks_loses_nothing_and_is_sent_once_ticked(admin, make):
    where, sent, name, is_done = make(admin)
    assert HAVE_LOOKED not in admin.get(where).content.decode()
    body = admin.post(where, sent | {name: PERSONAL}).content.decode()
    assert not is_done()
    assert f'id="id_{name}_error"' in body
    assert ASKED in body
    assert HAVE_LOOKED in body
    assert box(body, name).strip() == PERSONAL
    for other, value in sent.items():
        if other == "reason":
            assert box(body, other).strip() == value
        elif isinstance(value, str) and other != "opened_at":
            assert f'value="{value}"' in body
    admin.post(where, sent | {name: PERSONAL, tick_of(body): "on"})
    assert is_done()


@pytest.mark.parametrize("make", EVERY)
def test_changed_words_are_sent_without_a_tick(admin, make):
    where, sent, name, _ = make(admin)
    body = admin.post(where, sent | {name: PERSONAL}).content.decode()
    assert tick_of(body)
    answer = admin.post(where, sent | {name: "640 children, aged 16 to 17."}, follow=True)
    assert ASKED not in answer.content.decode()
    assert answer.redirect_chain


def test_a_tick_is_for_the_words_that_were_asked_about(admin):
    where, sent, name, is_done = lock_days(admin)
    tick = tick_of(admin.post(where, sent | {name: PERSONAL}).content.decode())
    body = admin.post(where, sent | {name: "Child B left.", tick: "on"}).content.decode()
    assert "could describe a child: “Child B”" in body
    assert tick_of(body) != tick
    assert not is_done()


def test_a_tick_stays_while_something_else_is_wrong(admin):
    where, sent, name, is_done = lock_days(admin)
    tick = tick_of(admin.post(where, sent | {name: PERSONAL}).content.decode())
    wrong = sent | {name: PERSONAL, tick: "on", "period_end": "2016-03-01"}
    body = admin.post(where, wrong).content.decode()
    assert "It ends before it starts" in body
    assert ASKED not in body
    assert re.search(rf'name="{tick}"[^>]* checked', body)
    assert not is_done()


def test_two_boxes_are_asked_about_with_one_tick():
    sent = {"reason": "J.S. was late.", "unlock_reason": "The mother of B rang."}
    form = LoadConfirmForm(sent, revises=True, unlocks=True)
    assert "“J.S.”" in form.errors["reason"][0]
    assert "“mother of B”" in form.errors["unlock_reason"][0]
    ticked = LoadConfirmForm(sent | {form.tick_name: "on"}, revises=True, unlocks=True)
    assert ticked.is_valid()
    assert ticked.cleaned_data == sent


def test_what_stood_in_the_box_is_not_asked_about_again(admin):
    Indicator.objects.filter(code="looked-after-number").update(definition="Those aged 14.")
    where = "/performance/reference/indicators/looked-after-number/"
    form = admin.get(where).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    body = admin.post(where, sent | {"reason": "Aged out, aged 9."}).content.decode()
    assert "could describe a child: “aged 9”" in body
    assert "“aged 14”" not in body
