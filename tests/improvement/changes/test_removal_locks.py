"""Somebody asks for a removal while somebody else saves: neither waits for who waits for them."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection, transaction

from improvement.changes import TooCommon
from improvement.models import Action, PlanLoad, Removal, Theme, UpdateDraft
from improvement.removal.matching import Words
from improvement.removal.waiting import PLAN_LOADS
from tests.improvement.removals import HIDDEN, ask

pytestmark = pytest.mark.django_db

DRAFT = """
INSERT INTO improvement_updatedraft (action_id, person_id, words, opened_at, revision)
VALUES (%s, %s, jsonb_build_object('narrative', %s::text), '0-0-0', 1) RETURNING id
"""
PLAN_LOAD = """
INSERT INTO improvement_planload (
    plan_id, file_name, sheet, sha256, size, state, report, reason, rows_read, rows_new,
    rows_changed, rows_unchanged, rows_absent, problems
) VALUES (%s, %s, '', repeat('0', 64), 0, 'discarded', '{}', '', 0, 0, 0, 0, 0, 0) RETURNING id
"""
SET_STATE = """
UPDATE improvement_planload SET state = %s, content = %s, reason = 'Agreed.', loaded_at = now()
WHERE id = %s
"""
WAITS = "SELECT FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"


class Meanwhile(threading.Thread):
    """Does something in a connection of its own, whose transaction is undone at the end; `gave`
    is what it gave."""

    def __init__(self, do: Callable[[], Any]) -> None:
        super().__init__()
        self.do, self.backend, self.gave, self.problem = do, 0, None, None
        self._has_begun = threading.Event()

    def run(self) -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    self.backend = cursor.fetchone()[0]
                self._has_begun.set()
                self.gave = self.do()
                transaction.set_rollback(True)
        except Exception as problem:
            self.problem = problem
        finally:
            self._has_begun.set()
            connection.close()

    def start_and_wait_for_a_lock(self, other) -> None:
        self.start()
        assert self._has_begun.wait(60)
        while self.is_alive():
            with other.cursor() as cursor:
                cursor.execute(WAITS, [self.backend])
                if cursor.rowcount:
                    return
            time.sleep(0.02)
        raise AssertionError(f"It waited for nothing: {self.problem}")


def ask_as_director(words: str) -> Removal:
    return ask(get_user_model().objects.get(username="director"), words)


@pytest.fixture
def saving() -> Iterator:
    """A connection of somebody who saves meanwhile."""
    other = psycopg2.connect(**connection.get_connection_params())
    yield other
    other.rollback()
    other.close()


@pytest.fixture
def rows(saving, owned, officer) -> Iterator[dict[str, int]]:
    """An action, a draft and a load of its plan that hold the same words: for every connection."""
    with saving.cursor() as cursor:
        cursor.execute(DRAFT, [owned.pk, officer.pk, owned.title])
        draft = cursor.fetchone()[0]
        cursor.execute(PLAN_LOAD, [owned.theme.plan_id, owned.title[:255]])
        load = cursor.fetchone()[0]
    saving.commit()
    yield {"action": owned.pk, "updatedraft": draft, "planload": load}
    saving.rollback()
    with saving.cursor() as cursor:
        cursor.execute("DELETE FROM improvement_updatedraft WHERE id = %s", [draft])
        cursor.execute("DELETE FROM improvement_planload WHERE id = %s", [load])
    saving.commit()


# A save of an update holds the action and then takes the draft away; a load holds its own row, and
# then the plan's actions.
@pytest.mark.parametrize(("held", "then"), [("action", "updatedraft"), ("planload", "action")])
def test_who_saves_gets_the_next_row_while_a_removal_waits_for_the_first(
    saving, rows, owned, held, then
):
    asking = Meanwhile(lambda: ask_as_director(owned.title))
    lock = "SELECT FROM improvement_{} WHERE id = %s FOR NO KEY UPDATE"
    try:
        with saving.cursor() as cursor:
            cursor.execute(lock.format(held), [rows[held]])
            asking.start_and_wait_for_a_lock(saving)
            cursor.execute(f"{lock.format(then)} NOWAIT", [rows[then]])
    finally:
        saving.rollback()
        asking.join()
    assert asking.problem is None


def test_what_somebody_copies_at_that_moment_is_hidden_too(saving, rows, owned):
    """A split, whose new action names the child as the old one does, ends while it is asked."""
    copied = (
        "INSERT INTO improvement_theme (plan_id, number, slug, title, short_title, paragraph, "
        "lead_service, needs_approval) SELECT plan_id, 90, 'copied', %s, 'Copied', '', '', true "
        "FROM improvement_theme WHERE id = %s RETURNING id"
    )

    def hide() -> str:
        ask_as_director(owned.title)
        return Theme.objects.get(slug="copied").title

    asking = Meanwhile(hide)
    with saving.cursor() as cursor:
        try:
            cursor.execute(
                "SELECT FROM improvement_action WHERE id = %s FOR NO KEY UPDATE", [owned.pk]
            )
            cursor.execute(copied, [owned.title, owned.theme_id])
            (made,) = cursor.fetchone()
            asking.start_and_wait_for_a_lock(saving)
            saving.commit()
        finally:
            saving.rollback()
            asking.join()
            cursor.execute("DELETE FROM improvement_theme WHERE slug = 'copied'")
            saving.commit()
    assert made
    assert (asking.problem, asking.gave) == (None, HIDDEN)


def test_what_is_refused_as_too_common_waits_for_nobody(saving, owned, director):
    with saving.cursor() as cursor, connection.cursor() as ours:
        cursor.execute("SELECT FROM improvement_action FOR NO KEY UPDATE")
        ours.execute("SET LOCAL lock_timeout = '1ms'")
        with pytest.raises(TooCommon), transaction.atomic():
            ask(director, "the")


def test_the_lock_that_it_would_have_waited_for_is_real(saving, owned, director):
    with saving.cursor() as cursor, connection.cursor() as ours:
        cursor.execute("SELECT FROM improvement_action FOR NO KEY UPDATE")
        ours.execute("SET LOCAL lock_timeout = '1ms'")
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            ask(director, owned.title)
    assert Action.objects.filter(title=owned.title).exists()
    assert not UpdateDraft.objects.exists()


def test_a_file_that_is_loaded_at_the_same_moment_is_not_dropped(saving, rows, owned):
    """What loads it holds its row; the removal finds the file waiting, and then its row taken."""
    load = rows["planload"]
    content = f"reference,title\n5.13,{owned.title}\n".encode()

    def drop() -> str:
        PLAN_LOADS.discard(Words(owned.title))
        return PlanLoad.objects.get(pk=load).state

    dropping = Meanwhile(drop)
    with saving.cursor() as cursor:
        cursor.execute(SET_STATE, ["screened", psycopg2.Binary(content), load])
        saving.commit()
        try:
            cursor.execute(SET_STATE, ["loaded", None, load])
            dropping.start_and_wait_for_a_lock(saving)
            saving.commit()
        finally:
            saving.rollback()
            dropping.join()
    assert (dropping.problem, dropping.gave) == (None, "loaded")
