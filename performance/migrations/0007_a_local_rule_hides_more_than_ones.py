from django.db import migrations, models

NAME = "performance_series_local_rule_has_a_threshold"


class Migration(migrations.Migration):
    """A threshold of 1 hides only ones, and so says that they are ones: those that have it get 2,
    which hides more and shows nothing new."""

    dependencies = [
        ("performance", "0006_reference_events"),
    ]

    operations = [
        migrations.RemoveConstraint("series", NAME),
        migrations.RunSQL(
            "UPDATE performance_series SET threshold = 2 WHERE threshold = 1",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint("series", models.CheckConstraint(
            name=NAME,
            condition=models.Q(suppression="as_published", threshold__isnull=True)
            | models.Q(suppression="local_threshold", threshold__isnull=False, threshold__gte=2),
        )),
    ]
