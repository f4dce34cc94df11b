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


def row_of(site, table) -> int:
    return site.ask(f"select max(id) from {table}")[0][0]


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
