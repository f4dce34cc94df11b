import django.db.models.deletion
from django.db import migrations, models

PERIOD = ("series", "area", "period_start", "period_end")
SET = {f"{field}__isnull": False for field in PERIOD}
UNSET = {f"{field}__isnull": True for field in PERIOD}


class Migration(migrations.Migration):

    dependencies = [
        ("improvement", "0003_cite_by_key"),
    ]

    operations = [
        *[
            migrations.RemoveField("bulletoutcome", name)
            for name in ("measurement", "target", "statement", "finding")
        ],
        migrations.RemoveField("finding", "assessment"),
        migrations.AlterField("finding", "judgement", models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="findings",
            to="improvement.judgement",
        )),
        migrations.AlterField("finding", "position_on", models.DateField(
            help_text="The day that the grade it stands under describes.",
        )),
        migrations.AddConstraint("bulletoutcome", models.CheckConstraint(
            name="improvement_bulletoutcome_key_fits_its_kind",
            condition=models.Q(kind="action", action__isnull=False, reference="", **UNSET)
            | models.Q(kind__in=["figure", "target"], action__isnull=True, reference="", **SET)
            | models.Q(models.Q(kind__in=["statement", "finding"], action__isnull=True, **UNSET),
                       ~models.Q(reference="")),
        )),
        migrations.AddConstraint("bulletoutcome", models.UniqueConstraint(
            name="improvement_bulletoutcome_once",
            fields=["bullet", "kind", "action", *PERIOD, "reference"], nulls_distinct=False,
        )),
    ]
