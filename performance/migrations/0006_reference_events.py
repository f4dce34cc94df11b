import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

REFUSE = """
CREATE FUNCTION performance_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: %', TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END $$;
"""
DROP_REFUSE = "DROP FUNCTION performance_refuse_change();"
KEPT = "what was changed, by whom and why is kept: another change is another event"


def kept(name, when, each):
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {when} ON performance_referenceevent FOR EACH {each} "
        f"EXECUTE FUNCTION performance_refuse_change('{KEPT}');",
        f"DROP TRIGGER {name} ON performance_referenceevent;",
    )


class Migration(migrations.Migration):
    """The site's role is given the table as every other by the owner's default privileges, without
    the right to empty it, which the owner keeps for a demonstration that is loaded afresh."""

    dependencies = [
        ('performance', '0005_a_local_rule_has_its_threshold'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReferenceEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(choices=[('indicator', 'indicator'), ('series', 'series'), ('target', 'target'), ('panel_set', 'the panel’s set'), ('comparator_group', 'comparator group')], max_length=20)),
                ('key', models.CharField(help_text='The code of what was added or changed.', max_length=200)),
                ('done', models.CharField(choices=[('added', 'added'), ('changed', 'changed')], max_length=10)),
                ('before', models.JSONField(blank=True, default=dict, help_text='Only what changed.')),
                ('after', models.JSONField(blank=True, default=dict, help_text='Only what changed.')),
                ('reason', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['kind', 'key', '-id'], name='performance_refevent_about')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['indicator', 'series', 'target', 'panel_set', 'comparator_group'])), name='performance_referenceevent_kind_is_known'),
                    models.CheckConstraint(condition=models.Q(('done__in', ['added', 'changed'])), name='performance_referenceevent_done_is_known'),
                    models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='performance_referenceevent_has_a_reason'),
                    models.CheckConstraint(condition=models.Q(('before', models.F('after')), _negated=True), name='performance_referenceevent_holds_a_change'),
                ],
            },
        ),
        migrations.RunSQL(REFUSE, DROP_REFUSE),
        kept("performance_referenceevent_append_only", "UPDATE OR DELETE", "ROW"),
    ]
