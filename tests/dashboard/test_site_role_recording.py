"""The site's own role, with plain SQL: what it can say of when, and of what an update cites."""

import psycopg2
import pytest

from tests.dashboard.test_site_role import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(filled):
    """The demonstration's database, asked by the site's role."""
    filled.as_site("select 1")
    return filled


SEND = """
insert into improvement_progressupdate
  (action_id, status, narrative, evidence_of_impact, evidence_links, reason, remedy, effective_on,
   completed_precision, completed_words, completed_basis, made_by_id, submission, new_due_precision,
   new_due_reason, note{column})
select a.id, 'on_track', 'Said again.', '', '', '', '', '2016-10-05', '', '', '', u.id,
       gen_random_uuid(), '', '', ''{value}
from improvement_action a, dashboard_user u where reference = '5.13' and username = 'officer';
"""
CITE = """
insert into improvement_updatecitation (update_id, indicator_id)
select max(u.id), (select {which}(id) from performance_indicator) from improvement_progressupdate u
returning id;
"""
RELEASE = """
insert into improvement_updatereview (update_id, outcome, reason, known_from)
select max(id), 'released', '', now() from improvement_progressupdate;
"""


def test_what_an_update_cites_comes_with_it_and_not_later(site):
    sent = SEND.format(column="", value="")
    cited = CITE.format(which="min")
    site.as_site(sent + cited)
    # Nor once it is reviewed, in the same breath.
    assert refused(site, sent + RELEASE + cited)
    assert refused(site, CITE.format(which="max"))
    site.as_site(RELEASE + "select 1")
    assert refused(site, CITE.format(which="max"))
    # A form is sent inside of other changes.
    site.as_site("savepoint a; " + sent + "release a; savepoint b; " + CITE.format(which="max"))


def test_a_citation_does_not_come_from_a_transaction_that_was_there_before(site):
    """One that began before the update was sent, and waited until it was read."""
    earlier = site.open(user=site.site_role)
    try:
        cursor = earlier.cursor()
        cursor.execute("select pg_current_xact_id()")
        site.as_site(SEND.format(column="", value="") + "select 1")
        with pytest.raises(psycopg2.errors.IntegrityConstraintViolation):
            cursor.execute(CITE.format(which="min"))
    finally:
        earlier.close()


def test_nor_from_one_that_touches_the_update_first(site):
    """Another transaction that wrote the same words again would be the row's own."""
    site.as_site(SEND.format(column="", value="") + "select 1")
    touch = (
        "update improvement_progressupdate set narrative = narrative "
        "where id = (select max(id) from improvement_progressupdate); "
    )
    assert refused(site, touch)
    assert refused(site, touch + CITE.format(which="min"))
    # As the tables' owner could, and a removal that hides one of its texts does.
    off, on = (
        f"alter table improvement_progressupdate {way} trigger "
        "improvement_progressupdate_immutable; "
        for way in ("disable", "enable")
    )
    with pytest.raises(psycopg2.errors.IntegrityConstraintViolation):
        site.ask(off + touch + on + CITE.format(which="min"))


def test_every_function_of_ours_reads_our_own_tables(site):
    """A temporary table of the same name would otherwise be read first."""
    assert not site.ask(
        "select proname from pg_proc where pronamespace = 'public'::regnamespace "
        "and proconfig is null"
    )


@pytest.mark.parametrize("instant", ["2999-01-01", "2016-10-05", "now() - interval '1 second'"])
def test_when_a_row_was_recorded_is_the_clocks_to_say(site, instant):
    value = instant if "now" in instant else f"'{instant}'"
    assert refused(site, SEND.format(column=", made_at", value=f", {value}"))
    event = (
        "insert into improvement_planevent (at, known_from, kind, key, theme, done, before, after, "
        "reason) values ({at}, '2016-10-05', 'action', '5.13', '', 'reworded', '{{}}', "
        "'{{\"title\": \"b\"}}', 'x') returning id"
    )
    assert refused(site, event.format(at=value))
    # What was known when is the position's: in the demonstration a day of 2016.
    assert site.as_site(event.format(at="default"))
