"""What the page of a removal tells to whoever asked, and to who decides."""

import re

import pytest

from improvement.changes import (
    ask_removal,
    decline_removal,
    save_draft,
    state_of,
)
from performance.importer.screening_report import ScreeningReport
from tests.improvement.conftest import NAME, NOW, ON
from tests.improvement.removals import LIST, SAID, confirm, decline, page_of
from tests.performance.load_factories import make_load

pytestmark = pytest.mark.django_db


def test_removal_tells_whoever_asked_only_of_what_they_may_read_anyhow(
    named, owned, director, officer, sign_in
):
    draft = {"narrative": f"{NAME} will leave in May."}
    save_draft(action=owned, by=director, words=draft, opened_at=state_of(owned), revision=0)
    make_load(report=ScreeningReport(notes=[NAME]))
    made = ask_removal(**SAID, by=officer, on=ON, now=NOW)
    assert made.texts.places().count() == 3
    mine = sign_in("officer").get(page_of(made)).content.decode()
    assert "Update 5.13: what changed" in mine
    assert "Draft 5.13" not in mine
    assert "Load of figures" not in mine
    assert "Texts and files that you have no page for are looked through too" in mine
    judged = sign_in("director").get(page_of(made)).content.decode()
    assert "Draft 5.13: its boxes" in judged
    assert "Load of figures" in judged
    assert "that you have no page for" not in judged
    # Nor how many there are.
    assert "3 texts" not in sign_in("officer").get(LIST).content.decode()
    assert "3 texts. Asked by" in sign_in("director").get(LIST).content.decode()


def test_removal_reads_the_same_whether_others_wrote_of_it_or_not(
    named, owned, director, officer, sign_in
):
    alone = ask_removal(**SAID, by=officer, on=ON, now=NOW)
    client = sign_in("officer")
    before = client.get(page_of(alone)).content.decode()
    decline_removal(removal=alone, reason="No.", by=director, now=NOW)
    draft = {"narrative": f"{NAME} will leave in May."}
    save_draft(action=owned, by=director, words=draft, opened_at=state_of(owned), revision=0)
    beside = ask_removal(**SAID, by=officer, on=ON, now=NOW)
    after = client.get(page_of(beside)).content.decode()

    def plain(body, number):
        body = re.sub(r"csrf.*?>|nonce=\S+", "", body)
        return body.replace(f"emoval {number}", "").replace(f"removals/{number}/", "")

    assert plain(before, alone.pk) == plain(after, beside.pk)


def test_removal_tells_whoever_asked_of_nothing_that_is_left(
    named, owned, officer, director, sign_in
):
    made = ask_removal(**SAID, by=officer, on=ON, now=NOW)
    draft = {"narrative": f"{NAME} will leave in May."}
    save_draft(action=owned, by=director, words=draft, opened_at=state_of(owned), revision=0)
    confirm(made, director)
    assert "draft 5.13" in sign_in("director").get(page_of(made)).content.decode()
    assert "draft 5.13" not in sign_in("officer").get(page_of(made)).content.decode()


@pytest.mark.parametrize(
    ("decide", "said"),
    [
        (None, "1 file not loaded yet: held back until it is decided"),
        (confirm, "1 file not loaded yet: held back until it was decided"),
        (decline, "1 file not loaded yet: held back until it was decided"),
    ],
)
def test_removal_says_what_became_of_a_file(owned, officer, director, sign_in, decide, said):
    load = make_load(content=f"a,b\n1,{NAME}\n".encode())
    made = ask_removal(**SAID, by=officer, on=ON, now=NOW)
    if decide:
        decide(made, director)
    body = sign_in("director").get(page_of(made)).content.decode()
    assert said in body
    assert "was dropped" not in body
    load.refresh_from_db()
    assert (load.content is None) is (decide is confirm)
    assert "file not loaded yet" not in sign_in("officer").get(page_of(made)).content.decode()


def test_removal_says_that_a_session_was_ended(owned, officer, sign_in):
    browser = sign_in("officer")
    session = browser.session
    session["kept_form"] = f"narrative={NAME}"
    session.save()
    made = ask_removal(**SAID, by=officer, on=ON, now=NOW)
    assert "1 sign-in session: ended" in sign_in("director").get(page_of(made)).content.decode()


def test_removal_says_that_another_hid_its_texts(asked, officer, sign_in):
    made = ask_removal(**SAID, by=officer, on=ON, now=NOW)
    body = sign_in("director").get(page_of(made)).content.decode()
    assert "another removal had hidden them already" in body
