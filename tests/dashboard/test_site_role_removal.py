"""The site's own role, with plain SQL: what it can do to texts that a removal is of."""

import psycopg2
import pytest

from tests.dashboard.test_site_role import HIDDEN, ROWS, refused, row_of

pytestmark = pytest.mark.django_db

REMOVED = "Removed on 5 October 2016: personal information"


@pytest.fixture
def site(filled):
    """The demonstration's database, asked by the site's role."""
    filled.ask(ROWS)
    filled.as_site("select 1")
    return filled


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


def seal(site, removal, table, row, column, original=None, path=()) -> None:
    way = f"'{{{','.join(path)}}}'::text[]"
    stands = f"(select to_jsonb({column}) #> {way} from {table} where id = {row})"
    given = stands if original is None else f"to_jsonb('{original}'::text)"
    site.as_site(
        "insert into improvement_sealedtext (removal_id, of_table, of_row, of_column, path, "
        f"original) values ({removal}, '{table}', {row}, '{column}', {way}, {given})"
    )


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
    assert refused(site, change % HIDDEN.replace("5 October", "6 October"))
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
    # Another may be of it afterwards.
    again = ask(site, asker)
    seal(site, again, table, row, column)
    site.as_site(change % HIDDEN)
    decide(site, again, other, "confirmed")
    site.as_site(change % REMOVED)
    with pytest.raises(psycopg2.errors.IntegrityConstraintViolation):
        seal(site, ask(site, asker), table, row, column)


def test_what_was_never_hidden_is_not_taken_out(site):
    asker, other = people(site)
    table, row, removal = (
        "improvement_datechange",
        row_of(site, "improvement_datechange"),
        ask(site, asker),
    )
    seal(site, removal, table, row, "reason")
    decide(site, removal, other, "confirmed")
    assert refused(site, f"update {table} set reason = '{REMOVED}' where id = {row}")


def test_what_was_written_over_a_hidden_title_stays_once_it_is_released(site):
    asker, other = people(site)
    row = row_of(site, "improvement_updateround")
    was = site.ask(f"select title from improvement_updateround where id = {row}")[0][0]
    removal = ask(site, asker)
    change = f"update improvement_updateround set title = '%s' where id = {row}"
    seal(site, removal, "improvement_updateround", row, "title")
    for title in (HIDDEN, "In October"):
        site.as_site(change % title)
    site.ask(
        f"update improvement_updateround set released_at = now(), released_by_id = {other} "
        f"where id = {row}"
    )
    decide(site, removal, other, "declined")
    assert refused(site, change % was)


def test_nothing_is_sealed_but_what_stands(site):
    asker, _ = people(site)
    row = row_of(site, "improvement_progressupdate")
    removal = ask(site, asker)
    with pytest.raises(psycopg2.errors.IntegrityConstraintViolation):
        seal(site, removal, "improvement_progressupdate", row, "narrative", "Other words.")
    seal(site, removal, "improvement_progressupdate", row, "narrative")
    other = ask(site, asker)
    for change in (
        "original = to_jsonb('Other words.'::text)", "original = null", "of_row = of_row - 1",
        "of_column = 'note'", f"removal_id = {other}", "path = '{title}'",
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


@pytest.fixture
def event(site):
    """The number of an event that names two people, each in a text of its own."""
    words = '{"title": "Help Barnaby.", "more": [1, "Ask Cordelia."]}'
    ((number,),) = site.ask(
        "insert into improvement_planevent (known_from, kind, key, theme, done, before, after, "
        f"reason) values (now(), 'action', '5.13', '', 'reworded', '{{}}', '{words}', '') "
        "returning id"
    )
    return number


def after_it(title="Help Barnaby.", more="Ask Cordelia."):
    return f'{{"title": "{title}", "more": [1, "{more}"]}}'


CHANGE_EVENT = "update improvement_planevent set after = '%s' where id = %s"


def test_words_within_an_event_are_hidden_leaf_by_leaf(site, event):
    asker, _ = people(site)
    seal(site, ask(site, asker), "improvement_planevent", event, "after", path=["title"])
    for other in (
        after_it("Other."), "{}", f'["{HIDDEN}"]', f'"{HIDDEN}"',
        f'{{"name": "{HIDDEN}", "more": [1, "Ask Cordelia."]}}',
        f'{{"title": "{HIDDEN}", "more": {{"0": 1, "1": "Ask Cordelia."}}}}',
        f'{{"title": "{HIDDEN}", "more": [1, "Ask Cordelia."], "most": {{}}}}',
        f'{{"title": {{"{HIDDEN}": ""}}, "more": [1, "Ask Cordelia."]}}',
        after_it(HIDDEN, HIDDEN), after_it(more=HIDDEN), after_it(REMOVED),
    ):  # fmt: skip
        assert refused(site, CHANGE_EVENT % (other, event)), other
    site.as_site(CHANGE_EVENT % (after_it(HIDDEN), event))
    for other in (after_it(), after_it(REMOVED), after_it("Other."), after_it(HIDDEN, HIDDEN)):
        assert refused(site, CHANGE_EVENT % (other, event)), other


def test_what_two_removals_hid_of_an_event_is_decided_each_alone(site, event):
    asker, other = people(site)
    first, second = ask(site, asker), ask(site, asker)
    seal(site, first, "improvement_planevent", event, "after", path=["title"])
    site.as_site(CHANGE_EVENT % (after_it(HIDDEN), event))
    seal(site, second, "improvement_planevent", event, "after", path=["more", "1"])
    site.as_site(CHANGE_EVENT % (after_it(HIDDEN, HIDDEN), event))
    decide(site, first, other, "confirmed")
    # Confirmed, a text is neither put back nor said otherwise; the other still waits.
    for said in (
        after_it(more=HIDDEN), after_it("Other.", HIDDEN), after_it(HIDDEN, "Ask Cordelia."),
        after_it(REMOVED, "Ask Cordelia."), after_it(REMOVED, REMOVED), after_it(HIDDEN, REMOVED),
    ):  # fmt: skip
        assert refused(site, CHANGE_EVENT % (said, event)), said
    site.as_site(CHANGE_EVENT % (after_it(REMOVED, HIDDEN), event))
    for said in (after_it(more=HIDDEN), after_it(HIDDEN, HIDDEN), after_it(REMOVED, "Other.")):
        assert refused(site, CHANGE_EVENT % (said, event)), said
    decide(site, second, other, "declined")
    for said in (after_it(), after_it(REMOVED, REMOVED), after_it(REMOVED, "Other.")):
        assert refused(site, CHANGE_EVENT % (said, event)), said
    site.as_site(CHANGE_EVENT % (after_it(REMOVED), event))


def test_neither_a_sentence_of_ours_nor_a_whole_structure_is_sealed(site, event):
    asker, _ = people(site)
    removal = ask(site, asker)
    refusal = pytest.raises(psycopg2.errors.IntegrityConstraintViolation)
    for path in ([], ["more"], ["more", "0"], ["nothing"]):
        with refusal:
            seal(site, removal, "improvement_planevent", event, "after", path=path)
    seal(site, removal, "improvement_planevent", event, "after", path=["title"])
    site.as_site(CHANGE_EVENT % (after_it(HIDDEN), event))
    with refusal:
        seal(site, removal, "improvement_planevent", event, "after", path=["title"])
    assert (
        HIDDEN
        in site.ask(f"select after from improvement_planevent where id = {event}")[0][0]["title"]
    )


def test_a_seal_is_emptied_once_its_text_waits_for_it_no_more(site):
    """A theme's title may change: what was sealed of it first is then another's to put back."""
    asker, other = people(site)
    table, row = "improvement_theme", row_of(site, "improvement_theme")
    first, second = ask(site, asker), ask(site, asker)
    change = f"update {table} set title = '%s' where id = {row}"
    empty = "update improvement_sealedtext set original = null where removal_id = {}"
    seal(site, first, table, row, "title")
    site.as_site(change % HIDDEN)
    decide(site, first, other, "declined")
    assert refused(site, empty.format(first))
    site.as_site(change % "Said again.")
    seal(site, second, table, row, "title")
    site.as_site(change % HIDDEN)
    assert refused(site, empty.format(second))
    for more in ("path = '{{title}}'", "of_column = 'short_title'", f"removal_id = {second}"):
        assert refused(
            site, empty.replace("original = null", f"original = null, {more}").format(first)
        )
    site.as_site(empty.format(first))
    assert refused(site, empty.format(second))


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
        " of_column text, path text[], original jsonb);"
        "insert into improvement_removal values (1, '');"
        f"insert into improvement_sealedtext values (1, 'improvement_progressupdate', {row}, "
        "'narrative', '{}', to_jsonb('What was said.'::text));"
        f"update improvement_progressupdate set narrative = '{HIDDEN}' where id = {row}",
    )
