import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.core.management import CommandError
from django.db import migrations, models


KEPT = "who was let in, as what and by whom is kept: another change is another event"


def refuse_shared_addresses(apps, schema_editor):
    """In one sentence, where the index would only say that it cannot be made."""
    people = apps.get_model("dashboard", "User").objects.exclude(email="")
    names = {}
    for name, email in people.order_by("pk").values_list("username", "email"):
        names.setdefault(email, []).append(name)
    shared = [" and ".join(each) for each in names.values() if len(each) > 1]
    if shared:
        raise CommandError(
            f"Two people have one e-mail address: {'; '.join(shared)}. Give each one of their own, "
            "or none (UPDATE dashboard_user SET email = '' WHERE username = …), and migrate again."
        )


class Migration(migrations.Migration):
    """The trigger's function is that of performance's own append-only tables."""

    dependencies = [
        ('performance', '0006_reference_events'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('dashboard', '0002_migrations_are_the_owners'),
    ]

    operations = [
        migrations.CreateModel(
            name='PersonEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('whom', models.CharField(help_text="The person's user name.", max_length=150)),
                ('done', models.CharField(choices=[('added', 'added'), ('invited', 'invited'), ('invited_again', 'invited again'), ('joined', 'chose a password'), ('roles', 'roles changed'), ('last_day', 'last day changed'), ('deactivated', 'deactivated'), ('reactivated', 'let in again'), ('second_factor_reset', 'second factor taken off')], max_length=20)),
                ('before', models.JSONField(blank=True, default=dict, help_text='Only what changed.')),
                ('after', models.JSONField(blank=True, default=dict, help_text='Only what changed.')),
                ('reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='QueuedMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254)),
                ('kind', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=200)),
                ('subject', models.CharField(max_length=300)),
                ('text', models.TextField(blank=True)),
                ('html', models.TextField(blank=True)),
                ('is_secret', models.BooleanField(default=False)),
                ('queued_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=500)),
                ('next_try_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AlterModelOptions(
            name='user',
            options={'permissions': [('keep_people', 'Can invite people and say what they may do'), ('ask_as_member', 'Can ask as a member of the panel')], 'verbose_name': 'user', 'verbose_name_plural': 'users'},
        ),
        migrations.AddField(
            model_name='user',
            name='last_day',
            field=models.DateField(blank=True, help_text="A substitute's last day; nothing for everybody else.", null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='sessions_ended',
            field=models.PositiveIntegerField(default=0),
        ),
        # Addresses were optional, and typed by hand: the same but for capitals is the same.
        migrations.RunSQL(
            "UPDATE dashboard_user SET email = lower(email) WHERE email <> lower(email)",
            migrations.RunSQL.noop,
        ),
        migrations.RunPython(refuse_shared_addresses, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(condition=models.Q(('email', ''), _negated=True), fields=('email',), name='dashboard_user_email_is_one_persons'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower(models.F('email')))), name='dashboard_user_email_is_lower_case'),
        ),
        migrations.AddField(
            model_name='personevent',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='queuedmessage',
            name='to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='personevent',
            index=models.Index(fields=['whom', '-id'], name='dashboard_personevent_whom'),
        ),
        migrations.AddConstraint(
            model_name='personevent',
            constraint=models.CheckConstraint(condition=models.Q(('done__in', ['added', 'invited', 'invited_again', 'joined', 'roles', 'last_day', 'deactivated', 'reactivated', 'second_factor_reset'])), name='dashboard_personevent_done_is_known'),
        ),
        migrations.AddConstraint(
            model_name='personevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done__in', ['second_factor_reset', 'deactivated']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='dashboard_personevent_has_a_reason'),
        ),
        migrations.AddIndex(
            model_name='queuedmessage',
            index=models.Index(condition=models.Q(('sent_at', None)), fields=['next_try_at', 'id'], name='dashboard_queuedmessage_due'),
        ),
        migrations.AddConstraint(
            model_name='queuedmessage',
            constraint=models.UniqueConstraint(fields=('key',), name='dashboard_queuedmessage_key_once'),
        ),
        migrations.AddConstraint(
            model_name='queuedmessage',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at', None), ('is_secret', False), models.Q(('html', ''), ('text', '')), _connector='OR'), name='dashboard_queuedmessage_sent_secret_is_gone'),
        ),
        migrations.AddConstraint(
            model_name='queuedmessage',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at', None), ('expires_at__gt', models.F('queued_at')), _connector='OR'), name='dashboard_queuedmessage_expires_later'),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER dashboard_personevent_append_only BEFORE UPDATE OR DELETE "
            "ON dashboard_personevent FOR EACH ROW "
            f"EXECUTE FUNCTION performance_refuse_change('{KEPT}');",
            "DROP TRIGGER dashboard_personevent_append_only ON dashboard_personevent;",
        ),
    ]
