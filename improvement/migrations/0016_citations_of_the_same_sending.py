"""What an update cites comes in the transaction that sends it, whatever instant it claims; and
when a row was recorded is the clock's to say."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("improvement.migrations.0012_removal_is_the_one_way")

KEPT = "integrity_constraint_violation"
# A temporary table of the site's own making, of the same name, would otherwise be read first.
OURS = "SET search_path = public, pg_temp"

SENT_TOGETHER = f"""
-- Whether the row's transaction, or the savepoint in it, is the one that asks: every other whose
-- rows can be read has ended. A row keeps 32 bits of it, and the status is asked of all 64.
CREATE FUNCTION improvement_is_of_this_transaction(row_xmin xid) RETURNS boolean
LANGUAGE plpgsql {OURS} AS $$
DECLARE
    this bigint := pg_current_xact_id()::text::bigint;
    later bigint := (row_xmin::text::bigint - this) & 4294967295;
BEGIN
    -- A savepoint is numbered after its transaction: what is numbered before is another's.
    RETURN later < 2147483648
        AND pg_xact_status((this + later)::text::xid8) = 'in progress';
END $$;

CREATE OR REPLACE FUNCTION improvement_citation_sent_with_its_update() RETURNS trigger
LANGUAGE plpgsql {OURS} AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM improvement_progressupdate AS sent
        WHERE sent.id = NEW.update_id AND sent.made_at >= now()
          AND improvement_is_of_this_transaction(sent.xmin)
          AND NOT EXISTS (SELECT FROM improvement_updatereview WHERE update_id = sent.id)
    ) THEN
        RAISE EXCEPTION 'improvement_updatecitation: what an update cites is sent with it'
            USING ERRCODE = '{KEPT}',
                  CONSTRAINT = 'improvement_updatecitation_sent_with_its_update';
    END IF;
    RETURN NEW;
END $$;
"""
BY_ITS_INSTANT = f"""
CREATE OR REPLACE FUNCTION improvement_citation_sent_with_its_update() RETURNS trigger
LANGUAGE plpgsql {OURS} AS $$
BEGIN
    IF (SELECT made_at FROM improvement_progressupdate WHERE id = NEW.update_id) < now() THEN
        RAISE EXCEPTION 'improvement_updatecitation: what an update cites is sent with it'
            USING ERRCODE = '{KEPT}',
                  CONSTRAINT = 'improvement_updatecitation_sent_with_its_update';
    END IF;
    RETURN NEW;
END $$;
DROP FUNCTION improvement_is_of_this_transaction(xid);
"""

# What changes nothing would still make the row one of this transaction.
NOTHING_TO_CHANGE = BEFORE.RULES[BEFORE.RULES.index("CREATE FUNCTION improvement_refuse_but_removal"):]
NOTHING_TO_CHANGE = NOTHING_TO_CHANGE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
REFUSED = NOTHING_TO_CHANGE.replace(
    "IF TG_OP = 'UPDATE' AND NOT EXISTS (",
    "IF TG_OP = 'UPDATE' AND NEW IS DISTINCT FROM OLD AND NOT EXISTS (",
)

CLOCK = f"""
-- Its column of when the row was recorded. `known_from` is the position's, and may be of any day.
CREATE FUNCTION improvement_recorded_now() RETURNS trigger LANGUAGE plpgsql {OURS} AS $$
DECLARE
    at timestamptz := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF at < now() OR at > clock_timestamp() THEN
        RAISE EXCEPTION '%: when it was recorded is the present', TG_TABLE_NAME
            USING ERRCODE = '{KEPT}', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER improvement_progressupdate_recorded_now BEFORE INSERT
    ON improvement_progressupdate FOR EACH ROW EXECUTE FUNCTION improvement_recorded_now('made_at');
CREATE TRIGGER improvement_planevent_recorded_now BEFORE INSERT
    ON improvement_planevent FOR EACH ROW EXECUTE FUNCTION improvement_recorded_now('at');
"""
NO_CLOCK = """
DROP TRIGGER improvement_planevent_recorded_now ON improvement_planevent;
DROP TRIGGER improvement_progressupdate_recorded_now ON improvement_progressupdate;
DROP FUNCTION improvement_recorded_now();
"""


class Migration(migrations.Migration):

    dependencies = [("improvement", "0015_each_text_is_sealed")]

    operations = [
        migrations.RunSQL(SENT_TOGETHER, BY_ITS_INSTANT),
        migrations.RunSQL(REFUSED, NOTHING_TO_CHANGE),
        migrations.RunSQL(CLOCK, NO_CLOCK),
        migrations.RunSQL(
            f"ALTER FUNCTION improvement_refuse_change() {OURS};",
            "ALTER FUNCTION improvement_refuse_change() RESET search_path;",
        ),
    ]
