"""A temporary table of the site's own making, of the same name, is not read in the place of ours."""

from django.db import migrations

FUNCTIONS = [
    "performance_refuse_change()",
    "performance_measurement_refers()",
    "performance_measurement_is_referring()",
    "performance_parent_sees_all()",
]


def of_each(change):
    return "".join(f"ALTER FUNCTION {function} {change};" for function in FUNCTIONS)


class Migration(migrations.Migration):

    dependencies = [("performance", "0012_loads_before_repeats_were_kept")]

    operations = [
        migrations.RunSQL(
            of_each("SET search_path = public, pg_temp"), of_each("RESET search_path")
        ),
    ]
