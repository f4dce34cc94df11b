from django.db import migrations

# The look for figures must see those of a transaction that ended while this one waited for the
# row; above “read committed” it would see the record as it was when this one began.
SEE_ALL = """
CREATE FUNCTION performance_parent_sees_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'a % is removed in a transaction of “read committed” only', TG_ARGV[0]
            USING ERRCODE = 'foreign_key_violation',
                CONSTRAINT = 'performance_measurement_' || TG_ARGV[0] || '_is_there';
    END IF;
    RETURN NULL;
END $$;
"""
PARENTS = {"series": "performance_series", "area": "performance_area", "load": "performance_load"}


class Migration(migrations.Migration):
    """The triggers of 0010 keep what figures refer to in transactions of every isolation."""

    dependencies = [("performance", "0010_figures_refer_to_what_is_known")]

    operations = [
        migrations.RunSQL(SEE_ALL, "DROP FUNCTION performance_parent_sees_all();"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER performance_{column}_sees_all "
                f"BEFORE DELETE OR UPDATE OF id ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION performance_parent_sees_all('{column}');",
                f"DROP TRIGGER performance_{column}_sees_all ON {table};",
            )
            for column, table in PARENTS.items()
        ),
    ]
