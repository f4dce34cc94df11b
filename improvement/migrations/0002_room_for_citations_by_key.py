import django.db.models.deletion
from django.db import migrations, models

# Gone while the rows are converted: between the two shapes a row has neither key in full.
OLD_KEYS = ["action", "measurement", "target", "statement", "finding"]


def _nullable(to, related_name):
    return models.ForeignKey(
        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name, to=to,
    )


class Migration(migrations.Migration):

    dependencies = [
        ("performance", "0002_what_the_rules_need_to_know"),
        ("improvement", "0001_plan_and_judgements"),
    ]

    operations = [
        migrations.RemoveConstraint("bulletoutcome", "improvement_bulletoutcome_is_exactly_one"),
        *[
            migrations.RemoveConstraint("bulletoutcome", f"improvement_bulletoutcome_{key}_once")
            for key in OLD_KEYS
        ],
        migrations.AlterField(
            "bulletoutcome", "measurement", _nullable("performance.measurement", "+")
        ),
        migrations.AlterField("bulletoutcome", "target", _nullable("performance.target", "+")),
        migrations.AddField(
            "bulletoutcome", "kind", models.CharField(
                choices=[("action", "action"), ("figure", "figure"), ("target", "target"),
                         ("statement", "statement"), ("finding", "finding")],
                default="", max_length=10,
            ), preserve_default=False,
        ),
        migrations.AddField(
            "bulletoutcome", "series", _nullable("performance.series", "bullet_outcomes")
        ),
        migrations.AddField(
            "bulletoutcome", "area", _nullable("performance.area", "bullet_outcomes")
        ),
        migrations.AddField(
            "bulletoutcome", "period_start", models.DateField(blank=True, null=True)
        ),
        migrations.AddField("bulletoutcome", "period_end", models.DateField(blank=True, null=True)),
        migrations.AddField(
            "bulletoutcome", "reference", models.CharField(
                blank=True, default="", help_text="Of the statement or the finding.", max_length=20,
            ), preserve_default=False,
        ),
        migrations.AlterField("finding", "assessment", _nullable("improvement.assessment", "+")),
        migrations.AddField("finding", "judgement", _nullable("improvement.judgement", "findings")),
        migrations.AddField("finding", "maker", models.CharField(
            choices=[("inspection", "Ofsted"), ("self_assessment", "the council itself"),
                     ("peer_review", "peer review"),
                     ("partnership_board", "the safeguarding board itself")],
            default="", max_length=20,
        ), preserve_default=False),
        migrations.AddField("finding", "position_on", models.DateField(
            help_text="The day that the grade it stands under describes.", null=True,
        )),
    ]
