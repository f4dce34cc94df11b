from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('improvement', '0005_what_is_never_changed'),
        ('performance', '0004_closed_sets'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='action',
            name='cabinet_precision',
            field=models.CharField(blank=True, choices=[('day', 'to the day'), ('month', 'to the month'), ('year', 'to the year')], max_length=5),
        ),
        migrations.AlterField(
            model_name='assessment',
            name='known_from_basis',
            field=models.CharField(choices=[('stated', 'stated in the source'), ('customary', 'the customary day; the source does not state one')], max_length=10),
        ),
        migrations.AlterField(
            model_name='assessment',
            name='position_precision',
            field=models.CharField(choices=[('day', 'to the day'), ('month', 'to the month'), ('year', 'to the year')], max_length=5),
        ),
        migrations.AlterField(
            model_name='finding',
            name='known_from_basis',
            field=models.CharField(choices=[('stated', 'stated in the source'), ('customary', 'the customary day; the source does not state one')], max_length=10),
        ),
        migrations.AlterField(
            model_name='paper',
            name='about_precision',
            field=models.CharField(blank=True, choices=[('day', 'to the day'), ('month', 'to the month'), ('year', 'to the year')], max_length=5),
        ),
        migrations.AlterField(
            model_name='statement',
            name='known_from_basis',
            field=models.CharField(choices=[('stated', 'stated in the source'), ('customary', 'the customary day; the source does not state one')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['action', 'milestone', 'standing_arrangement'])), name='improvement_action_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('first_due_precision__in', ['day', 'month', 'year', 'words', ''])), name='improvement_action_first_due_precision_is_known'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('first_due_basis__in', ['stated', 'by_report', 'not_stated'])), name='improvement_action_first_due_basis_is_known'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('cabinet_precision__in', ['day', 'month', 'year', ''])), name='improvement_action_cabinet_precision_is_known'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('known_from_basis__in', ['stated', 'customary'])), name='improvement_assessment_known_from_basis_is_known'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('maker__in', ['inspection', 'self_assessment', 'peer_review', 'partnership_board'])), name='improvement_assessment_maker_is_known'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('grade__in', ['outstanding', 'good', 'requires_improvement', 'adequate', 'inadequate'])), name='improvement_assessment_grade_is_known'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('position_precision__in', ['day', 'month', 'year'])), name='improvement_assessment_position_precision_is_known'),
        ),
        migrations.AddConstraint(
            model_name='datechange',
            constraint=models.CheckConstraint(condition=models.Q(('from_precision__in', ['day', 'month', 'year', 'words', ''])), name='improvement_datechange_from_precision_is_known'),
        ),
        migrations.AddConstraint(
            model_name='datechange',
            constraint=models.CheckConstraint(condition=models.Q(('to_precision__in', ['day', 'month', 'year', 'words'])), name='improvement_datechange_to_precision_is_known'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('known_from_basis__in', ['stated', 'customary'])), name='improvement_finding_known_from_basis_is_known'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('maker__in', ['inspection', 'self_assessment', 'peer_review', 'partnership_board'])), name='improvement_finding_maker_is_known'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['strength', 'area_to_develop'])), name='improvement_finding_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['judgement', 'overall', 'board'])), name='improvement_judgement_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.CheckConstraint(condition=models.Q(('about_precision__in', ['day', 'month', 'year', ''])), name='improvement_paper_about_precision_is_known'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.CheckConstraint(condition=models.Q(('published_basis__in', ['stated', 'customary'])), name='improvement_paper_published_basis_is_known'),
        ),
        migrations.AddConstraint(
            model_name='progressupdate',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['complete_and_evidenced', 'complete', 'on_track', 'at_risk', 'off_track', 'under_way', 'not_started', 'stopped'])), name='improvement_progressupdate_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='progressupdate',
            constraint=models.CheckConstraint(condition=models.Q(('completed_precision__in', ['day', 'month', 'year', 'words', ''])), name='improvement_progressupdate_completed_precision_is_known'),
        ),
        migrations.AddConstraint(
            model_name='progressupdate',
            constraint=models.CheckConstraint(condition=models.Q(('completed_basis__in', ['stated', 'by_report', 'not_stated', ''])), name='improvement_progressupdate_completed_basis_is_known'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('known_from_basis__in', ['stated', 'customary'])), name='improvement_statement_known_from_basis_is_known'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('direction__in', ['improving', 'good', 'rising', 'no_effect_yet', 'majority'])), name='improvement_statement_direction_is_known'),
        ),
        migrations.AddConstraint(
            model_name='updatereview',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['approved', 'returned'])), name='improvement_updatereview_outcome_is_known'),
        ),
    ]
