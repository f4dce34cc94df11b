"""A word of a draft, or of an update that was not released, is in nothing that a member reads."""

import io
import zipfile

import pytest

from improvement.changes import (
    approve_updates,
    release_approved,
    return_update,
    save_draft,
    state_of,
)
from improvement.models import Action
from performance.calculations.partial_date import PartialDate
from tests.addresses import ROWS, Row
from tests.conftest import position_on
from tests.improvement.conftest import NOW, say, words
from tests.test_every_address import undone

pytestmark = pytest.mark.django_db

WORD = "Zanzibarquill"
# Each walks every page; those after the second only with --all.
READERS = [
    "councillor",
    "data-admin",
    *(
        pytest.param(role, marks=pytest.mark.slow)
        for role in ("co-opted", "cabinet-member", "scrutiny-officer", "administrator")
    ),
]
# Beside the page itself: as at a day, every export, what is wrong with an address.
ASKED = [
    "", "as_at=2016-10-05", "as_at=2016-09-30", "as_at=2017-06-01", "as_at=soon", "_export=csv",
    "_export=xlsx", f"q={WORD[:5]}", "page=9",
]  # fmt: skip
WRONG = [
    "/plan/actions/9.99/", "/plan/themes/nothing/", "/nothing/", "/plan/removals/1/",
    "/judgements/nothing/", "/performance/indicators/nothing/",
]  # fmt: skip


def said(status):
    """Every text of an update, with the word in it."""
    return words(
        status, f"{WORD} one.", evidence_of_impact=f"{WORD} two.", evidence_links=f"https://{WORD}",
        reason=f"{WORD} three.", remedy=f"{WORD} four.", new_due_reason=f"{WORD} five.",
        new_due=PartialDate(position_on(2017, 2, 28).on, "month"),
    )  # fmt: skip


@pytest.fixture
def unreleased(officer, lead):
    """A draft, and an update that was sent, one approved, one returned and one sent anew."""
    action = {
        each: Action.objects.get(reference=each) for each in ("5.13", "5.18", "5.22", "5.24b")
    }
    say(action["5.13"], officer, said("at_risk"))
    approved = say(action["5.18"], officer, said("off_track"))
    approve_updates(updates=[approved], by=lead, now=NOW)
    returned = say(action["5.22"], officer, said("at_risk"))
    return_update(update=returned, reason=f"{WORD} six.", by=lead, now=NOW)
    again = say(action["5.24b"], officer, said("at_risk"))
    return_update(update=again, reason=f"{WORD} seven.", by=lead, now=NOW)
    say(action["5.24b"], officer, said("at_risk"))
    save_draft(
        action=action["5.13"], by=officer, words={"narrative": WORD}, revision=0,
        opened_at=state_of(action["5.13"]),
    )  # fmt: skip
    return approved


def read(response) -> str:
    """All that came back, also from within a workbook."""
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    heads = " ".join(f"{name} {value}" for name, value in response.items())
    return heads + content.decode("utf-8", "replace")


def everywhere(client, rows: list[Row]) -> list[str]:
    """The addresses whose answer holds the word."""
    found = []
    for row in rows:
        with undone():
            address = row.address()
            join = "&" if "?" in address else "?"
            for asked in ASKED:
                response = client.get(f"{address}{join}{asked}")
                if WORD.lower() in read(response).lower():
                    found.append(f"{address} {asked}")
                # Whoever may not open it may not, whatever else is asked.
                if response.status_code in (403, 405):
                    break
            if WORD.lower() in read(client.post(address)).lower():
                found.append(f"{address} sent")
    for address in WRONG:
        if WORD.lower() in read(client.get(address)).lower():
            found.append(address)
    return found


@pytest.mark.parametrize("role", READERS)
def test_a_member_reads_nothing_that_was_not_released(unreleased, sign_in, role):
    # Signing out would end the walk.
    rows = [row for row in ROWS if row.name != "sign-out"]
    found = everywhere(sign_in(role), rows)
    # The box of a search says what was typed into it, which is part of the word alone.
    assert found == []


@pytest.mark.parametrize("role", READERS)
def test_the_pages_of_the_actions_do_not_say_it_either(unreleased, sign_in, role):
    client = sign_in(role)
    for reference in ("5.13", "5.18", "5.22", "5.24b"):
        for asked in ASKED:
            address = f"/plan/actions/{reference}/?{asked}"
            assert WORD.lower() not in read(client.get(address)).lower(), address


def test_once_it_is_released_it_is_read(unreleased, sign_in, director):
    """Or the walk would find nothing whatever it looked for."""
    client = sign_in("councillor")
    release_approved(plan=unreleased.action.theme.plan, by=director, now=NOW)
    found = everywhere(client, [row for row in ROWS if row.name == "improvement:plan"])
    assert "/plan/ _export=csv" in found
    assert "/plan/ _export=xlsx" in found
    assert WORD in read(client.get("/plan/actions/5.18/"))
