import django.db.models.deletion
from django.db import migrations, models

PARENTS = {"series": "performance_series", "area": "performance_area", "load": "performance_load"}

# As a foreign key does, row by row: what is referred to is locked against removal until the
# transaction ends, and must be there.
LOOK = """
CREATE FUNCTION performance_measurement_refers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    missing bigint;
BEGIN
"""
LOOK_FOR = """
    PERFORM FROM {table} WHERE id IN (SELECT {column}_id FROM put_in) FOR KEY SHARE;
    SELECT p.{column}_id INTO missing FROM put_in p LEFT JOIN {table} r ON r.id = p.{column}_id
        WHERE p.{column}_id IS NOT NULL AND r.id IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a figure names {column} %, which is not there', missing
            USING ERRCODE = 'foreign_key_violation',
                CONSTRAINT = 'performance_measurement_{column}_is_there';
    END IF;
"""
END = """
    RETURN NULL;
END $$;
"""
KEEP = """
CREATE FUNCTION performance_measurement_is_referring() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found_one boolean;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.id = OLD.id THEN
        RETURN NEW;
    END IF;
    EXECUTE format(
        'SELECT EXISTS (SELECT FROM performance_measurement WHERE %I = $1)', TG_ARGV[0] || '_id'
    ) INTO found_one USING OLD.id;
    IF found_one THEN
        RAISE EXCEPTION 'figures are on record of % %', TG_ARGV[0], OLD.id
            USING ERRCODE = 'foreign_key_violation',
                CONSTRAINT = 'performance_measurement_' || TG_ARGV[0] || '_is_there';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
TRIGGERS = [
    (f"performance_measurement_refers_on_{when}", "performance_measurement",
     f"AFTER {when.upper()} ON performance_measurement REFERENCING NEW TABLE AS put_in "
     "FOR EACH STATEMENT EXECUTE FUNCTION performance_measurement_refers()")
    for when in ("insert", "update")
] + [
    (f"performance_{column}_of_figures_stays", table,
     f"BEFORE DELETE OR UPDATE OF id ON {table} FOR EACH ROW "
     f"EXECUTE FUNCTION performance_measurement_is_referring('{column}')")
    for column, table in PARENTS.items()
]


def looking():
    body = "".join(LOOK_FOR.format(column=column, table=table) for column, table in PARENTS.items())
    return LOOK + body + END


def without_constraint(column, **more):
    return migrations.AlterField(
        model_name="measurement",
        name=column,
        field=models.ForeignKey(
            db_constraint=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="measurements",
            to=f"performance.{column}",
            **more,
        ),
    )


class Migration(migrations.Migration):
    """A foreign key looks at every row by itself, which takes two thirds of the time of a large
    load; a trigger looks once at all that a statement puts in."""

    dependencies = [
        ('performance', '0009_loads_are_screened'),
    ]

    operations = [
        without_constraint("series"),
        without_constraint("area", db_index=False),
        without_constraint("load", null=True, blank=True),
        migrations.RunSQL(looking(), "DROP FUNCTION performance_measurement_refers();"),
        migrations.RunSQL(KEEP, "DROP FUNCTION performance_measurement_is_referring();"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {name} {words};", f"DROP TRIGGER {name} ON {table};"
            )
            for name, table, words in TRIGGERS
        ),
    ]
