import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# Loads on record were made by the two commands that read folders; a published file's newest
# figures are known from the day of its release.
ONWARDS = """
UPDATE performance_load SET
    format = CASE format WHEN 'our own layout' THEN 'folder' ELSE 'published' END,
    released_at = coalesce(
        (SELECT max(known_from) FROM performance_measurement WHERE load_id = performance_load.id),
        loaded_at
    )
"""
BACK = "UPDATE performance_load SET format = 'our own layout' WHERE format = 'folder'"


class Migration(migrations.Migration):

    dependencies = [
        ('performance', '0008_how_counts_are_linked'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Annotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('known_from', models.DateTimeField(help_text='When the council could first read it: publication, release or approval.')),
                ('known_from_basis', models.CharField(choices=[('stated', 'stated in the source'), ('customary', 'the customary day; the source does not state one')], max_length=10)),
                ('known_until', models.DateTimeField(blank=True, help_text='When a later version replaced it; empty while current.', null=True)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When the row entered the database; for audit.')),
                ('period_start', models.DateField()),
                ('period_end', models.DateField()),
                ('period_label', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('value', 'about one figure'), ('period', 'about a period, whatever the figure'), ('break', 'from this period on figures are counted differently')], max_length=8)),
                ('words', models.TextField()),
                ('closed_reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-period_end', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PeriodLock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period_start', models.DateField()),
                ('period_end', models.DateField()),
                ('reason', models.TextField()),
                ('locked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-period_end', '-id'],
                'permissions': [('unlock_period', 'Can change figures of a locked period, with a reason')],
            },
        ),
        migrations.CreateModel(
            name='SetAside',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('figure', models.JSONField()),
            ],
            options={
                'verbose_name_plural': 'figures set aside',
            },
        ),
        migrations.AlterModelOptions(
            name='load',
            options={'ordering': ['-id'], 'permissions': [('back_load', 'Can load an earlier release after a later one'), ('withdraw_load', 'Can withdraw a load')]},
        ),
        migrations.RemoveConstraint(
            model_name='load',
            name='performance_load_sha256_is_hex',
        ),
        migrations.AddField(
            model_name='load',
            name='content',
            field=models.BinaryField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='load',
            name='is_back_load',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='load',
            name='options',
            field=models.JSONField(blank=True, default=dict, help_text='What whoever gave the file said of it.'),
        ),
        migrations.AddField(
            model_name='load',
            name='reason',
            field=models.TextField(blank=True, help_text='Why figures were revised or withdrawn; members read it.'),
        ),
        migrations.AddField(
            model_name='load',
            name='received_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name='load',
            name='received_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='load',
            name='released_at',
            field=models.DateTimeField(blank=True, help_text='From when what it says was known; empty until loaded.', null=True),
        ),
        migrations.AddField(
            model_name='load',
            name='released_basis',
            field=models.CharField(choices=[('stated', 'stated in the source'), ('customary', 'the customary day; the source does not state one')], default='stated', max_length=10),
        ),
        migrations.AddField(
            model_name='load',
            name='rows_refused',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='load',
            name='size',
            field=models.PositiveBigIntegerField(default=0, help_text='In bytes.'),
        ),
        migrations.AddField(
            model_name='load',
            name='title',
            field=models.CharField(blank=True, help_text='What the file was read as.', max_length=300),
        ),
        migrations.AddField(
            model_name='load',
            name='unlock_reason',
            field=models.TextField(blank=True, help_text='Why figures of a locked period were changed.'),
        ),
        migrations.AddField(
            model_name='load',
            name='withdraws',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='performance.load'),
        ),
        migrations.AddField(
            model_name='measurement',
            name='repeated_by',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=models.Value([], output_field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)), default=list, editable=False, help_text='Later loads whose files gave the same figure again.', size=None),
        ),
        migrations.AddField(
            model_name='series',
            name='highest',
            field=models.DecimalField(blank=True, decimal_places=6, help_text='No figure of it can be above this; empty where nothing is certain.', max_digits=20, null=True),
        ),
        migrations.AddField(
            model_name='series',
            name='lowest',
            field=models.DecimalField(blank=True, decimal_places=6, help_text='No figure of it can be below this; empty where nothing is certain.', max_digits=20, null=True),
        ),
        migrations.RunSQL(ONWARDS, BACK),
        migrations.AlterField(
            model_name='load',
            name='format',
            field=models.CharField(choices=[('own', 'our own layout'), ('published', 'published by the Department for Education'), ('lait', 'the Department’s Local Authority Interactive Tool'), ('folder', 'a folder of our own files'), ('withdrawal', 'withdrawal of a load')], max_length=12),
        ),
        migrations.AlterField(
            model_name='load',
            name='loaded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='load',
            name='loaded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='load',
            name='sha256',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name='load',
            name='state',
            field=models.CharField(choices=[('refused', 'refused'), ('screened', 'screened, not loaded'), ('loaded', 'loaded'), ('withdrawn', 'withdrawn'), ('lapsed', 'not loaded in time')], default='screened', max_length=10),
        ),
        migrations.AlterField(
            model_name='measurement',
            name='area',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='measurements', to='performance.area'),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$'), models.Q(('sha256', ''), ('withdraws__isnull', False)), _connector='OR'), name='performance_load_sha256_is_hex'),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['refused', 'screened', 'loaded', 'withdrawn', 'lapsed'])), name='performance_load_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.CheckConstraint(condition=models.Q(('format__in', ['own', 'published', 'lait', 'folder', 'withdrawal'])), name='performance_load_format_is_known'),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['loaded', 'withdrawn']), _negated=True), models.Q(('loaded_at__isnull', False), ('released_at__isnull', False)), _connector='OR'), name='performance_load_loaded_has_its_instants'),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.CheckConstraint(condition=models.Q(('content__isnull', True), ('state', 'screened'), _connector='OR'), name='performance_load_keeps_bytes_only_while_screened'),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.CheckConstraint(condition=models.Q(('withdraws__isnull', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='performance_load_withdrawal_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.UniqueConstraint(condition=models.Q(('format', 'own'), ('state', 'loaded')), fields=('sha256',), name='performance_load_file_once'),
        ),
        migrations.AddConstraint(
            model_name='series',
            constraint=models.CheckConstraint(condition=models.Q(('lowest__isnull', True), ('highest__isnull', True), ('lowest__lte', models.F('highest')), _connector='OR'), name='performance_series_lowest_not_above_highest'),
        ),
        migrations.AddField(
            model_name='annotation',
            name='area',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annotations', to='performance.area'),
        ),
        migrations.AddField(
            model_name='annotation',
            name='closed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='annotation',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='annotation',
            name='series',
            field=models.ForeignKey(blank=True, help_text='Empty only where it is about a period of every series.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='annotations', to='performance.series'),
        ),
        migrations.AddField(
            model_name='periodlock',
            name='lifted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='periodlock',
            name='locked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='setaside',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='performance.load'),
        ),
        migrations.AddField(
            model_name='setaside',
            name='withdrawal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='set_aside', to='performance.load'),
        ),
        migrations.AddConstraint(
            model_name='annotation',
            constraint=models.CheckConstraint(condition=models.Q(('known_until__isnull', True), ('known_until__gt', models.F('known_from')), _connector='OR'), name='performance_annotation_known_until_after_known_from', violation_error_message='A version can only be replaced after it became known.'),
        ),
        migrations.AddConstraint(
            model_name='annotation',
            constraint=models.CheckConstraint(condition=models.Q(('period_start__lte', models.F('period_end'))), name='performance_annotation_period_starts_before_it_ends'),
        ),
        migrations.AddConstraint(
            model_name='annotation',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['value', 'period', 'break'])), name='performance_annotation_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='annotation',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='performance_annotation_has_words'),
        ),
        migrations.AddConstraint(
            model_name='annotation',
            constraint=models.CheckConstraint(condition=models.Q(('series__isnull', False), ('kind', 'period'), _connector='OR'), name='performance_annotation_only_a_period_has_no_series'),
        ),
        migrations.AddConstraint(
            model_name='annotation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_by__isnull', True), ('closed_reason', ''), ('known_until__isnull', True)), models.Q(('closed_by__isnull', False), ('known_until__isnull', False), models.Q(('closed_reason', ''), _negated=True)), _connector='OR'), name='performance_annotation_closed_whole'),
        ),
        migrations.AddConstraint(
            model_name='periodlock',
            constraint=models.CheckConstraint(condition=models.Q(('period_start__lte', models.F('period_end'))), name='performance_periodlock_starts_before_it_ends'),
        ),
        migrations.AddConstraint(
            model_name='periodlock',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='performance_periodlock_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='periodlock',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', True), ('lifted_by__isnull', True), ('lifted_reason', '')), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False), models.Q(('lifted_reason', ''), _negated=True)), _connector='OR'), name='performance_periodlock_lifted_whole'),
        ),
    ]
