from django.db import migrations, models

NAME = "performance_series_local_rule_has_a_threshold"


class Migration(migrations.Migration):

    dependencies = [
        ("performance", "0004_closed_sets"),
    ]

    operations = [
        migrations.RemoveConstraint("series", NAME),
        migrations.AddConstraint("series", models.CheckConstraint(
            name=NAME,
            condition=models.Q(suppression="as_published", threshold__isnull=True)
            | models.Q(suppression="local_threshold", threshold__isnull=False, threshold__gte=1),
        )),
    ]
