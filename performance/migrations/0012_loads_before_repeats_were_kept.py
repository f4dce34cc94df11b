from django.db import migrations, models
from django.db.migrations.recorder import MigrationRecorder

KEPT_SINCE = "0009_loads_are_screened"


def mark_loads_before(apps, schema_editor):
    """Until 0009 brought the column, no load said which figures its file gave again; only those
    of published files say so since."""
    applied = MigrationRecorder(schema_editor.connection).migration_qs.get(
        app="performance", name=KEPT_SINCE
    ).applied
    loads = apps.get_model("performance", "Load").objects
    loads.filter(format="published", loaded_at__lt=applied).update(repeats_are_kept=False)


class Migration(migrations.Migration):

    dependencies = [
        ('performance', '0011_a_parent_goes_only_where_all_is_seen'),
    ]

    operations = [
        migrations.AddField(
            model_name='load',
            name='repeats_are_kept',
            field=models.BooleanField(default=True, editable=False, help_text='Not of a file read before it was kept which figures a file gives again.'),
        ),
        migrations.RunPython(mark_loads_before, migrations.RunPython.noop),
    ]
