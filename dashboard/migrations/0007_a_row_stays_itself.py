"""What is kept for ever points at rows by their keys: no row takes another's key or user name.

Else two actions, or two people, could change places, and with them what was said of the one, or
by the other. A migration that makes a table runs `SELECT dashboard_rows_stay_themselves()` again.
"""

from django.db import migrations

OURS = "SET search_path = public, pg_temp"
KEY = "a row keeps its key: what was said of it is found by that"
NAME = "a user name is kept: histories call the person by it"

ROWS = f"""
CREATE FUNCTION dashboard_rows_stay_themselves() RETURNS void LANGUAGE plpgsql {OURS} AS $$
DECLARE
    made record;
BEGIN
    FOR made IN
        SELECT t.relname AS tbl, a.attname AS col
        FROM pg_index AS i
        JOIN pg_class AS t ON t.oid = i.indrelid
        JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = ANY (i.indkey)
        WHERE i.indisprimary AND t.relnamespace = 'public'::regnamespace
          AND t.relname ~ '^(dashboard|improvement|performance)_|^auth_group$'
          AND t.relname <> 'dashboard_cache'
          AND NOT EXISTS (
              SELECT FROM pg_trigger WHERE tgrelid = t.oid AND tgname LIKE '%\\_stays\\_itself'
          )
    LOOP
        EXECUTE format(
            'CREATE TRIGGER %I BEFORE UPDATE OF %I ON %I FOR EACH ROW'
            ' WHEN (OLD.%2$I IS DISTINCT FROM NEW.%2$I)'
            ' EXECUTE FUNCTION performance_refuse_change(%L)',
            left(made.tbl, 49) || '_stays_itself', made.col, made.tbl, '{KEY}'
        );
    END LOOP;
END $$;
SELECT dashboard_rows_stay_themselves();
CREATE TRIGGER dashboard_user_name_stays BEFORE UPDATE OF username ON dashboard_user
    FOR EACH ROW WHEN (OLD.username IS DISTINCT FROM NEW.username)
    EXECUTE FUNCTION performance_refuse_change('{NAME}');
"""
NO_ROWS = """
DROP TRIGGER dashboard_user_name_stays ON dashboard_user;
DO $$
DECLARE
    made record;
BEGIN
    FOR made IN
        SELECT tgname, tgrelid::regclass AS tbl FROM pg_trigger
        WHERE tgname LIKE '%\\_stays\\_itself'
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', made.tgname, made.tbl);
    END LOOP;
END $$;
DROP FUNCTION dashboard_rows_stay_themselves();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("dashboard", "0006_people_lead_themes"),
        ("improvement", "0013_removal_leaves_its_events"),
        ("performance", "0012_loads_before_repeats_were_kept"),
    ]

    operations = [migrations.RunSQL(ROWS, NO_ROWS)]
