"""A text within a structure is sealed by itself, so that two removals may be of one structure.

What was sealed until now is a whole column. Of what still waits to be decided each hidden text
becomes a seal of its own; what was decided is told by its column alone, as before.
"""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

BEFORE = import_module("improvement.migrations.0012_removal_is_the_one_way")

KEPT = "integrity_constraint_violation"
# A temporary table of the site's own making, of the same name, would otherwise be read first.
OURS = "SET search_path = public, pg_temp"

LEAVES = f"""
-- Each text, number or nothing in a value by the way to it; of a structure that it is one.
CREATE FUNCTION improvement_leaves(value jsonb) RETURNS TABLE (path text[], leaf jsonb)
LANGUAGE sql IMMUTABLE {OURS} AS $$
    WITH RECURSIVE within AS (
        SELECT '{{}}'::text[] AS path, value AS held
        UNION ALL
        SELECT within.path || inner_.key, inner_.held
        FROM within CROSS JOIN LATERAL (
            SELECT each.key, each.value AS held
            FROM jsonb_each(
                CASE jsonb_typeof(within.held) WHEN 'object' THEN within.held ELSE '{{}}' END
            ) AS each
            UNION ALL
            SELECT (each.place - 1)::text, each.value
            FROM jsonb_array_elements(
                CASE jsonb_typeof(within.held) WHEN 'array' THEN within.held ELSE '[]' END
            ) WITH ORDINALITY AS each(value, place)
        ) AS inner_
    )
    SELECT path, CASE jsonb_typeof(held) WHEN 'object' THEN '{{}}' WHEN 'array' THEN '[]' ELSE held END
    FROM within
$$;
"""
NO_LEAVES = "DROP FUNCTION improvement_leaves(jsonb);"

SPLIT = """
DROP TRIGGER improvement_sealedtext_kept ON improvement_sealedtext;
DO $$
DECLARE
    sealed record;
    stands jsonb;
BEGIN
    FOR sealed IN
        SELECT * FROM improvement_sealedtext
        WHERE jsonb_typeof(original) IN ('object', 'array') ORDER BY id
    LOOP
        EXECUTE format('SELECT to_jsonb(t.%I) FROM %I AS t WHERE t.id = $1',
                       sealed.of_column, sealed.of_table)
            INTO stands USING sealed.of_row;
        INSERT INTO improvement_sealedtext
            (removal_id, of_table, of_row, of_column, path, original)
        SELECT sealed.removal_id, sealed.of_table, sealed.of_row, sealed.of_column, path, was.leaf
        FROM improvement_leaves(sealed.original) AS was
        JOIN improvement_leaves(stands) AS now_ USING (path)
        WHERE was.leaf IS DISTINCT FROM now_.leaf AND improvement_says(now_.leaf, 'hide');
        DELETE FROM improvement_sealedtext WHERE id = sealed.id;
    END LOOP;
END $$;
SET CONSTRAINTS ALL IMMEDIATE;
CREATE TRIGGER improvement_sealedtext_kept BEFORE INSERT OR UPDATE OR DELETE
    ON improvement_sealedtext FOR EACH ROW EXECUTE FUNCTION improvement_keep_sealed();
"""

# A column that two removals have sealed texts of has no seal of its own to go back to.
NOT_SPLIT = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM improvement_sealedtext WHERE original IS NOT NULL AND path <> '{}') THEN
        RAISE EXCEPTION 'Decide the removals that wait first: they seal texts within a column.';
    END IF;
END $$;
"""

# Of several seals of one text the last tells: it was changed between them.
MAY_BECOME = f"""
CREATE OR REPLACE FUNCTION improvement_may_become(
    tbl text, id bigint, col text, was jsonb, becomes jsonb
) RETURNS boolean LANGUAGE sql STABLE {OURS} AS $$
    SELECT NOT EXISTS (
        SELECT FROM (
            SELECT path AS way, a.leaf AS old, b.leaf AS new
            FROM improvement_leaves(was) AS a FULL JOIN improvement_leaves(becomes) AS b
                USING (path)
        ) AS text
        WHERE old IS DISTINCT FROM new AND NOT coalesce((
            SELECT CASE removal.outcome
                WHEN '' THEN sealed.original = old AND improvement_says(new, 'hide')
                WHEN 'confirmed'
                THEN improvement_says(old, 'hide') AND improvement_says(new, 'remove')
                ELSE sealed.original = new AND improvement_says(old, 'hide')
            END
            FROM improvement_sealedtext AS sealed
            JOIN improvement_removal AS removal ON removal.id = sealed.removal_id
            WHERE sealed.of_table = tbl AND sealed.of_row = $2 AND sealed.of_column = col
              AND sealed.path = way
            ORDER BY sealed.id DESC LIMIT 1
        ), false)
    )
$$;
DROP FUNCTION improvement_only_strings(jsonb, jsonb, text);
"""
COLUMN_MAY_BECOME = BEFORE.RULES.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

KEEP_SEALED = f"""
CREATE OR REPLACE FUNCTION improvement_keep_sealed() RETURNS trigger LANGUAGE plpgsql {OURS} AS $$
DECLARE
    stands jsonb;
    outcome text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'improvement_sealedtext: what was sealed is kept'
            USING ERRCODE = '{KEPT}', CONSTRAINT = TG_NAME;
    END IF;
    SELECT removal.outcome INTO outcome FROM improvement_removal AS removal
    WHERE removal.id = NEW.removal_id;
    EXECUTE format('SELECT to_jsonb(t.%I) #> $2 FROM %I AS t WHERE t.id = $1',
                   NEW.of_column, NEW.of_table)
        INTO stands USING NEW.of_row, NEW.path;
    IF TG_OP = 'INSERT' THEN
        IF outcome = '' AND NEW.original = stands AND jsonb_typeof(stands) = 'string'
           AND NOT improvement_says(stands, 'hide') AND NOT improvement_says(stands, 'remove')
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'improvement_sealedtext: a text is sealed as it stands'
            USING ERRCODE = '{KEPT}', CONSTRAINT = TG_NAME;
    END IF;
    -- Emptied only once it was decided, and never while the text still waits to be put back.
    IF NEW.original IS NULL
       AND to_jsonb(NEW) - 'original' = to_jsonb(OLD) - 'original'
       AND (outcome = 'confirmed' OR outcome = 'declined' AND (
           NOT coalesce(improvement_says(stands, 'hide'), false)
           OR EXISTS (
               SELECT FROM improvement_sealedtext AS later
               WHERE later.of_table = OLD.of_table AND later.of_row = OLD.of_row
                 AND later.of_column = OLD.of_column AND later.path = OLD.path
                 AND later.id > OLD.id
           )
       ))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'improvement_sealedtext: what was sealed does not change'
        USING ERRCODE = '{KEPT}', CONSTRAINT = TG_NAME;
END $$;
"""

KEEP_COLUMN = BEFORE.SEALS.partition("CREATE TRIGGER")[0].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):

    dependencies = [("improvement", "0014_what_members_read_stays_read")]

    operations = [
        migrations.AddField(
            model_name="sealedtext",
            name="path",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), blank=True, default=list, size=None,
                help_text="The way to it within the column; empty where it is all that stands there.",
            ),
        ),
        migrations.RemoveConstraint("sealedtext", "improvement_sealedtext_one_at_a_time"),
        migrations.RunSQL(LEAVES, NO_LEAVES),
        migrations.RunSQL(SPLIT, NOT_SPLIT),
        migrations.RunSQL(MAY_BECOME, COLUMN_MAY_BECOME),
        migrations.RunSQL(KEEP_SEALED, KEEP_COLUMN),
        migrations.AddIndex(
            model_name="sealedtext",
            index=models.Index(
                fields=["table", "row", "column"], name="improvement_sealedtext_place"
            ),
        ),
    ]
