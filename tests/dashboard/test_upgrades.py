"""A site that was in use goes on where it was after its tables have changed."""

import json

import pytest

from tests.dashboard.test_site_role import HIDDEN
from tests.dashboard.test_site_role_removal import REMOVED, after_it, ask, decide

pytestmark = pytest.mark.django_db

PEOPLE = """
insert into dashboard_user (username, password, first_name, last_name, email, is_staff, is_active,
                            is_superuser, date_joined)
select name, '', '', '', '', false, true, false, now() from unnest('{one,other}'::text[]) as name
returning id
"""
EVENT = """
insert into improvement_planevent (known_from, kind, key, theme, done, before, after, reason)
values (now(), 'action', '5.13', '', 'reworded', '{}', '%s', 'Ask Barnaby.') returning id
"""
# As they were sealed then: a column, whole.
SEAL = (
    "insert into improvement_sealedtext (removal_id, of_table, of_row, of_column, original) select "
    "{removal}, 'improvement_planevent', id, '{column}', to_jsonb({column}) "
    "from improvement_planevent where id = {event}"
)
SEALS = "select removal_id, of_column, path, original from improvement_sealedtext order by id"


@pytest.mark.slow
def test_what_was_hidden_is_decided_after_the_upgrade(empty, manage):
    """Each hidden text of a structure becomes a seal of its own; what was decided stays counted."""
    migrate(manage, empty, "improvement", "0014")
    (one,), (other,) = empty.ask(PEOPLE)
    removals, events = [], []
    for outcome in ("", "declined"):
        ((event,),) = empty.ask(EVENT % after_it())
        number = removal_by(empty, one)
        for column in ("after", "reason"):
            empty.ask(SEAL.format(removal=number, column=column, event=event))
        hide = "update improvement_planevent set after = '{}', reason = '{}' where id = {}"
        empty.ask(hide.format(after_it(HIDDEN), HIDDEN, event))
        removals.append(number)
        events.append(event)
        if outcome:
            decided_by(empty, number, other, outcome)
            empty.ask(hide.format(after_it(), "Ask Barnaby.", event))
            empty.ask(
                f"update improvement_sealedtext set original = null where removal_id = {number}"
            )
    migrate(manage, empty)
    waits, decided = removals
    assert empty.ask(SEALS) == [
        (waits, "reason", [], "Ask Barnaby."),
        (decided, "after", [], None),
        (decided, "reason", [], None),
        (waits, "after", ["title"], "Help Barnaby."),
    ]
    decided_by(empty, waits, other, "confirmed")
    empty.ask(
        f"update improvement_planevent set after = '{after_it(REMOVED)}', reason = '{REMOVED}' "
        f"where id = {events[0]}"
    )
    ((after,),) = empty.ask(f"select after from improvement_planevent where id = {events[0]}")
    assert after == json.loads(after_it(REMOVED))


def migrate(manage, scratch, *words) -> None:
    done = manage(scratch, "migrate", *words)
    assert done.returncode == 0, done.stderr


class AsOwner:
    """Asks as the tables' owner, where the site's own role has no rights yet."""

    def __init__(self, scratch):
        self.as_site = scratch.ask


def removal_by(scratch, person) -> int:
    return ask(AsOwner(scratch), person)


def decided_by(scratch, removal, person, outcome) -> None:
    decide(AsOwner(scratch), removal, person, outcome)
