"""An update that members have read stays read: no review follows its release."""

from django.db import migrations

KEPT = "integrity_constraint_violation"
OURS = "SET search_path = public, pg_temp"

LAST = f"""
CREATE FUNCTION improvement_release_is_the_last_review() RETURNS trigger
LANGUAGE plpgsql {OURS} AS $$
BEGIN
    -- Two reviews of one update wait for each other.
    PERFORM FROM improvement_progressupdate WHERE id = NEW.update_id FOR NO KEY UPDATE;
    IF NEW.outcome <> 'released' AND EXISTS (
        SELECT FROM improvement_updatereview
        WHERE update_id = NEW.update_id AND outcome = 'released'
    ) THEN
        RAISE EXCEPTION 'improvement_updatereview: what members have read stays read: a correction '
            'is a new update'
            USING ERRCODE = '{KEPT}', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER improvement_updatereview_none_after_release BEFORE INSERT
    ON improvement_updatereview FOR EACH ROW
    EXECUTE FUNCTION improvement_release_is_the_last_review();
"""
NO_LAST = """
DROP TRIGGER improvement_updatereview_none_after_release ON improvement_updatereview;
DROP FUNCTION improvement_release_is_the_last_review();
"""


class Migration(migrations.Migration):

    dependencies = [("improvement", "0013_removal_leaves_its_events")]

    operations = [migrations.RunSQL(LAST, NO_LAST)]
