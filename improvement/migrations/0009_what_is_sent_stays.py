"""Events, citations and released rounds are kept, as updates, reviews and moves of dates are."""

from django.db import migrations


def kept(name, table, when, rule, words, each="ROW"):
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} {rule} "
        f"EXECUTE FUNCTION improvement_refuse_change('{words}');",
        f"DROP TRIGGER {name} ON {table};",
    )


SENT_WITH_ITS_UPDATE = """
CREATE FUNCTION improvement_citation_sent_with_its_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- now() is when this transaction began: an update that is older came in another.
    IF (SELECT made_at FROM improvement_progressupdate WHERE id = NEW.update_id) < now() THEN
        RAISE EXCEPTION 'improvement_updatecitation: what an update cites is sent with it'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'improvement_updatecitation_sent_with_its_update';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER improvement_updatecitation_sent_with_its_update
    BEFORE INSERT ON improvement_updatecitation FOR EACH ROW
    EXECUTE FUNCTION improvement_citation_sent_with_its_update();
"""
ANY_TIME = """
DROP TRIGGER improvement_updatecitation_sent_with_its_update ON improvement_updatecitation;
DROP FUNCTION improvement_citation_sent_with_its_update();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("improvement", "0008_rounds_drafts_and_events"),
    ]

    operations = [
        kept(
            "improvement_planevent_append_only", "improvement_planevent", "UPDATE OR DELETE", "",
            "who did what is kept: another change is another event",
        ),
        kept(
            "improvement_updatecitation_append_only", "improvement_updatecitation",
            "UPDATE OR DELETE", "", "what an update cites is kept with it",
        ),
        migrations.RunSQL(SENT_WITH_ITS_UPDATE, ANY_TIME),
        kept(
            "improvement_updateround_released_never_changes", "improvement_updateround", "UPDATE",
            "WHEN (OLD.released_at IS NOT NULL)", "a released round never changes",
        ),
        kept(
            "improvement_updateround_never_deleted", "improvement_updateround", "DELETE", "",
            "a round is kept",
        ),
    ]
