"""“s1.05a” is no slug, and stands in no address."""

from django.db import migrations, models


def one_current(table):
    return models.UniqueConstraint(
        name=f"improvement_{table}_one_current", fields=["reference"],
        condition=models.Q(known_until__isnull=True),
    )


def alter(table):
    """Django drops every index of a column that is no slug any more, this rule's too: so the
    rule steps aside and comes back."""
    return [
        migrations.RemoveConstraint(table, f"improvement_{table}_one_current"),
        migrations.AlterField(table, "reference", models.CharField(max_length=20)),
        migrations.AddConstraint(table, one_current(table)),
    ]


class Migration(migrations.Migration):

    dependencies = [
        ("improvement", "0006_closed_sets"),
    ]

    operations = [*alter("finding"), *alter("statement")]
