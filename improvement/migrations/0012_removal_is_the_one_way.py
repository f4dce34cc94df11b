"""What is kept for ever lets one thing through: a text that is hidden, taken out or put back.

Only a text that is sealed as it stood may change, and only into the sentence that hides it, the
one that says that it was removed, or what it was. Rows are sealed under a removal that one person
asked for and another decides; neither can be rewritten.
"""

from django.db import migrations

KEPT = "integrity_constraint_violation"
# A temporary table of the site's own making, of the same name, would otherwise be read first.
OURS = "SET search_path = public, pg_temp"
DAY = (
    "[0-9]{1,2} (January|February|March|April|May|June|July|August|September|October|November"
    "|December) [0-9]{4}"
)

RULES = f"""
CREATE FUNCTION improvement_says(value jsonb, step text) RETURNS boolean
LANGUAGE sql IMMUTABLE {OURS} AS $$
    SELECT jsonb_typeof(value) = 'string' AND (value #>> '{{}}') ~ CASE step
        WHEN 'hide' THEN '^Hidden on {DAY}: being looked at for personal information$'
        ELSE '^Removed on {DAY}: personal information$'
    END
$$;

-- Whether nothing differs but strings, each of which became (hide) the sentence that hides it, or
-- (remove) from that sentence the one that says that it was removed.
CREATE FUNCTION improvement_only_strings(was jsonb, becomes jsonb, step text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE {OURS} AS $$
BEGIN
    IF was = becomes THEN
        RETURN true;
    ELSIF jsonb_typeof(was) IS DISTINCT FROM jsonb_typeof(becomes) THEN
        RETURN false;
    ELSIF jsonb_typeof(was) = 'string' THEN
        RETURN improvement_says(becomes, step)
            AND (step = 'hide' OR improvement_says(was, 'hide'));
    ELSIF jsonb_typeof(was) = 'object' THEN
        RETURN NOT EXISTS (
            SELECT FROM jsonb_each(was) AS a FULL JOIN jsonb_each(becomes) AS b USING (key)
            WHERE a.value IS NULL OR b.value IS NULL
               OR NOT improvement_only_strings(a.value, b.value, step)
        );
    ELSIF jsonb_typeof(was) = 'array' THEN
        RETURN NOT EXISTS (
            SELECT FROM jsonb_array_elements(was) WITH ORDINALITY AS a(value, place)
            FULL JOIN jsonb_array_elements(becomes) WITH ORDINALITY AS b(value, place)
                USING (place)
            WHERE a.value IS NULL OR b.value IS NULL
               OR NOT improvement_only_strings(a.value, b.value, step)
        );
    END IF;
    RETURN false;
END $$;

CREATE FUNCTION improvement_may_become(
    tbl text, id bigint, col text, was jsonb, becomes jsonb
) RETURNS boolean LANGUAGE sql STABLE {OURS} AS $$
    SELECT EXISTS (
        SELECT FROM improvement_sealedtext AS sealed
        JOIN improvement_removal AS removal ON removal.id = sealed.removal_id
        WHERE sealed.of_table = tbl AND sealed.of_row = $2 AND sealed.of_column = col
          AND CASE removal.outcome
              WHEN '' THEN sealed.original = was
                  AND improvement_only_strings(was, becomes, 'hide')
              WHEN 'confirmed' THEN improvement_only_strings(was, becomes, 'remove')
              ELSE sealed.original = becomes AND improvement_only_strings(becomes, was, 'hide')
          END
    )
$$;

-- Its words; the columns that never change, or *; those of them that are texts.
CREATE FUNCTION improvement_refuse_but_removal() RETURNS trigger LANGUAGE plpgsql {OURS} AS $$
DECLARE
    kept text[] := string_to_array(TG_ARGV[1], ',');
    texts text[] := string_to_array(TG_ARGV[2], ',');
BEGIN
    IF TG_OP = 'UPDATE' AND NOT EXISTS (
        SELECT FROM jsonb_each(to_jsonb(OLD)) AS a JOIN jsonb_each(to_jsonb(NEW)) AS b USING (key)
        WHERE a.value IS DISTINCT FROM b.value
          AND (TG_ARGV[1] = '*' OR key = ANY (kept))
          AND NOT (
              key = ANY (texts)
              AND improvement_may_become(TG_TABLE_NAME, OLD.id, key, a.value, b.value)
          )
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '%: %', TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = '{KEPT}', CONSTRAINT = TG_NAME;
END $$;
"""
NO_RULES = """
DROP FUNCTION improvement_refuse_but_removal();
DROP FUNCTION improvement_may_become(text, bigint, text, jsonb, jsonb);
DROP FUNCTION improvement_only_strings(jsonb, jsonb, text);
DROP FUNCTION improvement_says(jsonb, text);
"""

SEALS = f"""
CREATE FUNCTION improvement_keep_sealed() RETURNS trigger LANGUAGE plpgsql {OURS} AS $$
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
    END IF;
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
CREATE TRIGGER improvement_sealedtext_kept BEFORE INSERT OR UPDATE OR DELETE
    ON improvement_sealedtext FOR EACH ROW EXECUTE FUNCTION improvement_keep_sealed();

CREATE FUNCTION improvement_keep_removal() RETURNS trigger LANGUAGE plpgsql {OURS} AS $$
DECLARE
    -- What a decision fills in, and the reasons, which are texts like others.
    open text[] := '{{outcome,words,decided_by_id,decided_at,decided_reason,left}}';
BEGIN
    IF TG_OP = 'INSERT' AND NEW.outcome NOT IN ('confirmed', 'declined') THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND NOT EXISTS (
        SELECT FROM jsonb_each(to_jsonb(OLD)) AS a JOIN jsonb_each(to_jsonb(NEW)) AS b USING (key)
        WHERE a.value IS DISTINCT FROM b.value
          AND NOT (OLD.outcome = '' AND NEW.outcome <> '' AND key = ANY (open))
          AND NOT (
              key IN ('reason', 'decided_reason')
              AND improvement_may_become(TG_TABLE_NAME, OLD.id, key, a.value, b.value)
          )
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'improvement_removal: a removal is asked for once and decided once'
        USING ERRCODE = '{KEPT}', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER improvement_removal_kept BEFORE INSERT OR UPDATE OR DELETE
    ON improvement_removal FOR EACH ROW EXECUTE FUNCTION improvement_keep_removal();
"""
NO_SEALS = """
DROP TRIGGER improvement_removal_kept ON improvement_removal;
DROP FUNCTION improvement_keep_removal();
DROP TRIGGER improvement_sealedtext_kept ON improvement_sealedtext;
DROP FUNCTION improvement_keep_sealed();
"""

CITATION = "ALTER FUNCTION improvement_citation_sent_with_its_update()"

FIRST_DUE = ["first_due_on", "first_due_precision", "first_due_words", "first_due_basis"]
FIRST_DUE_CHANGES = (
    f"WHEN (ROW({', '.join(f'OLD.{name}' for name in FIRST_DUE)}) "
    f"IS DISTINCT FROM ROW({', '.join(f'NEW.{name}' for name in FIRST_DUE)}))"
)


def let_through(name, table, when, rule, words, kept, texts, refuse="improvement_refuse_change"):
    """The trigger as it was, but for the texts, and its reverse."""
    drop = f"DROP TRIGGER {name} ON {table};"
    make = f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW {rule} EXECUTE FUNCTION "
    return migrations.RunSQL(
        f"{drop} {make} improvement_refuse_but_removal('{words}', '{kept}', '{texts}');",
        f"{drop} {make} {refuse}('{words}');",
    )


class Migration(migrations.Migration):

    dependencies = [
        ("improvement", "0011_removal"),
        ("performance", "0006_reference_events"),
    ]

    operations = [
        migrations.RunSQL(RULES, NO_RULES),
        migrations.RunSQL(f"{CITATION} {OURS};", f"{CITATION} RESET search_path;"),
        migrations.RunSQL(SEALS, NO_SEALS),
        let_through(
            "improvement_action_first_due_for_ever", "improvement_action", "UPDATE",
            FIRST_DUE_CHANGES, "the first due date is kept for ever: record a date change",
            ",".join(FIRST_DUE), "first_due_words",
        ),
        let_through(
            "improvement_progressupdate_immutable", "improvement_progressupdate",
            "UPDATE OR DELETE", "", "an update never changes: a correction is a new update", "*",
            "narrative,evidence_of_impact,evidence_links,reason,remedy,new_due_reason,note,"
            "completed_words",
        ),
        let_through(
            "improvement_updatereview_append_only", "improvement_updatereview",
            "UPDATE OR DELETE", "", "a review is kept: a change of mind is a new review", "*",
            "reason",
        ),
        let_through(
            "improvement_datechange_append_only", "improvement_datechange",
            "UPDATE OR DELETE", "", "a move of a date is kept: another move is a new one", "*",
            "reason,from_words,to_words",
        ),
        let_through(
            "improvement_planevent_append_only", "improvement_planevent", "UPDATE OR DELETE", "",
            "who did what is kept: another change is another event", "*", "key,before,after,reason",
        ),
        let_through(
            "improvement_updateround_released_never_changes", "improvement_updateround", "UPDATE",
            "WHEN (OLD.released_at IS NOT NULL)", "a released round never changes", "*", "title",
        ),
        # A figure's history is kept by its own app's trigger; what takes words out lives here.
        let_through(
            "performance_referenceevent_append_only", "performance_referenceevent",
            "UPDATE OR DELETE", "",
            "what was changed, by whom and why is kept: another change is another event", "*",
            "reason", refuse="performance_refuse_change",
        ),
    ]
