"""A removal is on record or it is not: asking and deciding each leave the event of who did it.

Checked when the transaction ends, since the event follows the row that it is about.
"""

from django.db import migrations

KEPT = "integrity_constraint_violation"
OURS = "SET search_path = public, pg_temp"

EVENTS = f"""
CREATE FUNCTION improvement_removal_is_told() RETURNS trigger LANGUAGE plpgsql {OURS} AS $$
BEGIN
    IF EXISTS (
        SELECT FROM improvement_planevent AS event
        WHERE event.kind = 'removal' AND event.key = 'Removal ' || NEW.id
          AND event.done = coalesce(nullif(NEW.outcome, ''), 'asked')
          AND event.by_id = coalesce(NEW.decided_by_id, NEW.asked_by_id)
    ) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'improvement_removal: who asked and who decided are on record'
        USING ERRCODE = '{KEPT}', CONSTRAINT = TG_NAME;
END $$;
CREATE CONSTRAINT TRIGGER improvement_removal_asked_on_record AFTER INSERT
    ON improvement_removal DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION improvement_removal_is_told();
CREATE CONSTRAINT TRIGGER improvement_removal_decided_on_record AFTER UPDATE
    ON improvement_removal DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.outcome IS DISTINCT FROM NEW.outcome)
    EXECUTE FUNCTION improvement_removal_is_told();
"""
NO_EVENTS = """
DROP TRIGGER improvement_removal_decided_on_record ON improvement_removal;
DROP TRIGGER improvement_removal_asked_on_record ON improvement_removal;
DROP FUNCTION improvement_removal_is_told();
"""


class Migration(migrations.Migration):

    dependencies = [("improvement", "0012_removal_is_the_one_way")]

    operations = [migrations.RunSQL(EVENTS, NO_EVENTS)]
