"""What design and decisions call for ever, the database keeps: for every door, also plain SQL."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION improvement_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: %', TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END $$;
"""
DROP_REFUSE = "DROP FUNCTION improvement_refuse_change();"


def kept(name, table, when, rule, words):
    """A named trigger that refuses `when`, with its words, and its reverse."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW {rule} "
        f"EXECUTE FUNCTION improvement_refuse_change('{words}');",
        f"DROP TRIGGER {name} ON {table};",
    )


def changes(*columns):
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"WHEN (ROW({old}) IS DISTINCT FROM ROW({new}))"


FIRST_DUE = ["first_due_on", "first_due_precision", "first_due_words", "first_due_basis"]


class Migration(migrations.Migration):

    dependencies = [
        ("improvement", "0004_citations_hold_a_whole_key"),
    ]

    operations = [
        migrations.RunSQL(REFUSE, DROP_REFUSE),
        kept(
            "improvement_action_first_due_for_ever", "improvement_action", "UPDATE",
            changes(*FIRST_DUE), "the first due date is kept for ever: record a date change",
        ),
        kept(
            "improvement_action_reference_never_changes", "improvement_action", "UPDATE",
            changes("reference"), "a reference never changes",
        ),
        kept(
            "improvement_action_reference_never_reused", "improvement_action", "DELETE",
            "", "an action is stopped and never deleted: its reference could be used again",
        ),
        kept(
            "improvement_progressupdate_immutable", "improvement_progressupdate",
            "UPDATE OR DELETE", "", "an update never changes: a correction is a new update",
        ),
        kept(
            "improvement_updatereview_append_only", "improvement_updatereview",
            "UPDATE OR DELETE", "", "a review is kept: a change of mind is a new review",
        ),
        kept(
            "improvement_datechange_append_only", "improvement_datechange",
            "UPDATE OR DELETE", "", "a move of a date is kept: another move is a new one",
        ),
    ]
