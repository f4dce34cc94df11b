"""Two removals may be of one text, and each hides of it what it looks for.

What one has sealed the other may hide more of, and gets back of it what is not taken out; and what
one sealed passes to the other that is of the same words. A seal passes only between removals that
wait to be decided, and nothing that is hidden can be read before one of them is.
"""

from django.db import migrations

KEPT = "integrity_constraint_violation"
OURS = "SET search_path = public, pg_temp"

HIDE_ONCE = "sealed.original = was AND improvement_only_strings(was, becomes, 'hide')"
HIDE_MORE = (
    "improvement_only_strings(sealed.original, was, 'hide') "
    "AND improvement_only_strings(was, becomes, 'hide')"
)
TAKE_OUT = "improvement_only_strings(was, becomes, 'remove')"
OR_PUT_BACK = (
    f"{TAKE_OUT} OR improvement_only_strings(sealed.original, becomes, 'hide') "
    "AND improvement_only_strings(becomes, was, 'hide')"
)
PASSES = """
    IF outcome = ''
       AND to_jsonb(NEW) - 'removal_id' = to_jsonb(OLD) - 'removal_id'
       AND EXISTS (
           SELECT FROM improvement_removal AS removal
           WHERE removal.id = OLD.removal_id AND removal.outcome = ''
       )
    THEN
        RETURN NEW;
    END IF;
"""


def may_become(hide: str, confirmed: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION improvement_may_become(
    tbl text, id bigint, col text, was jsonb, becomes jsonb
) RETURNS boolean LANGUAGE sql STABLE {OURS} AS $$
    SELECT EXISTS (
        SELECT FROM improvement_sealedtext AS sealed
        JOIN improvement_removal AS removal ON removal.id = sealed.removal_id
        WHERE sealed.of_table = tbl AND sealed.of_row = $2 AND sealed.of_column = col
          AND CASE removal.outcome
              WHEN '' THEN {hide}
              WHEN 'confirmed' THEN {confirmed}
              ELSE sealed.original = becomes AND improvement_only_strings(becomes, was, 'hide')
          END
    )
$$;
"""


def keep_sealed(passes: str) -> str:
    return f"""
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
    EXECUTE format('SELECT to_jsonb(t.%I) FROM %I AS t WHERE t.id = $1', NEW.of_column, NEW.of_table)
        INTO stands USING NEW.of_row;
    IF TG_OP = 'INSERT' THEN
        IF outcome = '' AND NEW.original = stands THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'improvement_sealedtext: a text is sealed as it stands'
            USING ERRCODE = '{KEPT}', CONSTRAINT = TG_NAME;
    END IF;{passes}
    -- Emptied only once it was decided, and never while the text still waits to be put back.
    IF NEW.original IS NULL
       AND to_jsonb(NEW) - 'original' = to_jsonb(OLD) - 'original'
       AND (outcome = 'confirmed' OR outcome = 'declined' AND NOT (
           stands IS DISTINCT FROM OLD.original
           AND improvement_only_strings(OLD.original, stands, 'hide')
       ))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'improvement_sealedtext: what was sealed does not change'
        USING ERRCODE = '{KEPT}', CONSTRAINT = TG_NAME;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [("improvement", "0014_what_members_read_stays_read")]

    operations = [
        migrations.RunSQL(may_become(HIDE_MORE, OR_PUT_BACK), may_become(HIDE_ONCE, TAKE_OUT)),
        migrations.RunSQL(keep_sealed(PASSES), keep_sealed("")),
    ]
