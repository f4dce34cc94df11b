from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('performance', '0002_what_the_rules_need_to_know'),
    ]

    operations = [
        migrations.AlterField(
            model_name='measurement',
            name='known_from_basis',
            field=models.CharField(choices=[('stated', 'stated in the source'), ('customary', 'the customary day; the source does not state one')], max_length=10),
        ),
        migrations.AlterField(
            model_name='target',
            name='known_from_basis',
            field=models.CharField(choices=[('stated', 'stated in the source'), ('customary', 'the customary day; the source does not state one')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.CheckConstraint(condition=models.Q(('polarity__in', ['higher', 'lower', 'neither', 'range', ''])), name='performance_indicator_polarity_is_known'),
        ),
        migrations.AddConstraint(
            model_name='measurement',
            constraint=models.CheckConstraint(condition=models.Q(('symbol__in', ['suppressed', 'not_applicable', 'not_available', 'rounds_to_zero', 'low_reliability', 'missing', ''])), name='performance_measurement_symbol_is_known'),
        ),
    ]
