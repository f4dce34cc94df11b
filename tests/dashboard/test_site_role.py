"""The site's own role, with plain SQL: what it can do to the record when a fault lets it."""

import psycopg2
import pytest

from dashboard.backups import writing

pytestmark = pytest.mark.django_db

EVERY_TABLE = (
    "select relname from pg_class where relkind = 'r' "
    "and relnamespace = 'public'::regnamespace order by 1"
)
TRIGGERS = (
    "select tgname, tgrelid::regclass::text from pg_trigger where not tgisinternal order by 1"
)
REFUSED = (
    psycopg2.errors.InsufficientPrivilege,
    psycopg2.errors.IntegrityConstraintViolation,
)
HIDDEN = "Hidden on 5 October 2016: being looked at for personal information"

# One row of each kind that the demonstration does not have, put in by the owner.
ROWS = """
insert into improvement_progressupdate
  (action_id, status, narrative, evidence_of_impact, evidence_links, reason, remedy, effective_on,
   completed_precision, completed_words, completed_basis, made_by_id, submission, new_due_precision,
   new_due_reason, note)
select a.id, 'on_track', 'What was said.', '', '', '', '', '2016-10-05', '', '', '', u.id,
       gen_random_uuid(), '', '', ''
from improvement_action a, dashboard_user u where reference = '5.13' and username = 'officer';
insert into improvement_updatereview (update_id, outcome, reason, known_from)
select id, 'returned', 'Say more.', now() from improvement_progressupdate
where narrative = 'What was said.';
insert into improvement_datechange
  (action_id, from_precision, from_words, to_on, to_precision, to_words, reason, known_from)
select id, '', '', '2016-12-31', 'month', '', 'Staff.', now() from improvement_action
where reference = '5.13';
insert into improvement_planevent
  (known_from, kind, key, theme, done, before, after, reason)
values (now(), 'action', '5.13', '', 'reworded', '{"title": "Old"}', '{"title": "New"}', 'Plain.');
insert into performance_referenceevent (kind, key, done, before, after, reason, by_id)
select 'indicator', 'x', 'changed', '{"unit": "a"}', '{"unit": "b"}', 'Plain.', min(id)
from dashboard_user;
"""


@pytest.fixture
def site(filled):
    """The demonstration's database, asked by the site's role."""
    filled.ask(ROWS)
    filled.as_site("select 1")
    return filled


def refused(site, statement) -> str:
    """The error by which the statement is refused; empty where it is done."""
    try:
        site.as_site(statement)
    except REFUSED as error:
        return str(error)
    return ""


def people(site) -> list[int]:
    return [number for (number,) in site.ask("select id from dashboard_user order by id limit 2")]


ASK = (
    "with asked as (insert into improvement_removal (words, reason, hidden_on, asked_by_id, "
    'asked_at, outcome, decided_reason, "left") '
    "values ('x', 'y', '2016-10-05', {by}, now(), '', '', '[]') returning id)"
)
TELL = (
    "insert into improvement_planevent (known_from, by_id, kind, key, theme, done, before, after, "
    "reason) "
)
AS_DECIDED = (
    "update improvement_removal set outcome = '{outcome}', words = '', decided_by_id = {by}, "
    "decided_at = now(), decided_reason = 'z' where id = {removal}; "
)


def ask(site, by) -> int:
    """The number of a removal that is asked for as the product does, with its event."""
    (key,) = site.as_site(
        ASK.format(by=by) + TELL + f"select now(), {by}, 'removal', 'Removal ' || id, '', 'asked', "
        "'{}', '{\"texts\": 1}', 'y' from asked returning key"
    )[0]
    return int(key.split()[1])


def tell(removal, by, done) -> str:
    return (
        TELL + f"values (now(), {by}, 'removal', 'Removal {removal}', '', '{done}', '{{}}', "
        "'{\"texts\": 1}', 'z') returning 1"
    )


def decide(site, removal, by, outcome) -> None:
    decision = AS_DECIDED.format(removal=removal, by=by, outcome=outcome)
    site.as_site(decision + tell(removal, by, outcome))


def row_of(site, table) -> int:
    return site.ask(f"select max(id) from {table}")[0][0]


def seal(site, removal, table, row, column, original=None) -> None:
    stands = f"(select to_jsonb({column}) from {table} where id = {row})"
    given = stands if original is None else f"to_jsonb('{original}'::text)"
    site.as_site(
        "insert into improvement_sealedtext (removal_id, of_table, of_row, of_column, original) "
        f"values ({removal}, '{table}', {row}, '{column}', {given})"
    )


KEPT = {
    "improvement_planevent": "reason",
    "improvement_progressupdate": "narrative",
    "improvement_updatereview": "reason",
    "improvement_datechange": "reason",
    "performance_referenceevent": "reason",
}


@pytest.mark.parametrize("table", KEPT)
def test_nothing_kept_is_changed_or_deleted(site, table):
    columns = site.ask(
        "select column_name from information_schema.columns where table_schema = 'public' and "
        f"table_name = '{table}' and is_generated = 'NEVER' and column_name <> 'submission'"
    )
    for (column,) in columns:
        other = (
            f"(select {column} from {table} where id <> t.id "
            f"and {column} is distinct from t.{column} limit 1)"
        )
        said = refused(site, f"update {table} t set {column} = {other} where {other} is not null")
        # A column whose values are all alike has no other to be set to.
        alike = site.ask(f"select count(distinct {column}::text) < 2 from {table}")[0][0]
        assert said or alike, column
    assert refused(site, f"update {table} set {KEPT[table]} = 'Other words.'")
    assert refused(site, f"update {table} set {KEPT[table]} = '{HIDDEN}'")
    assert refused(site, f"delete from {table}")


def test_what_members_have_read_is_not_sent_back(site):
    row = row_of(site, "improvement_progressupdate")
    review = (
        "insert into improvement_updatereview (update_id, outcome, reason, known_from) "
        f"values ({row}, '%s', 'x', now())"
    )
    site.as_site(review % "released")
    assert refused(site, review % "returned")


def test_a_first_due_date_stands(site):
    for change in (
        "first_due_on = '2017-01-31'", "first_due_precision = 'year'", "first_due_words = 'soon'",
        "first_due_basis = 'by_report'", "reference = 'x' || id",
    ):  # fmt: skip
        assert refused(site, f"update improvement_action set {change}"), change
    assert refused(site, "delete from improvement_action")


def test_no_row_takes_the_key_of_another_and_no_person_the_name(site):
    """A new table's migration says `SELECT dashboard_rows_stay_themselves()`."""
    tables = site.ask(
        "select t.relname, a.attname from pg_index i join pg_class t on t.oid = i.indrelid "
        "join pg_attribute a on a.attrelid = t.oid and a.attnum = any (i.indkey) "
        "where i.indisprimary and t.relnamespace = 'public'::regnamespace "
        "and t.relname ~ '^(dashboard|improvement|performance)_|^auth_group$' "
        "and t.relname <> 'dashboard_cache'"
    )
    kept = {
        name
        for (name,) in site.ask(
            "select tgrelid::regclass::text from pg_trigger where tgname like '%stays_itself'"
        )
    }
    assert {table for table, _ in tables} == kept
    assert len(kept) > 40
    for table, key in tables:
        if site.ask(f"select 1 from {table} limit 1"):
            with pytest.raises((*REFUSED, psycopg2.errors.ForeignKeyViolation)):
                site.as_site(f"update {table} set {key} = -{key}")
    assert refused(site, "update dashboard_user set username = username || 'x'")
    site.as_site("update dashboard_user set username = username, first_name = 'A'")


def test_no_table_is_emptied_dropped_or_altered(site):
    tables = [name for (name,) in site.ask(EVERY_TABLE)]
    assert len(tables) > 40
    for table in tables:
        for statement in (
            f"truncate {table} cascade",
            f"drop table {table} cascade",
            f"alter table {table} disable trigger all",
            f"alter table {table} add column more text",
            f"create trigger mine before update on {table} for each row "
            "execute function suppress_redundant_updates_trigger()",
            f"create rule mine as on delete to {table} do instead nothing",
        ):
            assert refused(site, statement), statement


def test_no_trigger_or_function_is_changed_or_made(site):
    triggers = site.ask(TRIGGERS)
    assert len(triggers) > 10
    for name, table in triggers:
        assert refused(site, f"drop trigger {name} on {table}"), name
        assert refused(site, f"alter table {table} disable trigger {name}"), name
    functions = site.ask(
        "select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace"
    )
    assert len(functions) > 5
    for (function,) in functions:
        assert refused(site, f"drop function {function} cascade"), function
        assert refused(site, f"alter function {function} reset all"), function
    assert refused(site, "create function mine() returns int language sql as 'select 1'")
    assert refused(
        site,
        "create or replace function improvement_refuse_change() returns trigger "
        "language plpgsql as 'begin return new; end'",
    )
    assert refused(site, "set session_replication_role = replica")
    assert refused(
        site,
        "set role "
        + site.ask("select tableowner from pg_tables where tablename = 'improvement_action'")[0][0],
    )


def test_which_tables_there_are_is_what_a_backup_holds(site):
    named = {name.split(".")[-1].strip('"') for name, _ in site.ask(writing.TABLES)}
    assert named == {name for (name,) in site.ask(EVERY_TABLE)}


def test_a_text_is_hidden_and_taken_out_or_put_back_and_nothing_else(site):
    table, column = "improvement_progressupdate", "narrative"
    asker, other = people(site)
    row = row_of(site, table)
    removal = ask(site, asker)
    change = f"update {table} set {column} = '%s' where id = {row}"
    assert refused(site, change % HIDDEN)
    seal(site, removal, table, row, column)
    assert refused(site, change % "Other words.")
    assert refused(site, change % "Removed on 5 October 2016: personal information")
    assert refused(
        site, change % "Hidden on 5 Jo Bloggs 2016: being looked at for personal information"
    )
    assert refused(site, f"update {table} set {column} = '{HIDDEN}', note = 'x' where id = {row}")
    assert refused(site, f"update {table} set note = '{HIDDEN}' where id = {row}")
    assert refused(site, f"update {table} set {column} = '{HIDDEN}'")
    site.as_site(change % HIDDEN)
    # Not before it is decided, and then only as it was.
    assert refused(site, change % "What was said.")
    decide(site, removal, other, "declined")
    assert refused(site, change % "What they said.")
    assert refused(
        site, f"update improvement_sealedtext set original = null where removal_id = {removal}"
    )
    site.as_site(change % "What was said.")
    assert refused(site, change % HIDDEN)
    assert refused(site, f"delete from {table} where id = {row}")


def test_nothing_is_sealed_but_what_stands(site):
    asker, _ = people(site)
    row = row_of(site, "improvement_progressupdate")
    removal = ask(site, asker)
    with pytest.raises(psycopg2.errors.IntegrityConstraintViolation):
        seal(site, removal, "improvement_progressupdate", row, "narrative", "Other words.")
    seal(site, removal, "improvement_progressupdate", row, "narrative")
    for change in (
        "original = to_jsonb('Other words.'::text)", "original = null", "of_row = of_row - 1",
        "of_column = 'note'", "removal_id = removal_id + 1",
    ):  # fmt: skip
        assert refused(site, f"update improvement_sealedtext set {change}"), change
    assert refused(site, "delete from improvement_sealedtext")


def test_a_column_that_is_no_text_of_a_person_is_not_let_through(site):
    asker, _ = people(site)
    table = "performance_referenceevent"
    row = row_of(site, table)
    removal = ask(site, asker)
    for column in ("key", "reason"):
        seal(site, removal, table, row, column)
    assert refused(site, f"update {table} set key = '{HIDDEN}' where id = {row}")
    site.as_site(f"update {table} set reason = '{HIDDEN}' where id = {row}")


def test_words_within_an_event_are_hidden_leaf_by_leaf(site):
    asker, _ = people(site)
    row = row_of(site, "improvement_planevent")
    seal(site, ask(site, asker), "improvement_planevent", row, "after")
    change = "update improvement_planevent set after = '%s' where id = " + str(row)
    for other in ('{"title": "Other"}', '{}', f'{{"name": "{HIDDEN}"}}', f'["{HIDDEN}"]',
                  f'{{"title": "{HIDDEN}", "more": 1}}', f'"{HIDDEN}"'):  # fmt: skip
        assert refused(site, change % other), other
    site.as_site(change % f'{{"title": "{HIDDEN}"}}')


def test_a_removal_needs_two_people_and_is_decided_once(site):
    asker, other = people(site)
    removal = ask(site, asker)
    for nobody in (asker, "null"):
        with pytest.raises(psycopg2.errors.CheckViolation):
            decide(site, removal, nobody, "confirmed")
    for change in (f"asked_by_id = {other}", "asked_at = now()", "reason = 'x'", "words = 'other'"):
        assert refused(site, f"update improvement_removal set {change}"), change
    decide(site, removal, other, "confirmed")
    assert refused(site, AS_DECIDED.format(removal=removal, by=other, outcome="declined"))
    assert refused(site, f"update improvement_removal set decided_by_id = {asker}")
    assert refused(site, "delete from improvement_removal")
    # Nor is one put in as decided, nor a text sealed under one that is.
    assert refused(
        site,
        "insert into improvement_removal (words, reason, hidden_on, asked_by_id, asked_at, outcome,"
        " decided_by_id, decided_at, decided_reason, \"left\") values ('', 'y', '2016-10-05', "
        f"{asker}, now(), 'declined', {other}, now(), 'z', '[]')",
    )
    row = row_of(site, "improvement_planevent")
    with pytest.raises(psycopg2.errors.IntegrityConstraintViolation):
        seal(site, removal, "improvement_planevent", row, "reason")


def test_a_removal_that_leaves_no_event_of_who_did_it_is_refused(site):
    asker, other = people(site)
    assert refused(site, ASK.format(by=asker) + "select id from asked")
    removal = ask(site, asker)
    decision = AS_DECIDED.format(removal=removal, by=other, outcome="confirmed")
    assert refused(site, decision)
    assert refused(site, decision + tell(removal, asker, "confirmed"))
    assert refused(site, decision + tell(removal, other, "declined"))
    assert refused(site, decision + tell(removal + 1, other, "confirmed"))
    decide(site, removal, other, "confirmed")


def test_tables_of_its_own_do_not_take_the_place_of_ours(site):
    """A temporary table of the same name is read first, unless the triggers say otherwise."""
    row = row_of(site, "improvement_progressupdate")
    assert refused(
        site,
        "create temp table improvement_removal (id bigint, outcome text);"
        "create temp table improvement_sealedtext (removal_id bigint, of_table text, of_row bigint,"
        " of_column text, original jsonb);"
        "insert into improvement_removal values (1, '');"
        f"insert into improvement_sealedtext values (1, 'improvement_progressupdate', {row}, "
        "'narrative', to_jsonb('What was said.'::text));"
        f"update improvement_progressupdate set narrative = '{HIDDEN}' where id = {row}",
    )
