"""A person's history lets one thing through, as every history does: a text that is taken out."""

from django.db import migrations

NAME, TABLE = "dashboard_personevent_append_only", "dashboard_personevent"
KEPT = "who was let in, as what and by whom is kept: another change is another event"
MAKE = (
    f"DROP TRIGGER {NAME} ON {TABLE}; CREATE TRIGGER {NAME} BEFORE UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION "
)


class Migration(migrations.Migration):

    dependencies = [
        ("dashboard", "0004_limits_on_guessing"),
        ("improvement", "0012_removal_is_the_one_way"),
    ]

    operations = [
        migrations.RunSQL(
            f"{MAKE} improvement_refuse_but_removal('{KEPT}', '*', 'before,after,reason');",
            f"{MAKE} performance_refuse_change('{KEPT}');",
        ),
    ]
